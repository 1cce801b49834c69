"""What stands beside the models: balance, once for models that share it."""

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.layout_diagnostics import diagnostic_tables
from innosurvey.report.lookup import Lookup

from .made_up import made_up_context

MODELS = ("rd_on_grant", "patents_on_grant", "sales_on_grant")
TITLES = ("R&D on grants", "Patents on grants", "Sales on grants")
KEY = {"cohort": "all", "group": "all"}
COVARIATES = ("log_employees", "certified")


def tables_of(last_mean):
    """Return fits and balance of three models; the last's controls have another mean of one covariate."""
    means = dict.fromkeys(MODELS, 2.5) | {MODELS[-1]: last_mean}
    counts = {"n": 300, "n_firms": 300}
    balance = [
        {"model": model, **KEY, "covariate": covariate, "treated": 2.9, "control": mean,
         "control_weighted": 2.9, "difference": 0.2, "difference_weighted": 0.001}
        for model, mean in means.items()
        for covariate in COVARIATES
    ]  # fmt: skip
    fits = [{"model": model, **KEY, "family": "support", "status": "ok", **counts} for model in MODELS]
    return {"fits": pd.DataFrame(fits), "balance": pd.DataFrame(balance)}


@pytest.fixture
def balance_tables():
    """Return how the balance tables come of the last model's mean."""
    models = {name: {"title": {"en": title}} for name, title in zip(MODELS, TITLES, strict=True)}
    about = ReportContext.from_mapping(made_up_context(models=models))

    def laid_out(last_mean):
        draft = Draft(lookup=Lookup(tables_of(last_mean), {}, 10), context=about, language="en", figures={})
        return diagnostic_tables(draft, "support")

    return laid_out


def test_models_that_share_firms_treatment_and_covariates_share_a_table(balance_tables):
    (table,) = balance_tables(2.5)
    assert table.title == "R&D on grants: how alike are the firms compared?"
    assert table.notes[-1] == "To these decimals the same in: Patents on grants; Sales on grants."
    assert len(table.rows) == len(COVARIATES)


def test_a_model_whose_balance_prints_otherwise_has_its_own_table(balance_tables):
    first, second = balance_tables(2.51)
    assert first.notes[-1].endswith(": Patents on grants.")
    assert second.title.startswith("Sales on grants")
    assert len(second.notes) == 1


def test_a_difference_behind_the_decimals_of_print_makes_no_second_table(balance_tables):
    assert len(balance_tables(2.5001)) == 1


def test_a_test_that_could_not_be_made_says_why():
    about = ReportContext.from_mapping(made_up_context(models={"m": {"title": {"en": "M"}}}))
    fits = [{"model": "m", **KEY, "family": "support", "status": "ok", "n": 300, "n_firms": 300}]
    test = {"model": "m", **KEY, "name": "serial correlation: AR(2)", "statistic": None, "p": None}
    tables = {
        "fits": pd.DataFrame(fits),
        "diagnostics": pd.DataFrame([{**test, "note": "no firm is seen long enough"}, {**test, "note": ""}]),
    }
    draft = Draft(lookup=Lookup(tables, {}, 10), context=about, language="en", figures={})
    (table,) = diagnostic_tables(draft, "support")
    _, row = table.rows
    assert [run.text for cell in row.cells for run in cell.runs][-1] == "no firm is seen long enough"
