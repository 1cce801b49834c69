"""The declaration of an edit: what must hold, and what is done where it does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from innosurvey import expressions
from innosurvey.clean.units import factors_of
from innosurvey.dictionary import Dictionary, Variable
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.specs import (
    fail_if_key_missing,
    fail_if_not_one_of,
    fail_if_unknown_keys,
    list_at,
    mapping_at,
    title_of,
)

Kind = Literal["drop", "unit", "balance", "ratio", "range", "logical", "skip"]
DECLARED_KINDS = ("drop", "unit", "balance", "ratio", "range", "logical", "skip")
KEYS: Mapping[str, tuple[str, ...]] = {
    "drop": ("kind", "text", "rule", "note"),
    "unit": ("kind", "text", "variable", "reference", "factors", "band", "note"),
    "balance": ("kind", "text", "variables", "total", "exact", "prorate", "blank", "note"),
    "ratio": ("kind", "text", "variables", "rule", "correct", "blank", "note"),
    "range": ("kind", "text", "variable", "minimum", "maximum", "blank", "note"),
    "logical": ("kind", "text", "variables", "rule", "correct", "blank", "note"),
    "skip": ("kind", "text", "variable", "rule", "note"),
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "drop": ("rule",),
    "unit": ("variable", "reference", "factors", "band"),
    "balance": ("variables", "total"),
    "ratio": ("rule",),
    "range": ("variable",),
    "logical": ("rule",),
    "skip": ("variable", "rule"),
}
RANGE_TEXT = {"en": "{} lies within its range", "ko": "{} 값은 허용 범위 이내"}
SKIP_TEXT = {"en": "{} only where asked", "ko": "{} 항목은 해당 응답자만"}
NEAR = 0.85
"""A reference nearer than this to a column's name is that name misspelt, not a register that the study lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditSpec:
    """One edit. `rule` holds for a right answer (of a drop: for a row that goes); a balance has `total` instead, a unit
    edit `reference`, `factors` and `band`, and a range or a skip says in `minimum`, `maximum` or `asked_if` what its
    rule says as an expression.

    `correct`: variable → expression, tried first. `blank`: what is blanked when it still fails; where it is empty, the
    wrong fields are localised. `flag`: the flag that what is blanked gets.
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
    reference: str = ""
    factors: tuple[float, ...] = ()
    band: float = 1.0
    minimum: float | None = None
    maximum: float | None = None
    asked_if: str = ""
    where: str = ""

    @property
    def localised(self) -> bool:
        """Whether the wrong fields are to be found, as the edit does not say what is blanked."""
        return self.kind in ("balance", "ratio", "range", "logical") and not self.blank

    def names(self) -> list[str]:
        """Return the variables without which the edit cannot be checked or carried out, each once."""
        if self.kind == "balance":
            return list(self.variables)
        if self.kind == "unit":
            return list(dict.fromkeys([*self.variables, *expressions.names_in(self.reference, self.where)]))
        repairs = [name for rule in self.correct.values() for name in expressions.names_in(rule, self.where)]
        return list(dict.fromkeys([*expressions.names_in(self.rule, self.where), *repairs, *self.correct, *self.blank]))

    def deciding(self) -> list[str]:
        """Return the variables that decide whether the edit fails."""
        if self.kind in ("balance", "range"):
            return list(self.variables)
        if self.kind == "unit":
            return self.names()
        return expressions.names_in(self.rule, self.where)

    def changed(self) -> list[str]:
        """Return the variables that the edit itself may change."""
        own = self.variables if self.kind in ("balance", "unit") else ()
        return list(dict.fromkeys([*self.blank, *self.correct, *own]))


def parse_edits(section: Mapping[str, Any] | None) -> dict[str, EditSpec]:
    """Return the edits of the section by id, in their order.

    StudyError for unknown keys or kinds, rules that don't parse, factors and bands that cannot be.
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
    settled: dict[str, Any] = {key: _number(entry[key], f"{where}.{key}") for key in given}
    if kind == "unit":
        settled["reference"] = str(entry["reference"])
        settled["factors"], settled["band"] = factors_of(entry["factors"], entry["band"], where)
    correct = {
        str(variable): str(rule) for variable, rule in mapping_at(entry.get("correct"), f"{where}.correct").items()
    }
    named = [entry["variable"]] if "variable" in entry else list_at(entry.get("variables", ()), f"{where}.variables")
    blanked = [entry["variable"]] if kind == "skip" else list_at(entry.get("blank", ()), f"{where}.blank")
    spec = EditSpec(
        id=name,
        kind=kind,
        text=title_of({"title": entry.get("text", name)}, name, where),
        variables=tuple(str(variable) for variable in named),
        correct=correct,
        blank=tuple(str(variable) for variable in blanked),
        flag="not_asked" if kind == "skip" else "missing",
        where=where,
        **_rule(kind, entry, where),
        **settled,
    )
    spec.names()  # a rule that does not parse is refused when the edits are read
    return spec


