"""A number of the report and where it comes from: no number reaches a page without a row in the trace.

`Number` is one cell of one table: it can be compared, but only a format turns it into text, and that is when its trace
row is written. Free of pandas, so that the renderers, which read finished documents, start without it.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from innosurvey.errors import StudyError
from innosurvey.report.part import Part

SUPPRESSED_MARK = "[c]"
MISSING_MARK = "[x]"


class TraceRow(Part, frozen=True, kw_only=True):
    """Where one printed number comes from. `value` is the unrounded number as text, empty when it is suppressed;
    `observations` how many answers stand behind it, empty where that is not known or not shown.
    """

    id: str
    value: str
    text: str
    table: str
    column: str
    key: str
    file: str
    rule: str
    observations: str = ""


@functools.total_ordering
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Number:
    """One cell of one table: comparable, formattable, and never printed as it is."""

    raw: float | None
    table: str
    column: str
    key: str
    suppressed: bool = False
    observations: str = ""

    @property
    def available(self) -> bool:
        """True when there is a number that may be shown."""
        return self.raw is not None

    def __float__(self) -> float:
        if self.raw is None:
            why = "is suppressed: too few firms" if self.suppressed else "is missing"
            raise StudyError(
                f"{self.table}.{self.column} {why} ({self.key}).\nAsk `is available` before a sentence uses it."
            )
        return self.raw

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Number, int, float)) and float(self) == float(other)

    def __lt__(self, other: Any) -> bool:
        return float(self) < float(other)

    __hash__ = None  # type: ignore[assignment]  # a mutable-like value that compares as a float must not be a key

    def __str__(self) -> str:
        raise StudyError(
            f"{self.table}.{self.column} ({self.key}) is printed without a format.\n"
            "Write `| share`, `| count`, `| estimate` …"
        )

    __html__ = __str__


@dataclass(slots=True)
class Trace:
    """The trace of one document, in the order in which numbers were first written."""

    sources: Mapping[str, Mapping[str, str]]
    rows: dict[tuple[str, str, str, str], TraceRow] = field(default_factory=dict)

    def record(self, number: Number, text: str) -> str:
        """Return the id of the trace row of a printed number; the same cell in the same words has one row."""
        place = (number.table, number.column, number.key, text)
        if place not in self.rows:
            source = self.sources.get(number.table, {})
            value = "" if number.raw is None else f"{number.raw:.10g}"
            self.rows[place] = TraceRow(
                id=f"t{len(self.rows) + 1}",
                value=value,
                text=text,
                table=number.table,
                column=number.column,
                key=number.key,
                file=source.get("file", f"{number.table}.csv"),
                rule=source.get("rule", ""),
                observations=number.observations,
            )
        return self.rows[place].id
