"""Finding the columns that others already explain, and naming them.

Columns are taken in order; one whose part that the earlier columns leave unexplained is negligible is redundant. Those
written first are kept, so a model's own regressors win over its controls.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array

# Share of a column's length that must be left: exact dependence leaves about 1e-15; 1e-9 leaves an estimate seven
# digits.
_NEGLIGIBLE = 1e-9
# A coefficient below this takes no part in a dependence between columns of length one.
_NO_PART = 1e-6
# Smallest eigenvalue of the cross-products of columns of length one (before effects were taken out) from which nothing
# is redundant: what is left of each column is at least its root, far from negligible.
_INDEPENDENT = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Redundant:
    """A column that the kept ones explain: which, and by which of them (none: it is constant zero)."""

    column: int
    explained_by: tuple[int, ...]


def redundant_columns(columns: Array, lengths: Array | None = None) -> tuple[Redundant, ...]:
    """Return the columns (of rows × k) that earlier ones explain.

    `lengths` are the columns' lengths before fixed effects were taken out; what the effects explain in full has nothing
    left.
    """
    before = np.linalg.norm(columns, axis=0) if lengths is None else lengths
    scales = np.where(before > 0, before, 1.0)
    if columns.shape[1] == 0 or _smallest(columns, scales) > _INDEPENDENT:
        return ()
    scaled = columns / scales
    basis: list[Array] = []
    kept: list[int] = []
    found: list[Redundant] = []
    for index in range(columns.shape[1]):
        rest = _without(scaled[:, index], basis)
        if np.linalg.norm(rest) > _NEGLIGIBLE:
            basis.append(rest / np.linalg.norm(rest))
            kept.append(index)
        else:
            found.append(Redundant(column=index, explained_by=_partners(scaled, kept, index)))
    return tuple(found)


def _smallest(columns: Array, lengths: Array) -> float:
    """Return the smallest eigenvalue of the cross-products of the columns divided by their lengths."""
    return float(np.linalg.eigvalsh(columns.T @ columns / np.outer(lengths, lengths))[0])


def _without(column: Array, basis: Sequence[Array]) -> Array:
    for _ in range(2):  # twice is enough: the second pass removes what rounding left of the first
        for direction in basis:
            column = column - (direction @ column) * direction
    return column


def _partners(scaled: Array, kept: Sequence[int], index: int) -> tuple[int, ...]:
    if not kept or np.linalg.norm(scaled[:, index]) <= _NEGLIGIBLE:
        return ()
    slopes = np.linalg.lstsq(scaled[:, list(kept)], scaled[:, index], rcond=None)[0]
    return tuple(column for column, slope in zip(kept, slopes, strict=True) if abs(slope) > _NO_PART)


def condition_number(columns: Array) -> float:
    """Return the condition number of the columns brought to length one; large means close to dependent."""
    if columns.shape[1] == 0:
        return 1.0
    products = columns.T @ columns
    lengths = np.sqrt(np.diag(products))
    if not lengths.all():
        return float("inf")
    values = np.linalg.eigvalsh(products / np.outer(lengths, lengths))
    if values[0] > _INDEPENDENT:
        return float(np.sqrt(values[-1] / values[0]))
    return float(np.linalg.cond(columns / lengths))  # the squares have lost what tells a large number from a larger one
