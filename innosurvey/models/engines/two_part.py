"""Whether at all, and how much: two-part models of amounts, and the hurdle model of counts.

The two parts share no parameter, so their likelihoods are maximised apart and their scores stacked side by side; the
information is block diagonal, and clusters correlate the parts as they should. Parameters: the second part's, then
`participation/<term>`, then `smearing` (Duan 1983) or `alpha`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.engines.parts import (
    ENGINE,
    FEWEST,
    counted,
    fail_if_dependent,
    fail_if_not_converged,
    fitted_binary,
    prefixed,
)
from innosurvey.models.engines.selection import chi_squared
from innosurvey.models.estimates import Estimates, NotEstimated, Test, reparametrised
from innosurvey.models.kernels import counts
from innosurvey.models.kernels.binary import Link, probability
from innosurvey.models.kernels.index import Fitted
from innosurvey.models.kernels.leastsquares import slopes_of
from innosurvey.models.kernels.means import fit_exponential_mean
from innosurvey.models.sample import Sample
from innosurvey.models.spec import MAIN

PARTICIPATION = "participation"
PREDICTED = ("mean", "any", "mean_if_any")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Second:
    """The second part on the positive rows: parameters, scores, information (or Jacobian), ancillary names."""

    params: Array
    scores: Array
    information: Array
    loglik: float = float("nan")
    ancillary: tuple[str, ...] = ()
    truncated: bool = False
    tests: tuple[Test, ...] = ()


def fit_two_part(sample: Sample) -> Estimates:
    """Return participation and amount; NotEstimated if there are no zeros, hardly any amounts, or under separation."""
    positive = _positive(sample)
    amounts, design, weights = _where(sample, positive)
    second = sample.options["amounts"]
    if second == "log":
        part = _log_amounts(amounts, design, weights)
    else:
        fitted = fit_exponential_mean(amounts, design, second, weights)
        fail_if_not_converged(fitted, "the amounts")
        part = _Second(params=fitted.params, scores=fitted.scores, information=fitted.information)
    return _stacked(sample, positive, part, f"two-part, {second}")


def fit_nb_hurdle(sample: Sample) -> Estimates:
    """Return the chance of any and the positive count.

    NotEstimated if there are no zeros, or alpha runs to 0 (`counts: poisson` has none) or without end: positive counts
    that are more spread than a logarithmic series, the limit of the truncated NB2, have no largest likelihood.
    """
    positive = _positive(sample)
    number, design, weights = _where(sample, positive)
    if number.max() == 1:
        raise NotEstimated("no count is above 1")
    poisson = counts.fit_truncated_poisson(number, design, weights)
    fail_if_not_converged(poisson, "the positive counts")
    if sample.options["counts"] == "poisson":
        return _stacked(sample, positive, _counted(poisson), "hurdle, truncated Poisson")
    fitted = counts.fit_truncated_nb2(number, design, weights)
    if fitted.params[-1] < counts.POISSON_LOG_ALPHA:
        raise NotEstimated("alpha runs to 0: the positive counts vary no more than Poisson; set `counts: poisson`")
    if fitted.params[-1] > counts.SERIES_LOG_ALPHA:
        raise NotEstimated(
            "alpha grows without end: the positive counts are more spread than a logarithmic series; "
            "ask for their mean with `estimator: two_part`, `amounts: poisson`"
        )
    fail_if_not_converged(fitted, "the positive counts")
    tests = () if weights is not None else (_overdispersion(fitted, poisson),)
    return _stacked(sample, positive, _with_alpha(fitted, tests), "hurdle, truncated NB2")


def _positive(sample: Sample) -> Mask:
    positive = sample.outcome > 0
    if positive.all():
        raise NotEstimated("no outcome is zero: there is no first part")
    if positive.sum() < max(FEWEST, sample.exogenous.columns.shape[1] + 2):
        raise NotEstimated("too few positive outcomes for the second part")
    fail_if_dependent(sample.exogenous, "the second part", positive)
    return positive


def _where(sample: Sample, positive: Mask) -> tuple[Array, Array, Array | None]:
    weights = None if sample.weights is None else sample.weights[positive]
    return sample.outcome[positive], sample.exogenous.columns[positive], weights


def _log_amounts(amounts: Array, design: Array, weights: Array | None) -> _Second:
    """Return least squares of the logarithm, with the smearing factor, the mean of exp(residual), as a parameter."""
    w = np.ones(len(amounts)) if weights is None else weights
    logs = np.log(amounts)
    slopes = slopes_of(logs, design, w)
    residuals = logs - design @ slopes
    factors = np.exp(residuals)
    smearing = float(w @ factors / w.sum())
    moved = (w * factors) @ design
    information = np.block(
        [[design.T @ (design * w[:, None]), np.zeros((len(slopes), 1))], [moved[None, :], np.array([[w.sum()]])]]
    )
    return _Second(
        params=np.append(slopes, smearing),
        scores=np.column_stack([design * (w * residuals)[:, None], w * (factors - smearing)]),
        information=information,
        ancillary=("smearing",),
    )


def _counted(fitted: Fitted) -> _Second:
    return _Second(
        params=fitted.params,
        scores=fitted.scores,
        information=fitted.information,
        loglik=fitted.loglik,
        truncated=True,
    )


def _with_alpha(fitted: Fitted, tests: tuple[Test, ...]) -> _Second:
    alpha = np.exp(fitted.params[-1])
    jacobian = np.diag(np.append(np.ones(len(fitted.params) - 1), alpha))
    scores, information = reparametrised(fitted.scores, fitted.information, jacobian)
    return _Second(
        params=np.append(fitted.params[:-1], alpha),
        scores=scores,
        information=information,
        loglik=fitted.loglik,
        ancillary=("alpha",),
        truncated=True,
        tests=tests,
    )


def _overdispersion(fitted: Fitted, poisson: Fitted) -> Test:
    """Return the likelihood ratio test of alpha = 0, which lies at the bound: half the mass is at zero."""
    plain = chi_squared("alpha = 0 (likelihood ratio)", max(2 * (fitted.loglik - poisson.loglik), 0.0))
    return Test(
        name=plain.name,
        statistic=plain.statistic,
        df=plain.df,
        df2=plain.df2,
        p=plain.p / 2,
        note="p halved: alpha = 0 is the bound",
    )


def _stacked(sample: Sample, positive: Mask, second: _Second, name: str) -> Estimates:
    equation = sample.equations[PARTICIPATION]
    link: Link = sample.options["participation_link"]
    first = fitted_binary(
        positive.astype(float), equation.exogenous, sample.weights, "the participation equation", link
    )
    k, extra, m = len(first.params), len(second.ancillary), len(sample.exogenous.names)
    scores = np.zeros((len(positive), m + k + extra))
    own = np.r_[:m, m + k : m + k + extra]
    scores[np.ix_(positive, own)] = second.scores
    scores[:, m : m + k] = first.scores
    information = np.zeros((m + k + extra, m + k + extra))
    information[np.ix_(own, own)] = second.information
    information[m : m + k, m : m + k] = first.information
    return Estimates(
        terms=(*sample.exogenous.names, *prefixed(PARTICIPATION, equation.exogenous.names), *second.ancillary),
        params=np.concatenate([second.params[:m], first.params, second.params[m:]]),
        scores=scores,
        information=information,
        design=sample.exogenous.columns[positive],
        linear=False,
        loglik=first.loglik + second.loglik if sample.weights is None else float("nan"),
        r2=float("nan"),
        converged=first.converged,
        tests=(*counted("outcomes above zero", positive), *second.tests),
        predict=_Prediction(link=link, truncated=second.truncated, width=(m, k)),
        predicted=PREDICTED,
        scales=dict.fromkeys(second.ancillary, "log"),
        engine=f"{ENGINE} {name}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prediction:
    """The mean of the outcome, the probability that it is positive, and its mean if it is. `width` says how many
    parameters the two parts have.
    """

    link: Link
    truncated: bool
    width: tuple[int, int]

    def __call__(self, params: Array, designs: Mapping[str, Array]) -> Array:
        """Return the three on each row (n × 3)."""
        second, first, rest = np.split(params, np.cumsum(self.width))
        chance, _ = probability(designs[PARTICIPATION] @ first, self.link)
        index = designs[MAIN] @ second
        if self.truncated:
            alpha = float(rest[0]) if len(rest) else 0.0
            mean = np.exp(index) / (1 - counts.zero_chance(index, alpha))
        else:
            mean = np.exp(index) * (rest[0] if len(rest) else 1.0)
        return np.column_stack([chance * mean, chance, mean])
