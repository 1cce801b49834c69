"""Compare groups of a cohort with a reference group: difference, its standard error, a test, an effect size.

Both groups come from one sample, so their estimates covary (firms of one stratum, a firm seen in several waves). The
difference is therefore linearised as a whole: z = w u(group) - w u(reference), and its variance is that of one sum over
the sample. Where a group has few firms and the item is a share, the p-value is Fisher's, on unweighted counts, the
status says so, and Firth's log odds ratio with its interval stands beside it. P-values are adjusted within a declared
family, separately for each wave and for the pooled waves.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from innosurvey import draws
from innosurvey.compare.families import adjust_families
from innosurvey.compare.material import Material
from innosurvey.compare.spec import ComparisonSpec, fail_if_items_are_unknown
from innosurvey.contrast import EXACT, Contrast, Sides, contrast_groups, exact_counts
from innosurvey.design import DEFAULT_RULES, DesignRules
from innosurvey.estimate import NAN, Setting
from innosurvey.items import DescribeItem
from innosurvey.multiple import combined_comparisons
from innosurvey.odds import LogOdds, firth_log_odds
from innosurvey.sample import FullSample

COLUMNS = (
    "cohort", "group", "reference", "wave", "item", "statistic", "n_group", "n_reference", "estimate_group",
    "estimate_reference", "difference", "se", "df", "t", "p", "p_adjusted", "lower", "upper", "effect_size",
    "effect_kind", "log_odds", "log_odds_lower", "log_odds_upper", "family", "status",
)  # fmt: skip
UNKNOWN = LogOdds(estimate=NAN, lower=NAN, upper=NAN)


def compare_groups(
    specs: Sequence[ComparisonSpec],
    items: Sequence[DescribeItem],
    firms: pd.DataFrame,
    rules: DesignRules = DEFAULT_RULES,
    sample: FullSample | None = None,
) -> pd.DataFrame:
    """Return `compare.csv` for the comparisons of one cohort: a row per comparison, group, wave (each, then `all`) and
    item.

    `firms` is the cohort's slice, `sample` as in `describe_all`; the draws of a multiple imputation are compared one by
    one and combined. A difference is group minus reference, in the item's unit; what can't be compared is a row with a
    reason. Raises StudyError when a comparison names an item that isn't given.
    """
    for spec in specs:
        fail_if_items_are_unknown(f"compare.{spec.id}", spec.items, [item.id for item in items])
    parts = [compared(specs, Material.of(part, items, rules, sample)) for part in draws.split(firms)]
    return adjust_families(parts[0] if len(parts) == 1 else combined_comparisons(parts, rules.confidence))


def compared(specs: Sequence[ComparisonSpec], material: Material) -> pd.DataFrame:
    """Return the table of one completed survey, its p-values not yet adjusted."""
    records = []
    for spec in specs:
        for group in spec.groups or others_than(spec.reference, material.groups):
            for setting in material.settings:
                for name in spec.items:
                    make = partial(_compared, spec, group, setting, name, material)
                    asked = ("compare", spec.cohort, spec.reference, spec.family, group, setting.wave)
                    records.append(material.found(make, *asked, items=[name]))
    return pd.DataFrame(records, columns=list(COLUMNS))


def others_than(reference: str, groups: np.ndarray) -> list[str]:
    """Return the groups of a slice without the reference."""
    return sorted(set(groups) - {reference})


def _compared(
    spec: ComparisonSpec, group: str, setting: Setting, name: str, material: Material
) -> tuple[str | int | float, ...]:
    """Return one row in the order of COLUMNS; the adjusted p-value comes when the family is complete."""
    item, rules = material.items[name], material.rules
    sides = (material.observe(name, setting, group), material.observe(name, setting, spec.reference))
    contrast = contrast_groups(item, sides, setting, rules)
    odds = _log_odds(contrast, sides, rules.confidence)
    test = (contrast.difference, contrast.se, contrast.df, contrast.t, contrast.p, NAN)
    return (
        spec.cohort, group, spec.reference, setting.wave, name, item.statistic, contrast.n_group, contrast.n_reference,
        contrast.estimate_group, contrast.estimate_reference, *test, contrast.lower, contrast.upper,
        contrast.effect_size, contrast.effect_kind, odds.estimate, odds.lower, odds.upper, spec.family, contrast.status,
    )  # fmt: skip


def _log_odds(contrast: Contrast, sides: Sides, confidence: float) -> LogOdds:
    """Return the log odds ratio of the counts that an exact test was made of; none where the test was another."""
    return firth_log_odds(exact_counts(sides), confidence) if contrast.status == EXACT else UNKNOWN
