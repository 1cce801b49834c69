"""Where the header of a table of texts stands, and the names of its columns."""

from collections.abc import Sequence

from innosurvey.codebook import name_on_one_line

HEADER_SEARCH_ROWS = 40
HEADER_JOIN = " / "


def find_header(
    rows: Sequence[Sequence[str]], declared: tuple[int, ...] | None, expected: Sequence[str]
) -> tuple[int, list[str]]:
    """Return the number of rows up to and including the header, and the column names.

    A declared header is taken as it is. Else the row, or pair of rows, that holds most of the expected names is the
    header: titles and notes above it are passed over.
    """
    if declared is not None:
        return max(declared), _header_names([rows[number - 1] for number in declared if number <= len(rows)])
    best, best_hits, best_names = 1, -1, _header_names(rows[:1])
    wanted = set(expected)
    for start in range(min(HEADER_SEARCH_ROWS, len(rows))):
        for height in (1, 2):
            names = _header_names(rows[start : start + height])
            hits = len(wanted.intersection(names))
            if hits > best_hits:
                best, best_hits, best_names = start + height, hits, names
    return best, best_names


def _header_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of a header of one row or more; in all but the last a blank repeats the name to its left."""
    if not rows:
        return []
    width = max(len(row) for row in rows)
    padded = [[clean_name(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    for row in padded[:-1]:
        for place in range(1, width):
            row[place] = row[place] or row[place - 1]
    return [HEADER_JOIN.join(part for part in parts if part) for parts in zip(*padded, strict=True)]


def clean_name(cell: object) -> str:
    """Return a column name as one line without spaces at its ends; an empty text for an empty cell."""
    return name_on_one_line(cell) if cell is not None else ""
