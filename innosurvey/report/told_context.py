"""What sentences tell of printed tables: how a series moved, ratios over all periods, what the text beside them gets
wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import Number
from innosurvey.report.printed import DERIVED, TO


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A printed series at two places, and which way it went: `rose`, `fell` or `stayed`."""

    first: Number
    last: Number
    way: str


def vocabulary(draft: Draft) -> dict[str, Callable[..., Any]]:
    """Return what the chapter's templates call beside its tables."""
    return {
        "places": lambda table, series: places(draft, table, series),
        "printed_number": lambda table, series, at: printed_number(draft, table, series, at),
        "move": lambda table, series, first, last: move(draft, table, series, first, last),
        "off": lambda check: off(draft, check),
        "over_all_periods": lambda **key: over_all_periods(draft, **key),
        "worked_out": lambda table, series: worked_out(draft, table, series),
    }


def places(draft: Draft, table: str, series: str) -> list[str]:
    """Return the places (years, mostly) at which a series is printed, in their order."""
    return [row["at"] for row in draft.lookup.rows("series", table=table, series=series)]


def printed_number(draft: Draft, table: str, series: str, at: str) -> Number:
    """Return a number as printed; a `StudyError` where none is."""
    return draft.lookup.value("series", "value", table=table, series=series, at=at)


def move(draft: Draft, table: str, series: str, first: str, last: str) -> Move:
    """Return how a series moved from one place to another."""
    early, late = (printed_number(draft, table, series, at) for at in (first, last))
    return Move(first=early, last=late, way="rose" if late > early else "fell" if late < early else "stayed")


def off(draft: Draft, check: str) -> list[Row]:
    """Return the row of a check of the printed numbers that nothing explains; none where it comes out."""
    return draft.lookup.rows("arithmetic", check=check, adds_up="no")


def over_all_periods(draft: Draft, **key: str) -> dict[str, Row]:
    """Return the ratios that match the key over all their periods, by name."""
    return {row["ratio"]: row for row in draft.lookup.rows("ratios", **key) if TO in row["at"]}


def worked_out(draft: Draft, table: str, series: str) -> dict[str, Row]:
    """Return what the rest of a table gives for a series, by place."""
    return {row["at"]: row for row in draft.lookup.rows("series", table=f"{DERIVED}{table}", series=series)}
