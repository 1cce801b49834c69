"""Who belongs to which group: all waves, all cohorts.

Variables are derived and rules applied wave by wave, because `any(a, b)` means "of what this wave asked". Then the
waves are pooled; what a wave did not ask is missing there, with the flag `not_collected`. A firm whose answers leave a
rule or the universe open is in no group and is counted as unassigned; a firm that the rules place in none or in two
groups of a partition stops the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey import expressions
from innosurvey.codelists import LookupSpec, list_of, look_up, values_of
from innosurvey.cohorts.definitions import Placed, compare_definitions, count_overlaps
from innosurvey.cohorts.pool import pool_waves
from innosurvey.cohorts.spec import UNASSIGNED, CohortSpec, GroupSpec
from innosurvey.cohorts.summary import availability_of, summarise
from innosurvey.derive import Derived, DerivedSpec, derive, parts_of
from innosurvey.dictionary import Dictionary
from innosurvey.errors import StudyError, bullets

Codelists = Mapping[str, pd.DataFrame]
UNANSWERED = ("missing", "refused", "dont_know")
"""Flags of an answer that the firm owes; one that it was not asked for settles that it is outside a universe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """All waves' firms with derived variables; who is where; counts by group; what could not be had.

    `memberships`: firm_id, wave, cohort, group. `summary`, `definitions`, `overlaps` and `availability`: the tables
    `cohorts`, `definitions`, `overlaps` and `availability`.
    """

    firms: pd.DataFrame
    memberships: pd.DataFrame
    summary: pd.DataFrame
    definitions: pd.DataFrame
    overlaps: pd.DataFrame
    availability: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Each wave with its derived variables, where its firms are by cohort and wave, and the groups of each cohort."""

    parts: Mapping[str, Derived]
    placed: Placed
    groups: Mapping[str, tuple[GroupSpec, ...]]


def assign_cohorts(
    waves: Mapping[str, pd.DataFrame],
    specs: Mapping[str, CohortSpec],
    derived: Mapping[str, DerivedSpec],
    dictionary: Dictionary,
    codelists: Codelists,
    offers: Mapping[str, expressions.Offers] | None = None,
) -> Cohorts:
    """Return the pooled firms and their memberships; `waves` in the study's order. StudyErrors: see `place_firms`."""
    found = place_firms(waves, specs, derived, dictionary, codelists, offers)
    parts, placed = found.parts, found.placed
    firms = pool_waves({wave: part.firms for wave, part in parts.items()}, dictionary)
    memberships = _memberships(specs, placed, parts)
    weights = {wave: part.firms["weight_final"] for wave, part in parts.items()}
    return Cohorts(
        firms=firms,
        memberships=memberships[memberships["group"] != UNASSIGNED].reset_index(drop=True),
        summary=summarise(memberships, firms, specs, found.groups, placed),
        definitions=compare_definitions(placed, specs, weights),
        overlaps=count_overlaps(placed, specs, weights),
        availability=availability_of(parts, specs, derived, dictionary),
    )


def place_firms(
    waves: Mapping[str, pd.DataFrame],
    specs: Mapping[str, CohortSpec],
    derived: Mapping[str, DerivedSpec],
    dictionary: Dictionary,
    codelists: Codelists,
    offers: Mapping[str, expressions.Offers] | None = None,
) -> Placement:
    """Return where each wave's firms are; `offers` are the answers that each wave's questions can have.

    StudyError for a rule that names an unknown variable or level, for a partition that is none (with counts of firms),
    and for a group without any firm that is not declared as `may_be_empty`.
    """
    answers = offers or {}
    parts = {wave: derive(firms, derived, dictionary, codelists, answers.get(wave)) for wave, firms in waves.items()}
    placed = {
        name: {
            wave: _place(spec, part.firms, codelists, dictionary, _named_by_universe(spec, derived))
            for wave, part in parts.items()
            if not spec.missing(part.firms.columns)
        }
        for name, spec in specs.items()
    }
    # A cohort that no wave has needs no code list either.
    groups = {name: groups_of(spec, codelists) if placed[name] else () for name, spec in specs.items()}
    known = {*dictionary, *derived, *(str(column) for part in parts.values() for column in part.firms.columns)}
    for name, spec in specs.items():
        _fail_if_names_unknown(spec, known)
        _fail_if_not_a_partition(spec, placed[name])
    _fail_if_groups_are_empty(specs, placed, groups)
    return Placement(parts=parts, placed=placed, groups=groups)


