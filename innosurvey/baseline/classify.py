"""Two lists of statistics side by side: what became of each.

A statistic is identical, within its class's tolerance, changed, or it flipped: its sign, or whether it is significant
at the study's level. It appeared or vanished where only one list tells it, be it that it is not there or that it is
withheld. Up and down are told apart and treated alike. Verdicts are compared as texts.

The sign counts as flipped beyond tolerance only, since numbers near zero change theirs by noise. A flip of significance
counts whatever the tolerance is: it changes what the report says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

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
"""What a p-value or an end of an interval may move by and flip nothing: exact zeros differ so between processors."""


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
    gap, scale = numbers["after"] - numbers["before"], _larger(numbers)
    return both.assign(
        outcome=_outcomes(both, numbers, tolerances, level),
        direction=np.select([gap > 0, gap < 0], [UP, DOWN], default=""),
        size=gap.abs() / scale.where(scale > 0, 1.0),
    )


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


def _larger(numbers: Mapping[str, pd.Series]) -> pd.Series:
    """Return the larger of each two numbers, without their signs; NaN where one is not told."""
    sizes = pd.concat([side.abs() for side in numbers.values()], axis=1)
    return sizes.max(axis=1, skipna=False)


def _outcomes(
    both: pd.DataFrame, numbers: Mapping[str, pd.Series], tolerances: Mapping[str, Tolerance], level: float
) -> np.ndarray:
    """Return what became of each statistic: the first that holds."""
    told = {side: _told(both[side]) for side in numbers}
    gap = (numbers["after"] - numbers["before"]).abs()
    relative = both["class"].map({name: tolerance.relative for name, tolerance in tolerances.items()})
    absolute = both["class"].map({name: tolerance.absolute for name, tolerance in tolerances.items()})
    allowed = np.maximum(absolute.astype("float64"), relative.astype("float64") * _larger(numbers))
    return np.select(
        [
            told["after"] > told["before"],
            told["after"] < told["before"],
            (both["before"] == both["after"]).fillna(False).astype(bool) | (gap == 0),
            (gap > ROUNDING) & _significance_flipped(both, numbers, level),
            (gap > allowed) & (numbers["before"] * numbers["after"] < 0),
            gap <= allowed,
        ],
        [APPEARED, VANISHED, IDENTICAL, SIGNIFICANCE, SIGN, WITHIN],
        default=CHANGED,
    )


def is_told(values: pd.Series) -> pd.Series:
    """Return which values are there and not withheld."""
    return values.notna() & (values != WITHHELD)


def _told(values: pd.Series) -> pd.Series:
    """Return how much is told: 0 nothing, 1 that it is withheld, 2 the value."""
    return values.notna().astype(int) + is_told(values).astype(int)


def _significance_flipped(both: pd.DataFrame, numbers: Mapping[str, pd.Series], level: float) -> pd.Series:
    """Return which p-values crossed the level, and which ends of intervals let zero in or out by crossing it."""
    crossed = (numbers["before"] < level) != (numbers["after"] < level)
    flipped = (both["class"] == P_VALUE) & crossed
    ends = both[both["class"] == INTERVAL]
    beyond = {side: _beyond_zero(ends, numbers[side][ends.index]) for side in numbers}
    either = {side: mine | others for side, (mine, others) in beyond.items()}
    turned = beyond["before"][0] != beyond["after"][0]
    flipped[ends.index] = (turned & (either["before"] != either["after"])).fillna(False)
    return flipped.astype(bool)


def _beyond_zero(ends: pd.DataFrame, numbers: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return for each end of an interval whether it keeps zero out (a lower end above, an upper end below), and whether
    the other end does; NA where either is not told."""
    is_lower = ends["statistic"].str.endswith("lower")
    stems = ends["statistic"].str.replace(r"(lower|upper)$", "", regex=True)
    told = ends[IDENTITY].assign(number=numbers)
    wanted = ends[["table", "key"]].assign(statistic=stems + is_lower.map({True: "upper", False: "lower"}))
    others = wanted.merge(told, on=IDENTITY, how="left", validate="one_to_one")["number"].set_axis(ends.index)
    lower, upper = numbers.where(is_lower, others), others.where(is_lower, numbers)
    untold = numbers.isna() | others.isna()
    above, below = ((side > 0).astype("boolean").mask(untold) for side in (lower, -upper))
    return above.where(is_lower, below), below.where(is_lower, above)
