"""How far what is told of all firms moved, in standard deviations: small and large numbers on one scale.

The standard deviation follows from what the report tells anyway: the standard error, the design effect and the number
of firms of the release. So nothing is shown that did not pass the gate of the report.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.baseline.tidy import BETWEEN, WITHHELD

KEY = ("cohort", "group", "wave", "item", "statistic")
SPREAD = ("share", "mean")
"""The statistics whose standard error is one of a mean of firms."""
LEAST = 0.0005
"""Moves are told to three decimals: what is less is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One item of all firms: its wave, its estimate before and after, and the difference in standard deviations."""

    wave: str
    item: str
    statistic: str
    before: float
    after: float
    standardised: float


def largest_moves(before: pd.DataFrame, after: pd.DataFrame, most: int) -> list[Move]:
    """Return the described items of all firms that moved furthest between two lists of statistics, at most `most`,
    and none that moved by less than is told."""
    then, now = _described(before), _described(after)
    both = then.join(now[["estimate"]], how="inner", rsuffix="_now").dropna(subset=["estimate", "estimate_now", "se"])
    effect = both["deff"].where(both["deff"] > 0).fillna(1.0)
    deviation = both["se"] * np.sqrt(both["n"] / effect)
    standardised = (both["estimate_now"] - both["estimate"]) / deviation.where(deviation > 0)
    furthest = (
        standardised[standardised.abs() >= LEAST].abs().sort_values(ascending=False, kind="stable").head(most).index
    )
    return [_move(str(key), both.loc[key], float(standardised[key])) for key in furthest]


def _described(statistics: pd.DataFrame) -> pd.DataFrame:
    """Return estimate, standard error, design effect and number of firms of each share and mean of all firms."""
    key = statistics["key"]
    wanted = (statistics["table"] == "describe") & key.str.startswith(f"all{BETWEEN}all{BETWEEN}")
    wanted &= key.str.endswith(tuple(f"{BETWEEN}{name}" for name in SPREAD)) & (statistics["value"] != WITHHELD)
    rows = statistics[wanted & statistics["statistic"].isin(["estimate", "se", "deff"])]
    by_name = {name: part.set_index("key")["value"].astype("float64") for name, part in rows.groupby("statistic")}
    wide = pd.DataFrame(by_name, columns=["estimate", "se", "deff"])
    return wide.assign(n=rows.groupby("key")["n"].first().astype("float64"))


def _move(key: str, row: pd.Series, standardised: float) -> Move:
    named = dict(zip(KEY, key.split(BETWEEN), strict=True))
    return Move(
        wave=named["wave"],
        item=named["item"],
        statistic=named["statistic"],
        before=float(row["estimate"]),
        after=float(row["estimate_now"]),
        standardised=standardised,
    )
