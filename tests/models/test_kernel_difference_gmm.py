"""Difference GMM on plain arrays: cases worked out by hand, derivatives by differences, a known persistence."""

from dataclasses import replace

import numpy as np
import pytest

from innosurvey.models.kernels import difference_gmm as kernel
from innosurvey.models.kernels.calendar import at, rows_before

PERSISTENCE = 0.5


def simulated(firms=60, periods=7, seed=3, persistence=PERSISTENCE):
    """Return the levels (firms, periods) of y = persistence × y of the period before + effect of the firm + error."""
    random = np.random.default_rng(seed)
    particular = random.normal(size=firms)
    levels = np.empty((firms, periods + 20))
    levels[:, 0] = particular / (1 - persistence)
    for period in range(1, levels.shape[1]):
        levels[:, period] = persistence * levels[:, period - 1] + particular + random.normal(size=firms)
    return levels[:, 20:]


def differences(levels, lags=(2, 99), collapse=False):
    firms, periods = (part.reshape(-1) for part in np.indices(levels.shape))
    known = np.isfinite(levels) & np.isfinite(np.roll(levels, 1, 1)) & np.isfinite(np.roll(levels, 2, 1))
    known[:, :2] = False
    rows = known.reshape(-1)
    firms, periods = firms[rows], periods[rows]
    lagged = levels[firms, periods - 1] - levels[firms, periods - 2]
    return kernel.Differences(
        outcome=levels[firms, periods] - levels[firms, periods - 1],
        design=lagged[:, None],
        instruments=kernel.lagged_levels(levels, (firms, periods), lags, collapse),
        firms=firms,
        periods=periods,
    )


def test_the_instruments_of_three_waves_are_the_first_level():
    levels = np.array([[1.0, 2.0, 4.0], [3.0, 3.5, 5.0]])
    np.testing.assert_array_equal(differences(levels).instruments, [[1.0], [3.0]])


def test_each_period_and_lag_has_a_column_and_collapsed_each_lag():
    levels = np.array([[1.0, 2.0, 4.0, 7.0]])
    np.testing.assert_array_equal(differences(levels).instruments, [[1, 0, 0], [0, 2, 1]])
    np.testing.assert_array_equal(differences(levels, collapse=True).instruments, [[1, 0], [2, 1]])


def test_a_level_that_was_not_seen_is_an_instrument_of_zero():
    levels = np.array([[np.nan, 2.0, 4.0, 7.0], [1.0, 2.0, 4.0, 7.0]])
    np.testing.assert_array_equal(differences(levels, lags=(3, 3)).instruments[:, 0], [0, 0, 1])


def test_a_window_beyond_the_panel_has_no_instruments():
    assert differences(np.array([[1.0, 2.0, 4.0]]), lags=(5, 9)).instruments.shape == (1, 0)


def test_with_one_instrument_it_is_the_ratio_of_anderson_and_hsiao():
    levels = np.random.default_rng(1).normal(size=(20, 3)).cumsum(axis=1)
    ratio = (levels[:, 0] @ (levels[:, 2] - levels[:, 1])) / (levels[:, 0] @ (levels[:, 1] - levels[:, 0]))
    found = kernel.one_step(differences(levels))
    # One division in another order.
    assert found.params == pytest.approx([ratio], rel=1e-10)
    assert kernel.overidentification(differences(levels), found) == pytest.approx(0, abs=1e-18)


def test_the_weight_of_one_step_has_two_on_the_diagonal_and_minus_one_beside_it():
    data = differences(simulated(firms=5))
    size = len(data.outcome) // 5
    tridiagonal = 2 * np.eye(size) - np.eye(size, k=1) - np.eye(size, k=-1)
    expected = sum(
        data.instruments[data.firms == firm].T @ tridiagonal @ data.instruments[data.firms == firm] for firm in range(5)
    )
    np.testing.assert_allclose(kernel._moments_under_equal_errors(data), expected, rtol=1e-12)


def test_a_gap_in_the_calendar_is_not_beside():
    levels = simulated(firms=4, periods=8)
    levels[:, 4] = np.nan
    data = differences(levels)
    assert set(data.periods) == {2, 3, 7}
    assert (rows_before(data.firms, data.periods)[data.periods == 7] == -1).all()


