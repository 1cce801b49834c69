"""What instruments can say: statistics of the first stage, and inference that does not need it to be strong.

All take slopes of the instruments with the covariance that the model declares, after the exogenous columns were taken
out of everything, so that they hold under clusters or a survey design as much as under equal variances.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from scipy import linalg, stats

from innosurvey.models.arrays import Array

# The bias of two-stage least squares, as a share of its worst, that a strong first stage is to exclude.
_TOLERATED_BIAS = 0.10
_LEVEL = 0.05
# An eigenvalue with less than this share of an imaginary part is a real root, up to rounding.
_IMAGINARY = 1e-7

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveF:
    """The effective F, its degrees of freedom, the value that it must exceed, and the p of a bias above a tenth."""

    statistic: float
    df: float
    critical: float
    p: float


def effective_f(slopes: Array, covariance: Array, gram: Array) -> EffectiveF:
    """Return Montiel Olea and Pflueger's (2013) F of one endogenous column on its instruments.

    `slopes` (L,) with `covariance` (L, L); `gram` is Z'Z. F = π'Z'Zπ / tr(V Z'Z); it is the first-stage F where the
    model declares classical errors. The critical value is their simplified one (Patnaik's approximation) for a bias of
    two-stage least squares of a tenth of the worst, at 5 %.
    """
    root = linalg.sqrtm(gram).real
    spread = root @ covariance @ root
    trace, largest = float(np.trace(spread)), float(np.linalg.eigvalsh(spread).max())
    statistic = float(slopes @ gram @ slopes) / trace
    bound = 1 / _TOLERATED_BIAS
    df = trace**2 * (1 + 2 * bound) / (float((spread**2).sum()) + 2 * bound * trace * largest)
    worst = stats.ncx2(df, bound * df)
    return EffectiveF(
        statistic=statistic, df=df, critical=float(worst.ppf(1 - _LEVEL)) / df, p=float(worst.sf(statistic * df))
    )


def rank_statistic(slopes: Array, covariance: Array, gram: Array, spread: Array) -> float:
    """Return Kleibergen and Paap's (2006) rk Wald statistic of the first stages: χ² with L - m + 1 degrees of freedom
    if some combination of the m endogenous columns is not moved by the L instruments.

    `slopes` (L, m), `covariance` of the slopes stacked stage by stage (L m, L m), `gram` Z'Z, `spread` (m, m) the
    cross-product of the first stages' residuals. Under classical errors it is Cragg and Donald's (1993).
    """
    of_instruments = linalg.sqrtm(gram).real
    of_stages = np.linalg.inv(linalg.sqrtm(spread).real)
    scaled = of_instruments @ slopes @ of_stages
    variance = np.kron(of_stages, of_instruments)
    variance = variance @ covariance @ variance.T
    left, _, right = np.linalg.svd(scaled)
    rank = slopes.shape[1] - 1
    left, right = left[:, rank:], right[rank:].T
    least = (left.T @ scaled @ right).reshape(-1, order="F")
    selection = np.kron(right.T, left.T)
    return float(least @ np.linalg.solve(selection @ variance @ selection.T, least))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReducedForms:
    """The instruments' slopes on the outcome and on the endogenous column, both (L,), and the covariance of their
    difference at a slope b, V(b) = V_0 + b V_1 + b² V_2, as its three parts.
    """

    outcome: Array
    endogenous: Array
    parts: tuple[Array, Array, Array]

    def statistic(self, slope: float) -> float:
        """Return Anderson and Rubin's (1949) statistic of the slope: χ² with L degrees of freedom if it is true."""
        if abs(slope) == inf:
            return float(self.endogenous @ np.linalg.solve(self.parts[2], self.endogenous))
        rest = self.outcome - slope * self.endogenous
        covariance = self.parts[0] + slope * self.parts[1] + slope**2 * self.parts[2]
        return float(rest @ np.linalg.solve(covariance, rest))


def slopes_not_rejected(forms: ReducedForms, critical: float) -> tuple[Interval, ...]:
    """Return the slopes whose Anderson-Rubin statistic is below the critical value: intervals, which may be unbounded.

    None if the instruments contradict each other. The statistic is below c where det(V(b) - r r' / c) > 0, r the
    difference of the reduced forms: a polynomial in b, whose roots are eigenvalues of a quadratic problem.
    """
    unit = float(np.sqrt(np.trace(forms.parts[0]) / np.trace(forms.parts[2])))
    roots = [unit * root for root in _roots(forms, critical, unit)]
    ends = [-inf, *sorted(roots), inf]
    inside = [
        (lower, upper) for lower, upper in pairwise(ends) if forms.statistic(_between(lower, upper, unit)) < critical
    ]
    joined: list[Interval] = []
    for lower, upper in inside:
        if joined and joined[-1][1] == lower:
            joined[-1] = (joined[-1][0], upper)
        else:
            joined.append((lower, upper))
    return tuple(joined)


def _roots(forms: ReducedForms, critical: float, unit: float) -> list[float]:
    """Return the real roots of det(V(b) - r r' / c), b in units that make V_0 and V_2 alike in size."""
    outcome, moved = forms.outcome, forms.endogenous
    constant = forms.parts[0] - np.outer(outcome, outcome) / critical
    linear = unit * (forms.parts[1] + (np.outer(outcome, moved) + np.outer(moved, outcome)) / critical)
    square = unit**2 * (forms.parts[2] - np.outer(moved, moved) / critical)
    size = len(outcome)
    none, one = np.zeros((size, size)), np.eye(size) * np.trace(forms.parts[0]) / size
    roots = linalg.eigvals(np.block([[none, one], [-constant, -linear]]), np.block([[one, none], [none, square]]))
    real = np.isfinite(roots) & (np.abs(roots.imag) <= _IMAGINARY * (1 + np.abs(roots.real)))
    return [float(root) for root in roots.real[real]]


def _between(lower: float, upper: float, unit: float) -> float:
    if lower == -inf and upper == inf:
        return 0.0
    if lower == -inf:
        return upper - unit
    return lower + unit if upper == inf else (lower + upper) / 2


def written(intervals: tuple[Interval, ...]) -> str:
    """Return the set of slopes as text: `[0.1, 0.7]`, `(-inf, 0.1] and [0.7, inf)`, `all values`, `no value`."""
    if not intervals:
        return "no value"
    if intervals == ((-inf, inf),):
        return "all values"
    return " and ".join(
        f"{'(' if lower == -inf else '['}{lower:.4g}, {upper:.4g}{')' if upper == inf else ']'}"
        for lower, upper in intervals
    )
