"""The vocabulary of terms."""

import re

import pytest

from innosurvey.errors import StudyError
from innosurvey.models.terms import fail_if_half_a_pair_stands_alone, parse_term


@pytest.mark.parametrize(
    "text", ["rd", "log(sales_t)", "log1p(exports_t)", "C(size_class)", "rd:cooperation", "log(a):C(b)"]
)
def test_a_term_reads_back_as_it_was_written(text):
    assert parse_term(text, "here").text == text


def test_a_product_needs_the_variables_of_both_factors():
    assert parse_term("log(sales_t):C(size_class)", "here").variables == ("sales_t", "size_class")


def test_an_unknown_transform_suggests_the_near_one():
    with pytest.raises(StudyError, match=r"unknown transform log1\.") as caught:
        parse_term("log1(x)", "models.m.regressors")
    assert "Did you mean log1p?" in str(caught.value)


@pytest.mark.parametrize("text", ["x + y", "log(x", "a:b:c", "x**2", "", 3, "__import__('os')"])
def test_what_is_no_term_is_refused(text):
    with pytest.raises(StudyError, match=r"^models\.m\.controls: "):
        parse_term(text, "models.m.controls")


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("lag(x)", "lag(x)"),
        ("lag( x , 2 )", "lag(x, 2)"),
        ("log(lag(x))", "lag(log(x))"),
        ("lag(log1p(x), 3)", "lag(log1p(x), 3)"),
        ("lag(lag(x))", "lag(x, 2)"),
        ("winsor(x, 0.01)", "winsor(x, 0.01)"),
        ("log(winsor(lag(x), 0.05))", "lag(log(winsor(x, 0.05)))"),
        ("C(lag(size_class))", "C(lag(size_class))"),
        ("lag(x):C(zone)", "lag(x):C(zone)"),
    ],
)
def test_transforms_stand_inside_each_other_and_a_lag_outside(written, canonical):
    term = parse_term(written, "here")
    assert term.text == canonical
    assert parse_term(canonical, "here") == term


def test_a_lag_reads_a_column_of_its_own_and_asks_the_survey_for_the_variable():
    factor = parse_term("log(lag(sales_t, 2))", "here").factors[0]
    assert (factor.column, factor.variable) == ("sales_t.lag2", "sales_t")


@pytest.mark.parametrize(
    "text",
    ["lag(x, 0)", "lag(x, -1)", "lag(x, y)", "winsor(x)", "winsor(x, 0.5)", "log(x, 2)", "C(log(x))", "log(C(x))"],
)
def test_an_argument_that_a_transform_does_not_take_is_refused(text):
    with pytest.raises(StudyError, match=r"^models\.m\.controls: "):
        parse_term(text, "models.m.controls")


@pytest.mark.parametrize(("beside", "lacking"), [("C(a)", "C(b)"), ("C(b)", "C(a)")])
def test_two_categories_beside_one_of_them_are_refused(beside, lacking):
    terms = [parse_term(text, "here") for text in (beside, "C(a):C(b)")]
    said = f"`C(a):C(b)` stands beside one of its categories, without {lacking}."
    with pytest.raises(StudyError, match=re.escape(said)):
        fail_if_half_a_pair_stands_alone(terms, (), "models.m")


@pytest.mark.parametrize("beside", [(), ("C(a)", "C(b)"), ("a", "b"), ("C(c)",)])
def test_two_categories_beside_both_or_neither_are_fine(beside):
    terms = [parse_term(text, "here") for text in (*beside, "C(a):C(b)")]
    fail_if_half_a_pair_stands_alone(terms, (), "models.m")


def test_a_fixed_effect_is_a_category_that_stands_alone():
    with pytest.raises(StudyError, match=re.escape("without C(b)")):
        fail_if_half_a_pair_stands_alone([parse_term("C(a):C(b)", "here")], ("a",), "models.m")