def groups_of(spec: CohortSpec, codelists: Codelists) -> tuple[GroupSpec, ...]:
    """Return the cohort's groups in their order with titles, also when a code list gives them."""
    lookup = spec.lookup
    if lookup is None:
        return spec.groups
    codelist = list_of(lookup, codelists).drop_duplicates(lookup.value).set_index(lookup.value, drop=False)
    found = []
    for name in values_of(lookup, codelists):
        titles = {
            language: str(codelist.loc[name, column])
            for language, column in lookup.title.items()
            if name in codelist.index
        }
        rule = f"{lookup.variable} is {name} in the code list {lookup.codelist}"
        found.append(GroupSpec(name=name, title=titles or {"en": name}, rule=rule))
    return tuple(found)


def _place(
    spec: CohortSpec, firms: pd.DataFrame, codelists: Codelists, dictionary: Dictionary, universe: Sequence[str]
) -> pd.DataFrame:
    """Return one yes/no column per group (missing = open) for the firms of the universe, on the wave's index.

    A firm that owes an answer by which the universe is decided is among them, with everything open.
    """
    levels = {name: variable.levels for name, variable in dictionary.items() if variable.levels}
    owing = pd.Series(False, index=firms.index)
    named = firms[[name for name in spec.names() if name in firms.columns]]
    if spec.universe:
        inside = expressions.evaluate(spec.universe, named, f"{spec.where}.universe", levels)
        _fail_if_not_yes_no(inside, f"{spec.where}.universe")
        owing = inside.isna() & _owes_an_answer(firms, universe)
        named = named[inside.fillna(False).astype(bool) | owing]
    table = _looked_up(spec.lookup, named, codelists) if spec.lookup else _ruled(spec, named, levels)
    return table.mask(owing[named.index])


def _looked_up(lookup: LookupSpec, firms: pd.DataFrame, codelists: Codelists) -> pd.DataFrame:
    found = look_up(firms, lookup, codelists)
    names = values_of(lookup, codelists)
    return pd.DataFrame(
        {name: (found == name).astype("boolean").mask(found.isna()) for name in names}, index=firms.index
    )


