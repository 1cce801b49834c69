"""What is published beside the pages: each table of the document as CSV, and the trace of every number.

A table's CSV says what the page says, mark for mark, so it can't hold more than was cleared; the unrounded numbers
stand in `trace.csv`, one row per number.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import fields

from innosurvey.report.document import Cell, Document, Table
from innosurvey.report.formats import MINUS
from innosurvey.report.lookup import TraceRow


def write_tables(document: Document) -> dict[str, bytes]:
    """Return the CSV of each table by file name (`<id>.csv`), and `trace.csv`. UTF-8; the same document gives the same
    bytes.
    """
    files = {f"{table.id}.csv": as_csv(rows_of(table)) for table in document.tables()}
    names = [field.name for field in fields(TraceRow)]
    files["trace.csv"] = as_csv([names, *([getattr(row, name) for name in names] for row in document.trace)])
    return files


def rows_of(table: Table) -> list[list[str]]:
    """Return a table's head and rows as texts, each as wide as the head."""
    head = [f"{column.over}: {column.title}" if column.over else column.title for column in table.columns]
    rows = [[text_of(cell) for cell in row.cells] for row in table.rows]
    return [head, *(row + [""] * (len(head) - len(row)) for row in rows)]


def text_of(cell: Cell) -> str:
    """Return a cell as one line, with the minus that other programs read."""
    lines = sorted({run.line for run in cell.runs})
    return " ".join("".join(run.text for run in cell.runs if run.line == line) for line in lines).replace(MINUS, "-")


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV bytes."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
