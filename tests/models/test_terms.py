"""The vocabulary of terms."""

import pytest

from innosurvey.errors import StudyError
from innosurvey.models.terms import parse_term


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
