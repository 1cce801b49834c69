"""What changed since a release, as tables that a report can tell from: kept in `resources/changes/<study>/`.

Numbers are those of the page, rounded: what a cause adds is taken between rounded numbers, so that the parts add up.
A record belongs to the results that it ends at. Where the present ones are others it is not told (`told_of`).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from innosurvey import tables
from innosurvey.baseline.tidy import tidy_statistics
from innosurvey.changes.page import Changes
from innosurvey.changes.recorded import RECORDED
from innosurvey.changes.split import Number, Split, headline_of, place_of
from innosurvey.changes.units import Units


def record_of(found: Changes) -> dict[str, pd.DataFrame]:
    """Return the record: a row per cause, per headline number or verdict and cause, and per source that changed."""
    release, split = found.release.name, found.split
    causes = [(release, step, link.name, *_weight(split, step)) for step, link in enumerate(split.links, start=1)]
    numbers = [row for number in split.moved for row in _rows_of(number.rounded(), split)]
    turned = {turn.claim for turn in split.turns}
    verdicts = [
        ("claims", verdict.claim, step, link.name, None, None, None, None, before, after)
        for verdict in split.verdicts
        if verdict.claim in turned
        for step, (link, before, after) in enumerate(
            zip(split.links, verdict.values, verdict.values[1:], strict=False), start=1
        )
    ]
    sources = [(release, source, *_counts(units, found.least)) for source, units in found.sources.items()]
    rows = {
        "causes": causes,
        "changed_numbers": [(release, *row) for row in (*verdicts, *numbers)],
        "revisions": sources,
    }
    return {name: _typed(name, rows[name]) for name in RECORDED}


def told_of(
    record: Mapping[str, pd.DataFrame],
    estimates: Mapping[str, pd.DataFrame],
    contracts: Mapping[str, Any],
    minimum_n: int,
) -> dict[str, pd.DataFrame]:
    """Return the record; tables without a row where there is none, or one that does not end at the present estimates."""
    nothing = {name: tables.empty(name) for name in RECORDED}
    if not record:
        return nothing
    present = headline_of(tidy_statistics(estimates, contracts, minimum_n)).dropna()
    known = {
        (str(table), place_of(str(table), str(key))): str(value)
        for (table, key, _), value in zip(present.index, present, strict=True)
    }
    if all(_is_last(row, known) for row in _last_rows(record["changed_numbers"])):
        return dict(record)
    return nothing


def _last_rows(changes: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the last cause: the values that a record ends at."""
    return changes[changes["step"] == changes["step"].max()].to_dict("records")


def _is_last(row: Mapping[str, Any], known: Mapping[tuple[str, str], str]) -> bool:
    """Return whether a number or verdict is the present one."""
    value = known.get((row["kind"], row["number"]))
    if value is None:
        return False
    if row["kind"] == "claims":
        return bool(value == row["verdict_after"])
    return abs(float(value) - row["after"]) <= 0.5 * 10.0 ** -row["decimals"] * (1 + tables.ROUNDING)


def _weight(split: Split, step: int) -> tuple[int, int, int]:
    """Return how many numbers a cause moved, in how many it made the largest part, and how many verdicts it turned."""
    link = split.links[step - 1]
    moved = sum(bool(number.parts[step - 1]) for number in split.moved)
    return moved, split.largest_in(link), sum(turn.link == link for turn in split.turns)


def _rows_of(number: Number, split: Split) -> list[tuple[Any, ...]]:
    """Return a row per cause of a number."""
    decimals = max(-int(value.as_tuple().exponent) for value in number.values)
    steps = zip(split.links, number.values, number.parts, number.values[1:], strict=False)
    return [
        (number.table, number.place, step, link.name, *map(_float, (before, part, after)), decimals, None, None)
        for step, (link, before, part, after) in enumerate(steps, start=1)
    ]


def _float(value: Decimal) -> float:
    return float(value)


def _counts(units: Units, least: int) -> Sequence[int | None]:
    """Return the counts of a source; none where it is small, nor how many stayed where a small one would follow."""
    moved = (units.entries, units.exits)
    stayed = None if any(0 < count < least for count in moved) else units.both
    return [None if count is not None and 0 < count < least else count for count in (*moved, units.amended, stayed)]


def _typed(name: str, rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Return rows as the table of a contract."""
    empty = tables.empty(name)
    return pd.DataFrame(list(rows), columns=empty.columns).astype(empty.dtypes.to_dict())
