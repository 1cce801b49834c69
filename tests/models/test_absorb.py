"""Taking out fixed effects."""

import numpy as np
import pytest

from innosurvey.models import absorb as absorbing
from innosurvey.models.absorb import absorb, absorbed_parameters, is_nested
from innosurvey.models.estimates import NotEstimated

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


def test_a_far_origin_costs_no_more_digits_than_it_takes_up():
    moved = COLUMNS + 1e7
    # What 1e7 leaves of the digits of the columns is left: the first pass costs nine of them, the second none.
    expected = absorb(moved - 1e7, [FIRM, WAVE])
    np.testing.assert_allclose(absorb(moved, [FIRM, WAVE]), expected, atol=ROUNDING)


def test_one_effect_takes_off_the_mean_of_each_group():
    column = np.array([[1.0], [3.0], [5.0], [9.0]])
    np.testing.assert_array_equal(absorb(column, [np.array([0, 0, 1, 1])]), [[-1], [1], [-2], [2]])


@pytest.fixture
def many_levels():
    """Columns, and two effects of 300 and 200 levels that some 900 rows tie together."""
    random = np.random.default_rng(8)
    firm, place = random.integers(0, 300, 900), random.integers(0, 200, 900)
    codes = [np.unique(effect, return_inverse=True)[1] for effect in (firm, place)]
    return random.normal(size=(900, 2)), codes


def test_two_large_effects_are_taken_out_by_iteration_as_if_by_dummies(many_levels, monkeypatch):
    columns, effects = many_levels
    dummies = np.column_stack([np.eye(codes.max() + 1)[codes] for codes in effects])
    monkeypatch.setattr(absorbing, "_DENSE", 10)
    # The iteration stops at 1e-10 of the columns' sums, and a second pass squares that.
    np.testing.assert_allclose(absorb(columns, effects), residuals(columns, dummies), atol=1e-11)


def test_two_large_effects_make_no_dummies(monkeypatch):
    random = np.random.default_rng(8)
    effects = [np.unique(random.integers(0, 20_000, 60_000), return_inverse=True)[1] for _ in range(2)]
    within = absorb(random.normal(size=(60_000, 1)), effects)  # their dummies would take 9 GB
    sums = [np.bincount(codes, weights=within[:, 0]) for codes in effects]
    np.testing.assert_allclose(np.concatenate(sums), 0, atol=1e-9)


def test_an_iteration_that_does_not_settle_is_no_estimate(many_levels, monkeypatch):
    monkeypatch.setattr(absorbing, "_DENSE", 10)
    monkeypatch.setattr(absorbing, "_ITERATIONS", 2)
    with pytest.raises(NotEstimated, match="tied by too few rows"):
        absorb(*many_levels)


def test_what_is_absorbed_leaves_the_columns_themselves_alone():
    before = COLUMNS.copy()
    absorb(COLUMNS, [FIRM, WAVE])
    np.testing.assert_array_equal(COLUMNS, before)


def test_an_effect_is_nested_if_each_of_its_levels_lies_in_one_cluster():
    assert is_nested(FIRM, INDUSTRY)
    assert not is_nested(INDUSTRY, FIRM)
    assert not is_nested(WAVE, FIRM)


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
