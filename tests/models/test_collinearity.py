"""Columns that others explain."""

import numpy as np

from innosurvey.models.collinearity import Redundant, condition_number, redundant_columns

RANDOM = np.random.default_rng(5)
FREE = RANDOM.normal(size=(50, 3))


def test_independent_columns_are_all_kept():
    assert redundant_columns(FREE) == ()


def test_the_later_column_is_redundant_and_its_partners_are_known():
    columns = np.column_stack([FREE, 2 * FREE[:, 0] - FREE[:, 2]])
    assert redundant_columns(columns) == (Redundant(column=3, explained_by=(0, 2)),)


def test_units_do_not_matter():
    columns = np.column_stack([FREE[:, 0], FREE[:, 0] * 1e-9 + FREE[:, 1] * 1e-12])
    assert redundant_columns(columns) == ()


def test_a_column_that_effects_explain_has_nothing_left():
    columns = np.column_stack([FREE[:, 0], np.full(50, 1e-16)])
    assert redundant_columns(columns, np.array([1.0, 7.0])) == (Redundant(column=1, explained_by=()),)


def test_columns_at_right_angles_have_condition_one():
    assert condition_number(np.array([[5.0, 0.0], [0.0, 0.001]])) == 1.0


def test_a_large_condition_number_keeps_its_digits():
    columns = np.column_stack([FREE[:, 0], FREE[:, 0] + 1e-7 * FREE[:, 1]])
    expected = np.linalg.cond(columns / np.linalg.norm(columns, axis=0))
    # Of sixteen digits the difference of the columns leaves nine.
    np.testing.assert_allclose(condition_number(columns), expected, rtol=1e-8)
    assert redundant_columns(columns) == ()


def test_a_column_of_zeros_has_no_finite_condition():
    assert condition_number(np.column_stack([FREE, np.zeros(50)])) == np.inf
