"""Multinomial logit: P(y = j) = exp(x b_j) / Σ_l exp(x b_l), with b = 0 for the first category.

The likelihood is concave; Newton's method with exact derivatives (McFadden 1974; Greene 2018, section 18.2).
Parameters are category by category: all of the second, then all of the third.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax, softmax

from innosurvey.models.arrays import Array, Codes
from innosurvey.models.kernels.newton import Evaluation, maximise


@dataclass(frozen=True, slots=True, kw_only=True)
class Multinomial:
    """A fitted multinomial logit: parameters ((J - 1) k,), weighted scores (n × (J - 1) k), information."""

    params: Array
    scores: Array
    information: Array
    loglik: float
    converged: bool


def fit_multinomial(design: Array, codes: Codes, weights: Array) -> Multinomial:
    """Return the maximum of the (pseudo-)likelihood; `codes` are 0..J-1, each occurs, 0 is the base."""
    chosen = np.eye(int(codes.max()) + 1)[codes]
    rows = np.arange(len(codes))

    def evaluate(params: Array) -> Evaluation:
        log_p = log_softmax(_indices(params, design), axis=1)
        p = np.exp(log_p)
        gradient = _scores(p, chosen, design, weights).sum(axis=0)
        return float(weights @ log_p[rows, codes]), gradient, _information(p, design, weights)

    optimum = maximise(evaluate, np.zeros(design.shape[1] * (chosen.shape[1] - 1)))
    p = probabilities(optimum.params, design)
    return Multinomial(
        params=optimum.params,
        scores=_scores(p, chosen, design, weights),
        information=_information(p, design, weights),
        loglik=optimum.value,
        converged=optimum.converged,
    )


def probabilities(params: Array, design: Array) -> Array:
    """Return the probability of each category on each row (n × J)."""
    return np.asarray(softmax(_indices(params, design), axis=1))


def moves_of(p: Array) -> tuple[list[Array], dict[tuple[int, int], Array]]:
    """Return the first and the second derivatives of the probabilities by the indices of all categories but the base,
    each n × J.
    """
    same = np.eye(p.shape[1])
    away = [same[j] - p[:, [j]] for j in range(1, p.shape[1])]
    first = [p * gap for gap in away]
    second = {
        (j, m): p * away[j] * away[m] - p * first[m][:, [j + 1]] for j in range(len(away)) for m in range(len(away))
    }
    return first, second


def _indices(params: Array, design: Array) -> Array:
    slopes = params.reshape(-1, design.shape[1])
    return np.hstack([np.zeros((len(design), 1)), design @ slopes.T])


def _scores(p: Array, chosen: Array, design: Array, weights: Array) -> Array:
    surprise = (weights[:, None] * (chosen - p))[:, 1:]
    return (surprise[:, :, None] * design[:, None, :]).reshape(len(design), -1)


def _information(p: Array, design: Array, weights: Array) -> Array:
    k, others = design.shape[1], p.shape[1] - 1
    information = np.empty((others * k, others * k))
    for j in range(others):
        for m in range(others):
            spread = p[:, j + 1] * ((j == m) - p[:, m + 1])
            block = design.T @ (design * (weights * spread)[:, None])
            information[j * k : (j + 1) * k, m * k : (m + 1) * k] = block
    return information
