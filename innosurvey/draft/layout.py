"""How a table of texts is laid out: which delimiter parts it, where its header stands, how its numbers are written."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from innosurvey.errors import DataError
from innosurvey.ingest.header import HEADER_SEARCH_ROWS, clean_name

WIDE = 0.8
"""A header fills this share of the columns at least."""
MANY_NUMBERS = 0.3
"""A row with more numbers than this share of its cells is no header."""
ROWS_LOOKED_AT = 200
NARROWEST = 3
"""A table of fewer columns may end in rows of one cell that are no notes."""
DELIMITERS = (",", ";", "\t", "|")
_NUMBER = re.compile(r"[-+]?[\d.,'\s]*\d[\d.,'\s]*%?")
_YEAR = re.compile(r"(19|20)\d\d")
_DECIMAL_COMMA = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d+),(\d{1,2}|\d{4,})")
_DECIMAL_POINT = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)\.(\d{1,2}|\d{4,})")
_THOUSANDS_POINT = re.compile(r"[-+]?\d{1,3}(\.\d{3})+")
_THOUSANDS_COMMA = re.compile(r"[-+]?\d{1,3}(,\d{3})+")

Rows = Sequence[Sequence[str]]


def best_delimiter(rows_by_delimiter: Mapping[str, Rows]) -> str:
    """Return the delimiter that parts most rows into the same number of cells, more than one."""

    def quality(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in rows_by_delimiter[delimiter] if any(cell.strip() for cell in row))
        widths.pop(1, None)
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        return rows / max(len(rows_by_delimiter[delimiter]), 1), width

    return max(rows_by_delimiter, key=quality)


def header_rows(rows: Rows, where: str) -> tuple[int, ...]:
    """Return the numbers (from 1) of the rows that hold the column names; DataError for a table without names.

    The header is the first row that fills nearly all columns with texts. A row above it that names groups, or one below
    that explains the names, belongs to it.
    """
    looked_at = [[clean_name(cell) for cell in row] for row in rows[:ROWS_LOOKED_AT]]
    width = max((sum(map(bool, row)) for row in looked_at), default=0)
    for place, row in enumerate(looked_at[:HEADER_SEARCH_ROWS]):
        if width and sum(map(bool, row)) >= WIDE * width:
            if _share_of_numbers(row) > MANY_NUMBERS:
                break
            return _with_neighbours(looked_at, place)
    raise DataError(
        f"{where}: no row of column names was found in the first {HEADER_SEARCH_ROWS} rows.\n"
        "Say where it stands with --header-rows, such as --header-rows 5,6; a file without names needs a first row "
        "of them."
    )


def footer_rows(rows: Rows, width: int) -> int:
    """Return how many rows of notes stand below a table of `width` columns: each one text in a row of its own."""
    count = 0
    for row in reversed([[cell.strip() for cell in row if cell.strip()] for row in rows]):
        if row and (width < NARROWEST or len(row) > 1 or _NUMBER.fullmatch(row[0])):
            break
        count += bool(row)
    return count


def _with_neighbours(rows: Rows, place: int) -> tuple[int, ...]:
    """Return the header's row with the row of groups above or the row of labels below, if there is one."""
    above = rows[place - 1] if place else []
    if len([cell for cell in above if cell]) > 1 and above[0] and _share_of_numbers(above) <= MANY_NUMBERS:
        return place, place + 1
    below, data = rows[place + 1 : place + 2], rows[place + 2 :]
    if below and data and _share_of_numbers(below[0]) <= MANY_NUMBERS and _explains(below[0], data):
        return place + 1, place + 2
    return (place + 1,)


def _explains(row: Sequence[str], data: Rows) -> bool:
    """Tell whether a row has texts above columns of numbers: it holds labels, not answers."""
    numeric = [
        column
        for column in range(len(row))
        if _share_of_numbers([line[column] for line in data if column < len(line)]) > 1 - MANY_NUMBERS
    ]
    return bool(numeric) and all(row[column] and not _NUMBER.fullmatch(row[column]) for column in numeric)


def _share_of_numbers(cells: Sequence[str]) -> float:
    filled = [cell for cell in cells if cell]
    numbers = [cell for cell in filled if _NUMBER.fullmatch(cell) and not _YEAR.fullmatch(cell)]
    return len(numbers) / len(filled) if filled else 0.0


def decimal_and_thousands(cells: Sequence[str]) -> tuple[str, str]:
    """Return the decimal sign and the thousands separator that the numbers among the texts are written with."""
    comma = sum(bool(_DECIMAL_COMMA.fullmatch(cell)) for cell in cells)
    point = sum(bool(_DECIMAL_POINT.fullmatch(cell)) for cell in cells)
    grouped_by_point = sum(bool(_THOUSANDS_POINT.fullmatch(cell)) for cell in cells)
    grouped_by_comma = sum(bool(_THOUSANDS_COMMA.fullmatch(cell)) for cell in cells)
    if comma > point or (comma == point and grouped_by_point > grouped_by_comma):
        return ",", "."
    return ".", ","
