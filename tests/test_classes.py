import numpy as np
import pandas as pd
import pytest

from innosurvey.classes import Classes, classes_of, columns_of, fall_back, ladder_of
from innosurvey.derive import parse_derived
from innosurvey.errors import StudyError

DERIVED = parse_derived(
    {
        "size": {"rule": "when(employees_t < 10, 'small', 'large')", "levels": ["small", "large"]},
        "staffed": "employees_t > 0",
        "firm_kind": {"rule": "when(staffed, rnd_unit, 'none')", "levels": ["institute", "department", "none"]},
        "wide": "any(cert_venture, cert_innobiz)",
        "sales_class": "when(sales_t > 5, 'a', 'b')",
    }
)


def make_firms() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "employees_t": pd.array([5, 50, None, 5], dtype="Int64"),
            "rnd_unit": pd.Categorical(["none", "institute", "none", "institute"], ["institute", "department", "none"]),
            "cert_venture": pd.array([True, False, False, None], dtype="boolean"),
        },
        index=[7, 8, 9, 10],
    )


def test_classes_cross_own_and_derived_variables_and_keep_the_order_of_their_levels(dictionary):
    found = classes_of(make_firms(), ["rnd_unit", "size"], DERIVED, dictionary, {})
    assert found.levels == ("institute × small", "institute × large", "none × small")
    assert found.codes.tolist() == [2, 1, -1, 0]


def test_a_firm_without_an_answer_has_no_class(dictionary):
    assert classes_of(make_firms(), ["size"], DERIVED, dictionary, {}).codes.tolist() == [0, 1, -1, 0]


def test_without_variables_all_firms_are_one_class(dictionary):
    found = classes_of(make_firms(), [], DERIVED, dictionary, {})
    assert (found.levels, found.codes.tolist()) == (("all",), [0, 0, 0, 0])


def test_nobody_has_a_class_where_the_wave_lacks_a_variable(dictionary):
    found = classes_of(make_firms(), ["rnd_unit", "sales_class"], DERIVED, dictionary, {})
    assert (found.levels, found.codes.tolist()) == ((), [-1, -1, -1, -1])


def test_a_derived_variable_is_built_through_those_it_is_built_from(dictionary):
    columns = columns_of(make_firms(), ["firm_kind", "wide", "employees_t"], DERIVED, dictionary, {})
    assert columns["firm_kind"].astype(object).tolist()[:2] == ["none", "institute"]
    assert columns["wide"].tolist()[0] is True
    assert columns.index.tolist() == [7, 8, 9, 10]


def test_columns_that_the_wave_lacks_the_parts_for_are_left_out(dictionary):
    assert list(columns_of(make_firms(), ["sales_class", "size"], DERIVED, dictionary, {})) == ["size"]


def test_an_undeclared_variable_is_refused_with_the_near_name(dictionary):
    with pytest.raises(StudyError, match=r"no variable rnd_units.*Did you mean rnd_unit\?"):
        classes_of(make_firms(), ["rnd_units"], DERIVED, dictionary, {})


def test_an_amount_makes_no_classes(dictionary):
    firms = make_firms().assign(sales_t=[1.5, 2.5, 3.5, 4.5])
    with pytest.raises(StudyError, match="classes by sales_t: it is an amount"):
        classes_of(firms, ["sales_t"], DERIVED, dictionary, {})


def test_the_ladder_leaves_out_the_last_variable_first():
    assert ladder_of(["industry", "size"]) == (("industry", "size"), ("industry",), ())


def test_firms_of_a_small_class_fall_back_to_the_coarser_one():
    fine = Classes(codes=np.array([0, 0, 1, 2, -1]), levels=("a small", "a large", "b small"))
    coarse = Classes(codes=np.array([0, 0, 0, 1, 1]), levels=("a", "b"))
    found = fall_back([fine, coarse], np.array([True, True, True, True, False]), 2)
    assert found.rung.tolist() == [0, 0, 1, -1, -1]
    assert found.codes.tolist() == [0, 0, 3, -1, -1]


def test_only_counted_firms_make_a_class_large_enough():
    whole = Classes(codes=np.zeros(3, dtype="int64"), levels=("all",))
    assert fall_back([whole], np.array([True, False, False]), 2).codes.tolist() == [-1, -1, -1]
