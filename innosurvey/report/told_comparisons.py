"""What sentences tell of comparisons: which rows of which groups, which way they point, and what that adds up to.

Nothing here is in a language: the section templates put words around what these functions return. Groups are named by
their ids; `says` is the message that a template has a sentence for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from innosurvey.report.draft import Draft
from innosurvey.report.layout_comparisons import adjusted_rows, item_themes
from innosurvey.report.layout_tables import ALL_WAVES, ordered
from innosurvey.report.lookup import Row
from innosurvey.report.wording import Judge, item_phrase, judge_of, lower_first, strongest, tendency

DIRECTIONS = ("higher", "lower")

CHAPTERS = {
    "activity": ("activity_seoul", "activity_office", "activity_oslo", "activity_oslo4"),
    "outcome": ("outcome_goal", "project_outcome", "outcome_commercial", "outcome_oslo"),
    "life_cycle": ("stage_self", "stage_age"),
    "kinds": ("innovation_kinds",),
    "novelty": ("novelty",),
    "size": ("size_cis", "size_kis"),
    "zones": ("zone",),
}
"""The sections on comparisons with the cohorts of each, the definition that is told in full first."""
OTHERS = "others"
TOLD_ELSEWHERE = ("certified",)
"""Cohorts that another chapter is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The comparisons of one group with its reference."""

    cohort: str
    group: str
    reference: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Clear differences of one pair in one direction: the shares (what firms do) and the rest (what they have)."""

    cohort: str
    group: str
    reference: str
    higher: bool
    does: tuple[Row, ...]
    has: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What a set of comparisons shows.

    `unclear` are the unclear rows of the only pair, `alike` the groups, of several, that differ in nothing clearly.
    """

    cohort: str
    group: str
    reference: str
    statements: tuple[Statement, ...]
    unclear: tuple[Row, ...]
    alike: tuple[str, ...]
    several_items: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearest:
    """The groups whose clearest difference is in the same item and direction, a row each; `does` is true for a share
    (what firms do).
    """

    higher: bool
    does: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The main message of a set of comparisons.

    Of one pair: `one` (a single clear difference among several), `higher`, `lower`, `mixed`, `unclear`. Of several:
    `some` (the groups `apart` differ, those `alike` do not), `all`, `none`.
    """

    says: str
    cohort: str
    group: str
    reference: str
    apart: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What becomes of the clear differences of one definition under another: those that stay, those no longer clear,
    those turned round, and those that are clear under the other alone. `says` is `all`, `none` or `some` (stay).
    """

    says: str
    same: tuple[Row, ...]
    unclear: tuple[Row, ...]
    opposite: tuple[Row, ...]
    fresh: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One definition of a section on comparisons; `first` is None for the one that is told in full, else its rows."""

    cohort: str
    rows: tuple[Row, ...]
    first: tuple[Row, ...] | None


def pairs_among(rows: Sequence[Row]) -> list[Pair]:
    """Return the pairs of groups among comparisons of one cohort, in their order."""
    found = ordered((row["group"], row["reference"]) for row in rows)
    return [
        Pair(
            cohort=rows[0]["cohort"],
            group=group,
            reference=reference,
            rows=tuple(row for row in rows if (row["group"], row["reference"]) == (group, reference)),
        )
        for group, reference in found
    ]


def statement(draft: Draft, pair: Pair, direction: str, rows: Sequence[Row]) -> Statement:
    """Return some rows of a pair as a statement: what firms do apart from what they have."""
    does = tuple(row for row in rows if item_phrase(draft, row["item"])[0])
    return Statement(
        cohort=pair.cohort,
        group=pair.group,
        reference=pair.reference,
        higher=direction == "higher",
        does=does,
        has=tuple(row for row in rows if row not in does),
    )


def told_verdicts(draft: Draft, rows: Sequence[Row], most: int | None = None) -> Verdicts | None:
    """Return what comparisons of one cohort show, pair by pair; None where there are none.

    `most` limits the clear rows of a pair to those with the largest effects; one in each direction is always told.
    """
    pairs = pairs_among(rows)
    if not pairs:
        return None
    judge, only = judge_of(draft), len(pairs) == 1
    return Verdicts(
        cohort=pairs[0].cohort,
        group=pairs[0].group,
        reference=pairs[0].reference,
        statements=tuple(one for pair in pairs for one in statements_of(draft, pair, judge, most)),
        unclear=tuple(row for row in rows if judge(row) == "unclear") if only else (),
        alike=() if only else tuple(pair.group for pair in pairs if tendency(pair.rows, judge) == "unclear"),
        several_items=len(rows) > len(pairs),
    )


def statements_of(draft: Draft, pair: Pair, judge: Judge, most: int | None) -> list[Statement]:
    """Return the statements on one pair: what is clearly higher, then what is clearly lower."""
    ways = {way: [row for row in pair.rows if judge(row) == way] for way in DIRECTIONS}
    if most is not None:
        leading = strongest(ways["higher"] + ways["lower"], most)
        kept = {id(row) for row in (*leading, *strongest(ways["higher"], 1), *strongest(ways["lower"], 1))}
        ways = {way: [row for row in found if id(row) in kept] for way, found in ways.items()}
    return [statement(draft, pair, way, found) for way, found in ways.items() if found]


def told_clearest(draft: Draft, rows: Sequence[Row]) -> list[Clearest]:
    """Return the clear difference with the largest effect of each pair, those of one item and direction together."""
    judge = judge_of(draft)
    told: dict[tuple[str, str], list[Row]] = {}
    for pair in pairs_among(rows):
        for row in strongest([row for row in pair.rows if judge(row) in DIRECTIONS], 1):
            told.setdefault((row["item"], judge(row)), []).append(row)
    return [
        Clearest(higher=way == "higher", does=item_phrase(draft, item)[0], rows=tuple(found))
        for (item, way), found in told.items()
    ]


