"""Amounts in the wrong unit."""

import numpy as np
import pytest

from innosurvey.clean import clean_survey, parse_edits
from innosurvey.clean.units import wrong_factors
from innosurvey.errors import StudyError
from tests.clean.make import make_wave

FACTORS = (1000.0, 1_000_000.0, 0.001)


def factors(answers: list[float], reference: list[float], band: float = 3.0) -> list[float | None]:
    found = wrong_factors(np.array(answers), np.array(reference), FACTORS, band)
    return [None if np.isnan(factor) else factor for factor in found]


def test_an_answer_about_a_factor_away_is_in_another_unit():
    assert factors([5_000, 8_000, 6e6, 0.004], [5, 5, 5, 5]) == [1000, 1000, 1_000_000, 0.001]


def test_an_answer_between_the_bands_is_left():
    assert factors([5 * 30, 5 * 3100, 5 * 0.1], [5, 5, 5]) == [None, None, None]


def test_an_answer_near_the_reference_is_plausible():
    assert factors([5, 14, 1.7], [5, 5, 5]) == [None, None, None]


def test_without_a_reference_above_nothing_nothing_is_said():
    assert factors([5000, 5000, 5000, float("nan")], [0, -5, float("nan"), 5]) == [None, None, None, None]


def clean(dictionary, edit: dict, **answers):
    edits = parse_edits({"e": {"kind": "unit", "factors": [1000], "band": 3, **edit}})
    return clean_survey(make_wave(dictionary, **answers), edits, dictionary, {})


def test_the_reference_may_be_an_expression(dictionary):
    result = clean(
        dictionary, {"variable": "exp_rnd_in", "reference": "10 * employees_t"}, exp_rnd_in=[50_000.0], employees_t=[5]
    )
    assert result.firms["exp_rnd_in"].to_list() == [50.0]
    assert result.firms["exp_rnd_in_flag"].to_list() == ["corrected"]


def test_the_reference_may_be_another_years_answer(dictionary):
    result = clean(
        dictionary, {"variable": "sales_t1", "reference": "sales_t"}, sales_t1=[2_000.0, 2.0], sales_t=[3.0, 3.0]
    )
    assert result.firms["sales_t1"].to_list() == [2.0, 2.0]


def test_an_answer_in_whole_numbers_stays_one(dictionary):
    result = clean(
        dictionary, {"variable": "employees_t", "reference": "employees_t1"}, employees_t=[4_600], employees_t1=[5]
    )
    assert result.firms["employees_t"].to_list() == [5]


def test_a_misspelt_reference_gets_the_near_name(dictionary):
    with pytest.raises(StudyError, match=r"edits\.e: there is no variable register_sale\. Did you mean register_sales"):
        clean(dictionary, {"variable": "sales_t", "reference": "register_sale"}, sales_t=[1.0], register_sales=[1.0])


def test_a_reference_that_the_wave_lacks_is_not_checked_and_the_ledger_says_so(dictionary):
    result = clean(dictionary, {"variable": "sales_t", "reference": "tax_office_amount"}, sales_t=[1.0])
    assert result.summary.query("action == 'not_checked'")["rule"].to_list() == ["e"]
