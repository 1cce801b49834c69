"""Specification curves: all choices crossed, each a model, and mistakes that are told apart."""

import pytest

from innosurvey.errors import StudyError
from innosurvey.models.curve_spec import (
    ControlSet,
    CurveSpec,
    EstimatorChoice,
    SampleChoice,
    every_subset,
    specifications,
)
from innosurvey.models.spec import CovarianceSpec
from innosurvey.models.terms import parse_term


def terms(*texts):
    return tuple(parse_term(text, "test") for text in texts)


def curve(**declared):
    return CurveSpec(**{"id": "rd", "outcomes": terms("output"), "inputs": terms("rd"), **declared})


def test_every_choice_meets_every_other():
    made = curve(
        outcomes=terms("output", "log(sales)"),
        controls=every_subset(terms("size", "age")),
        samples=(SampleChoice(name="all"), SampleChoice(name="small", expression="size < 50")),
        estimators=(
            EstimatorChoice(estimator="ols"),
            EstimatorChoice(estimator="fe", fixed_effects=("firm_id", "wave")),
        ),
        covariances=(CovarianceSpec(), CovarianceSpec(type="cluster", by=("firm_id",))),
    )
    points = specifications(made)
    assert len(points) == made.size == 2 * 4 * 2 * 2 * 2
    assert len({tuple(point.choices.values()) for point in points}) == len(points)
    assert [point.number for point in points] == list(range(1, 65))


def test_a_point_is_an_ordinary_model():
    made = curve(
        controls=(ControlSet(name="full", terms=terms("size")),),
        always=terms("C(wave)"),
        estimators=(EstimatorChoice(estimator="fe", fixed_effects=("firm_id",)),),
    )
    model = specifications(made)[0].model
    assert (model.estimator, model.fixed_effects) == ("fe", ("firm_id",))
    assert [term.text for term in model.regressors] == ["rd"]
    assert [term.text for term in model.controls] == ["C(wave)", "size"]


def test_an_input_is_no_control_of_itself():
    made = curve(inputs=terms("rd", "size"), controls=(ControlSet(name="both", terms=terms("rd", "size")),))
    assert [[term.text for term in point.model.controls] for point in specifications(made)] == [["size"], ["rd"]]


def test_every_subset_goes_from_none_to_all():
    assert [some.name for some in every_subset(terms("a", "b"))] == ["none", "a", "b", "a + b"]


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"inputs": ()}, "nothing stands in inputs"),
        ({"inputs": terms("C(size)")}, "has a slope for each level"),
        ({"controls": (ControlSet(name="a"), ControlSet(name="a"))}, "used twice: a"),
        ({"controls": every_subset(terms(*(f"x{number}" for number in range(14))))}, "16,384 specifications"),
    ],
)
def test_a_mistake_says_what_to_do(declared, message):
    with pytest.raises(StudyError, match=message):
        curve(**declared)