def told_headline(draft: Draft, rows: Sequence[Row]) -> Headline:
    """Return the main message of comparisons of one cohort, of which there is at least one."""
    judge, pairs = judge_of(draft), pairs_among(rows)
    first = pairs[0]
    apart = tuple(pair.group for pair in pairs if tendency(pair.rows, judge) != "unclear")
    alike = tuple(pair.group for pair in pairs if pair.group not in apart)
    clear = [row for row in rows if judge(row) in DIRECTIONS]
    if len(pairs) > 1:
        says = "some" if apart and alike else "all" if apart else "none"
    else:
        says = "one" if len(clear) == 1 and len(rows) > 1 else tendency(rows, judge)
    return Headline(
        says=says, cohort=first.cohort, group=first.group, reference=first.reference, apart=apart, alike=alike
    )


def told_holding(draft: Draft, rows: Sequence[Row], variant: Sequence[Row]) -> Holding | None:
    """Return whether the clear differences of one definition hold under another of the same two groups; None where
    there are several groups, others, or no clear difference that both have.
    """
    judge = judge_of(draft)
    ours, others = ([(pair.group, pair.reference) for pair in pairs_among(found)] for found in (rows, variant))
    if ours != others or len(ours) != 1:
        return None
    kept: dict[str, list[Row]] = {"same": [], "unclear": [], "opposite": [], "fresh": []}
    for row in rows:
        for other in (other for other in variant if other["item"] == row["item"]):
            if name := becomes(judge(row), judge(other)):
                kept[name].append(other)
    same, unclear, opposite, fresh = (tuple(found) for found in kept.values())
    if not (same or unclear or opposite):
        return None
    says = "all" if not (unclear or opposite) else "none" if not (same or opposite) else "some"
    return Holding(says=says, same=same, unclear=unclear, opposite=opposite, fresh=fresh)


def becomes(here: str, there: str) -> str:
    """Return what a verdict becomes under another definition; empty where neither says anything clear."""
    if here in DIRECTIONS:
        return "same" if there == here else "opposite" if there in DIRECTIONS else "unclear"
    return "fresh" if here == "unclear" and there in DIRECTIONS else ""


def told_chapters(draft: Draft) -> list[tuple[str, list[Definition]]]:
    """Return the sections on comparisons that the study has rows for: name, and its definitions."""
    known = {cohort for cohorts in (TOLD_ELSEWHERE, *CHAPTERS.values()) for cohort in cohorts}
    others = ordered(about["cohort"] for about in draft.context.comparisons.values())
    chapters = {**CHAPTERS, OTHERS: tuple(cohort for cohort in others if cohort not in known)}
    told = []
    for name, cohorts in chapters.items():
        found = {cohort: tuple(draft.lookup.rows("compare", cohort=cohort, wave=ALL_WAVES)) for cohort in cohorts}
        here = [cohort for cohort in cohorts if found[cohort]]
        if here:
            first = found[here[0]]
            told.append(
                (name, [Definition(cohort=one, rows=found[one], first=first if place else None)
                        for place, one in enumerate(here)])
            )  # fmt: skip
    return told


def has_comparisons(draft: Draft) -> bool:
    """True when the study compares groups at all, those of another chapter included."""
    return bool(told_chapters(draft) or draft.lookup.rows("compare", cohort=TOLD_ELSEWHERE, wave=ALL_WAVES))


def themed(draft: Draft, rows: Sequence[Row]) -> list[tuple[str, list[str], list[Row]]]:
    """Return the themes of comparisons: title, items, rows."""
    return [(title, items, [row for row in rows if row["item"] in items]) for title, items in item_themes(draft, rows)]


def turned_round(draft: Draft, rows: Sequence[Row]) -> list[Row]:
    """Return the differences at an equal composition that are clear and point the other way than the plain ones of
    `rows`, which are clear, too: what a table shows beside them and a sentence about these alone would hide.
    """
    judge, turned = judge_of(draft), []
    for cohort in ordered(row["cohort"] for row in rows):
        ours = [row for row in rows if row["cohort"] == cohort]
        equal = adjusted_rows(draft, cohort, ours, ALL_WAVES)
        pairs = ((row, equal.get((row["item"], row["group"]))) for row in ours)
        turned += [other for row, other in pairs if other and {judge(row), judge(other)} == set(DIRECTIONS)]
    return turned


def alike_in(draft: Draft, rows: Sequence[Row]) -> list[str]:
    """Return the titles of what firms are alike in where differences are taken at an equal composition."""
    names = ordered(name for row in rows for name in row["adjust_for"].split("|"))
    return [lower_first(draft.label("variable", name)) for name in names]


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the section templates call to know what to tell of comparisons."""
    return {
        "told_verdicts": lambda rows, most=None: told_verdicts(draft, rows, most),
        "told_clearest": lambda rows: told_clearest(draft, rows),
        "told_headline": lambda rows: told_headline(draft, rows),
        "told_holding": lambda rows, variant: told_holding(draft, rows, variant),
        "told_chapters": lambda: told_chapters(draft),
        "has_comparisons": lambda: has_comparisons(draft),
        "themed": lambda rows: themed(draft, rows),
        "turned_round": lambda rows: turned_round(draft, rows),
        "alike_in": lambda rows: alike_in(draft, rows),
    }
