"""What sentences tell of the policy frame: where needs are clear, what comes first at a stage, and which
recommendations stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from innosurvey.report.draft import Draft
from innosurvey.report.layout_tables import ordered
from innosurvey.report.lookup import Row

CLEAR, NOT_CLEAR = "clear", "not clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The frame as a whole: its fields and stages in order, the barriers for which the need is clear at every stage,
    and those for which it is clear at some, with these stages. `one` is any of its cells, for what they share.
    """

    one: Row
    fields: tuple[str, ...]
    stages: tuple[str, ...]
    everywhere: tuple[str, ...]
    somewhere: Mapping[str, tuple[str, ...]]

    @property
    def cohort(self) -> str:
        """The cohort whose groups are the stages."""
        return str(self.one["cohort"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What comes first at a stage: an instrument, or a field where none is asked (`kind` as policy titles have it), and
    the governments that it falls to.
    """

    kind: str
    name: str
    governments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTold:
    """One stage: a row for each barrier whose need is clear, whether of all or only of some cells the need is not
    known, and what comes first, with one of its cells.
    """

    group: str
    needs: tuple[Row, ...]
    all_unknown: bool
    some_unknown: bool
    first: Row | None
    leads: tuple[Lead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """A recommendation that stands, and the stages that its cells are at."""

    row: Row
    groups: tuple[str, ...]
    everywhere: bool


def frame(draft: Draft) -> Frame | None:
    """Return the frame; None where a study has none."""
    cells = draft.lookup.rows("policy")
    if not cells:
        return None
    stages = ordered(row["group"] for row in cells)
    clear = [row for row in cells if row["need_is"] == CLEAR]
    at = {barrier: ordered(row["group"] for row in clear if row["barrier"] == barrier) for barrier in _barriers(clear)}
    return Frame(
        one=cells[0],
        fields=tuple(ordered(row["field"] for row in cells)),
        stages=tuple(stages),
        everywhere=tuple(barrier for barrier, groups in at.items() if len(groups) == len(stages)),
        somewhere={barrier: tuple(groups) for barrier, groups in at.items() if len(groups) < len(stages)},
    )


def _barriers(cells: Sequence[Row]) -> list[str]:
    return ordered(row["barrier"] for row in cells)


def stage_told(draft: Draft, group: str) -> StageTold:
    """Return what is told of one stage."""
    ours = draft.lookup.rows("policy", group=group)
    clear = [row for row in ours if row["need_is"] == CLEAR]
    unknown = [row for row in ours if row["need_is"] not in (CLEAR, NOT_CLEAR)]
    leading = [row for row in ours if row["priority"].available and row["priority"] == 1]
    return StageTold(
        group=group,
        needs=tuple(next(row for row in clear if row["barrier"] == barrier) for barrier in _barriers(clear)),
        all_unknown=len(unknown) == len(ours),
        some_unknown=bool(unknown),
        first=leading[0] if leading else None,
        leads=tuple(_leads(leading)),
    )


def _leads(leading: Sequence[Row]) -> list[Lead]:
    """Return the instruments of the leading cells, each once with all its governments."""
    falls_to: dict[tuple[str, str], list[str]] = {}
    for row in leading:
        named = ("instruments", row["instrument"]) if row["instrument"] else ("fields", row["field"])
        falls_to.setdefault(named, []).extend([row["government"]] if row["government"] else [])
    return [Lead(kind=kind, name=name, governments=tuple(to)) for (kind, name), to in falls_to.items()]


def recommended(draft: Draft) -> dict[str, list[Recommended]]:
    """Return the recommendations that stand by their field, those across the fields (an empty name) last."""
    chosen = [row for row in draft.lookup.rows("recommendations") if row["chosen"] == "True"]
    stages = ordered(row["group"] for row in draft.lookup.rows("policy"))
    fields = sorted(ordered(row["field"] for row in chosen), key=lambda field: not field)
    return {field: [_recommended(row, stages) for row in chosen if row["field"] == field] for field in fields}


def _recommended(row: Row, stages: Sequence[str]) -> Recommended:
    groups = tuple(group for group in row["groups"].split("|") if group)
    return Recommended(row=row, groups=groups, everywhere=len(groups) == len(stages) > 1)


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the chapter's template calls."""
    return {
        "policy_frame": partial(frame, draft),
        "stage_told": partial(stage_told, draft),
        "recommended": partial(recommended, draft),
    }
