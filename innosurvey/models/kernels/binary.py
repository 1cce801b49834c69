"""Probit and logit on plain arrays.

Probit: l = ln Φ(q η), q = ±1, through `log_ndtr`, so that no probability underflows. Logit: l = y η - ln(1 + eᵑ). With
an outcome between 0 and 1 both are the fractional quasi-likelihood (Papke and Wooldridge 1996).
"""

from typing import Literal

import numpy as np
from scipy.special import expit, ndtr

from innosurvey.models.arrays import Array
from innosurvey.models.kernels.index import Fitted, Likelihood, Pieces, fit_indexes
from innosurvey.models.kernels.normal import log_cumulative, log_density

Link = Literal["probit", "logit"]


def probit_likelihood(outcome: Array) -> Likelihood:
    """Return the probit of a 0/1 outcome (n,) as a likelihood of one index."""
    sign = 2 * outcome - 1

    def likelihood(index: tuple[Array, ...]) -> Pieces:
        value, hazard, slope = log_cumulative(sign * index[0])
        return Pieces(value=value, first=(sign * hazard,), second={(0, 0): -slope})

    return likelihood


def fractional_probit_likelihood(outcome: Array) -> Likelihood:
    """Return y ln Φ(η) + (1 - y) ln Φ(-η) for an outcome (n,) between 0 and 1, as a likelihood of one index."""

    def likelihood(index: tuple[Array, ...]) -> Pieces:
        up, up_hazard, up_slope = log_cumulative(index[0])
        down, down_hazard, down_slope = log_cumulative(-index[0])
        return Pieces(
            value=outcome * up + (1 - outcome) * down,
            first=(outcome * up_hazard - (1 - outcome) * down_hazard,),
            second={(0, 0): -(outcome * up_slope + (1 - outcome) * down_slope)},
        )

    return likelihood


def logit_likelihood(outcome: Array) -> Likelihood:
    """Return the logit of an outcome (n,) between 0 and 1 as a likelihood of one index."""

    def likelihood(index: tuple[Array, ...]) -> Pieces:
        probability = expit(index[0])
        value = outcome * index[0] - np.logaddexp(0, index[0])
        return Pieces(value=value, first=(outcome - probability,), second={(0, 0): -probability * (1 - probability)})

    return likelihood


LIKELIHOODS = {"probit": probit_likelihood, "logit": logit_likelihood}


def fit_binary(outcome: Array, design: Array, weights: Array | None = None, link: Link = "probit") -> Fitted:
    """Return the probit or logit of a 0/1 outcome (n,) on a design (n, k), from zero."""
    return fit_indexes(LIKELIHOODS[link](outcome), [design], np.zeros(design.shape[1]), weights)


def probability(index: Array, link: Link = "probit") -> tuple[Array, Array]:
    """Return P(y = 1) and its derivative by the index."""
    if link == "probit":
        return ndtr(index), np.exp(log_density(index))
    chance = expit(index)
    return chance, chance * (1 - chance)


def distance_to_bounds(index: Array, link: Link = "probit") -> float:
    """Return how close the closest probability comes to 0 or 1."""
    return float(probability(-np.abs(index), link)[0].min())
