"""The changes written up for the terminal, as Markdown and as a page."""

from dataclasses import replace
from decimal import Decimal

import pytest

from innosurvey.changes.causes import CODE, REVISION, UNITS, Link
from innosurvey.changes.distributions import Move
from innosurvey.changes.page import Changes, counted, in_both, lines_of, markdown_of, page_of
from innosurvey.changes.schema import Columns
from innosurvey.changes.split import Number, Split, Verdict
from innosurvey.changes.units import Units
from innosurvey.study import ROOT
from tests.baseline.made import release

LAYOUT = (ROOT / "workflow/changes/page.html.j2").read_text(encoding="utf-8")
LINKS = (Link(causes=(CODE,)), Link(causes=(REVISION, UNITS), why="too few firms"))
MOVED = Number(table="describe", place="2022 · <item> · share", values=tuple(map(Decimal, ("60", "60.5", "58.75"))))
CHANGES = Changes(
    release=release(),
    rests_on=["data: innovation_2020.csv"],
    columns=[Columns(source="survey 2020", added=("patents",), dropped=(), renamed=("rd: q1 → q2",), recoded=())],
    settings=["disclosure.minimum_n: 10 → 20"],
    sources={"survey 2020": Units(entries=3, exits=0, both=3771, amended=200)},
    new={"survey 2024": 3900},
    moves=[Move(wave="2020", item="rd", statistic="mean", before=10, after=12, standardised=0.4)],
    outcomes={"identical": 5, "changed": 1234},
    split=Split(
        links=LINKS,
        moved=(MOVED,),
        verdicts=(Verdict(claim="C1", values=("supported", "supported", "not supported")),),
        unmoved=7,
        untold=2,
    ),
    claims={"C1": "Active firms do better"},
    least=10,
)
STILL = replace(CHANGES, split=replace(CHANGES.split, moved=(), verdicts=()), sources={}, moves=[])


def pages():
    return ["\n".join(lines_of(CHANGES)), markdown_of(CHANGES), page_of(CHANGES, LAYOUT, "Seoul")]


@pytest.mark.parametrize("said", pages(), ids=["terminal", "markdown", "page"])
@pytest.mark.parametrize(
    "fact",
    [
        "aused by code + data revision and new units.",
        "data: innovation_2020.csv",
        "1 moved, 7 did not, 2 are not told in every state.",
        "largest part: data revision and new units, in 1",
        "C1 (Active firms do better): from supported to not supported by data revision and new units.",
        "survey 2020: added patents",
        "survey 2024: new, 3,900 rows",
        "survey 2020: fewer than 10 came, left or were amended.",
        "10 → 20",
        "+0.400",
        "1,234",
    ],
)
def test_every_form_tells_what_changed_and_why(said, fact):
    assert fact in said.replace("\\", "")


@pytest.mark.parametrize("said", pages(), ids=["terminal", "markdown", "page"])
def test_a_count_of_few_firms_is_told_nowhere_nor_what_it_follows_from(said):
    assert "fewer than 10" in said
    assert "3,771" not in said


def test_the_terminal_shows_a_number_with_its_parts():
    said = "\n".join(lines_of(CHANGES))
    assert "60.00 → 58.75: code +0.50, data revision and new units -1.75" in said


def test_markdown_has_a_column_per_link():
    said = markdown_of(CHANGES)
    assert "| number | before | code | data revision and new units | after |" in said
    assert "| 60.00 | +0.50 | -1.75 | 58.75 |" in said


def test_the_page_says_what_each_cause_is_and_why_some_are_told_together():
    said = page_of(CHANGES, LAYOUT, "Seoul")
    assert "the steps are written otherwise" in said
    assert "Told together: too few firms" in said


def test_no_name_can_put_markup_into_a_page_or_a_summary():
    assert "<item>" not in page_of(CHANGES, LAYOUT, "Seoul")
    assert " <item>" not in markdown_of(CHANGES)


def test_a_page_needs_no_other_file():
    said = page_of(CHANGES, LAYOUT, "Seoul")
    assert "src=" not in said
    assert "href=" not in said
    assert "<script" not in said


def test_where_nothing_moved_every_form_says_so():
    for said in ("\n".join(lines_of(STILL)), markdown_of(STILL), page_of(STILL, LAYOUT, "Seoul")):
        assert "0 moved, 7 did not" in said
        assert "none of 0 turned." in said


@pytest.mark.parametrize(("count", "said"), [(0, "0"), (1, "fewer than 10"), (9, "fewer than 10"), (10, "10")])
def test_counts_below_the_least_are_not_told(count, said):
    assert counted(count, 10) == said


def test_how_many_stayed_is_told_where_no_small_count_follows():
    assert in_both(Units(entries=0, exits=12, both=3000, amended=3), 10) == "3,000"
    assert in_both(Units(entries=12, exits=1, both=3000, amended=3), 10) == "–"


@pytest.mark.parametrize("units", [{"amended": 200}, {"entries": 12, "exits": 40}, {}])
def test_a_source_of_which_none_or_many_units_changed_calls_for_no_caution(units):
    sources = {"survey 2020": Units(**{"entries": 0, "exits": 0, "both": 3771, "amended": 0, **units})}
    assert "work out" not in markdown_of(replace(CHANGES, sources=sources))
