"""Compare groups of a cohort with a reference group: difference, its standard error, a test, an effect size.

Both groups come from one sample, so their estimates covary (firms of one stratum, a firm seen in several waves). The
difference is therefore linearised as a whole: z = w u(group) - w u(reference), and its variance is that of one sum over
the sample. Where a group has few firms and the item is a share, the p-value is Fisher's, on unweighted counts, and the
status says so. P-values are adjusted within a declared family (Benjamini and Hochberg 1995), separately for each wave
and for the pooled waves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
import pandas as pd

from innosurvey.contrast import Contrast, contrast_groups
from innosurvey.design import DEFAULT_RULES, DesignRules
from innosurvey.errors import StudyError, bullets, did_you_mean
from innosurvey.estimate import observe, sample_settings
from innosurvey.items import DescribeItem, item_values
from innosurvey.sample import FullSample
from innosurvey.specs import fail_if_key_missing, fail_if_unknown_keys, mapping_at

COLUMNS = (
    "cohort", "group", "reference", "wave", "item", "statistic", "n_group", "n_reference", "estimate_group",
    "estimate_reference", "difference", "se", "df", "t", "p", "p_adjusted", "lower", "upper", "effect_size",
    "effect_kind", "family", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonSpec:
    """Groups of a cohort against its reference (`groups` empty: all others); tests of one `family` are adjusted
    together.
    """

    id: str
    cohort: str
    reference: str
    items: tuple[str, ...]
    family: str
    groups: tuple[str, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def parse_comparisons(
    section: Mapping[str, Mapping[str, object]] | None,
    items: Iterable[DescribeItem],
    cohorts: Mapping[str, Iterable[str]],
) -> tuple[ComparisonSpec, ...]:
    """Return the comparisons of the config's `compare:` section in its order, `groups` filled in; a null entry removes
    a comparison.

    `cohorts` maps each cohort to its groups' names. Raises StudyError on unknown keys, items, cohorts or groups.
    """
    known_items = [item.id for item in items]
    specs = []
    for key, entry in (section or {}).items():
        if entry is None:
            continue
        spec = _parse_comparison(str(key), entry)
        fail_if_cohort_is_unknown(spec, cohorts)
        fail_if_groups_are_unknown(spec, list(cohorts[spec.cohort]))
        fail_if_items_are_unknown(spec, known_items)
        others = tuple(group for group in cohorts[spec.cohort] if group != spec.reference)
        specs.append(replace(spec, groups=spec.groups or others))
    fail_if_comparisons_repeat(specs)
    return tuple(specs)


def compare_groups(
    specs: Sequence[ComparisonSpec],
    items: Sequence[DescribeItem],
    firms: pd.DataFrame,
    rules: DesignRules = DEFAULT_RULES,
    sample: FullSample | None = None,
) -> pd.DataFrame:
    """Return `compare.csv` for the comparisons of one cohort: a row per comparison, group, wave (each, then `all`) and
    item.

    `firms` is the cohort's slice, `sample` as in `describe_all`. A difference is group minus reference, in the item's
    unit; what can't be compared is a row with a reason. Raises StudyError when a comparison names an item that isn't
    given.
    """
    by_id = {item.id: item for item in items}
    for spec in specs:
        fail_if_items_are_unknown(spec, by_id)
    values = {name: item_values(by_id[name], firms) for spec in specs for name in spec.items}
    groups = firms["group"].astype("str").to_numpy()
    settings = list(sample_settings(firms, rules, sample))
    records = []
    for spec in specs:
        for group in spec.groups or _others(groups, spec.reference):
            for setting in settings:
                for name in spec.items:
                    sides = [
                        observe(values[name], setting, groups[setting.rows] == side) for side in (group, spec.reference)
                    ]
                    contrast = contrast_groups(by_id[name], (sides[0], sides[1]), setting, rules)
                    records.append(_record(spec, group, setting.wave, by_id[name], contrast))
    return adjust_families(pd.DataFrame(records, columns=list(COLUMNS)))


def adjust_families(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `p_adjusted` computed from `p` within each family and wave.

    Run it again after comparisons of several cohorts have been put together, because a family may span them. Source:
    Benjamini and Hochberg 1995.
    """
    adjusted = comparisons.assign(p_adjusted=np.nan)
    tested = comparisons[comparisons["p"].notna()]
    for _, tests in tested.groupby(["family", "wave"], sort=True):
        adjusted.loc[tests.index, "p_adjusted"] = benjamini_hochberg(tests["p"].to_numpy(dtype=float))
    return adjusted[list(COLUMNS)]


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Return the p-values adjusted for the false discovery rate: min over j ≥ i of m p_(j) / j, at most 1."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * p.size / np.arange(1, p.size + 1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def fail_if_cohort_is_unknown(spec: ComparisonSpec, cohorts: Iterable[str]) -> None:
    """Raise StudyError when a comparison's cohort isn't declared."""
    if spec.cohort not in cohorts:
        raise StudyError(
            f"compare.{spec.id}: there is no cohort {spec.cohort!r}.{did_you_mean(spec.cohort, cohorts)}\n"
            f"The config declares: {', '.join(cohorts)}."
        )


