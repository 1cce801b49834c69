"""How much room a table asks for, in letters: what every renderer that sets columns itself begins with.

Each column has room for its longest word; what is left over goes to longer lines, within limits.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from innosurvey.report.document import Cell, Column, Table, TableRow

WIDE_LETTER = 1.8
"""A Korean syllable in Latin letters."""
BOLD = 1.1
LEAST, MOST_IN_A_WORD = 4.0, 30.0
LONGEST_NUMBERS, LONGEST_LABEL, LONGEST_TEXT = 42.0, 46.0, 70.0
LONGEST_HEAD = 16.0
TALLEST_WHOLE = 36.0
"""Lines of a table that is kept on one page; a taller one may break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The letters that a column must have, and those that it could fill."""

    least: float
    longest: float


def letters_of(text: str) -> float:
    """Return how wide a text is, in Latin letters."""
    if text.isascii():
        return float(len(text))
    return sum(WIDE_LETTER if unicodedata.east_asian_width(letter) in "WF" else 1.0 for letter in text)


def lines_of(cell: Cell) -> list[str]:
    """Return the lines of a cell as texts."""
    return ["".join(run.text for run in runs) for _, runs in groupby(cell.runs, key=lambda run: run.line)]


def heads_over(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """Return the heads above the heads, each with the number of neighbouring columns that share it."""
    return [(over, len(list(shared))) for over, shared in groupby(columns, key=lambda column: column.over)]


def kept_apart(columns: Sequence[Column]) -> list[bool]:
    """Return of each column whether it is words to the right of numbers, which would run into one another."""
    numbers = [column.align != "left" for column in columns]
    return [before and not own for before, own in zip([False, *numbers[:-1]], numbers, strict=True)]


def rooms_of(table: Table, bold: float = BOLD) -> list[Room]:
    """Return the room that each column asks for; a letter of a head is `bold` times as wide as another."""
    return [_room_of(table, place, bold) for place in range(len(table.columns))]


def shared_out(rooms: Sequence[Room], width: float, sides: Sequence[float]) -> list[float]:
    """Return the widths of columns, in letters, that fill `width`; `sides` is the space that each has beside its words.
    Columns that ask for little more than their longest word get it first, so that few break their lines; where one is
    prose, that has the most of what is left.
    """
    widths = [room.least + side for room, side in zip(rooms, sides, strict=True)]
    free = max(0.0, width - sum(widths))
    more = [room.longest - room.least for room in rooms]
    parts = [part + 1 for part in more]
    if max(room.longest for room in rooms) < LONGEST_TEXT:
        parts = [room.longest**2 for room in rooms]
        for done, place in enumerate(sorted(range(len(rooms)), key=more.__getitem__)):
            given = min(more[place], free / (len(rooms) - done))
            widths[place] += given
            free -= given
    return [each + free * part / sum(parts) for each, part in zip(widths, parts, strict=True)]


def height_of(row: TableRow) -> float:
    """Return how tall a row is about, in lines of a table; long cells wrap."""
    lines = [lines_of(cell) for cell in row.cells]
    tall = [0.3 + 0.7 * len(texts) + max(map(letters_of, texts), default=0) // 60 for texts in lines]
    return max(tall, default=1.0) + 0.35


def _room_of(table: Table, place: int, bold: float) -> Room:
    column = table.columns[place]
    cells = [row.cells[place] for row in table.rows if row.kind != "group" and place < len(row.cells)]
    lines = [line for cell in cells for line in lines_of(cell)]
    alone = sum(other.over == column.over for other in table.columns) == 1
    head = [letters_of(word) * bold for word in f"{column.title} {column.over if alone else ''}".split()]
    words = [letters_of(word) for line in lines for word in line.split(" ")]
    least = min(MOST_IN_A_WORD, max([LEAST, *words, *head]))
    wanted = max([*map(letters_of, lines), _head_length(column, alone)])
    most = LONGEST_NUMBERS if column.align != "left" else LONGEST_LABEL if place == 0 else LONGEST_TEXT
    return Room(least=least, longest=min(max(wanted, least), max(most, least)))


def _head_length(column: Column, alone: bool) -> float:
    """Return the letters that a head asks for: it may break into two lines, or more."""
    half = max(letters_of(column.title), letters_of(column.over) if alone else 0) / 2
    return half if column.align == "left" else min(LONGEST_HEAD, half)