def _rule(kind: str, entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the expression that must hold; a range and a skip are put into words of the language."""
    if kind == "skip":
        return _asked(str(entry["variable"]), str(entry["rule"]))
    if kind != "range":
        return {"rule": str(entry.get("rule", ""))}
    bounds = {key: _any_number(entry[key], f"{where}.{key}") for key in ("minimum", "maximum") if key in entry}
    if not bounds:
        raise StudyError(f"{where}: a range needs a bound.\nAdd `minimum:` or `maximum:`.")
    return _within(str(entry["variable"]), bounds.get("minimum"), bounds.get("maximum"))


def _within(name: str, low: float | None, high: float | None) -> dict[str, Any]:
    parts = [f"{name} >= {low!r}"] if low is not None else []
    rule = " and ".join([*parts, *([f"{name} <= {high!r}"] if high is not None else [])])
    return {"rule": rule, "minimum": low, "maximum": high}


def _asked(name: str, rule: str) -> dict[str, Any]:
    return {"rule": f"not reported({name}) or ({rule})", "asked_if": rule}


def _number(value: Any, where: str) -> float:
    number = _any_number(value, where)
    if number < 0:
        raise StudyError(f"{where}: expected a number from 0, not `{value}`.")
    return number


def _any_number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StudyError(f"{where}: expected a number, not `{value}`.")
    return float(value)


def range_edits(dictionary: Mapping[str, Variable], columns: Collection[str]) -> list[EditSpec]:
    """Return one edit per variable of the survey that the dictionary bounds; what lies outside is blanked."""
    found = []
    for name, variable in dictionary.items():
        if variable.type not in ("int", "float") or f"{name}_flag" not in columns:
            continue
        if variable.minimum is not None or variable.maximum is not None:
            found.append(_ready("range", name, _within(name, variable.minimum, variable.maximum), "missing"))
    return found


def skip_edits(asked_if: Mapping[str, str], columns: Collection[str]) -> list[EditSpec]:
    """Return one edit per question that the questionnaire passes over: no answer where it was not asked."""
    return [_ready("skip", name, _asked(name, rule), "not_asked") for name, rule in asked_if.items() if name in columns]


def _ready(kind: Literal["range", "skip"], name: str, rule: Mapping[str, Any], flag: str) -> EditSpec:
    text = {language: words.format(name) for language, words in (RANGE_TEXT if kind == "range" else SKIP_TEXT).items()}
    where = f"the {kind} of {name}"
    return EditSpec(id=kind, kind=kind, text=text, variables=(name,), blank=(name,), flag=flag, where=where, **rule)


def fail_if_edits_unknown(edits: Mapping[str, EditSpec], dictionary: Dictionary, columns: Collection[str]) -> None:
    """Raise a StudyError, with the near name, for an edit of a variable that neither dictionary nor survey knows.

    What a register would add (`register_sales`) is unknown to a study without that register; the rule is then not
    checked, unless the name is nearly one that is known.
    """
    known = {*dictionary, *columns}
    for spec in edits.values():
        for name in [*spec.variables, *spec.blank, *spec.correct]:
            expressions.fail_if_unknown_names(name, known, spec.where)
        for name in spec.names():
            near = did_you_mean(name, known, NEAR) if name not in known else ""
            if near:
                raise StudyError(f"{spec.where}: there is no variable {name}.{near}\nCorrect the name.")
