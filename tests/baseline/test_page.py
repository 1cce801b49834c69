import re

import pytest

from innosurvey.baseline.page import lines_of, markdown_of, page_of
from innosurvey.baseline.summary import summarise
from innosurvey.study import ROOT
from tests.baseline.made import LEVEL, release
from tests.baseline.test_summary import classified

LAYOUT = (ROOT / "workflow/baseline/page.html.j2").read_text(encoding="utf-8")


def compared(*changes, why="First release."):
    return summarise(classified(*changes), release(why=why), {"data": ["wave.csv"]}, LEVEL, 50)


CHANGED = compared(("size|large", "difference", "estimate", "8", "10"), ("all", "p", "p_value", "0.04", "0.06"))
SAME = compared(("size|large", "difference", "estimate", "8", "8"))


def test_the_terminal_shows_counts_then_each_change_with_before_and_after():
    said = "\n".join(lines_of(CHANGED))
    assert "2 of 2 statistics differ beyond tolerance." in said
    assert re.search(r"significance flipped +1 ", said)
    assert "  size · large\n      difference: 8 → 10 (up 25 %)" in said


def test_the_terminal_says_that_all_agree():
    assert lines_of(SAME)[0] == "Compared with release 2023-06 of seoul: all 1 statistics agree."


@pytest.mark.parametrize("form", [lambda found: "\n".join(lines_of(found)), markdown_of])
def test_what_the_results_rest_on_and_is_not_as_it_was_is_named(form):
    assert "data: wave.csv" in form(CHANGED)


@pytest.mark.parametrize(
    "form",
    [lambda found: "\n".join(lines_of(found)), markdown_of, lambda found: page_of(found, LAYOUT, "Firms in Seoul")],
)
def test_a_comparison_says_where_two_samples_differ_by_a_few_firms(form):
    rows = classified(("all", "difference", "estimate", "1", "2")).assign(n_after=103)
    said = form(summarise(rows, release(), {}, LEVEL, 9, least=10))
    assert "fewer than 10 firms: 1 of compare" in said
    assert "Confidentiality" not in form(SAME)


def test_markdown_has_a_row_per_change():
    assert "| size · large | difference | 8 | 10 | up 25 % |" in markdown_of(CHANGED)


def test_no_word_of_a_release_is_taken_for_markdown():
    said = markdown_of(compared(("all", "difference", "estimate", "1", "2"), why="<b>|x|</b>\n# A *title*"))
    assert r"\<b\>\|x\|\</b\> # A \*title\*" in said


def test_the_page_shows_before_and_after_of_each_change():
    page = page_of(CHANGED, LAYOUT, "Firms in Seoul")
    assert re.search(r"<th[^>]*>size · large</th>.*>8</td>.*>10</td>.*up 25 %", page)


def test_the_page_loads_nothing():
    assert re.findall(r"(src|href)=|url\(|@import|<script", page_of(CHANGED, LAYOUT, "Firms in Seoul")) == []


def test_no_word_of_a_release_is_taken_for_html():
    page = page_of(compared(("all", "difference", "estimate", "1", "2"), why="<script>"), LAYOUT, "Firms in Seoul")
    assert "&lt;script&gt;" in page


def test_the_page_of_results_that_agree_lists_no_table():
    assert "<section" not in page_of(SAME, LAYOUT, "Firms in Seoul")
