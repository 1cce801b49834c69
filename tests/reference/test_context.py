"""The project's own printed tables: every check by its declaration, those that fail by hand."""

import pytest

from innosurvey import tables
from innosurvey.errors import DataError

from .make import own, own_context

# printed, computed by hand, verdict
BY_HAND = {
    "kim2_sme_business_share_2004": (99.8, 100 * 2999 / 3003, "rounding"),
    "kim2_employees_1998": (10177, 2519 + 7659, "rounding"),
    "kim_text_smes_2004": (2999, 84 + 230 + 2680, "rounding"),
    "kim_text_sme_jobs": (275, 10415 - 7659, "no"),
    "kim_text_grant_limit": (10, 301307 / 23321, "no"),
    "kim_text_venture_fund": (500, 3734 / 0.95, "no"),
    "spru_row_1970-74": (24.5 + 14.0 + 11.4 + 37.9 + 9.2 + 3.3 + 2.6, 100, "no"),
    "spru_total_periods": (4387, 226 + 514 + 514 + 684 + 720 + 720 + 823 + 396, "no"),
    "spru_total_classes": (4387, 1025 + 605 + 480 + 1625 + 427 + 125 + 91, "no"),
    "spru_implied_1-199": (1025, 1071.567, "no"),
    "spru_implied_200-499": (605, 634.81, "no"),
    "spru_implied_500-999": (480, 491.266, "no"),
    "spru_implied_1000-9999": (1625, 1747.626, "no"),
    "spru_implied_10000-29000": (427, 442.189, "no"),
    "spru_implied_30000-99999": (125, 134.389, "no"),
    "spru_implied_100000+": (91, 96.429, "no"),
}


@pytest.fixture(scope="module")
def context():
    return own_context()


def test_there_are_76_checks_of_which_68_hold_print_against_print(context):
    assert len(context.arithmetic) == 76
    assert (context.arithmetic["against"] == "printed").sum() == 68


def test_13_printed_figures_do_not_come_out_and_3_do_within_rounding(context):
    printed = context.arithmetic[context.arithmetic["against"] == "printed"]
    assert printed["adds_up"].value_counts().to_dict() == {"yes": 52, "no": 13, "rounding": 3}


def test_the_figures_that_do_not_come_out_are_those_found_by_hand(context):
    odd = context.arithmetic[(context.arithmetic["against"] == "printed") & (context.arithmetic["adds_up"] != "yes")]
    found = {row.check: (row.printed, row.computed, row.adds_up) for row in odd.itertuples()}
    assert found.keys() == BY_HAND.keys()
    for check, (printed, computed, verdict) in BY_HAND.items():
        assert found[check][0] == pytest.approx(printed), check
        assert found[check][1] == pytest.approx(computed), check
        assert found[check][2] == verdict, check


def test_what_the_rounding_of_shares_leaves_cannot_explain_the_largest_class(context):
    row = context.arithmetic.set_index("check").loc["spru_implied_100000+"]
    assert row["lowest"] == pytest.approx(96.429 - 0.0005 * 4597)  # seven shares, each off by 0.05 points at most
    assert row["lowest"] > 91


def test_five_shares_of_1970_74_are_not_those_worked_out_and_two_are(context):
    derived = context.arithmetic[context.arithmetic["against"] == "derived"].set_index("check")["adds_up"]
    assert derived.to_dict() == {
        "spru_derived_total": "yes",
        "spru_derived_1-199": "yes",
        "spru_derived_200-499": "yes",
        "spru_derived_500-999": "no",
        "spru_derived_1000-9999": "no",
        "spru_derived_10000-29000": "no",
        "spru_derived_30000-99999": "no",
        "spru_derived_100000+": "no",
    }


@pytest.mark.parametrize("name", ["series", "arithmetic", "ratios"])
def test_the_tables_hold_their_contracts(context, name):
    tables.fail_if_contract_is_broken(name, getattr(context, name), name)


def test_printed_numbers_are_carried_as_they_are_printed(context):
    printed = context.series[context.series["table"] == "kim_4"].set_index(["series", "at"])["value"]
    for row in own("kim_4").to_dict("records"):
        for at, text in row.items():
            if at != "series" and text:
                assert printed[row["series"], at] == float(text)


def test_every_number_has_its_source_and_every_table_its_number(context):
    assert (context.series["source"] != "").all()
    numbered = context.series[~context.series["table"].isin(["kim_text", "assumed"])]
    assert (numbered["number"] != "").all()


def test_a_changed_cell_that_a_check_is_about_stops_the_run():
    changed = own("kim_3")
    changed.loc[changed["series"] == "budget", "2003"] = "101.1"
    with pytest.raises(DataError, match=r"kim3_budget_sum.*declared as computed 735\.5, found 726\.5"):
        own_context(kim_3=changed)


def test_a_corrected_print_is_not_taken_in_silence():
    changed = own("spru_1")
    changed.loc[changed["at"] == "1970-74", "1000-9999"] = "35.0"
    with pytest.raises(DataError, match=r"spru_row_1970-74\): declared `adds_up: no`, found yes"):
        own_context(spru_1=changed)


def test_checks_that_need_a_table_that_is_not_shown_are_left_out():
    left = own_context(without=("spru_1", "kim_text", "assumed")).arithmetic
    assert not left["check"].str.contains("spru|text").any()
    assert len(left) == 15 + 9 + 8  # of the tables 2, 3 and 4 by themselves


def test_a_check_that_points_at_no_cell_is_refused_with_its_row():
    changed = own("checks")
    changed.loc[0, "cells"] = "kim_2.sme_business@1998 kim_2.businesses@1998"
    with pytest.raises(
        DataError, match=r"checks.csv row 2, column cells: kim_2 has no series sme_business\. Did you mean"
    ):
        own_context(checks=changed)
