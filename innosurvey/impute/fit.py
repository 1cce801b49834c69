"""Whether what a step declares is of the kind that its methods need: amounts where they reckon.

Told before the first cell is imputed where the dictionary knows, else where an expression has been worked out.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from innosurvey.dictionary import Dictionary
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.impute.spec import MethodSpec, StepSpec

AMOUNTS = ("int", "float")


def fail_if_methods_do_not_fit(steps: Iterable[StepSpec], dictionary: Dictionary) -> None:
    """Raise a StudyError for a method that reckons with what is no amount, or carries an answer of another type."""
    for step in steps:
        for method in step.methods:
            names = [name for name in [*step.variables, *([method.of] if method.of else [])] if name in dictionary]
            kinds = {"amount" if dictionary[name].type in AMOUNTS else dictionary[name].type for name in names}
            strange = [name for name in names if dictionary[name].type not in AMOUNTS]
            if strange and (step.total or _reckons(method)):
                what = (
                    f"`{method.kind}` reckons with amounts" if _reckons(method) else "the parts of a total are amounts"
                )
                raise StudyError(
                    f"{method.where}: {what}, and {strange[0]} is {dictionary[strange[0]].type}.\n"
                    "Take a `donor` for it, or carry it with `{method: previous, trend: none}`."
                )
            if method.kind == "previous" and len(kinds) > 1:
                raise StudyError(
                    f"{method.where}: {method.of} is no answer that {step.variables[0]} can have.\n"
                    "Name a variable of its own type in `of:`."
                )


def _reckons(method: MethodSpec) -> bool:
    return method.kind in ("ratio", "prorate") or (method.kind == "previous" and method.trend)


def as_amounts(values: pd.Series, rule: str, where: str) -> np.ndarray:
    """Return what an expression gave as numbers (yes is 1), NaN where it gave none. StudyError when it gave text."""
    if not pd.api.types.is_numeric_dtype(values.dtype):
        raise StudyError(
            f"{where}: `{rule}` is no number, and a number is needed here.\n"
            "Name an amount; what is one of several levels belongs in `classes:`."
        )
    return values.to_numpy(dtype="float64", na_value=np.nan)


def as_truth(values: pd.Series, method: MethodSpec) -> pd.Series:
    """Return where the method's condition surely holds (bool). StudyError when it says neither yes nor no."""
    if not pd.api.types.is_bool_dtype(values.dtype):
        raise StudyError(f"{method.where}: `when: {method.when}` says neither yes nor no.\nCompare it, as in x > 0.")
    return values.fillna(False).astype(bool)


def fail_if_value_does_not_fit(values: pd.Series, name: str, rule: str, dictionary: Dictionary, where: str) -> None:
    """Raise a StudyError where a rule gives a variable what it cannot hold: another type, or no level of it."""
    variable = dictionary[name]
    given = "bool" if pd.api.types.is_bool_dtype(values.dtype) else "amount"
    given = given if pd.api.types.is_numeric_dtype(values.dtype) else str(values.dtype)
    wanted = "amount" if variable.type in AMOUNTS else variable.type
    if "bool" in (given, wanted) or "amount" in (given, wanted):
        if given != wanted:
            raise StudyError(
                f"{where}: `{rule}` is no value that {name} ({variable.type}) can have.\nCorrect the rule."
            )
        return
    strange = [text for text in values.dropna().unique() if variable.type == "enum" and text not in variable.levels]
    if strange:
        near = did_you_mean(strange[0], variable.levels)
        raise StudyError(
            f"{where}: `{rule}` gives {name} what is none of its levels.{near}\nThey are {', '.join(variable.levels)}."
        )
