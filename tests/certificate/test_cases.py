"""What is declared of a printed table, and what a slip in it is told."""

import pytest

from innosurvey.certificate.cases import parse_cases
from innosurvey.errors import StudyError
from tests.certificate.make import make_data

DATA = {"mine": make_data()}
CASE = {
    "title": "A table",
    "source": "A book, Table 1",
    "data": "mine",
    "model": {"estimator": "ols", "outcome": "y", "regressors": ["x"]},
    "published": {"x": [0.123, 0.04]},
    "tolerance": {"estimate": 0.0006, "se": 0.0006},
}


def numbers(**declared):
    """Return the printed numbers of a case by term and quantity."""
    columns = parse_cases({"t1": {**CASE, **declared}}, DATA)["t1"].columns
    return {(number.term, number.quantity): number for column in columns for number in column.published}


def said(case="t1", **declared):
    with pytest.raises(StudyError) as caught:
        parse_cases({case: {**CASE, **declared}}, DATA)
    return str(caught.value)


def test_a_list_is_an_estimate_and_its_standard_error():
    found = numbers()
    assert found["x", "estimate"].printed == 0.123
    assert found["x", "se"].printed == 0.04


def test_a_number_alone_is_an_estimate_and_null_is_not_printed():
    assert list(numbers(published={"x": 0.5, "z": [0.1, None]})) == [("x", "estimate"), ("z", "estimate")]


def test_t_values_and_intervals_can_be_printed_in_place_of_standard_errors():
    found = numbers(
        published={"x": {"estimate": 0.5, "statistic": 2.1}}, tolerance={"estimate": 0.01, "statistic": 0.06}
    )
    assert found["x", "statistic"].tolerance == 0.06


def test_a_number_in_quotes_keeps_the_zeros_that_it_is_printed_with():
    assert numbers(published={"x": ["0.110", "0.012"]})["x", "estimate"].decimals == 3


def test_counts_have_no_tolerance_and_need_none():
    assert numbers(statistics={"n": 753})["", "n"].tolerance == 0.0


def test_a_statistic_has_a_tolerance_of_its_own_or_that_of_all():
    one = numbers(statistics={"loglik": -10.5}, tolerance={"estimate": 1, "se": 1, "statistics": {"loglik": 0.2}})
    all_ = numbers(statistics={"loglik": -10.5}, tolerance={"estimate": 1, "se": 1, "statistics": 0.3})
    assert (one["", "loglik"].tolerance, all_["", "loglik"].tolerance) == (0.2, 0.3)


def test_a_test_is_printed_with_its_degrees_of_freedom_which_are_exact():
    found = numbers(tests={"sargan": {"statistic": 65.8, "df": 25}}, tolerance={"estimate": 1, "se": 1, "tests": 0.06})
    assert found["sargan", "test_df"].tolerance == 0.0
    assert found["sargan", "test_statistic"].tolerance == 0.06


@pytest.mark.parametrize("printed", [[0.1], [0.1, 0.2, 0.3]])
def test_a_published_list_that_is_no_pair_is_refused(printed):
    assert "published.x: " in said(published={"x": printed})
    assert "where two are expected" in said(published={"x": printed})


@pytest.mark.parametrize("printed", ["abc", True, "nan", [None, None]])
def test_a_published_number_that_is_none_is_refused(printed):
    assert "certificate.cases.t1.published.x" in said(published={"x": printed})


def test_a_tolerance_is_asked_for_by_name():
    assert "tolerance: that of `se` is missing" in said(tolerance={"estimate": 0.1})


def test_a_case_prints_something():
    assert "nothing is printed of it" in said(published={})


def test_an_unknown_data_set_is_answered_with_the_near_name():
    assert "there is no data set mind. Did you mean mine?" in said(data="mind")


def test_a_misspelt_key_is_answered_with_the_near_one():
    assert "Did you mean tolerance?" in said(tolerence={"estimate": 1})


def test_a_case_name_that_files_could_not_have_is_refused():
    assert "a case is named with" in said(case="Table 1")


def test_two_cases_whose_models_would_have_one_name_are_refused():
    with pytest.raises(StudyError, match=r"certificate\.cases\.t-1: its model would be called t_1"):
        parse_cases({"t_1": CASE, "t-1": CASE}, DATA)


def test_what_the_certificate_sets_itself_is_refused():
    assert "model.foreach: a model of the certificate has none" in said(model={**CASE["model"], "foreach": ["all"]})


def test_columns_are_laid_over_the_case_key_by_key():
    columns = {"iid": {"model": {"covariance": "classical"}}, "robust": {"published": {"x": [0.123, 0.05]}}}
    iid, robust = parse_cases({"t1": {**CASE, "columns": columns}}, DATA)["t1"].columns
    assert (iid.id, robust.id) == ("t1__iid", "t1__robust")
    assert iid.model == {**CASE["model"], "covariance": "classical"}
    assert robust.model == CASE["model"]
    assert robust.published[1].printed == 0.05


def test_an_erratum_replaces_what_a_number_is_held_against():
    errata = {"x": {"right": [0.132, 0.04], "reason": "Digits exchanged; the text has 0.132."}}
    number = numbers(errata=errata)["x", "estimate"]
    assert (number.printed, number.right) == (0.123, 0.132)


def test_an_erratum_that_does_not_say_what_is_right_leaves_the_number_unjudged():
    assert numbers(errata={"x": {"reason": "A misprint."}})["x", "se"].right is None


def test_an_erratum_needs_its_reason():
    assert "errata.x: `reason` is missing" in said(errata={"x": {"right": 0.1}})


def test_an_erratum_of_what_is_not_published_is_refused():
    assert "errata.z: nothing of that name is published" in said(errata={"z": {"reason": "A misprint."}})


def test_an_erratum_of_a_statistic_is_one_number():
    errata = {"n": {"right": 754, "reason": "The text has 754."}}
    assert numbers(statistics={"n": 753}, errata=errata)["", "n"].right == 754
