"""The declaration of an edit: what must hold, and what is done where it does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from innosurvey import expressions
from innosurvey.dictionary import Dictionary, Variable
from innosurvey.errors import StudyError
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at, title_of

Kind = Literal["drop", "balance", "ratio", "range", "logical", "skip"]
DECLARED_KINDS = ("drop", "balance", "ratio", "logical")
KEYS: Mapping[str, tuple[str, ...]] = {
    "drop": ("kind", "text", "rule", "note"),
    "balance": ("kind", "text", "variables", "total", "exact", "prorate", "note"),
    "ratio": ("kind", "text", "variables", "rule", "correct", "blank", "note"),
    "logical": ("kind", "text", "variables", "rule", "correct", "blank", "note"),
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "drop": ("rule",),
    "balance": ("variables", "total"),
    "ratio": ("rule", "blank"),
    "logical": ("rule", "blank"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EditSpec:
    """One edit. `rule` holds for a right answer (of a drop: for a row that goes); a balance has `total` instead.

    `correct`: variable → expression, tried first. `blank`: what is blanked when it still fails. `flag`: the flag it
    gets.
    """

    id: str
    kind: Kind
    text: Mapping[str, str]
    variables: tuple[str, ...] = ()
    rule: str = ""
    correct: Mapping[str, str] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    flag: str = "missing"
    total: float = 100.0
    exact: float = 0.5
    prorate: float = 0.0
    where: str = ""

    def names(self) -> list[str]:
        """Return the variables without which the edit cannot be checked or carried out, each once."""
        if self.kind == "balance":
            return list(self.variables)
        repairs = [name for rule in self.correct.values() for name in expressions.names_in(rule, self.where)]
        return list(dict.fromkeys([*expressions.names_in(self.rule, self.where), *repairs, *self.correct, *self.blank]))


def parse_edits(section: Mapping[str, Any] | None) -> dict[str, EditSpec]:
    """Return the edits of the section by id, in their order.

    StudyError for unknown keys or kinds and rules that don't parse.
    """
    return {str(name): _parse_one(str(name), entry) for name, entry in mapping_at(section, "edits").items()}


def _parse_one(name: str, entry: Any) -> EditSpec:
    where = f"edits.{name}"
    entry = mapping_at(entry, where)
    fail_if_key_missing(entry, ("kind",), where)
    kind = entry["kind"]
    fail_if_not_one_of(kind, DECLARED_KINDS, f"{where}.kind")
    fail_if_unknown_keys(entry, KEYS[kind], where)
    fail_if_key_missing(entry, REQUIRED[kind], where)
    given = [key for key in ("total", "exact", "prorate") if key in entry]
    numbers: dict[str, Any] = {key: _number(entry[key], f"{where}.{key}") for key in given}
    correct = {
        str(variable): str(rule) for variable, rule in mapping_at(entry.get("correct"), f"{where}.correct").items()
    }
    spec = EditSpec(
        id=name,
        kind=kind,
        text=title_of({"title": entry.get("text", name)}, name, where),
        variables=tuple(str(variable) for variable in entry.get("variables", ())),
        rule=str(entry.get("rule", "")),
        correct=correct,
        blank=tuple(str(variable) for variable in entry.get("blank", ())),
        where=where,
        **numbers,
    )
    spec.names()  # a rule that does not parse is refused when the edits are read
    return spec


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise StudyError(f"{where}: expected a number from 0, not `{value}`.")
    return float(value)


def range_edits(dictionary: Mapping[str, Variable], columns: Collection[str]) -> list[EditSpec]:
    """Return one edit per variable of the survey that the dictionary bounds; what lies outside is blanked."""
    found = []
    for name, variable in dictionary.items():
        if variable.type not in ("int", "float") or f"{name}_flag" not in columns:
            continue
        low = [f"{name} >= {variable.minimum!r}"] if variable.minimum is not None else []
        high = [f"{name} <= {variable.maximum!r}"] if variable.maximum is not None else []
        if low or high:
            rule = " and ".join([*low, *high])
            found.append(_ready("range", name, rule, "missing", {"en": f"{name} lies within its range"}))
    return found


def skip_edits(asked_if: Mapping[str, str], columns: Collection[str]) -> list[EditSpec]:
    """Return one edit per question that the questionnaire passes over: no answer where it was not asked."""
    return [
        _ready("skip", name, f"not reported({name}) or ({rule})", "not_asked", {"en": f"{name} only where asked"})
        for name, rule in asked_if.items()
        if name in columns
    ]


def _ready(kind: Literal["range", "skip"], name: str, rule: str, flag: str, text: Mapping[str, str]) -> EditSpec:
    where = f"the {kind} of {name}"
    return EditSpec(id=kind, kind=kind, text=text, variables=(name,), rule=rule, blank=(name,), flag=flag, where=where)


def fail_if_edits_unknown(edits: Mapping[str, EditSpec], dictionary: Dictionary, columns: Collection[str]) -> None:
    """Raise a StudyError, with the near name, for an edit of a variable that neither dictionary nor survey knows.

    What a register would add (`register_sales`) is unknown to a study without that register; the rule is then not
    checked.
    """
    known = {*dictionary, *columns}
    for spec in edits.values():
        for name in [*spec.variables, *spec.blank, *spec.correct]:
            expressions.fail_if_unknown_names(name, known, spec.where)
