"""The one shape in which every engine answers.

An engine hands back its parameters together with the score of each row and the information matrix (minus the Hessian of
what it maximises), so that one sandwich in `covariance.py` serves all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.bounded import Scale
from innosurvey.models.spec import CovarianceSpec

if TYPE_CHECKING:  # which itself says why a matrix can't be made
    from innosurvey.models.matrix import Block


class NotEstimated(Exception):
    """A model can't be estimated on these firms. The fit becomes a row whose status is the reason; nothing stops."""

    @property
    def reason(self) -> str:
        """Why, in a few words, without a firm's answers."""
        return str(self.args[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A diagnostic of a fit or a test of a hypothesis: F where `df2` is finite, else chi-squared with `df`; `note` says
    what it tells, and p is NaN for a number without a distribution.
    """

    name: str
    statistic: float
    df: float = float("nan")
    df2: float = inf
    p: float = float("nan")
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How alike the treated and the others are in one covariate: means, and standardised differences before and after
    weighting or matching.
    """

    covariate: str
    treated: float
    control: float
    control_weighted: float
    difference: float
    difference_weighted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an engine says once the declared covariance is known: tests that rest on it, and notes on the fit."""

    tests: tuple[Test, ...] = ()
    warnings: tuple[str, ...] = ()


Judge = Callable[[CovarianceSpec], Judgement]
"""From the declared covariance to what rests on it: the strength of instruments, a robust Hausman test."""

Predict = Callable[[Array, Mapping[str, Array]], Array]
"""Parameters and the design of each equation by its name (the model's own: an empty name) to what is predicted of each
row, rows × kinds of prediction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """What an engine found.

    `scores` has a row per row of the sample and a column per parameter, and sums to zero at the estimate. `information`
    is X'X for least squares (whose classical covariance is `dispersion` times its inverse), minus the Hessian of the
    log-likelihood otherwise, and for estimates in several steps the Jacobian of the summed moments, with its sign
    turned; it need not be symmetric. `expected` is the expectation of that curvature, where it is known and differs.
    `model_based` is the classical covariance where it is none of these. `leverage`
    are the h of each row, for HC2 and HC3. `design` holds the regressors as the engine used them (demeaned under fixed
    effects). `used` are the rows of the sample that the estimate was made from, None for all: scores are zero on the
    others. `gradient` are the summed scores where the rows' scores are not taken at the estimate itself. `r2` is within
    firms under fixed effects and McFadden's for likelihoods; `loglik` and `r2` are NaN where they mean nothing. `judge`
    adds what rests on the declared covariance. `predict` returns the predictions named by `predicted`, for average
    marginal effects; it does so from `own`, the columns of the model's own equation on the rows `used`, where the
    engine made others than the sample's. `scales` are the scales of bounded parameters (`bounded.py`).
    """

    terms: tuple[str, ...]
    params: Array
    scores: Array
    information: Array
    design: Array
    rss: float = float("nan")
    linear: bool
    loglik: float
    r2: float
    converged: bool = True
    warnings: tuple[str, ...] = ()
    engine: str
    model_based: Array | None = None
    expected: Array | None = None
    leverage: Array | None = None
    used: Mask | None = None
    gradient: Array | None = None
    tests: tuple[Test, ...] = ()
    judge: Judge | None = None
    balance: tuple[Balance, ...] = ()
    predict: Predict | None = None
    predicted: tuple[str, ...] = ()
    own: "Block | None" = None
    scales: Mapping[str, Scale] = field(default_factory=dict)

    @property
    def gradient_norm(self) -> float:
        """The length of the summed scores in the metric of the information: how far a Newton step would still go, in
        units that do not depend on those of the regressors.
        """
        total = self.scores.sum(axis=0) if self.gradient is None else self.gradient
        step = np.linalg.lstsq(self.information, total, rcond=None)[0]
        return float(np.sqrt(abs(total @ step)))

    @property
    def distance(self) -> float:
        """How far a Newton step would still go, in robust standard errors of all parameters together: it does not
        depend on the units of the outcome either.
        """
        spread = np.linalg.lstsq(self.information, self.scores.T @ self.scores, rcond=None)[0]
        size = float(np.sqrt(abs(np.trace(spread))))
        return self.gradient_norm / size if size > 0 else 0.0


def reparametrised(scores: Array, information: Array, jacobian: Array) -> tuple[Array, Array]:
    """Return scores and information in other parameters, whose derivatives by the present ones are `jacobian` (new ×
    present, square): exact at the optimum, and the same as the delta method.
    """
    back = np.linalg.inv(jacobian)
    return scores @ back, back.T @ information @ back
