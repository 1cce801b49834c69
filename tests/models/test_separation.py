"""Separation, found by a linear programme."""

import numpy as np

from innosurvey.models.separation import separating_columns

ONES = np.ones(8)
X = np.array([1, 2, 3, 4, 5, 6, 7, 8.0])
NOTHING = np.zeros(8, dtype=bool)


def logit(column, outcome):
    outcome = np.asarray(outcome, dtype=bool)
    return separating_columns(np.column_stack([ONES, column]), ~outcome, outcome)


def test_a_threshold_between_the_outcomes_separates():
    assert logit(X, X > 4) == (1,)


def test_overlapping_outcomes_do_not_separate():
    assert logit(X, [0, 0, 1, 0, 1, 0, 1, 1]) == ()


def test_a_level_on_which_all_innovate_separates():
    assert logit([1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 1, 0, 1, 0, 1, 0]) == (1,)


def test_only_the_column_that_separates_is_named():
    outcome = np.array([0, 1, 1, 0, 1, 0, 1, 0], dtype=bool)
    level = np.array([0, 0, 1, 0, 1, 0, 0, 0.0])
    assert separating_columns(np.column_stack([ONES, X, level]), ~outcome, outcome) == (2,)


def test_a_level_on_which_all_counts_are_zero_separates_a_poisson_model():
    counts = np.array([0, 0, 0, 1, 0, 2, 3, 0])
    level = np.array([1, 1, 1, 0, 0, 0, 0, 0.0])
    assert separating_columns(np.column_stack([ONES, level]), counts == 0, NOTHING) == (1,)


def test_zeros_on_both_levels_do_not_separate_a_poisson_model():
    counts = np.array([0, 0, 2, 1, 0, 2, 3, 0])
    level = np.array([1, 1, 1, 0, 0, 0, 0, 0.0])
    assert separating_columns(np.column_stack([ONES, level]), counts == 0, NOTHING) == ()
