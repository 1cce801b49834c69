"""The functions of the language.

`sum` and `count` need all of their parts, because an unknown part makes the whole unknown; `mean` takes the parts that
were answered, as an index of several questions does. `any`, `all`, `sum`, `mean`, `count` leave out the arguments that
need a variable the survey does not have.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from innosurvey.dictionary import MULTI_SEPARATOR
from innosurvey.expressions.syntax import fail_at, missing_in
from innosurvey.expressions.values import (
    KIND_NAMES,
    Scope,
    Value,
    boolean,
    conjunction,
    disjunction,
    fail_if_level_unknown,
    is_missing,
    number,
    of_kind,
    of_numbers,
    texts,
    truths,
    value_of,
)


def call(scope: Scope, node: ast.Call) -> Value:
    """Return what a call is worth; the parser has checked the function's name and the number of its arguments."""
    assert isinstance(node.func, ast.Name)
    with np.errstate(all="ignore"):
        return FUNCTIONS_BY_NAME[node.func.id](scope, node.args)


def _present(scope: Scope, arguments: Sequence[ast.expr]) -> list[ast.expr]:
    """Return the arguments that the survey can compute; all of them when it can compute none, so that the error names
    the variable.
    """
    columns, offers = scope.firms.columns, scope.offers
    return [argument for argument in arguments if not missing_in(argument, columns, offers)] or list(arguments)


def _any(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """Whether at least one is true."""
    return Value(
        kind="boolean", data=disjunction([boolean(scope, argument) for argument in _present(scope, arguments)])
    )


def _all(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """Whether all are true."""
    return Value(
        kind="boolean", data=conjunction([boolean(scope, argument) for argument in _present(scope, arguments)])
    )


def _sum(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """Sum; missing where a part is."""
    return of_numbers(np.sum([number(scope, argument) for argument in _present(scope, arguments)], axis=0))


def _mean(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """Mean of the parts that were answered."""
    parts = np.array([number(scope, argument) for argument in _present(scope, arguments)])
    answered = np.sum(~np.isnan(parts), axis=0)
    return of_numbers(np.divide(np.nansum(parts, axis=0), answered))  # 0 / 0, nothing answered, is missing


def _count(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """How many are true; missing where a part is."""
    parts = [boolean(scope, argument) for argument in _present(scope, arguments)]
    return of_numbers(np.sum([part.to_numpy(dtype="float64", na_value=np.nan) for part in parts], axis=0))


def _log(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """Natural logarithm; missing where there is none."""
    return of_numbers(np.log(number(scope, arguments[0])))


def _log1p(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """Natural logarithm of one plus the number."""
    return of_numbers(np.log1p(number(scope, arguments[0])))


def _ratio(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """First over second; missing where the second is 0."""
    return of_numbers(np.divide(number(scope, arguments[0]), number(scope, arguments[1])))


def _percent(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """A hundred times the first over the second."""
    return of_numbers(100 * np.divide(number(scope, arguments[0]), number(scope, arguments[1])))


def _includes(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """Whether a multi variable holds the level."""
    chosen, level = value_of(scope, arguments[0]), value_of(scope, arguments[1])
    if chosen.kind != "text" or level.constant is None:
        fail_at(
            scope.expression,
            arguments[1],
            "includes() needs a multi variable and a level",
            "Write includes(coop_universities, 'domestic').",
        )
    name = arguments[0].id if isinstance(arguments[0], ast.Name) else ""
    levels = tuple(scope.levels.get(name, ())) or chosen.levels
    fail_if_level_unknown(scope, Value(kind="text", data=chosen.data, levels=levels), level, arguments[1])
    codes, answers = pd.factorize(texts(scope, chosen) if chosen.data is None else chosen.data)
    held = [level.constant in str(answer).split(MULTI_SEPARATOR) for answer in answers]
    return truths(np.array([*held, False])[codes], codes < 0)


def _reported(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """Whether there is a value; never missing."""
    return truths(~is_missing(scope, value_of(scope, arguments[0])))


def _when(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """The second where the first is true, the third where it is false."""
    condition = boolean(scope, arguments[0])
    left, right = value_of(scope, arguments[1]), value_of(scope, arguments[2])
    if left.kind != right.kind:
        what = f"when() would give {KIND_NAMES[left.kind]} or {KIND_NAMES[right.kind]}"
        fail_at(scope.expression, arguments[2], what, "Give both branches the same kind.")
    branches = [texts(scope, branch) if branch.kind == "text" else branch.data for branch in (left, right)]
    first, second = (pd.Series(branch, copy=False) for branch in branches)
    chosen = first.where(condition.to_numpy(dtype=bool, na_value=False), second).mask(condition.isna())
    return Value(kind=left.kind, data=chosen.to_numpy() if left.kind == "number" else chosen.array)


def _clip(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """The number, held between the second and the third."""
    value, low, high = (number(scope, argument) for argument in arguments)
    return of_numbers(np.minimum(np.maximum(value, low), high))


def _year(scope: Scope, arguments: Sequence[ast.expr]) -> Value:
    """Year of a date."""
    return of_numbers(np.asarray(of_kind(scope, arguments[0], "date").year, dtype="float64"))


FUNCTIONS_BY_NAME: Mapping[str, Callable[[Scope, Sequence[ast.expr]], Value]] = {
    "any": _any,
    "all": _all,
    "sum": _sum,
    "mean": _mean,
    "count": _count,
    "log": _log,
    "log1p": _log1p,
    "ratio": _ratio,
    "percent": _percent,
    "includes": _includes,
    "reported": _reported,
    "when": _when,
    "clip": _clip,
    "year": _year,
}
