"""What is published beside the pages: each table of the document as CSV, and the trace of every number.

A table's CSV says what the page says, mark for mark, so it can't hold more than was cleared: one thing in a cell, as in
the workbook. The unrounded numbers stand in `trace.csv`, one row per number.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from innosurvey.report.document import Document
from innosurvey.report.flat_tables import NONE_MARK, Entry, FlatTable, decimals_of, flat_table
from innosurvey.report.numbers import TraceRow
from innosurvey.report.words import words_in


def write_tables(document: Document) -> dict[str, bytes]:
    """Return the CSV of each table by file name (`<id>.csv`), and `trace.csv`. UTF-8; the same document gives the same
    bytes.
    """
    columns_of = {row.id: row.column for row in document.trace}
    words = words_in(document.language)
    files = {f"{table.id}.csv": as_csv(rows_of(flat_table(table, columns_of, words))) for table in document.tables()}
    names = TraceRow.__struct_fields__
    files["trace.csv"] = as_csv([names, *([getattr(row, name) for name in names] for row in document.trace)])
    return files


def rows_of(table: FlatTable) -> list[list[str]]:
    """Return a table's heads and rows as texts."""
    return [list(table.heads), *([text_of(entry) for entry in row] for row in table.rows)]


def text_of(entry: Entry) -> str:
    """Return a cell as text: a number with the decimals that the report shows, nothing where there is nothing."""
    if isinstance(entry.value, float):
        return f"{entry.value:.{decimals_of(entry)}f}"
    return "" if entry.value == NONE_MARK else entry.value


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV bytes."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
