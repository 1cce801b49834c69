"""The policy frame as tables, and its recommendations in words."""

import pandas as pd
import pytest

from innosurvey.report.build import build_document
from innosurvey.report.context import ReportContext
from innosurvey.report.document import BulletList, Cell, Heading, Paragraph, Table, plain_text
from innosurvey.report.draft import Draft
from innosurvey.report.layout_policy import policy_table, policy_title, recommendation_words, recommendations_table
from innosurvey.report.lookup import Lookup

from .conftest import read_templates
from .made_up import MINIMUM_N, made_up_context
from .made_up_policy import made_up_frame, made_up_recommendations

SECTION = {
    name: text for name, text in read_templates().items() if name.startswith(("60_policy", "_macros", "55_claims"))
}


def draft_of(frame: pd.DataFrame) -> Draft:
    context = ReportContext.from_mapping(made_up_context())
    return Draft(lookup=Lookup({"policy": frame}, {}, MINIMUM_N), context=context, language="en", figures={})


def table_of(group: str = "startup", frame: pd.DataFrame | None = None) -> Table:
    table = policy_table(draft_of(made_up_frame() if frame is None else frame), group)
    assert table is not None
    return table


def text(cell: Cell) -> str:
    return "|".join(
        "".join(run.text for run in cell.runs if run.line == line) for line in sorted({run.line for run in cell.runs})
    )


def line(table: Table, start: str) -> list[str]:
    rows = [[text(cell) for cell in row.cells] for row in table.rows if row.kind == "body"]
    return next(row for row in rows if row[0].startswith(start))


def test_a_row_is_a_barrier_with_an_instrument_and_the_governments_beside_each_other():
    table = table_of()
    assert [(column.over, column.title) for column in table.columns] == [
        ("", "Barrier"), ("", "Need"), ("", "Instrument"), ("Reach", "Central government"), ("Reach", "The city"),
        ("", "Association"), ("", "What follows"), ("", "Priority"),
    ]  # fmt: skip
    assert line(table, "Own funds")[1:5] == ["30.0|28.0–32.0", "Loans", "15.0|13.0–17.0", "5.0|3.0–7.0"]


def test_the_association_has_its_sign_interval_and_adjusted_p():
    assert line(table_of(), "Own funds")[5] == "+0.5|−1.5 to 2.5|p\xa0=\xa00.600"


def test_what_follows_is_said_for_each_government_where_it_differs_the_most_pressing_first():
    assert line(table_of(), "Own funds")[6:] == [
        "pilot and evaluate (The city)|keep and improve (Central government)",
        "1",
    ]


def test_what_follows_is_said_once_where_it_is_the_same():
    frame = made_up_frame(association=-5.0)
    assert line(table_of(frame=frame), "Own funds")[6:] == ["reconsider", "1"]


def test_a_field_is_a_subtitle_and_one_without_instruments_says_so():
    table = table_of()
    assert [text(row.cells[0]) for row in table.rows if row.kind == "group"] == ["Financing", "Incubation"]
    assert line(table, "Innovation")[2:] == ["", "not asked", "not asked", "not asked", "collect evidence", "3"]


def test_numbers_of_too_few_firms_are_marks_and_the_note_says_why():
    table = table_of("decline")
    assert line(table, "Own funds")[1] == "[c]"
    assert line(table, "Own funds")[4] == "[c]"
    assert line(table, "Own funds")[6:] == ["no statement", ""]
    assert any("need: fewer than 10 firms; reach: fewer than 10 firms" in note for note in table.notes)


def test_a_small_number_that_reached_the_table_all_the_same_is_hidden_with_what_follows_from_it():
    leaked = made_up_frame().assign(n=9)
    row = line(table_of(frame=leaked), "Own funds")
    assert not any(character.isdigit() for cell in row for character in cell)
    assert row[6:] == ["no statement", ""]


