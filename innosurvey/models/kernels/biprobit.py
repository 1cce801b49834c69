"""Bivariate probit: two 0/1 outcomes whose errors are normal with correlation ρ (Ashford and Sowden 1970).

l = ln Φ₂(q₁η₁, q₂η₂, q₁q₂ρ), q = ±1; indexes η₁, η₂ and τ = atanh ρ. Derivatives as in Greene (2018, section 17.9).
"""

import numpy as np
from scipy.special import ndtr

from innosurvey.models.arrays import Array
from innosurvey.models.kernels.bivariate import cumulative, density
from innosurvey.models.kernels.index import Fitted, Likelihood, Pieces, fit_indexes, scalar
from innosurvey.models.kernels.normal import log_density

_SMALLEST = 1e-300


def biprobit_likelihood(first: Array, second: Array) -> Likelihood:
    """Return the likelihood of (η₁, η₂, τ) for two 0/1 outcomes (n,)."""
    q1, q2 = 2 * first - 1, 2 * second - 1
    both = q1 * q2

    def likelihood(index: tuple[Array, ...]) -> Pieces:
        a, b, tau = q1 * index[0], q2 * index[1], index[2]
        rho = np.tanh(tau)
        r, rest = both * rho, 1 - rho**2
        chance = np.maximum(cumulative(a, b, r), _SMALLEST)
        p = density(a, b, r) / chance
        g1, g2 = _slope(a, b, r) / chance, _slope(b, a, r) / chance
        # derivatives of Φ₂ over Φ₂, by a, b and r
        p1, p2 = -p * (a - r * b) / rest, -p * (b - r * a) / rest
        pr = p * (r + a * b - r * (a * a - 2 * r * a * b + b * b) / rest) / rest
        turn = both * rest  # derivative of r by τ
        return Pieces(
            value=np.log(chance),
            first=(q1 * g1, q2 * g2, turn * p),
            second={
                (0, 0): -a * g1 - r * p - g1 * g1,
                (0, 1): both * (p - g1 * g2),
                (0, 2): q1 * turn * (p1 - g1 * p),
                (1, 1): -b * g2 - r * p - g2 * g2,
                (1, 2): q2 * turn * (p2 - g2 * p),
                (2, 2): rest**2 * (pr - p * p) - 2 * rho * turn * p,
            },
        )

    return likelihood


def fit_biprobit(
    outcomes: tuple[Array, Array], designs: tuple[Array, Array], start: Array, weights: Array | None = None
) -> Fitted:
    """Return the maximum in (b₁, b₂, τ); `start` are the coefficients of the two probits, ρ starts from 0."""
    parts = [*designs, scalar(len(outcomes[0]))]
    return fit_indexes(biprobit_likelihood(*outcomes), parts, np.append(start, 0.0), weights)


def natural(fitted: Fitted) -> tuple[Array, Array]:
    """Return (b₁, b₂, ρ) and their derivatives by (b₁, b₂, τ), a row for each of them (k, k)."""
    params, jacobian = fitted.params.copy(), np.eye(len(fitted.params))
    params[-1], jacobian[-1, -1] = np.tanh(params[-1]), 1 / np.cosh(fitted.params[-1]) ** 2
    return params, jacobian


def _slope(a: Array, b: Array, r: Array) -> Array:
    """Return the derivative of Φ₂(a, b, r) by a."""
    return np.exp(log_density(a)) * ndtr((b - r * a) / np.sqrt(1 - r * r))
