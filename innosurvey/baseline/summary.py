"""A comparison counted, put in order and said in words: what a reader of the terminal, the page or CI sees.

What changes a conclusion stands first: verdicts, then significance, then signs, then the largest moves as a part of the
number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from innosurvey.baseline.classify import (
    AGREES,
    APPEARED,
    CHANGED,
    DOWN,
    IDENTICAL,
    OUTCOMES,
    SIGN,
    SIGNIFICANCE,
    UP,
    VANISHED,
    WITHIN,
    is_told,
)
from innosurvey.baseline.release import Release
from innosurvey.baseline.tidy import BETWEEN, INTERVAL, VERDICT, WITHHELD

ORDER = (SIGNIFICANCE, SIGN, CHANGED, VANISHED, APPEARED)
"""What differs, the gravest first; a verdict that changed stands before all of it."""
MEANINGS = {
    IDENTICAL: "the same to ten digits",
    WITHIN: "moved by no more than its class may",
    CHANGED: "moved further than its class may, or another verdict",
    SIGN: "from above zero to below, or the other way",
    SIGNIFICANCE: "a p-value crossed the level, or an interval let zero in or out",
    APPEARED: "told now, not then",
    VANISHED: "told then, not now",
}
WHAT_TO_DO = "Release it with other amendments, or see that it does no harm."
"""What is advised where few firms are the difference between two releases."""
_DIGITS = (4, 6, 10)
_FILES_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One statistic that differs, in words: where it stands, what it is, before and after, and what that means."""

    place: str
    statistic: str
    before: str
    after: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChanges:
    """What differs in one table: how many statistics it has and how many differ, up and down, and the gravest."""

    table: str
    statistics: int
    differ: int
    up: int
    down: int
    gravest: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Results held against a release.

    `counts` are the statistics by outcome, `tables` those that differ, the gravest first, `causes` what the results
    rest on and is not as it was, by part, and `notes` what must be known of the results. `close` are the samples by
    table that are told in both with a few firms more or less, fewer than `least`.
    """

    against: Release
    counts: Mapping[str, int]
    tables: tuple[TableChanges, ...]
    causes: Mapping[str, Sequence[str]]
    notes: tuple[str, ...]
    close: Mapping[str, int]
    least: int

    @property
    def differ(self) -> int:
        """How many statistics differ beyond tolerance."""
        return sum(count for outcome, count in self.counts.items() if outcome not in AGREES)


def summarise(
    statistics: pd.DataFrame,
    against: Release,
    causes: Mapping[str, Sequence[str]],
    level: float,
    per_table: int,
    notes: Sequence[str] = (),
    least: int = 0,
) -> Comparison:
    """Return the comparison of classified statistics (`classify`), with up to `per_table` changes of each table.
    `least` is the number of firms that must stand behind a published number.
    """
    counted = statistics["outcome"].value_counts()
    totals = statistics["table"].value_counts()
    changes = in_order(statistics[~statistics["outcome"].isin(AGREES)])
    tables = tuple(
        TableChanges(
            table=str(name),
            statistics=int(totals[name]),
            differ=len(part),
            up=int((part["direction"] == UP).sum()),
            down=int((part["direction"] == DOWN).sum()),
            gravest=tuple(change_in_words(row, level) for row in part.head(per_table).to_dict("records")),
        )
        for name, part in changes.groupby("table", sort=False)
    )
    return Comparison(
        against=against,
        counts={outcome: int(counted.get(outcome, 0)) for outcome in OUTCOMES},
        tables=tables,
        causes=causes,
        notes=tuple(notes),
        close=close_samples(statistics, least),
        least=least,
    )


def close_samples(statistics: pd.DataFrame, least: int) -> dict[str, int]:
    """Return by table how many samples are told in both lists and differ by some, but fewer than `least`, firms: what
    these few say follows from the two.
    """
    told = is_told(statistics["before"]) & is_told(statistics["after"])
    few = (statistics["n_after"] - statistics["n_before"]).abs().between(1, least - 1).fillna(False)
    samples = statistics[told & few.astype(bool)].drop_duplicates(["table", "key"])
    return {str(table): int(count) for table, count in samples["table"].value_counts(sort=False).items()}


def caution_on(comparison: Comparison) -> str:
    """Return which tables tell samples that a few firms are the difference between; nothing where none does."""
    if not comparison.close:
        return ""
    named = ", ".join(f"{count:,} of {table}" for table, count in comparison.close.items())
    return (
        f"Samples that differ from the release's by fewer than {comparison.least} firms: {named}. Whoever has both can "
        f"subtract one from the other. {WHAT_TO_DO}"
    )


def in_order(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the changes, the gravest first; equal ones in the order of their tables and keys."""
    gravity = changes["outcome"].map({outcome: place for place, outcome in enumerate(ORDER, start=1)})
    verdict = (changes["class"] == VERDICT) & (changes["outcome"] == CHANGED)
    ordered = changes.assign(gravity=gravity.mask(verdict, 0), least=-changes["size"].fillna(0.0))
    return ordered.sort_values(["gravity", "least", "table", "key", "statistic"], kind="stable")


def change_in_words(row: Mapping[Any, Any], level: float) -> Change:
    """Return one row of the classified statistics in words."""
    before, after = _values(row["before"], row["after"], verdict=row["class"] == VERDICT)
    return Change(
        place=" · ".join(part for part in str(row["key"]).split(BETWEEN) if part),
        statistic=str(row["statistic"]),
        before=before,
        after=after,
        meaning=_meaning(row, level),
    )


def causes_in_words(causes: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a line per part that the results rest on and that is not as it was."""
    lines = []
    for part, names in causes.items():
        more = len(names) - _FILES_NAMED
        named = [*names[:_FILES_NAMED], *([f"{more} more"] if more > 0 else [])]
        lines.append(f"{part}: {', '.join(named)}")
    return lines


def _meaning(row: Mapping[Any, Any], level: float) -> str:
    """Return what a change comes to: a flip, what is withheld, or how far it went, up or down."""
    outcome = row["outcome"]
    if outcome == VANISHED:
        return "withheld now" if row["after"] == WITHHELD else "not there now"
    if outcome == APPEARED:
        return "withheld then" if row["before"] == WITHHELD else "new"
    if row["class"] == VERDICT:
        return "another verdict"
    if outcome == SIGN:
        return f"sign flipped, {row['direction']}"
    if outcome != SIGNIFICANCE:
        return _moved(float(row["before"]), float(row["after"]), row["direction"])
    if row["class"] == INTERVAL:
        zero_in = (row["direction"] == UP) == str(row["statistic"]).endswith("upper")
        return "the interval holds zero now" if zero_in else "the interval holds zero no longer"
    significant = float(row["after"]) < level
    return f"{'now' if significant else 'no longer'} significant at {100 * level:.3g} %"


def _moved(before: float, after: float, direction: str) -> str:
    """Return how far a number moved, as a part of what it was."""
    return f"{direction} {100 * abs(after / before - 1):.3g} %" if before else f"{direction} from 0"


def _values(before: object, after: object, *, verdict: bool) -> tuple[str, str]:
    """Return two values as short as they can be told apart; a dash for one that is not there."""
    told = ["–" if pd.isna(value) else str(value) for value in (before, after)]  # type: ignore[call-overload]
    if verdict or {WITHHELD, "–"} & set(told):
        return told[0], told[1]
    for digits in _DIGITS:
        short = [f"{float(value):.{digits}g}" for value in told]
        if short[0] != short[1]:
            break
    return short[0], short[1]
