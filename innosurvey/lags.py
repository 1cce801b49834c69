"""Lags by calendar: the value that a firm had a number of periods before, never the row before.

Waves are placed on a calendar: numbered waves (2018, or W3) by their number, in units of the spacing that all of them
share, so that a wave that is left out stays a gap; others in the order of their names. A firm that was not in the
survey a period before has no value then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the plan names lags, and is read at every start of the workflow
    import pandas as pd

_LAG = re.compile(r"(?P<variable>\w+)\.lag(?P<periods>\d+)")
_NUMBER = re.compile(r"\d+")


def periods_of(waves: Iterable[str]) -> dict[str, int]:
    """Return the period of each wave, from 0 for the first."""
    names = sorted(set(waves))
    numbers = [[int(number) for number in _NUMBER.findall(name)] for name in names]
    if any(len(found) != 1 for found in numbers) or len({found[0] for found in numbers}) < len(names):
        return {name: position for position, name in enumerate(names)}
    values = [found[0] for found in numbers]
    first = min(values, default=0)
    unit = reduce(gcd, (value - first for value in values), 0) or 1
    return {name: (value - first) // unit for name, value in zip(names, values, strict=True)}


def lag_name(variable: str, periods: int) -> str:
    """Return the column that holds a variable some periods before; the variable itself for none."""
    return f"{variable}.lag{periods}" if periods else variable


def add_lags(rows: pd.DataFrame, firms: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows with those of the columns that are lags (`x.lag1`), taken from all `firms`, and that they lack.

    Both have `firm_id`, `wave` and, with multiple imputation, `draw`. A lag of a variable that `firms` lack is left
    out.
    """
    wanted = {name: found for name in columns if name not in rows.columns and (found := _LAG.fullmatch(name))}
    if not wanted:
        return rows
    calendar = periods_of(firms["wave"].astype(str))
    keys = ["firm_id", *(name for name in ("draw",) if name in firms.columns)]
    lagged = rows
    for name, parts in wanted.items():
        if parts["variable"] not in firms.columns:
            continue
        earlier = firms[[*keys, "wave", parts["variable"]]].drop_duplicates([*keys, "wave"])
        earlier = earlier.assign(_period=_periods(earlier, calendar) + int(parts["periods"]))
        earlier = earlier.drop(columns="wave").rename(columns={parts["variable"]: name})
        placed = lagged.assign(_period=_periods(lagged, calendar))
        lagged = placed.merge(earlier, on=[*keys, "_period"], how="left", validate="many_to_one")
        lagged = lagged.drop(columns="_period").set_axis(rows.index)
    return lagged


def _periods(rows: pd.DataFrame, calendar: Mapping[str, int]) -> pd.Series[int]:
    """Return the period of each row; whole numbers even where there is no row."""
    return rows["wave"].astype(str).map(calendar).astype("int64")
