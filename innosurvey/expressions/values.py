"""What a part of an expression is worth: a value per firm and its kind.

Missing answers are carried, not guessed: `false and missing` is false, `true and missing` is missing (Kleene). A number
that cannot be had (a division by zero, the logarithm of nothing) is missing too. Numbers, levels, yes/no and dates do
not mix: asking for one where the other stands is an error that points at the place.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Literal

import numpy as np
import pandas as pd

from innosurvey.errors import did_you_mean
from innosurvey.expressions.offers import Offers
from innosurvey.expressions.syntax import Expression, fail_at

Kind = Literal["boolean", "number", "text", "date"]
KIND_NAMES: Mapping[Kind, str] = {"boolean": "yes/no", "number": "a number", "text": "text", "date": "a date"}


Truths = pd.arrays.BooleanArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What one node is worth: a value per firm; for text also its possible levels, or the constant that it is.

    `data` is an array, since a table of a hundred columns is asked thousands of small questions: yes/no as a
    BooleanArray, numbers as floats, dates as a DatetimeArray, text as it stands in its column (a constant as None).
    """

    kind: Kind
    data: Any
    levels: tuple[str, ...] | None = None
    constant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where names are looked up, how a node is evaluated, and the expression that an error points into."""

    expression: Expression
    firms: pd.DataFrame
    levels: Mapping[str, Sequence[str]]
    offers: Offers
    evaluate_node: Callable[[Scope, ast.expr], Value]


def value_of(scope: Scope, node: ast.expr) -> Value:
    """Return what the node is worth."""
    return scope.evaluate_node(scope, node)


def of_kind(scope: Scope, node: ast.expr, kind: Kind) -> Any:
    """Return the node's values. StudyError when they are not of the kind that is needed."""
    value = value_of(scope, node)
    if value.kind != kind:
        remedy = (
            f"The levels are {', '.join(value.levels)}: compare with one of them."
            if value.levels
            else "Compare it first, as in x > 0 or x == 'a'."
        )
        if value.kind == "boolean":
            remedy = "Use count(…) to count what is true, or when(condition, a, b)."
        fail_at(
            scope.expression, node, f"{KIND_NAMES[kind]} is needed here, and this is {KIND_NAMES[value.kind]}", remedy
        )
    return value.data


def boolean(scope: Scope, node: ast.expr) -> Truths:
    """Return the node as yes/no per firm. StudyError when it is something else."""
    return of_kind(scope, node, "boolean")


def number(scope: Scope, node: ast.expr) -> np.ndarray:
    """Return the node as numbers, NaN for missing. StudyError when it is something else."""
    return of_kind(scope, node, "number")


def of_numbers(raw: np.ndarray) -> Value:
    """Return the numbers as a value; what is not finite is missing."""
    return Value(kind="number", data=np.where(np.isfinite(raw), raw, np.nan))


def texts(scope: Scope, value: Value) -> np.ndarray:
    """Return text as an array of objects, of which missing ones are NaN or None."""
    if value.constant is not None:
        return np.full(len(scope.firms), value.constant, dtype=object)
    return np.asarray(value.data, dtype=object)


def is_missing(scope: Scope, value: Value) -> np.ndarray:
    """Return where there is no value (numpy bool)."""
    if value.data is None:
        return np.zeros(len(scope.firms), dtype=bool)
    return np.asarray(pd.isna(value.data))


def truths(result: np.ndarray, missing: np.ndarray | None = None) -> Value:
    """Return yes/no as a value, missing where `missing` is true."""
    return Value(kind="boolean", data=Truths(result, np.zeros_like(result) if missing is None else missing))


def conjunction(parts: Sequence[Truths]) -> Truths:
    """Return where all parts are true; one false part is enough for false, whatever is missing."""
    return reduce(and_, parts)


def disjunction(parts: Sequence[Truths]) -> Truths:
    """Return where any part is true; one true part is enough, whatever is missing."""
    return reduce(or_, parts)


def fail_if_level_unknown(scope: Scope, value: Value, constant: Value, node: ast.expr) -> None:
    """Raise a StudyError that lists the levels when the constant is none of them."""
    if value.levels is None or constant.constant is None or constant.constant in value.levels:
        return
    near = did_you_mean(constant.constant, value.levels)
    fail_at(
        scope.expression,
        node,
        f"there is no level '{constant.constant}'",
        f"The levels are {', '.join(value.levels)}.{near}",
    )
