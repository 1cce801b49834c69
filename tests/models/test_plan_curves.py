"""Which curves a survey can feed, in which choices, and what their job reads."""

import pytest

from innosurvey.errors import StudyError
from innosurvey.models.parse_curve import parse_curve
from innosurvey.models.plan_curves import (
    columns_of_curves,
    curve_batches,
    curves_in,
    fail_if_the_cohort_is_undeclared,
    main_specifications,
    plan_curves,
    possible_part,
    variables_of,
)

DECLARED = {
    "outcomes": ["sales", "profit"],
    "inputs": ["log1p(rd)", "innovator"],
    "controls": {"firm": ["size"], "none": [], "capital": ["size", "capital"]},
    "samples": {"all": "all", "certified": "venture or innobiz"},
    "estimators": ["logit", "ols", {"estimator": "fe", "fixed_effects": ["firm_id"]}],
    "weights": ["none", "final"],
    "leave_out": "industry",
}
EVERYTHING = {"sales", "profit", "rd", "innovator", "size", "capital", "venture", "innobiz", "industry"}


def make_curve(**changed):
    return parse_curve("rd", DECLARED | changed, {})


def test_a_survey_with_all_variables_feeds_the_whole_curve():
    assert possible_part(make_curve(), EVERYTHING) == (make_curve(), {})


@pytest.mark.parametrize(
    ("absent", "lacking", "left"),
    [
        ("profit", {"outcomes.profit": "needs profit"}, 2 * 3 * 2 * 3 * 2),
        ("capital", {"controls.capital": "needs capital"}, 2 * 2 * 2 * 2 * 3 * 2),
        ("innobiz", {"samples.certified": "needs innobiz"}, 2 * 2 * 3 * 1 * 3 * 2),
    ],
)
def test_a_choice_that_lacks_a_variable_is_left_out_and_named(absent, lacking, left):
    curve, found = possible_part(make_curve(), EVERYTHING - {absent})
    assert found == lacking
    assert curve is not None
    assert curve.size == left


def test_without_the_column_to_leave_out_the_rest_is_asked():
    curve, lacking = possible_part(make_curve(), EVERYTHING - {"industry"})
    assert curve is not None
    assert curve.leave_out is None
    assert lacking == {"leave_out": "needs industry"}


def test_a_question_without_an_input_left_is_not_asked():
    assert possible_part(make_curve(inputs=["log1p(rd)"]), EVERYTHING - {"rd"}) == (None, {"": "needs rd"})


def test_a_question_without_what_always_stands_in_it_is_not_asked():
    curve, lacking = possible_part(make_curve(always=["age"]), EVERYTHING)
    assert curve is None
    assert lacking == {"": "needs age"}


def test_a_job_is_a_curve_on_a_cohort():
    plan = plan_curves([make_curve(foreach=["all", "certified"])], {"certified": ("yes", "no")}, ())
    assert curve_batches(plan) == ("all.rd", "certified.rd")
    assert [item.group for item in curves_in(plan, "certified.rd")] == ["yes", "no"]


def test_a_slice_has_what_the_choices_read_and_the_column_to_leave_out():
    plan = plan_curves([make_curve()], {}, ())
    assert set(columns_of_curves(plan)) == EVERYTHING


def test_the_variables_are_those_of_all_choices():
    assert set(variables_of(make_curve())) == EVERYTHING | {"firm_id", "weight_final"}


def test_the_main_answer_is_made_of_the_first_of_each_list():
    points = main_specifications(make_curve())
    assert [(point.choices["outcome"], point.choices["input"]) for point in points] == [
        ("sales", "log1p(rd)"), ("sales", "innovator"), ("profit", "log1p(rd)"), ("profit", "innovator"),
    ]  # fmt: skip
    first = {key: points[0].choices[key] for key in ("controls", "sample", "estimator", "weights")}
    assert first == {"controls": "firm", "sample": "all", "estimator": "logit", "weights": "none"}


def test_what_needs_least_squares_is_asked_of_the_first_estimator_of_that_kind():
    assert {point.choices["estimator"] for point in main_specifications(make_curve(), linear=True)} == {"ols"}
    assert main_specifications(make_curve(estimators=["logit"]), linear=True) == ()


def test_a_cohort_that_nobody_declares_is_an_error():
    with pytest.raises(StudyError, match=r"robustness\.rd\.foreach: there is no cohort stage"):
        fail_if_the_cohort_is_undeclared(make_curve(foreach=["stage"]), ["certified"])
