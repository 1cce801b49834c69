"""The data dictionary: each canonical variable declared once.

`resources/dictionary/variables.csv` holds the survey's concepts (Oslo Manual, CIS, KIS); a study adds its own under
`studies.<name>.variables`. Codebooks, contracts, cleaning and the codebook page all read from here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from innosurvey.errors import StudyError
from innosurvey.specs import fail_if_not_one_of, fail_if_unknown_keys

LABEL_OF = re.compile(r"label_[a-z]{2}")
VariableType = Literal["string", "int", "float", "bool", "enum", "multi", "date"]
FLAGS = (
    "observed",
    "corrected",
    "imputed",
    "missing",
    "refused",
    "dont_know",
    "not_asked",
    "not_applicable",
    "not_collected",
)
MISSING_KINDS = ("missing", "refused", "dont_know", "not_asked", "not_applicable")
MULTI_SEPARATOR = "|"
MULTI_NONE = "none"  # what a multi variable holds where no level is chosen
MADE_BY_THE_PIPELINE = (
    "wave", "obs_start", "obs_end", "stratum_id", "pop_n_stratum", "weight_design", "weight_final",
    "ksic_harmonised", "price_t", "price_t1", "price_t2",
)  # fmt: skip
"""Canonical variables that no questionnaire asks; a codebook may bring those of the design (`DESIGNED`)."""
DESIGNED = ("stratum_id", "pop_n_stratum", "weight_design")
"""What a survey's file says of its sample where there is no frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One canonical variable: what it measures, in which type, unit, range or levels."""

    variable: str
    type: VariableType
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    levels: tuple[str, ...] = ()
    label_en: str = ""
    label_ko: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    """Labels in further languages: those of the columns `label_<language>`."""
    concept_source: str = ""
    cis_name: str = ""
    cis_name_old: str = ""
    rule: str = ""
    status: str = ""

    def label(self, language: str) -> str:
        """Return what the variable is called in a language, else in English; its name where nobody called it."""
        own = {"en": self.label_en, "ko": self.label_ko, **dict(self.labels)}
        return own.get(language) or self.label_en or self.variable


class Dictionary(Mapping[str, Variable]):
    """Variables by name, in the order of their declaration."""

    def __init__(self, variables: Iterable[Variable]) -> None:
        self._variables = {variable.variable: variable for variable in variables}

    def __getitem__(self, name: str) -> Variable:
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)

    def extended(self, declared: Mapping[str, Mapping[str, Any]], where: str) -> "Dictionary":
        """Return the dictionary with a study's own variables added (`where` names their place in the configuration)."""
        own = [variable_from(name, entry, where) for name, entry in declared.items()]
        return Dictionary([*self._variables.values(), *own])


def from_rows(rows: Iterable[Mapping[str, str]], where: str) -> Dictionary:
    """Return the dictionary of a table of texts with the columns of `Variable`."""
    return Dictionary(
        variable_from(row["variable"], {key: text for key, text in row.items() if text != ""}, where) for row in rows
    )


def variable_from(name: str, entry: Mapping[str, Any], where: str) -> Variable:
    """Return one variable; a StudyError names an unknown key or type, or an enum without levels."""
    known = sorted(field.name for field in fields(Variable) if field.name != "labels")
    values = {key: value for key, value in entry.items() if key != "variable"}
    further = [key for key in values if LABEL_OF.fullmatch(key) and key not in known]
    labels = tuple((key.removeprefix("label_"), str(values.pop(key))) for key in further)
    fail_if_unknown_keys(values, known, f"{where}, variable {name}")
    fail_if_not_one_of(values.get("type"), get_args(VariableType), f"{where}, variable {name}, type")
    levels = values.get("levels", ())
    values["levels"] = (
        tuple(levels.split(MULTI_SEPARATOR)) if isinstance(levels, str) else tuple(str(level) for level in levels)
    )
    if values["type"] in ("enum", "multi") and not values["levels"]:
        raise StudyError(f"{where}, variable {name}: an {values['type']} variable needs `levels`.")
    for bound in ("minimum", "maximum"):
        if bound in values:
            values[bound] = _bound(values[bound], f"{where}, variable {name}, {bound}")
    return Variable(variable=name, labels=labels, **values)


def _bound(value: Any, where: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise StudyError(f"{where}: `{value}` is no number.") from None