def _ruled(spec: CohortSpec, firms: pd.DataFrame, levels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for group in spec.groups:
        if group.rule is not None:
            where = f"{spec.where}.groups.{group.name}"
            columns[group.name] = expressions.evaluate(group.rule, firms, where, levels)
            _fail_if_not_yes_no(columns[group.name], where)
    rest = [group.name for group in spec.groups if group.rule is None]
    ruled = pd.DataFrame(columns, index=firms.index)
    return ruled.assign(**{name: ~_any(ruled) for name in rest})


def _named_by_universe(spec: CohortSpec, derived: Mapping[str, DerivedSpec]) -> list[str]:
    """Return the variables that decide who is in the universe, with those that they are derived from."""
    return parts_of(expressions.names_in(spec.universe, spec.where), derived) if spec.universe else []


def _owes_an_answer(firms: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Return whether one of the variables went without the answer that was asked for."""
    owed = [firms[flag].isin(UNANSWERED) for flag in (f"{name}_flag" for name in names) if flag in firms.columns]
    return pd.concat(owed, axis=1).any(axis=1) if owed else pd.Series(False, index=firms.index)


def _any(ruled: pd.DataFrame) -> pd.Series:
    """Return whether any rule takes the firm in; open when none does and one is open."""
    result = pd.Series(False, index=ruled.index, dtype="boolean")
    for name in ruled:
        result = result | ruled[name]
    return result


def _memberships(specs: Mapping[str, CohortSpec], placed: Placed, parts: Mapping[str, Derived]) -> pd.DataFrame:
    """Return firm_id, wave, cohort, group in long form; a firm of the universe that no rule decides is `unassigned`."""
    members = [pd.Series(dtype="str", name="firm_id")]
    keys, sizes = [], []
    for name, spec in specs.items():
        for wave, table in placed[name].items():
            ids = parts[wave].firms["firm_id"].astype("str").loc[table.index]
            chosen = table.fillna(False).to_numpy(dtype=bool)
            groups = [(group, chosen[:, place]) for place, group in enumerate(table.columns)]
            if spec.kind == "partition":
                groups.append((UNASSIGNED, np.logical_not(chosen.any(axis=1))))
            for group, inside in groups:
                members.append(ids[inside])
                keys.append((wave, name, group))
                sizes.append(int(inside.sum()))
    places = pd.DataFrame(keys, columns=["wave", "cohort", "group"], dtype="str")
    rows = places.iloc[np.repeat(np.arange(len(keys)), sizes)].reset_index(drop=True)
    return pd.concat([pd.concat(members, ignore_index=True), rows], axis=1)


def _fail_if_not_yes_no(column: pd.Series, where: str) -> None:
    if str(column.dtype) != "boolean":
        raise StudyError(f"{where}: a rule must be yes or no, and this is a {column.dtype}.\nCompare it, as in x > 0.")


def _fail_if_names_unknown(spec: CohortSpec, known: Collection[str]) -> None:
    for where, rule in spec.rules().items():
        expressions.fail_if_unknown_names(rule, known, where)
    if spec.lookup:
        for name in spec.lookup.variables:
            expressions.fail_if_unknown_names(name, known, spec.lookup.where)


def _fail_if_not_a_partition(spec: CohortSpec, placed: Mapping[str, pd.DataFrame]) -> None:
    if spec.kind != "partition":
        return
    wrong: dict[str, dict[str, int]] = {}
    for wave, table in placed.items():
        chosen = table.fillna(False).to_numpy(dtype=bool)
        times, open_rules = chosen.sum(axis=1), table.isna().any(axis=1).to_numpy()
        if none := int(np.sum((times == 0) & ~open_rules)):
            wrong.setdefault("no group", {})[wave] = none
        names = np.array(table.columns)
        for groups, count in Counter(" and ".join(names[row]) for row in chosen[times > 1]).items():
            wrong.setdefault(groups, {})[wave] = count
    if wrong:
        said = {
            groups: ", ".join(f"wave {wave}: {n}" for wave, n in counts.items()) for groups, counts in wrong.items()
        }
        lines = [f"firms in {groups}: {counts}" for groups, counts in sorted(said.items())]
        raise StudyError(
            f"{spec.where}: every firm of the universe must be in exactly one group of a partition, and is not:\n"
            f"{bullets(lines)}\n"
            "Correct the rules, name the rest with `otherwise:`, narrow `universe:`, or say `kind: overlapping`."
        )


def _fail_if_groups_are_empty(
    specs: Mapping[str, CohortSpec],
    placed: Placed,
    groups: Mapping[str, tuple[GroupSpec, ...]],
) -> None:
    """Raise a StudyError that names the empty groups of all cohorts: a survey of larger firms has several."""
    lines = []
    for name, spec in specs.items():
        tables = placed[name].values()
        filled = {group for table in tables for group in table.columns if table[group].fillna(False).any()}
        allowed = [group.name for group in groups[name]] if spec.may_be_empty is True else spec.may_be_empty
        empty = [group.name for group in groups[name] if group.name not in filled and group.name not in allowed]
        if tables and empty:
            lines.append(
                f"{spec.where}: no firm of any wave is in {', '.join(empty)}.\n"
                f"With firms: {', '.join(sorted(filled)) or 'none'}. "
                f"{_left_open(placed[name])}Correct the rule, or say `may_be_empty: [{', '.join(empty)}]`."
            )
    if lines:
        raise StudyError("\n".join(lines))


def _left_open(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return how many firms are in no group because they lack an answer, and what most often is to blame."""
    counts = [int((table.isna().any(axis=1) & ~table.fillna(False).any(axis=1)).sum()) for table in tables.values()]
    if not sum(counts):
        return ""
    return (
        f"{sum(counts)} firms lack an answer that the rule needs: say in the codebook who was asked (`asked_if:`), "
        "or what a blank means (`blank:`). "
    )
