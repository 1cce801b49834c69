"""Overlap and balance, by hand."""

import numpy as np
import pytest

from innosurvey.models.kernels.overlap import balance, crump_bound, effective_size, outside_common_support


def test_a_standardised_difference_is_one_of_means_over_the_common_standard_deviation():
    """Treated 1, 3 (mean 2, variance 1); controls 0, 0, 3, 3 (1.5, 2.25); weights 1, 1, 3, 3 make the controls 2.25."""
    column, treated = np.array([1, 3, 0, 0, 3, 3.0]), np.array([1, 1, 0, 0, 0, 0]) == 1
    found = balance(column, treated, np.ones(6), np.array([1, 1, 1, 1, 3, 3.0]))
    scale = np.sqrt((1 + 2.25) / 2)
    assert (found.treated, found.controls, found.controls_weighted) == pytest.approx((2, 1.5, 2.25))
    assert (found.difference, found.difference_weighted) == pytest.approx((0.5 / scale, -0.25 / scale))
    assert found.variance_ratio == pytest.approx(1 / (9 * 0.75 * 0.25))


def test_equal_weights_lose_no_row_and_one_weight_leaves_one():
    assert effective_size(np.full(7, 0.3)) == pytest.approx(7)
    assert effective_size(np.array([5, 0, 0.0])) == pytest.approx(1)
    assert effective_size(np.array([3, 1.0])) == pytest.approx(16 / 10)


def test_rows_outside_the_other_arms_range_are_found():
    probability = np.array([0.2, 0.5, 0.9, 0.1, 0.4, 0.6])
    treated = np.array([1, 1, 1, 0, 0, 0]) == 1
    assert outside_common_support(probability, treated).tolist() == [False, False, True, True, False, False]


def test_nothing_is_cut_where_all_probabilities_are_moderate():
    assert crump_bound(np.linspace(0.3, 0.7, 50)) == 0


def test_the_bound_of_crump_and_others_solves_their_equation():
    """Corollary 1: 1 / (a (1 - a)) = 2 E[1 / (e (1 - e)) given that this is no larger]. For evenly spread
    probabilities they print a = 0.10 as a rule of thumb; the uniform's own is a little above 0.09."""
    probability = (np.arange(100_000) + 0.5) / 100_000
    found = crump_bound(probability)
    inverse = 1 / (probability * (1 - probability))
    cut = 1 / (found * (1 - found))
    assert cut == pytest.approx(2 * inverse[inverse <= cut].mean(), rel=1e-3)
    assert 0.05 < found < 0.15
