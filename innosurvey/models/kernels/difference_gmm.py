"""Difference GMM on plain arrays: lagged levels as instruments of an equation in differences.

Arellano and Bond (1991). The firm's own effect leaves with the difference, and what the difference of the lagged
outcome shares with that of the error is instrumented by earlier levels. Lags go by the calendar: the instrument of lag
2 in period t is the level of period t - 2, or zero where the firm was not seen then.

The story: `lagged_levels` makes the columns of instruments, `one_step` and `two_step` estimate, `serial_correlation`
and `overidentification` judge.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from innosurvey.models.arrays import Array, Codes
from innosurvey.models.kernels.calendar import at, rows_before
from innosurvey.models.kernels.levels import level_sums

# Share of the largest eigenvalue below which a direction of the moments counts as redundant (rounding leaves 1e-16).
_REDUNDANT = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """The equation in differences: a row for each firm and period whose previous period is there too.

    `outcome` (m,), `design` (m, k), `instruments` (m, q), `firms` (m,) coded from 0, `periods` (m,) by the calendar.
    """

    outcome: Array
    design: Array
    instruments: Array
    firms: Codes
    periods: Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: the estimate, and what it was made with.

    `weight` (q, q) belongs to the moments; `bread` (k, k) is (X'Z W Z'X)⁻¹; `influence` (firms, k) are the firms'
    parts of the estimate's error, so that their cross-product is its robust covariance; `model_based` (k, k) holds if
    the weight is right.
    """

    params: Array
    residuals: Array
    weight: Array
    bread: Array
    influence: Array
    model_based: Array

    @property
    def robust(self) -> Array:
        """The covariance that firms of any variance and serial correlation leave right; of two steps Windmeijer's."""
        return self.influence.T @ self.influence


def lagged_levels(levels: Array, rows: tuple[Codes, Codes], lags: tuple[int, int], collapse: bool) -> Array:
    """Return the instruments (m, q) from `levels` (firms, periods; NaN where the firm was not seen).

    `rows` are the firm and the period of each row in differences. Each pair of period and lag has a column, each lag
    one if `collapse`; a column that is zero throughout is left out.
    """
    firms, periods = rows
    known = np.nan_to_num(levels)
    columns = []
    for lag in range(lags[0], min(lags[1], levels.shape[1] - 1) + 1):
        values = np.where(periods >= lag, known[firms, periods - lag], 0.0)
        columns += [values] if collapse else [np.where(periods == period, values, 0.0) for period in np.unique(periods)]
    block = np.column_stack(columns) if columns else np.empty((len(firms), 0))
    return block[:, np.abs(block).any(axis=0)]


def one_step(data: Differences) -> Step:
    """Return the estimate whose weight is right if the errors of the levels are alike and unrelated.

    The weight is (Σ Z_i' H Z_i)⁻¹ with H 2 on the diagonal and -1 beside it, between periods that follow each other.
    """
    weight = _inverse(_moments_under_equal_errors(data))
    bread, params, residuals = _solve(data, weight)
    variance = float(residuals @ residuals) / (2 * (len(residuals) - len(params)))
    return Step(
        params=params,
        residuals=residuals,
        weight=weight,
        bread=bread,
        influence=_moments(data, residuals) @ weight @ _cross(data) @ bread,
        model_based=variance * bread,
    )


def two_step(data: Differences, first: Step) -> Step:
    """Return the estimate whose weight is the inverse of the first step's moments.

    The influence is Windmeijer's (2005): both steps' moments at the residuals of the first, and what the error of the
    first step does to the weight. `model_based` leaves that out, as the papers of the time did: it is too small.
    """
    moments = _moments(data, first.residuals)
    weight = _inverse(moments.T @ moments)
    bread, params, residuals = _solve(data, weight)
    own = moments @ weight @ _cross(data) @ bread
    drift = _drift(data, first, (weight, bread), residuals)
    return Step(
        params=params,
        residuals=residuals,
        weight=weight,
        bread=bread,
        influence=own + first.influence @ drift.T,
        model_based=bread,
    )


