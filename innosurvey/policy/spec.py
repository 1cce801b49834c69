"""The policy frame as declared: fields with their barriers and instruments, and texts with what they are chosen by."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from innosurvey.errors import StudyError
from innosurvey.policy.action import ACTIONS
from innosurvey.specs import (
    fail_if_key_missing,
    fail_if_not_one_of,
    fail_if_unknown_keys,
    mapping_at,
    names_at,
    title_of,
)

Verdict = Literal["supported", "not supported", "reversed", "not estimable"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

POLICY_KEYS = ("stage", "need", "reach", "success", "governments", "fields", "recommendations")
SUCCESS_KEYS = ("cohort", "succeeded", "failed")
FIELD_KEYS = ("title", "barriers", "instruments")
INSTRUMENT_KEYS = ("title", "used", "association")
TEXT_KEYS = ("text", "claim", "verdicts", "field", "cells")
CELLS_KEYS = ("stages", "governments", "actions", "least")
WHOLE = "policy_frame"
"""The id of the frame as a whole among what a study lacks."""
SUCCESS = "success"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessSpec:
    """Whom an instrument's association with success is read from: two groups of a cohort that a comparison sets against
    each other.
    """

    cohort: str
    succeeded: str
    failed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentSpec:
    """One instrument: the item that tells who uses it, by government, and the item by which users are compared."""

    id: str
    used: Mapping[str, str]
    association: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of policy. Without instruments the questionnaire asks for none of it."""

    id: str
    barriers: tuple[str, ...]
    instruments: tuple[InstrumentSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationSpec:
    """A text and what it is chosen by: the verdict on a claim and, where it says so, cells of the frame.

    Empty tuples and an empty `field` stand for all; `least` cells must be found, and `by_cells` says whether any are
    looked for.
    """

    id: str
    claim: str
    verdicts: tuple[str, ...]
    field: str
    by_cells: bool
    stages: tuple[str, ...]
    governments: tuple[str, ...]
    actions: tuple[str, ...]
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySpec:
    """The frame: the cohort of stages, the thresholds in percent, and what stands in it."""

    stage: str
    need: float
    reach: float
    success: SuccessSpec
    governments: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    recommendations: tuple[RecommendationSpec, ...]

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield each item that the frame describes, with the id of its part: a barrier, an instrument's use."""
        for field in self.fields:
            for barrier in field.barriers:
                yield f"{field.id}.{barrier}", barrier
            for instrument in field.instruments:
                for government, item in instrument.used.items():
                    yield f"{field.id}.{instrument.id}.{government}", item

    def associations(self) -> Iterator[tuple[str, str]]:
        """Yield each item that success is associated with, with the id of its part: an instrument."""
        for field in self.fields:
            for instrument in field.instruments:
                yield f"{field.id}.{instrument.id}", instrument.association


def parse_policy(section: Mapping[str, Any] | None) -> PolicySpec | None:
    """Return the frame of the config's `policy:` section, None where the study has none. Raises StudyError."""
    entry = mapping_at(section, "policy")
    if not entry:
        return None
    fail_if_unknown_keys(entry, POLICY_KEYS, "policy")
    fail_if_key_missing(entry, POLICY_KEYS[:-1], "policy")
    governments = tuple(_kept(entry["governments"], "policy.governments"))
    fields = tuple(
        _parse_field(name, one, governments) for name, one in _kept(entry["fields"], "policy.fields").items()
    )
    fail_if_an_instrument_is_named_twice(fields)
    known = {"field": [field.id for field in fields], "governments": governments, "actions": ACTIONS}
    texts = _kept(entry.get("recommendations"), "policy.recommendations")
    recommendations = tuple(_parse_recommendation(name, one, known) for name, one in texts.items())
    fail_if_a_verdict_is_unanswered(recommendations)
    return PolicySpec(
        stage=str(entry["stage"]),
        need=_percent(entry["need"], "policy.need"),
        reach=_percent(entry["reach"], "policy.reach"),
        success=_parse_success(entry["success"]),
        governments=governments,
        fields=fields,
        recommendations=recommendations,
    )


def _kept(section: Any, where: str) -> dict[str, Mapping[str, Any]]:
    """Return the entries of a map that are not removed by null, each a map itself."""
    entries = mapping_at(section, where).items()
    return {str(name): mapping_at(entry, f"{where}.{name}") for name, entry in entries if entry is not None}


def _parse_success(entry: Any) -> SuccessSpec:
    entry = mapping_at(entry, "policy.success")
    fail_if_unknown_keys(entry, SUCCESS_KEYS, "policy.success")
    fail_if_key_missing(entry, SUCCESS_KEYS, "policy.success")
    return SuccessSpec(**{key: str(entry[key]) for key in SUCCESS_KEYS})


def _parse_field(name: str, entry: Mapping[str, Any], governments: Collection[str]) -> FieldSpec:
    where = f"policy.fields.{name}"
    fail_if_unknown_keys(entry, FIELD_KEYS, where)
    fail_if_key_missing(entry, ("title", "barriers"), where)
    title_of(entry, name, where)
    instruments = _kept(entry.get("instruments"), f"{where}.instruments")
    return FieldSpec(
        id=name,
        barriers=names_at(where, "barriers", entry["barriers"]),
        instruments=tuple(
            _parse_instrument(id_, one, governments, f"{where}.instruments.{id_}") for id_, one in instruments.items()
        ),
    )


def _parse_instrument(name: str, entry: Mapping[str, Any], governments: Collection[str], where: str) -> InstrumentSpec:
    fail_if_unknown_keys(entry, INSTRUMENT_KEYS, where)
    fail_if_key_missing(entry, INSTRUMENT_KEYS, where)
    title_of(entry, name, where)
    used = {str(government): str(item) for government, item in mapping_at(entry["used"], f"{where}.used").items()}
    for government in used:
        fail_if_not_one_of(government, governments, f"{where}.used")
    return InstrumentSpec(id=name, used=used, association=str(entry["association"]))


def _parse_recommendation(
    name: str, entry: Mapping[str, Any], known: Mapping[str, Collection[str]]
) -> RecommendationSpec:
    where = f"policy.recommendations.{name}"
    fail_if_unknown_keys(entry, TEXT_KEYS, where)
    fail_if_key_missing(entry, ("text", "claim", "verdicts"), where)
    title_of({"title": entry["text"]}, name, where)
    cells = mapping_at(entry.get("cells"), f"{where}.cells")
    fail_if_unknown_keys(cells, CELLS_KEYS, f"{where}.cells")
    listed = {key: names_at(f"{where}.cells", key, cells.get(key, ())) for key in CELLS_KEYS[:-1]}
    verdicts = names_at(where, "verdicts", entry["verdicts"])
    field = str(entry.get("field", ""))
    closed = {"verdicts": (verdicts, VERDICTS), "field": ((field,) if field else (), known["field"])}
    closed |= {f"cells.{key}": (listed[key], known[key]) for key in ("governments", "actions")}
    for key, (values, allowed) in closed.items():
        for value in values:
            fail_if_not_one_of(value, allowed, f"{where}.{key}")
    return RecommendationSpec(
        id=name,
        claim=str(entry["claim"]),
        verdicts=verdicts,
        field=field,
        by_cells=bool(cells),
        least=_least(cells.get("least", 1), f"{where}.cells.least"),
        **listed,
    )


def fail_if_an_instrument_is_named_twice(fields: Collection[FieldSpec]) -> None:
    """Raise StudyError for an instrument of two fields: its title, and its rows, would be those of either."""
    names = [instrument.id for field in fields for instrument in field.instruments]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise StudyError(f"policy.fields: {twice[0]} is an instrument of two fields.\nGive each an id of its own.")


def fail_if_a_verdict_is_unanswered(recommendations: Collection[RecommendationSpec]) -> None:
    """Raise StudyError for a claim that has a text for some verdicts only: the chapter would fall silent when the
    estimates change.
    """
    for claim in dict.fromkeys(one.claim for one in recommendations):
        answered = {verdict for one in recommendations if one.claim == claim for verdict in one.verdicts}
        if lacking := [verdict for verdict in VERDICTS if verdict not in answered]:
            texts = ", ".join(one.id for one in recommendations if one.claim == claim)
            raise StudyError(
                f"policy.recommendations: no text says what follows when {claim} is {' or '.join(lacking)}.\n"
                f"Add one, or name these verdicts in one of {texts}."
            )


def _percent(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise StudyError(f"{where}: {value!r} is no share.\nGive a number of percent, from 0 to 100.")
    return float(value)


def _least(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise StudyError(f"{where}: {value!r} is no number of cells.\nGive a whole number from 0.")
    return value
