"""Logit, probit, fractional logit and Poisson by statsmodels, as generalised linear models.

Fractional logit and Poisson are quasi-likelihoods: right for a share, or for any outcome that is not negative, whose
mean has the form of the model, given robust or clustered errors (Papke and Wooldridge 1996; Gourieroux, Monfort and
Trognon 1984). With survey weights all are pseudo-likelihoods, and their log-likelihood is not reported. The iterations
of statsmodels end with a step of Newton's method, after which the scores sum to zero to rounding. A fit that drifts
towards infinity is looked at for separation.
"""

import warnings

import numpy as np
import statsmodels
from scipy.special import log_ndtr
from statsmodels.genmod import families  # not statsmodels.api, whose import takes longer than a batch's fits
from statsmodels.genmod.generalized_linear_model import GLM, GLMResults

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.kernels.binary import logit_likelihood, probit_likelihood
from innosurvey.models.kernels.normal import log_density
from innosurvey.models.response import IndexMean, Link
from innosurvey.models.sample import Sample
from innosurvey.models.separation import is_pinned, separating_columns

# A fitted probability or mean this close to its bound is where an estimate that runs away stops.
AT_THE_BOUND = 1e-6
_ITERATIONS = 100
_POLISHING = 3
_FRACTIONAL = "fractional Logit"


def fit_logit(sample: Sample) -> Estimates:
    """Return the logit of a 0/1 outcome; NotEstimated under separation or without convergence."""
    return _fit_binary(sample, families.Binomial(), ("Logit", "logistic"))


def fit_probit(sample: Sample) -> Estimates:
    """Return the probit of a 0/1 outcome; NotEstimated under separation or without convergence."""
    return _fit_binary(sample, families.Binomial(families.links.Probit()), ("Probit", "normal"))


def _fit_binary(sample: Sample, family: families.Family, called: tuple[str, Link]) -> Estimates:
    name, link = called
    result = _fit(sample, family)
    fail_if_separated(sample, result, (sample.outcome == 0, sample.outcome == 1))
    return _estimates(sample, result, name, link)


def fit_fractional_logit(sample: Sample) -> Estimates:
    """Return the fractional logit of a share from 0 to 1; NotEstimated under separation or without convergence."""
    return _fit_binary(sample, families.Binomial(), (_FRACTIONAL, "logistic"))


def fit_poisson(sample: Sample) -> Estimates:
    """Return the Poisson quasi-likelihood estimate; NotEstimated under separation or without convergence."""
    return _estimates(sample, poisson(sample), "Poisson", "exponential")


def poisson(sample: Sample) -> GLMResults:
    """Return statsmodels' Poisson fit; NotEstimated under separation or without convergence."""
    result = _fit(sample, families.Poisson())
    never = np.zeros(len(sample.outcome), dtype=bool)
    fail_if_separated(sample, result, (sample.outcome == 0, never))
    return result


def _fit(sample: Sample, family: families.Family) -> GLMResults:
    columns, offset = sample.exogenous.columns, sample.offset
    model = GLM(sample.outcome, columns, family=family, freq_weights=sample.weights, offset=offset)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what statsmodels warns of (separation, no convergence) is looked at below
        try:
            return model.fit(maxiter=_ITERATIONS, tol=1e-10)
        except (ValueError, np.linalg.LinAlgError) as error:
            raise NotEstimated("no convergence (the iterations left the range of numbers)") from error


def fail_if_separated(sample: Sample, result: GLMResults, bounds: tuple[Mask, Mask]) -> None:
    """NotEstimated if the fit did not converge or ran to a bound because some columns separate the outcomes.

    `bounds` are the rows whose outcome is at its lower and at its upper bound.
    """
    upper = np.inf if isinstance(result.model.family, families.Poisson) else 1.0
    distance = np.minimum(result.fittedvalues, upper - result.fittedvalues)
    if result.converged and distance.min() > AT_THE_BOUND:
        return
    design = sample.exogenous.columns
    weights = result.model.hessian_factor(result.params, scale=1.0, observed=False)
    if result.converged and is_pinned(design, design.T @ (design * weights[:, None])):
        return
    columns = separating_columns(design, *bounds)
    if columns:
        raise NotEstimated(f"separation by {', '.join(sample.exogenous.names[index] for index in columns)}")
    if not result.converged:
        raise NotEstimated(f"no convergence after {_ITERATIONS} iterations")


def _estimates(sample: Sample, result: GLMResults, name: str, link: Link) -> Estimates:
    params = polished(sample, result, link)
    design, weights = sample.exogenous.columns, _weights(sample)
    index = design @ params + offset_of(sample)
    surprise, curvature = _derivatives(link, sample.outcome, index)
    whole = sample.weights is None and name != _FRACTIONAL
    expected = weights * _expected_curvature(link, index)
    return Estimates(
        terms=sample.exogenous.names,
        params=params,
        scores=design * (weights * surprise)[:, None],
        information=design.T @ (design * (weights * curvature)[:, None]),
        design=design,
        linear=False,
        loglik=float(result.llf) if whole else float("nan"),
        r2=1 - float(result.llf) / float(result.llnull) if whole else float("nan"),
        converged=bool(result.converged),
        expected=design.T @ (design * expected[:, None]),
        leverage=_leverage(design, expected),
        predict=IndexMean(link=link, offset=offset_of(sample)),
        engine=f"statsmodels {statsmodels.__version__} GLM {name}",
    )


def polished(sample: Sample, result: GLMResults, link: Link) -> Array:
    """Return the parameters after Newton steps: the iterations stop where the deviance no longer moves, which leaves
    the parameters with half of its digits.
    """
    params = np.asarray(result.params)
    design, weights = sample.exogenous.columns, _weights(sample)
    for _ in range(_POLISHING):
        surprise, curvature = _derivatives(link, sample.outcome, design @ params + offset_of(sample))
        information = design.T @ (design * (weights * curvature)[:, None])
        params = params + np.linalg.solve(information, design.T @ (weights * surprise))
    return params


def offset_of(sample: Sample) -> Array | float:
    """Return what is added to the index of each row."""
    return 0.0 if sample.offset is None else sample.offset


def _weights(sample: Sample) -> Array:
    return np.ones(len(sample.outcome)) if sample.weights is None else sample.weights


def _derivatives(link: Link, outcome: Array, index: Array) -> tuple[Array, Array]:
    """Return the first and minus the second derivative of each row's likelihood by its index. statsmodels has them too,
    but divides by zero where a probability is 1 to the last digit.
    """
    if link == "exponential":
        return outcome - np.exp(index), np.exp(index)
    likelihood = logit_likelihood(outcome) if link == "logistic" else probit_likelihood(outcome)
    pieces = likelihood((index,))
    return pieces.first[0], -pieces.second[0, 0]


def _expected_curvature(link: Link, index: Array) -> Array:
    """Return the weights of the last weighted least squares."""
    if link == "normal":
        return np.asarray(np.exp(2 * log_density(index) - log_ndtr(index) - log_ndtr(-index)))
    return _derivatives(link, np.zeros(len(index)), index)[1]


def _leverage(design: Array, weights: Array) -> Array:
    """Return the diagonal of the hat matrix of weighted least squares (McCullagh and Nelder 1989, section 12.7.1)."""
    inverse = np.linalg.inv(design.T @ (design * weights[:, None]))
    return np.asarray(weights * np.einsum("ij,ij->i", design @ inverse, design))
