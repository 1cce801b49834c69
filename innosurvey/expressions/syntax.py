"""The form of the language: what parses, which variables are named, which of them a survey lacks. Light: no pandas."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.expressions.offers import Offers, unasked

# Least and most arguments; None is "as many as you like".
FUNCTIONS: Mapping[str, tuple[int, int | None]] = {
    "any": (1, None),
    "all": (1, None),
    "sum": (1, None),
    "mean": (1, None),
    "count": (1, None),
    "log": (1, 1),
    "log1p": (1, 1),
    "ratio": (2, 2),
    "percent": (2, 2),
    "includes": (2, 2),
    "reported": (1, 1),
    "when": (3, 3),
    "clip": (3, 3),
    "year": (1, 1),
}
# These use the arguments that the survey has and need one at least.
FORGIVING = ("any", "all", "sum", "mean", "count")
BOOLEAN_WORDS = {"true": True, "false": False, "True": True, "False": False}

MAX_DEPTH = 60
MAX_LENGTH = 10_000
_OPERATORS = (ast.And, ast.Or, ast.Not, ast.USub, ast.UAdd, ast.Add, ast.Sub, ast.Mult, ast.Div)
_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
_HINTS: Mapping[type[ast.AST], str] = {
    ast.BitAnd: "Write `and`.",
    ast.BitOr: "Write `or`.",
    ast.Invert: "Write `not`.",
    ast.Is: "Write `==`, or `reported(x)` to ask for a value.",
    ast.IsNot: "Write `!=`, or `reported(x)` to ask for a value.",
    ast.IfExp: "Write `when(condition, a, b)`.",
    ast.Attribute: "A name has no parts: write the variable's name alone.",
    ast.Subscript: "A name has no parts: write the variable's name alone.",
    ast.Tuple: "A list stands only behind `in`: x in ('a', 'b').",
    ast.List: "A list stands only behind `in`: x in ('a', 'b').",
}
LANGUAGE = "The language has: and or not, == != < <= > >=, in ('a', 'b'), + - * /, and " + ", ".join(FUNCTIONS) + "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A parsed rule: its text on one line, where it stands in the study, its checked tree."""

    text: str
    where: str
    tree: ast.expr


def parse(text: str, where: str = "expression") -> Expression:
    """Return the parsed expression.

    StudyError, with where it stands and a pointer into the text, for what the language lacks.
    """
    if not isinstance(text, str) or not text.strip():
        raise StudyError(f"{where}: the rule is empty.\nWrite an expression over the study's variables.")
    return _parse(" ".join(text.split()), where)


