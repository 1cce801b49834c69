"""Every estimator on spoilt data: a reason or a flag, never an exception, and never a number that means nothing."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from innosurvey.models.estimators import ESTIMATORS
from innosurvey.models.fit import Results
from innosurvey.models.spec import ModelSpec
from tests.models.spoilings import MODELS, ROWS, SPOILINGS, good_firms

Make = Callable[..., ModelSpec]
Run = Callable[[ModelSpec, pd.DataFrame], Results]
# Without a flag: no t statistic of an honest standard error on 320 rows is larger, no Newton step goes farther.
LARGEST_T = 1e6
NUMBERS = ["estimate", "se", "statistic", "p", "lower", "upper"]


def faults(results: Results) -> list[str]:
    """Return what is wrong with what came out."""
    fit = results.fits.iloc[0]
    if fit["status"] != "ok":
        named = str(fit["status"]).startswith("not estimated: ") and len(str(fit["status"])) > 25
        return [] if named and results.coefficients.empty else [f"status {fit['status']}"]
    values = results.coefficients[NUMBERS].to_numpy(dtype=float)
    found = [] if len(values) and np.isfinite(values).all() else ["numbers that are none"]
    if not len(fit["warnings"]) and np.abs(values[:, 2]).max() > LARGEST_T:
        found.append("a standard error of rounding")
    if not fit["converged"]:
        found.append("no convergence")
    if len(results.balance) and not np.isfinite(results.balance["difference_weighted"]).all():
        found.append("balance without numbers")
    return found


def test_there_is_a_model_of_every_estimator():
    assert set(MODELS) == set(ESTIMATORS)


@pytest.mark.parametrize("estimator", MODELS)
def test_good_data_are_estimated(estimator: str, make_model: Make, run: Run):
    fit = run(make_model(estimator=estimator, **{"regressors": None, **MODELS[estimator]}), good_firms()).fits.iloc[0]

    assert fit["status"] == "ok"


@pytest.mark.parametrize("estimator", MODELS)
def test_spoilt_columns_are_flagged_or_refused(estimator: str, make_model: Make, run: Run):
    firms = good_firms()
    found = {}
    for name, spoil in SPOILINGS.items():
        weights = "final" if "weight" in name and estimator != "difference_gmm" else "none"
        model = make_model(estimator=estimator, weights=weights, **{"regressors": None, **MODELS[estimator]})
        found[name] = faults(run(model, firms.assign(**spoil(firms, MODELS[estimator]["outcome"]))))

    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("estimator", MODELS)
def test_too_few_rows_are_refused(estimator: str, make_model: Make, run: Run):
    model = make_model(estimator=estimator, least={"firms": 1, "df": 1}, **{"regressors": None, **MODELS[estimator]})

    found = {name: faults(run(model, take(good_firms()))) for name, take in ROWS.items()}

    assert {name: said for name, said in found.items() if said} == {}


def flags(estimator: str, spoiling: str, make_model: Make, run: Run, **declared: object) -> str:
    """Return the status and the warnings of a model on spoilt columns."""
    firms = good_firms()
    model = make_model(estimator=estimator, **{"regressors": None, **MODELS[estimator], **declared})
    fit = run(model, firms.assign(**SPOILINGS[spoiling](firms, MODELS[estimator]["outcome"]))).fits.iloc[0]
    return f"{fit['status']} [{fit['warnings']}]"


def test_infinite_values_leave_the_sample_and_the_waterfall_counts_them(make_model: Make, run: Run):
    firms = good_firms()
    infinite = firms["z"] <= -1
    results = run(make_model(**MODELS["ols"]), firms.assign(x=firms["x"].where(~infinite, np.inf)))

    step = results.waterfall.set_index("reason").loc["no value: x"]
    assert (results.fits["status"].item(), step["rows"]) == ("ok", (~infinite).sum())


def test_columns_that_are_nearly_collinear_are_flagged(make_model: Make, run: Run):
    said = flags("ols", "a regressor repeats another but for its eighth digit", make_model, run)

    assert "nearly collinear: condition number" in said


def test_an_estimate_short_of_its_solution_is_flagged(make_model: Make, run: Run):
    said = flags("iv2sls", "a regressor lies a billion away from zero", make_model, run)

    assert "not exact: a further step would move the estimate by" in said


def test_weights_that_leave_a_few_rows_are_flagged(make_model: Make, run: Run):
    said = flags("ols", "one row has all the weight", make_model, run, weights="final")

    assert "a few rows have nearly all the weight: 1.0 evenly weighted ones would do as well" in said


@pytest.mark.parametrize("estimator", ["heckman", "heckman_two_step"])
def test_a_selected_outcome_that_is_made_from_regressors_is_refused_at_once(estimator: str, make_model: Make, run: Run):
    said = flags(estimator, "a regressor is the outcome", make_model, run)

    assert said.startswith("not estimated: the regressors reproduce the outcome exactly")


@pytest.mark.parametrize("estimator", ["quantile", "difference_gmm"])
def test_an_exact_fit_has_no_standard_error(estimator: str, make_model: Make, run: Run):
    assert "fits exactly" in flags(estimator, "a regressor is the outcome", make_model, run)


def test_an_instrument_that_is_the_endogenous_term_is_refused(make_model: Make, run: Run):
    said = flags("iv2sls", "the instrument is the endogenous term", make_model, run)

    assert said.startswith("not estimated: the instruments reproduce e exactly: nothing of it is endogenous")


def test_amounts_are_no_counts_of_a_negative_binomial(make_model: Make, run: Run):
    said = flags("nb2", "the outcome has one value of 1e9", make_model, run)

    assert said.startswith("not estimated: the outcome goes beyond 1,000,000: an amount")


def test_matching_on_the_treatment_itself_is_refused(make_model: Make, run: Run):
    said = flags("matching", "a regressor is the choice", make_model, run)

    assert said.startswith("not estimated: treatment is foretold by w")
