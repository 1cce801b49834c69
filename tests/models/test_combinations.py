"""Hypotheses as they are written."""

import pytest

from innosurvey.errors import StudyError
from innosurvey.models.combinations import parse_combinations, parse_equation


@pytest.mark.parametrize(
    ("text", "parts", "value"),
    [
        ("rd", {"rd": 1.0}, 0.0),
        ("rd - cooperation", {"rd": 1.0, "cooperation": -1.0}, 0.0),
        ("- rd + 2*cooperation = 1.5", {"rd": -1.0, "cooperation": 2.0}, 1.5),
        ("log1p(rd) - lag(log(x), 2) = -1", {"log1p(rd)": 1.0, "lag(log(x), 2)": -1.0}, -1.0),
        ("size[10-49] - size[250+]", {"size[10-49]": 1.0, "size[250+]": -1.0}, 0.0),
        ("rd + rd = 1", {"rd": 2.0}, 1.0),
    ],
)
def test_an_equation_is_read_term_by_term(text, parts, value):
    equation = parse_equation(text, "here")
    assert (dict(equation.parts), equation.value) == (parts, value)


@pytest.mark.parametrize("text", ["rd = cooperation", "rd + = 1", "2 = 2", "", "rd - 3"])
def test_what_is_no_equation_is_refused(text):
    with pytest.raises(StudyError, match=r"^models\.m\.hypotheses\.same: "):
        parse_equation(text, "models.m.hypotheses.same")


def test_several_equations_are_one_hypothesis():
    (hypothesis,) = parse_combinations({"none": ["rd", "cooperation"]}, "here")
    assert len(hypothesis.equations) == 2


def test_a_hypothesis_that_is_no_text_is_refused():
    with pytest.raises(StudyError, match="write an equation"):
        parse_combinations({"same": 3}, "here")
