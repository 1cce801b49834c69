"""What sentences tell of contrasts: where failed firms look for information and what they lack, which item of a ranking
stands highest, and what part of a gap is explained.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innosurvey.report.draft import Draft, escaped
from innosurvey.report.layout_contrasts import ranking_rows
from innosurvey.report.layout_tables import ALL_WAVES, ordered
from innosurvey.report.lookup import Row
from innosurvey.report.wording import judge_of, tendency, trimmed

INDUSTRY = ("uses_clients", "uses_suppliers", "uses_competitors", "info_industry")
RESEARCH = ("uses_universities", "uses_public_institutes", "info_research")
CAPACITY = ("high_staff", "high_capability", "high_tech_info", "high_market_info")
MONEY = ("high_own_funds", "high_external_finance")

NETWORKS: Mapping[tuple[str, str], str] = {
    ("higher", "lower"): "to_industry",
    ("lower", "higher"): "to_research",
    ("lower", "lower"): "thinner",
    ("higher", "higher"): "wider",
    ("unclear", "unclear"): "alike",
}
FEW_NEAR = 3
"""How many items may lie too close to the highest for it to be called the highest still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Two sets of items of one pair of groups: which way each points (`tendency`), and what both together say."""

    cohort: str
    group: str
    reference: str
    first: str
    second: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Which item of a ranking stands highest.

    `top` are the highest and those too close to be told from it, with their short titles, highest first. `says`: `one`
    stands highest, `two` that are all cannot be told apart, `none` stands out of all, `many` lie near, or a `few` do.
    """

    cohort: str
    group: str
    says: str
    top: tuple[tuple[str, Row], ...]
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A gap between two groups: whether it is `clear`, and how much of it the terms explain.

    `explained` is `none` (clearly), `part`, or `opposite` where the terms alone would turn the gap round.
    """

    cohort: str
    group: str
    reference: str
    outcome: str
    clear: bool
    above: bool
    explained: str
    share: Any
    rest_clear: bool


def told_contrast(
    draft: Draft, rows: Sequence[Row], first: Sequence[str], second: Sequence[str]
) -> tuple[str, str] | None:
    """Return which way the first and the second of two sets of items point; None unless there are rows of both."""
    judge = judge_of(draft)
    ours, others = ([row for row in rows if row["item"] in items] for items in (first, second))
    return (tendency(ours, judge), tendency(others, judge)) if ours and others else None


def told_network(draft: Draft, rows: Sequence[Row]) -> Contrast | None:
    """Return where the first group of the rows looks for information: at industry, then at research."""
    ways = told_contrast(draft, rows, INDUSTRY, RESEARCH)
    return contrast(rows, ways, network_says(*ways)) if ways else None


def network_says(industry: str, research: str) -> str:
    """Return what both directions say of a network."""
    if (industry, research) in NETWORKS:
        return NETWORKS[(industry, research)]
    if research == "lower":
        return "weak_research"
    return "strong_industry" if industry == "higher" else "no_leaning"


def told_lacks(draft: Draft, rows: Sequence[Row]) -> Contrast | None:
    """Return what the first group of the rows lacks: capacity, then money."""
    ways = told_contrast(draft, rows, CAPACITY, MONEY)
    return contrast(rows, ways, lacks_say(*ways)) if ways else None


def lacks_say(capacity: str, money: str) -> str:
    """Return what both directions say of what firms lack."""
    if capacity == "higher" and money in ("lower", "unclear"):
        return "capacity"
    if money == "higher" and capacity in ("lower", "unclear"):
        return "money"
    if capacity == money == "higher":
        return "both"
    if capacity == money == "unclear":
        return "alike"
    return "mixed" if {"higher", "mixed"} & {capacity, money} else "not_more"


def contrast(rows: Sequence[Row], ways: tuple[str, str], says: str) -> Contrast:
    """Return a contrast of the first pair of groups among the rows."""
    head = rows[0]
    first, second = ways
    return Contrast(
        cohort=head["cohort"],
        group=head["group"],
        reference=head["reference"],
        first=first,
        second=second,
        says=says,
    )


def told_rankings(draft: Draft) -> list[tuple[str, str, list[Row]]]:
    """Return every ranking of each of its groups that has rows: name, group, rows from the highest down."""
    told = []
    for name in draft.context.rankings:
        groups = ordered(row["group"] for row in draft.lookup.rows("ranks", ranking=name, wave=ALL_WAVES))
        for group in groups:
            found = ranking_rows(draft, name, group)
            if found:
                told.append((name, group, found))
    return told


def told_ranking(draft: Draft, rows: Sequence[Row]) -> Ranking:
    """Return what a ranking shows; its rows stand from the highest down, each compared with the highest."""
    judge = judge_of(draft)
    titles = trimmed([draft.label("item", row["item"]) for row in rows])
    top = [
        (escaped(title), row)
        for place, (title, row) in enumerate(zip(titles, rows, strict=True))
        if place == 0 or judge(row) != "lower"
    ]
    near = len(top) - 1
    if near == 0:
        says = "one"
    elif len(rows) == 2:
        says = "two"
    elif len(top) == len(rows):
        says = "none"
    else:
        says = "many" if near > FEW_NEAR else "few"
    return Ranking(
        cohort=rows[0]["cohort"], group=rows[0]["group"], says=says, top=tuple(top), others=len(rows) - len(top)
    )


def told_gaps(draft: Draft, rows: Sequence[Row]) -> list[Gap]:
    """Return the gaps of a decomposition, outcome by outcome, those that have an estimate."""
    told = []
    for gap in rows:
        if gap["part"] == "gap" and gap["estimate"].available:
            parts = {row["part"]: row for row in rows if row["outcome"] == gap["outcome"]}
            told.append(told_gap(gap, parts["explained"], parts["unexplained"], draft.context.alpha))
    return told


def told_gap(gap: Row, explained: Row, rest: Row, alpha: float) -> Gap:
    """Return one gap with what the terms explain of it."""
    above = bool(gap["estimate"] > 0)
    same_way = bool(explained["estimate"].available and (explained["estimate"] > 0) == above)
    return Gap(
        cohort=gap["cohort"],
        group=gap["group"],
        reference=gap["reference"],
        outcome=gap["outcome"],
        clear=is_clear(gap, alpha),
        above=above,
        explained="none" if not is_clear(explained, alpha) else "part" if same_way else "opposite",
        share=explained["share_of_gap"],
        rest_clear=is_clear(rest, alpha),
    )


def is_clear(row: Row, alpha: float) -> bool:
    """True when the row's own p-value is below alpha."""
    return bool(row["p"].available and row["p"] < alpha)


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the section templates call to know what to tell of contrasts."""
    return {
        "told_network": lambda rows: told_network(draft, rows),
        "told_lacks": lambda rows: told_lacks(draft, rows),
        "told_rankings": lambda: told_rankings(draft),
        "told_ranking": lambda rows: told_ranking(draft, rows),
        "told_gaps": lambda rows: told_gaps(draft, rows),
    }
