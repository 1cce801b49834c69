"""Calibration: the weights nearest to those before that reproduce known totals.

With weights d, calibration variables x and their totals t, the new weights are w_k = d_k F(x_k'λ), and λ solves

    Σ_k d_k F(x_k'λ) x_k = t

(Deville and Särndal 1992). F is exp (raking), 1 + u (linear: the regression estimator) or the logit with bounds;
`bounds` cut the first two off. The left side is the gradient of a convex function of λ, so Newton's method with a line
search finds the solution if there is one. Totals that say one thing twice (two margins that both add up to all firms)
make λ ambiguous, not w: a generalised inverse takes care of that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from innosurvey.weight.spec import CalibrationSpec

LARGEST = 500.0
"""exp of this is finite; a factor near it is no solution anyway."""
REDUNDANT = 1e-11
"""Below this part of the largest eigenvalue a direction is what other totals already say."""
HALVINGS = 40
STALLED = 25
"""Steps without getting nearer after which there is no solution."""
SUFFICIENT = 1e-4
"""Part of the decrease that the slope promises which a step must bring (Armijo)."""
LONG = 0.25
"""Part of Newton's step from which it is taken without looking at another."""
HALF = 0.5
"""Part of what is missed that a step may say nothing of."""
FLOOR = 1e-3
"""Slope that a firm at a bound is given where the exact slopes lead nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """F, its slope, and its integral: what `factor = F(u)` costs."""

    factor: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]
    integral: Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """The factor of each row, how far each total is missed (relative), whether all are reached, and the steps taken."""

    factors: np.ndarray
    missed: np.ndarray
    reached: bool
    steps: int


def calibrate(x: sparse.csr_array, weights: np.ndarray, totals: np.ndarray, spec: CalibrationSpec) -> Solution:
    """Return the factors that bring `weights` (one per row of x) to the totals (one per column, none of them zero).

    `reached` is false where no factors within the bounds do; the factors are then the nearest that were found.
    """
    distance = distance_of(spec)
    scaled = sparse.csr_array(x * (1 / totals)[None, :])
    by_column = sparse.csr_array(scaled.T)
    state = _State(scaled=scaled, by_column=by_column, weights=weights, distance=distance)
    multipliers = np.zeros(len(totals))
    missed = state.missed(multipliers)
    nearest, steps, since = np.inf, 0, 0
    while (far := np.abs(missed).max(initial=0.0)) > spec.tolerance and steps < spec.max_iterations and since < STALLED:
        nearest, since = (far, 0) if far < nearest * 0.99 else (nearest, since + 1)
        found = state.next_multipliers(multipliers, missed)
        if found is None:
            break
        multipliers, steps = found, steps + 1
        missed = state.missed(multipliers)
    reached = bool(np.abs(missed).max(initial=0.0) <= spec.tolerance)
    return Solution(factors=distance.factor(scaled @ multipliers), missed=missed, reached=reached, steps=steps)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _State:
    """The equations, with each total scaled to one."""

    scaled: sparse.csr_array
    by_column: sparse.csr_array
    weights: np.ndarray
    distance: Distance

    def missed(self, multipliers: np.ndarray) -> np.ndarray:
        """Return what each total is short of, as a part of it."""
        return np.asarray(1 - self.by_column @ (self.weights * self.distance.factor(self.scaled @ multipliers)))

    def next_multipliers(self, multipliers: np.ndarray, missed: np.ndarray) -> np.ndarray | None:
        """Return better multipliers, None where none are found.

        Newton's step takes firms at a bound to stay there. Where it must be cut short, since others come to their
        bounds at once, or says nothing of a total all of whose firms are at a bound, a more careful step is tried, too:
        else ever smaller ones would be taken, far from the totals.
        """
        slope = self.distance.slope(self.scaled @ multipliers)
        best, lowest = None, np.inf
        for least in (0.0, FLOOR):
            crossed = self._crossed(self.weights * np.maximum(slope, least))
            step = _solve(crossed, missed)
            found, part = self._along(multipliers, step, missed)
            if found is not None and (cost := self._cost(found)) < lowest:
                best, lowest = found, cost
            unsaid = np.abs(missed - crossed @ step).max() > HALF * np.abs(missed).max()
            if part >= LONG and not unsaid:
                break
        return best

    def _along(self, multipliers: np.ndarray, step: np.ndarray, missed: np.ndarray) -> tuple[np.ndarray | None, float]:
        """Return the first point along the step, halved again and again, that is better than where it starts, and which
        part of the step it is.
        """
        here, gain, length = self._cost(multipliers), float(missed @ step), float(np.abs(missed).max())
        if not gain > 0:
            return None, 0.0
        part = 1.0
        for _ in range(HALVINGS):
            there = multipliers + part * step
            # Near the solution costs differ by less than their rounding; then what is missed decides.
            if self._cost(there) <= here - SUFFICIENT * part * gain:
                return there, part
            if gain < 1e-8 and np.abs(self.missed(there)).max() < length:
                return there, part
            part /= 2
        return None, 0.0

    def _cost(self, multipliers: np.ndarray) -> float:
        cost = self.weights @ self.distance.integral(self.scaled @ multipliers) - multipliers.sum()
        return float(cost) if np.isfinite(cost) else np.inf

    def _crossed(self, weights: np.ndarray) -> np.ndarray:
        return np.asarray((self.by_column @ (self.scaled * weights[:, None])).toarray())


def _solve(crossed: np.ndarray, missed: np.ndarray) -> np.ndarray:
    """Return the shortest solution of the normal equations, in the directions that the totals determine."""
    values, vectors = np.linalg.eigh(crossed)
    kept = values > REDUNDANT * max(values.max(initial=0.0), np.finfo(float).tiny)
    return vectors[:, kept] @ ((vectors[:, kept].T @ missed) / values[kept])


def distance_of(spec: CalibrationSpec) -> Distance:
    """Return F of the method within its bounds."""
    if spec.method == "logit":
        return _logit(*(spec.bounds or (0.0, np.inf)))
    smooth = _LINEAR if spec.method == "linear" else _RAKING
    return smooth if spec.bounds is None else _cut_off(smooth, spec.method, *spec.bounds)


def bounds_of(spec: CalibrationSpec) -> tuple[float, float]:
    """Return between which factors the method can choose."""
    if spec.bounds is not None:
        return spec.bounds
    return (-np.inf, np.inf) if spec.method == "linear" else (0.0, np.inf)


def _exp(u: np.ndarray) -> np.ndarray:
    return np.exp(np.minimum(u, LARGEST))


_RAKING = Distance(factor=_exp, slope=_exp, integral=_exp)
_LINEAR = Distance(factor=lambda u: 1 + u, slope=np.ones_like, integral=lambda u: u + u**2 / 2)


def _cut_off(smooth: Distance, method: str, low: float, high: float) -> Distance:
    """Return F cut off at the bounds (for the linear F Deville and Särndal's case 7)."""
    inverse: Callable[[float], float] = (lambda f: f - 1) if method == "linear" else (lambda f: np.log(max(f, 1e-300)))
    first, last = inverse(low), inverse(high)

    def integral(u: np.ndarray) -> np.ndarray:
        inside = np.clip(u, first, last)
        return smooth.integral(inside) + low * np.minimum(u - first, 0.0) + high * np.maximum(u - last, 0.0)

    return Distance(
        factor=lambda u: np.clip(smooth.factor(u), low, high),
        slope=lambda u: np.where((u > first) & (u < last), smooth.slope(u), 0.0),
        integral=integral,
    )


def _logit(low: float, high: float) -> Distance:
    """Return Deville and Särndal's case 6: F grows from `low` to `high` as a logistic curve with F(0) = F'(0) = 1."""
    steepness = (high - low) / ((1 - low) * (high - 1))
    ratio = np.log((1 - low) / (high - 1))

    def factor(u: np.ndarray) -> np.ndarray:
        return low + (high - low) / (1 + _exp(-(steepness * u + ratio)))

    def slope(u: np.ndarray) -> np.ndarray:
        found = factor(u)
        return (found - low) * (high - found) / ((1 - low) * (high - 1))

    def integral(u: np.ndarray) -> np.ndarray:
        return low * u + (high - low) / steepness * np.logaddexp(0.0, steepness * u + ratio)

    return Distance(factor=factor, slope=slope, integral=integral)
