"""The propensity: the probability of treatment given covariates, by logit or probit.

Maximum likelihood by Newton's method with observed information; both likelihoods are concave, so that a step that does
not raise the likelihood is halved.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, log_expit, log_ndtr, ndtr

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.kernels.moments import Moments

Link = Literal["logit", "probit"]
_ITERATIONS = 100
# Steps end when a row's part in the Newton decrement is this small: the gradient is then rounding.
_CLOSE_ENOUGH = 1e-22


@dataclass(frozen=True, slots=True, kw_only=True)
class Propensity:
    """The fitted propensity: its moments, the index z'γ, the probability and its derivative by the index (all (n,)),
    and the columns z (n, q).
    """

    moments: Moments
    index: Array
    probability: Array
    slope: Array
    columns: Array


def fit_propensity(treated: Mask, columns: Array, weights: Array, link: Link = "logit") -> Propensity:
    """Return the weighted maximum-likelihood propensity; NotEstimated without convergence (separation, mostly)."""
    sign = np.where(treated, 1.0, -1.0)
    params = np.zeros(columns.shape[1])
    for _ in range(_ITERATIONS):
        gradients, curvature = _derivatives(sign, columns @ params, link)
        scores = columns * (weights * gradients)[:, None]
        information = columns.T @ (columns * (weights * curvature)[:, None])
        gradient = scores.sum(axis=0)
        step = _newton_step(information, gradient)
        if gradient @ step <= _CLOSE_ENOUGH * len(columns):
            return _propensity(Moments(params=params, scores=scores, jacobian=information), columns, link)
        params = params + _uphill(sign, columns, weights, link, params, step)
    raise NotEstimated(f"no convergence of the propensity after {_ITERATIONS} iterations")


def _newton_step(information: Array, gradient: Array) -> Array:
    try:
        step = np.linalg.solve(information, gradient)
    except np.linalg.LinAlgError as error:
        raise NotEstimated("the propensity's information matrix is singular") from error
    if not np.isfinite(step).all():
        raise NotEstimated("no convergence of the propensity (the iterations left the range of numbers)")
    return step


def _uphill(sign: Array, columns: Array, weights: Array, link: Link, params: Array, step: Array) -> Array:
    """Return the step, halved until the likelihood does not fall."""
    log_probability = log_expit if link == "logit" else log_ndtr
    before = weights @ log_probability(sign * (columns @ params))
    while weights @ log_probability(sign * (columns @ (params + step))) < before - 1e-10 * abs(before):
        step = step / 2
    return step


def _derivatives(sign: Array, index: Array, link: Link) -> tuple[Array, Array]:
    """Return each row's derivative of its log-likelihood by the index, and minus the second derivative."""
    if link == "logit":
        probability = expit(index)
        return (sign > 0) - probability, probability * (1 - probability)
    mills = sign * np.exp(-(index**2) / 2 - log_ndtr(sign * index)) / np.sqrt(2 * np.pi)
    return mills, mills * (mills + index)


def _propensity(moments: Moments, columns: Array, link: Link) -> Propensity:
    index = columns @ moments.params
    probability = expit(index) if link == "logit" else ndtr(index)
    slope = probability * (1 - probability) if link == "logit" else np.exp(-(index**2) / 2) / np.sqrt(2 * np.pi)
    return Propensity(moments=moments, index=index, probability=probability, slope=slope, columns=columns)
