"""The tables of the logs."""

from innosurvey import study
from innosurvey.logs import CHAPTERS
from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.layout_logs import assumptions_table, data_log_table, decisions_table
from innosurvey.report.lookup import Lookup
from innosurvey.report.words import words_in

from .made_up import made_up_context


def entry(**changes):
    said = {"title": {"en": "Short"}, "text": {"en": "Long."}, "why": {"en": "So."}, "impact": "high", "source": "me"}
    return {
        "date": "2026-01-31",
        "confidence": "low",
        "owner": "me",
        "matters": ["models", "fit_models"],
        **said,
        **changes,
    }


def draft(**logs):
    about = ReportContext.from_mapping(made_up_context(logs=logs))
    return Draft(lookup=Lookup({}, about.sources, about.minimum_n), context=about, language="en", figures={})


def lines(cell):
    return [run.text for run in cell.runs]


def test_assumptions_begin_with_those_on_which_most_hangs_and_which_are_least_sure():
    ratings = {"a": ("high", "low"), "b": ("high", "high"), "c": ("low", "high")}
    rated = {name: entry(confidence=sure, impact=weight) for name, (sure, weight) in ratings.items()}
    table = assumptions_table(draft(assumptions=rated))
    assert [lines(row.cells[2]) for row in table.rows] == [["low / high"], ["high / high"], ["high / low"]]


def test_an_assumption_has_its_text_below_its_title_and_its_source_below_the_reason():
    cells = assumptions_table(draft(assumptions={"a": entry()})).rows[0].cells
    assert [lines(cell) for cell in cells[:2]] == [["Short", "Long."], ["So.", "me"]]


def test_where_it_matters_is_said_by_chapters_in_words_and_rules_by_name():
    assert lines(assumptions_table(draft(assumptions={"a": entry()})).rows[0].cells[3]) == ["Models, step fit_models"]


def test_decisions_stand_in_the_order_in_which_they_were_taken():
    taken = {"late": entry(), "early": entry(date="2025-12-31")}
    table = decisions_table(draft(decisions=taken))
    assert [lines(row.cells[2]) for row in table.rows] == [["me", "2025-12-31"], ["me", "2026-01-31"]]


def test_data_stand_with_what_follows_from_them():
    cells = data_log_table(draft(data_log={"a": entry(impact={"en": "Read with care."})})).rows[0].cells
    assert [lines(cell) for cell in cells[1:3]] == [["Read with care."], ["me", "2026-01-31"]]


def test_a_study_without_logs_has_no_such_tables():
    assert [make(draft()) for make in (assumptions_table, decisions_table, data_log_table)] == [None] * 3


def test_every_chapter_that_an_entry_may_name_is_a_section_and_has_its_words():
    stems = {
        path.name.split(".")[0].split("_", 1)[1] for path in (study.ROOT / "workflow/report/sections").glob("[0-9]*")
    }
    assert {*CHAPTERS} <= stems
    assert {f"chapter_{chapter}" for chapter in CHAPTERS} <= {*words_in("en")} & {*words_in("ko")}
