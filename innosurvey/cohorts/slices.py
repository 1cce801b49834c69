"""Slices: for one cohort, the rows and columns that its estimates use, and no others.

What an estimate does not use cannot change its slice, so an unchanged slice stops a change upstream from spreading.
Rows are sorted and columns ordered, so that equal content is equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from innosurvey.groupings import BY_WAVE
from innosurvey.lags import add_lags

DESIGN_COLUMNS = (
    "stratum_id", "pop_n_stratum", "sample_n_stratum", "weight_design", "weight_final", "certainty",
    "pooled_stratum", "pooled_stratum_n",
)  # fmt: skip


def make_slice(firms: pd.DataFrame, memberships: pd.DataFrame, cohort: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return one row per firm, wave and group of the cohort: keys, design columns, then those of `columns` that exist.

    Sorted by (draw,) group, wave, firm_id. Values only, no flags. A column that no wave has is left out: `availability`
    tells why. Lags (`x.lag1`) are taken from all firms, in whatever group they were a period before. A cohort whose
    groups may be empty may have no firm, and then no row. The cohort `wave` has the firms of each wave as a group.
    """
    draw = [name for name in ("draw",) if name in firms.columns]  # with multiple imputation
    keys = ["firm_id", "wave", *draw]
    members = memberships.loc[memberships["cohort"] == cohort, [*keys, "group"]]
    if cohort == BY_WAVE and members.empty:
        members = firms[keys].assign(group=firms["wave"])
    wanted = [*DESIGN_COLUMNS, *(name for name in dict.fromkeys(columns) if name in firms.columns)]
    chosen = [name for name in dict.fromkeys(wanted) if name not in ("firm_id", "wave", "group", "draw")]
    joined = members.merge(firms[[*keys, *chosen]], on=keys, how="left", validate="many_to_one")
    joined = add_lags(joined, firms, columns)
    return joined.sort_values([*draw, "group", "wave", "firm_id"], kind="stable").reset_index(drop=True)


def cut_slices(
    firms: pd.DataFrame, memberships: pd.DataFrame, columns: Mapping[str, Sequence[str]]
) -> list[pd.DataFrame]:
    """Return a slice for each entry of `columns`, in its order; `models/<cohort>.<family>` is a slice of its cohort."""
    return [
        make_slice(firms, memberships, name.split("/")[-1].split(".")[0], wanted) for name, wanted in columns.items()
    ]
