"""Definitions side by side: who moves between two definitions of one thing, and which groups firms are in at once.

Partitions of one concept are crossed two by two (`compare_definitions`) and all at once, and the groups of an
overlapping cohort are counted by the combinations in which they occur (`count_overlaps`). Whoever is in no group is
counted all the same, as `unassigned`, `outside` the universe, or `not_asked` in a wave that lacks a definition, so that
the margins are the counts of each definition on its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, permutations

import numpy as np
import pandas as pd

from innosurvey.cohorts.spec import NOT_ASKED, OUTSIDE, RESERVED, UNASSIGNED, CohortSpec

Placed = Mapping[str, Mapping[str, pd.DataFrame]]
"""By cohort and wave: a yes/no column per group (missing = open) for the firms of the universe."""
Weights = Mapping[str, pd.Series]
"""By wave: the weights of all its firms, on the wave's index."""

DEFINITIONS = ["concept", "cohort_a", "group_a", "cohort_b", "group_b", "wave", "n", "weighted_n", "share"]
OVERLAPS = ["about", "kind", "pattern", "base", "wave", "n", "weighted_n", "share"]
COUNTED = {"n": "Int64", "weighted_n": "float64", "share": "float64"}
ALL = "all"


def variants_of(specs: Mapping[str, CohortSpec]) -> dict[str, list[str]]:
    """Return the concepts that have several definitions, with the ids of the partitions that define them."""
    found: dict[str, list[str]] = {}
    for name, spec in specs.items():
        if spec.kind == "partition":
            found.setdefault(spec.concept, []).append(name)
    return {concept: names for concept, names in found.items() if len(names) > 1}


def compare_definitions(placed: Placed, specs: Mapping[str, CohortSpec], weights: Weights) -> pd.DataFrame:
    """Return the table `definitions`: firms by their groups under two definitions of a concept, by wave and in `all`.

    Counted are the waves that have both definitions, and in them the firms in the universe of either; `share` is in per
    cent of these, weighted. Combinations without a firm have no row.
    """
    tables = []
    for concept, names in variants_of(specs).items():
        for first, second in combinations(names, 2):
            waves = [wave for wave in weights if wave in placed[first] and wave in placed[second]]
            firms = _side_by_side(placed, [first, second], {wave: weights[wave] for wave in waves})
            counts = _counted(firms.rename(columns={first: "group_a", second: "group_b"}), ["group_a", "group_b"])
            tables.append(counts.assign(concept=concept, cohort_a=first, cohort_b=second))
    return _table(tables, DEFINITIONS)


def count_overlaps(placed: Placed, specs: Mapping[str, CohortSpec], weights: Weights) -> pd.DataFrame:
    """Return the table `overlaps`: firms by the pattern of all their groups.

    Kind `definitions`: by concept, `cohort=group` under each of its definitions, joined by `|`; `groups`: the groups of
    an overlapping cohort in which a firm is at once. `share` is in per cent of all weighted firms in any of them.
    `also`: of the firms in the group `base`, those that are in the group `pattern` as well.
    """
    tables = []
    for concept, names in variants_of(specs).items():
        waves = [wave for wave in weights if sum(wave in placed[name] for name in names) > 1]
        firms = _side_by_side(placed, names, {wave: weights[wave] for wave in waves})
        patterns = ["|".join(map("=".join, zip(names, row, strict=True))) for row in firms[names].to_numpy(dtype=str)]
        tables.append(_patterns(firms, patterns).assign(about=concept, kind="definitions", base=ALL))
    for name, spec in specs.items():
        if spec.kind == "overlapping" and placed[name]:
            tables += _overlaps_of(name, placed[name], weights)
    return _table(tables, OVERLAPS)


