"""Slices: for one cohort, the rows and columns that its estimates use, and no others.

What an estimate does not use cannot change its slice, so an unchanged slice stops a change upstream from spreading.
Rows are sorted and columns ordered, so that equal content is equal bytes. A firm that changes its group keeps its row,
so that no other firm's moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from innosurvey.groupings import BY_WAVE
from innosurvey.lags import add_lags

DESIGN_COLUMNS = (
    "stratum_id", "pop_n_stratum", "sample_n_stratum", "weight_design", "weight_final", "certainty",
    "pooled_stratum", "pooled_stratum_n",
)  # fmt: skip


def make_slice(firms: pd.DataFrame, memberships: pd.DataFrame, cohort: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return one row per firm, wave and group of the cohort: keys, design columns, then those of `columns` that exist.

    Sorted by (draw,) wave, firm_id, group. Values only, no flags. A column that no wave has is left out: `availability`
    tells why. Lags (`x.lag1`) are taken from all firms, in whatever group they were a period before. A cohort whose
    groups may be empty may have no firm, and then no row. The cohort `wave` has the firms of each wave as a group.
    """
    return _slice(firms, _located(firms, memberships[memberships["cohort"] == cohort]), cohort, columns)


def cut_slices(
    firms: pd.DataFrame, memberships: pd.DataFrame, columns: Mapping[str, Sequence[str]]
) -> list[pd.DataFrame]:
    """Return a slice for each entry of `columns`, in its order; `models/<cohort>.<family>` is a slice of its cohort."""
    located = _located(firms, memberships)
    members = dict(list(located.groupby("cohort", sort=False)))
    cohorts = [name.split("/")[-1].split(".")[0] for name in columns]
    return [
        _slice(firms, members.get(cohort, located.iloc[:0]), cohort, wanted)
        for cohort, wanted in zip(cohorts, columns.values(), strict=True)
    ]


def _located(firms: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Return the members in the order of a slice, with the row of `firms` that each stands in as `_row`."""
    keys = _keys(firms)
    rows = firms[keys].assign(_row=np.arange(len(firms)))
    found = members.merge(rows, on=keys, how="left", validate="many_to_one")
    return found.sort_values(_order(keys), kind="stable")


def _slice(firms: pd.DataFrame, members: pd.DataFrame, cohort: str, columns: Sequence[str]) -> pd.DataFrame:
    keys = _keys(firms)
    if cohort == BY_WAVE and members.empty:
        members = firms[keys].assign(group=firms["wave"], _row=np.arange(len(firms)))
        members = members.sort_values(_order(keys), kind="stable")
    wanted = [*DESIGN_COLUMNS, *(name for name in dict.fromkeys(columns) if name in firms.columns)]
    chosen = [name for name in dict.fromkeys(wanted) if name not in ("firm_id", "wave", "group", "draw")]
    values = firms[chosen].take(members["_row"].to_numpy()).reset_index(drop=True)
    return add_lags(pd.concat([members[[*keys, "group"]].reset_index(drop=True), values], axis=1), firms, columns)


def _keys(firms: pd.DataFrame) -> list[str]:
    return ["firm_id", "wave", *(name for name in ("draw",) if name in firms.columns)]  # with multiple imputation


def _order(keys: Sequence[str]) -> list[str]:
    return [*(name for name in keys if name == "draw"), "wave", "firm_id", "group"]
