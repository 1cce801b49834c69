"""What sentences tell of definitions: which firms two of them place differently, which all place alike, and which
groups of an overlapping cohort a firm is in at once.
"""

from dataclasses import dataclass
from typing import Any

from innosurvey.report.draft import Draft
from innosurvey.report.layout_tables import ALL_WAVES, ordered
from innosurvey.report.lookup import Row

TOGETHER = 3
"""Above this number of pairs the definitions of a concept are set side by side all at once, not pair by pair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """The definitions of one thing.

    `agreed` are the rows of firms that every definition places in groups of the same name, with the first definition
    and its group.
    """

    name: str
    pairs: tuple[tuple[str, str], ...]
    all_at_once: bool
    agreed: tuple[tuple[str, str, Row], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Which firms two definitions with the same groups place differently.

    `told` are the moves with a share that may be told. `says`: `none` moves, too `few` to be told of, `both` ways
    between two groups, `one` way only, `more` moves than are told, or `all` are told.
    """

    first: str
    second: str
    told: tuple[Row, ...]
    says: str


def told_concepts(draft: Draft) -> list[Concept]:
    """Return the concepts of which the study has several definitions, with the pairs that are set against each
    other."""
    rows = draft.lookup.rows("definitions", wave=ALL_WAVES)
    told = []
    for name in ordered(row["concept"] for row in rows):
        pairs = tuple(ordered((row["cohort_a"], row["cohort_b"]) for row in rows if row["concept"] == name))
        all_at_once = len(pairs) > TOGETHER
        agreed = tuple(told_agreed(draft, name)) if all_at_once else ()
        told.append(Concept(name=name, pairs=pairs, all_at_once=all_at_once, agreed=agreed))
    return told


def told_agreed(draft: Draft, concept: str) -> list[tuple[str, str, Row]]:
    """Return the patterns in which all definitions name the same group: definition, group, row."""
    told = []
    for row in draft.lookup.rows("overlaps", about=concept, kind="definitions", wave=ALL_WAVES):
        places = [place.split("=") for place in row["pattern"].split("|")]
        if row["share"].available and len({place[-1] for place in places}) == 1:
            told.append((places[0][0], places[0][1], row))
    return told


def told_moves(draft: Draft, first: str, second: str) -> Moves | None:
    """Return which firms two definitions place differently; None where they have other groups."""
    groups = draft.context.cohorts[first]["groups"]
    if list(groups) != list(draft.context.cohorts[second]["groups"]):
        return None
    moved = [
        row
        for row in draft.lookup.rows("definitions", cohort_a=first, cohort_b=second, wave=ALL_WAVES)
        if row["group_a"] != row["group_b"] and row["group_a"] in groups and row["group_b"] in groups
    ]
    told = tuple(row for row in moved if row["share"].available)
    return Moves(first=first, second=second, told=told, says=moves_say(len(moved), len(told), len(groups)))


def moves_say(moved: int, told: int, groups: int) -> str:
    """Return the message of some moves between so many groups, some of them told."""
    if not moved:
        return "none"
    if not told:
        return "few"
    if groups == 2 and told == 2:
        return "both"
    if groups == 2 and moved == 1:
        return "one"
    return "more" if told < moved else "all"


def told_overlaps(draft: Draft) -> list[tuple[str, list[tuple[str, list[Row]]]]]:
    """Return the cohorts whose groups overlap, and of each group the rows of those that its firms are in, too."""
    cohorts = ordered(row["about"] for row in draft.lookup.rows("overlaps", kind="groups", wave=ALL_WAVES))
    return [(cohort, told_also(draft, cohort)) for cohort in cohorts]


def told_also(draft: Draft, cohort: str) -> list[tuple[str, list[Row]]]:
    """Return the groups of an overlapping cohort, those with a share to tell, each with its rows."""
    rows = [
        row
        for row in draft.lookup.rows("overlaps", about=cohort, kind="also", wave=ALL_WAVES)
        if row["share"].available
    ]
    return [(base, [row for row in rows if row["base"] == base]) for base in ordered(row["base"] for row in rows)]


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the section templates call to know what to tell of definitions."""
    return {
        "told_concepts": lambda: told_concepts(draft),
        "told_moves": lambda first, second: told_moves(draft, first, second),
        "told_overlaps": lambda: told_overlaps(draft),
    }
