"""Walking the tree of an expression over a table of firms."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from innosurvey.expressions.functions import call
from innosurvey.expressions.offers import Offers
from innosurvey.expressions.operators import OPERATORS
from innosurvey.expressions.syntax import Expression
from innosurvey.expressions.values import Kind, Scope, Value, texts

HANDLERS: Mapping[type[ast.expr], Callable[[Scope, Any], Value]] = {**OPERATORS, ast.Call: call}
RESULT_TYPES: Mapping[Kind, Any] = {"boolean": "boolean", "number": "float64", "text": "str", "date": "datetime64[s]"}


def evaluate_tree(
    expression: Expression, firms: pd.DataFrame, levels: Mapping[str, Sequence[str]], offers: Offers
) -> pd.Series:
    """Return the expression's value per firm (`boolean`, `float64`, `str` or `datetime64[s]`), without a name."""
    scope = Scope(expression=expression, firms=firms, levels=levels, offers=offers, evaluate_node=_evaluate_node)
    value = _evaluate_node(scope, expression.tree)
    data = texts(scope, value) if value.data is None else value.data
    return pd.Series(data, index=firms.index, copy=True).astype(RESULT_TYPES[value.kind])


def _evaluate_node(scope: Scope, node: ast.expr) -> Value:
    return HANDLERS[type(node)](scope, node)