def _overlaps_of(name: str, tables: Mapping[str, pd.DataFrame], weights: Weights) -> list[pd.DataFrame]:
    """Return the patterns of an overlapping cohort's groups, and of each group those in each other one."""
    answers = pd.concat(tables.values(), ignore_index=True)
    groups = np.array([*map(str, answers.columns)], dtype=object)
    firms = pd.concat(
        [pd.DataFrame({"wave": wave, "weight": weights[wave][table.index]}) for wave, table in tables.items()],
        ignore_index=True,
    ).assign(wave=lambda firms: _in_order(firms["wave"], list(weights)))
    decided, inside = answers.notna().all(axis=1).to_numpy(), answers.fillna(False).to_numpy(dtype=bool)
    patterns = np.where(decided, np.array(["|".join(groups[row]) for row in inside], dtype=object), UNASSIGNED)
    held = patterns != ""
    found = [_patterns(firms[held], list(patterns[held])).assign(about=name, kind="groups", base=ALL)]
    for base, group in permutations(range(len(groups)), 2):
        chosen = decided & inside[:, base]
        also = _patterns(firms[chosen], list(np.where(inside[chosen, group], groups[group], "")))
        found.append(also[also["pattern"] == groups[group]].assign(about=name, kind="also", base=groups[base]))
    return found


def _side_by_side(placed: Placed, names: Sequence[str], weights: Weights) -> pd.DataFrame:
    """Return wave, weight and the group under each definition of the firms that any of them is about."""
    parts = [
        pd.DataFrame(
            {
                "wave": wave,
                "weight": weight,
                **{name: _groups_of(placed[name].get(wave), weight.index) for name in names},
            }
        )
        for wave, weight in weights.items()
    ]
    firms = pd.concat(parts or [pd.DataFrame(columns=["wave", "weight", *names])], ignore_index=True)
    firms = firms[~firms[list(names)].isin([OUTSIDE, NOT_ASKED]).all(axis=1)]
    columns = {}
    for name in names:
        declared = dict.fromkeys(str(group) for table in placed[name].values() for group in table)
        columns[name] = _in_order(firms[name], [*declared, *RESERVED])
    return firms.assign(wave=_in_order(firms["wave"], list(weights)), **columns)


def _groups_of(table: pd.DataFrame | None, firms: pd.Index) -> pd.Series:
    """Return the group of each firm of a wave, or why it is in none."""
    if table is None:
        return pd.Series(NOT_ASKED, index=firms, dtype="str")
    chosen = table.fillna(False).to_numpy(dtype=bool)
    names = np.array([*map(str, table.columns)], dtype=object)
    groups = np.where(chosen.any(axis=1), names[chosen.argmax(axis=1)], UNASSIGNED)
    return pd.Series(groups, index=table.index, dtype="str").reindex(firms, fill_value=OUTSIDE)


def _in_order(values: pd.Series, order: Sequence[str]) -> pd.Series:
    """Return the values as a category in this order; `all` stands behind the others."""
    return values.astype(pd.CategoricalDtype([*order, *([] if ALL in order else [ALL])]))


def _patterns(firms: pd.DataFrame, patterns: Sequence[str]) -> pd.DataFrame:
    """Return counts by pattern, in each wave by its text; what is unassigned has no share.

    Not by size: the place of a row would tell of a count that is hidden.
    """
    return _counted(firms.assign(pattern=pd.Series(patterns, index=firms.index, dtype="str")), ["pattern"])


def _counted(firms: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return n, weighted_n and share by the keys, in each wave and in all, in the order of their categories."""
    pooled = firms.assign(wave=pd.Series(ALL, index=firms.index).astype(firms["wave"].dtype))
    both = pd.concat([firms, pooled], ignore_index=True)
    counts = both.groupby(["wave", *keys], observed=True)["weight"].agg(n="size", weighted_n="sum").reset_index()
    parts = counts["weighted_n"].astype("float64").where(counts[keys[0]].ne(UNASSIGNED) | (len(keys) > 1))
    whole = parts.groupby(counts["wave"], observed=True).transform("sum")
    return counts.assign(share=100 * parts / whole.where(whole > 0))


def _table(tables: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [table[columns].astype({name: COUNTED.get(name, "str") for name in columns}) for table in tables]
    empty = pd.DataFrame({name: pd.Series(dtype=COUNTED.get(name, "str")) for name in columns})
    return pd.concat([table for table in filled if len(table)] or [empty], ignore_index=True)
