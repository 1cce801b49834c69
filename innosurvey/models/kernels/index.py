"""Likelihoods that see the regressors only through a few linear indexes.

A row's log-likelihood is a function of indexes η₁ … η_m, each a design times its coefficients; a scalar such as ln σ is
an index whose design is the column of ones. A likelihood gives the value and its first and second derivatives by the
indexes, row by row; gradient, scores and information of the coefficients follow: X_j' (w l_j), x_j w l_j, and
-X_j' diag(w l_jk) X_k.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

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
    """Return the maximum of Σ w l(X₁b₁, …, X_mb_m) that is reached from `start`; never raises."""

    def evaluate(params: Array) -> tuple[float, Array, Array]:
        with np.errstate(all="ignore"):  # a step too far gives no finite value, and is halved
            pieces = likelihood(indexes(designs, params))
            value = float(pieces.value.sum() if weights is None else weights @ pieces.value)
            return value, gradient_of(pieces, designs, weights), information_of(pieces, designs, weights)

    optimum = maximise(evaluate, start)
    with np.errstate(all="ignore"):
        pieces = likelihood(indexes(designs, optimum.params))
    return Fitted(
        params=optimum.params,
        scores=scores_of(pieces, designs, weights),
        information=optimum.information,
        loglik=optimum.value,
        gradient_norm=optimum.gradient_norm,
        converged=optimum.converged,
        iterations=optimum.iterations,
    )


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
