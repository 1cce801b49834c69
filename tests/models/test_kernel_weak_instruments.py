"""What instruments can say: closed forms for one instrument, a grid for several, published critical values."""

from math import inf

import numpy as np
import pytest
from scipy import stats

from innosurvey.models.kernels.weak_instruments import (
    ReducedForms,
    effective_f,
    rank_statistic,
    slopes_not_rejected,
    written,
)

LIMIT = float(stats.chi2.ppf(0.95, 1))


def forms(outcome, moved, count=None, seed=1):
    """Return reduced forms with the covariance of a joint normal; `count` instruments, or those given."""
    outcome, moved = np.atleast_1d(outcome).astype(float), np.atleast_1d(moved).astype(float)
    size = len(outcome)
    half = np.random.default_rng(seed).normal(size=(2 * size, 2 * size + 3))
    joint = half @ half.T / 20
    across = joint[:size, size:]
    return ReducedForms(
        outcome=outcome, endogenous=moved, parts=(joint[:size, :size], -(across + across.T), joint[size:, size:])
    )


def test_with_one_instrument_the_set_is_the_solution_of_a_quadratic():
    found = forms(2.0, 3.0)
    zero, one, two = (part.item() for part in found.parts)
    # (2 - 3b)² = c (V_0 + b V_1 + b² V_2), Fieller's quadratic.
    roots = np.sort(np.roots([9 - LIMIT * two, -12 - LIMIT * one, 4 - LIMIT * zero]))
    assert slopes_not_rejected(found, LIMIT) == (pytest.approx(tuple(roots), rel=1e-9),)


def test_a_first_stage_that_is_not_there_leaves_all_effects_possible():
    assert slopes_not_rejected(forms(0.1, 0.0), LIMIT) == ((-inf, inf),)


def test_a_weak_first_stage_leaves_two_rays():
    unit = np.eye(1)
    weak = ReducedForms(outcome=np.array([8.0]), endogenous=np.array([0.5]), parts=(unit, 0 * unit, unit))
    # (8 - b / 2)² < c (1 + b²) outside the roots of (c - 1/4) b² + 8 b + c - 64.
    low, high = np.sort(np.roots([LIMIT - 0.25, 8, LIMIT - 64]))
    assert slopes_not_rejected(weak, LIMIT) == ((-inf, pytest.approx(low)), (pytest.approx(high), inf))


def test_instruments_that_contradict_each_other_leave_no_effect():
    assert slopes_not_rejected(forms([30.0, -30.0], [10.0, 10.0]), float(stats.chi2.ppf(0.95, 2))) == ()


@pytest.mark.parametrize("seed", range(6))
def test_with_several_instruments_the_set_is_that_of_a_grid(seed):
    random = np.random.default_rng(seed)
    moved = random.normal(size=3) * 3
    found = forms(0.7 * moved + 0.3 * random.normal(size=3), moved, seed=seed)
    limit = float(stats.chi2.ppf(0.95, 3))
    intervals = slopes_not_rejected(found, limit)
    for slope in np.linspace(-4, 4, 321):
        inside = any(lower <= slope <= upper for lower, upper in intervals)
        assert inside == (found.statistic(slope) < limit), slope


def test_the_unit_of_the_outcome_moves_the_set_by_itself():
    plain = forms([2.0, 1.5], [3.0, 2.0])
    zero, one, two = plain.parts
    scaled = ReducedForms(outcome=plain.outcome * 1e6, endogenous=plain.endogenous, parts=(zero * 1e12, one * 1e6, two))
    ((low, high),) = slopes_not_rejected(plain, 5.99)
    assert slopes_not_rejected(scaled, 5.99) == (pytest.approx((low * 1e6, high * 1e6), rel=1e-7),)


def test_one_instrument_has_the_published_critical_value():
    """Montiel Olea and Pflueger (2013), table 1: 23.1 for one instrument and a bias of 10 %."""
    assert effective_f(np.array([1.0]), np.eye(1), np.eye(1)).critical == pytest.approx(23.1, abs=0.05)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_instruments_of_equal_weight_have_as_many_degrees_of_freedom(count):
    found = effective_f(np.ones(count), np.eye(count), np.eye(count))
    assert found.df == pytest.approx(count)
    assert found.critical == pytest.approx(stats.ncx2.ppf(0.95, count, 10 * count) / count)


def test_under_equal_variances_the_effective_f_is_the_first_stage_f():
    random = np.random.default_rng(4)
    columns = random.normal(size=(50, 3))
    gram, slopes, variance = columns.T @ columns, random.normal(size=3), 1.7
    found = effective_f(slopes, variance * np.linalg.inv(gram), gram)
    assert found.statistic == pytest.approx(slopes @ gram @ slopes / variance / 3)


def test_with_one_endogenous_term_the_rank_statistic_is_walds():
    random = np.random.default_rng(5)
    half = random.normal(size=(3, 6))
    covariance, slopes = half @ half.T, random.normal(size=3)
    gram = np.diag([2.0, 1.0, 5.0])
    found = rank_statistic(slopes[:, None], covariance, gram, np.array([[3.0]]))
    assert found == pytest.approx(slopes @ np.linalg.solve(covariance, slopes))


def test_under_equal_variances_the_rank_statistic_is_the_least_eigenvalue_of_cragg_and_donald():
    random = np.random.default_rng(6)
    columns, slopes = random.normal(size=(80, 4)), random.normal(size=(4, 2))
    half = random.normal(size=(2, 5))
    gram, spread = columns.T @ columns, half @ half.T
    found = rank_statistic(slopes, np.kron(spread, np.linalg.inv(gram)), gram, spread)
    expected = np.linalg.eigvals(np.linalg.solve(spread, slopes.T @ gram @ slopes)).real.min()
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("intervals", "text"),
    [
        ((), "no value"),
        (((-inf, inf),), "all values"),
        (((0.12345, 2.0),), "[0.1235, 2]"),
        (((-inf, -1.0), (3.0, inf)), "(-inf, -1] and [3, inf)"),
    ],
)
def test_a_set_is_written_with_what_is_open(intervals, text):
    assert written(intervals) == text
