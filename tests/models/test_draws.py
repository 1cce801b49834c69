"""A model over the draws of a multiple imputation."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.models.draws import combined_coefficients, combined_fits
from innosurvey.rubin import combine


def fits(status="ok", n=100, warnings=""):
    row = {"model": "m", "cohort": "all", "group": "all", "n": n, "n_firms": n, "n_clusters": n, "status": status}
    return pd.DataFrame([{**row, "warnings": warnings, "r2": 0.2, "loglik": np.nan, "condition_number": 3.0}])


def coefficients(estimate, *terms):
    row = {"model": "m", "cohort": "all", "group": "all", "outcome": "y"}
    numbers = {"estimate": estimate, "se": 1.0, "df": 99.0, "statistic": estimate, "p": 0.5, "lower": 0.0, "upper": 1.0}
    numbers["scale"] = ""
    return pd.DataFrame([{**row, "term": term, **numbers} for term in terms])


def test_coefficients_are_combined_by_rubins_rules():
    both = combined_fits([fits(), fits(n=98)])
    found = combined_coefficients([coefficients(1.0, "x"), coefficients(2.0, "x")], both, 0.95).iloc[0]
    by_hand = combine([1, 2], [1, 1], 99)
    assert (found["estimate"], found["se"]) == (1.5, pytest.approx(by_hand.se))
    assert both.loc[0, "n"] == 98
    assert both.loc[0, "warnings"] == "combined over 2 imputations"


def test_a_bounded_parameter_keeps_its_interval_within_its_bounds():
    parts = [coefficients(estimate, "rho").assign(scale="atanh", se=0.1) for estimate in (0.9, 0.94)]
    found = combined_coefficients(parts, combined_fits([fits(), fits()]), 0.95).iloc[0]
    assert found["estimate"] == pytest.approx(0.92)
    assert found["lower"] < 0.92 < found["upper"] < 1


def test_a_model_that_fails_in_one_draw_is_not_estimated():
    both = combined_fits([fits(), fits(status="not estimated: constant outcome: y")])
    assert both.loc[0, "status"] == "not estimated: constant outcome: y (in 1 of 2 imputations)"
    assert combined_coefficients([coefficients(1.0, "x"), coefficients(2.0, "x")], both, 0.95).empty


def test_a_term_that_a_draw_dropped_is_left_out():
    parts = [coefficients(1.0, "x", "z"), coefficients(2.0, "x")]
    assert list(combined_coefficients(parts, combined_fits([fits(), fits()]), 0.95)["term"]) == ["x"]
