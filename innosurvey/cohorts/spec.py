"""The declaration of a cohort: a named, versioned way of dividing the firms into groups.

Groups are given by rules, by the bins of a number (`bins: age`, each group with `below:`), or by a code list
(`lookup:`). Bins become rules here, so that everything after sees rules and lookups only. `otherwise` names the group
of those whom no rule takes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from innosurvey import expressions
from innosurvey.codelists import LookupSpec, parse_lookup
from innosurvey.errors import StudyError
from innosurvey.specs import (
    english,
    fail_if_key_missing,
    fail_if_not_one_of,
    fail_if_unknown_keys,
    mapping_at,
    title_of,
)

Kind = Literal["partition", "overlapping"]
UNASSIGNED = "unassigned"
"""Where firms are counted whose answers leave every rule open."""
OUTSIDE = "outside"
"""Where firms outside the universe are counted, when definitions of different universes are set side by side."""
NOT_ASKED = "not_asked"
"""Where the firms of a wave are counted that could not be asked for a definition."""
RESERVED = {
    UNASSIGNED: "firms without an answer",
    OUTSIDE: "firms outside the universe",
    NOT_ASKED: "firms of a wave that lacks the definition",
}
"""No group may have one of these names."""

KEYS = (
    "title", "kind", "version", "concept", "variant", "source", "note", "universe",
    "groups", "otherwise", "bins", "lookup", "may_be_empty",
)  # fmt: skip
GROUP_KEYS = ("title", "rule", "below", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSpec:
    """One group: the rule that takes a firm in, or None for the group of all others."""

    name: str
    title: Mapping[str, str]
    rule: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortSpec:
    """One cohort. `groups` is empty when a code list gives them; `may_be_empty` names the groups that need no firm."""

    id: str
    title: Mapping[str, str]
    kind: Kind
    version: int
    concept: str
    variant: str = ""
    source: str = ""
    universe: str | None = None
    groups: tuple[GroupSpec, ...] = ()
    lookup: LookupSpec | None = None
    may_be_empty: tuple[str, ...] | Literal[True] = ()

    @property
    def where(self) -> str:
        """Return where the cohort is declared."""
        return f"cohorts.{self.id}"

    def rules(self) -> dict[str, str]:
        """Return every expression of the cohort by the place where it stands."""
        rules = {f"{self.where}.groups.{group.name}": group.rule for group in self.groups if group.rule is not None}
        return {f"{self.where}.universe": self.universe, **rules} if self.universe else rules

    def names(self) -> list[str]:
        """Return the variables that decide who belongs where, each once."""
        names = [name for where, rule in self.rules().items() for name in expressions.names_in(rule, where)]
        return list(dict.fromkeys([*names, *(self.lookup.variables if self.lookup else [])]))

    def missing(self, columns: Collection[str]) -> list[str]:
        """Return the variables without which a wave with these columns cannot have the cohort; empty when it can."""
        rules = self.rules().items()
        names = [name for where, rule in rules for name in expressions.missing_names(rule, columns, where)]
        looked_up = [self.lookup.variable] if self.lookup and not self.lookup.variable_in(columns) else []
        return list(dict.fromkeys([*names, *looked_up]))


def parse_cohorts(section: Mapping[str, Any] | None) -> dict[str, CohortSpec]:
    """Return the cohorts of the section by id.

    StudyError for what could not work: unknown keys, rules that do not parse.
    """
    return {str(name): _parse_one(str(name), entry) for name, entry in mapping_at(section, "cohorts").items()}


def _parse_one(name: str, entry: Any) -> CohortSpec:
    where = f"cohorts.{name}"
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, KEYS, where)
    kind = entry.get("kind", "partition")
    fail_if_not_one_of(kind, ("partition", "overlapping"), f"{where}.kind")
    version = entry.get("version", 1)
    if not isinstance(version, int) or version < 1:
        raise StudyError(f"{where}.version: expected a whole number from 1; raise it when the rule changes.")
    spec = CohortSpec(
        id=name,
        title=title_of(entry, name, where),
        kind=kind,
        version=version,
        concept=str(entry.get("concept", name)),
        variant=str(entry.get("variant", "")),
        source=english(entry.get("source")),
        universe=str(entry["universe"]) if "universe" in entry else None,
        groups=() if "lookup" in entry else _groups(entry, where),
        lookup=parse_lookup(entry["lookup"], f"{where}.lookup") if "lookup" in entry else None,
        may_be_empty=_may_be_empty(entry),
    )
    _fail_if_groups_do_not_fit(spec, entry)
    spec.names()  # a rule that does not parse is refused when the configuration is read
    return spec


def _groups(entry: Mapping[str, Any], where: str) -> tuple[GroupSpec, ...]:
    groups = mapping_at(entry.get("groups"), f"{where}.groups")
    if not groups:
        raise StudyError(f"{where}: a cohort needs groups.\nGive `groups:` with a rule each, or a `lookup:`.")
    declared = _bins(str(entry["bins"]), groups, where) if "bins" in entry else _rules(groups, where)
    return (*declared, *_otherwise(entry.get("otherwise"), where))


def _rules(groups: Mapping[str, Any], where: str) -> list[GroupSpec]:
    found = []
    for name, entry in groups.items():
        here = f"{where}.groups.{name}"
        entry = mapping_at({"rule": entry} if isinstance(entry, str) else entry, here)
        fail_if_unknown_keys(entry, GROUP_KEYS, here)
        fail_if_key_missing(entry, ("rule",), here)
        found.append(GroupSpec(name=str(name), title=title_of(entry, str(name), here), rule=str(entry["rule"])))
    return found


def _bins(variable: str, groups: Mapping[str, Any], where: str) -> list[GroupSpec]:
    """Return the groups of a number as rules: each reaches from the bound before to its own, the last is open."""
    found: list[GroupSpec] = []
    low: float | None = None
    for place, (name, entry) in enumerate(groups.items(), start=1):
        here = f"{where}.groups.{name}"
        entry = mapping_at(entry, here)
        fail_if_unknown_keys(entry, GROUP_KEYS, here)
        high = entry.get("below")
        if "rule" in entry or (high is None) != (place == len(groups)):
            raise StudyError(f"{here}: with `bins:` each group has `below:`, except the last, which is open.")
        if high is not None and (not isinstance(high, int | float) or (low is not None and high <= low)):
            raise StudyError(f"{here}: `below:` must be a number above that of the group before.")
        rule = _between(variable, low, high)
        found.append(GroupSpec(name=str(name), title=title_of(entry, str(name), here), rule=rule))
        low = high
    return found


def _between(variable: str, low: float | None, high: float | None) -> str:
    """Return the rule for a number from `low` to below `high`; either may be open."""
    if low is None:
        return f"{variable} < {high}" if high is not None else f"reported({variable})"
    return f"{low} <= {variable} < {high}" if high is not None else f"{variable} >= {low}"


def _otherwise(entry: Any, where: str) -> list[GroupSpec]:
    """Return the group of all others: `otherwise: dormant`, or `otherwise: {dormant: {title: …}}`."""
    if entry is None:
        return []
    groups = {entry: {}} if isinstance(entry, str) else mapping_at(entry, f"{where}.otherwise")
    if len(groups) != 1:
        raise StudyError(
            f"{where}.otherwise: name one group, as in `otherwise: {{dormant: {{title: {{en: Dormant}}}}}}`."
        )
    name, detail = next(iter(groups.items()))
    detail = mapping_at(detail, f"{where}.otherwise.{name}")
    fail_if_unknown_keys(detail, ("title", "note"), f"{where}.otherwise.{name}")
    return [GroupSpec(name=str(name), title=title_of(detail, str(name), f"{where}.otherwise.{name}"), rule=None)]


def _may_be_empty(entry: Mapping[str, Any]) -> tuple[str, ...] | Literal[True]:
    given = entry.get("may_be_empty", ())
    if given is True:
        return True
    return (str(given),) if isinstance(given, str) else tuple(str(name) for name in given or ())


def _fail_if_groups_do_not_fit(spec: CohortSpec, entry: Mapping[str, Any]) -> None:
    names = [group.name for group in spec.groups]
    if spec.lookup and any(key in entry for key in ("groups", "bins", "otherwise")):
        raise StudyError(
            f"{spec.where}: with `lookup:` the code list gives the groups.\nRemove groups, bins and otherwise."
        )
    for name in set(names) & set(RESERVED):
        raise StudyError(f"{spec.where}: `{name}` is kept for {RESERVED[name]}.\nRename the group.")
    if repeated := {name for name in names if names.count(name) > 1}:
        raise StudyError(f"{spec.where}: the group {', '.join(sorted(repeated))} stands twice.\nRename one.")
    if spec.kind == "overlapping" and "otherwise" in entry:
        raise StudyError(f"{spec.where}: `otherwise` belongs to a partition.\nGive the group a rule.")
    if not spec.lookup and spec.may_be_empty is not True:
        for name in spec.may_be_empty:
            fail_if_not_one_of(name, names, f"{spec.where}.may_be_empty")
