"""Edits tried on a firm that answered nothing, before any data are read.

What does not fit (text compared with a number, a level that there is not, a repair of another type) shows there once
and for all waves. And a hard edit that such a firm fails demands an answer: no blanking could ever make it hold, and a
missing answer is the business of imputation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from innosurvey import expressions
from innosurvey.clean.edits import failing
from innosurvey.clean.spec import EditSpec
from innosurvey.dictionary import Dictionary, Variable
from innosurvey.errors import StudyError

NUMBERS = ("int", "float")
TYPES: Mapping[str, Any] = {
    "int": "Int64",
    "float": "float64",
    "bool": "boolean",
    "date": "datetime64[s]",
    "string": "str",
    "multi": "str",
}


def fail_if_edits_do_not_fit(edits: Mapping[str, EditSpec], dictionary: Dictionary) -> None:
    """Raise a StudyError for the first edit that cannot be evaluated on the dictionary's variables, or that a firm
    without answers fails. Edits of what registers add are tried on the waves alone.
    """
    firm = pd.DataFrame({name: pd.Series([None], dtype=_type(variable)) for name, variable in dictionary.items()})
    levels = {name: variable.levels for name, variable in dictionary.items() if variable.levels}
    for spec in edits.values():
        if all(name in firm.columns for name in [*spec.names(), *spec.variables]):
            _fail_if_no_number(spec, dictionary)
            _fail_if_no_yes_or_no(spec, firm, levels)
            _fail_if_repair_has_another_type(spec, firm, levels)
            _fail_if_answer_is_demanded(spec, firm, levels)


def _type(variable: Variable) -> Any:
    return pd.CategoricalDtype(list(variable.levels)) if variable.type == "enum" else TYPES[variable.type]


def _fail_if_no_number(spec: EditSpec, dictionary: Dictionary) -> None:
    if spec.kind not in ("balance", "range", "unit"):
        return
    for name in spec.variables:
        if dictionary[name].type not in NUMBERS:
            raise StudyError(
                f"{spec.where}: a {spec.kind} edit is about numbers, and {name} is {dictionary[name].type}.\n"
                "Name a number, or write what must hold as a rule of kind `logical`."
            )


def _fail_if_no_yes_or_no(spec: EditSpec, firm: pd.DataFrame, levels: Mapping[str, tuple[str, ...]]) -> None:
    if spec.kind == "balance":
        return
    rule, wanted, words = (spec.rule, "boolean", "a rule says yes or no")
    if spec.kind == "unit":
        rule, wanted, words = spec.reference, "float64", "a reference is a number"
    if str(expressions.evaluate(rule, firm, spec.where, levels).dtype) != wanted:
        raise StudyError(f"{spec.where}: {words}, and `{rule}` does not.\nCompare it, as in x <= y, or correct it.")


def _fail_if_repair_has_another_type(spec: EditSpec, firm: pd.DataFrame, levels: Mapping[str, tuple[str, ...]]) -> None:
    for name, rule in spec.correct.items():
        where = f"{spec.where}.correct.{name}"
        made = expressions.evaluate(rule, firm, where, levels).dtype
        kinds = (pd.api.types.is_bool_dtype, pd.api.types.is_numeric_dtype, pd.api.types.is_datetime64_any_dtype)
        if [kind(made) for kind in kinds] != [kind(firm[name].dtype) for kind in kinds]:
            raise StudyError(f"{where}: `{rule}` is no value that {name} can have.\nWrite one of its own type.")


def _fail_if_answer_is_demanded(spec: EditSpec, firm: pd.DataFrame, levels: Mapping[str, tuple[str, ...]]) -> None:
    if spec.kind != "drop" and failing(firm, spec, levels).any():
        raise StudyError(
            f"{spec.where}: a firm that answered nothing fails it, so that no repair could make it hold.\n"
            "A hard edit judges answers, and imputation sees to missing ones: let the rule be open where x is missing, "
            "as x > 0 is, or as `not reported(x) or …`."
        )
