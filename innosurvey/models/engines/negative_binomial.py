"""NB2: counts whose variance exceeds their mean by α times its square (Cameron and Trivedi 2013, section 3.3).

The likelihood is the package's own (`kernels/nb2.py`), because statsmodels' has no weights. It starts from the Poisson
model, which is what is left where counts are not overdispersed: α is then at its bound, 0, and is no parameter that
could have a standard error. Two tests ask whether Poisson would do: the likelihood ratio, whose p is halved because α
can't be negative, and the regression of Cameron and Trivedi (1990), which needs no likelihood.
"""

from dataclasses import replace
from math import inf

import numpy as np
from scipy.special import gammaln, ndtr

from innosurvey.distributions import chi_squared_test
from innosurvey.models.arrays import Array
from innosurvey.models.engines.likelihood import fit_poisson, offset_of, poisson, polished
from innosurvey.models.estimates import Estimates, NotEstimated, Test
from innosurvey.models.kernels.nb2 import NegativeBinomial, fit_nb2, overdispersion
from innosurvey.models.response import IndexMean
from innosurvey.models.sample import Sample

_SMALLEST_ALPHA = 1e-8
_LARGEST_COUNT = 1_000_000
"""The likelihood has a term for each number below a count: what is larger is an amount, and would take minutes."""


def fit_negative_binomial(sample: Sample) -> Estimates:
    """Return the NB2 estimate, `alpha` last; the Poisson estimate, with a warning, where α is at its bound.

    Raises NotEstimated under separation, without convergence, or for amounts.
    """
    counts = sample.outcome
    if counts.max() > _LARGEST_COUNT:
        raise NotEstimated(f"the outcome goes beyond {_LARGEST_COUNT:,}: an amount, for which there is poisson")
    start = polished(sample, poisson(sample), "exponential")
    weights = np.ones(len(counts)) if sample.weights is None else sample.weights
    design, offset = sample.exogenous.columns, offset_of(sample)
    means = np.exp(design @ start + offset)
    if overdispersion(means, counts, weights) <= 0:
        return _at_the_bound(sample, means)
    found = fit_nb2(design, counts, weights, start, offset)
    if found.params[-1] < _SMALLEST_ALPHA:
        return _at_the_bound(sample, means)
    if not found.converged:
        raise NotEstimated("no convergence of the negative binomial likelihood")
    return _estimates(sample, found, means)


def _estimates(sample: Sample, found: NegativeBinomial, means: Array) -> Estimates:
    whole = sample.weights is None
    constant = np.ones((len(means), 1))
    offset = offset_of(sample)
    rate = np.log([sample.outcome.sum() / (constant[:, 0] * np.exp(offset)).sum()])
    null = fit_nb2(constant, sample.outcome, constant[:, 0], rate, offset) if whole else None
    return Estimates(
        terms=(*sample.exogenous.names, "alpha"),
        params=found.params,
        scores=found.scores,
        information=found.information,
        expected=_expected(sample, found),
        design=sample.exogenous.columns,
        linear=False,
        loglik=found.loglik if whole else float("nan"),
        r2=float("nan") if null is None else 1 - found.loglik / null.loglik,
        tests=overdispersion_tests(sample.outcome, means, found.loglik) if whole else (),
        predict=IndexMean(link="exponential", offset=offset),
        scales={"alpha": "log"},
        engine="innosurvey NB2",
    )


def _expected(sample: Sample, found: NegativeBinomial) -> Array:
    """Return the information to be expected of the slopes, with that of α as observed: they are then unrelated."""
    design, alpha = sample.exogenous.columns, found.params[-1]
    means = np.exp(design @ found.params[:-1] + offset_of(sample))
    weights = means / (1 + alpha * means) * (1.0 if sample.weights is None else sample.weights)
    information = np.zeros_like(found.information)
    information[:-1, :-1] = design.T @ (design * weights[:, None])
    information[-1, -1] = found.information[-1, -1]
    return information


def _at_the_bound(sample: Sample, means: Array) -> Estimates:
    """Return the Poisson estimate, which is the NB2 estimate with α = 0."""
    estimates = fit_poisson(sample)
    tests = overdispersion_tests(sample.outcome, means, estimates.loglik) if sample.weights is None else ()
    warning = "no overdispersion: alpha is at its bound 0, where the model is Poisson"
    return replace(estimates, warnings=(*estimates.warnings, warning), tests=tests, engine="innosurvey NB2 (Poisson)")


def overdispersion_tests(counts: Array, means: Array, loglik: float) -> tuple[Test, ...]:
    """Return the tests of α = 0 against α > 0: the likelihood ratio, and t of Cameron and Trivedi (1990).

    `means` are those of the Poisson model. The ratio is zero half of the time if α is 0 (Self and Liang 1987).
    """
    of_poisson = float(np.sum(counts * np.log(means) - means - gammaln(counts + 1)))
    ratio = max(0.0, 2 * (loglik - of_poisson))
    excess = ((counts - means) ** 2 - counts) / means
    slope = float(means @ excess) / float(means @ means)
    spread = float(np.sum((excess - slope * means) ** 2)) / (len(counts) - 1)
    t = slope / np.sqrt(spread / float(means @ means))
    return (
        Test(
            name="overdispersion: likelihood ratio against Poisson",
            statistic=ratio,
            df=1.0,
            df2=inf,
            p=chi_squared_test(ratio, 1) / 2 if ratio > 0 else 1.0,
            note="alpha = 0 is at the bound: p is half of the chi-squared tail",
        ),
        Test(
            name="overdispersion: Cameron-Trivedi",
            statistic=float(t),
            df=1.0,
            df2=inf,
            p=float(ndtr(-t)),
            note="t of the regression of ((y - m)^2 - y) / m on m, one-sided",
        ),
    )
