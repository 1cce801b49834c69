"""The declaration of the policy frame: stages of life, and fields of policy with their barriers and instruments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from innosurvey.errors import StudyError
from innosurvey.specs import fail_if_key_missing, fail_if_unknown_keys, mapping_at, title_of

KEYS = ("cohort", "need", "model", "fields")
FIELD_KEYS = ("title", "barriers", "instruments", "term", "claim", "note")
DEFAULT_NEED = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of policy. `barriers` are items (shares of firms), of which the highest is the need; `instruments` give
    for each government the item that says whom it reaches; `term` is the field's term in the model; `claim` carries
    the recommendation.
    """

    id: str
    title: Mapping[str, str]
    barriers: tuple[str, ...]
    instruments: Mapping[str, str]
    term: str
    claim: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySpec:
    """The frame: the cohort whose groups are the stages, the share in percent from which a barrier is a need, and the
    model of success on support that is fitted on each stage.
    """

    cohort: str
    need: float
    model: str
    fields: tuple[FieldSpec, ...]


def parse_policy(section: Mapping[str, Any] | None) -> PolicySpec | None:
    """Return the config's `policy:` section; None where the study has none. Raises StudyError."""
    if not section:
        return None
    fail_if_unknown_keys(section, KEYS, "policy")
    fail_if_key_missing(section, ("cohort", "model", "fields"), "policy")
    fields = mapping_at(section["fields"], "policy.fields").items()
    return PolicySpec(
        cohort=str(section["cohort"]),
        need=_percent(section.get("need", DEFAULT_NEED)),
        model=str(section["model"]),
        fields=tuple(_parse_field(str(name), entry) for name, entry in fields if entry is not None),
    )


def _parse_field(name: str, entry: Any) -> FieldSpec:
    where = f"policy.fields.{name}"
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, FIELD_KEYS, where)
    fail_if_key_missing(entry, ("title", "barriers", "claim"), where)
    instruments = mapping_at(entry.get("instruments"), f"{where}.instruments")
    if instruments and not entry.get("term"):
        raise StudyError(
            f"{where}: instruments are given, but no `term`.\n"
            "Name the term of the model that says whether their users do better, or leave out the instruments."
        )
    barriers = entry["barriers"]
    if not isinstance(barriers, list) or not barriers:
        raise StudyError(f"{where}.barriers: expected a list of items.\nWrite `barriers: [high_staff]`.")
    return FieldSpec(
        id=name,
        title=title_of(entry, name, where),
        barriers=tuple(map(str, barriers)),
        instruments={str(government): str(item) for government, item in instruments.items()},
        term=str(entry.get("term", "")),
        claim=str(entry["claim"]),
        note=str(entry.get("note", "")),
    )


def _percent(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 100:
        raise StudyError(f"policy.need: {value!r} is no share.\nGive a percentage between 0 and 100, such as 20.")
    return float(value)
