"""Sums of rows by level (firm, wave, cluster): the one loop over rows that every within estimator needs.

Rows need not be sorted. The codes of the rows are, as they stand, the indices of a sparse matrix (levels × rows) with
one entry in each column, and its product with the columns adds them up in one pass over memory: several times faster
than a bincount for each column. What else would copy a whole table goes block by block, in the processor's cache.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csc_array

from innosurvey.models.arrays import Array, Codes

_BLOCK = 16_384


def count_levels(codes: Codes) -> int:
    """Return the number of levels, coded from 0."""
    return int(codes.max()) + 1


def level_sums(columns: Array, codes: Codes, weights: Array | None = None) -> Array:
    """Return the (weighted) sums of a vector, or of each column of rows × k, within levels: levels, or levels × k."""
    n = len(codes)
    entries = np.ones(n) if weights is None else weights
    if columns.ndim == 1:
        return np.bincount(codes, weights=columns * entries).astype(float)
    indicators = csc_array((entries, codes, np.arange(n + 1)), shape=(count_levels(codes), n))
    return np.asarray(indicators @ np.ascontiguousarray(columns))


def level_means(columns: Array, codes: Codes, weights: Array | None = None) -> Array:
    """Return the (weighted) means of each column of rows × k within levels: levels × k."""
    return level_sums(columns, codes, weights) / np.bincount(codes, weights=weights)[:, None]


def subtract(columns: Array, *effects: tuple[Array, Codes]) -> None:
    """Take from each row of the columns (rows × k), in place, the values (levels × k) of its level of each effect."""
    for rows in blocks(len(columns)):
        for values, codes in effects:
            columns[rows] -= np.take(values, codes[rows], axis=0)


def weighted_gram(left: Array, right: Array, weights: Array | None = None) -> Array:
    """Return left' W right, without a weighted copy of either."""
    if weights is None:
        return np.asarray(left.T @ right)
    total = np.zeros((left.shape[1], right.shape[1]))
    for rows in blocks(len(left)):
        total += left[rows].T @ (right[rows] * weights[rows, None])
    return total


def blocks(rows: int) -> Iterator[slice]:
    """Yield slices that cover the rows in turn; a block of a dozen columns stays in the processor's cache."""
    for start in range(0, rows, _BLOCK):
        yield slice(start, start + _BLOCK)
