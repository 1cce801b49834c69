"""Tobit (Tobin 1958), in Olsen's (1978) parameters θ = 1/σ and γ = b/σ, in which it is concave.

Within the limits l = ln θ + ln φ(θy - xγ); at the lower limit L, ln Φ(θL - xγ); at the upper limit U, ln Φ(xγ - θU).
"""

from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array
from innosurvey.models.kernels.index import Fitted, Likelihood, Pieces, fit_indexes, scalar
from innosurvey.models.kernels.leastsquares import slopes_of
from innosurvey.models.kernels.normal import log_cumulative, log_density


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Between what the outcome can be seen: infinite where there is no limit."""

    lower: float = -np.inf
    upper: float = np.inf


def tobit_likelihood(outcome: Array, limits: Limits) -> Likelihood:
    """Return the likelihood of the indexes xγ and θ for an outcome (n,), censored where it is at or past a limit."""
    below, above = outcome <= limits.lower, outcome >= limits.upper
    seen = np.clip(outcome, limits.lower, limits.upper)
    sign = np.where(above, -1.0, 1.0)  # ln Φ(sign × (θ limit - xγ)) at a limit
    within = ~(below | above)

    def likelihood(index: tuple[Array, ...]) -> Pieces:
        gamma, theta = index
        residual = theta * seen - gamma
        value, hazard, slope = log_cumulative(sign * residual)
        inverse = np.where(within, 1 / theta, 0.0)
        value = np.where(within, np.log(theta) + log_density(residual), value)
        pull = np.where(within, residual, -sign * hazard)
        curve = np.where(within, 1.0, slope)
        return Pieces(
            value=value,
            first=(pull, inverse - seen * pull),
            second={(0, 0): -curve, (0, 1): seen * curve, (1, 1): -(inverse**2) - seen**2 * curve},
        )

    return likelihood


def fit_tobit(outcome: Array, design: Array, limits: Limits, weights: Array | None = None) -> Fitted:
    """Return the maximum in (γ, θ); starts from least squares of the outcome as it is seen."""
    seen = np.clip(outcome, limits.lower, limits.upper)
    root = np.ones(len(outcome)) if weights is None else np.sqrt(weights)
    slopes = slopes_of(seen, design, weights)
    theta = 1 / np.sqrt(np.mean((root * (seen - design @ slopes)) ** 2))
    start = np.append(slopes * theta, theta)
    return fit_indexes(tobit_likelihood(outcome, limits), [design, scalar(len(outcome))], start, weights)


def natural(fitted: Fitted) -> tuple[Array, Array]:
    """Return (b, σ) and their derivatives by (γ, θ), a row for each of them (k, k)."""
    gamma, theta = fitted.params[:-1], fitted.params[-1]
    jacobian = np.diag(np.append(np.full(len(gamma), 1 / theta), -1 / theta**2))
    jacobian[:-1, -1] = -gamma / theta**2
    return np.append(gamma, 1.0) / theta, jacobian
