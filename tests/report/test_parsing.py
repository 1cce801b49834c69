import pytest

from innosurvey.errors import StudyError
from innosurvey.report.document import (
    BulletList,
    Emphasis,
    Heading,
    Notice,
    Paragraph,
    Reference,
    Table,
    Text,
    TracedNumber,
)
from innosurvey.report.parsing import parse_section


def blocks(markdown: str) -> list:
    return parse_section("x", f"# T\n\n{markdown}", {"table.a": Table(id="a", title="A", columns=(), rows=())})[1]


def test_the_level_one_heading_is_the_title():
    assert parse_section("x", "# Data & more", {}) == ("Data & more", [])


def test_a_section_without_a_title_is_refused():
    with pytest.raises(StudyError, match="0 level-1 headings"):
        parse_section("x", "words", {})


def test_headings_get_ids_from_their_section_and_order():
    assert [block.id for block in blocks("## A\n\n### B")] == ["x-1", "x-2"]


def test_a_traced_link_is_a_number():
    assert blocks("Some [12.3 %](trace:t7).") == [
        Paragraph(inlines=(Text(text="Some "), TracedNumber(text="12.3 %", trace="t7"), Text(text=".")))
    ]


def test_strong_words_hold_numbers():
    assert blocks("**[1](trace:t1)**") == [
        Paragraph(inlines=(Emphasis(inlines=(TracedNumber(text="1", trace="t1"),), strong=True),))
    ]


def test_bullets_are_a_list():
    assert blocks("- a\n- b") == [BulletList(items=((Text(text="a"),), (Text(text="b"),)))]


def test_a_quote_is_a_notice():
    assert blocks("> mind") == [Notice(inlines=(Text(text="mind"),))]


def test_a_place_is_a_table():
    assert [type(block) for block in blocks("```place\ntable.a\n```")] == [Table]


def test_a_reference_keeps_its_target():
    assert blocks("[t](see:table.a)") == [Paragraph(inlines=(Reference(target="table.a"),))]


@pytest.mark.parametrize("markdown", ["1. a", "```python\nx\n```", "![a](b.png)", "<b>x</b>", "---"])
def test_markdown_that_a_report_has_no_place_for_is_refused(markdown: str):
    with pytest.raises(StudyError, match="Section x"):
        blocks(markdown)


def test_a_place_that_nothing_was_made_for_is_refused():
    with pytest.raises(StudyError, match=r"table\.b, which was not made"):
        blocks("```place\ntable.b\n```")


def test_headings_are_blocks():
    assert isinstance(blocks("## A")[0], Heading)
