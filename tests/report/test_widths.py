import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.widths import Room, heads_over, height_of, letters_of, lines_of, rooms_of, shared_out


def cell(*lines: str) -> Cell:
    return Cell(runs=tuple(Run(text=text, line=number) for number, text in enumerate(lines)))


def test_a_korean_syllable_is_wider_than_a_latin_letter():
    assert letters_of("혁신") > letters_of("ab")


def test_the_runs_of_a_line_are_one_text():
    runs = (Run(text="1.2"), Run(text="0.8", line=1), Run(text="–", line=1), Run(text="1.7", line=1))
    assert lines_of(Cell(runs=runs)) == ["1.2", "0.8–1.7"]


def test_neighbours_share_a_head():
    columns = [Column(title="a"), Column(title="b", over="x"), Column(title="c", over="x")]
    assert heads_over(columns) == [("", 1), ("x", 2)]


def test_a_column_has_room_for_its_longest_word():
    table = Table(
        id="t",
        title="",
        columns=(Column(title="Indicator", align="left"), Column(title="n")),
        rows=(TableRow(cells=(cell("establishments of firms"), cell("1,234,567"))),),
    )
    label, number = rooms_of(table)
    assert label.least == len("establishments")
    assert label.longest == len("establishments of firms")
    assert number.least == len("1,234,567")


@given(st.lists(st.tuples(st.floats(1, 30), st.floats(0, 40)), min_size=1, max_size=12), st.floats(20, 200))
def test_columns_fill_the_width_and_none_loses_its_words(wanted, width):
    rooms = [Room(least=least, longest=least + more) for least, more in wanted]
    widths = shared_out(rooms, width, [2] * len(rooms))
    assert all(each >= room.least for each, room in zip(widths, rooms, strict=True))
    assert sum(widths) == pytest.approx(max(width, sum(room.least + 2 for room in rooms)))


def test_a_column_that_asks_for_little_gets_it_before_one_that_asks_for_much():
    little, much = Room(least=10, longest=20), Room(least=10, longest=60)
    assert shared_out([little, much], 50, [0, 0]) == pytest.approx([20, 30], abs=1)


def test_prose_has_the_most_of_what_is_left():
    label, prose = Room(least=10, longest=20), Room(least=10, longest=70)
    narrow, wide = shared_out([label, prose], 50, [0, 0])
    assert narrow < 16 < 34 < wide


def test_a_row_of_two_lines_is_taller():
    assert height_of(TableRow(cells=(cell("1", "(2)"),))) > height_of(TableRow(cells=(cell("1"),)))
