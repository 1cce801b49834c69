"""The traced lookup: every number of a report is one cell of one table, and leaves a trace row that says which.

`Lookup.value` demands exactly one row. What it returns is a `Number`: it can be compared, but only a format turns it
into text, and that is when its trace row is written (`numbers`). Tables that come in raw are cleared here, so that
nobody who writes a section can reach a number that too few firms stand behind.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from innosurvey.errors import StudyError, bullets, did_you_mean
from innosurvey.report.clearances import CLEARANCES
from innosurvey.report.disclosure import SUPPRESSED, clear_tables
from innosurvey.report.formats import Style, written
from innosurvey.report.numbers import SUPPRESSED_MARK, Number, Trace


class Row:
    """One row of a table: text by name, numbers as `Number`."""

    __slots__ = ("_columns", "_key", "_observations", "_place", "_table")

    def __init__(self, table: str, columns: Mapping[str, list[Any]], place: int) -> None:
        self._table, self._columns, self._place = table, columns, place
        self._key = ""  # as the next: asked for with every number of the row
        self._observations: str | None = None

    def __getitem__(self, column: str) -> Any:
        if column not in self._columns:
            known = [name for name in self._columns if name != SUPPRESSED]
            raise StudyError(
                f"Table {self._table} has no column {column}.{did_you_mean(column, known)}\nIt has: {', '.join(known)}."
            )
        cell = self._columns[column][self._place]
        rule = CLEARANCES[self._table]
        if column in rule.numbers or (column in rule.open_numbers and is_number(cell)):
            hidden = self.suppressed and column in rule.numbers
            raw = None if hidden or is_empty(cell) else float(cell)
            return Number(
                raw=raw,
                table=self._table,
                column=column,
                key=self.key,
                suppressed=hidden,
                observations="" if self.suppressed else self.observations,
            )
        return plain_text_of(cell)

    def __contains__(self, column: object) -> bool:
        return column in self._columns

    @property
    def suppressed(self) -> bool:
        """True when the row's numbers are hidden."""
        return bool(self._columns[SUPPRESSED][self._place])

    @property
    def key(self) -> str:
        """The names and texts of the row's key columns, as far as they are filled."""
        if not self._key:
            names = [name for name in CLEARANCES[self._table].key if name in self._columns]
            texts = ((name, self._columns[name][self._place]) for name in names)
            self._key = ", ".join(f"{name} {text}" for name, text in texts if text != "")
        return self._key

    @property
    def observations(self) -> str:
        """How many answers stand behind the row's numbers, as text: its n, or those of both its groups."""
        if self._observations is None:
            names = ("n",) if "n" in self._columns else ("n_group", "n_reference")
            counts = [self._columns[name][self._place] for name in names if name in self._columns]
            known = counts and all(is_number(n) and n == n for n in counts)
            self._observations = f"{sum(map(float, counts)):.0f}" if known else ""
        return self._observations


