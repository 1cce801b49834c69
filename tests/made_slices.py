"""Slices made by hand for the tests of estimation: a few firms whose arithmetic fits in a comment."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from innosurvey.items import DescribeItem


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCohort:
    """A cohort as `describe_all` sees it."""

    id: str = "made"
    kind: str = "partition"
    groups: Sequence[str] = ("g",)


def make_slice(**columns: object) -> pd.DataFrame:
    """Return a slice; unless the columns say otherwise one wave, one stratum without a frame, weight 1 and group g."""
    firms = pd.DataFrame(columns)
    count = len(firms)
    defaults = {
        "firm_id": [f"f{row:04d}" for row in range(count)],
        "wave": "2020",
        "group": "g",
        "stratum_id": "s",
        "weight_final": 1.0,
        "pop_n_stratum": pd.NA,
    }
    for name, value in defaults.items():
        if name not in firms:
            firms[name] = value
    if "pooled_stratum" not in firms:
        firms["pooled_stratum"] = firms["stratum_id"]
    if "sample_n_stratum" not in firms:
        firms["sample_n_stratum"] = firms.groupby(["wave", "stratum_id"])["firm_id"].transform("nunique")
    if "pooled_stratum_n" not in firms:
        firms["pooled_stratum_n"] = firms.groupby("pooled_stratum")["firm_id"].transform("nunique")
    return firms


def make_item(**settings: object) -> DescribeItem:
    """Return an item; by default the mean of `y`."""
    defaults: dict[str, object] = {"id": "item", "title": {"en": "An item"}, "statistic": "mean", "unit": "one"}
    if settings.get("statistic") != "ratio":
        defaults["variable"] = "y"
    return DescribeItem(**(defaults | settings))  # type: ignore[arg-type]


def make_two_strata(**columns: object) -> pd.DataFrame:
    """Return a slice of stratum a: 4 of 20 firms (weight 5), and stratum b: 3 of 30 firms (weight 10)."""
    return make_slice(
        stratum_id=list("aaaabbb"),
        pop_n_stratum=[20] * 4 + [30] * 3,
        weight_final=[5.0] * 4 + [10.0] * 3,
        y=[2.0, 4.0, 6.0, 8.0, 10.0, 20.0, 30.0],
        **columns,
    )
