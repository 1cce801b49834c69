"""Which coefficients a sentence on a model tells."""

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup, Row
from innosurvey.report.told_models import (
    AMOUNT_OF_RD,
    DOES_RD,
    FitTold,
    along_quantiles,
    associations,
    rd_signs,
    told_by_equation,
    told_of_fit,
    told_of_prediction,
)

from .made_up import made_up_context, made_up_tables
from .made_up_rows import made_up_row

CHAIN = {
    "selection": {"outcome": "rnd_performer", "regressors": ["staff"]},
    "knowledge": {"outcome": "innovator", "regressors": ["exporter"]},
    "outcome": "sales",
    "regressors": ["staff"],
}
SPREAD = {"outcome": "sales", "regressors": ["staff"]}
MODELS = {"chain": CHAIN, "spread": SPREAD, "active": {**SPREAD, "sample": "innovation_active_oslo4"}}


def draft_of(tables: dict[str, pd.DataFrame] | None = None) -> Draft:
    """Return a draft that knows the models."""
    context = ReportContext.from_mapping(made_up_context(models=MODELS))
    return Draft(lookup=Lookup(tables or made_up_tables(), {}, 10), context=context, language="en", figures={})


def rows_of(model: str, *terms: str) -> list[Row]:
    """Return coefficients of a model."""
    return [made_up_row("coefficients", {"model": model, "term": term, "suppressed": False}) for term in terms]


def test_a_chain_is_told_stage_by_stage_in_the_order_of_the_stages():
    rows = rows_of(
        "chain", "staff", "knowledge/predicted(rd)", "knowledge/exporter", "knowledge/size", "selection/staff"
    )
    told = [
        (name, outcome, [row["term"] for row in found]) for name, outcome, found in told_by_equation(draft_of(), rows)
    ]
    assert told == [
        ("selection", "rnd_performer", ["selection/staff"]),
        ("knowledge", "innovator", ["knowledge/predicted(rd)", "knowledge/exporter"]),
    ]


def test_a_quantile_is_told_by_the_models_own_regressors():
    rows = rows_of("spread", "q25/staff", "q25/size", "q75/staff")
    told = [
        (name, outcome, [row["term"] for row in found]) for name, outcome, found in told_by_equation(draft_of(), rows)
    ]
    assert told == [("q25", "sales", ["q25/staff"]), ("q75", "sales", ["q75/staff"])]


def test_a_prediction_is_told_by_its_own_marginal_effects():
    rows = rows_of("spread", "staff", "ame[any]:staff", "ame[any]:size", "ame[mean]:staff")
    assert [row["term"] for row in told_of_prediction(draft_of(), rows, "any")] == ["ame[any]:staff"]


def coefficients(*told: tuple[str, float, float], model: str = "spread") -> list[Row]:
    """Return coefficients as (term, estimate, p)."""
    return [
        made_up_row("coefficients", {"model": model, "term": term, "estimate": estimate, "p": p, "suppressed": False})
        for term, estimate, p in told
    ]


def sides(rows: list[Row], brief: bool = False) -> dict[str, str]:
    return {one.row["term"]: one.side for one in associations(draft_of(), rows, brief)}


def test_a_coefficient_is_up_down_or_unclear_and_an_effect_of_support_none_of_them():
    rows = coefficients(("a", 0.2, 0.01), ("b", -0.2, 0.01), ("c", 0.2, 0.4), ("att", -0.1, 0.4))
    assert sides(rows) == {"a": "up", "b": "down", "c": "unclear", "att": "effect"}


def test_in_brief_what_is_unclear_is_told_only_where_nothing_else_is():
    unclear = coefficients(("c", 0.2, 0.4))
    assert sides([*coefficients(("a", 0.2, 0.01)), *unclear], brief=True) == {"a": "up"}
    assert sides(unclear, brief=True) == {"c": "unclear"}


def test_in_brief_a_step_down_to_little_r_and_d_is_not_told_without_the_amount():
    step, amount = coefficients((DOES_RD, -0.2, 0.01)), coefficients((AMOUNT_OF_RD, 0.1, 0.01))
    assert sides([*step, *amount], brief=True) == {AMOUNT_OF_RD: "up"}
    assert sides(step, brief=True) == {DOES_RD: "down"}
    assert sides(coefficients((DOES_RD, -0.2, 0.01), model="active"), brief=True) == {}


@pytest.mark.parametrize(("p", "clear"), [((0.001, 0.001), "each"), ((0.001, 0.4), "some"), ((0.4, 0.4), "none")])
def test_along_the_quantiles_it_is_told_how_many_are_clear(p, clear):
    rows = coefficients(("q25/staff", 0.2, p[0]), ("q75/staff", 0.3, p[1]), ("q25/size", 0.3, 0.01))
    told = along_quantiles(draft_of(), "spread", rows)
    assert [(one.name, len(one.rows), one.clear) for one in told] == [("staff", 2, clear)]


