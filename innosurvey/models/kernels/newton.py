"""Newton's method for smooth likelihoods, with steps halved until they climb.

The step solves information × step = gradient in units that make the information's diagonal one, so regressors of very
different size do no harm. Where the surface is not concave, eigenvalues are turned positive (Nocedal and Wright 2006,
section 3.4).

The stopping rule of all likelihoods: a search has arrived where the surface is concave and g'I⁻¹g, the squared distance
to the top in standard errors, is at most 1e-9; one more full step then takes what is left, since Newton doubles the
digits.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array

ITERATIONS = 100
_HALVINGS = 30
# Squared distance to the top in standard errors; the step after it leaves about its square.
_ARRIVED = 1e-9
# Values that differ by less are the same number added up in another order.
_ROUNDING = 1e-11
# Share of the climb that a straight line promises which a step must make good (Armijo).
_SUFFICIENT = 1e-4
_SMALLEST_EIGENVALUE = 1e-10
_FLOOR = 1e-4

Evaluation = tuple[float, Array, Array]
"""The value, the gradient (k,), and the information (k × k), which is minus the Hessian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """Where a search ended: `gradient_norm` is √(g' I⁻¹ g), the distance to the top in standard errors."""

    params: Array
    value: float
    information: Array
    gradient_norm: float
    converged: bool
    iterations: int


def maximise(evaluate: Callable[[Array], Evaluation], start: Array) -> Optimum:
    """Return the top that is reached from `start`; `evaluate` gives what is not finite where there is no likelihood.

    `converged` is false after `ITERATIONS` steps, when no step climbs, or where the information is singular.
    """
    params = np.asarray(start, dtype=float)
    value, gradient, information = evaluate(params)
    for iteration in range(ITERATIONS):
        if not _finite((value, gradient, information)):
            return _ended((params, value, information), np.inf, False, iteration)
        step, gain, concave = _newton_step(gradient, information)
        if concave and gain <= _ARRIVED:
            return _polished(evaluate, params + step, iteration)
        found = _climb(evaluate, params, value, (step, gain))
        if found is None:
            return _ended((params, value, information), float(np.sqrt(gain)), False, iteration)
        params, (value, gradient, information) = found
    return _ended((params, value, information), float(np.sqrt(gain)), False, ITERATIONS)


def nowhere(params: Array) -> Evaluation:
    """Return what stands for the likelihood outside the range of its parameters: a step there is halved."""
    return -np.inf, np.full(len(params), np.nan), np.full((len(params), len(params)), np.nan)


def _polished(evaluate: Callable[[Array], Evaluation], params: Array, iteration: int) -> Optimum:
    value, gradient, information = evaluate(params)
    _, gain, concave = _newton_step(gradient, information)
    return _ended((params, value, information), float(np.sqrt(gain)), concave, iteration + 1)


def _ended(where: tuple[Array, float, Array], norm: float, converged: bool, iterations: int) -> Optimum:
    params, value, information = where
    return Optimum(
        params=params,
        value=value,
        information=information,
        gradient_norm=norm,
        converged=converged,
        iterations=iterations,
    )


def _climb(
    evaluate: Callable[[Array], Evaluation], params: Array, value: float, way: tuple[Array, float]
) -> tuple[Array, Evaluation] | None:
    """Return the first of the halved steps that climbs, with what was evaluated there; None if none does."""
    step, gain = way
    length = 1.0
    for _ in range(_HALVINGS):
        there = params + length * step
        found = evaluate(there)
        if _finite(found) and found[0] >= value + _SUFFICIENT * length * gain - _ROUNDING * (1 + abs(value)):
            return there, found
        length /= 2
    return None


def _finite(found: Evaluation) -> bool:
    return bool(np.isfinite(found[0]) and np.isfinite(found[1]).all() and np.isfinite(found[2]).all())


def _newton_step(gradient: Array, information: Array) -> tuple[Array, float, bool]:
    """Return the step, what it gains (twice, to second order), and whether the surface is concave here."""
    units = _units(information)
    values, vectors = np.linalg.eigh(information / np.outer(units, units))
    concave = bool(values[0] > _SMALLEST_EIGENVALUE * values[-1])
    if not concave:
        values = np.maximum(np.abs(values), _FLOOR * np.abs(values).max())
    along = vectors.T @ (gradient / units)
    return vectors @ (along / values) / units, float(along @ (along / values)), concave


def _units(information: Array) -> Array:
    diagonal = np.abs(np.diag(information))
    return np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