def _drift(data: Differences, first: Step, second: tuple[Array, Array], residuals: Array) -> Array:
    """Return the derivative (k, k) of the second step's estimate by the first's, which the weight passes on.

    With Ω = Σ g g' and g = Z'e: ∂Ω/∂β_j = -Σ (z_j g' + g z_j'), z_j = Z' x_j of the firm; the estimate moves by
    -A X'Z Ω⁻¹ ∂Ω/∂β_j Ω⁻¹ Z'e.
    """
    weight, bread = second
    moments = _moments(data, first.residuals)
    pull = weight @ _moments(data, residuals).sum(axis=0)
    slope = bread @ _cross(data).T @ weight
    columns = []
    for index in range(data.design.shape[1]):
        sides = _moments(data, data.design[:, index])
        columns.append(slope @ (sides.T @ (moments @ pull) + moments.T @ (sides @ pull)))
    return np.column_stack(columns)


def rank_of_instruments(step: Step) -> int:
    """Return how many of the instruments say something of their own."""
    return int(np.linalg.matrix_rank(step.weight, hermitian=True, tol=_REDUNDANT * np.abs(step.weight).max()))


def summed_scores(data: Differences, step: Step) -> Array:
    """Return X'Z W Z'e: zero at the estimate, up to rounding."""
    return np.asarray(_cross(data).T @ step.weight @ _moments(data, step.residuals).sum(axis=0))


def overidentification(data: Differences, step: Step, variance: float = 1.0) -> float:
    """Return e'Z W Z'e / variance: Sargan's statistic for one step with the variance of the levels' errors, Hansen's
    for two steps.
    """
    total = _moments(data, step.residuals).sum(axis=0)
    return float(total @ step.weight @ total) / variance


def serial_correlation(data: Differences, step: Step, lag: int) -> float:
    """Return Arellano and Bond's m of the residuals in differences at a lag, normal if there is no correlation.

    NaN where no firm has residuals that far apart. The variance is Arellano and Bond's (1991, eq. 8), with the robust
    covariance V of the estimate: Σ p² - 2 s'A X'Z W Σ Z_i'v_i p_i + s'Vs, p_i = Σ_t v_{i,t-lag} v_it, s = X'v_lag.
    """
    lagged = at(rows_before(data.firms, data.periods, lag), step.residuals)
    products = level_sums(lagged * step.residuals, data.firms)
    sides = lagged @ data.design
    pull = sides @ step.bread @ _cross(data).T @ step.weight
    together = _moments(data, step.residuals).T @ products
    variance = float(products @ products - 2 * pull @ together + sides @ step.robust @ sides)
    return float(products.sum()) / sqrt(variance) if lagged.any() and variance > 0 else float("nan")


def _moments_under_equal_errors(data: Differences) -> Array:
    beside = data.instruments.T @ at(rows_before(data.firms, data.periods), data.instruments)
    return 2 * data.instruments.T @ data.instruments - beside - beside.T


def _moments(data: Differences, values: Array) -> Array:
    """Return Z_i' v_i of each firm (firms, q)."""
    return level_sums(data.instruments * values[:, None], data.firms)


def _cross(data: Differences) -> Array:
    return data.instruments.T @ data.design


def _solve(data: Differences, weight: Array) -> tuple[Array, Array, Array]:
    cross = _cross(data)
    bread = np.linalg.inv(cross.T @ weight @ cross)
    params = bread @ cross.T @ weight @ (data.instruments.T @ data.outcome)
    return bread, params, data.outcome - data.design @ params


def _inverse(moments: Array) -> Array:
    """Return the inverse, or where instruments repeat each other the generalised one, in units of their own."""
    scale = np.sqrt(np.diag(moments))
    scale = np.where(scale > 0, scale, 1.0)
    return np.linalg.pinv(moments / np.outer(scale, scale), rcond=_REDUNDANT, hermitian=True) / np.outer(scale, scale)
