"""Least squares by numpy (LAPACK), and with fixed effects by one pass over the rows.

linearmodels is the reference that the tests hold both to. Its standard errors would not be used, since `covariance.py`
starts from the scores; loading it takes ten times as long as a fit of the default study, and its PanelOLS over ten
times as long and three times the memory of the within estimator (benchmarks/models.md).
"""

from dataclasses import replace
from math import log, pi

import numpy as np

from innosurvey.models.absorb import absorb_in_place
from innosurvey.models.arrays import Array
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.kernels.leastsquares import slopes_of
from innosurvey.models.kernels.levels import weighted_gram
from innosurvey.models.sample import Sample

# Share of the outcome's variation: below it nothing but rounding is left, and standard errors would describe rounding.
_EXACT = 1e-18


def fit_ols(sample: Sample) -> Estimates:
    """Return ordinary (or weighted) least squares; NotEstimated if the fit is exact."""
    design, outcome = sample.exogenous.columns, sample.outcome
    params = slopes_of(outcome, design, sample.weights)
    estimates = least_squares(sample, outcome, design, params, (float("nan"), f"numpy {np.__version__} least squares"))
    return with_r2(estimates, outcome - np.average(outcome, weights=sample.weights), sample.weights)


def fit_fixed_effects(sample: Sample) -> Estimates:
    """Return the within estimator for one or two effects; `r2` is within. NotEstimated if the fit is exact."""
    within = np.empty((len(sample.outcome), 1 + len(sample.exogenous.names)))
    within[:, 0], within[:, 1:] = sample.outcome, sample.exogenous.columns
    absorb_in_place(within, sample.grouping.effects, sample.weights)
    outcome, design = within[:, 0], within[:, 1:]
    params = solve_normal_equations(design, outcome, sample.weights)
    estimates = least_squares(sample, outcome, design, params, (float("nan"), "innosurvey within"))
    return with_r2(estimates, outcome, sample.weights)


def with_r2(estimates: Estimates, apart: Array, weights: Array | None) -> Estimates:
    """Return the estimates with the explained share of an outcome's squares, apart from what needs no explaining."""
    whole = float(weighted_gram(apart[:, None], apart[:, None], weights).item())
    return replace(estimates, r2=1 - estimates.rss / whole)


def solve_normal_equations(design: Array, outcome: Array, weights: Array | None) -> Array:
    """Return the least-squares slopes (k,) of independent columns.

    The columns are brought to length one, and the slopes of the residuals are added once: that gives back the digits
    which the cross-products lost.
    """
    gram = weighted_gram(design, design, weights)
    lengths = np.sqrt(np.diag(gram))
    scaled = gram / np.outer(lengths, lengths)

    def solved(explained: Array) -> Array:
        products = weighted_gram(design, explained[:, None], weights)[:, 0]
        return np.linalg.solve(scaled, products / lengths) / lengths

    slopes = solved(outcome)
    return slopes + solved(outcome - design @ slopes)


def least_squares(
    sample: Sample, outcome: Array, design: Array, params: Array, described: tuple[float, str]
) -> Estimates:
    """Return the estimates that belong to least-squares parameters; `described` is R² and the engine's name."""
    weights = np.ones(len(outcome)) if sample.weights is None else sample.weights
    residuals = outcome - design @ params
    weighted = weights * residuals
    rss = float(weighted @ residuals)
    fail_if_exact(rss, outcome, weights)
    n = len(outcome)
    return Estimates(
        terms=sample.exogenous.names,
        params=params,
        scores=design * weighted[:, None],
        information=weighted_gram(design, design, sample.weights),
        design=design,
        rss=rss,
        linear=True,
        loglik=float("nan") if sample.weights is not None else -n / 2 * (log(2 * pi * rss / n) + 1),
        r2=described[0],
        engine=described[1],
        leverage=None if sample.effects else _leverage(design, weights),  # within, the effects have a part of it
    )


def _leverage(design: Array, weights: Array) -> Array:
    """Return w x'(X'WX)⁻¹x of each row."""
    return weights * np.einsum("ij,ij->i", design @ np.linalg.inv(design.T @ (design * weights[:, None])), design)


def fail_if_exact(rss: float, outcome: Array, weights: Array) -> None:
    """NotEstimated if the regressors reproduce the outcome: it is then made from them."""
    if rss <= _EXACT * float(weights @ outcome**2):
        raise NotEstimated("the regressors reproduce the outcome exactly")
