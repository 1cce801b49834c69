"""Heckman's selection model, by maximum likelihood and in two steps.

Parameters: the outcome equation's, `selection/<term>`, then `sigma` and `rho` (maximum likelihood) or `lambda`, the
coefficient on the Mills ratio (two steps). What makes them doubtful is said in `warnings`: a selection equation that
has no column of its own, a Mills ratio that the regressors explain, a correlation at or beyond its bounds.
"""

from dataclasses import dataclass

import numpy as np

from innosurvey.distributions import chi_squared_test
from innosurvey.models.arrays import Array, Mask
from innosurvey.models.collinearity import condition_number
from innosurvey.models.engines.linear import fail_if_exact
from innosurvey.models.engines.parts import (
    ENGINE,
    FEWEST,
    counted,
    fail_if_dependent,
    fail_if_not_converged,
    fitted_binary,
    prefixed,
)
from innosurvey.models.estimates import Estimates, NotEstimated, Test, reparametrised
from innosurvey.models.kernels import heckman
from innosurvey.models.kernels.index import Fitted
from innosurvey.models.kernels.leastsquares import slopes_of
from innosurvey.models.kernels.normal import HALF_LOG_TWO_PI
from innosurvey.models.kernels.twostep import TwoStep, fit_two_step
from innosurvey.models.matrix import Block
from innosurvey.models.sample import Sample

SELECTION = "selection"
# Share of the Mills ratio that the regressors explain from which its coefficient is mostly theirs: a variance
# inflation of ten.
EXPLAINED = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A selection model's data: outcome (0 where not selected), both blocks on all rows, who is selected, weights."""

    outcome: Array
    main: Block
    selection: Block
    selected: Mask
    weights: Array | None

    @property
    def designs(self) -> tuple[Array, Array]:
        """The columns of selection and outcome."""
        return self.selection.columns, self.main.columns


def fit_heckman(sample: Sample) -> Estimates:
    """Return the maximum likelihood estimate, with tests of rho = 0.

    NotEstimated under separation, if all or none are selected, or if rho runs to its bound.
    """
    parts = parts_of(sample)
    first, steps = two_steps(parts)
    fitted = maximum(parts, first, steps)
    params, jacobian = heckman.natural(fitted)
    k = len(first.params)
    scores, information = reparametrised(fitted.scores, fitted.information, jacobian)
    order = np.r_[k : len(params) - 2, :k, len(params) - 2 : len(params)]
    weighted = parts.weights is not None
    return Estimates(
        terms=(*parts.main.names, *prefixed(SELECTION, parts.selection.names), "sigma", "rho"),
        params=params[order],
        scores=scores[:, order],
        information=information[np.ix_(order, order)],
        design=parts.main.columns[parts.selected],
        linear=False,
        loglik=float("nan") if weighted else fitted.loglik,
        r2=float("nan"),
        converged=fitted.converged,
        warnings=(*doubts(parts, steps), *at_the_bound(float(params[-1]))),
        tests=(
            *counted("outcomes observed", parts.selected),
            *(() if weighted else _tests_of_independence(parts, first, fitted)),
        ),
        scales={"sigma": "log", "rho": "atanh"},
        engine=f"{ENGINE} Heckman ML",
    )


def fit_heckman_two_step(sample: Sample) -> Estimates:
    """Return the two-step estimate; `model_based` is Heckman's corrected covariance.

    NotEstimated under separation, or if all or none are selected.
    """
    parts = parts_of(sample)
    first, steps = two_steps(parts)
    k = len(first.params)
    order = np.r_[k : len(steps.params) - 1, :k, len(steps.params) - 1]
    return Estimates(
        terms=(*parts.main.names, *prefixed(SELECTION, parts.selection.names), "lambda"),
        params=steps.params[order],
        scores=steps.scores[:, order],
        information=steps.jacobian[np.ix_(order, order)],
        model_based=steps.model_based[np.ix_(order, order)],
        design=steps.second,
        linear=False,
        loglik=float("nan"),
        r2=float("nan"),
        warnings=(*doubts(parts, steps), *_beyond(steps.rho)),
        tests=(
            *counted("outcomes observed", parts.selected),
            Test(name="sigma", statistic=steps.sigma, note="of the outcome's error"),
            Test(name="rho", statistic=steps.rho, note="lambda / sigma; the test of rho = 0 is that of lambda"),
        ),
        engine=f"{ENGINE} Heckman two-step",
    )


