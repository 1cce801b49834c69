"""What a survey's questions can be answered with, and the tests of a rule that no such answer passes.

A questionnaire that tells partners at home from partners abroad, and has no box for the own region, cannot say how many
firms have partners in the region: the answer is not zero but not asked. So a test of a level that the questionnaire
lacks is as absent as a variable that it lacks. Light: no pandas.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# The answers that a variable can have, by variable; one that is not in it can have any.
Offers = Mapping[str, Sequence[str | float]]

# `!=` and `not in` are left out: every answer that is on offer may pass them.
_TESTS: Mapping[type[ast.cmpop], tuple[Callable[[Any, Any], bool], str]] = {
    ast.Eq: (operator.eq, "{}"),
    ast.In: (lambda answer, wanted: answer in wanted, "{}"),
    ast.GtE: (operator.ge, "{} or more"),
    ast.Gt: (operator.gt, "more than {}"),
    ast.LtE: (operator.le, "{} or less"),
    ast.Lt: (operator.lt, "less than {}"),
}


def unasked(node: ast.expr, offers: Offers) -> str:
    """Return what a test asks for that no answer on offer gives, as `'local' or 'both' of support_tax`; empty text for
    a test that an answer can pass, and for what is no test of a variable against constants.
    """
    name, passes, wanted, form = _test_of(node)
    answers = offers.get(name)
    if passes is None or answers is None or any(_passed(passes, answer, wanted) for answer in answers):
        return ""
    texts = [f"'{value}'" if isinstance(value, str) else f"{value}" for value in _listed(wanted)]
    return f"{form.format(' or '.join(texts))} of {name}"


def _test_of(node: ast.expr) -> tuple[str, Callable[[Any, Any], bool] | None, Any, str]:
    """Return the variable, the comparison, the constant or constants, and the words of a test; no comparison for
    another node.
    """
    none = ("", None, None, "")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "includes":
        left, right = node.args
        kind: type[ast.cmpop] = ast.Eq
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right, kind = node.left, node.comparators[0], type(node.ops[0])
    else:
        return none
    wanted = _constants(right)
    if not isinstance(left, ast.Name) or wanted is None or kind not in _TESTS:
        return none
    passes, form = _TESTS[kind]
    return left.id, passes, _listed(wanted) if kind is ast.In else wanted, form


def _constants(node: ast.expr) -> Any:
    """Return the constant or the list of constants that a node is, None for another node."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple | ast.List) and all(isinstance(item, ast.Constant) for item in node.elts):
        return tuple(item.value for item in node.elts if isinstance(item, ast.Constant))
    return None


def _listed(wanted: Any) -> tuple[Any, ...]:
    return wanted if isinstance(wanted, tuple) else (wanted,)


def _passed(passes: Callable[[Any, Any], bool], answer: str | float, wanted: Any) -> bool:
    """True when an answer passes, and when answer and constant are of different kinds: that is for evaluation to
    refuse.
    """
    alike = all(isinstance(value, str) == isinstance(answer, str) for value in _listed(wanted))
    return not alike or passes(answer, wanted)
