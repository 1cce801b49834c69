"""The frame: one row per stage, field, barrier, instrument and government, with what the cell calls for and where each
of its numbers stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import pandas as pd

from innosurvey.policy.action import (
    CALLS,
    Estimate,
    action_of,
    association_is,
    need_is,
    reach_is,
)
from innosurvey.policy.evidence import Found, found_in
from innosurvey.policy.spec import FieldSpec, InstrumentSpec, PolicySpec

KEY = ("cohort", "group", "field", "barrier", "instrument", "government")
NUMBERS = {
    "need": ("value", "se", "lower", "upper", "n"),
    "reach": ("value", "se", "lower", "upper", "n"),
    "association": ("value", "se", "lower", "upper", "n", "p_adjusted"),
}
COLUMNS = (
    *KEY,
    *("need", "need_se", "need_lower", "need_upper", "need_n"),
    *("reach", "reach_se", "reach_lower", "reach_upper", "reach_n"),
    *("association", "association_se", "association_lower", "association_upper", "association_n", "p_adjusted"),
    *("n", "need_is", "reach_is", "association_is", "action", "priority"),
    *("need_least", "reach_below", "reason", "need_from", "reach_from", "association_from"),
)
WHOLE_NUMBERS = ("n", "need_n", "reach_n", "association_n", "priority")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is not the frame's own: how sure a difference must be, and the fewest firms behind a published number."""

    confidence: float
    minimum_n: int

    @property
    def alpha(self) -> float:
        """The p-value below which a difference is clear."""
        return 1 - self.confidence


def frame_policy(
    spec: PolicySpec | None,
    groups: Sequence[str],
    tables: Mapping[str, pd.DataFrame],
    absent: Mapping[str, str],
    limits: Limits,
) -> pd.DataFrame:
    """Return the table `policy`; without rows where the study has no frame or no stages (`groups`).

    `tables` are the gathered `describe` and `compare`; `absent` says why the survey cannot have a part, by the ids of
    `PolicySpec.parts` and `associations`.
    """
    rows: list[dict[str, object]] = []
    if spec is not None:
        found = found_in(tables, spec, absent, limits.minimum_n)
        for group in groups:
            rows.extend(_row(spec, group, cell, limits.alpha) for cell in _cells(spec, group, found))
    return _with_priority(pd.DataFrame(rows, columns=list(COLUMNS))).astype(dict.fromkeys(WHOLE_NUMBERS, "Int64"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """What is known of a cell; `use` and `difference` are None where the questionnaire does not ask."""

    place: tuple[str, str, str, str]
    need: Estimate
    use: Estimate | None
    difference: Estimate | None


def _cells(spec: PolicySpec, group: str, found: Found) -> Iterator[_Cell]:
    for field in spec.fields:
        for barrier in field.barriers:
            need = found.share(group, barrier, f"{field.id}.{barrier}")
            for instrument, government in _instruments(field, spec.governments):
                name = instrument.id if instrument else ""
                use, difference = _of_instrument(field, instrument, government, group, found)
                place = (field.id, barrier, name, government)
                yield _Cell(place=place, need=need, use=use, difference=difference)


def _instruments(field: FieldSpec, governments: Sequence[str]) -> list[tuple[InstrumentSpec | None, str]]:
    """Return each instrument with each government; nothing with nothing for a field that has none."""
    pairs = [(instrument, government) for instrument in field.instruments for government in governments]
    return [*pairs] or [(None, "")]


def _of_instrument(
    field: FieldSpec, instrument: InstrumentSpec | None, government: str, group: str, found: Found
) -> tuple[Estimate | None, Estimate | None]:
    """Return who uses an instrument and how use and success go together, whichever government grants it."""
    if instrument is None:
        return None, None
    part = f"{field.id}.{instrument.id}"
    item = instrument.used.get(government)
    use = found.share(group, item, f"{part}.{government}") if item else None
    return use, found.association(instrument.association, part)


def _row(spec: PolicySpec, group: str, cell: _Cell, alpha: float) -> dict[str, object]:
    need, reach = need_is(cell.need, spec.need), reach_is(cell.use, spec.reach)
    association = association_is(cell.difference, alpha)
    estimates = {"need": cell.need, "reach": cell.use, "association": cell.difference}
    known = {name: estimate or Estimate() for name, estimate in estimates.items()}
    return {
        **dict(zip(KEY, (spec.stage, group, *cell.place), strict=True)),
        **{_column(name, part): getattr(known[name], part) for name, parts in NUMBERS.items() for part in parts},
        "n": min((one.n for one in known.values() if not isnan(one.n)), default=None),
        "need_is": need,
        "reach_is": reach,
        "association_is": association,
        "action": action_of(need, reach, association),
        "need_least": spec.need,
        "reach_below": spec.reach,
        "reason": "; ".join(_reasons(estimates)),
        **{f"{name}_from": estimate.source for name, estimate in known.items()},
    }


def _column(name: str, part: str) -> str:
    """Return the column of a number: `need`, `need_lower`; the p-value is the association's, the one test of a cell."""
    return part if part == "p_adjusted" else name if part == "value" else f"{name}_{part}"


def _reasons(estimates: Mapping[str, Estimate | None]) -> Iterator[str]:
    """Yield what is not known of a cell and why."""
    for name, estimate in estimates.items():
        if estimate is None:
            yield f"{name}: not asked"
        elif estimate.reason:
            yield f"{name}: {estimate.reason}"


def _with_priority(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the priority of each cell in its stage: by action, the most pressing first, then by need,
    the largest first. Equal cells share a rank; one that calls for nothing has none.
    """
    priority = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    for _, cells in frame[frame["action"].isin(CALLS)].groupby("group", sort=False):
        pressing = cells["action"].map(CALLS.index)
        priority[cells.index] = cells.groupby([pressing, -cells["need"]], sort=True).ngroup() + 1
    return frame.assign(priority=priority)
