"""Two-stage least squares by linearmodels.

Scores and information are those of the second stage: the fitted endogenous columns with the residuals of the true ones,
which is what makes the sandwich right.
"""

import linearmodels
import numpy as np
from linearmodels.iv import IV2SLS

from innosurvey.models.arrays import Array
from innosurvey.models.engines.linear import fail_if_exact
from innosurvey.models.estimates import Estimates
from innosurvey.models.sample import Sample


def fit_iv2sls(sample: Sample) -> Estimates:
    """Return 2SLS; there is no R² and no likelihood. Parameters: exogenous terms, then endogenous ones."""
    blocks = [block.columns for block in (sample.exogenous, sample.endogenous, sample.instruments)]
    lengths = [np.linalg.norm(columns, axis=0) for columns in blocks]
    scaled = [columns / length for columns, length in zip(blocks, lengths, strict=True)]
    result = IV2SLS(sample.outcome, *scaled, weights=sample.weights).fit(cov_type="unadjusted")
    params = result.params.to_numpy() / np.concatenate(lengths[:2])
    weights = np.ones(len(sample.outcome)) if sample.weights is None else sample.weights
    regressors = np.column_stack(blocks[:2])
    fitted = _projected(regressors, np.column_stack([blocks[0], blocks[2]]), weights)
    residuals = sample.outcome - regressors @ params
    rss = float(weights @ residuals**2)
    fail_if_exact(rss, sample.outcome, weights)
    return Estimates(
        terms=sample.exogenous.names + sample.endogenous.names,
        params=params,
        scores=fitted * (weights * residuals)[:, None],
        information=fitted.T @ (fitted * weights[:, None]),
        design=regressors,
        rss=rss,
        linear=True,
        loglik=float("nan"),
        r2=float("nan"),
        engine=f"linearmodels {linearmodels.__version__} IV2SLS",
    )


def _projected(columns: Array, onto: Array, weights: Array) -> Array:
    root = np.sqrt(weights)[:, None]
    return onto @ np.linalg.lstsq(onto * root, columns * root, rcond=None)[0]
