"""Two lists of statistics side by side: what became of each.

A statistic is identical, within its class's tolerance, changed, or it flipped: its sign, or whether it is significant
at the study's level. It appeared or vanished where only one list tells it, be it that it is not there or that it is
withheld. Up and down are told apart and treated alike. Verdicts are compared as texts.

The sign counts as flipped beyond tolerance only, since numbers near zero change theirs by noise. A flip of significance
counts whatever the tolerance is: it changes what the report says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.baseline.tidy import CLASSES, IDENTITY, INTERVAL, P_VALUE, VERDICT, WITHHELD
from innosurvey.errors import StudyError, did_you_mean

IDENTICAL = "identical"
WITHIN = "within tolerance"
CHANGED = "changed"
SIGN = "sign flipped"
SIGNIFICANCE = "significance flipped"
APPEARED = "appeared"
VANISHED = "vanished"
OUTCOMES = (IDENTICAL, WITHIN, CHANGED, SIGN, SIGNIFICANCE, APPEARED, VANISHED)
AGREES = (IDENTICAL, WITHIN)
UP = "up"
DOWN = "down"
ROUNDING = 1e-9
"""What two numbers may differ by, in parts of the larger, though nothing changed: baselines keep ten digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far a number may move: by `absolute`, or by a part `relative` of the larger of the two."""

    relative: float = 0.0
    absolute: float = 0.0


def parse_tolerances(declared: Mapping[str, Mapping[str, float]] | None) -> dict[str, Tolerance]:
    """Return a tolerance for each class; one that is not declared must be identical; StudyError for no class."""
    declared = declared or {}
    for name in declared:
        if name not in CLASSES or name == VERDICT:
            known = [known for known in CLASSES if known != VERDICT]
            raise StudyError(
                f"validation.tolerances.{name}: there is no such class of statistics.{did_you_mean(name, known)}\n"
                f"Classes: {', '.join(known)}. Verdicts are compared as texts."
            )
    return {name: Tolerance(**declared.get(name, {})) for name in CLASSES}


def classify(
    before: pd.DataFrame, after: pd.DataFrame, tolerances: Mapping[str, Tolerance], level: float
) -> pd.DataFrame:
    """Return a row per statistic of either list: `table, key, statistic, class, before, after, n_before, n_after,
    outcome, direction, size`.

    `direction` is up or down for numbers that moved, else empty; `size` the difference as a part of the larger number.
    `level` is the study's level of significance.
    """
    both = _side_by_side(before, after)
    numbers = {side: _numbers(both[side], both["class"]) for side in ("before", "after")}
    gap = numbers["after"] - numbers["before"]
    scale = pd.concat([numbers["before"].abs(), numbers["after"].abs()], axis=1).max(axis=1, skipna=False)
    size = (gap.abs() / scale.where(scale > 0, 1.0)).where(gap.notna())
    both["outcome"] = _outcomes(both, numbers, gap, scale, tolerances, level)
    both["direction"] = np.select([gap > 0, gap < 0], [UP, DOWN], default="")
    both["size"] = size
    return both


def _side_by_side(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return both lists by table, key and statistic."""
    sides = [
        table.rename(columns={"value": side, "n": f"n_{side}", "class": f"class_{side}"})
        for table, side in ((before, "before"), (after, "after"))
    ]
    both = sides[0].merge(sides[1], on=IDENTITY, how="outer", validate="one_to_one")
    both["class"] = both.pop("class_after").fillna(both.pop("class_before"))
    columns = [*IDENTITY, "class", "before", "after", "n_before", "n_after"]
    return both[columns].sort_values(IDENTITY, kind="stable", ignore_index=True)


def _numbers(values: pd.Series, classes: pd.Series) -> pd.Series:
    """Return the values as numbers, NaN for verdicts and for what is not told."""
    return pd.to_numeric(values.where((classes != VERDICT) & (values != WITHHELD)), errors="coerce").astype("float64")


def _outcomes(
    both: pd.DataFrame,
    numbers: Mapping[str, pd.Series],
    gap: pd.Series,
    scale: pd.Series,
    tolerances: Mapping[str, Tolerance],
    level: float,
) -> Any:
    """Return what became of each statistic; the first that holds."""
    told = {side: _told(both[side]) for side in ("before", "after")}
    allowed = np.maximum(
        both["class"].map({name: tolerance.absolute for name, tolerance in tolerances.items()}).astype("float64"),
        both["class"].map({name: tolerance.relative for name, tolerance in tolerances.items()}).astype("float64")
        * scale,
    )
    moved = gap.abs() > ROUNDING * scale
    return np.select(
        [
            told["after"] > told["before"],
            told["after"] < told["before"],
            (both["before"] == both["after"]).fillna(False).astype(bool) | (gap == 0),
            moved & _significance_flipped(both, numbers, level),
            (gap.abs() > allowed) & (numbers["before"] * numbers["after"] < 0),
            gap.abs() <= allowed,
        ],
        [APPEARED, VANISHED, IDENTICAL, SIGNIFICANCE, SIGN, WITHIN],
        default=CHANGED,
    )


def _told(values: pd.Series) -> pd.Series:
    """Return how much is told: 0 nothing, 1 that it is withheld, 2 the value."""
    return values.notna().astype(int) + (values.notna() & (values != WITHHELD)).astype(int)


def _significance_flipped(both: pd.DataFrame, numbers: Mapping[str, pd.Series], level: float) -> pd.Series:
    """Return which p-values crossed the level, and which ends of intervals let zero in or out by crossing it."""
    crossed = (numbers["before"] < level) != (numbers["after"] < level)
    flipped = (both["class"] == P_VALUE) & crossed
    ends = both["class"] == INTERVAL
    excludes = {side: _excludes_zero(both[ends], numbers[side][ends]) for side in numbers}
    known = excludes["before"].notna() & excludes["after"].notna()
    turned = (numbers["before"][ends] > 0) != (numbers["after"][ends] > 0)
    flipped[ends] = known & (excludes["before"] != excludes["after"]).fillna(False) & turned
    return flipped.astype(bool)


def _excludes_zero(ends: pd.DataFrame, numbers: pd.Series) -> pd.Series:
    """Return for each end of an interval whether the interval excludes zero; NA where the other end is not told."""
    is_lower = ends["statistic"].str.endswith("lower")
    other_end = (
        ends["statistic"]
        .str.replace(r"lower$", "upper", regex=True)
        .where(is_lower, ends["statistic"].str.replace(r"upper$", "lower", regex=True))
    )
    told = ends[IDENTITY].assign(number=numbers)
    wanted = ends[["table", "key"]].assign(statistic=other_end)
    others = wanted.merge(told, on=IDENTITY, how="left", validate="one_to_one")["number"].set_axis(ends.index)
    lower, upper = numbers.where(is_lower, others), others.where(is_lower, numbers)
    return ((lower > 0) | (upper < 0)).astype("boolean").mask(numbers.isna() | others.isna())
