"""Amounts with an exponential mean, E y = eᵑ: gamma and Poisson quasi-likelihoods (Gourieroux and others 1984)."""

from typing import Literal

import numpy as np

from innosurvey.models.arrays import Array
from innosurvey.models.kernels.index import Fitted, Likelihood, Pieces, fit_indexes
from innosurvey.models.kernels.leastsquares import slopes_of

Family = Literal["gamma", "poisson"]


def exponential_mean_likelihood(outcome: Array, family: Family) -> Likelihood:
    """Return the quasi-likelihood of η for an outcome (n,) that is positive (gamma) or not negative (Poisson)."""

    def gamma(index: tuple[Array, ...]) -> Pieces:
        relative = outcome * np.exp(-index[0])
        return Pieces(value=-relative - index[0], first=(relative - 1,), second={(0, 0): -relative})

    def poisson(index: tuple[Array, ...]) -> Pieces:
        mean = np.exp(index[0])
        return Pieces(value=outcome * index[0] - mean, first=(outcome - mean,), second={(0, 0): -mean})

    return gamma if family == "gamma" else poisson


def fit_exponential_mean(outcome: Array, design: Array, family: Family, weights: Array | None = None) -> Fitted:
    """Return the quasi-likelihood estimate for a positive outcome (n,), from a regression of its logarithm."""
    start = slopes_of(np.log(outcome), design)
    return fit_indexes(exponential_mean_likelihood(outcome, family), [design], start, weights)
