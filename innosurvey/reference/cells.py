"""Finding printed numbers by address: `kim_2.businesses@1998`, a range as `kim_3.budget@2000..2005`, several parted by
blanks.

A range runs over the order in which series or places are declared; ranges of both run series by series.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from innosurvey.errors import DataError, did_you_mean
from innosurvey.reference.spans import Span
from innosurvey.reference.spec import DERIVED, TableSpec

TO = ".."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number with its address."""

    table: str
    series: str
    at: str
    span: Span
    decimals: int

    @property
    def address(self) -> str:
        """Return the cell's address."""
        return f"{self.table}.{self.series}@{self.at}"


class Cells:
    """The numbers of all tables by their addresses."""

    def __init__(self, series: pd.DataFrame, tables: Mapping[str, TableSpec]) -> None:
        self._cells: dict[tuple[str, str, str], Cell] = {}
        self._order = {name: tables[name.removeprefix(DERIVED)] for name in series["table"].unique()}
        for row in series.to_dict("records"):
            span = Span.of(float(row["value"]), float(row["rounding"]))
            place = {part: row[part] for part in ("table", "series", "at")}
            cell = Cell(**place, span=span, decimals=int(row["decimals"]))
            self._cells[cell.table, cell.series, cell.at] = cell

    def __contains__(self, table: object) -> bool:
        return table in self._order

    def find(self, addresses: str, where: str) -> tuple[Cell, ...]:
        """Return the cells of the addresses in their order; DataError for one that is not there."""
        return tuple(cell for address in addresses.split() for cell in self._range(address, where))

    def _range(self, address: str, where: str) -> list[Cell]:
        table, series, at = parts_of(address, where)
        if table not in self._order:
            raise DataError(f"{where}: there is no table {table}.{did_you_mean(table, self._order)}")
        spec = self._order[table]
        chosen = [
            (name, place)
            for name in _between(series, list(spec.series), f"{where}: {table} has no series")
            for place in _between(at, list(spec.at), f"{where}: {table} has no place")
        ]
        blank = [f"{name}@{place}" for name, place in chosen if (table, name, place) not in self._cells]
        if blank:
            raise DataError(f"{where}: nothing is printed in {table}.{blank[0]}.\nName cells that hold a number.")
        return [self._cells[table, name, place] for name, place in chosen]


def parts_of(address: str, where: str) -> tuple[str, str, str]:
    """Return table, series and place of an address; DataError for what is none."""
    table, dot, rest = address.partition(".")
    series, sign, at = rest.partition("@")
    if not (table and dot and series and sign and at):
        raise DataError(f"{where}: {address!r} is no address of a cell.\nWrite <table>.<series>@<place>.")
    return table, series, at


def _between(asked: str, known: list[str], what: str) -> list[str]:
    ends = asked.split(TO)
    for end in ends:
        if end not in known:
            raise DataError(f"{what} {end}.{did_you_mean(end, known)}\nIt has: {', '.join(known)}.")
    return known[known.index(ends[0]) : known.index(ends[-1]) + 1]