def test_what_the_first_step_does_to_the_second_is_its_derivative():
    data = differences(simulated())
    data = replace(data, design=np.column_stack([data.design, np.random.default_rng(2).normal(size=len(data.outcome))]))
    data = replace(data, instruments=np.column_stack([data.instruments, data.design[:, 1]]))
    first = kernel.one_step(data)
    second = kernel.two_step(data, first)
    drift = kernel._drift(data, first, (second.weight, second.bread), second.residuals)

    def estimate(params):
        return kernel.two_step(data, replace(first, residuals=data.outcome - data.design @ params)).params

    for index in range(2):
        step = np.eye(2)[index] * 1e-5
        slope = (estimate(first.params + step) - estimate(first.params - step)) / 2e-5
        # Central differences leave the square of the step, and rounding over it. The formula is the derivative at the
        # second step's residuals, as Windmeijer has it.
        np.testing.assert_allclose(drift[:, index], slope, rtol=1e-5, atol=1e-7)


def test_windmeijers_covariance_is_the_sum_of_its_four_parts():
    data = differences(simulated())
    first = kernel.one_step(data)
    second = kernel.two_step(data, first)
    drift = kernel._drift(data, first, (second.weight, second.bread), second.residuals)
    parts = drift @ second.bread
    expected = second.bread + parts + parts.T + drift @ first.robust @ drift.T
    # The moments' covariance times its inverse is one up to the conditioning of 15 instruments.
    np.testing.assert_allclose(second.robust, expected, rtol=1e-8)


def test_the_persistence_is_recovered_that_least_squares_of_changes_misses():
    data = differences(simulated(firms=3000))
    step = kernel.two_step(data, kernel.one_step(data))
    # Standard error about 0.015; least squares of changes is off by -(1 + 0.5) / 2.
    assert abs(step.params[0] - PERSISTENCE) < 0.06
    assert (data.design[:, 0] @ data.outcome) / (data.design[:, 0] @ data.design[:, 0]) < 0


def test_errors_of_levels_that_are_unrelated_correlate_once_in_changes():
    data = differences(simulated(firms=1000))
    step = kernel.one_step(data)
    assert kernel.serial_correlation(data, step, 1) < -10
    # Normal if there is no correlation: beyond 4 in one of 16,000 panels.
    assert abs(kernel.serial_correlation(data, step, 2)) < 4


def test_correlation_farther_apart_than_the_panel_is_not_a_number():
    data = differences(simulated(periods=4))
    assert np.isnan(kernel.serial_correlation(data, kernel.one_step(data), 2))


def test_instruments_that_repeat_each_other_count_once():
    data = differences(simulated())
    doubled = replace(data, instruments=np.column_stack([data.instruments, data.instruments[:, :3]]))
    once, twice = kernel.one_step(data), kernel.one_step(doubled)
    np.testing.assert_allclose(twice.params, once.params, rtol=1e-9)
    assert kernel.rank_of_instruments(twice) == data.instruments.shape[1]


def test_the_unit_of_the_outcome_does_not_matter():
    levels = simulated()
    plain, scaled = (kernel.one_step(differences(part)) for part in (levels, levels * 1e6))
    np.testing.assert_allclose(scaled.params, plain.params, rtol=1e-9)


def test_rows_before_go_by_the_calendar_not_by_the_order_of_rows():
    firms, periods = np.array([0, 1, 0, 0]), np.array([3, 2, 2, 0])
    assert rows_before(firms, periods).tolist() == [2, -1, -1, -1]
    assert rows_before(firms, periods, 2).tolist() == [-1, -1, 3, -1]
    assert at(np.array([2, -1]), np.array([5.0, 6.0, 7.0])).tolist() == [7.0, 0.0]


@pytest.mark.parametrize("steps", [1, 2])
def test_the_variance_of_serial_correlation_is_that_of_the_paper(steps):
    """Arellano and Bond (1991), equations 8 to 10, firm by firm with loops over the calendar."""
    levels = simulated(firms=30)
    levels[::7, 0] = np.nan
    data = differences(levels)
    step = kernel.one_step(data)
    step = step if steps == 1 else kernel.two_step(data, step)
    place = {(firm, period): row for row, (firm, period) in enumerate(zip(data.firms, data.periods, strict=True))}
    numerator, squares, cross, sides = 0.0, 0.0, 0.0, np.zeros(1)
    for firm in range(30):
        own = [row for row in range(len(data.firms)) if data.firms[row] == firm]
        pairs = [(row, place.get((firm, data.periods[row] - 2))) for row in own]
        product = sum(step.residuals[row] * step.residuals[back] for row, back in pairs if back is not None)
        numerator += product
        squares += product**2
        cross = cross + product * data.instruments[own].T @ step.residuals[own]
        sides = sides + sum(data.design[row] * step.residuals[back] for row, back in pairs if back is not None)
    pull = sides @ step.bread @ (data.design.T @ data.instruments) @ step.weight
    variance = squares - 2 * pull @ cross + sides @ step.robust @ sides
    assert kernel.serial_correlation(data, step, 2) == pytest.approx(numerator / np.sqrt(variance))
