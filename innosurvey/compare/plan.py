"""All tables of comparisons of one cohort, from one reading of its slice.

With multiple imputation each draw is compared as a survey of its own, and the tables of the draws are combined.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from innosurvey import draws, multiple
from innosurvey.compare import adjusted, decompose, groups, omnibus, ranks
from innosurvey.compare.families import FAMILIES, adjust_families
from innosurvey.compare.material import Material, unweighted
from innosurvey.compare.spec import (
    ComparisonSpec,
    DecompositionSpec,
    RankingSpec,
    parse_comparisons,
    parse_decompositions,
    parse_rankings,
)
from innosurvey.design import DesignRules
from innosurvey.items import DescribeItem
from innosurvey.kept import Kept
from innosurvey.sample import FullSample


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked of one cohort; `groups` are its groups in their order."""

    items: tuple[DescribeItem, ...]
    groups: tuple[str, ...]
    comparisons: tuple[ComparisonSpec, ...]
    rankings: tuple[RankingSpec, ...]
    decompositions: tuple[DecompositionSpec, ...]


def parse_plan(sections: Mapping[str, Any], items: Sequence[DescribeItem], cohort: str, groups: Sequence[str]) -> Plan:
    """Return the plan of a cohort from those entries of `compare:`, `rank:` and `decompose:` that are about it."""
    known = {cohort: tuple(groups)}
    return Plan(
        items=tuple(items),
        groups=tuple(groups),
        comparisons=parse_comparisons(sections.get("compare"), items, known),
        rankings=parse_rankings(sections.get("rank"), items, known),
        decompositions=parse_decompositions(sections.get("decompose"), items, known),
    )


def compare_all(
    plan: Plan,
    firms: pd.DataFrame,
    rules: DesignRules,
    sample: FullSample | None = None,
    kept: Kept | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the tables `compare`, `unweighted`, `omnibus`, `omnibus_unweighted`, `ranks`, `ranks_unweighted`,
    `adjusted` and `decompositions` of one cohort.

    `firms` is the cohort's slice, `sample` all firms that answered. P-values are adjusted within the cohort; they are
    again when the tables of all cohorts are together. What `kept` has of the run before is not made again.
    """
    kept = kept or Kept()
    parts = [_tables(plan, part, rules, sample, kept) for part in draws.split(firms)]
    found = {name: _combined(name, [part[name] for part in parts], rules) for name in parts[0]}
    return {name: adjust_families(table) if name in FAMILIES else table for name, table in found.items()}


def _tables(
    plan: Plan, firms: pd.DataFrame, rules: DesignRules, sample: FullSample | None, kept: Kept
) -> dict[str, pd.DataFrame]:
    """Return the tables of one completed survey."""
    weighted = Material.of(firms, plan.items, rules, sample, kept)
    plain_firms, plain_sample = unweighted(firms, sample)
    plain = Material.of(plain_firms, plan.items, rules, plain_sample, kept)
    return {
        "compare": groups.compared(plan.comparisons, weighted),
        "unweighted": groups.compared(plan.comparisons, plain),
        "omnibus": omnibus.omnibus_rows(plan.comparisons, plan.groups, weighted),
        "omnibus_unweighted": omnibus.omnibus_rows(plan.comparisons, plan.groups, plain),
        "ranks": ranks.ranked(plan.rankings, weighted),
        "ranks_unweighted": ranks.ranked(plan.rankings, plain),
        "adjusted": adjusted.adjusted(plan.comparisons, weighted),
        "decompositions": decompose.decomposed(plan.decompositions, weighted),
    }


def _combined(name: str, parts: Sequence[pd.DataFrame], rules: DesignRules) -> pd.DataFrame:
    if len(parts) == 1 or not any(len(part) for part in parts):
        return parts[0]
    combine: Mapping[str, Callable[[Sequence[pd.DataFrame], float], pd.DataFrame]] = {
        "compare": multiple.combined_comparisons,
        "unweighted": multiple.combined_comparisons,
        "omnibus": multiple.combined_omnibus,
        "omnibus_unweighted": multiple.combined_omnibus,
        "ranks": multiple.combined_ranks,
        "ranks_unweighted": multiple.combined_ranks,
        "adjusted": multiple.combined_adjusted,
        "decompositions": multiple.combined_decompositions,
    }
    return combine[name](parts, rules.confidence)
