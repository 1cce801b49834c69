"""The indicators of the quality report, from tables small enough to count by hand."""

import pandas as pd
import pytest

from innosurvey.quality.indicators import assess_quality

WEIGHTS = pd.DataFrame(
    {
        "wave": "2020",
        "stratum_id": ["A", "B", "all"],
        "population": [100, 20, 120],
        "sampled": [20, 20, 40],
        "in_scope": [18, 20, 38],
        "responded": [9, 15, 24],
        "weight_design": [5.0, 1.0, 3.0],
        "weight_final": [10.0, 1.3, 4.7],
        "deff": [1.0, 1.0, 1.4],
    }
)
ANSWERS = pd.DataFrame(
    {
        "wave": "2020",
        "variable": ["sales_t", "employees_t"],
        "due": [100, 100],
        "observed": [88, 95],
        "corrected": [2, 0],
        "imputed": [8, 5],
        "missing": [6, 3],
        "refused": [2, 1],
        "dont_know": [2, 1],
    }
)


def value(tables: dict[str, pd.DataFrame], indicator: str, group: str = "") -> float:
    table = assess_quality(tables)
    found = table[(table["indicator"] == indicator) & (table["group"] == group)]
    assert len(found) == 1
    return float(found["value"].iloc[0])


def test_over_coverage_is_the_share_of_drawn_units_that_are_out_of_scope():
    assert value({"weights": WEIGHTS}, "over_coverage_rate") == pytest.approx(100 * 2 / 40)


def test_unit_non_response_is_of_eligible_units():
    assert value({"weights": WEIGHTS}, "unit_nonresponse_rate") == pytest.approx(100 * (1 - 24 / 38))


def test_weighted_unit_non_response_takes_the_design_weights_of_the_strata():
    expected = 100 * (1 - (5 * 9 + 1 * 15) / (5 * 18 + 1 * 20))
    assert value({"weights": WEIGHTS}, "unit_nonresponse_rate_weighted") == pytest.approx(expected)


def test_item_non_response_is_counted_over_all_answers_due():
    assert value({"nonresponse": ANSWERS}, "item_nonresponse_rate") == pytest.approx(100 * 15 / 200)
    assert value({"nonresponse": ANSWERS}, "item_nonresponse_rate", "refused") == pytest.approx(100 * 3 / 200)


def test_the_imputation_rate_is_of_answers_due():
    assert value({"nonresponse": ANSWERS}, "imputation_rate") == pytest.approx(100 * 13 / 200)


def test_the_editing_rate_is_of_answers_given():
    ledger = pd.DataFrame(
        {"wave": "2020", "stage": "clean", "action": ["corrected", "blanked", "dropped"], "cells": [2, 1, 50]}
    )
    assert value({"nonresponse": ANSWERS, "ledger": ledger}, "editing_rate") == pytest.approx(100 * 3 / 185)


def test_answers_that_editing_blanked_had_been_given():
    # of 10 answers due 1 was missing; of the 9 given 3 were blanked and are imputed now
    answers = ANSWERS.head(1).assign(due=10, observed=6, corrected=0, imputed=4, missing=1, refused=0, dont_know=0)
    ledger = pd.DataFrame({"wave": ["2020"], "stage": "clean", "action": "blanked", "cells": 3})
    assert value({"nonresponse": answers, "ledger": ledger}, "editing_rate") == pytest.approx(100 * 3 / 9)


def test_an_estimate_of_zero_is_counted_although_it_has_no_coefficient_of_variation():
    described = pd.DataFrame(
        {"wave": "2020", "status": ["ok", "ok", "not estimated: x"], "cv": [10.0, None, None]}
    ).assign(reliability=["good", "unreliable", None])
    assert value({"describe": described}, "estimates") == 2
    assert value({"describe": described}, "estimates_by_reliability", "unreliable") == 1
    assert value({"describe": described}, "median_cv") == 10


def test_calibration_is_told_by_its_largest_differences():
    calibration = pd.DataFrame(
        {"wave": "2020", "target": [100.0, 50.0], "response": [90.0, 51.0], "calibrated": [100.0, 50.0]}
    )
    assert value({"calibration": calibration}, "largest_difference_before") == pytest.approx(10)
    assert value({"calibration": calibration}, "largest_difference_after") == pytest.approx(0)


def test_a_study_without_a_frame_has_no_unit_non_response():
    whole = WEIGHTS.tail(1).assign(sampled=24, in_scope=24, responded=24, deff=1.0)
    assert assess_quality({"weights": whole}).query("concept == 'S.13.3.3.1'").empty


def test_a_study_that_counted_nothing_has_an_empty_table_with_its_columns():
    table = assess_quality({})
    assert table.empty
    assert list(table.columns) == ["wave", "concept", "indicator", "variable", "group", "n", "value", "unit"]
