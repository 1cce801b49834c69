import pytest

from innosurvey import tables as contracts
from innosurvey.policy.frame import frame_policy
from tests.policy.made_up import (
    CENTRAL,
    LIMITS,
    LOCAL,
    NEED,
    NO_PARTNERS,
    SECTION,
    cell,
    difference,
    frame,
    share,
    spec,
    tables,
)


def test_a_row_stands_for_stage_field_barrier_instrument_and_government():
    keys = frame()[["group", "field", "barrier", "instrument", "government"]].to_numpy().tolist()
    assert keys == [
        ["startup", "financing", "no_funds", "loan", "central"],
        ["startup", "financing", "no_funds", "loan", "local"],
        ["startup", "incubation", "no_partners", "", ""],
    ]


def test_the_frame_keeps_its_contract(tmp_path):
    contracts.write("policy", frame(), tmp_path / "policy.csv")
    read = contracts.read("policy", tmp_path / "policy.csv")
    assert len(read) == 3


def test_a_clear_need_that_a_helpful_instrument_does_not_reach_calls_for_its_extension():
    assert cell(frame())["action"] == "extend"
    assert cell(frame(), "central")["action"] == "keep"


def test_a_field_without_instruments_shows_the_need_and_asks_for_evidence():
    row = cell(frame(), "", "incubation")
    assert (row["need"], row["reach_is"], row["action"]) == (25.0, "not asked", "collect evidence")
    assert row["reason"] == "reach: not asked; association: not asked"


def test_an_instrument_that_one_government_does_not_grant_is_not_asked_there():
    loan = {**SECTION["fields"]["financing"]["instruments"]["loan"], "used": {"central": "central_loan"}}
    fields = {"financing": {**SECTION["fields"]["financing"], "instruments": {"loan": loan}}}
    row = cell(frame(spec(fields=fields)))
    assert (row["reach_is"], row["action"], row["reason"]) == ("not asked", "collect evidence", "reach: not asked")


def test_neither_the_share_nor_its_action_tells_of_too_few_firms():
    row = cell(frame(describe=(share("no_funds", 30.0, n=9), CENTRAL, LOCAL)))
    assert row[["need", "need_lower", "need_n", "priority"]].isna().all()
    assert (row["need_is"], row["action"]) == ("unknown", "no statement")
    assert row["reason"] == "need: fewer than 10 firms"


def test_a_suppressed_reach_asks_for_evidence_and_says_why():
    row = cell(frame(describe=(NEED, CENTRAL, share("local_loan", 5.0, n=9))))
    assert (row["action"], row["reason"]) == ("collect evidence", "reach: fewer than 10 firms")
    assert row["n"] == 300


def test_a_part_that_the_survey_lacks_says_what_it_needs():
    filled = frame(describe=(NEED, CENTRAL), absent={"financing.loan.local": "local_loan needs support_loan"})
    assert cell(filled)["reason"] == "reach: local_loan needs support_loan"


def test_without_a_comparison_of_success_no_association_is_known():
    filled = frame(compare=(), absent={"success": "the study has no cohort outcome"})
    assert (cell(filled)["association_is"], cell(filled)["reason"]) == (
        "unknown",
        "association: the study has no cohort outcome",
    )


def test_each_number_names_the_row_that_it_stands_in():
    row = cell(frame())
    assert row["need_from"] == "describe: cohort stage, group startup, wave all, item no_funds, statistic share"
    assert row["reach_from"] == "describe: cohort stage, group startup, wave all, item local_loan, statistic share"
    assert row["association_from"].startswith("compare: cohort outcome, group failure, reference success, wave all")


def test_the_fewest_firms_behind_a_cell_are_those_of_any_of_its_numbers():
    assert cell(frame(describe=(NEED, CENTRAL, share("local_loan", 5.0, n=40))))["n"] == 40


def test_priority_goes_by_action_and_then_by_need():
    describe = (NEED, share("no_partners", 45.0), CENTRAL, LOCAL)
    filled = frame(describe=describe)
    assert filled.set_index(["field", "government"])["priority"].to_dict() == {
        ("financing", "local"): 1,  # extend
        ("incubation", ""): 2,  # collect evidence, however large the need
        ("financing", "central"): 3,  # keep
    }


def test_equal_cells_share_a_priority_and_the_next_one_follows():
    describe = (NEED, NO_PARTNERS, share("central_loan", 5.0), LOCAL)
    assert frame(describe=describe)["priority"].tolist() == [1, 1, 2]


def test_a_cell_that_calls_for_nothing_has_no_priority():
    filled = frame(describe=(share("no_funds", 5.0), share("no_partners", 5.0), CENTRAL, LOCAL))
    assert set(filled["action"]) == {"no priority"}
    assert filled["priority"].isna().all()


def test_each_stage_has_priorities_of_its_own():
    later = [share(item, 30.0, group="mature") for item in ("no_funds", "no_partners", "central_loan", "local_loan")]
    filled = frame(groups=("startup", "mature"), describe=(NEED, NO_PARTNERS, CENTRAL, LOCAL, *later))
    assert filled.groupby("group")["priority"].min().to_dict() == {"startup": 1, "mature": 1}


def test_a_stage_without_any_firm_is_in_the_frame_and_says_so():
    filled = frame(groups=("startup", "decline"))
    row = cell(filled, group="decline")
    assert (row["action"], row["reason"]) == (
        "no statement",
        "need: there is no such estimate; reach: there is no such estimate",
    )


@pytest.mark.parametrize(("declared", "groups"), [(None, ("startup",)), (spec(), ())], ids=["no frame", "no stages"])
def test_without_a_frame_or_stages_the_table_has_its_columns_and_no_rows(declared, groups, tmp_path):
    empty = frame_policy(declared, groups, tables(), {}, LIMITS)
    contracts.write("policy", empty, tmp_path / "policy.csv")
    assert len(contracts.read("policy", tmp_path / "policy.csv")) == 0


def test_a_clear_difference_against_the_instrument_asks_to_reconsider_it():
    assert cell(frame(compare=(difference(5.0),)))["action"] == "reconsider"
