"""Counts without zeros: NB2 and Poisson truncated at zero (Mullahy 1986; Cameron and Trivedi 2013).

With k = 1/α and μ = eᵑ, an NB2 has l = ln Γ(y+k) - ln Γ(k) - ln y! + k ln k + yη - (y+k) ln(k+μ), and the chance of a
zero is eᶻ, z = k ln(k/(k+μ)); truncation subtracts ln(1 - eᶻ). Derivatives by η and k, then by η and ln α.
"""

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from innosurvey.models.arrays import Array
from innosurvey.models.kernels.index import Fitted, Likelihood, Pieces, fit_indexes, scalar
from innosurvey.models.kernels.leastsquares import slopes_of

# ln α below which the NB2 can't be told from a Poisson: its variance is then within 0.01 % of the mean's.
POISSON_LOG_ALPHA = -9.0
# ln α above which positive counts can't be told from a logarithmic series: k = 1e-4 moves no chance by more than 0.1 %.
SERIES_LOG_ALPHA = 9.0
_START_LOG_ALPHA = -0.5


def truncated_nb2_likelihood(outcome: Array) -> Likelihood:
    """Return the likelihood of (η, ln α) for positive counts (n,)."""
    constant = gammaln(outcome + 1)

    def likelihood(index: tuple[Array, ...]) -> Pieces:
        mu, k = np.exp(index[0]), np.exp(-index[1])
        total = k + mu
        ratio = np.log1p(mu / k)
        whole = gammaln(outcome + k) - gammaln(k) - constant
        value = whole + outcome * (index[0] - np.log(total)) - k * ratio
        by_k = digamma(outcome + k) - digamma(k) - ratio + (mu - outcome) / total
        bend_k = polygamma(1, outcome + k) - polygamma(1, k) + mu / (k * total) - (mu - outcome) / total**2
        z, z_mean, z_k = -k * ratio, -k * mu / total, mu / total - ratio
        odds = 1 / np.expm1(-z)  # eᶻ / (1 - eᶻ)
        turn = odds * (1 + odds)
        mean_mean = -(outcome + k) * k * mu / total**2 + turn * z_mean**2 - odds * k**2 * mu / total**2
        mean_k = mu * (outcome - mu) / total**2 + turn * z_mean * z_k - odds * mu**2 / total**2
        k_k = bend_k + turn * z_k**2 + odds * mu**2 / (k * total**2)
        first_k = by_k + odds * z_k
        return Pieces(
            value=value - np.log(-np.expm1(z)),
            first=(k * (outcome - mu) / total + odds * z_mean, -k * first_k),
            second={(0, 0): mean_mean, (0, 1): -k * mean_k, (1, 1): k**2 * k_k + k * first_k},
        )

    return likelihood


def truncated_poisson_likelihood(outcome: Array) -> Likelihood:
    """Return the likelihood of η for positive counts (n,)."""
    constant = gammaln(outcome + 1)

    def likelihood(index: tuple[Array, ...]) -> Pieces:
        mu = np.exp(index[0])
        odds = 1 / np.expm1(mu)  # e^-μ / (1 - e^-μ)
        return Pieces(
            value=outcome * index[0] - mu - constant - np.log(-np.expm1(-mu)),
            first=(outcome - mu * (1 + odds),),
            second={(0, 0): -mu * (1 + odds) + mu**2 * odds * (1 + odds)},
        )

    return likelihood


def fit_truncated_poisson(outcome: Array, design: Array, weights: Array | None = None) -> Fitted:
    """Return the zero-truncated Poisson, from a regression of ln y."""
    return fit_indexes(truncated_poisson_likelihood(outcome), [design], _start(outcome, design), weights)


def fit_truncated_nb2(outcome: Array, design: Array, weights: Array | None = None) -> Fitted:
    """Return the zero-truncated NB2 in (b, ln α), from a regression of ln y."""
    start = np.append(_start(outcome, design), _START_LOG_ALPHA)
    return fit_indexes(truncated_nb2_likelihood(outcome), [design, scalar(len(outcome))], start, weights)


def zero_chance(index: Array, alpha: float) -> Array:
    """Return the chance of a zero of an NB2 with mean eᵑ, or of a Poisson where α is 0."""
    mu = np.exp(index)
    return np.asarray(np.exp(-mu if alpha == 0 else -np.log1p(alpha * mu) / alpha))


def _start(outcome: Array, design: Array) -> Array:
    return slopes_of(np.log(outcome), design)
