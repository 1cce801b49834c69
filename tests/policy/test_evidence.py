from math import isnan

import pytest

from innosurvey.policy.evidence import found_in
from tests.policy.made_up import difference, share, spec, tables

PART, LOAN = "financing.x", "financing.loan"


def found(describe=(), compare=(), **absent):
    return found_in(tables(describe=describe, compare=compare), spec(), absent, 10)


def test_a_share_is_that_of_the_stage_over_all_waves():
    given = (share("x", 9.0, wave="2020"), share("x", 7.0, group="mature"), share("x", 5.0))
    assert found(given).share("startup", "x", PART).value == 5.0


def test_a_share_says_which_row_it_stands_in():
    said = found((share("x", 5.0),)).share("startup", "x", PART).source
    assert said == "describe: cohort stage, group startup, wave all, item x, statistic share"


def test_another_statistic_of_the_item_is_no_share():
    assert found((share("x", 5.0, statistic="mean"),)).share("startup", "x", PART).reason == "there is no such estimate"


@pytest.mark.parametrize(("n", "known"), [(9, False), (10, True)])
def test_a_share_of_too_few_firms_is_not_taken_over(n, known):
    one = found((share("x", 5.0, n=n),)).share("startup", "x", PART)
    assert isnan(one.value) != known
    assert one.reason == ("" if known else "fewer than 10 firms")


def test_a_difference_from_too_few_firms_on_either_side_is_not_taken_over():
    one = found(compare=(difference(-5.0, n_reference=9),)).association("used_loan", LOAN)
    assert (isnan(one.value), one.reason) == (True, "fewer than 10 firms")


def test_an_estimate_that_failed_says_why():
    given = (share("x", float("nan"), status="not estimated: no firm says yes"),)
    assert found(given).share("startup", "x", PART).reason == "no firm says yes"


def test_what_the_survey_lacks_is_the_reason_that_there_is_no_share():
    assert found(**{PART: "x needs barrier_x"}).share("startup", "x", PART).reason == "x needs barrier_x"


@pytest.mark.parametrize(
    "row",
    [difference(-5.0), difference(5.0, group="success", reference="failure")],
    ids=["failed against successful", "successful against failed"],
)
def test_an_association_is_seen_from_the_firms_that_succeeded(row):
    one = found(compare=(row,)).association("used_loan", LOAN)
    assert (one.value, one.lower, one.upper) == (5.0, 3.0, 7.0)


def test_a_comparison_with_a_third_group_is_none_of_success():
    assert isnan(found(compare=(difference(5.0, reference="ongoing"),)).association("used_loan", LOAN).value)


def test_where_success_cannot_be_told_at_all_that_is_the_reason():
    given = found(success="the study has no cohort outcome", **{LOAN: "used_loan needs support_loan"})
    assert given.association("used_loan", LOAN).reason == "the study has no cohort outcome"
