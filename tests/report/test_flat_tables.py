import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.report.document import Cell, Column, Document, Run, Table, TableRow
from innosurvey.report.flat_tables import Entry, different, flat_table, number_of, parts_of, subtitles_of
from innosurvey.report.formats import Style, digits, money, p, points, share, signed
from innosurvey.report.words import words_in

WORDS = words_in("en")
COLUMNS = {name: name for name in ("estimate", "lower", "upper", "se", "p_adjusted", "difference", "matters", "n")}


def cell(*runs: tuple[str, str, int]) -> Cell:
    """Return a cell of (text, trace, line); the trace id is the column's name."""
    return Cell(runs=tuple(Run(text=text, trace=trace, line=line) for text, trace, line in runs))


def text(words: str) -> Cell:
    return cell((words, "", 0))


WITH_INTERVAL = cell(("12.3", "estimate", 0), ("8.1", "lower", 1), ("–", "", 1), ("16.5", "upper", 1))
WITH_ERROR = cell(("0.476", "estimate", 0), ("(", "", 1), ("0.040", "se", 1), (")", "", 1))


def table(*rows: TableRow, columns=("", "Share")) -> Table:
    return Table(id="t", title="T", columns=tuple(Column(title=title) for title in columns), rows=rows)


def flat(*rows: TableRow, columns=("Group", "Share")):
    return flat_table(table(*rows, columns=columns), COLUMNS, WORDS)


def test_an_interval_has_two_columns_of_its_own():
    made = flat(TableRow(cells=(text("a"), WITH_INTERVAL)))
    assert made.heads == (
        "Group", "Share", "Share: lower end of the interval", "Share: upper end of the interval",
    )  # fmt: skip
    assert [entry.value for entry in made.rows[0]] == ["a", 12.3, 8.1, 16.5]


def test_a_standard_error_loses_its_parentheses():
    made = flat(TableRow(cells=(text("a"), WITH_ERROR)))
    assert made.rows[0][1:] == (Entry(value=0.476, format="0.000"), Entry(value=0.04, format="0.000"))


def test_a_subtitle_becomes_a_column_and_a_foot_belongs_to_none():
    rows = [
        TableRow(cells=(text("Sizes"),), kind="group"),
        TableRow(cells=(text("small"), text("x"))),
        TableRow(cells=(text("Firms"), text("y")), kind="foot"),
    ]
    made = flat(*rows)
    assert [row[0].value for row in made.rows] == ["Sizes", "[z]"]
    assert subtitles_of(table(*rows)) == ["Sizes", ""]


def test_what_is_confidential_is_so_in_all_its_parts():
    made = flat(TableRow(cells=(text("a"), WITH_INTERVAL)), TableRow(cells=(text("b"), text("[c]"))))
    assert [entry.value for entry in made.rows[1]] == ["b", "[c]", "[c]", "[c]"]


def test_what_stays_empty_is_not_applicable():
    made = flat(TableRow(cells=(text("a"), WITH_ERROR)), TableRow(cells=(text("b"), text(""))))
    assert [entry.value for entry in made.rows[1]] == ["b", "[z]", "[z]"]


def test_a_mark_stands_in_its_own_column_behind_the_numbers():
    marked = cell(("1.2", "estimate", 0), ("\N{NO-BREAK SPACE}[E]", "", 0), ("0.8", "lower", 1))
    made = flat(TableRow(cells=(text("a"), marked)))
    assert made.heads[1:] == ("Share", "Share: lower end of the interval", "Share: mark")
    assert [entry.value for entry in made.rows[0]][1:] == [1.2, 0.8, "[E]"]


def test_a_number_with_words_before_it_stays_text():
    asked = cell(("≥ +", "", 0), ("0.10", "matters", 0))
    assert flat(TableRow(cells=(text("a"), asked))).rows[0][1].value == "≥ +0.10"


def test_words_between_two_numbers_say_what_the_second_is():
    found = cell(("7", "n", 0), (" of ", "", 0), ("9", "estimate", 0))
    made = flat(TableRow(cells=(text("a"), found)))
    assert made.heads[1:] == ("Share: n", "Share: of")


def test_a_range_of_one_kind_is_its_lowest_and_its_highest():
    ranged = Cell(runs=(Run(text="−0.06", trace="a"), Run(text=WORDS["to"]), Run(text="0.03", trace="b")))
    made = flat_table(table(TableRow(cells=(ranged,)), columns=("Range",)), {"a": "estimate", "b": "estimate"}, WORDS)
    assert made.heads == ("Range: Lowest", "Range: Highest")
    assert [entry.value for entry in made.rows[0]] == [-0.06, 0.03]


def test_the_difference_at_equal_composition_says_so():
    both = Cell(
        runs=(Run(text="+1.0", trace="a"), Run(text=WORDS["equal"], line=1), Run(text="+0.7", trace="b", line=1))
    )
    made = flat_table(table(TableRow(cells=(both,)), columns=("D",)), {"a": "difference", "b": "difference"}, WORDS)
    assert made.heads == ("D", "D: At equal composition")


def test_lines_of_text_are_parted_by_semicolons():
    lines = Cell(runs=(Run(text="Sales"), Run(text="R&D", line=1)))
    assert list(parts_of(lines, {}, WORDS).values()) == [Entry(value="Sales; R&D")]


@pytest.mark.parametrize("written", ["<0.001", "p\N{NO-BREAK SPACE}<\N{NO-BREAK SPACE}0.001"])
def test_a_p_value_too_small_to_be_told_is_low(written):
    assert number_of(Run(text=written)).value == "[low]"


@given(st.floats(-1e7, 1e7), st.integers(0, 4))
def test_a_number_is_the_one_that_is_shown(value, decimals):
    for written in (digits(value, decimals, Style()), signed(value, decimals, Style())):
        entry = number_of(Run(text=written))
        assert entry.value == pytest.approx(round(value, decimals), abs=10**-decimals)
        assert digits(entry.value, decimals, Style()) == written.lstrip("+")
        assert len(entry.format.split(";")[0].partition(".")[2]) == decimals


@pytest.mark.parametrize(
    ("written", "value", "shown"),
    [
        (share(12.34, Style()), 12.3, '0.0"\N{NO-BREAK SPACE}%"'),
        (points(-3.21, Style(points="points")), -3.2, '0.0" points"'),
        (money(1234.5, Style(currency="KRW")), 1234.0, '#,##0"\N{NO-BREAK SPACE}million\N{NO-BREAK SPACE}KRW"'),
        (p(0.034, Style()), 0.034, "0.000"),
        ("+61.9", 61.9, "+0.0;-0.0;0.0"),
    ],
)
def test_a_unit_is_in_the_format_and_not_in_the_cell(written, value, shown):
    assert number_of(Run(text=written)) == Entry(value=value, format=shown)


@given(st.lists(st.sampled_from(["a", "A", "b", "x" * 300]), max_size=6))
def test_no_head_stands_twice(heads):
    made = different(heads)
    assert len({head.casefold() for head in made}) == len(heads)
    assert all(len(head) <= 255 for head in made)


def test_every_row_of_the_report_is_as_wide_as_its_heads_and_has_no_blank(document: Document):
    columns_of = {row.id: row.column for row in document.trace}
    for each in document.tables():
        made = flat_table(each, columns_of, WORDS)
        assert len(made.rows) == sum(row.kind != "group" for row in each.rows)
        assert all(len(row) == len(made.heads) and all(entry.value != "" for entry in row) for row in made.rows)
