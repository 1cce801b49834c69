"""Terms as named columns."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.models.estimates import NotEstimated
from innosurvey.models.matrix import block_of, factor_values
from innosurvey.models.terms import categories_alone, parse_term

FIRMS = pd.DataFrame(
    {
        "sales": pd.array([1.0, np.e, 0.0, None], dtype="Float64"),
        "staff": pd.array([3, 4, None, 5], dtype="Int64"),
        "exporter": pd.array([True, False, None, True], dtype="boolean"),
        "size": pd.Categorical(["small", "large", "micro", None], categories=["micro", "small", "large", "giant"]),
        "gu": ["B", "A", "B", None],
    }
)


def columns(*texts, firms=FIRMS):
    terms = [parse_term(text, "here") for text in texts]
    factors = {factor: factor_values(factor, firms) for term in terms for factor in term.factors}
    return block_of(terms, factors, len(firms), categories_alone(terms))


def test_booleans_and_whole_numbers_become_floats_with_their_gaps():
    np.testing.assert_array_equal(columns("exporter", "staff").columns, [[1, 3], [0, 4], [np.nan, np.nan], [1, 5]])


def test_a_logarithm_of_zero_is_a_gap():
    np.testing.assert_array_equal(columns("log(sales)").columns[:, 0], [0.0, 1.0, np.nan, np.nan])


def test_levels_follow_the_order_of_the_category_and_the_first_is_the_base():
    assert columns("C(size)").names == ("size[small]", "size[large]")


def test_levels_of_text_are_sorted():
    assert columns("C(gu)").names == ("gu[B]",)


def test_a_level_that_no_firm_has_makes_no_column():
    assert "size[giant]" not in columns("C(size)").names


def test_a_product_multiplies_each_level():
    block = columns("staff:C(size)", firms=FIRMS.iloc[:2])
    assert block.names == ("staff:size[large]",)
    np.testing.assert_array_equal(block.columns[:, 0], [0, 4])


PLACES = pd.DataFrame(
    {
        "industry": pd.Categorical(["a", "a", "b", "b", "c"]),
        "revision": pd.Categorical(["3", "4", "3", "4", "4"]),
    }
)


def test_two_categories_without_their_own_terms_are_one_whose_levels_are_the_cells():
    block = columns("C(industry):C(revision)", firms=PLACES)
    assert block.names == tuple(f"industry[{a}]:revision[{b}]" for a, b in ("a4", "b3", "b4", "c4"))
    np.testing.assert_array_equal(block.columns, np.eye(5)[:, 1:])


def test_two_categories_beside_their_own_terms_are_what_these_do_not_add_up_to():
    block = columns("C(industry)", "C(revision)", "C(industry):C(revision)", firms=PLACES)
    assert block.names[3:] == ("industry[b]:revision[4]", "industry[c]:revision[4]")


def test_cells_are_set_one_at_a_time():
    block = columns("C(industry):C(revision)", firms=PLACES)
    moved = block.moved({name: float(name == "industry[b]:revision[3]") for name in block.names})
    np.testing.assert_array_equal(moved, np.tile([0, 1, 0, 0], (5, 1)))


def test_a_category_that_is_not_marked_as_one_is_told_apart():
    with pytest.raises(NotEstimated, match=r"size is not a number; write C\(size\)"):
        columns("size")


def test_amounts_are_no_levels_because_terms_would_print_them():
    with pytest.raises(NotEstimated, match="sales is a measured number"):
        columns("C(sales)")


def test_scores_are_levels():
    assert columns("C(staff)").names == ("staff[4]", "staff[5]")


def test_a_variable_set_to_a_value_changes_its_products():
    block = columns("staff", "staff:C(size)", "exporter", firms=FIRMS.iloc[:2])
    np.testing.assert_array_equal(block.moved({"staff": 10.0})[:, :2], [[10, 0], [10, 10]])
    np.testing.assert_array_equal(block.moved({"staff": 10.0})[:, 2], block.columns[:, 2])


def test_a_step_in_a_variable_moves_its_square_by_twice_as_much_as_it_is():
    block = columns("staff", "staff:staff", firms=FIRMS.iloc[:2])
    np.testing.assert_array_equal(block.direction("staff", {}), [[1, 6], [1, 8]])


def test_a_step_in_a_variable_moves_its_logarithm_by_its_inverse():
    block = columns("sales", "log(sales)", "log1p(sales)", firms=FIRMS.iloc[:2])
    expected = [[1, 1, 1 / 2], [1, 1 / np.e, 1 / (1 + np.e)]]
    np.testing.assert_allclose(block.direction("sales", {}), expected, rtol=1e-14)


def test_a_step_in_one_variable_leaves_another_where_it_is():
    block = columns("staff", "sales", firms=FIRMS.iloc[:2])
    np.testing.assert_array_equal(block.direction("staff", {})[:, 1], [0, 0])


def test_columns_that_are_taken_can_still_be_made_again():
    block = columns("staff", "exporter", "staff:exporter", firms=FIRMS.iloc[:2]).take([2, 0])
    np.testing.assert_array_equal(block.moved({"exporter": 1.0}), [[3, 3], [4, 4]])