def parts_of(sample: Sample) -> Parts:
    """Return the parts of the selection model; NotEstimated if regressors can't be told apart among the selected."""
    selection = sample.equations[SELECTION]
    selected = selection.outcome == 1
    parts = Parts(
        outcome=np.where(selected, sample.outcome, 0.0),
        main=sample.exogenous,
        selection=selection.exogenous,
        selected=selected,
        weights=sample.weights,
    )
    fail_if_dependent(parts.main, "the outcome equation", selected)
    return parts


def two_steps(parts: Parts) -> tuple[Fitted, TwoStep]:
    """Return the probit of being selected, and both steps; NotEstimated if there is none, or if the outcome is exact:
    its likelihood has no maximum, and would be climbed for long.
    """
    first = fitted_binary(parts.selected.astype(float), parts.selection, parts.weights, "the selection equation")
    if parts.selected.sum() < max(FEWEST, parts.main.columns.shape[1] + 2):
        raise NotEstimated("too few selected firms for the outcome equation")
    steps = fit_two_step(parts.outcome, parts.designs, parts.selected, first, parts.weights)
    fail_if_exact(
        steps.sigma**2, parts.outcome[parts.selected], np.full(parts.selected.sum(), 1 / parts.selected.sum())
    )
    return first, steps


def maximum(parts: Parts, first: Fitted, steps: TwoStep) -> Fitted:
    """Return the maximum of the likelihood, searched from the two steps, and from rho = 0 if that does not arrive.

    NotEstimated without convergence, or if rho runs to its bound.
    """
    k = len(first.params)
    tried: list[Fitted] = []
    for rho in (steps.rho, 0.0):
        start = np.concatenate([first.params, steps.params[k:-1], [steps.sigma, rho]])
        tried.append(heckman.fit_heckman(parts.outcome, parts.designs, parts.selected, start, parts.weights))
        if tried[-1].converged:
            return tried[-1]
    fitted = max(tried, key=lambda found: found.loglik)
    if abs(np.tanh(fitted.params[-1])) > heckman.BOUNDARY_RHO:
        raise NotEstimated(f"rho runs to {np.sign(fitted.params[-1]):.0f}: selection and outcome share one error")
    fail_if_not_converged(fitted, "the likelihood")
    return fitted


def doubts(parts: Parts, steps: TwoStep) -> tuple[str, ...]:
    """Return what makes the model's identification doubtful, in words."""
    found = []
    if not set(parts.selection.names) - set(parts.main.names):
        found.append("no exclusion restriction: all columns of the selection equation are in the outcome equation")
    explained = explained_share(steps.second[:, -1], steps.second[:, :-1])
    if explained > EXPLAINED:
        found.append(
            f"the Mills ratio is nearly collinear with the regressors (R² {explained:.3f}, condition number "
            f"{condition_number(steps.second):.0f})"
        )
    return tuple(found)


def explained_share(column: Array, others: Array) -> float:
    """Return R² of a column (n,) on others (n, k) that hold the constant."""
    rest = column - others @ slopes_of(column, others)
    return 1 - float(rest @ rest) / float(((column - column.mean()) ** 2).sum())


def at_the_bound(rho: float) -> tuple[str, ...]:
    """Return a warning if rho is so close to 1 that its errors mean little."""
    return (f"rho {rho:.4f} is at its bound",) if abs(rho) > heckman.BOUNDARY_RHO else ()


def _beyond(rho: float) -> tuple[str, ...]:
    return (f"rho {rho:.3f} is outside [-1, 1]",) if abs(rho) > 1 else ()


def _tests_of_independence(parts: Parts, first: Fitted, fitted: Fitted) -> tuple[Test, ...]:
    """Return tests of rho = 0: likelihood ratio against probit and least squares apart, and Wald on atanh rho."""
    inside = parts.selected
    outcome, design = parts.outcome[inside], parts.main.columns[inside]
    residuals = outcome - design @ slopes_of(outcome, design)
    m = len(outcome)
    apart = first.loglik - m * (0.5 * np.log(residuals @ residuals / m) + 0.5 + HALF_LOG_TWO_PI)
    wald = fitted.params[-1] ** 2 / np.linalg.inv(fitted.information)[-1, -1]
    return (
        chi_squared("rho = 0 (likelihood ratio)", max(2 * float(fitted.loglik - apart), 0.0)),
        chi_squared("rho = 0 (Wald)", float(wald), note="on atanh rho, errors from the information matrix"),
    )


def chi_squared(name: str, statistic: float, df: int = 1, note: str = "") -> Test:
    """Return a chi-squared test."""
    p = chi_squared_test(statistic, df)
    return Test(name=name, statistic=float(statistic), df=float(df), df2=float("inf"), p=p, note=note)
