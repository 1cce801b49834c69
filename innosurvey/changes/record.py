"""What changed since a release, as tables that a report can tell from: kept in `resources/changes/<study>/`.

Numbers are those of the page, rounded: what a cause adds is taken between rounded numbers, so that the parts add up.
A record belongs to the results that it ends at. Where the present ones are others it is not told (`told_of`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from innosurvey import tables
from innosurvey.baseline.tidy import tidy_statistics
from innosurvey.changes.page import Changes
from innosurvey.changes.recorded import RECORDED
from innosurvey.changes.split import Number, Split, headline_of
from innosurvey.changes.units import Units


def record_of(found: Changes, present: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the record: a row per cause, per headline number or verdict and cause, and per source that changed.

    `present` are the statistics that the changes end at.
    """
    release, split, results = found.release.name, found.split, checksum_of(present)
    causes = [
        (release, step, link.name, *_weight(split, step), results) for step, link in enumerate(split.links, start=1)
    ]
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
    """Return the record; tables without a row where there is none, or it does not end at the present estimates."""
    nothing = {name: tables.empty(name) for name in RECORDED}
    if not record:
        return nothing
    present = checksum_of(tidy_statistics(estimates, contracts, minimum_n))
    if set(record["causes"]["results"]) == {present}:
        return dict(record)
    return nothing


def checksum_of(statistics: pd.DataFrame) -> str:
    """Return a checksum of all headline numbers and verdicts, to six digits: what another processor makes of the last
    ones is no other result.
    """
    values = headline_of(statistics).dropna().sort_index(kind="stable")
    said = [
        f"{'|'.join(map(str, identity))}={value if identity[0] == 'claims' else format(float(value), '.6g')}"
        for identity, value in zip(values.index, values, strict=True)
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


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
