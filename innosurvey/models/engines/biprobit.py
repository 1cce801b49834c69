"""Bivariate probit: two yes-or-no outcomes explained together, such as product and process innovation.

Parameters: the first outcome's, `second/<term>`, and `rho`, the correlation of what the regressors leave unexplained.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr

from innosurvey.models.arrays import Array
from innosurvey.models.engines.parts import ENGINE, fail_if_not_converged, fitted_binary, prefixed
from innosurvey.models.engines.selection import chi_squared
from innosurvey.models.estimates import Estimates, NotEstimated, Test, reparametrised
from innosurvey.models.kernels import biprobit
from innosurvey.models.kernels.bivariate import cumulative
from innosurvey.models.kernels.heckman import BOUNDARY_RHO
from innosurvey.models.kernels.index import Fitted
from innosurvey.models.sample import Sample
from innosurvey.models.spec import MAIN

SECOND = "second"
PREDICTED = ("first", "second", "both", "neither")


def fit_biprobit(sample: Sample) -> Estimates:
    """Return the bivariate probit, with tests of rho = 0.

    NotEstimated under separation of either outcome, if rho runs to its bound, or without convergence.
    """
    second = sample.equations[SECOND]
    first_fit = fitted_binary(sample.outcome, sample.exogenous, sample.weights, "the first equation")
    second_fit = fitted_binary(second.outcome, second.exogenous, sample.weights, "the second equation")
    fitted = joint(
        (sample.outcome, second.outcome),
        (sample.exogenous.columns, second.exogenous.columns),
        np.concatenate([first_fit.params, second_fit.params]),
        sample.weights,
    )
    params, jacobian = biprobit.natural(fitted)
    scores, information = reparametrised(fitted.scores, fitted.information, jacobian)
    weighted = sample.weights is not None
    return Estimates(
        terms=(*sample.exogenous.names, *prefixed(SECOND, second.exogenous.names), "rho"),
        params=params,
        scores=scores,
        information=information,
        design=sample.exogenous.columns,
        linear=False,
        loglik=float("nan") if weighted else fitted.loglik,
        r2=float("nan"),
        converged=fitted.converged,
        tests=() if weighted else _tests_of_independence(fitted, first_fit.loglik + second_fit.loglik),
        predict=_predictions,
        predicted=PREDICTED,
        scales={"rho": "atanh"},
        engine=f"{ENGINE} bivariate probit",
    )


def joint(outcomes: tuple[Array, Array], designs: tuple[Array, Array], start: Array, weights: Array | None) -> Fitted:
    """Return the joint maximum in (b₁, b₂, atanh ρ); NotEstimated if it has none inside ρ's bounds."""
    cells = {(first, second) for first, second in np.unique(np.column_stack(outcomes), axis=0)}
    if len(cells) < 4:
        raise NotEstimated("rho is not identified: one of the four combinations of the outcomes does not occur")
    fitted = biprobit.fit_biprobit(outcomes, designs, start, weights)
    if abs(np.tanh(fitted.params[-1])) > BOUNDARY_RHO:
        raise NotEstimated(f"rho runs to {np.sign(fitted.params[-1]):.0f}: the two outcomes share one error")
    fail_if_not_converged(fitted, "the likelihood")
    return fitted


def _predictions(params: Array, designs: Mapping[str, Array]) -> Array:
    """Return the probabilities of the first outcome, the second, both and neither on each row (n × 4)."""
    width = designs[MAIN].shape[1]
    first, second = designs[MAIN] @ params[:width], designs[SECOND] @ params[width:-1]
    both = cumulative(first, second, params[-1])
    return np.column_stack([ndtr(first), ndtr(second), both, cumulative(-first, -second, params[-1])])


def _tests_of_independence(fitted: Fitted, apart: float) -> tuple[Test, ...]:
    wald = fitted.params[-1] ** 2 / np.linalg.inv(fitted.information)[-1, -1]
    return (
        chi_squared("rho = 0 (likelihood ratio)", max(2 * (fitted.loglik - apart), 0.0)),
        chi_squared("rho = 0 (Wald)", float(wald), note="on atanh rho, errors from the information matrix"),
    )
