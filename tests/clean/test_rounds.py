"""Edits that leave something undone: afterwards they hold all the same, or the run stops and names them."""

import pandas as pd
import pytest

from innosurvey import files
from innosurvey.clean import clean_survey, parse_edits
from innosurvey.errors import StudyError
from innosurvey.study import ROOT
from tests.clean.make import make_wave

DICTIONARY = files.read_dictionary(ROOT / "resources/dictionary/variables.csv")


def clean(edits, asked_if=None, **answers):
    """The answers of one firm once they have been cleaned by these edits, and what was done to them."""
    wave = make_wave(DICTIONARY, **{name: [value] for name, value in answers.items()})
    result = clean_survey(wave, parse_edits(edits), DICTIONARY, asked_if or {})
    told = {name: None if pd.isna(value) else value for name, value in result.firms.iloc[0][list(answers)].items()}
    return told, list(result.ledger[["variable", "action"]].itertuples(index=False, name=None))


def test_sums_of_decimal_numbers_are_no_errors_for_want_of_a_last_digit():
    total = {"kind": "logical", "rule": "sales_t1 + exports_t == sales_t"}
    assert clean({"e": total}, sales_t1=0.1, exports_t=0.2, sales_t=0.3)[1] == []


def test_a_sum_that_is_off_by_little_is_an_error():
    total = {"kind": "logical", "rule": "sales_t1 + exports_t == sales_t"}
    assert clean({"e": total}, sales_t1=0.1, exports_t=0.2, sales_t=0.3001)[1] == [("sales_t1", "localised")]


def test_an_edit_that_blanks_what_does_not_decide_it_has_its_wrong_field_localised():
    edit = {"kind": "logical", "rule": "employees_t > 0", "blank": ["sales_t"]}
    told, done = clean({"e": edit}, employees_t=0, sales_t=5.0)
    assert told == {"employees_t": None, "sales_t": None}
    assert done == [("sales_t", "blanked"), ("employees_t", "localised")]


def test_without_a_normal_form_all_answers_of_such_an_edit_are_blanked():
    edit = {"kind": "ratio", "rule": "ratio(sales_t, sales_t1) <= 3", "blank": ["exports_t"]}
    assert clean({"e": edit}, sales_t=9.0, sales_t1=1.0, exports_t=1.0)[0] == dict.fromkeys(
        ("sales_t", "sales_t1", "exports_t")
    )


def test_edits_that_undo_each_others_corrections_blank_in_the_end():
    edits = {
        "twice": {"kind": "logical", "rule": "sales_t == 2 * exports_t", "correct": {"sales_t": "2 * exports_t"}},
        "thrice": {"kind": "logical", "rule": "sales_t == 3 * exports_t", "correct": {"sales_t": "3 * exports_t"}},
    }
    assert clean(edits, sales_t=5.0, exports_t=1.0)[0]["exports_t"] is None


def test_parts_in_whole_numbers_can_be_a_balance():
    edit = {"kind": "balance", "variables": ["employees_t", "employees_t1"], "total": 10, "exact": 0, "prorate": 5}
    assert clean({"e": edit}, employees_t=4, employees_t1=4)[0] == {"employees_t": 5, "employees_t1": 5}
    assert clean({"e": edit}, employees_t=4, employees_t1=None)[1] == []


def test_what_a_register_says_is_given_and_never_doubted():
    edit = {"kind": "ratio", "rule": "sales_t <= 4 * register_sales"}
    told, done = clean({"e": edit}, sales_t=50.0, register_sales=10.0)
    assert told == {"sales_t": None, "register_sales": 10.0}
    assert done == [("sales_t", "localised")]


def test_an_edit_that_no_answer_decides_stops_the_run_with_its_rows():
    edit = {"kind": "logical", "rule": "reported(sales_t) or not reported(register_sales)", "blank": ["sales_t"]}
    with pytest.raises(StudyError, match=r"edits.e, wave 2018: 1 firms fail it whatever .* \(rows 2\)"):
        clean({"e": edit}, sales_t=None, register_sales=5.0)


def test_blanks_that_editing_leaves_do_not_tell_that_a_firm_was_led_past_a_block():
    shares = ["fin_own", "fin_gov_grant", "fin_gov_loan", "fin_bank"]
    block = dict.fromkeys([*shares, "exp_rnd_in"], "rnd_contracted")
    balance = {"kind": "balance", "variables": shares, "total": 100, "blank": shares}
    told, _ = clean({"e": balance}, block, rnd_contracted=None, **dict.fromkeys(shares, 90.0), exp_rnd_in=3.0)
    assert told["exp_rnd_in"] == 3.0
