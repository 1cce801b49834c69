"""A wave cleaned by the project's own hard edits."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innosurvey import files, yamlfile
from innosurvey.clean import clean_survey, parse_edits, parse_localisation
from innosurvey.clean.spec import range_edits, skip_edits
from innosurvey.clean.survey import failures
from innosurvey.errors import StudyError
from tests.clean.make import make_wave

ROOT = Path(__file__).resolve().parents[2]
DICTIONARY = files.read_dictionary(ROOT / "resources/dictionary/variables.csv")
HARD = yamlfile.read(ROOT / "resources/edits/hard.yaml").data
EDITS = parse_edits(HARD["edits"])
DOUBT = parse_localisation(HARD["localisation"], DICTIONARY)
FINANCE = ("fin_own", "fin_gov_grant", "fin_gov_loan", "fin_bank", "fin_equity", "fin_other")


def clean(asked_if: dict[str, str] | None = None, **answers):
    return clean_survey(make_wave(DICTIONARY, **answers), EDITS, DICTIONARY, asked_if or {}, DOUBT)


def values(result, name: str) -> list:
    return [None if pd.isna(value) else value for value in result.firms[name]]


def flags(result, name: str) -> list[str]:
    return result.firms[f"{name}_flag"].to_list()


def actions(result) -> list[tuple]:
    return list(result.ledger[["_source_row", "rule", "variable", "action"]].itertuples(index=False, name=None))


def test_shares_within_five_points_are_scaled_to_a_hundred():
    result = clean(**{name: [share] for name, share in zip(FINANCE, (62.4, 20.8, 0, 20.8, 0, 0), strict=True)})
    assert values(result, "fin_own") == [pytest.approx(60)]
    assert flags(result, "fin_own") == ["corrected"]
    assert flags(result, "fin_gov_loan") == ["observed"]


def test_shares_far_from_a_hundred_are_blanked():
    result = clean(**{name: [share] for name, share in zip(FINANCE, (60, 60, 0, 0, 0, 0), strict=True)})
    assert [values(result, name) for name in FINANCE] == [[None]] * 6
    assert len(result.ledger) == 6


def test_shares_that_round_to_a_hundred_are_left():
    result = clean(**{name: [share] for name, share in zip(FINANCE, (33.3, 33.3, 33.3, 0, 0, 0), strict=True)})
    assert actions(result) == []


def test_shares_with_a_missing_part_are_left_unless_the_others_exceed_the_total():
    shares = ([50, 90], [20, 90], [None, None], [0, 0], [0, 0], [0, 0])
    result = clean(**dict(zip(FINANCE, shares, strict=True)))
    assert values(result, "fin_own") == [50, None]


def test_sales_in_thousand_are_found_against_the_register_and_corrected():
    result = clean(sales_t=[5_000_000, 5_100], register_sales=[5_050, 5_050])
    assert (values(result, "sales_t"), flags(result, "sales_t")) == ([5_000, 5_100], ["corrected", "observed"])
    assert actions(result) == [(2, "sales_unit", "sales_t", "corrected")]


def test_without_the_register_the_unit_is_not_checked_and_the_ledger_says_so():
    summary = clean(sales_t=[5_000_000]).summary
    assert summary.query("rule == 'sales_unit'")["action"].to_list() == ["not_checked"]


@pytest.mark.parametrize(
    ("rule", "wrong", "answers"),
    [
        ("exports_within_sales", "exports_t", {"exports_t": [20.0], "sales_t": [10.0]}),
        ("rnd_staff_within_staff", "emp_rnd", {"emp_rnd": [20], "employees_t": [10]}),
        (
            "successes_within_projects",
            "n_projects_tech_success",
            {"n_projects_tried": [3], "n_projects_tech_success": [4]},
        ),
        (
            "commercialised_within_projects",
            "n_projects_commercialised",
            {"n_projects_tried": [3], "n_projects_commercialised": [4]},
        ),
        ("rnd_money_with_rnd", "exp_rnd_in", {"rnd_inhouse": ["none"], "exp_rnd_in": [5.0]}),
        ("rnd_with_rnd_money", "exp_rnd_in", {"rnd_inhouse": ["continuous"], "exp_rnd_in": [0.0]}),
        ("founded_before_period_end", "founding_year", {"founding_year": [2019]}),
    ],
)
def test_the_answer_that_is_doubted_more_is_blanked_and_flagged(rule, wrong, answers):
    result = clean(**answers)
    assert actions(result) == [(2, rule, wrong, "localised")]
    assert (values(result, wrong), flags(result, wrong)) == ([None], ["missing"])


@pytest.mark.parametrize(("name", "value"), [("founding_year", 1066), ("emp_tertiary_pct", 101.0)])
def test_an_answer_out_of_its_range_is_blanked(name, value):
    result = clean(**{name: [value]})
    assert actions(result) == [(2, "range", name, "blanked")]


def test_many_amounts_of_rnd_outweigh_one_tick_that_there_was_none():
    result = clean(
        {"n_projects_tried": "rnd_inhouse != 'none'"}, rnd_inhouse=["none"], exp_rnd_in=[5.0], n_projects_tried=[3]
    )
    assert actions(result) == [(2, "rnd_money_with_rnd", "rnd_inhouse", "localised")]


def test_a_missing_answer_is_free_to_be_what_the_others_need():
    result = clean(n_projects_tried=[3], n_projects_tech_success=[None], n_projects_commercialised=[4])
    assert values(result, "n_projects_commercialised") == [None]


def test_what_is_blanked_because_it_was_not_asked_is_flagged_as_not_asked():
    asked_if = {"n_projects_tried": "rnd_inhouse != 'none'"}
    doubt = parse_localisation({"reliability": {"rnd_inhouse": 5}}, DICTIONARY)
    wave = make_wave(DICTIONARY, rnd_inhouse=["none"], exp_rnd_in=[5.0], n_projects_tried=[3])
    result = clean_survey(wave, EDITS, DICTIONARY, asked_if, doubt)
    assert (flags(result, "exp_rnd_in"), flags(result, "n_projects_tried")) == (["missing"], ["not_asked"])


def test_a_firm_beyond_repair_loses_the_answers_of_the_edits_that_it_fails():
    doubt = parse_localisation({"most_fields": 1}, DICTIONARY)
    columns = ["employees_t", "employees_t1", "employees_t2", "emp_rnd"]
    edits = parse_edits({"e": {"kind": "logical", "rule": "employees_t <= employees_t1 and employees_t2 <= emp_rnd"}})
    wave = make_wave(DICTIONARY, employees_t=[5], employees_t1=[1], employees_t2=[5], emp_rnd=[1])
    result = clean_survey(wave, edits, DICTIONARY, {}, doubt)
    assert [values(result, name) for name in columns] == [[None]] * 4
    assert result.summary.query("action == 'not_localised'")["rows"].to_list() == [1]


def test_an_open_rule_is_passed():
    assert actions(clean(exports_t=[20.0], sales_t=[None])) == []


def test_an_answer_where_none_was_asked_is_taken_out_as_not_asked():
    result = clean(
        {"failure_stage": "inna_abandoned"}, inna_abandoned=[False, True, None], failure_stage=["planning"] * 3
    )
    assert values(result, "failure_stage") == [None, "planning", "planning"]
    assert flags(result, "failure_stage") == ["not_asked", "observed", "observed"]


def test_an_answer_amid_a_block_that_was_left_blank_is_taken_out_though_its_filter_is_missing():
    block = [f"info_{name}" for name in ("internal", "open_patents", "open_journals", "open_fairs", "open_online")]
    answers = {"rnd_contracted": [None], "info_internal": [3], **{name: [None] for name in block[1:]}}
    result = clean(dict.fromkeys(block, "rnd_contracted"), **answers)
    assert actions(result) == [(2, "skip", "info_internal", "not_asked")]


def test_rows_out_of_scope_are_dropped_with_their_reason():
    result = clean(response_status=["complete", "refusal", "partial", None])
    assert result.firms["firm_id"].to_list() == ["f0", "f2", "f3"]
    assert actions(result) == [(3, "not_a_response", "", "dropped")]


def test_a_wave_of_which_no_row_is_left_names_the_edits_that_drop_them():
    with pytest.raises(StudyError, match=r"wave 2018: of 2 rows none is left to analyse:\n  - not_a_response drops 2"):
        clean(response_status=["refusal", "noncontact"])


def test_rows_in_are_rows_dropped_and_rows_kept():
    summary = clean(response_status=["complete", "refusal", "closed"]).summary.set_index("action")["rows"]
    assert (summary["read"], summary["dropped"], summary["kept"]) == (3, 2, 1)


def test_a_firm_whose_key_is_wrong_is_kept_and_noted():
    wave = make_wave(DICTIONARY, sales_t=[1.0, 2.0]).assign(_key_valid=[True, False])
    result = clean_survey(wave, EDITS, DICTIONARY, {}, DOUBT)
    assert actions(result) == [(3, "wrong_check_digit", "firm_id", "not_linked")]
    assert "_key_valid" not in result.firms


def test_an_edit_of_a_misspelt_variable_gets_the_near_name():
    edits = parse_edits({"e": {"kind": "logical", "rule": "sales_t > 0", "blank": ["sales_x"]}})
    with pytest.raises(StudyError, match=r"Did you mean sales_t"):
        clean_survey(make_wave(DICTIONARY, sales_t=[1.0]), edits, DICTIONARY, {})


def test_a_balance_without_blank_loses_the_one_share_that_can_be_wrong():
    edits = parse_edits({"e": {"kind": "balance", "variables": list(FINANCE), "total": 100}})
    wave = make_wave(DICTIONARY, **{name: [share] for name, share in zip(FINANCE, (20, 20, 0, 90, 0, 0), strict=True)})
    result = clean_survey(wave, edits, DICTIONARY, {})
    assert actions(result) == [(2, "e", "fin_bank", "localised")]  # no other share could be less than nothing


def test_ranges_and_skips_can_be_declared_as_edits():
    edits = parse_edits(
        {
            "few": {"kind": "range", "variable": "emp_rnd", "maximum": 50},
            "asked": {"kind": "skip", "variable": "exports_t", "rule": "sales_t > 0"},
        }
    )
    wave = make_wave(DICTIONARY, emp_rnd=[60], sales_t=[0.0], exports_t=[5.0])
    result = clean_survey(wave, edits, DICTIONARY, {})
    assert actions(result) == [(2, "few", "emp_rnd", "localised"), (2, "asked", "exports_t", "not_asked")]


def test_no_answer_stands_in_the_ledger():
    result = clean(exports_t=[20.0], sales_t=[10.0])
    assert list(result.ledger.columns) == ["wave", "_source_row", "firm_id", "stage", "rule", "variable", "action"]


SHARES = st.one_of(st.none(), st.floats(0, 100, allow_nan=False))
COUNTS = st.one_of(st.none(), st.integers(-2, 30))
ROWS = st.fixed_dictionaries(
    {
        **dict.fromkeys(FINANCE, SHARES),
        "n_projects_tried": COUNTS,
        "n_projects_tech_success": COUNTS,
        "n_projects_commercialised": COUNTS,
        "employees_t": COUNTS,
        "emp_rnd": COUNTS,
        "sales_t": st.one_of(st.none(), st.floats(-1, 1e7)),
        "register_sales": st.one_of(st.none(), st.floats(0, 1e4)),
        "exports_t": st.one_of(st.none(), st.floats(0, 1e7)),
        "rnd_inhouse": st.sampled_from([None, "none", "continuous"]),
        "exp_rnd_in": st.one_of(st.none(), st.floats(0, 1e6)),
        "founding_year": st.one_of(st.none(), st.integers(1800, 2030)),
        "response_status": st.sampled_from(["complete", "partial", "refusal", None]),
    }
)
SURVEYED = st.lists(ROWS, min_size=1, max_size=8).filter(
    lambda rows: any(row["response_status"] in ("complete", "partial") for row in rows)
)
ASKED_IF = {"exp_rnd_in": "rnd_inhouse != 'none'", "n_projects_tech_success": "n_projects_tried > 0"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SURVEYED)
def test_after_cleaning_no_hard_edit_fails_and_every_row_is_accounted_for(rows):
    wave = make_wave(DICTIONARY, **{name: [row[name] for row in rows] for name in rows[0]})
    result = clean_survey(wave, EDITS, DICTIONARY, ASKED_IF, DOUBT)
    specs = [spec for spec in EDITS.values() if spec.kind != "drop"]
    specs += [*range_edits(DICTIONARY, wave.columns), *skip_edits(ASKED_IF, wave.columns)]
    levels = {name: variable.levels for name, variable in DICTIONARY.items() if variable.levels}
    assert not any(failures(result.firms, specs, levels).values())
    dropped = set(result.ledger.query("action == 'dropped'")["_source_row"])
    assert sorted([*dropped, *result.firms["_source_row"]]) == wave["_source_row"].to_list()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SURVEYED)
def test_each_changed_cell_is_in_the_ledger_and_has_its_flag(rows):
    wave = make_wave(DICTIONARY, **{name: [row[name] for row in rows] for name in rows[0]})
    result = clean_survey(wave, EDITS, DICTIONARY, ASKED_IF, DOUBT)
    noted = set(zip(result.ledger["_source_row"], result.ledger["variable"], strict=True))
    before = wave.set_index("_source_row").loc[result.firms["_source_row"]]
    after = result.firms.set_index("_source_row")
    for name in rows[0]:
        same = (before[name] == after[name]).fillna(False).astype(bool) | (before[name].isna() & after[name].isna())
        for row in after.index[~same]:
            assert (row, name) in noted
            assert after.loc[row, f"{name}_flag"] in ("corrected", "missing", "not_asked")
