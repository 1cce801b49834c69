"""Likelihoods that see the regressors only through a few linear indexes.

A row's log-likelihood is a function of indexes η₁ … η_m, each a design times its coefficients; a scalar such as ln σ is
an index whose design is the column of ones. A likelihood gives the value and its first and second derivatives by the
indexes, row by row; gradient, scores and information of the coefficients follow: X_j' (w l_j), x_j w l_j, and
-X_j' diag(w l_jk) X_k.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag

from innosurvey.models.arrays import Array
from innosurvey.models.kernels.newton import maximise


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Log-likelihood of each row and its derivatives by the indexes: `first` has one array per index, `second` one for
    each pair j ≤ k; a pair that is left out is zero. Arrays are (..., rows): a stack of fits is worked on at once.
    """

    value: Array
    first: tuple[Array, ...]
    second: Mapping[tuple[int, int], Array]


# Share of a column's length that the columns before it leave.
_DEPENDENT = 1e-9

Likelihood = Callable[[tuple[Array, ...]], Pieces]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A maximum: parameters (k,) in the order of the designs, scores (n, k), information (k, k), log-likelihood."""

    params: Array
    scores: Array
    information: Array
    loglik: float
    gradient_norm: float
    converged: bool
    iterations: int


def fit_indexes(likelihood: Likelihood, designs: Sequence[Array], start: Array, weights: Array | None = None) -> Fitted:
    """Return the maximum of Σ w l(X₁b₁, …, X_mb_m) that is reached from `start`; never raises.

    It is searched in the coefficients of orthonormal columns, so that regressors far from zero, or close to each other,
    make no narrow valley where the surface is not concave.
    """
    basis = block_diag(*(_orthonormal(design) for design in designs))

    def evaluate(searched: Array) -> tuple[float, Array, Array]:
        with np.errstate(all="ignore"):  # a step too far gives no finite value, and is halved
            pieces = likelihood(indexes(designs, basis @ searched))
            value = float(pieces.value.sum() if weights is None else weights @ pieces.value)
            information = basis.T @ information_of(pieces, designs, weights) @ basis
            return value, gradient_of(pieces, designs, weights) @ basis, information

    optimum = maximise(evaluate, np.linalg.solve(basis, start))
    params = basis @ optimum.params
    with np.errstate(all="ignore"):
        pieces = likelihood(indexes(designs, params))
    return Fitted(
        params=params,
        scores=scores_of(pieces, designs, weights),
        information=information_of(pieces, designs, weights),
        loglik=optimum.value,
        gradient_norm=optimum.gradient_norm,
        converged=optimum.converged,
        iterations=optimum.iterations,
    )


def _orthonormal(design: Array) -> Array:
    """Return B (k, k) such that the columns of design B are orthogonal and of length √n; B only scales them if they are
    dependent.
    """
    lengths = np.linalg.norm(design, axis=0) / np.sqrt(len(design))
    lengths = np.where(lengths > 0, lengths, 1.0)
    triangle = np.linalg.qr(design / lengths, mode="r") / np.sqrt(len(design))
    if len(design) < design.shape[1] or np.abs(np.diag(triangle)).min() < _DEPENDENT:
        return np.diag(1 / lengths)
    return np.asarray(np.linalg.inv(triangle) / lengths[:, None])


def scalar(rows: int) -> Array:
    """Return the design (rows × 1) of a parameter that is the same for all rows."""
    return np.ones((rows, 1))


def split(designs: Sequence[Array], params: Array) -> list[Array]:
    """Return the parameters (last axis) of each design."""
    return np.split(params, np.cumsum([design.shape[1] for design in designs])[:-1], axis=-1)


def indexes(designs: Sequence[Array], params: Array) -> tuple[Array, ...]:
    """Return each design times its parameters."""
    return tuple(design @ part for design, part in zip(designs, split(designs, params), strict=True))


def scores_of(pieces: Pieces, designs: Sequence[Array], weights: Array | None) -> Array:
    """Return the weighted score of each row (n, k)."""
    parts = zip(designs, pieces.first, strict=True)
    return np.column_stack([design * _weighted(first, weights)[:, None] for design, first in parts])


def gradient_of(pieces: Pieces, designs: Sequence[Array], weights: Array | None) -> Array:
    """Return the sum of the scores (k,), without making them."""
    parts = zip(designs, pieces.first, strict=True)
    return np.concatenate([_weighted(first, weights) @ design for design, first in parts])


def information_of(pieces: Pieces, designs: Sequence[Array], weights: Array | None) -> Array:
    """Return minus the Hessian (k, k)."""
    ends = np.cumsum([0, *(design.shape[1] for design in designs)])
    information = np.zeros((ends[-1], ends[-1]))
    for (j, k), second in pieces.second.items():
        block = -(designs[j].T @ (designs[k] * _weighted(second, weights)[:, None]))
        information[ends[j] : ends[j + 1], ends[k] : ends[k + 1]] = block
        information[ends[k] : ends[k + 1], ends[j] : ends[j + 1]] = block.T
    return information


def _weighted(values: Array, weights: Array | None) -> Array:
    return values if weights is None else values * weights
