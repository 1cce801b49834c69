"""Tobit: an outcome that is seen only between limits, such as R&D intensity with its mass at zero.

Options `lower` (0 unless said otherwise) and `upper` (none). Parameters: the regressors' effects on the latent outcome,
and `sigma`. What is predicted: the mean of the outcome as it is seen, and the probability of lying within the limits.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr

from innosurvey.models.arrays import Array
from innosurvey.models.engines.parts import ENGINE, FEWEST, counted, fail_if_not_converged
from innosurvey.models.estimates import Estimates, NotEstimated, reparametrised
from innosurvey.models.kernels import tobit
from innosurvey.models.kernels.normal import log_density
from innosurvey.models.kernels.tobit import Limits
from innosurvey.models.sample import Sample
from innosurvey.models.spec import MAIN


def fit_tobit(sample: Sample) -> Estimates:
    """Return the Tobit; NotEstimated if nearly all outcomes are at a limit, or without convergence."""
    limits = limits_of(sample)
    warnings = _fail_or_warn(sample.outcome, limits)
    fitted = tobit.fit_tobit(sample.outcome, sample.exogenous.columns, limits, sample.weights)
    fail_if_not_converged(fitted, "the likelihood")
    params, jacobian = tobit.natural(fitted)
    scores, information = reparametrised(fitted.scores, fitted.information, jacobian)
    return Estimates(
        terms=(*sample.exogenous.names, "sigma"),
        params=params,
        scores=scores,
        information=information,
        design=sample.exogenous.columns,
        linear=False,
        loglik=fitted.loglik if sample.weights is None else float("nan"),
        r2=float("nan"),
        converged=fitted.converged,
        warnings=warnings,
        tests=(
            *counted("outcomes at the lower limit", sample.outcome <= limits.lower),
            *counted("outcomes at the upper limit", sample.outcome >= limits.upper),
        ),
        predict=_Prediction(limits),
        predicted=("seen", "within"),
        scales={"sigma": "log"},
        engine=f"{ENGINE} Tobit",
    )


def limits_of(sample: Sample) -> Limits:
    """Return the limits that the model declares; NotEstimated if they are none, or in the wrong order."""
    lower, upper = sample.options["lower"], sample.options["upper"]
    limits = Limits(lower=-np.inf if lower is None else float(lower), upper=np.inf if upper is None else float(upper))
    if not limits.lower < limits.upper:
        raise NotEstimated("the lower limit is not below the upper one")
    return limits


def _fail_or_warn(outcome: Array, limits: Limits) -> tuple[str, ...]:
    within = (outcome > limits.lower) & (outcome < limits.upper)
    if within.sum() < FEWEST:
        raise NotEstimated(f"fewer than {FEWEST} outcomes within the limits")
    found = []
    if within.all():
        found.append("no outcome is at a limit: this is least squares")
    if ((outcome < limits.lower) | (outcome > limits.upper)).any():
        found.append("outcomes beyond a limit count as at it")
    return tuple(found)


class _Prediction:
    """The mean of the outcome as it is seen, and the probability of lying within the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def __call__(self, params: Array, designs: Mapping[str, Array]) -> Array:
        """Return both on each row (n × 2)."""
        index, sigma = designs[MAIN] @ params[:-1], params[-1]
        low, high = (self.limits.lower - index) / sigma, (self.limits.upper - index) / sigma
        below, above = ndtr(low), ndtr(-high)
        within = 1 - below - above
        seen = index * within + sigma * (_density(low) - _density(high))
        if np.isfinite(self.limits.lower):
            seen = seen + self.limits.lower * below
        if np.isfinite(self.limits.upper):
            seen = seen + self.limits.upper * above
        return np.column_stack([seen, within])


def _density(x: Array) -> Array:
    return np.exp(log_density(x))
