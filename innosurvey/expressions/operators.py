"""Names, constants and operators of the language."""

from __future__ import annotations

import ast
import operator as compare
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from innosurvey.errors import did_you_mean
from innosurvey.expressions.syntax import BOOLEAN_WORDS, fail_at
from innosurvey.expressions.values import (
    KIND_NAMES,
    Scope,
    Truths,
    Value,
    boolean,
    conjunction,
    disjunction,
    fail_if_level_unknown,
    is_missing,
    number,
    of_numbers,
    texts,
    truths,
    value_of,
)

COMPARISONS: Mapping[type[ast.cmpop], Callable] = {
    ast.Eq: compare.eq,
    ast.NotEq: compare.ne,
    ast.Lt: compare.lt,
    ast.LtE: compare.le,
    ast.Gt: compare.gt,
    ast.GtE: compare.ge,
}
ROUNDING = 1e-12
"""Computed numbers that differ by less than this part of their terms are equal. A float keeps sixteen digits."""


def _name(scope: Scope, node: ast.Name) -> Value:
    if node.id in BOOLEAN_WORDS:
        return _broadcast(scope, BOOLEAN_WORDS[node.id])
    if node.id not in scope.firms.columns:
        near = did_you_mean(node.id, scope.firms.columns).strip()
        fail_at(
            scope.expression,
            node,
            f"the survey has no variable {node.id}",
            near or "Correct the name, or derive the variable.",
        )
    column = scope.firms[node.id]
    kind = column.dtype.kind
    if kind == "b":
        return Value(kind="boolean", data=column.astype("boolean").array)
    if kind in "iuf":
        return of_numbers(column.to_numpy(dtype="float64", na_value=np.nan))
    if kind == "M":
        return Value(kind="date", data=column.array)
    levels = tuple(map(str, column.cat.categories)) if isinstance(column.dtype, pd.CategoricalDtype) else None
    return Value(kind="text", data=column.array, levels=levels)


def _constant(scope: Scope, node: ast.Constant) -> Value:
    return _broadcast(scope, node.value if isinstance(node.value, bool | str) else float(node.value))  # type: ignore[arg-type]


def _broadcast(scope: Scope, constant: bool | float | str) -> Value:
    if isinstance(constant, str):
        return Value(kind="text", data=None, constant=constant)
    repeated = np.full(len(scope.firms), constant)
    return truths(repeated) if isinstance(constant, bool) else of_numbers(repeated)


def _logic(scope: Scope, node: ast.BoolOp) -> Value:
    parts = [boolean(scope, part) for part in node.values]
    return Value(kind="boolean", data=conjunction(parts) if isinstance(node.op, ast.And) else disjunction(parts))


def _unary(scope: Scope, node: ast.UnaryOp) -> Value:
    if isinstance(node.op, ast.Not):
        return Value(kind="boolean", data=~boolean(scope, node.operand))
    operand = number(scope, node.operand)
    return of_numbers(-operand if isinstance(node.op, ast.USub) else operand)


def _arithmetic(scope: Scope, node: ast.BinOp) -> Value:
    left, right = number(scope, node.left), number(scope, node.right)
    operators = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}
    with np.errstate(all="ignore"):
        return of_numbers(operators[type(node.op)](left, right))


def _comparison(scope: Scope, node: ast.Compare) -> Value:
    """`a <= b <= c` means what it means in mathematics."""
    results, left = [], node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator, ast.In | ast.NotIn):
            found = _membership(scope, left, right)
            results.append(~found if isinstance(operator, ast.NotIn) else found)
        else:
            results.append(_compare(scope, operator, left, right))
        left = right
    return Value(kind="boolean", data=conjunction(results))


