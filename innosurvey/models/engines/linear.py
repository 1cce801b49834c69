"""Least squares, with and without fixed effects, by linearmodels.

The parameters are linearmodels' own. Its standard errors are not used: PanelOLS counts effects that lie within clusters
as parameters, and its two-way clusters follow a rule of their own; `covariance.py` starts from the scores instead.
"""

from math import log, pi

import linearmodels
import numpy as np
import pandas as pd
from linearmodels.iv import IV2SLS
from linearmodels.panel import PanelOLS

from innosurvey.models.absorb import absorb
from innosurvey.models.arrays import Array
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.sample import Sample

# Share of the outcome's variation: below it nothing but rounding is left, and standard errors would describe rounding.
_EXACT = 1e-18


def fit_ols(sample: Sample) -> Estimates:
    """Return ordinary (or weighted) least squares; NotEstimated if the fit is exact."""
    design = sample.exogenous.columns
    lengths = np.linalg.norm(design, axis=0)  # columns of length one: linearmodels' check of the rank minds units
    result = IV2SLS(sample.outcome, design / lengths, None, None, weights=sample.weights).fit(cov_type="unadjusted")
    params = result.params.to_numpy() / lengths
    return least_squares(sample, sample.outcome, design, params, (float(result.rsquared), _engine("OLS")))


def fit_fixed_effects(sample: Sample) -> Estimates:
    """Return the within estimator for one or two effects; `r2` is within. NotEstimated if the fit is exact."""
    index = pd.MultiIndex.from_arrays([pd.factorize(sample.keys[name])[0] for name in ("firm_id", "wave")])
    frame = pd.DataFrame(sample.exogenous.columns, index=index, columns=list(sample.exogenous.names))
    others = {
        name: pd.Categorical(codes)
        for name, codes in zip(sample.effects, sample.grouping.effects, strict=True)
        if name not in ("firm_id", "wave")
    }
    model = PanelOLS(
        pd.Series(sample.outcome, index=index, name="outcome"),
        frame,
        weights=None if sample.weights is None else pd.Series(sample.weights, index=index, name="weights"),
        entity_effects="firm_id" in sample.effects,
        time_effects="wave" in sample.effects,
        other_effects=pd.DataFrame(others, index=index) if others else None,
        check_rank=False,  # the sample has found and named collinear columns
    )
    params = model.fit(cov_type="unadjusted", auto_df=False, count_effects=False).params.to_numpy()
    within = absorb(
        np.column_stack([sample.outcome, sample.exogenous.columns]), sample.grouping.effects, sample.weights
    )
    outcome, design = within[:, 0], within[:, 1:]
    weights = np.ones(len(outcome)) if sample.weights is None else sample.weights
    explained = 1 - float(weights @ (outcome - design @ params) ** 2) / float(weights @ outcome**2)
    return least_squares(sample, outcome, design, params, (explained, _engine("PanelOLS")))


def least_squares(
    sample: Sample, outcome: Array, design: Array, params: Array, described: tuple[float, str]
) -> Estimates:
    """Return the estimates that belong to least-squares parameters; `described` is R² and the engine's name."""
    weights = np.ones(len(outcome)) if sample.weights is None else sample.weights
    residuals = outcome - design @ params
    rss = float(weights @ residuals**2)
    fail_if_exact(rss, outcome, weights)
    n = len(outcome)
    return Estimates(
        terms=sample.exogenous.names,
        params=params,
        scores=design * (weights * residuals)[:, None],
        information=design.T @ (design * weights[:, None]),
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


def _engine(model: str) -> str:
    return f"linearmodels {linearmodels.__version__} {model}"