FIT = {"cohort": "all", "group": "all", "outcome": "sales", "family": "f", "status": "ok", "warnings": "", "n": 900}


def fitted(estimator: str = "ols", model: str = "spread", n_firms: int = 900, warnings: str = "") -> dict:
    return {**FIT, "estimator": estimator, "model": model, "n_firms": n_firms, "warnings": warnings}


def told(fit: dict, rows: list[tuple[str, float, float]], tests: list[dict] | None = None) -> FitTold:
    """Return what is told of one fit with these coefficients and tests."""
    key = {name: fit[name] for name in ("model", "cohort", "group")}
    terms = [
        {**key, "outcome": fit["outcome"], "term": term, "estimate": estimate, "p": p, "lower": 0.0, "upper": 1.0}
        for term, estimate, p in rows
    ]
    tables = {"fits": pd.DataFrame([fit]), "coefficients": pd.DataFrame(terms)}
    if tests:
        tables["diagnostics"] = pd.DataFrame([{**key, "statistic": 0.3, "p": 0.4, "note": "", **one} for one in tests])
    draft = draft_of(tables)
    return told_of_fit(draft, draft.lookup.rows("fits")[0])


@pytest.mark.parametrize(("n_firms", "few"), [(199, True), (200, False)])
def test_few_firms_are_told_of(n_firms, few):
    assert told(fitted(n_firms=n_firms), [("staff", 0.2, 0.01)]).few is few


@pytest.mark.parametrize(
    ("estimate", "p", "model", "way", "by_choice"),
    [
        (0.2, 0.01, "active", "together", False),
        (-0.2, 0.01, "active", "apart", True),
        (-0.2, 0.01, "spread", "apart", False),
        (-0.2, 0.4, "active", "unrelated", False),
    ],
)
def test_what_two_equations_leave_unexplained_goes_together_or_apart(estimate, p, model, way, by_choice):
    (one,) = told(fitted("biprobit", model), [("rho", estimate, p)]).together
    assert (one.way, one.by_choice) == (way, by_choice)


@pytest.mark.parametrize("estimator", ["ols", "cdm"])
def test_only_a_chain_is_told_by_equation(estimator):
    found = told(fitted(estimator, "chain"), [("selection/staff", 0.2, 0.01)]).equations
    assert [outcome for outcome, _ in found] == (["rnd_performer"] if estimator == "cdm" else [])


def test_a_chain_warns_of_a_prediction_that_is_barely_told_apart():
    assert told(fitted("cdm", "chain", warnings="nearly collinear: x"), [("staff", 0.2, 0.01)]).barely_told_apart


@pytest.mark.parametrize(("note", "way"), [("substitutes; x", "substitutes"), ("inconclusive; x", "neither")])
def test_practices_are_complements_substitutes_or_neither(note, way):
    test = {"name": "complementarity (null complements)", "note": note}
    assert [found for found, _ in told(fitted(), [("staff", 0.2, 0.01)], [test]).complements] == [way]


@pytest.mark.parametrize(("way", "against"), [("complements", "null substitutes"), ("substitutes", "null complements")])
def test_what_practices_are_rests_on_the_test_that_refutes_the_other(way, against):
    nulls = ("null complements", "null substitutes")
    tests = [{"name": f"complementarity: a:b ({null})", "note": f"{way}; x"} for null in nulls]
    ((found, test),) = told(fitted(), [("staff", 0.2, 0.01)], tests).complements
    assert found == way
    assert against in test["name"]


@pytest.mark.parametrize(("p", "differ"), [(0.01, True), (0.4, False)])
def test_firms_that_went_another_way_before_their_support_are_told_of(p, differ):
    test = {"name": "no effect before treatment", "p": p}
    assert [found for found, _ in told(fitted(), [("staff", 0.2, 0.01)], [test]).before] == [differ]


@pytest.mark.parametrize("warnings", ["", "standardised difference above 0.1"])
def test_firms_that_stay_unlike_are_told_of_where_the_fit_warns_of_it(warnings):
    test = {"name": "largest standardised difference after"}
    found = told(fitted(warnings=warnings), [("staff", 0.2, 0.01)], [test])
    assert len(found.unlike) == bool(warnings)


def test_no_signs_of_r_and_d_are_told_where_no_model_has_both():
    tables = {"coefficients": pd.DataFrame([{"model": "spread", "term": DOES_RD, "estimate": 0.1, "p": 0.1}])}
    assert rd_signs(draft_of(tables)) is None
