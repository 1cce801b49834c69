"""Poisson regression with an effect for each firm, by its concentrated likelihood.

At given slopes the firm effects have a closed form, α_i = Σ_t w y / Σ_t w exp(xb), so only the slopes are searched for
(Hausman, Hall and Griliches 1984; Cameron and Trivedi 2013, section 9.4). With μ = α exp(xb), Y_i = Σ_t w y and
S_i = Σ_t w μ x the gradient is X'W(y - μ) and minus the Hessian X'WMX - S' diag(1 / Y) S. The likelihood is concave in
the slopes, so Newton's method with halved steps finds its only maximum.

The columns lose their firm means first: the effects take the change up, and nothing cancels in the Hessian.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from innosurvey.models.arrays import Array, Codes
from innosurvey.models.kernels.levels import level_sums, weighted_gram

_ITERATIONS = 50
# Newton's decrement is the squared distance to the maximum in standard errors; at 1e-16 slopes are a 1e-8th of a
# standard error away, and the step that found this out has squared it once more.
_CLOSE_ENOUGH = 1e-16
_HALVINGS = 30
_FLAT = 1e-10
# Beyond it exp comes near the range of numbers; a firm's largest exponent is then taken off, which changes nothing.
_LARGEST_EXPONENT = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FePoisson:
    """The maximum: `params` (k,); `scores` (n, k), in the order of the rows; `information` (k, k), minus the Hessian;
    `loglik` with the constant Σ w ln y! taken off; `means` (n,), the fitted μ.

    The scores are those of the concentrated likelihood, (x - S_i / Y_i) w (y - μ): x less its μ-weighted firm mean.
    """

    params: Array
    scores: Array
    information: Array
    loglik: float
    means: Array
    iterations: int
    converged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    """Outcome, columns without their firm means, firm codes, weights of the rows and weighted totals of the firms."""

    outcome: Array
    centred: Array
    firms: Codes
    weights: Array
    totals: Array


def fit(outcome: Array, design: Array, firm_codes: Codes, weights: Array | None = None) -> FePoisson:
    """Return the slopes of `outcome` (n,) ≥ 0 on `design` (n, k; no constant, nothing constant within all firms).

    `firm_codes` count from 0 and every code occurs. Firms whose outcome is always 0 tell nothing: their rows may stay,
    with mean and score 0. `converged` is false, and the numbers mean nothing, if columns are collinear within firms or
    separate zeros from the rest.
    """
    shares = np.ones(len(outcome)) if weights is None else weights
    means = level_sums(design, firm_codes) / np.bincount(firm_codes)[:, None]
    totals = level_sums(outcome, firm_codes, shares)
    panel = _Panel(outcome=outcome, centred=design - means[firm_codes], firms=firm_codes, weights=shares, totals=totals)
    return _maximum(panel)


def _maximum(panel: _Panel) -> FePoisson:
    """Return where Newton's method ends, from slopes of zero."""
    params = np.zeros(panel.centred.shape[1])
    kernel, fitted = _likelihood(panel, params)
    gradient, information, centres = _derivatives(panel, fitted)
    lengths = np.sqrt(np.diag(information))
    converged, iterations = False, 0
    while not converged and iterations < _ITERATIONS and not _is_flat(information, lengths):
        iterations += 1
        step = np.linalg.solve(information, gradient)
        converged = bool(gradient @ step < _CLOSE_ENOUGH)
        for _ in range(_HALVINGS):
            tried, means = _likelihood(panel, params + step)
            # Near the maximum rounding of a sum over all rows hides the gain.
            if converged or tried >= kernel - 1e-12 * abs(kernel):
                break
            step = step / 2
        params, kernel, fitted = params + step, tried, means
        gradient, information, centres = _derivatives(panel, fitted)
    residuals = panel.weights * (panel.outcome - fitted)
    return FePoisson(
        params=params,
        scores=(panel.centred - centres[panel.firms]) * residuals[:, None],
        information=information,
        loglik=_whole(panel, kernel),
        means=fitted,
        iterations=iterations,
        converged=converged,
    )


def _is_flat(information: Array, lengths: Array) -> bool:
    """Return whether some direction has (next to) no curvature, beside that of the columns at slopes of zero: either
    they are collinear, or the search is on its way to infinity.
    """
    if not (np.isfinite(information).all() and lengths.all()):
        return True
    return bool(np.linalg.eigvalsh(information / np.outer(lengths, lengths)).min() < _FLAT)


def _likelihood(panel: _Panel, params: Array) -> tuple[float, Array]:
    """Return the part of the concentrated log-likelihood that the slopes move, Σ w y xb - Σ_i Y_i ln Σ_t w exp(xb), and
    the means μ.
    """
    index = panel.centred @ params
    if np.abs(index).max() > _LARGEST_EXPONENT:
        highest = np.full(len(panel.totals), -np.inf)
        np.maximum.at(highest, panel.firms, index)
        index = index - highest[panel.firms]
    rates = np.exp(index)
    sums = level_sums(rates, panel.firms, panel.weights)
    effects = panel.totals / sums
    kernel = float(panel.weights * panel.outcome @ index) - float(panel.totals @ np.log(sums))
    return kernel, rates * effects[panel.firms]


def _derivatives(panel: _Panel, fitted: Array) -> tuple[Array, Array, Array]:
    """Return the gradient, minus the Hessian, and the μ-weighted firm means of the columns (firms × k)."""
    weighted = panel.weights * fitted
    gradient = (panel.weights * panel.outcome - weighted) @ panel.centred
    sums = level_sums(panel.centred, panel.firms, weighted)
    centres = sums / np.where(panel.totals > 0, panel.totals, 1.0)[:, None]
    return gradient, weighted_gram(panel.centred, panel.centred, weighted) - sums.T @ centres, centres


def _whole(panel: _Panel, kernel: float) -> float:
    """Return the log-likelihood with the firms' own part, Σ_i Y_i ln Y_i - Y_i, and the constant."""
    positive = panel.totals[panel.totals > 0]
    own = float(positive @ np.log(positive)) - float(positive.sum())
    return kernel + own - float(panel.weights @ gammaln(panel.outcome + 1))
