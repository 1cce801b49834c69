import pytest

from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.pdf_tables import SIZES, TEXT_WIDTH, end_of, size_of, typeset_table
from innosurvey.report.widths import Room


def cell(*lines: str) -> Cell:
    return Cell(runs=tuple(Run(text=text, line=number) for number, text in enumerate(lines)))


def rows_of(kinds: str) -> list[TableRow]:
    names = {"r": "body", "g": "group", "f": "foot"}
    return [TableRow(cells=(cell("x"),), kind=names[kind]) for kind in kinds]


def table_of(columns: int, rows: int = 1) -> Table:
    heads = tuple(Column(title=f"c{place}", align="left" if place == 0 else "right") for place in range(columns))
    return Table(
        id="t", title="", columns=heads, rows=tuple(TableRow(cells=(cell("1"),) * columns) for _ in range(rows))
    )


def one_cell(content: Cell) -> Table:
    return Table(id="t", title="", columns=(Column(title="a"),), rows=(TableRow(cells=(content,)),))


def test_a_cell_is_its_lines():
    assert typeset_table(one_cell(cell("1", "(2)")))["rows"] == [{"kind": "body", "cells": [["1", "(2)"]]}]


def test_an_empty_cell_has_one_empty_line():
    assert typeset_table(one_cell(Cell(runs=())))["rows"][0]["cells"] == [[""]]


@pytest.mark.parametrize("columns", [1, 5, 6, 9, 12])
def test_columns_fill_the_page(columns):
    made = typeset_table(table_of(columns))
    assert sum(made["widths"]) * made["size"] * 0.55 == pytest.approx(TEXT_WIDTH)


def test_many_columns_have_small_letters_unless_there_is_room_for_larger_ones():
    crowded, short = [Room(least=6, longest=30)] * 10, [Room(least=4, longest=5)] * 10
    assert size_of(crowded, [5.0] * 10) < min(SIZES)
    assert size_of(short, [5.0] * 10) == max(SIZES)


def test_words_to_the_right_of_numbers_keep_away_from_them():
    columns = (Column(title="n"), Column(title="note", align="left"))
    made = typeset_table(Table(id="t", title="", columns=columns, rows=(TableRow(cells=(cell("1"), cell("a"))),)))
    assert [column["gap"] > 0 for column in made["columns"]] == [False, True]


def test_a_tall_table_breaks_and_its_last_two_rows_stay_with_the_notes():
    tall, low = typeset_table(table_of(2, rows=60)), typeset_table(table_of(2, rows=3))
    assert (tall["breaks"], tall["end"]) == (True, 58)
    assert (low["breaks"], low["end"]) == (False, 3)


@pytest.mark.parametrize(
    ("kinds", "end"), [("rrrr", 2), ("rrrrff", 2), ("rrgr", 3), ("rgrrrf", 3), ("ff", 0), ("r", 0), ("", 0)]
)
def test_what_stays_with_the_notes_reaches_over_no_subtitle(kinds, end):
    assert end_of(rows_of(kinds)) == end
