"""How much selection on what is not observed it would take to explain a slope away (Oster 2019).

Controls move a slope from `uncontrolled` to `controlled` and R² with it. If what is not observed is related to the
treatment δ times as much as the controls are, and would bring R² to a maximum, the slope without its bias is a root of
a cubic (Oster 2019, propositions 2 and 3; her Stata command is psacalc). Asked the other way round, δ is how
strong that selection would have to be for a given slope, such as zero, to be the true one; 1 and more is taken as
robust, with a maximum of 1.3 times the controlled R².
"""

from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array

R2_FACTOR = 1.3
# Share of the largest coefficient of the cubic below which one is rounding: at δ = 1 the cubic is a quadratic.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What the controls do: slopes of the treatment and R² without and with them; the variances of outcome and
    treatment, and that of the treatment given the controls.
    """

    uncontrolled: float
    controlled: float
    r2_uncontrolled: float
    r2_controlled: float
    outcome_variance: float
    treatment_variance: float
    residual_variance: float


def movement_of(outcome: Array, treatment: Array, controls: Array, weights: Array | None = None) -> Movement:
    """Return the movement from arrays of n rows (controls: n × k) whose means, or fixed effects, are taken out; R² is
    then that within the effects.
    """
    shares = np.ones(len(outcome)) if weights is None else weights
    root = np.sqrt(shares / shares.sum())
    y, x, others = outcome * root, treatment * root, controls * root[:, None]
    rest = x - others @ np.linalg.lstsq(others, x, rcond=None)[0]
    both = np.column_stack([x, others])
    slopes = np.linalg.lstsq(both, y, rcond=None)[0]
    alone = float(x @ y / (x @ x))
    return Movement(
        uncontrolled=alone,
        controlled=float(slopes[0]),
        r2_uncontrolled=alone * float(x @ y) / float(y @ y),
        r2_controlled=1 - float(np.sum((y - both @ slopes) ** 2) / (y @ y)),
        outcome_variance=float(y @ y),
        treatment_variance=float(x @ x),
        residual_variance=float(rest @ rest),
    )


def largest_r2(movement: Movement, factor: float = R2_FACTOR) -> float:
    """Return the R² that all there is to know would reach: `factor` times the controlled one, at most 1."""
    return min(1.0, factor * movement.r2_controlled)


def selection_needed(movement: Movement, r2_max: float, slope: float = 0.0) -> float:
    """Return δ: selection on what is not observed, relative to that on the controls, at which `slope` is the true one.

    NaN if controls move nothing.
    """
    observed, unobserved = _cubics(movement, r2_max)
    bias = movement.controlled - slope
    needed = float(np.polyval(unobserved, bias))
    return float(np.polyval(observed, bias)) / needed if needed else float("nan")


def adjusted_slope(movement: Movement, r2_max: float, selection: float = 1.0) -> float:
    """Return the slope without its bias when selection is that strong: of the real roots on the side to which the
    controls moved the slope, the nearest (Oster's assumption 3); of all, if none is there. NaN if none is real.
    """
    observed, unobserved = _cubics(movement, r2_max)
    coefficients = selection * unobserved - observed
    coefficients[np.abs(coefficients) < _ROUNDING * np.abs(coefficients).max()] = 0.0
    roots = np.roots(coefficients)
    slopes = movement.controlled - roots[np.abs(roots.imag) <= 1e-8 * np.abs(roots)].real
    onward = slopes[np.sign(slopes - movement.controlled) == np.sign(movement.controlled - movement.uncontrolled)]
    chosen = onward if len(onward) else slopes
    return float(chosen[np.argmin(np.abs(chosen - movement.controlled))]) if len(chosen) else float("nan")


def _cubics(movement: Movement, r2_max: float) -> tuple[Array, Array]:
    """Return the polynomials in the bias (highest power first) whose ratio is δ: selection on the controls, and per
    unit of δ that on what is not observed.
    """
    shift = movement.uncontrolled - movement.controlled
    treatment, rest = movement.treatment_variance, movement.residual_variance
    explained = (movement.r2_controlled - movement.r2_uncontrolled) * movement.outcome_variance
    left = (r2_max - movement.r2_controlled) * movement.outcome_variance
    cubed = rest * (treatment - rest)
    observed = [cubed, 2 * rest * treatment * shift, rest * (explained + treatment * shift**2), 0.0]
    unobserved = [cubed, rest * treatment * shift, left * (treatment - rest), left * treatment * shift]
    return np.array(observed), np.array(unobserved)
