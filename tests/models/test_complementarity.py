"""Tests of complementarity between practices."""

import numpy as np
import pytest
from scipy.stats import norm

from innosurvey.models.complementarity import (
    complementarity_tests,
    distance,
    mixed_tail,
    state_name,
    states,
    supermodular,
)

PAIR = ("technical", "organisational")
THREE = ("a", "b", "c")
NAMES = [state_name(state, PAIR) for state in states(PAIR)[1:]]


def judged(alone, other, both, covariance):
    tests = complementarity_tests(PAIR, NAMES, np.array([alone, other, both]), covariance)
    return {test.name.rstrip(")").rsplit(" ", 1)[1]: test for test in tests}


def test_combinations_are_named_by_what_a_firm_does():
    assert NAMES == ["technical_only", "organisational_only", "technical_and_organisational"]


def test_two_practices_give_one_inequality():
    np.testing.assert_array_equal(supermodular(PAIR, PAIR), [[-1, -1, 1]])


def test_a_third_practice_gives_one_inequality_without_and_one_with_it():
    # Order: a, b, c, ab, ac, bc, abc. Without c: ab - a - b; with c: abc + c - ac - bc.
    np.testing.assert_array_equal(supermodular(THREE, ("a", "b")), [[-1, -1, 0, 1, 0, 0, 0], [0, 0, 1, 0, -1, -1, 1]])


def test_one_inequality_is_the_one_sided_t_test():
    # By hand: gap = 1.0 - 0.2 - 0.3 = 0.5; variance = 3 × 0.04 = 0.12; t = 0.5 / sqrt(0.12) = 1.4434.
    tests = judged(0.2, 0.3, 1.0, 0.04 * np.eye(3))
    assert tests["substitutes"].statistic == pytest.approx(0.5**2 / 0.12, rel=1e-12)
    assert tests["substitutes"].p == pytest.approx(norm.sf(0.5 / np.sqrt(0.12)), rel=1e-12)
    assert (tests["complements"].statistic, tests["complements"].p) == (0.0, 1.0)


@pytest.mark.parametrize(("both", "verdict"), [(2.0, "complements"), (-1.0, "substitutes"), (0.6, "undecided")])
def test_the_note_says_the_verdict(both, verdict):
    tests = judged(0.2, 0.3, both, 0.04 * np.eye(3))
    assert all(test.note.startswith(verdict) for test in tests.values())


@pytest.mark.parametrize(("rank", "critical"), [(1, 2.706), (2, 5.138), (3, 7.045), (4, 8.761)])
def test_the_critical_values_are_those_that_kodde_and_palm_print(rank, critical):
    # Econometrica 54, table 1, at 5 %: lower bound 2.706 (rank 1), upper bounds with 2, 3 and 4 restrictions.
    assert mixed_tail(critical, rank) == pytest.approx(0.05, abs=2e-5)


def test_the_distance_counts_only_what_is_violated():
    # Two independent gaps with unit variance, -2 and 1: the nearest point of the quadrant is (0, 1).
    found = distance(np.eye(2), np.array([-2.0, 1.0]), np.eye(2))
    assert found.statistic == pytest.approx(4.0, rel=1e-12)


def test_the_distance_moves_the_other_gap_if_the_gaps_are_correlated():
    # With covariance [[1, r], [r, 1]], dropping the first gap's violation -2 moves the second to 1 + 2r > 0, and
    # D = (-2)² / 1.
    found = distance(np.eye(2), np.array([-2.0, 1.0]), np.array([[1.0, 0.5], [0.5, 1.0]]))
    assert found.statistic == pytest.approx(4.0, rel=1e-12)


def test_both_gaps_count_where_both_are_violated():
    covariance = np.array([[1.0, 0.3], [0.3, 1.0]])
    gaps = np.array([-2.0, -2.0])
    found = distance(np.eye(2), gaps, covariance)
    assert found.statistic == pytest.approx(gaps @ np.linalg.solve(covariance, gaps), rel=1e-10)


def test_three_practices_are_tested_pair_by_pair_and_jointly():
    names = [state_name(state, THREE) for state in states(THREE)[1:]]
    # Worth the square of the number of practices: every pair adds 2 beyond its parts.
    coefficients = np.array([float(len(state) ** 2) for state in states(THREE)[1:]])
    tests = complementarity_tests(THREE, names, coefficients, 0.01 * np.eye(7))
    assert len(tests) == 8
    assert all(test.note.startswith("complements") for test in tests)
    # The six inequalities of three pairs have rank four: the differences of the two of each pair are the same number.
    assert tests[-1].df == 4


def test_mixed_signs_are_undecided():
    # a and b are complements without c (gap 4) and substitutes with it (gap -4).
    names = [state_name(state, THREE) for state in states(THREE)[1:]]
    worth = np.array([{"a_and_b": 4.0, "a_and_b_and_c": -4.0}.get(name, 0.0) for name in names])
    tests = complementarity_tests(THREE, names, worth, 0.01 * np.eye(7))
    assert tests[0].note.startswith("undecided")
    assert tests[1].note.startswith("undecided")


def test_a_combination_that_no_firm_has_is_told():
    tests = complementarity_tests(PAIR, NAMES[:2], np.ones(2), np.eye(2))
    assert [np.isnan(test.statistic) for test in tests] == [True]
    assert "technical_and_organisational" in tests[0].note


def test_the_null_at_its_corner_is_rejected_as_often_as_the_bounds_allow():
    random = np.random.default_rng(3)
    rows = supermodular(THREE, ("a", "b"))
    draws = random.normal(size=(2000, 7))
    found = [distance(rows, draw, np.eye(7)) for draw in draws]
    upper = np.mean([one.p_upper < 0.05 for one in found])
    lower = np.mean([one.p_lower < 0.05 for one in found])
    # 2,000 draws: the standard error of a share of 5 % is 0.5 points; the two gaps are independent, so that D is
    # ¼χ²(0) + ½χ²(1) + ¼χ²(2), whose tails at 5.138 and 2.706 are 3.1 % and 11.5 %.
    assert upper == pytest.approx(0.031, abs=0.015)
    assert lower == pytest.approx(0.115, abs=0.025)
