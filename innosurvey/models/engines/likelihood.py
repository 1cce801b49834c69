"""Logit and Poisson by statsmodels, as generalised linear models.

Poisson is a quasi-likelihood: right for any outcome that is not negative and whose mean is exponential in the
regressors, given robust or clustered errors. With survey weights both are pseudo-likelihoods, and their log-likelihood
is not reported. A fit that drifts towards infinity is looked at for separation.
"""

import warnings

import numpy as np
import statsmodels
import statsmodels.api as sm
from statsmodels.genmod.generalized_linear_model import GLMResults

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.sample import Sample
from innosurvey.models.separation import separating_columns

# A fitted probability or mean this close to its bound is where an estimate that runs away stops.
_AT_THE_BOUND = 1e-6
_ITERATIONS = 100


def fit_logit(sample: Sample) -> Estimates:
    """Return the logit of a 0/1 outcome; NotEstimated under separation or without convergence."""
    result = _fit(sample, sm.families.Binomial())
    distance = np.minimum(result.fittedvalues, 1 - result.fittedvalues)
    _fail_if_separated(sample, result, distance, (sample.outcome == 0, sample.outcome == 1))
    return _estimates(sample, result, "Logit")


def fit_poisson(sample: Sample) -> Estimates:
    """Return the Poisson quasi-likelihood estimate; NotEstimated under separation or without convergence."""
    result = _fit(sample, sm.families.Poisson())
    never = np.zeros(len(sample.outcome), dtype=bool)
    _fail_if_separated(sample, result, result.fittedvalues, (sample.outcome == 0, never))
    return _estimates(sample, result, "Poisson")


def _fit(sample: Sample, family: sm.families.Family) -> GLMResults:
    model = sm.GLM(sample.outcome, sample.exogenous.columns, family=family, freq_weights=sample.weights)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what statsmodels warns of (separation, no convergence) is looked at below
        try:
            return model.fit(maxiter=_ITERATIONS, tol=1e-10)
        except (ValueError, np.linalg.LinAlgError) as error:
            raise NotEstimated("no convergence (the iterations left the range of numbers)") from error


def _fail_if_separated(sample: Sample, result: GLMResults, distance: Array, bounds: tuple[Mask, Mask]) -> None:
    """NotEstimated if the fit did not converge or ran to a bound because some columns separate the outcomes."""
    if result.converged and distance.min() > _AT_THE_BOUND:
        return
    columns = separating_columns(sample.exogenous.columns, *bounds)
    if columns:
        raise NotEstimated(f"separation by {', '.join(sample.exogenous.names[index] for index in columns)}")
    if not result.converged:
        raise NotEstimated(f"no convergence after {_ITERATIONS} iterations")


def _estimates(sample: Sample, result: GLMResults, name: str) -> Estimates:
    params = np.asarray(result.params)
    weighted = sample.weights is not None
    return Estimates(
        terms=sample.exogenous.names,
        params=params,
        scores=result.model.score_obs(params, scale=1.0),
        information=-result.model.hessian(params, scale=1.0),
        design=sample.exogenous.columns,
        linear=False,
        loglik=float("nan") if weighted else float(result.llf),
        r2=float("nan") if weighted else 1 - float(result.llf) / float(result.llnull),
        converged=bool(result.converged),
        engine=f"statsmodels {statsmodels.__version__} GLM {name}",
    )
