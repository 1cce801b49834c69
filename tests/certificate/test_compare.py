"""Published beside computed: what agrees, what is off, what could not be had."""

import pandas as pd
import pytest

from innosurvey.certificate.cases import parse_cases
from innosurvey.certificate.compare import compare_published
from innosurvey.deviations import deviations
from innosurvey.errors import StudyError
from tests.certificate.make import make_data
from tests.certificate.test_cases import CASE

TOLD = pd.DataFrame([{"data": "mine", "status": "ok"}])
FIT = {
    "model": "t1", "status": "ok", "n": 50, "n_firms": 50, "loglik": -20.0, "r2": 0.5, "outcome": "y",
    "vcov": "classical", "small_sample": "stata", "engine": "here", "warnings": "",
}  # fmt: skip
TERMS = pd.DataFrame([{"model": "t1", "term": "x", "estimate": 0.1233, "se": 0.0402, "statistic": 3.07, "p": 0.003}])
TESTS = pd.DataFrame([{"model": "t1", "name": "sargan", "statistic": 65.82, "df": 25.0, "df2": None, "p": 0.01}])


def compared(fit=FIT, told=TOLD, **declared):
    columns = parse_cases({"t1": {**CASE, **declared}}, {"mine": make_data()})["t1"].columns
    found = {"fits": pd.DataFrame([fit]), "coefficients": TERMS, "diagnostics": TESTS}
    if not fit["status"].startswith("ok"):
        found["coefficients"] = TERMS.iloc[:0]
    return compare_published(columns, told, found)


def verdicts(found):
    return found.numbers["verdict"].tolist()


def test_a_number_within_its_tolerance_agrees():
    assert verdicts(compared()) == ["agrees", "agrees"]


def test_a_number_as_far_off_as_the_tolerance_agrees_in_spite_of_binary_fractions():
    found = compared(published={"x": 0.1230}, tolerance={"estimate": 0.0003})
    assert verdicts(found) == ["agrees"]


def test_a_number_further_off_deviates_and_is_named_with_all_that_one_needs():
    found = compared(published={"x": [0.125, 0.04]})
    assert verdicts(found) == ["deviates", "agrees"]
    assert deviations(found.numbers, found.cases) == [
        "t1, estimate of x: published 0.125, computed 0.1233, tolerance 0.0006"
    ]


def test_a_count_that_differs_by_one_deviates():
    assert verdicts(compared(statistics={"n": 51}))[-1] == "deviates"


def test_statistics_follow_from_the_likelihood():
    found = compared(statistics={"deviance": 40.0, "aic": 42.0}, tolerance={"estimate": 1, "se": 1, "statistics": 0.01})
    assert verdicts(found) == ["agrees"] * 4  # one parameter: AIC is the deviance and two


def test_a_test_is_held_against_the_diagnostics():
    found = compared(tests={"sargan": {"statistic": 65.8, "df": 25}}, tolerance={"estimate": 1, "se": 1, "tests": 0.06})
    assert verdicts(found) == ["agrees"] * 4


def test_a_number_that_the_fit_does_not_have_agrees_with_nothing():
    assert (
        verdicts(
            compared({**FIT, "r2": None}, statistics={"r2": 0.5}, tolerance={**CASE["tolerance"], "statistics": 9})
        )[-1]
        == "deviates"
    )


def test_a_term_that_the_model_lacks_is_an_error_with_the_terms_that_it_has():
    with pytest.raises(StudyError, match=r"cases\.t1\.published\.xx: no such term\. Did you mean x\? There are: x"):
        compared(published={"xx": [1, 1]})


def test_a_test_that_the_model_lacks_is_an_error_with_the_tests_that_it_has():
    with pytest.raises(StudyError, match=r"tests\.hansen: no such test\. There are: sargan"):
        compared(tests={"hansen": 3}, tolerance={"estimate": 1, "se": 1, "tests": 1})


def test_a_statistic_that_there_is_not_is_answered_with_the_near_one():
    with pytest.raises(StudyError, match=r"statistics: unknown key `logLik`\. Did you mean loglik\?"):
        compared(statistics={"logLik": 3}, tolerance={"estimate": 1, "se": 1, "statistics": 1})


def test_a_model_that_is_not_estimated_is_a_row_with_its_reason_and_stops_the_build():
    found = compared({**FIT, "status": "not estimated: separation by x", "n": 50})
    assert verdicts(found) == ["not estimated", "not estimated"]
    assert found.cases["reason"].item() == "not estimated: separation by x"
    assert deviations(found.numbers, found.cases) == ["t1: not estimated: separation by x"]


def test_a_data_set_that_is_not_there_is_neither_green_nor_an_error():
    told = pd.DataFrame([{"data": "mine", "status": "not run: the package x is not installed"}])
    found = compared({**FIT, "status": "not estimated: no rows", "n": 0}, told)
    assert found.cases["verdict"].item() == "not run"
    assert found.counts.set_index("verdict")["cases"].to_dict() == {
        "all": 1, "agrees": 0, "deviates": 0, "not judged": 0, "not estimated": 0, "not run": 1,
    }  # fmt: skip
    assert deviations(found.numbers, found.cases) == []


def test_a_case_that_is_put_aside_says_why():
    found = compared(not_run="the author's data are not public")
    assert found.cases["reason"].item() == "not run: the author's data are not public"


def test_a_wrong_print_is_held_against_what_is_right():
    errata = {"x": {"right": [0.1235, 0.04], "reason": "Digits exchanged."}}
    assert verdicts(compared(published={"x": [0.1325, 0.04]}, errata=errata)) == ["agrees", "agrees"]


def test_a_wrong_print_of_which_nothing_is_known_is_not_judged():
    found = compared(published={"x": [0.9, 0.9]}, errata={"x": {"reason": "A misprint."}})
    assert verdicts(found) == ["not judged", "not judged"]
    assert deviations(found.numbers, found.cases) == []


def test_the_largest_deviation_is_in_tolerances():
    assert compared().cases["largest"].item() == pytest.approx(0.5)  # 0.0003 of 0.0006
