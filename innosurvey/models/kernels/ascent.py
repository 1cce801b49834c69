"""Newton's method uphill, for likelihoods with exact first and second derivatives.

A step that does not raise the value is halved. Where the likelihood is not concave, the curvature gets a ridge until it
is. The columns' units do not matter: the system is solved with a unit diagonal. The search ends when Newton's
decrement, g'J⁻¹g, is negligible: it is the squared distance to the maximum in standard errors.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from innosurvey.models.arrays import Array

Derivatives = tuple[Array, Array]
"""The gradient (k,) and the information, minus the Hessian (k × k)."""

_ITERATIONS = 100
# A squared distance in standard errors; the last step squares it once more.
_CLOSE_ENOUGH = 1e-14
_HALVINGS = 40
# Rounding of a sum of log-likelihoods, as a share of it.
_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class Summit:
    """Where the search ended: the parameters, the value there, and whether it is a maximum."""

    params: Array
    value: float
    converged: bool


def climb(start: Array, value_at: Callable[[Array], float], derivatives_at: Callable[[Array], Derivatives]) -> Summit:
    """Return the maximum that Newton's method reaches from the start; `converged` is false if it reaches none.

    `value_at` is minus infinity outside the range of the parameters.
    """
    params, value = start, value_at(start)
    for _ in range(_ITERATIONS):
        gradient, information = derivatives_at(params)
        if not (np.isfinite(gradient).all() and np.isfinite(information).all()):
            break
        step = _uphill(gradient, information)
        if step is None:
            break
        moved, reached = _halved(params, value, step, value_at)
        if gradient @ step < _CLOSE_ENOUGH:
            return Summit(params=moved, value=reached, converged=True)
        if moved is params:
            break
        params, value = moved, reached
    return Summit(params=params, value=value, converged=False)


def _uphill(gradient: Array, information: Array) -> Array | None:
    """Return J⁻¹g, with a ridge on J if it is not positive definite; None if no ridge helps."""
    scale = np.sqrt(np.abs(np.diag(information)))
    scale = np.where(scale > 0, scale, 1.0)
    unit = information / np.outer(scale, scale)
    for ridge in (0.0, *10.0 ** np.arange(-8, 3)):
        try:
            factor = cho_factor(unit + ridge * np.eye(len(unit)))
        except np.linalg.LinAlgError:
            continue
        return np.asarray(cho_solve(factor, gradient / scale) / scale)
    return None


def _halved(params: Array, value: float, step: Array, value_at: Callable[[Array], float]) -> tuple[Array, float]:
    """Return the parameters after the step, or after as small a part of it as does not lose height, and their value."""
    least = value - _ROUNDING * max(1.0, abs(value))
    for _ in range(_HALVINGS):
        moved = params + step
        reached = value_at(moved)
        if reached >= least:
            return moved, reached
        step = step / 2
    return params, value
