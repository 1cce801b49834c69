"""A wrongly printed row of shares, worked out from the rest of its table.

The table prints shares of classes by period with the number that they are shares of, and for each class the count over
all periods. Six steps, none of which uses anything but what is printed:

1. A period whose shares are whole counts out of its printed number is sound; that gives its counts (`counts`).
2. If two periods are left, one of them, `shares`, has shares that are whole counts out of another number, and the
   other, `lost`, has shares that add up to no whole.
3. Each number out of which the shares of `shares` are whole counts is tried, up to what the totals leave.
4. Class totals less the counts of all other periods give the counts of `lost`.
5. They must be none below zero, and print as those shares of `lost` that do not merely repeat a neighbouring period's.
6. If one set of counts alone passes, both rows are derived; if none or several do, nothing is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import isclose

import pandas as pd

from innosurvey.reference.counts import counts_behind, counts_printed_as
from innosurvey.reference.printed import COLUMNS
from innosurvey.reference.spec import DERIVED, DerivedSpec, TableSpec

WHOLE = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """A printed row: percentages by class, and the number that they are said to be shares of."""

    period: str
    percent: tuple[float, ...]
    n: int
    rounding: float

    @property
    def counts(self) -> tuple[int, ...] | None:
        """The whole counts that the row stands for; None where it can stand for none, or for several."""
        found = list(islice(counts_behind(self.percent, self.n, self.rounding), 2))
        return found[0] if len(found) == 1 else None


def derive_rows(rows: Sequence[Shares], totals: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Return the counts by class of the two periods that are printed wrongly; nothing where they cannot be told."""
    unsound = [row for row in rows if row.counts is None]
    if len(unsound) != 2:
        return {}
    known = [row.counts for row in rows if row.counts is not None]
    left = [total - sum(counts) for total, counts in zip(totals, zip(*known, strict=True), strict=True)]
    found = [
        {shares.period: counts, lost.period: rest}
        for shares, lost in (unsound, unsound[::-1])
        for n in range(1, sum(left) + 1)
        for counts in counts_behind(shares.percent, n, shares.rounding)
        for rest in [tuple(whole - count for whole, count in zip(left, counts, strict=True))]
        if _prints_as(rest, lost, _own_classes(lost, rows))
    ]
    return {row.period: found[0][row.period] for row in unsound} if len(found) == 1 else {}


def _own_classes(lost: Shares, rows: Sequence[Shares]) -> list[int]:
    """Return the classes in which a row differs from the rows beside it: those that it cannot have repeated."""
    place = [row.period for row in rows].index(lost.period)
    beside = [rows[other] for other in (place - 1, place + 1) if 0 <= other < len(rows)]
    return [
        number
        for number, share in enumerate(lost.percent)
        if not any(isclose(share, row.percent[number]) for row in beside)
    ]


def _prints_as(counts: Sequence[int], row: Shares, classes: Sequence[int]) -> bool:
    n = sum(counts)
    if not classes or min(counts) < 0 or n == 0:
        return False
    return all(counts[number] in counts_printed_as(row.percent[number], n, row.rounding) for number in classes)


def derived_table(spec: TableSpec, asked: DerivedSpec, series: pd.DataFrame) -> pd.DataFrame:
    """Return the derived rows of a table in the form of its printed ones: number and unrounded shares by class."""
    own = series[series["table"] == spec.id]
    values = {(row["series"], row["at"]): float(row["value"]) for row in own.to_dict("records")}
    rounding = {(row["series"], row["at"]): float(row["rounding"]) for row in own.to_dict("records")}
    classes = [name for name in spec.series if name != asked.counts]
    if not all((name, at) in values for name in spec.series for at in (*asked.periods, asked.totals)):
        return pd.DataFrame(columns=list(COLUMNS))
    rows = [
        Shares(
            period=at,
            percent=tuple(values[name, at] for name in classes),
            n=round(values[asked.counts, at]),
            rounding=max(rounding[name, at] for name in classes),
        )
        for at in asked.periods
    ]
    found = derive_rows(rows, [round(values[name, asked.totals]) for name in classes])
    made = [
        _derived_row(spec, name, at, value)
        for at, counts in found.items()
        for name, value in _as_printed(dict(zip(classes, counts, strict=True)), asked.counts).items()
    ]
    order = {name: place for place, name in enumerate(spec.series)}
    made.sort(key=lambda row: order[str(row["series"])])
    return pd.DataFrame(made, columns=list(COLUMNS))


def _as_printed(counts: Mapping[str, int], of: str) -> dict[str, float]:
    n = sum(counts.values())
    return {**{name: WHOLE * count / n for name, count in counts.items()}, of: float(n)}


def _derived_row(spec: TableSpec, series: str, at: str, value: float) -> dict[str, object]:
    unit = spec.unit_of(series, at)
    return {
        "table": f"{DERIVED}{spec.id}",
        "source": spec.source,
        "number": spec.number,
        "series": series,
        "at": at,
        "value": value,
        "unit": unit,
        "decimals": 1 if unit == "percent" else 0,
        "rounding": 0.0,
        "origin": "derived",
        "doubt": "",
    }
