"""What sentences tell of the robustness of answers: where the specifications of a question lie, and what each main
answer hangs on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from innosurvey.report.draft import Draft
from innosurvey.report.layout_robustness import EVERYONE_IN, KEY, extremes
from innosurvey.report.layout_tables import ordered
from innosurvey.report.lookup import Row

LOW_BAR = 0.1
"""Where what is observed explains less than this of an outcome, being as strong as it is no high demand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """All specifications of one outcome and input: how many estimates are positive, how many are clear in the
    prevailing direction, and whether together they speak `against_chance`, are what `chance` can bring, or neither.
    """

    row: Row
    known: bool
    positive: Literal["all", "none", "some"] = "some"
    clear: Literal["all", "none", "some"] = "some"
    together: Literal["against_chance", "chance", ""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """How a main answer stands against what is not observed: without controls its sign is the `opposite`, controls make
    it `larger`, `little` would explain it, or `much`. `low_bar` is true where what is observed explains hardly
    anything.
    """

    row: Row
    way: Literal["opposite", "larger", "little", "much"]
    low_bar: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hinges:
    """What one main answer hangs on. `ends` are the lowest and the highest answer without a level, none where none was
    left out; a clear answer then `turns`, `fades` without some of them, or `stays`; of others nothing is said.
    """

    row: Row
    ends: tuple[Row, ...]
    without: Literal["turns", "fades", "stays", ""]
    fades: tuple[Row, ...]
    firms: tuple[Row, ...]
    selection: tuple[Selection, ...]


def spreads(draft: Draft) -> dict[str, list[Spread]]:
    """Return the questions that were asked in several ways, each with its outcomes and inputs."""
    found = draft.lookup.rows("specification_tests")
    return {
        curve: [spread(row, draft.context.alpha) for row in found if row["curve"] == curve]
        for curve in ordered(row["curve"] for row in found)
    }


def spread(row: Row, alpha: float) -> Spread:
    """Return where the specifications of one outcome and input lie."""
    if not row["median"].available:
        return Spread(row=row, known=False)
    tested = row["p_median"].available
    return Spread(
        row=row,
        known=True,
        positive=_how_many(row["share_positive"]),
        clear=_how_many(row["share_significant"]),
        together="" if not tested else "against_chance" if row["p_median"] < alpha else "chance",
    )


def _how_many(share: Any) -> Literal["all", "none", "some"]:
    return "all" if share == 1 else "none" if share == 0 else "some"


def hinges(draft: Draft) -> list[Hinges]:
    """Return what each main answer hangs on; answers without an estimate are left out."""
    return [_hinges(draft, row) for row in draft.lookup.rows("main_answers") if row["estimate"].available]


def _hinges(draft: Draft, row: Row) -> Hinges:
    key = {name: row[name] for name in KEY}
    clear = bool(row["p"].available and row["p"] < draft.context.alpha)
    ends = extremes(draft, **key)
    fades = _fades(draft, key) if ends else []
    bounds = draft.lookup.rows("selection_bounds", **key) if clear else []
    return Hinges(
        row=row,
        ends=tuple(ends),
        without=_without(ends, fades) if ends and clear else "",
        fades=tuple(fades),
        firms=tuple(one for one in draft.lookup.rows("influence", **key) if one["largest_change"].available),
        selection=tuple(map(selection, (one for one in bounds if one["selection_needed"].available))),
    )


def _fades(draft: Draft, key: Mapping[str, str]) -> list[Row]:
    """Return the levels without which the answer is not clear."""
    return [
        one
        for one in draft.lookup.rows("leave_out", **key)
        if one["left_out"] != EVERYONE_IN and one["p"].available and one["p"] >= draft.context.alpha
    ]


def _without(ends: Sequence[Row], fades: Sequence[Row]) -> Literal["turns", "fades", "stays"]:
    if (ends[0]["estimate"] > 0) != (ends[1]["estimate"] > 0):
        return "turns"
    return "fades" if fades else "stays"


def selection(one: Row) -> Selection:
    """Return how a clear answer stands against what is not observed."""
    explained = one["r2_controlled"]
    way: Literal["opposite", "larger", "little", "much"] = (
        "opposite"
        if (one["uncontrolled"] > 0) != (one["controlled"] > 0)
        else "larger"
        if one["selection_needed"] < 0
        else "little"
        if one["selection_needed"] < 1
        else "much"
    )
    return Selection(row=one, way=way, low_bar=way == "much" and bool(explained.available and explained < LOW_BAR))


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the chapter's template calls."""
    return {"spreads": partial(spreads, draft), "hinges": partial(hinges, draft)}
