"""The chapter on what changed since a release, in either language."""

import re

import pytest

from innosurvey.report.build import build_document
from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.sections import render_section
from tests.changes.test_record import recorded

from .conftest import read_templates
from .made_up import MINIMUM_N, made_up_context, made_up_tables


def drafted(language, recorded):
    context = ReportContext.from_mapping(made_up_context())
    lookup = Lookup({**made_up_tables(), **recorded}, context.sources, MINIMUM_N)
    return Draft(lookup=lookup, context=context, language=language, figures={})


def chapter(draft):
    text = render_section(f"58_changes.{draft.language}.md.j2", read_templates(), draft)
    return re.sub(r"\[([^\]]*)\]\(trace:\w+\)", r"\1", text).replace("*", "").replace("\\", "")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_without_a_record_there_is_no_chapter(language):
    assert chapter(drafted(language, {})).strip() == ""


def test_the_chapter_says_what_each_cause_did_and_which_verdicts_turned():
    said = chapter(drafted("en", recorded()))
    assert "This report follows release `2023-06`." in said
    assert "- Code moved 1 headline number, 0 of them more than any other cause did." in said
    assert "- Data revision and new units moved 1 headline number" in said
    assert "and turned 1 verdict." in said
    assert "from supported to not supported, with data revision and new units." in said


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_release_that_is_named_by_its_date_is_no_digit_without_a_table(language, tables, templates):
    document = build_document({**tables, **recorded()}, {}, made_up_context(), templates, language)
    assert "changes" in [section.id for section in document.sections]


def test_the_chapter_says_it_in_korean():
    said = chapter(drafted("ko", recorded()))
    assert "공표본 `2023-06` 다음에" in said
    assert "- 자료 정정·조사 단위의 변동: 주요 수치 1개가 바뀌었다." in said
    assert "판정이 지지됨에서 지지되지 않음으로 바뀌었다(자료 정정·조사 단위의 변동)." in said


def test_the_parts_stand_between_what_was_and_what_is():
    draft = drafted("en", recorded())
    chapter(draft)
    table = draft.placed["table.changed_numbers"]
    assert [column.title for column in table.columns] == [
        "Headline number",
        "Before",
        "code",
        "data revision and new units",
        "After",
    ]
    (row,) = [row for row in table.rows if row.kind != "group"]
    assert [cell.runs[0].text for cell in row.cells][1:] == ["60.04", "+0.46", "−1.75", "58.75"]