def fail_if_groups_are_unknown(spec: ComparisonSpec, groups: Sequence[str]) -> None:
    """Raise StudyError when a comparison names a group that its cohort lacks, or its reference as a group."""
    unknown = [name for name in (spec.reference, *spec.groups) if name not in groups]
    if unknown:
        raise StudyError(
            f"compare.{spec.id}: cohort {spec.cohort} has no such groups:\n"
            f"{bullets(f'{name}.{did_you_mean(name, groups)}' for name in unknown)}\nIt has: {', '.join(groups)}."
        )
    if spec.reference in spec.groups:
        raise StudyError(
            f"compare.{spec.id}: {spec.reference} is both the reference and a group.\n"
            "Take it out of `groups`, or choose another reference."
        )


def fail_if_items_are_unknown(spec: ComparisonSpec, items: Iterable[str]) -> None:
    """Raise StudyError when a comparison names items that `describe:` lacks."""
    known = list(items)
    unknown = [name for name in spec.items if name not in known]
    if unknown:
        raise StudyError(
            f"compare.{spec.id} names items that `describe:` does not declare:\n"
            f"{bullets(f'{name}.{did_you_mean(name, known)}' for name in unknown)}\n"
            "Correct the names, or declare the items under `describe:`."
        )


def fail_if_comparisons_repeat(specs: Sequence[ComparisonSpec]) -> None:
    """Raise StudyError when two comparisons ask the same of the same groups: a test belongs to one family."""
    first: dict[tuple[str, str, str, str], str] = {}
    repeated = []
    for spec in specs:
        for group in spec.groups:
            for item in spec.items:
                other = first.setdefault((spec.cohort, spec.reference, group, item), spec.id)
                if other != spec.id:
                    repeated.append(f"{other} and {spec.id}: {item} of {group} against {spec.reference}")
    if repeated:
        raise StudyError(
            f"compare makes the same test twice:\n{bullets(repeated)}\n"
            "A test belongs to one comparison and one family: drop it from one of them."
        )


def _parse_comparison(key: str, entry: Mapping[str, object]) -> ComparisonSpec:
    where = f"compare.{key}"
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, [declared.name for declared in fields(ComparisonSpec) if declared.name != "id"], where)
    # An empty list of items asks for nothing: it counts as missing.
    given = {name: value for name, value in entry.items() if value}
    fail_if_key_missing(given, ("cohort", "reference", "items", "family"), where)
    return ComparisonSpec(
        id=key,
        cohort=str(entry["cohort"]),
        reference=str(entry["reference"]),
        items=_names(key, "items", entry["items"]),
        family=str(entry["family"]),
        groups=_names(key, "groups", entry.get("groups") or ()),
        title=_texts(key, entry.get("title") or {}),
        note=str(entry.get("note") or ""),
    )


def _names(key: str, setting: str, listed: object) -> tuple[str, ...]:
    """Return a list of names as a tuple. Raises StudyError when it is no list or holds a name twice."""
    if not isinstance(listed, list | tuple):
        raise StudyError(f"compare.{key}: {setting} is not a list.\nWrite `{setting}: [first, second]`.")
    names = tuple(str(name) for name in listed)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StudyError(f"compare.{key}: {setting} lists names twice: {', '.join(twice)}.\nName each one once.")
    return names


def _texts(key: str, title: object) -> Mapping[str, str]:
    if not isinstance(title, Mapping):
        raise StudyError(f"compare.{key}: the title is not a map of languages.\nWrite `title: {{en: …, ko: …}}`.")
    return dict(title)


def _others(groups: np.ndarray, reference: str) -> list[str]:
    return sorted(set(groups) - {reference})


def _record(
    spec: ComparisonSpec, group: str, wave: str, item: DescribeItem, contrast: Contrast
) -> tuple[str | int | float, ...]:
    """Return one row in the order of COLUMNS; the adjusted p-value comes when the family is complete."""
    test = (contrast.difference, contrast.se, contrast.df, contrast.t, contrast.p, float("nan"))
    return (
        spec.cohort, group, spec.reference, wave, item.id, item.statistic, contrast.n_group, contrast.n_reference,
        contrast.estimate_group, contrast.estimate_reference, *test, contrast.lower, contrast.upper,
        contrast.effect_size, contrast.effect_kind, spec.family, contrast.status,
    )  # fmt: skip
