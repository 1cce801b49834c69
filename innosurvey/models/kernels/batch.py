"""Many weighted fits of one likelihood at once, for bootstraps by weights.

A stack of fits shares the outcome and the columns, and differs in the weights of the rows and, where a regressor was
fitted in an earlier stage, in that regressor. All fits take a Newton step together: indexes, gradients and Hessians of
all are a few matrix products. They start close by, from where full steps converge.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array
from innosurvey.models.kernels.index import Likelihood, Pieces

_STEPS = 25
# Squared distance in standard errors before a step, of which the step leaves about the square.
_ARRIVED = 1e-7
_BLOCK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The design of an index in each of several fits: `own` (fits × rows × a, each fit's own columns, which stand
    first) and `shared` (rows × b).
    """

    shared: Array
    own: Array | None = None

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self.shared.shape[1] + (0 if self.own is None else self.own.shape[2])

    def times(self, params: Array) -> Array:
        """Return the index (fits × rows) of parameters (fits × columns)."""
        if self.own is None:
            return params @ self.shared.T
        first = self.own.shape[2]
        return np.einsum("brc,bc->br", self.own, params[:, :first]) + params[:, first:] @ self.shared.T

    def gather(self, values: Array) -> Array:
        """Return the columns' products (fits × columns) with values (fits × rows)."""
        shared = values @ self.shared
        return shared if self.own is None else np.hstack([np.einsum("brc,br->bc", self.own, values), shared])


def fit_batch(likelihood: Likelihood, designs: Sequence[Design], start: Array, weights: Array) -> Array:
    """Return the parameters (fits × k) of each row of `weights` (fits × rows), searched from `start` (fits × k); NaN
    where Newton did not converge.
    """
    params = start
    moving = np.ones(len(weights), dtype=bool)
    with np.errstate(all="ignore"):
        for _ in range(_STEPS):
            pieces = likelihood(_indexes(designs, params))
            gradient, information = _gradients(pieces, designs, weights), _informations(pieces, designs, weights)
            step = _solved(information, gradient)
            params = params + step
            moving = ~(np.einsum("bk,bk->b", step, gradient) < _ARRIVED)
            if not (moving & np.isfinite(params).all(axis=1)).any():
                break
    params[moving] = np.nan
    return params


def least_squares_batch(outcome: Array, design: Design, weights: Array) -> Array:
    """Return weighted least squares (fits × k)."""
    squares = cross(design, design, weights)
    return _solved(squares, design.gather(weights * outcome))


def cross(left: Design, right: Design, values: Array) -> Array:
    """Return left' diag(values) right for each fit (fits × a × b)."""
    shared = _shared_cross(left.shared, right.shared, values)
    if left.own is None and right.own is None:
        return shared
    rows = (
        []
        if left.own is None
        else [np.stack([right.gather(values * left.own[:, :, place]) for place in range(left.own.shape[2])], axis=1)]
    )
    if right.own is None:
        return np.concatenate([*rows, shared], axis=1)
    beneath = [(values * right.own[:, :, place]) @ left.shared for place in range(right.own.shape[2])]
    return np.concatenate([*rows, np.concatenate([np.stack(beneath, axis=2), shared], axis=2)], axis=1)


def _shared_cross(left: Array, right: Array, values: Array) -> Array:
    """Return left' diag(values) right for each row of values, by blocks of rows that stay in the cache."""
    total = np.zeros((len(values), left.shape[1] * right.shape[1]))
    for start in range(0, len(left), _BLOCK):
        rows = slice(start, start + _BLOCK)
        products = (left[rows, :, None] * right[rows, None, :]).reshape(-1, total.shape[1])
        total += values[:, rows] @ products
    return total.reshape(len(values), left.shape[1], right.shape[1])


def _indexes(designs: Sequence[Design], params: Array) -> tuple[Array, ...]:
    ends = np.cumsum([0, *(design.width for design in designs)])
    return tuple(
        design.times(params[:, low:high]) for design, low, high in zip(designs, ends[:-1], ends[1:], strict=True)
    )


def _gradients(pieces: Pieces, designs: Sequence[Design], weights: Array) -> Array:
    return np.hstack([design.gather(weights * first) for design, first in zip(designs, pieces.first, strict=True)])


def _informations(pieces: Pieces, designs: Sequence[Design], weights: Array) -> Array:
    ends = np.cumsum([0, *(design.width for design in designs)])
    found = np.zeros((len(weights), ends[-1], ends[-1]))
    for (j, k), second in pieces.second.items():
        block = -cross(designs[j], designs[k], weights * second)
        found[:, ends[j] : ends[j + 1], ends[k] : ends[k + 1]] = block
        found[:, ends[k] : ends[k + 1], ends[j] : ends[j + 1]] = block.transpose(0, 2, 1)
    return found


def _solved(matrices: Array, right: Array) -> Array:
    """Return each solution (fits × k), NaN for a fit whose matrix is not finite or is singular."""
    finite = np.isfinite(matrices).all(axis=(1, 2)) & np.isfinite(right).all(axis=1)
    solutions = np.full(right.shape, np.nan)
    units = np.sqrt(np.abs(np.einsum("bkk->bk", matrices[finite])))
    scaled = matrices[finite] / (units[:, :, None] * units[:, None, :])
    try:
        solutions[finite] = np.linalg.solve(scaled, (right[finite] / units)[:, :, None])[:, :, 0] / units
    except np.linalg.LinAlgError:  # one of them is singular: the others one by one
        for place, matrix, values in zip(np.flatnonzero(finite), matrices[finite], right[finite], strict=True):
            solutions[place] = np.linalg.lstsq(matrix, values, rcond=None)[0]
    return solutions