def test_a_number_that_is_missing_for_another_reason_has_the_other_mark():
    frame = made_up_frame()
    frame.loc[frame["government"] == "local", ["reach", "reach_is", "reason"]] = [pd.NA, "unknown", "reach: not there"]
    assert line(table_of(frame=frame), "Own funds")[4] == "[x]"


def test_a_stage_that_the_frame_lacks_is_no_table():
    assert policy_table(draft_of(made_up_frame()), "early_growth") is None


def test_titles_are_the_configurations_and_ids_in_words_where_there_are_none():
    draft = draft_of(made_up_frame())
    assert policy_title(draft, "governments", "local") == "The city"
    assert policy_title(draft, "fields", "human_resources") == "Human resources"


def test_a_recommendation_is_its_first_sentence_and_the_rest():
    assert recommendation_words(draft_of(made_up_frame()), "funds") == ("Reach more firms.", "Few use what there is.")


def test_every_recommendation_is_listed_with_what_it_asks_for_and_what_was_found():
    frame = made_up_frame()
    context = ReportContext.from_mapping(made_up_context())
    tables = {"recommendations": made_up_recommendations(frame, "reversed")}
    draft = Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="en", figures={})
    table = recommendations_table(draft)
    assert table is not None
    title = "Funds are the top barrier"
    assert [[text(cell) for cell in row.cells] for row in table.rows] == [
        ["Reach more firms.", title, "supported", "reversed", "4|asks for 1", "no"],
        ["Go by the frame.", title, "not supported, reversed, not estimable", "reversed", "", "yes"],
    ]


def chapter(frame: pd.DataFrame, verdict: str = "supported") -> list[str]:
    """Return the paragraphs, list items and headings of the chapter."""
    tables = {"policy": frame, "recommendations": made_up_recommendations(frame, verdict)}
    document = build_document(tables, {}, made_up_context(), SECTION, "en")
    lines = []
    for block in document.blocks():
        if isinstance(block, (Paragraph, Heading)):
            lines.append(plain_text(block.inlines))
        if isinstance(block, BulletList):
            lines.extend(map(plain_text, block.items))
    return lines


def found(lines: list[str], start: str) -> str:
    return next((line for line in lines if line.startswith(start)), "")


def test_the_chapter_says_which_needs_are_clear_where():
    lines = chapter(made_up_frame(too_few=""))
    assert found(lines, "The need is clear at every stage").startswith(
        "The need is clear at every stage for own funds and external finance."
        " By stage it differs: it is clear for innovation capability (firms of the group “Start-up”)."
    )


def test_a_need_that_is_not_known_at_a_stage_is_said_to_be_so():
    assert any("rests on too few firms" in line for line in chapter(made_up_frame()))
    assert not any("rests on too few firms" in line for line in chapter(made_up_frame(too_few="")))


def test_the_recommendation_cites_its_claim_its_verdict_and_its_cells():
    said = found(chapter(made_up_frame()), "Reach more firms.")
    assert said.endswith(
        "Carried by the claim: Funds are the top barrier – supported. Cells: 4, at start-up (Table 1) and maturity"
        " (Table 2)."
    )


@pytest.mark.parametrize("verdict", ["not supported", "reversed", "not estimable"])
def test_another_verdict_brings_another_recommendation(verdict: str):
    lines = chapter(made_up_frame(), verdict)
    assert not found(lines, "Reach more firms.")
    assert found(lines, "Go by the frame.").endswith(f"Carried by the claim: Funds are the top barrier – {verdict}.")
    assert "Across the fields" in lines


def test_a_study_without_a_frame_has_no_chapter():
    frame = made_up_frame().iloc[:0]
    tables = {"policy": frame, "recommendations": made_up_recommendations(frame).iloc[:0]}
    templates = {**SECTION, "10_other.en.md.j2": "# Other\n\nWords."}
    document = build_document(tables, {}, made_up_context(), templates, "en")
    assert [section.id for section in document.sections] == ["other"]
