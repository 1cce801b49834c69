"""Heckman's (1979) selection model by maximum likelihood.

Selected where zγ + v > 0; y = xb + σu, u and v standard normal with correlation ρ. A row that is not selected adds
ln Φ(-zγ); one that is, ln Φ(q) + ln φ(u) - ln σ with q = (zγ + ρu) / √(1 - ρ²). With τ = atanh ρ this is
q = zγ cosh τ + u sinh τ, whose derivatives are short. Indexes: zγ, xb, ln σ, τ.
"""

import numpy as np

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.kernels.index import Fitted, Likelihood, Pieces, fit_indexes, scalar
from innosurvey.models.kernels.normal import log_cumulative, log_density

# Where a search starts from at most, and where it counts as having run to the boundary: tanh 4 = 0.9993.
START_RHO = 0.85
BOUNDARY_RHO = 0.999


def heckman_likelihood(outcome: Array, selected: Mask) -> Likelihood:
    """Return the likelihood of (zγ, xb, ln σ, τ) for an outcome (n,) that counts where `selected` (n,)."""
    inside, outside = np.flatnonzero(selected), np.flatnonzero(~selected)
    seen = outcome[inside]

    def likelihood(index: tuple[Array, ...]) -> Pieces:
        chosen = _selected(seen, tuple(part[..., inside] for part in index))
        left, hazard, slope = log_cumulative(-index[0][..., outside])

        def whole(of_selected: Array, of_others: Array | float = 0.0) -> Array:
            rows = np.empty(index[0].shape)
            rows[..., inside], rows[..., outside] = of_selected, of_others
            return rows

        others = {(0, 0): -slope}
        return Pieces(
            value=whole(chosen.value, left),
            first=(whole(chosen.first[0], -hazard), *(whole(part) for part in chosen.first[1:])),
            second={pair: whole(part, others.get(pair, 0.0)) for pair, part in chosen.second.items()},
        )

    return likelihood


def _selected(seen: Array, index: tuple[Array, ...]) -> Pieces:
    a, mean, log_sigma, tau = index
    c, s, v = np.cosh(tau), np.sinh(tau), np.exp(-log_sigma)
    u = (seen - mean) * v
    q, p = a * c + u * s, a * s + u * c  # p is the derivative of q by τ
    value, m, d = log_cumulative(q)
    ms, mc, dss = m * s, m * c, d * s * s
    twist = d * p * s - mc
    return Pieces(
        value=value + log_density(u) - log_sigma,
        first=(mc, (u - ms) * v, u * (u - ms) - 1, m * p),
        second={
            (0, 0): -d * c * c,
            (0, 1): d * c * s * v,
            (0, 2): d * c * s * u,
            (0, 3): ms - d * p * c,
            (1, 1): -(1 + dss) * v * v,
            (1, 2): (ms - (2 + dss) * u) * v,
            (1, 3): twist * v,
            (2, 2): u * (ms - (2 + dss) * u),
            (2, 3): twist * u,
            (3, 3): m * q - d * p * p,
        },
    )


def fit_heckman(
    outcome: Array, designs: tuple[Array, Array], selected: Mask, start: Array, weights: Array | None = None
) -> Fitted:
    """Return the maximum in (γ, b, ln σ, τ). `designs` are those of selection and outcome; the outcome's rows that are
    not selected must be finite and do not count. `start` is (γ, b, σ, ρ), for example of the two steps.
    """
    sigma, rho = start[-2], np.clip(start[-1], -START_RHO, START_RHO)
    stable = np.concatenate([start[:-2], [np.log(sigma), np.arctanh(rho)]])
    one = scalar(len(outcome))
    known = np.where(selected, outcome, 0.0)
    return fit_indexes(heckman_likelihood(known, selected), [*designs, one, one], stable, weights)


def natural(fitted: Fitted) -> tuple[Array, Array]:
    """Return (γ, b, σ, ρ) and their derivatives by (γ, b, ln σ, τ), a row for each of them (k, k)."""
    params = fitted.params.copy()
    params[-2], params[-1] = np.exp(params[-2]), np.tanh(params[-1])
    jacobian = np.eye(len(params))
    jacobian[-2, -2], jacobian[-1, -1] = params[-2], 1 / np.cosh(fitted.params[-1]) ** 2
    return params, jacobian
