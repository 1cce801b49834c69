"""Negative binomial counts with variance μ + αμ² (NB2; Cameron and Trivedi 2013, section 3.3), μ = exp(xb + offset).

With whole counts the gamma functions are sums, ln Γ(y + 1/α) - ln Γ(1/α) + y ln α = Σ_{j<y} ln(1 + αj), which keep
their digits as α goes to zero, where the Poisson model stands:

    l = Σ_{j<y} ln(1 + αj) - ln y! - (y + 1/α) ln(1 + αμ) + y ln μ.

Newton's method runs on (b, ln α); scores and information are those of (b, α) at the maximum.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from innosurvey.models.arrays import Array
from innosurvey.models.kernels.newton import Evaluation, maximise, nowhere

_LARGEST_EXPONENT = 300.0
# Below it the closed forms cancel; eight terms of their series are then right to the last digit.
_SMALL = 0.01
_SERIES = np.array([(-1) ** k * (k - 1) / k for k in range(2, 12)])


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeBinomial:
    """A fitted NB2: slopes and then α (k + 1), weighted scores, information (both of α, not of its logarithm)."""

    params: Array
    scores: Array
    information: Array
    loglik: float
    converged: bool


def fit_nb2(
    design: Array, counts: Array, weights: Array, start: Array, offset: Array | float = 0.0
) -> NegativeBinomial:
    """Return the maximum of the (pseudo-)likelihood from the Poisson slopes `start` (k,).

    The data must be overdispersed (`overdispersion` > 0): otherwise α runs to 0 and the Poisson model is the maximum.
    """

    def evaluate(theta: Array) -> Evaluation:
        if np.abs(design @ theta[:-1] + offset).max() > _LARGEST_EXPONENT or abs(theta[-1]) > _LARGEST_EXPONENT:
            return nowhere(theta)
        natural = _natural(theta)
        alpha = natural[-1]
        scores, information = nb2_derivatives(natural, design, counts, weights, offset)
        gradient = scores.sum(axis=0)
        stretch = np.append(np.ones(design.shape[1]), alpha)
        curvature = information * np.outer(stretch, stretch)
        curvature[-1, -1] -= alpha * gradient[-1]
        return float(weights @ rows_loglik(natural, design, counts, offset)), gradient * stretch, curvature

    means = np.exp(design @ start + offset)
    moment = overdispersion(means, counts, weights) / float(weights @ means**2)
    optimum = maximise(evaluate, np.append(start, np.log(max(moment, 0.01))))
    params = _natural(optimum.params)
    scores, information = nb2_derivatives(params, design, counts, weights, offset)
    return NegativeBinomial(
        params=params, scores=scores, information=information, loglik=optimum.value, converged=optimum.converged
    )


def overdispersion(means: Array, counts: Array, weights: Array) -> float:
    """Return Σ w [(y - μ)² - y]: twice the slope of the likelihood in α at α = 0, where the model is Poisson."""
    return float(weights @ ((counts - means) ** 2 - counts))


def rows_loglik(params: Array, design: Array, counts: Array, offset: Array | float = 0.0) -> Array:
    """Return the log-likelihood of each row at (b, α), α > 0."""
    index, alpha = design @ params[:-1] + offset, params[-1]
    grown = np.log1p(alpha * np.exp(index))
    return (
        _sums(np.log1p(alpha * _below(counts)), counts)
        - gammaln(counts + 1)
        - (counts + 1 / alpha) * grown
        + (counts * index)
    )


def nb2_derivatives(
    params: Array, design: Array, counts: Array, weights: Array, offset: Array | float = 0.0
) -> tuple[Array, Array]:
    """Return weighted scores (n × (k + 1)) and information at (b, α)."""
    alpha = params[-1]
    means = np.exp(design @ params[:-1] + offset)
    grown = 1 + alpha * means
    steps = _below(counts) / (1 + alpha * _below(counts))
    excess, slope = _excess(alpha * means)
    by_index = (counts - means) / grown
    by_alpha = _sums(steps, counts) + means**2 * excess - counts * means / grown
    scores = np.column_stack([design * by_index[:, None], by_alpha]) * weights[:, None]
    cross = design.T @ (weights * means * by_index / grown)
    curvature = -_sums(steps**2, counts) + means**3 * slope + counts * (means / grown) ** 2
    information = np.empty((len(params), len(params)))
    information[:-1, :-1] = design.T @ (design * (weights * means * (1 + alpha * counts) / grown**2)[:, None])
    information[:-1, -1] = information[-1, :-1] = cross
    information[-1, -1] = -float(weights @ curvature)
    return scores, information


def _natural(theta: Array) -> Array:
    return np.append(theta[:-1], np.exp(theta[-1]))


def _below(counts: Array) -> Array:
    return np.arange(max(counts.max(), 1.0))


def _sums(steps: Array, counts: Array) -> Array:
    """Return Σ_{j<y} of the steps for each count."""
    return np.concatenate([[0.0], np.cumsum(steps)])[counts.astype(int)]


def _excess(t: Array) -> tuple[Array, Array]:
    """Return e(t) = [ln(1 + t) - t / (1 + t)] / t² and its derivative."""
    at = np.where(t > _SMALL, t, 1.0)
    closed = (np.log1p(at) - at / (1 + at)) / at**2
    bent = 1 / (at * (1 + at) ** 2) - 2 * closed / at
    series = np.polynomial.Polynomial(_SERIES)
    small = np.minimum(t, _SMALL)
    return np.where(t > _SMALL, closed, series(small)), np.where(t > _SMALL, bent, series.deriv()(small))
