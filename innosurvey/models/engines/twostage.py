"""Instrumental variables by linearmodels: two-stage least squares, LIML, and two-step efficient GMM.

The parameters are linearmodels' own. Scores and information are those of the moments that each estimator sets to zero:
for 2SLS the fitted regressors times the residuals, for LIML the regressors less κ times what the instruments leave of
them (which sums to zero; the fitted regressors, that linearmodels takes for its robust errors, do not), for GMM the
combination of the instruments that its weight makes.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import linearmodels
import numpy as np
from linearmodels.iv import IV2SLS, IVGMM, IVLIML

from innosurvey.models.arrays import Array
from innosurvey.models.engines.linear import fail_if_exact
from innosurvey.models.estimates import Estimates, Judgement, NotEstimated
from innosurvey.models.instruments import judge_instruments
from innosurvey.models.sample import Sample
from innosurvey.models.spec import CovarianceSpec

_UNRELATED = 1e-9
"""Share of an endogenous column's length: instruments that move it by less than this do not move it."""


def fit_iv2sls(sample: Sample) -> Estimates:
    """Return 2SLS; there is no R² and no likelihood. Parameters: exogenous terms, then endogenous ones."""
    blocks, lengths = _scaled(sample)
    try:
        result = IV2SLS(sample.outcome, *blocks, weights=sample.weights).fit(cov_type="unadjusted")
    except ValueError as error:
        raise NotEstimated("the columns are collinear but for rounding") from error
    regressors = _regressors(sample)
    return _estimates(sample, _params(result, lengths), _fitted(regressors, sample), "IV2SLS")


def fit_liml(sample: Sample) -> Estimates:
    """Return limited-information maximum likelihood, or Fuller's (1977) with option `fuller` (1 or 4; 0 for LIML)."""
    blocks, lengths = _scaled(sample)
    try:
        model = IVLIML(sample.outcome, *blocks, weights=sample.weights, fuller=sample.options.get("fuller", 0))
        result = model.fit(cov_type="unadjusted")
    except ValueError as error:
        raise NotEstimated("LIML is not defined for these columns") from error
    regressors = _regressors(sample)
    kappa = float(result.kappa or 1.0)
    moved = (1 - kappa) * regressors + kappa * _fitted(regressors, sample)
    return _estimates(sample, _params(result, lengths), moved, "IVLIML")


def fit_iv_gmm(sample: Sample) -> Estimates:
    """Return two-step efficient GMM, from 2SLS in the first step.

    The weight is the inverse of the moments' covariance, summed within the declared clusters if they are of one kind,
    else row by row; it is a matter of efficiency only, the errors are those that the model declares. Classical errors
    are those of efficient GMM, right if the weight is.
    """
    blocks, lengths = _scaled(sample)
    clusters = sample.grouping.clusters
    way = {"weight_type": "clustered", "clusters": clusters[0]} if len(clusters) == 1 else {"weight_type": "robust"}
    try:
        model = IVGMM(sample.outcome, *blocks, weights=sample.weights, **way)
        result: Any = model.fit(iter_limit=2, cov_type="robust")
    except ValueError as error:
        raise NotEstimated("fewer clusters than moments: GMM has no weight") from error
    columns = np.column_stack([blocks[0], blocks[2]])
    weights = _weights(sample)
    pull = np.asarray(result.weight_matrix) @ columns.T @ (_regressors(sample) * weights[:, None]) / len(columns)
    estimates = _estimates(sample, _params(result, lengths), columns @ pull, "IVGMM")
    return replace(estimates, model_based=np.linalg.inv(estimates.information))


def _scaled(sample: Sample) -> tuple[Sequence[Array], Sequence[Array]]:
    """Return exogenous, endogenous and instrument columns at length one, and the lengths they had.

    Raises NotEstimated if some combination of the endogenous columns is not moved by the instruments at all.
    """
    blocks = [block.columns for block in (sample.exogenous, sample.endogenous, sample.instruments)]
    root = np.sqrt(_weights(sample))[:, None]
    exogenous, endogenous, instruments = (block * root for block in blocks)
    rest = endogenous - exogenous @ np.linalg.lstsq(exogenous, endogenous, rcond=None)[0]
    moved = instruments - exogenous @ np.linalg.lstsq(exogenous, instruments, rcond=None)[0]
    fitted = moved @ np.linalg.lstsq(moved, rest, rcond=None)[0] / np.linalg.norm(rest, axis=0)
    if np.linalg.svd(fitted, compute_uv=False).min() <= _UNRELATED:
        raise NotEstimated("underidentified: the instruments do not move the endogenous terms")
    left = np.linalg.norm(rest / np.linalg.norm(rest, axis=0) - fitted, axis=0)
    copied = [name for name, size in zip(sample.endogenous.names, left, strict=True) if size <= _UNRELATED]
    if copied:
        raise NotEstimated(f"the instruments reproduce {', '.join(copied)} exactly: nothing of it is endogenous")
    lengths = [np.linalg.norm(columns, axis=0) for columns in blocks]
    return [columns / length for columns, length in zip(blocks, lengths, strict=True)], lengths


def _params(result: Any, lengths: Sequence[Array]) -> Array:
    return result.params.to_numpy() / np.concatenate(lengths[:2])


def _regressors(sample: Sample) -> Array:
    return np.column_stack([sample.exogenous.columns, sample.endogenous.columns])


def _weights(sample: Sample) -> Array:
    return np.ones(len(sample.outcome)) if sample.weights is None else sample.weights


def _estimates(sample: Sample, params: Array, moved: Array, name: str) -> Estimates:
    """Return the estimates whose moments are `moved`' W residuals = 0."""
    weights, regressors = _weights(sample), _regressors(sample)
    residuals = sample.outcome - regressors @ params
    rss = float(weights @ residuals**2)
    fail_if_exact(rss, sample.outcome, weights)

    def judge(rule: CovarianceSpec) -> Judgement:
        return judge_instruments(sample, residuals, rule)

    return Estimates(
        terms=sample.exogenous.names + sample.endogenous.names,
        params=params,
        scores=moved * (weights * residuals)[:, None],
        information=moved.T @ (regressors * weights[:, None]),
        design=regressors,
        rss=rss,
        linear=True,
        loglik=float("nan"),
        r2=float("nan"),
        engine=f"linearmodels {linearmodels.__version__} {name}",
        judge=judge,
    )


def _fitted(columns: Array, sample: Sample) -> Array:
    """Return the columns as the exogenous columns and the instruments foretell them."""
    onto = np.column_stack([sample.exogenous.columns, sample.instruments.columns])
    root = np.sqrt(_weights(sample))[:, None]
    return onto @ np.linalg.lstsq(onto * root, columns * root, rcond=None)[0]
