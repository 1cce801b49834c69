"""Secondary suppression of counts that add up: what is hidden must not follow from what is shown.

The counts of several definitions of one thing are sums of the same parts: the firms by the pattern of all their groups.
Every shown count is thus an equation over the parts. A hidden count is safe when the numbers that it could be, given
these equations and that no part is negative, reach over at least the threshold; else the smallest shown count that is
tied to it is hidden as well, until all are safe. Source: the audit of cell bounds by linear programming, Fischetti and
Salazar (2001), Management Science 47.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.kept import Kept

ALL = "all"
LINKED = ("definitions", "overlaps")
OPEN = ("unassigned", "not_asked")
MARGIN = ["cohort", "group", "n", "suppressed"]
ROUNDED = 1  # firms by which a mean over imputed surveys may miss the sum of its parts
UNBOUNDED = 3  # the solver's status when nothing bounds a number from above
TOLERANCE = 1e-6  # of the solver


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One count of a table: which of the parts it sums, and whether it is hidden whatever the others are."""

    table: str
    row: Any
    parts: np.ndarray
    hidden: bool = False
    open: bool = False  # of firms that left a question open: nothing is told of them by telling how many they are


def hidden_with_them(tables: Mapping[str, pd.DataFrame], minimum_n: int, kept: Kept) -> dict[str, pd.Series]:
    """Return which rows of `definitions` and `overlaps` are hidden, because few firms are behind them or behind what
    could be worked out with them. `cohorts` comes with its mark `suppressed`.

    Only the waves together are shown: single waves would be one more margin.
    """
    hidden = {name: pd.Series(True, index=tables[name].index) for name in LINKED if name in tables}
    if "overlaps" in tables:
        pooled = tables["overlaps"][tables["overlaps"]["wave"] == ALL]
        for (about, kind), parts in pooled[pooled["kind"] != "also"].groupby(["about", "kind"], sort=False):
            n = parts["n"].to_numpy(dtype=float)
            counts = _counts_of(str(about), str(kind), parts, tables)
            for count in kept.of(partial(shown_counts, counts, n, minimum_n), "shown_counts", counts, n, minimum_n):
                if count.table in hidden:
                    hidden[count.table].loc[count.row] = False
    return hidden


def shown_counts(counts: Sequence[Count], n: np.ndarray, minimum_n: int) -> list[Count]:
    """Return the counts that may be shown, where the parts hold `n` firms each.

    The counts of the cohorts stand as their own rule leaves them, and how many left a question open may be known. The
    others are shown one by one, the largest first, as long as every small count stays safe. What is safe beside more
    counts is safe beside fewer: several are tried together, and where they can't be shown all, half of them.
    """
    sums, totals = np.array([count.parts for count in counts]), np.array([count.parts @ n for count in counts])
    secret = [place for place, count in enumerate(counts) if 0 < totals[place] < minimum_n and not count.open]
    known = np.array([count.open or (count.table == "cohorts" and not count.hidden) for count in counts])
    candidates = [
        place
        for place, count in enumerate(counts)
        if not known[place] and count.table != "cohorts" and totals[place] >= minimum_n
    ]

    def show(places: list[int]) -> None:
        with_them = known.copy()
        with_them[places] = True
        if all(is_safe(sums[other], sums[with_them], totals[with_them], minimum_n) for other in secret):
            known[places] = True
        elif len(places) > 1:
            show(places[: len(places) // 2])
            show(places[len(places) // 2 :])

    show(sorted(candidates, key=lambda place: -totals[place]))
    return [counts[place] for place in np.flatnonzero(known & (totals >= minimum_n)).tolist()]


def is_safe(part: np.ndarray, shown: np.ndarray, totals: np.ndarray, minimum_n: int) -> bool:
    """True when the equations leave the sum of the part open over a range of at least the threshold.

    One programme finds both ends of the range: the parts stand in it twice, once as small and once as large as can be.
    """
    from scipy.optimize import linprog  # half a second of loading that no renderer needs

    twice = {"A_eq": np.kron(np.eye(2), shown), "b_eq": np.tile(totals, 2)} if len(shown) else {}
    ends = linprog(np.concatenate([part, -part]), **twice, bounds=(0, None), method="highs")
    return bool(ends.status == UNBOUNDED or (ends.status == 0 and -ends.fun > minimum_n - TOLERANCE))


def _counts_of(about: str, kind: str, parts: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[Count]:
    """Return each count of the concept or cohort that stands in a table."""
    patterns = [frozenset(pattern.split("|")) for pattern in parts["pattern"]]

    def count(table: str, row: Any, *groups: str, hidden: bool = False) -> Count:
        summed = np.array([pattern.issuperset(groups) for pattern in patterns], dtype=float)
        left_open = any(group.split("=")[-1] in OPEN for group in groups)
        return Count(table=table, row=row, parts=summed, hidden=hidden, open=left_open)

    counts = [count("overlaps", row, *pattern.split("|")) for row, pattern in parts["pattern"].items()]
    if kind == "groups":  # `venture` alone is a part, not the sum of all parts with a venture certificate
        counts = [replace(each, parts=np.eye(len(parts))[place]) for place, each in enumerate(counts)]
        others = tables["overlaps"].query("wave == @ALL and kind == 'also' and about == @about")
        counts += [count("overlaps", *row) for row in others[["base", "pattern"]].itertuples(name=None)]
    elif "definitions" in tables:
        pairs = tables["definitions"].query("wave == @ALL and concept == @about")
        keys = pairs[["cohort_a", "group_a", "cohort_b", "group_b"]].itertuples(name=None)
        counts += [count("definitions", row, f"{a}={ga}", f"{b}={gb}") for row, a, ga, b, gb in keys]
    margins = tables["cohorts"].query("wave == @ALL") if "cohorts" in tables else pd.DataFrame(columns=MARGIN)
    for row, cohort, group, total, hidden in margins[MARGIN].itertuples(name=None):
        if kind == "definitions" or cohort == about:
            margin = count("cohorts", row, group if kind == "groups" else f"{cohort}={group}", hidden=bool(hidden))
            if margin.parts.any() and abs(margin.parts @ parts["n"].to_numpy(dtype=float) - total) <= ROUNDED:
                counts.append(margin)
    return counts