@lru_cache(maxsize=4096)
def _parse(text: str, where: str) -> Expression:
    if len(text) > MAX_LENGTH:
        raise StudyError(f"{where}: the rule has more than {MAX_LENGTH} characters.\nBuild it from derived variables.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Python warns of habits (`1 is 1`) that are refused below with a better message
            tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        _fail_at(text, where, (error.offset or 1) - 1, "this does not read as an expression", _syntax_hint(text))
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise StudyError(f"{where}: the rule cannot be read.\n{LANGUAGE}") from None
    expression = Expression(text=text, where=where, tree=tree)
    _fail_if_not_in_language(expression)
    return expression


def names_in(text: str, where: str = "expression") -> list[str]:
    """Return the variables that the expression names, in order of appearance, each once."""
    return list(dict.fromkeys(node.id for node in _names(parse(text, where).tree)))


def missing_names(
    text: str, columns: Collection[str], where: str = "expression", offers: Offers | None = None
) -> list[str]:
    """Return the variables without which the expression cannot be computed, given the columns that a survey has; empty
    when it can be.

    With the answers that its questions offer, also the levels that none of them gives: `'local' of support_tax`.
    """
    return list(dict.fromkeys(missing_in(parse(text, where).tree, columns, offers or {})))


def missing_in(node: ast.expr, columns: Collection[str], offers: Offers) -> list[str]:
    """Return what is missing below one node and stops it; `any`, `all`, `sum`, `mean`, `count` are stopped only when no
    argument is left.
    """
    if isinstance(node, ast.Name):
        return [] if node.id in BOOLEAN_WORDS or node.id in columns else [node.id]
    parts = [missing_in(child, columns, offers) for child in _children(node)]
    if offers and not any(parts) and (level := unasked(node, offers)):
        return [level]
    forgiving = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORGIVING
    if forgiving and not all(parts):
        return []
    return [name for part in parts for name in part]


def fail_if_unknown_names(text: str, known: Collection[str], where: str = "expression") -> None:
    """Raise a StudyError, with the near name, for the first variable that neither the dictionary nor the study
    declares.
    """
    expression = parse(text, where)
    for node in _names(expression.tree):
        if node.id not in known:
            fail_at(expression, node, f"there is no variable {node.id}", _unknown_remedy(node.id, known))


def fail_at(expression: Expression, node: ast.AST, what: str, remedy: str = LANGUAGE) -> NoReturn:
    """Raise a StudyError that shows the expression with a pointer at the node."""
    column = getattr(node, "col_offset", 0)  # counted in UTF-8 bytes
    _fail_at(
        expression.text, expression.where, len(expression.text.encode()[:column].decode(errors="ignore")), what, remedy
    )


def _fail_at(text: str, where: str, column: int, what: str, remedy: str) -> NoReturn:
    start = max(0, column - 60)  # a long rule is shown around the place
    shown = text[start : start + 110]
    raise StudyError(f"{where}: {what}.\n    {shown}\n    {' ' * (column - start)}^\n{remedy}") from None


def _unknown_remedy(name: str, known: Iterable[str]) -> str:
    near = did_you_mean(name, known).strip()
    return near or "Declare it under `derived:` or the study's `variables:`, or correct the name."


def _names(tree: ast.expr) -> list[ast.Name]:
    """Return the name nodes in reading order, without the names of functions and the words true and false."""
    found: list[ast.Name] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and node.id not in BOOLEAN_WORDS:
            found.append(node)
        waiting.extend(reversed(_children(node)))
    return found


def _children(node: ast.expr) -> list[ast.expr]:
    """Return the operands of a node in reading order."""
    if isinstance(node, ast.Call):
        return list(node.args)
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    return [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def _fail_if_not_in_language(expression: Expression) -> None:
    waiting: list[tuple[ast.expr, int]] = [(expression.tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            fail_at(expression, node, "the rule is nested too deeply", "Build it from derived variables.")
        _fail_if_node_unknown(expression, node)
        lists = _lists_behind_in(expression, node)
        waiting.extend((child, depth + 1) for child in _children(node) if child not in lists)


def _fail_if_node_unknown(expression: Expression, node: ast.expr) -> None:
    if isinstance(node, ast.Call):
        _fail_if_call_unknown(expression, node)
    elif isinstance(node, ast.Constant):
        _fail_if_constant_unknown(expression, node)
    elif isinstance(node, ast.BoolOp | ast.UnaryOp | ast.BinOp | ast.Compare):
        operators = node.ops if isinstance(node, ast.Compare) else [node.op]
        for operator in operators:
            if not isinstance(operator, _OPERATORS + _COMPARISONS):
                fail_at(expression, node, "this operator is not in the language", _HINTS.get(type(operator), LANGUAGE))
    elif not isinstance(node, ast.Name):
        fail_at(expression, node, "this is not in the language", _HINTS.get(type(node), LANGUAGE))


def _fail_if_call_unknown(expression: Expression, node: ast.Call) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else "this"
    if name not in FUNCTIONS:
        fail_at(expression, node, f"there is no function {name}", did_you_mean(name, FUNCTIONS).strip() or LANGUAGE)
    least, most = FUNCTIONS[name]
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        fail_at(expression, node, f"{name}() takes plain arguments only", f"Write {name}(a, b, …) without = or *.")
    if len(node.args) < least or (most is not None and len(node.args) > most):
        wanted = f"{least}" if least == most else f"{least} or more"
        fail_at(expression, node, f"{name}() takes {wanted} arguments, not {len(node.args)}", "Correct the arguments.")


def _fail_if_constant_unknown(expression: Expression, node: ast.Constant) -> None:
    if isinstance(node.value, str | bool):
        return
    if not isinstance(node.value, int | float):
        fail_at(expression, node, "this constant is not in the language", "Ask `reported(x)` whether there is a value.")
    if abs(node.value) > 1e300:  # beyond it a float cannot hold the number
        fail_at(expression, node, "this number is too large", "Write a smaller number.")


def _lists_behind_in(expression: Expression, node: ast.expr) -> list[ast.expr]:
    """Return the lists that stand behind `in`, checked to hold constants only."""
    if not isinstance(node, ast.Compare):
        return []
    lists: list[ast.expr] = []
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if not isinstance(operator, ast.In | ast.NotIn):
            continue
        items = right.elts if isinstance(right, ast.Tuple | ast.List) else [right]
        for item in items or [right]:
            if not isinstance(item, ast.Constant):
                fail_at(
                    expression,
                    item,
                    "`in` needs a list of constants",
                    "Write x in ('a', 'b'), or includes(x, 'a') for a multi variable.",
                )
            _fail_if_constant_unknown(expression, item)
        lists.append(right)
    return lists


def _syntax_hint(text: str) -> str:
    padded = text.replace("==", "").replace("!=", "").replace("<=", "").replace(">=", "")
    if "=" in padded:
        return "To compare, write `==`."
    if "&&" in text or "||" in text:
        return "Write `and` and `or`."
    return LANGUAGE