def _compare(scope: Scope, operator: ast.cmpop, left_node: ast.expr, right_node: ast.expr) -> Truths:
    left, right = value_of(scope, left_node), value_of(scope, right_node)
    left, right = _as_date(scope, left, right, left_node), _as_date(scope, right, left, right_node)
    if left.kind != right.kind:
        what = f"{KIND_NAMES[left.kind]} is compared with {KIND_NAMES[right.kind]}"
        fail_at(scope.expression, left_node, what, _mixed_remedy(left, right))
    if left.kind in ("text", "boolean") and not isinstance(operator, ast.Eq | ast.NotEq):
        fail_at(scope.expression, left_node, f"{KIND_NAMES[left.kind]} has no order", "Use ==, != or in ('a', 'b').")
    fail_if_level_unknown(scope, left, right, right_node)
    fail_if_level_unknown(scope, right, left, left_node)
    if left.kind == "boolean":
        return left.data == right.data if isinstance(operator, ast.Eq) else left.data != right.data
    if left.kind == "text":
        same = _same_text(scope, left, right)
        result = same if isinstance(operator, ast.Eq) else ~same
    else:
        result = COMPARISONS[type(operator)](left.data, right.data)
        if left.kind == "number" and (_is_computed(left_node) or _is_computed(right_node)):
            equal = _equal_but_for_rounding(scope, left_node, right_node)
            result = np.where(equal, isinstance(operator, ast.Eq | ast.LtE | ast.GtE), result)
    return truths(result, is_missing(scope, left) | is_missing(scope, right)).data


def _is_computed(node: ast.expr) -> bool:
    return any(isinstance(part, ast.BinOp | ast.Call) for part in ast.walk(node))


def _equal_but_for_rounding(scope: Scope, left: ast.expr, right: ast.expr) -> np.ndarray:
    """Return where the numbers are the same but for what adding up decimal numbers costs: 0.1 + 0.2 is 0.3."""
    apart = np.abs(number(scope, left) - number(scope, right))
    return apart <= ROUNDING * (_size(scope, left) + _size(scope, right))


def _size(scope: Scope, node: ast.expr) -> np.ndarray:
    """Return how large a number is, or the parts that it is the sum of: rounding grows with these."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return _size(scope, node.left) + _size(scope, node.right)
    if isinstance(node, ast.UnaryOp):
        return _size(scope, node.operand)
    return np.abs(number(scope, node))


def _same_text(scope: Scope, left: Value, right: Value) -> np.ndarray:
    """Return where two texts are equal; a column of levels is compared with a constant by the level's code."""
    for levels, constant in ((left.data, right.constant), (right.data, left.constant)):
        if isinstance(levels, pd.Categorical) and constant is not None:
            place = levels.categories.get_indexer(pd.Index([constant]))[0]
            return (levels.codes == place) & (levels.codes >= 0)
    return texts(scope, left) == texts(scope, right)


def _membership(scope: Scope, left_node: ast.expr, right_node: ast.expr) -> Truths:
    left = value_of(scope, left_node)
    items = right_node.elts if isinstance(right_node, ast.Tuple | ast.List) else [right_node]
    for item in items:
        right = value_of(scope, item)
        if right.kind != left.kind or left.kind in ("boolean", "date"):
            what = f"{KIND_NAMES[left.kind]} is looked up among {KIND_NAMES[right.kind]}"
            fail_at(scope.expression, item, what, _mixed_remedy(left, right))
        fail_if_level_unknown(scope, left, right, item)
    data = texts(scope, left) if left.data is None else left.data
    found = pd.Series(data, copy=False).isin([ast.literal_eval(item) for item in items])
    return truths(found.to_numpy(dtype=bool), is_missing(scope, left)).data


def _as_date(scope: Scope, value: Value, other: Value, node: ast.expr) -> Value:
    """Read a constant such as '2018-12-31' as a date when it stands beside one."""
    if other.kind != "date" or value.constant is None:
        return value
    date = pd.to_datetime(value.constant, format="%Y-%m-%d", errors="coerce")
    if pd.isna(date):
        fail_at(scope.expression, node, "this is not a date", "Write a date as '2018-12-31'.")
    return Value(kind="date", data=date)


def _mixed_remedy(left: Value, right: Value) -> str:
    levels = left.levels or right.levels
    if levels is not None:
        return f"The levels are {', '.join(levels)}."
    if "boolean" in (left.kind, right.kind):
        return "A yes/no variable stands alone: write `x` or `not x`."
    return "Compare numbers with numbers and text with 'text'."


SYMBOLS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "__eq__",
    ast.NotEq: "__ne__",
    ast.Lt: "__lt__",
    ast.LtE: "__le__",
    ast.Gt: "__gt__",
    ast.GtE: "__ge__",
}
OPERATORS: Mapping[type[ast.expr], Callable] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.BoolOp: _logic,
    ast.UnaryOp: _unary,
    ast.BinOp: _arithmetic,
    ast.Compare: _comparison,
}
