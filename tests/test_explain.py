"""What `innosurvey explain` says of a model."""

import pandas as pd
import pytest

from innosurvey.cli_explain import explain_model
from innosurvey.errors import StudyError
from innosurvey.explain import Built, explain, places_in
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import plan_fits
from innosurvey.study import BASE, ROOT, read

MODEL = {
    "family": "knowledge",
    "estimator": "ols",
    "outcome": "output",
    "regressors": ["rd"],
    "question": {"en": "Does R&D pay?"},
    "foreach": ["all", "stage"],
    "hypotheses": {"one": "rd = 1"},
}
KEY = {"model": "pays", "cohort": "all", "group": "all"}
PARAGRAPH = {"is": "Paragraph", "inlines": [{"is": "TracedNumber", "trace": "t1"}]}
TABLE = {"is": "Table", "number": "7", "title": "Knowledge", "rows": [{"cells": [{"runs": [{"trace": "t2"}]}]}]}
DOCUMENT = {
    "trace": [
        {"id": "t1", "key": "model pays, cohort all, group all"},
        {"id": "t2", "key": "model pays, cohort all, group all"},
        {"id": "t3", "key": "model pays_more, cohort all, group all"},
    ],
    "sections": [
        {"number": "6", "title": "Models", "blocks": [PARAGRAPH, TABLE]},
        {"number": "7", "title": "Claims", "blocks": [{"is": "Paragraph", "inlines": [{"trace": "t3"}]}]},
    ],
}


def tables():
    fit = {**KEY, "n": 150, "n_firms": 50, "status": "ok", "converged": True, "gradient_norm": 1e-9}
    fit |= {"condition_number": 2.0, "warnings": "few clusters; dropped control age"}
    failed = {**KEY, "cohort": "stage", "group": "young", "status": "not estimated: fewer than 30 complete firms"}
    steps = [(1, "rows of the group", 200), (2, "no value: output", 150), (3, "no value: rd", 150)]
    term = {"term": "rd", "estimate": 0.5, "se": 0.1, "lower": 0.3, "upper": 0.7}
    return {
        "fits": pd.DataFrame([fit, failed]).astype({"n": "Int64", "n_firms": "Int64"}),
        "waterfall": pd.DataFrame(
            [{**KEY, "step": step, "reason": reason, "rows": rows, "firms": 50} for step, reason, rows in steps]
        ),
        "coefficients": pd.DataFrame([{**KEY, **term}]),
        "diagnostics": pd.DataFrame(
            [{**KEY, "name": "hypothesis:one", "statistic": 25.0, "df": 1.0, "p": 0.00002, "note": None}]
        ),
    }


@pytest.fixture
def said():
    spec = parse_models({"pays": MODEL})[0]
    built = Built(
        tables=tables(),
        documents={"report.en": DOCUMENT},
        figures={"figure coefficients": pd.DataFrame({"model": ["pays"]}), "figure map": pd.DataFrame({"gu": ["a"]})},
        claims=[("C1 (input)", {"model": "pays", "term": "rd"}), ("C2 (other)", {"model": "other"})],
    )
    return explain(spec, plan_fits([spec], {"stage": ["young"]}), built)


@pytest.mark.parametrize(
    "line",
    [
        "pays: Does R&D pay?",
        "output ~ const + rd",
        "one: rd = 1",
        "all.all, stage.young",
        "150 rows, 50 firms; converged, gradient 1.0e-09",
        "flag: dropped control age",
        "not estimated: fewer than 30 complete firms",
        "1 further conditions took no row out",
        "0.5 (0.1)  [0.3; 0.7]",
        "hypothesis:one",
        "report.en: chapter 6 Models",
        "report.en: table 7 Knowledge",
        "figure coefficients",
        "claim C1 (input), by pays, rd",
    ],
)
def test_it_tells_what_was_declared_found_and_printed(said, line):
    assert line in said


@pytest.mark.parametrize("line", ["C2", "figure map", "chapter 7"])
def test_it_leaves_out_what_is_of_other_models(said, line):
    assert line not in said


def test_a_model_that_was_never_built_says_how_to():
    spec = parse_models({"pays": MODEL})[0]
    said = explain(spec, plan_fits([spec], {"stage": ["young"]}), Built())
    assert "Not built yet: `make report` estimates it." in said
    assert "nowhere in the last build" in said


def test_a_model_whose_name_begins_alike_is_another_one():
    assert places_in(DOCUMENT, "pays_more") == ["chapter 7 Claims"]


def test_an_unknown_model_suggests_the_near_name():
    with pytest.raises(StudyError, match=r"no model rd_on_suport\. Did you mean rd_on_support"):
        explain_model(read(*BASE), ROOT, "rd_on_suport")


def test_an_unknown_group_lists_those_there_are():
    with pytest.raises(StudyError, match=r"rd_on_support has no group stage\.early"):
        explain_model(read(*BASE), ROOT, "rd_on_support", "stage.early")
