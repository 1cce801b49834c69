"""The state of the firms: groups of several cohorts one below the other, and the waves side by side."""

from innosurvey.report.layout_state import state_table, waves_table

from .made_up import made_up_tables
from .test_layout_contrasts import draft_of as contrasts_draft_of
from .test_layout_tables import text
from .test_wording import draft_of


def lines(table) -> list[list[str]]:
    return [[text(cell) for cell in row.cells] for row in table.rows]


def test_cohorts_stand_one_below_the_other_and_the_waves_last():
    table = state_table(draft_of(), ["certified", "size_cis"], ["innovator"])
    titles = [row.cells[0].runs[0].text for row in table.rows if row.kind == "group"]
    assert len(titles) == 3
    assert titles[-1] == "Wave"
    assert [line[0] for line in lines(table)][-3:] == ["2018", "2020", "2022"]


def test_a_group_that_too_few_firms_are_in_keeps_its_line_without_numbers():
    table = state_table(draft_of(), ["size_cis"], ["innovator"])
    (large,) = [line for line in lines(table) if line[0] == "250 employees and more"]
    assert large[1:] == ["[c]", "[c]"]


def test_items_that_no_cohort_has_make_no_table():
    assert state_table(draft_of(), ["certified"], ["no_such_item"]) is None


def test_the_waves_of_a_group_stand_side_by_side_with_all_of_them_last():
    table = waves_table(draft_of(), "all", "all", ["innovator", "product_innovation"])
    assert [column.title for column in table.columns] == ["Indicator", "2018", "2020", "2022", "All"]
    assert len(table.rows) == 2


def test_a_wave_that_nobody_answered_in_is_said_not_to_be_confidential_alone():
    describe = made_up_tables()["describe"]
    here = (
        (describe["item"] == "innovator") & (describe["wave"].astype("str") == "2020") & (describe["cohort"] == "all")
    )
    numbers = ["estimate", "se", "lower", "upper"]
    describe.loc[here, ["n", *numbers, "status"]] = [0, *[float("nan")] * 4, "not estimated: no firm with a value"]
    table = waves_table(contrasts_draft_of(describe=describe), "all", "all", ["innovator"])
    assert table.notes[-1] == "[c] stands, too, where a wave has no answer of any firm."


def test_a_study_of_one_wave_has_no_table_over_the_waves():
    describe = made_up_tables()["describe"]
    one = describe[describe["wave"].isin(["2018", "all"])]
    assert waves_table(contrasts_draft_of(describe=one), "all", "all", ["innovator"]) is None