class Lookup:
    """The cleared tables of a study and the trace of what was taken from them."""

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], sources: Mapping[str, Mapping[str, str]], minimum_n: int
    ) -> None:
        cleared = clear_tables(tables, minimum_n)
        self._cells = {name: {str(it): cells_of(table[it]) for it in table} for name, table in cleared.items()}
        self._tables = {
            name: [Row(name, self._cells[name], place) for place in range(len(table))]
            for name, table in cleared.items()
        }
        self._columns = {name: list(table.columns) for name, table in tables.items()}
        self._index: dict[tuple[str, str], dict[str, set[int]]] = {}
        self.trace = Trace(sources)

    def value(self, table: str, column: str, /, **key: Any) -> Number:
        """Return the one cell that the key names; a `StudyError` says what there is when the rows are none or
        several."""
        found = self.rows(table, **key)
        if len(found) != 1:
            raise StudyError(self._not_one_row(table, column, key, found))
        cell = found[0][column]
        if not isinstance(cell, Number):
            raise StudyError(f"{table}.{column} is text, not a number.\nUse `rows` for text.")
        return cell

    def rows(self, table: str, /, **key: Any) -> list[Row]:
        """Return the rows that match the key (text equality; a list or tuple means any of them), in the table's order;
        none if the table is absent."""
        if table not in CLEARANCES:
            raise StudyError(
                f"The report has no table {table}.{did_you_mean(table, CLEARANCES)}\n"
                f"It has: {', '.join(sorted(CLEARANCES))}."
            )
        wanted = {
            name: frozenset(map(str, value)) if isinstance(value, (list, tuple)) else frozenset((str(value),))
            for name, value in key.items()
        }
        rows = self._tables.get(table, [])
        if rows:
            self._fail_if_columns_are_unknown(table, wanted)
        return [rows[position] for position in self._positions(table, wanted)]

    def _positions(self, table: str, wanted: Mapping[str, frozenset[str]]) -> list[int]:
        """Return the positions of the matching rows."""
        rows = self._tables.get(table, [])
        if not (rows and wanted):
            return list(range(len(rows)))
        fitting = []
        for name, texts in wanted.items():
            places = self._places(table, name)
            found = [places[text] for text in texts if text in places]
            fitting.append(found[0] if len(found) == 1 else set().union(*found))
        return sorted(set.intersection(*sorted(fitting, key=len)))

    def _places(self, table: str, column: str) -> dict[str, set[int]]:
        """Return which rows have each text of a column; made when it is first asked for."""
        index = self._index.get((table, column))
        if index is None:
            index = self._index[table, column] = defaultdict(set)
            for position, text in enumerate(self._texts(table, column)):
                index[text].add(position)
        return index

    def _texts(self, table: str, column: str) -> Iterator[str]:
        """Yield each cell of a column as the text that a key is compared with."""
        rule = CLEARANCES[table]
        if column in rule.numbers or column in rule.open_numbers:
            return (text_of(row, column) for row in self._tables[table])
        return map(plain_text_of, self._cells[table][column])

    def write(self, number: Number, kind: str, style: Style, decimals: int | None = None) -> tuple[str, str]:
        """Return the text of a number and the id of its trace row; a suppressed number is its mark, a missing one
        raises."""
        text = SUPPRESSED_MARK if number.suppressed else written(kind, float(number), style, decimals)
        return text, self.trace.record(number, text)

    def _fail_if_columns_are_unknown(self, table: str, wanted: Mapping[str, Any]) -> None:
        known = self._columns[table]
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise StudyError(
                f"Table {table} has no column {unknown[0]}.{did_you_mean(unknown[0], known)}\n"
                f"It has: {', '.join(known)}."
            )

    def _not_one_row(self, table: str, column: str, key: Mapping[str, Any], found: list[Row]) -> str:
        asked = ", ".join(f"{name}={value}" for name, value in key.items())
        head = f"value({table}, {column}, {asked}) must find exactly one row; it found {len(found)}."
        if len(found) > 1:
            return f"{head}\nThey are:\n{bullets([row.key for row in found], limit=5)}\nName more of the key."
        return f"{head}\n{self._available_for(table, key)}\nCorrect the key, or ask `has(…)` first."

    def _available_for(self, table: str, key: Mapping[str, Any]) -> str:
        """Return, for the first part of the key that nothing matches, what the table has there."""
        left = self._tables.get(table, [])
        for name, value in key.items():
            known = sorted({text_of(row, name) for row in left})
            left = [row for row in left if text_of(row, name) == str(value)]
            if not left:
                return (
                    f"Table {table} has {name}: {', '.join(known[:20]) or 'no rows'}.{did_you_mean(str(value), known)}"
                )
        return f"Table {table} has no such row."


def cells_of(column: pd.Series) -> list[Any]:
    """Return the cells of a column as Python's own; one without a value, whatever pandas has in its place, is None
    where the column's type says so, else NaN, which counts as a number.
    """
    return [None if cell is pd.NA or cell is pd.NaT else cell for cell in column.tolist()]


def plain_text_of(cell: Any) -> str:
    """Return a cell that holds no number of the report as text; nothing where it is empty."""
    return cell if isinstance(cell, str) else "" if is_empty(cell) else str(cell)


def is_empty(cell: Any) -> bool:
    """True for a cell without a value; NaN alone is not equal to itself."""
    return cell is None or cell != cell


def text_of(row: Row, column: str) -> str:
    """Return a cell as the text that a key is compared with."""
    cell = row[column]
    return (
        ""
        if isinstance(cell, Number) and not cell.available
        else f"{float(cell):g}"
        if isinstance(cell, Number)
        else str(cell)
    )


def is_number(cell: Any) -> bool:
    """True for a number, not for text."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)
