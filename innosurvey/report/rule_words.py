"""Rules in words: `rnd_contracted and employees_t >= 10` as an economist reads it.

Variables appear by their titles in quotation marks, numbers with the unit of what they are compared with. How a
language says `at least` or `any of` stands with the report's other words.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from innosurvey.expressions import parse

COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "is",
    ast.NotEq: "is_not",
    ast.Lt: "below",
    ast.LtE: "at_most",
    ast.Gt: "above",
    ast.GtE: "at_least",
    ast.In: "is_one_of",
    ast.NotIn: "is_none_of",
}
ARITHMETIC: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "/"}
TRUTH = {"true": True, "false": False, "True": True, "False": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How one language speaks of rules: its words, and the titles (in quotation marks) and units of variables, and
    what the levels of a variable are called.
    """

    words: Mapping[str, str]
    title: Callable[[str], str]
    unit: Callable[[str], str]
    level: Callable[[str, str], str] = lambda variable, level: level.replace("_", " ")

    def word(self, name: str, *parts: str) -> str:
        """Return a phrase of rules with its parts put in."""
        return self.words[f"rule_words_{name}"].format(*parts)


def rule_in_words(rule: str, speech: Speech) -> str:
    """Return a rule in words. StudyError for a text that is no rule."""
    tree = parse(rule).tree
    if _truth(tree) is True:
        return speech.word("every_firm")
    return _said(tree, speech)


def _said(node: ast.expr, speech: Speech, variable: str = "") -> str:
    """Return a part of a rule in words; `variable` is what levels in it are levels of."""
    match node:
        case ast.Name() if node.id not in TRUTH:
            return speech.title(node.id)
        case ast.Name() | ast.Constant(value=bool()):
            return speech.word("yes" if _truth(node) else "no")
        case ast.Constant(value=str(level)):
            return speech.word("level", speech.level(variable, level))
        case ast.Constant(value=int(number)) | ast.Constant(value=float(number)):
            return f"{number:,.10g}"
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return speech.word("or_list").join(_said(part, speech, variable) for part in parts)
        case ast.BoolOp():
            joined = speech.word("and" if isinstance(node.op, ast.And) else "or")
            return joined.join(_in_brackets(part, speech) for part in node.values)
        case ast.UnaryOp(op=ast.Not()):
            return speech.word("not", _in_brackets(node.operand, speech))
        case ast.UnaryOp():
            return f"−{_said(node.operand, speech)}"
        case ast.BinOp():
            sign = ARITHMETIC[type(node.op)]
            return f"{_in_brackets(node.left, speech)} {sign} {_in_brackets(node.right, speech)}"
        case ast.Compare():
            return _comparison(node, speech)
        case ast.Call(func=ast.Name(id=function)):
            return _call(function, node.args, speech)
    raise AssertionError(f"no words for {ast.dump(node)}")  # the parser lets nothing else through


def _in_brackets(node: ast.expr, speech: Speech) -> str:
    """Return a part of a longer rule, in brackets where it would run into its neighbours."""
    match node:
        case ast.BoolOp() | ast.BinOp() | ast.Call(func=ast.Name(id="any" | "all" | "when" | "count" | "sum" | "mean")):
            return f"({_said(node, speech)})"
    return _said(node, speech)


def _comparison(node: ast.Compare, speech: Speech) -> str:
    if len(node.ops) == 2:  # 10 <= x < 50
        (low, high), middle = node.ops, node.comparators[0]
        unit = _unit(middle, speech)
        lower = speech.word("from" if isinstance(low, ast.LtE) else "above", _said(node.left, speech))
        upper = speech.word(COMPARISONS[type(high)], _said(node.comparators[1], speech) + unit)
        return speech.word("range", _said(middle, speech), lower, upper)
    left, operator, right = node.left, node.ops[0], node.comparators[0]
    unit = _unit(left, speech) if isinstance(right, ast.Constant) and right.value else ""
    compared = _said(right, speech, left.id if isinstance(left, ast.Name) else "") + unit
    return f"{_in_brackets(left, speech)} {speech.word(COMPARISONS[type(operator)], compared)}"


def _call(function: str, arguments: list[ast.expr], speech: Speech) -> str:
    of = next((argument.id for argument in arguments if isinstance(argument, ast.Name)), "")
    said = [_said(argument, speech, of) for argument in arguments]
    if function in ("any", "all", "sum", "mean", "count"):
        return speech.word(function, "; ".join(said)) if len(said) > 1 else said[0]
    return speech.word(function, *said)


def _unit(node: ast.expr, speech: Speech) -> str:
    """Return the unit of a variable behind a number that it is compared with."""
    unit = speech.unit(node.id) if isinstance(node, ast.Name) else ""
    return f"{speech.words['number_to_unit']}{unit}" if unit else ""


def _truth(node: ast.expr) -> bool | None:
    if isinstance(node, ast.Name):
        return TRUTH.get(node.id)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, bool) else None
