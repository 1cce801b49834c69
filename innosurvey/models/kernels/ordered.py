"""Ordered choice: P(y = j) = F(c_j - xb) - F(c_{j-1} - xb), with rising cut points c and F logistic or normal.

The likelihood is concave in (b, c) (Pratt 1981), so Newton's method runs on the cut points themselves: they come out as
people print them, and their scores and information need no transformation. Probabilities are formed as logarithms, of
the tail on the smaller side, so that a firm far out costs no digits.

Sources: McCullagh (1980), J. R. Stat. Soc. B 42; Pratt (1981), J. Am. Stat. Assoc. 76.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, log_expit, log_ndtr, logit, ndtr, ndtri

from innosurvey.models.arrays import Array, Codes
from innosurvey.models.kernels.newton import Evaluation, maximise, nowhere

Tail = Literal["logistic", "normal"]
_LOG_ROOT_TWO_PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A fitted ordered model: slopes and then cut points (k + J - 1), weighted scores, and information."""

    params: Array
    scores: Array
    information: Array
    loglik: float
    converged: bool


def fit_ordered(design: Array, codes: Codes, tail: Tail, weights: Array) -> Ordered:
    """Return the maximum of the (pseudo-)likelihood.

    `design` (n × k) has no constant; `codes` are 0..J-1 and each occurs.
    """
    shares = np.cumsum(np.bincount(codes, weights=weights))[:-1] / weights.sum()
    cuts = logit(shares) if tail == "logistic" else ndtri(shares)
    start = np.concatenate([np.zeros(design.shape[1]), cuts])
    upper, lower = _edges(design, codes, len(shares) + 1)

    def evaluate(params: Array) -> Evaluation:
        if (np.diff(params[design.shape[1] :]) <= 0).any():
            return nowhere(params)
        pieces = _pieces(params, design, codes, tail)
        scores, information = _derivatives(pieces, upper, lower, weights)
        return float(weights @ pieces[0]), scores.sum(axis=0), information

    optimum = maximise(evaluate, start)
    scores, information = _derivatives(_pieces(optimum.params, design, codes, tail), upper, lower, weights)
    return Ordered(
        params=optimum.params,
        scores=scores,
        information=information,
        loglik=optimum.value,
        converged=optimum.converged,
    )


def probabilities(params: Array, design: Array, tail: Tail) -> Array:
    """Return the probability of each category on each row (n × J)."""
    k = design.shape[1]
    index = params[None, k:] - (design @ params[:k])[:, None]
    below = expit(index) if tail == "logistic" else ndtr(index)
    above = expit(-index) if tail == "logistic" else ndtr(-index)
    ones, zeros = np.ones((len(design), 1)), np.zeros((len(design), 1))
    below, above = np.hstack([zeros, below, ones]), np.hstack([ones, above, zeros])
    # The difference of the smaller tails keeps the digits of a small probability.
    return np.where(below[:, 1:] < 0.5, np.diff(below, axis=1), -np.diff(above, axis=1))


def moves_of(params: Array, design: Array, tail: Tail) -> tuple[list[Array], list[Array]]:
    """Return the first derivatives of the probabilities (n × J) by the index and by each cut point, and the second ones
    by the index and either.
    """
    k = design.shape[1]
    edges = params[None, k:] - (design @ params[:k])[:, None]
    density = expit(edges) * expit(-edges) if tail == "logistic" else np.exp(-(edges**2) / 2 - _LOG_ROOT_TWO_PI)
    bend = density * (1 - 2 * expit(edges) if tail == "logistic" else -edges)
    first = [_through_edges(-density), *(_through_edges(density * one) for one in np.eye(edges.shape[1]))]
    second = [_through_edges(bend), *(_through_edges(-bend * one) for one in np.eye(edges.shape[1]))]
    return first, second


def _through_edges(flow: Array) -> Array:
    """Return what each category gains when so much flows from the category above into that below each cut point."""
    return np.diff(np.pad(flow, ((0, 0), (1, 1))), axis=1)


def _edges(design: Array, codes: Codes, categories: int) -> tuple[Array, Array]:
    """Return how the upper and the lower edge of each row's category move with the parameters (n × (k + J - 1))."""
    places = np.eye(categories)
    upper = np.hstack([-design, places[codes][:, :-1]])
    lower = np.hstack([-design, places[codes][:, 1:]])
    return upper, lower


def _pieces(params: Array, design: Array, codes: Codes, tail: Tail) -> tuple[Array, ...]:
    """Return log P of each row's category, and at its upper and its lower edge f / P and f' / P."""
    k = design.shape[1]
    edges = np.concatenate([[-np.inf], params[k:], [np.inf]])
    index = design @ params[:k]
    upper, lower = edges[codes + 1] - index, edges[codes] - index
    flipped = lower > 0
    high, low = np.where(flipped, -lower, upper), np.where(flipped, -upper, lower)
    log_tail = log_expit if tail == "logistic" else log_ndtr
    top = log_tail(high)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_p = top + np.log1p(-np.exp(log_tail(low) - top))
    densities = [_relative_density(edge, log_p, tail) for edge in (upper, lower)]
    return (log_p, *(part for pair in densities for part in pair))


def _relative_density(edge: Array, log_p: Array, tail: Tail) -> tuple[Array, Array]:
    finite = np.isfinite(edge)
    at = np.where(finite, edge, 0.0)
    log_f = log_expit(at) + log_expit(-at) if tail == "logistic" else -(at**2) / 2 - _LOG_ROOT_TWO_PI
    with np.errstate(over="ignore", invalid="ignore"):
        density = np.where(finite, np.exp(log_f - log_p), 0.0)
    return density, density * (1 - 2 * expit(at) if tail == "logistic" else -at)


def _derivatives(pieces: tuple[Array, ...], upper: Array, lower: Array, weights: Array) -> tuple[Array, Array]:
    _, at_upper, bend_upper, at_lower, bend_lower = pieces
    scores = upper * (weights * at_upper)[:, None] - lower * (weights * at_lower)[:, None]
    both = (upper * (weights * at_upper * at_lower)[:, None]).T @ lower
    information = (
        (upper * (weights * (at_upper**2 - bend_upper))[:, None]).T @ upper
        + (lower * (weights * (at_lower**2 + bend_lower))[:, None]).T @ lower
        - both
        - both.T
    )
    return scores, information
