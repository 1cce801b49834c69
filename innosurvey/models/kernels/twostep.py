"""Heckman's (1979) two steps: a probit of being selected, then least squares with the Mills ratio λ = φ/Φ of its index.

The second step's errors are not those of least squares, since λ is estimated and the selected errors are
heteroskedastic. Both steps are therefore stacked: scores of the probit and of least squares, with the Jacobian of
the second by the parameters of the first, so that any sandwich is right (Newey and McFadden 1994, section 6.1). The
model's own covariance (Heckman 1979; Greene 1981) is the same product with S as the model has it: δ = λ(λ + zγ),
σ² = e'e/n + b²_λ mean δ, ρ = b_λ/σ, V = σ²A[W'(I - ρ²D)W + ρ²(W'DZ)V_γ(Z'DW)]A.
"""

from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.kernels.index import Fitted
from innosurvey.models.kernels.leastsquares import slopes_of
from innosurvey.models.kernels.normal import log_cumulative


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoStep:
    """Parameters (γ, b, b_λ), scores (n, k), Jacobian (k, k; lower block triangular), the model's covariance, σ and ρ
    (which may lie outside [-1, 1]), and the second step's columns on the selected rows, λ last.
    """

    params: Array
    scores: Array
    jacobian: Array
    model_based: Array
    sigma: float
    rho: float
    second: Array
    residuals: Array


def fit_two_step(
    outcome: Array, designs: tuple[Array, Array], selected: Mask, first: Fitted, weights: Array | None = None
) -> TwoStep:
    """Return both steps, given the probit `first`; `designs` are those of selection and outcome (n rows each)."""
    inside = np.flatnonzero(selected)
    w = np.ones(len(inside)) if weights is None else weights[inside]
    z = designs[0][inside]
    index = z @ first.params
    _, mills, delta = log_cumulative(index)
    second = np.column_stack([designs[1][inside], mills])
    params = slopes_of(outcome[inside], second, w)
    residuals = outcome[inside] - second @ params
    slope = float(params[-1])
    variance = float(w @ (residuals**2 + slope**2 * delta) / w.sum())
    squares = second.T @ (second * w[:, None])
    through = -slope * second.T @ (z * (w * delta)[:, None])
    own = through.copy()
    own[-1] += (w * residuals * delta) @ z
    # S of the second step as the model has it: σ²(1 - ρ²δ) = σ² - b²_λ δ for each row.
    expected = second.T @ (second * (w * (variance - slope**2 * delta))[:, None])
    scores = np.zeros((len(selected), len(first.params) + len(params)))
    scores[:, : len(first.params)] = first.scores
    scores[inside, len(first.params) :] = second * (w * residuals)[:, None]
    inverse = np.linalg.inv(_lower(first.information, through, squares))
    middle = _lower(first.information, np.zeros_like(through), expected)
    return TwoStep(
        params=np.concatenate([first.params, params]),
        scores=scores,
        jacobian=_lower(first.information, own, squares),
        model_based=inverse @ middle @ inverse.T,
        sigma=float(np.sqrt(variance)),
        rho=slope / float(np.sqrt(variance)),
        second=second,
        residuals=residuals,
    )


def _lower(upper: Array, beneath: Array, last: Array) -> Array:
    return np.block([[upper, np.zeros(beneath.T.shape)], [beneath, last]])
