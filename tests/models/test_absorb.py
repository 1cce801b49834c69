"""Taking out fixed effects."""

import numpy as np
import pytest

from innosurvey.models.absorb import absorb, absorbed_parameters

FIRM = np.array([0, 0, 0, 1, 1, 2, 2, 2, 3, 3])
WAVE = np.array([0, 1, 2, 0, 2, 0, 1, 2, 1, 2])
INDUSTRY = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
COLUMNS = np.random.default_rng(3).normal(size=(10, 2))
# Two exact algorithms on ten rows differ by rounding only.
ROUNDING = 1e-12


def residuals(columns, dummies, weights=None):
    root = np.ones((len(columns), 1)) if weights is None else np.sqrt(weights)[:, None]
    return columns - dummies @ np.linalg.lstsq(dummies * root, columns * root, rcond=None)[0]


@pytest.mark.parametrize("weights", [None, np.linspace(0.5, 2, 10)])
def test_two_unbalanced_effects_leave_what_dummies_leave(weights):
    dummies = np.column_stack([np.eye(4)[FIRM], np.eye(3)[WAVE]])
    expected = residuals(COLUMNS, dummies, weights)
    np.testing.assert_allclose(absorb(COLUMNS, [FIRM, WAVE], weights), expected, atol=ROUNDING)


def test_one_effect_takes_off_the_mean_of_each_group():
    column = np.array([[1.0], [3.0], [5.0], [9.0]])
    np.testing.assert_array_equal(absorb(column, [np.array([0, 0, 1, 1])]), [[-1], [1], [-2], [2]])


def test_two_connected_effects_count_one_level_less():
    assert absorbed_parameters([FIRM, WAVE]) == 4 + 3 - 1


def test_two_effects_in_two_separate_sets_count_two_levels_less():
    assert absorbed_parameters([np.array([0, 0, 1, 1]), np.array([0, 1, 2, 3])]) == 2 + 4 - 2


def test_an_effect_within_clusters_counts_as_the_constant_only():
    assert absorbed_parameters([FIRM], [INDUSTRY]) == 1


def test_beside_an_effect_within_clusters_the_other_one_counts():
    assert absorbed_parameters([FIRM, WAVE], [FIRM]) == 3


def test_without_effects_there_is_nothing_to_count():
    assert absorbed_parameters([]) == 0
