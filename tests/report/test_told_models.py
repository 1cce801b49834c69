"""Which coefficients a sentence on a model tells."""

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup, Row
from innosurvey.report.told_models import told_by_equation, told_of_prediction

from .made_up import made_up_context, made_up_tables

CHAIN = {
    "selection": {"outcome": "rnd_performer", "regressors": ["staff"]},
    "knowledge": {"outcome": "innovator", "regressors": ["exporter"]},
    "outcome": "sales",
    "regressors": ["staff"],
}
MODELS = {"chain": CHAIN, "spread": {"outcome": "sales", "regressors": ["staff"]}}


def draft_of() -> Draft:
    """Return a draft that knows the models."""
    context = ReportContext.from_mapping(made_up_context(models=MODELS))
    return Draft(lookup=Lookup(made_up_tables(), {}, 10), context=context, language="en", figures={})


def rows_of(model: str, *terms: str) -> list[Row]:
    """Return coefficients of a model."""
    return [Row("coefficients", {"model": model, "term": term, "suppressed": False}) for term in terms]


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
