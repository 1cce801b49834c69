"""Describe the groups of a cohort: every item in every group, wave by wave and pooled, as one tidy table.

The groups of a cohort that is a partition also add up to a group `all`; those of an overlapping cohort don't. Nothing
is dropped: what can't be estimated is a row with a reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import pandas as pd

from innosurvey import draws
from innosurvey.design import DEFAULT_RULES, DesignRules
from innosurvey.estimate import Estimate, Setting, basis_of, estimate_item, observe, sample_settings
from innosurvey.groupings import EVERYONE
from innosurvey.items import DescribeItem, ItemValues, item_values, parse_items
from innosurvey.kept import Kept
from innosurvey.multiple import combined_estimates
from innosurvey.sample import FullSample

__all__ = ["COLUMNS", "DescribeItem", "describe_all", "parse_items"]

COLUMNS = (
    "cohort", "group", "wave", "item", "statistic", "n", "estimate", "se", "lower", "upper", "cv", "deff",
    "reliability", "unit", "status",
)  # fmt: skip


class Cohort(Protocol):
    """What describing needs to know of a cohort; `groups` are its groups' names in the order of the tables."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def groups(self) -> Iterable[str]: ...


def describe_all(
    items: Sequence[DescribeItem],
    firms: pd.DataFrame,
    cohort: Cohort,
    rules: DesignRules = DEFAULT_RULES,
    sample: FullSample | None = None,
    kept: Kept | None = None,
) -> pd.DataFrame:
    """Return `describe.csv` for one cohort: a row per group, wave (each, then `all`) and item, in the order declared.

    `firms` is the cohort's slice, `sample` all firms that answered (needed where weights are calibrated, or variances
    come from replicates); the draws of a multiple imputation are described one by one and combined. Shares are 0-100,
    money is in the study's currency, pooled totals are averages per wave. What `kept` has
    of the run before is not estimated again. Raises StudyError when an item doesn't fit
    its variable, DataError when the design columns contradict each other.
    """
    kept = kept or Kept()
    parts = [_describe(items, part, cohort, rules, sample, kept) for part in draws.split(firms)]
    return parts[0].drop(columns=["df", "size"]) if len(parts) == 1 else combined_estimates(parts, rules)


def _describe(
    items: Sequence[DescribeItem],
    firms: pd.DataFrame,
    cohort: Cohort,
    rules: DesignRules,
    sample: FullSample | None,
    kept: Kept,
) -> pd.DataFrame:
    """Return the table of one completed survey, with the degrees of freedom (`df`) and the `size` of each estimate."""
    values = {item.id: item_values(item, firms) for item in items}
    settings = list(sample_settings(firms, rules, sample))
    design = basis_of(settings)
    records, freedom, sizes = [], [], []
    for group, members in _domains(firms, cohort):
        found = [
            kept.of(
                partial(_estimates, item, values[item.id], settings, members, rules),
                *(design, item, members, values[item.id].among(members)),
            )
            for item in items
        ]
        for setting, estimates in zip(settings, zip(*found, strict=True), strict=True):
            for item, (estimate, df) in zip(items, estimates, strict=True):
                records.append(_record((cohort.id, group, setting.wave), item, estimate))
                sizes.append(estimate.size)
                freedom.append(df)
    return pd.DataFrame(records, columns=list(COLUMNS)).assign(df=freedom, size=sizes)


def _estimates(
    item: DescribeItem, values: ItemValues, settings: Sequence[Setting], members: np.ndarray, rules: DesignRules
) -> list[tuple[Estimate, float]]:
    """Return an item's estimate among the members of a group with its degrees of freedom, setting by setting."""
    observed = [observe(values, setting, members[setting.rows]) for setting in settings]
    return [(estimate_item(item, each, rules), float(each.design.degrees_of_freedom)) for each in observed]


def _domains(firms: pd.DataFrame, cohort: Cohort) -> Iterator[tuple[str, np.ndarray]]:
    """Yield each group with a mask of its rows, then everyone where the groups add up to that."""
    groups = firms["group"].astype("str").to_numpy()
    declared = list(cohort.groups)
    for group in declared:
        yield group, groups == group
    if cohort.kind == "partition" and EVERYONE not in declared:
        yield EVERYONE, np.ones(len(firms), dtype=bool)


def _record(key: tuple[str, str, str], item: DescribeItem, estimate: Estimate) -> tuple[str | int | float | None, ...]:
    numbers = (estimate.estimate, estimate.se, estimate.lower, estimate.upper, estimate.cv, estimate.deff)
    return (
        *key, item.id, item.statistic, estimate.n, *numbers, estimate.reliability or None, item.unit, estimate.status,
    )  # fmt: skip
