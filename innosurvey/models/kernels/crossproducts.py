"""Many regressions on subsets of the same columns, from one table of cross-products.

All regressions that use the same rows share X'WX and X'Wy: the slopes of a subset solve a few rows of it, without a
look at the data. Their standard errors need the data once more, but not one regression at a time: the influence of a
row on the slope that is asked about is the product of two linear combinations of the row's values,
(x'A⁻¹e) w (y - x'b), so that a batch of regressions is two matrix products, and sums within clusters.

The result is that of fitting each by itself, to rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array, Codes
from innosurvey.models.kernels.levels import blocks, count_levels, level_sums, weighted_gram

# Regressions of a batch: the influences of a million rows then take 128 MB, and the matrix products are worth their
# while.
_BATCH = 16
# Condition number of columns of length one from which the slopes are corrected once by a pass over the rows, and from
# which the subset is left to an engine that can name what is collinear.
_POOR = 1e2
_COLLINEAR = 1e5


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """One regression: the column of the outcome, the columns that explain it, and which of these is asked about."""

    outcome: int
    columns: tuple[int, ...]
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetFits:
    """What the regressions found, one entry for each: `params`, the slope asked about; `bread`, its diagonal entry of
    (X'WX)⁻¹; `rss`; `condition`, the condition number of the columns brought to length one; `squares`, the sum of the
    squared influences of rows, and `cluster_squares`, of clusters, one row for each way of clustering; if they are
    kept, the influences of the clusters of the first way (clusters × regressions).

    A regression whose columns are collinear, or next to it, has NaN.
    """

    params: Array
    bread: Array
    rss: Array
    condition: Array
    squares: Array
    cluster_squares: Array
    influences: Array | None = None


def fit_subsets(
    columns: Array,
    subsets: Sequence[Subset],
    weights: Array | None = None,
    clusters: Sequence[Codes] = (),
    keep: bool = False,
) -> SubsetFits:
    """Return the regressions of the subsets of `columns` (n × p, outcomes among them, fixed effects taken out).

    Memory beyond the columns is a sixth of a kilobyte for each row, however many subsets there are; to keep influences
    takes eight bytes for each cluster and subset.
    """
    gram = weighted_gram(columns, columns, weights)
    solved = [_solved(gram, subset) for subset in subsets]
    contrasts = np.column_stack([contrast for contrast, _, _ in solved])
    directions = np.column_stack([direction for _, direction, _ in solved])
    condition = np.array([number for _, _, number in solved])
    _correct(columns, weights, gram, subsets, (contrasts, condition))
    asked = [subset.asked for subset in subsets], np.arange(len(subsets))
    squares = np.empty((1 + len(clusters), len(subsets)))
    kept = np.empty((count_levels(clusters[0]), len(subsets))) if keep else None
    for start in range(0, len(subsets), _BATCH):
        batch = slice(start, start + _BATCH)
        rows = influences(columns, contrasts[:, batch], directions[:, batch], weights)
        squares[0, batch] = np.einsum("ij,ij->j", rows, rows)
        for way, codes in enumerate(clusters, start=1):
            sums = level_sums(rows, codes)
            squares[way, batch] = np.einsum("ij,ij->j", sums, sums)
            if kept is not None and way == 1:
                kept[:, batch] = sums
    return SubsetFits(
        params=-contrasts[asked],
        bread=directions[asked],
        rss=np.einsum("ij,ij->j", contrasts, gram @ contrasts),
        condition=condition,
        squares=squares[0],
        cluster_squares=squares[1:],
        influences=kept,
    )


def influences(columns: Array, contrasts: Array, directions: Array, weights: Array | None) -> Array:
    """Return how much each row moves the slope asked about (n × regressions): what a contrast (1 for the outcome, minus
    the slopes) leaves of the row, times what the direction (the slope's row of (X'WX)⁻¹) makes of it.
    """
    products = np.empty((len(columns), contrasts.shape[1]))
    for rows in blocks(len(columns)):
        np.multiply(columns[rows] @ contrasts, columns[rows] @ directions, out=products[rows])
        if weights is not None:
            products[rows] *= weights[rows, None]
    return products


def _solved(gram: Array, subset: Subset) -> tuple[Array, Array, float]:
    """Return contrast and direction (over all columns) of a subset, and its condition number; NaN if collinear."""
    chosen = list(subset.columns)
    contrast, direction = np.zeros((2, len(gram)))
    inverse, condition = _inverse(gram[np.ix_(chosen, chosen)])
    contrast[subset.outcome] = 1.0
    contrast[chosen] = -inverse @ gram[chosen, subset.outcome]
    direction[chosen] = inverse[:, chosen.index(subset.asked)]
    return contrast, direction, condition


def _inverse(gram: Array) -> tuple[Array, float]:
    """Return the inverse (NaN if the columns are collinear) and the condition number of the columns of length one."""
    lengths = np.sqrt(np.diag(gram))
    if not lengths.all():
        return np.full_like(gram, np.nan), np.inf
    values, vectors = np.linalg.eigh(gram / np.outer(lengths, lengths))
    condition = float(np.sqrt(values[-1] / max(values[0], np.finfo(float).tiny)))
    if condition > _COLLINEAR:
        return np.full_like(gram, np.nan), condition
    return (vectors / values) @ vectors.T / np.outer(lengths, lengths), condition


def _correct(
    columns: Array, weights: Array | None, gram: Array, subsets: Sequence[Subset], found: tuple[Array, Array]
) -> None:
    """Add to the slopes of poorly conditioned subsets, in place, those of their residuals: the digits that the
    cross-products lost.
    """
    contrasts, condition = found
    poor = np.flatnonzero((condition > _POOR) & (condition <= _COLLINEAR))
    for start in range(0, len(poor), _BATCH):
        batch = poor[start : start + _BATCH]
        gradients = weighted_gram(columns, columns @ contrasts[:, batch], weights)
        for gradient, index in zip(gradients.T, batch, strict=True):
            chosen = list(subsets[index].columns)
            contrasts[chosen, index] -= _inverse(gram[np.ix_(chosen, chosen)])[0] @ gradient[chosen]
