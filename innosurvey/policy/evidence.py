"""The estimates that a cell of the frame is filled from, pooled over the waves.

A number that rests on fewer firms than may be published is not taken over, so that neither the cell nor what it calls
for can tell of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import nan

import pandas as pd

from innosurvey.policy.action import Estimate
from innosurvey.policy.spec import SUCCESS, PolicySpec

POOLED, SHARE = "all", "share"
DESCRIBED = ("cohort", "group", "wave", "item", "statistic")
COMPARED = ("cohort", "group", "reference", "wave", "item", "statistic")
COUNTS = ("n", "n_group", "n_reference")
ABSENT = "there is no such estimate"
Rows = Mapping[tuple[str, str], Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rows that speak to the frame: shares by stage and item, and how far firms that succeeded and firms that
    failed differ, by the group compared and item. Fewer than `minimum_n` firms behind a row make it unknown; `absent`
    says why the survey cannot have a part of the frame, by the part's id.
    """

    shares: Rows
    differences: Rows
    succeeded: str
    failed: str
    minimum_n: int
    absent: Mapping[str, str]

    def share(self, group: str, item: str, part: str) -> Estimate:
        """Return the share of a stage's firms that an item tells of, for a part of the frame."""
        row = self.shares.get((group, item))
        return _estimate("describe", row, DESCRIBED, "estimate", self.minimum_n) if row else self._missing(part)

    def association(self, item: str, part: str) -> Estimate:
        """Return by how many points more firms that succeeded than firms that failed used an instrument.

        The comparison may have set either against the other: its sign is turned where it has to be.
        """
        row = self.differences.get((self.succeeded, item))
        if row:
            return _estimate("compare", row, COMPARED, "difference", self.minimum_n)
        row = self.differences.get((self.failed, item))
        if row:
            return _turned(_estimate("compare", row, COMPARED, "difference", self.minimum_n))
        return self._missing(SUCCESS if SUCCESS in self.absent else part)

    def _missing(self, part: str) -> Estimate:
        return Estimate(reason=self.absent.get(part) or ABSENT)


def found_in(tables: Mapping[str, pd.DataFrame], spec: PolicySpec, absent: Mapping[str, str], minimum_n: int) -> Found:
    """Return the rows of `describe` and `compare` that speak to the frame."""
    success = spec.success
    two = {success.succeeded, success.failed}
    compared = [row for row in _pooled(tables["compare"], success.cohort) if {row["group"], row["reference"]} == two]
    return Found(
        shares=_by_group_and_item(_pooled(tables["describe"], spec.stage)),
        differences=_by_group_and_item(compared),
        succeeded=success.succeeded,
        failed=success.failed,
        minimum_n=minimum_n,
        absent=absent,
    )


def _pooled(table: pd.DataFrame, cohort: str) -> list[dict[str, object]]:
    chosen = (table["cohort"] == cohort) & (table["wave"].astype("str") == POOLED) & (table["statistic"] == SHARE)
    return [{str(key): value for key, value in row.items()} for row in table[chosen].to_dict("records")]


def _by_group_and_item(rows: Iterable[Mapping[str, object]]) -> Rows:
    return {(str(row["group"]), str(row["item"])): row for row in rows}


def _estimate(table: str, row: Mapping[str, object], key: Iterable[str], value: str, minimum_n: int) -> Estimate:
    source = f"{table}: {', '.join(f'{name} {row[name]}' for name in key)}"
    counts = [_number(row, name) for name in COUNTS if name in row]
    if not all(count >= minimum_n for count in counts):
        return Estimate(source=source, reason=f"fewer than {minimum_n} firms")
    status = str(row["status"])
    if not status.startswith("ok"):
        return Estimate(source=source, reason=status.removeprefix("not estimated: "))
    return Estimate(
        value=_number(row, value),
        se=_number(row, "se"),
        lower=_number(row, "lower"),
        upper=_number(row, "upper"),
        p_adjusted=_number(row, "p_adjusted"),
        n=min(counts),
        source=source,
    )


def _turned(found: Estimate) -> Estimate:
    """Return a difference as seen from the other side."""
    return replace(found, value=-found.value, lower=-found.upper, upper=-found.lower)


def _number(row: Mapping[str, object], column: str) -> float:
    value = row.get(column)
    return nan if value is None or pd.isna(value) else float(value)  # type: ignore[call-overload,arg-type]
