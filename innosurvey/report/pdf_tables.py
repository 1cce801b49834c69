"""Tables as the PDF's layout takes them: lines of words, with the sizes, widths and breaks that are reckoned here.

All distances are in points.
"""

from collections.abc import Sequence
from typing import Any

from innosurvey.report.document import Column, Table, TableRow
from innosurvey.report.widths import (
    TALLEST_WHOLE,
    Room,
    heads_over,
    height_of,
    kept_apart,
    lines_of,
    rooms_of,
    shared_out,
)

MILLIMETRE = 72 / 25.4
SIDE_MARGIN = 20 * MILLIMETRE
TEXT_WIDTH = 210 * MILLIMETRE - 2 * SIDE_MARGIN
SIZES = (8.0, 7.6, 7.2, 6.8, 6.4, 6.0)
USUAL_SIZES = {5: 8.0, 7: 7.2, 9: 6.4}
"""The size of letters in a table of up to so many columns."""
LEAST_SIZE = 5.6
LETTER = 0.55
"""Width of a letter over its size."""
MANY_COLUMNS, CLOSE, WIDE = 7, 2.5, 4.0
"""Columns after which the space at both sides of a cell is close, and the spaces."""
GAP = 6.0
"""Kept free before words that stand to the right of numbers."""
KEPT_WITH_NOTES = 2
"""Rows of a broken table that stay with what is said below it."""


def typeset_table(table: Table) -> dict[str, Any]:
    """Return a table as `layout.typ` reads it."""
    spread = CLOSE if len(table.columns) > MANY_COLUMNS else WIDE
    gaps = [GAP if apart else 0.0 for apart in kept_apart(table.columns)]
    sides = [2 * spread + gap for gap in gaps]
    rooms = rooms_of(table)
    size = size_of(rooms, sides)
    letter = size * LETTER
    breaks = sum(map(height_of, table.rows)) > TALLEST_WHOLE
    return {
        "is": "Table",
        **{name: getattr(table, name) for name in ("id", "number", "title", "notes", "source")},
        "columns": [column_of(column, gap) for column, gap in zip(table.columns, gaps, strict=True)],
        "rows": [{"kind": row.kind, "cells": [lines_of(cell) or [""] for cell in row.cells]} for row in table.rows],
        "spans": heads_over(table.columns),
        "size": size,
        "spread": spread,
        "widths": shared_out(rooms, TEXT_WIDTH / letter, [side / letter for side in sides]),
        "breaks": breaks,
        "end": end_of(table.rows) if breaks else len(table.rows),
    }


def column_of(column: Column, gap: float) -> dict[str, Any]:
    """Return a column's heads, its side and the space before it."""
    return {"title": column.title, "over": column.over, "align": column.align, "gap": gap}


def size_of(rooms: Sequence[Room], sides: Sequence[float]) -> float:
    """Return the size of letters: the more columns, the smaller, unless larger ones leave every line unbroken."""
    usual = next((size for most, size in USUAL_SIZES.items() if len(rooms) <= most), LEAST_SIZE)
    lines = sum(room.longest for room in rooms) * LETTER
    fitting = (size for size in SIZES if size > usual and lines * size + sum(sides) <= TEXT_WIDTH)
    return next(fitting, usual)


def end_of(rows: Sequence[TableRow]) -> int:
    """Return the row from which on a table that breaks stays on one page with its notes: its last rows and those that
    are said below all others, but none above the last subtitle.
    """
    kinds = [row.kind for row in rows]
    last = max((place + 1 for place, kind in enumerate(kinds) if kind != "foot"), default=0)
    subtitle = max((place + 1 for place, kind in enumerate(kinds) if kind == "group"), default=0)
    return max(0, last - KEPT_WITH_NOTES, subtitle)
