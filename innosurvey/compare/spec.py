"""What is compared with what: the entries of the config's sections `compare:`, `rank:` and `decompose:`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

from innosurvey.errors import StudyError, bullets, did_you_mean
from innosurvey.items import DescribeItem
from innosurvey.specs import (
    fail_if_key_missing,
    fail_if_not_one_of,
    fail_if_unknown_keys,
    mapping_at,
    names_at,
    texts_at,
)

Coefficients = Literal["group", "reference", "pooled", "weighted"]
Section = Mapping[str, Mapping[str, object]] | None
Cohorts = Mapping[str, Iterable[str]]
COMPARED_WITHIN = ("share", "mean")
"""Statistics that belong to a firm one by one: these can be set against each other, adjusted and decomposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonSpec:
    """Groups of a cohort against its reference (`groups` empty: all others); tests of one `family` are adjusted
    together. `adjust_for`: variables whose cells are held constant, in place of those of `design:`.
    """

    id: str
    cohort: str
    reference: str
    items: tuple[str, ...]
    family: str
    groups: tuple[str, ...] = ()
    adjust_for: tuple[str, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingSpec:
    """Items against other items among the same firms of each group; `against` empty: the other items of the list."""

    id: str
    cohort: str
    items: tuple[str, ...]
    family: str
    groups: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def others(self, item: str) -> tuple[str, ...]:
        """Return what an item is set against."""
        return tuple(other for other in self.against or self.items if other != item)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecompositionSpec:
    """The gap of each outcome (an item) between two groups, taken apart by the terms (variables): a number enters as
    it is, a category by its levels. `coefficients`: by which the terms' differences are valued.
    """

    id: str
    cohort: str
    group: str
    reference: str
    outcomes: tuple[str, ...]
    terms: tuple[str, ...]
    coefficients: Coefficients = "pooled"
    title: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def parse_comparisons(section: Section, items: Iterable[DescribeItem], cohorts: Cohorts) -> tuple[ComparisonSpec, ...]:
    """Return the comparisons of the config's `compare:` section in its order, `groups` filled in; a null entry removes
    a comparison.

    `cohorts` maps each cohort to its groups' names. Raises StudyError on unknown keys, items, cohorts or groups.
    """
    known_items = [item.id for item in items]
    specs = []
    for where, entry in _entries("compare", section):
        spec = ComparisonSpec(**_settings(ComparisonSpec, where, entry, ("cohort", "reference", "items", "family")))
        fail_if_groups_are_unknown(where, spec.cohort, (spec.reference, *spec.groups), cohorts)
        fail_if_reference_is_compared(spec)
        fail_if_items_are_unknown(where, spec.items, known_items)
        others = tuple(group for group in cohorts[spec.cohort] if group != spec.reference)
        specs.append(replace(spec, groups=spec.groups or others))
    fail_if_comparisons_repeat(specs)
    return tuple(specs)


def parse_rankings(section: Section, items: Iterable[DescribeItem], cohorts: Cohorts) -> tuple[RankingSpec, ...]:
    """Return the rankings of the config's `rank:` section in its order, `groups` filled in.

    Raises StudyError on unknown keys, items, cohorts or groups, and on items that can't be set against each other.
    """
    by_id = {item.id: item for item in items}
    specs = []
    for where, entry in _entries("rank", section):
        spec = RankingSpec(**_settings(RankingSpec, where, entry, ("cohort", "items", "family")))
        fail_if_groups_are_unknown(where, spec.cohort, spec.groups, cohorts)
        named = tuple(dict.fromkeys((*spec.items, *spec.against)))
        fail_if_items_are_unknown(where, named, by_id)
        fail_if_items_are_of_another_kind(where, [by_id[name] for name in named])
        specs.append(replace(spec, groups=spec.groups or tuple(cohorts[spec.cohort])))
    return tuple(specs)


def parse_decompositions(
    section: Section, items: Iterable[DescribeItem], cohorts: Cohorts
) -> tuple[DecompositionSpec, ...]:
    """Return the decompositions of the config's `decompose:` section in its order.

    Raises StudyError on unknown keys, items, cohorts or groups, and on outcomes that are neither shares nor means.
    """
    by_id = {item.id: item for item in items}
    specs = []
    for where, entry in _entries("decompose", section):
        needed = ("cohort", "group", "reference", "outcomes", "terms")
        spec = DecompositionSpec(**_settings(DecompositionSpec, where, entry, needed))
        fail_if_not_one_of(spec.coefficients, get_args(Coefficients), f"{where}.coefficients")
        fail_if_groups_are_unknown(where, spec.cohort, (spec.group, spec.reference), cohorts)
        fail_if_items_are_unknown(where, spec.outcomes, by_id)
        fail_if_statistic_is_no_share_or_mean(where, [by_id[name] for name in spec.outcomes])
        specs.append(spec)
    return tuple(specs)


def _entries(section: str, entries: Section) -> list[tuple[str, Mapping[str, object]]]:
    """Return a section's entries with their places; a null entry is removed."""
    given = mapping_at(entries, section)
    found = [(f"{section}.{key}", entry) for key, entry in given.items() if entry is not None]
    return [(where, mapping_at(entry, where)) for where, entry in found]


def _settings(kind: type, where: str, entry: Mapping[str, object], needed: tuple[str, ...]) -> dict[str, Any]:
    """Return an entry's settings in the types of its dataclass. StudyError on unknown and missing keys."""
    declared = {one.name: str(one.type) for one in fields(kind) if one.name != "id"}
    fail_if_unknown_keys(entry, list(declared), where)
    given = {name: value for name, value in entry.items() if value}  # an empty list asks for nothing: it is missing
    fail_if_key_missing(given, needed, where)
    found: dict[str, Any] = {"id": where.split(".", 1)[1]}
    for name, value in given.items():
        if declared[name].startswith("tuple"):
            found[name] = names_at(where, name, value)
        else:
            found[name] = texts_at(where, value) if name == "title" else str(value)
    return found


def fail_if_groups_are_unknown(where: str, cohort: str, named: Iterable[str], cohorts: Cohorts) -> None:
    """Raise StudyError when an entry names a cohort that isn't declared, or a group that the cohort lacks."""
    if cohort not in cohorts:
        raise StudyError(
            f"{where}: there is no cohort {cohort!r}.{did_you_mean(cohort, cohorts)}\n"
            f"The config declares: {', '.join(cohorts)}."
        )
    groups = list(cohorts[cohort])
    unknown = [name for name in named if name not in groups]
    if unknown:
        raise StudyError(
            f"{where}: cohort {cohort} has no such groups:\n"
            f"{bullets(f'{name}.{did_you_mean(name, groups)}' for name in unknown)}\nIt has: {', '.join(groups)}."
        )


def fail_if_reference_is_compared(spec: ComparisonSpec) -> None:
    """Raise StudyError when a comparison names its reference as a group."""
    if spec.reference in spec.groups:
        raise StudyError(
            f"compare.{spec.id}: {spec.reference} is both the reference and a group.\n"
            "Take it out of `groups`, or choose another reference."
        )


def fail_if_items_are_unknown(where: str, names: Iterable[str], items: Iterable[str]) -> None:
    """Raise StudyError when an entry names items that `describe:` lacks."""
    known = list(items)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise StudyError(
            f"{where} names items that `describe:` does not declare:\n"
            f"{bullets(f'{name}.{did_you_mean(name, known)}' for name in unknown)}\n"
            "Correct the names, or declare the items under `describe:`."
        )


def fail_if_items_are_of_another_kind(where: str, items: Sequence[DescribeItem]) -> None:
    """Raise StudyError unless all items are shares, or all are means in one unit."""
    fail_if_statistic_is_no_share_or_mean(where, items)
    kinds = sorted({f"{item.statistic} in {item.unit}" for item in items})
    if len(kinds) > 1:
        raise StudyError(
            f"{where} sets items of different kinds against each other: {'; '.join(kinds)}.\n"
            "Rank shares with shares, and means with means in the same unit."
        )


def fail_if_statistic_is_no_share_or_mean(where: str, items: Sequence[DescribeItem]) -> None:
    """Raise StudyError when an item is neither a share nor a mean."""
    wrong = [f"{item.id}: a {item.statistic}" for item in items if item.statistic not in COMPARED_WITHIN]
    if wrong:
        raise StudyError(
            f"{where} names items that are neither shares nor means:\n{bullets(wrong)}\n"
            "Describe a share or a mean of the variable, and name that."
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
