"""Specification curves as they are declared."""

import pytest
import yaml

from innosurvey.errors import StudyError
from innosurvey.models.curve_spec import specifications
from innosurvey.models.parse_curve import parse_curves

DECLARED = """
rd_and_sales:
  question: Does the link hang on how it is asked?
  outcomes: [log(sales), growth]
  inputs: [log1p(rd), performs_rd]
  controls: {none: [], firm: $firm}
  always: [C(wave)]
  samples: {all firms: null, small firms: employees < 50}
  estimators: [ols, {estimator: fe, fixed_effects: [firm_id]}]
  covariances: [robust, {type: cluster, by: [firm_id]}]
  weights: [none, final]
  draws: 199
"""
SETS = {"firm": ["log(employees)", "age"]}


def declared(**changed):
    return {"rd_and_sales": yaml.safe_load(DECLARED)["rd_and_sales"] | changed}


def test_a_curve_is_read_key_by_key():
    (curve,) = parse_curves(declared(), SETS)
    assert curve.size == 2**7
    assert [term.text for term in curve.controls[1].terms] == ["log(employees)", "age"]
    assert curve.samples[1].expression == "employees < 50"
    assert [choice.label for choice in curve.estimators] == ["ols", "fe: firm_id"]
    assert (curve.drawing.draws, curve.drawing.seed) == (199, 1)
    assert (curve.rows, curve.cluster, curve.foreach) == ("common", "firm_id", ("all",))
    assert len(specifications(curve)) == 2**7


def test_controls_may_be_every_subset_of_a_list():
    (curve,) = parse_curves(declared(controls={"every_subset_of": ["$firm", "exporter"]}), SETS)
    assert len(curve.controls) == 8


def test_labels_are_for_controls_samples_estimators_and_covariances_and_null_takes_one_out():
    labels = {"firm": "Firm", "small firms": "Small", "fe: firm_id": "Within", "cluster: firm_id": "Clustered"}
    assert parse_curves(declared(labels={**labels, "gone": None}), SETS)


def test_a_curve_that_a_study_took_out_is_none():
    assert parse_curves({"rd_and_sales": None}) == ()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"outcome": ["growth"]}, "robustness.curves.rd_and_sales.*outcome"),
        ({"rows": "comon"}, "robustness.curves.rd_and_sales.rows"),
        ({"controls": {"firm": "$frm"}}, "there is no set \\$frm"),
        ({"samples": {"small": 5}}, "robustness.curves.rd_and_sales.samples.small"),
        ({"estimators": ["olss"]}, "robustness.curves.rd_and_sales.estimators"),
        ({"covariances": ["cluster"]}, "`by` is missing"),
        ({"draws": -1}, "robustness.curves.rd_and_sales.draws"),
        ({"controls": {"every_subset_of": ["age"], "firm": []}}, "firm"),
        (
            {"labels": {"smal firms": "Small"}},
            r"rd_and_sales\.labels: unknown key `smal firms`\. Did you mean small firms",
        ),
        ({"labels": {"log(sales)": "Sales"}}, r"labels: unknown key `log\(sales\)`"),
    ],
)
def test_a_mistake_is_named_where_it_stands(changed, message):
    with pytest.raises(StudyError, match=message):
        parse_curves(declared(**changed), SETS)
