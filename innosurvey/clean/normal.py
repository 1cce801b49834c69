"""From the text of a rule to clauses.

Fields are what a firm answered and localisation may doubt: numbers, yes/no and one of several levels. Everything else a
rule names (a register's amount, the end of the period) is given: what is computed of given columns alone becomes one
column of the record, whatever function it takes. Of fields only sums, differences and products with a constant are
linear.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import NoReturn

from innosurvey.clean.clauses import Clause, Linear, clause, linear, negated
from innosurvey.dictionary import Variable
from innosurvey.expressions import names_in, parse
from innosurvey.expressions.syntax import BOOLEAN_WORDS, missing_in

YES_NO = frozenset(("true", "false"))
MOST_PARTS = 200
GIVEN = "="
"""Stands before the text of what is computed of given columns, where it plays the part of a field."""


class NotLinear(Exception):
    """The rule has no normal form; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The answers that rules are about: field → its levels (None for a number), and all columns of the wave.

    `answers` are all variables that firms answer, those among them, too, that are neither number nor level. `columns`
    is None where no wave is at hand; all variables are then taken to be asked.
    """

    domains: Mapping[str, frozenset[str] | None]
    answers: frozenset[str]
    columns: Collection[str] | None = None
    given: dict[str, frozenset[str] | None] = field(default_factory=dict)
    """What rules compute of given columns; grows while rules are read."""

    def all_domains(self) -> dict[str, frozenset[str] | None]:
        """Return the levels of fields and of what is given."""
        return {**self.domains, **self.given}


def fields_of(dictionary: Mapping[str, Variable], columns: Collection[str] | None = None) -> Fields:
    """Return the dictionary's fields; of a wave (its columns) those that were answered, which have a flag."""
    domains: dict[str, frozenset[str] | None] = {}
    for name, variable in dictionary.items():
        if columns is not None and (name not in columns or f"{name}_flag" not in columns):
            continue
        if variable.type in ("int", "float"):
            domains[name] = None
        elif variable.type in ("bool", "enum"):
            domains[name] = YES_NO if variable.type == "bool" else frozenset(variable.levels)
    if columns is None:
        answers = frozenset(name for name, variable in dictionary.items() if variable.type != "date")
    else:
        answers = frozenset(name for name in columns if name in dictionary and f"{name}_flag" in columns)
    return Fields(domains=domains, answers=answers, columns=columns)


def clauses_of(text: str, where: str, edit: str, fields: Fields) -> list[Clause]:
    """Return the clauses that say together what the rule says. NotLinear when there are none."""
    return _Reader(edit=frozenset((edit,)), fields=fields).holds(parse(text, where).tree, True)


def between(names: Sequence[str], low: float | None, high: float | None, edit: str) -> list[Clause]:
    """Return the clauses that hold a sum of numeric fields between bounds."""
    found = []
    for bound, sign in ((low, 1), (high, -1)):
        if bound is None:
            continue
        condition = linear(dict.fromkeys(names, Fraction(sign)), -sign * exact(bound), False)
        found.append(clause([], [condition], [], frozenset((edit,)), {}))
    return [made for made in found if made is not None]


def exact(number: float) -> Fraction:
    """Return the number as it was written, 0.1 as one tenth."""
    return Fraction(repr(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    edit: frozenset[str]
    fields: Fields

    def holds(self, node: ast.expr, wanted: bool) -> list[Clause]:
        """Return the clauses under which the node is true (or, not `wanted`, false)."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.holds(node.operand, not wanted)
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return [] if node.value is wanted else self._clause()
        if isinstance(node, ast.Name) and node.id in BOOLEAN_WORDS:
            return [] if BOOLEAN_WORDS[node.id] is wanted else self._clause()
        if isinstance(node, ast.BoolOp):
            return self._joined(node.values, isinstance(node.op, ast.And), wanted)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("any", "all"):
                return self._joined(self._present(node.args), node.func.id == "all", wanted)
            if node.func.id == "reported":
                return self._reported(node, wanted)
        if self._is_given(node):
            return self._given_truth(node, wanted)
        if isinstance(node, ast.Compare):
            return self._compared(node, wanted)
        if isinstance(node, ast.Name) and self.fields.domains.get(node.id) == YES_NO:
            return self._clause(levels=[(node.id, frozenset(("true" if wanted else "false",)))])
        _give_up(node)

    def _joined(self, parts: Sequence[ast.expr], together: bool, wanted: bool) -> list[Clause]:
        found = [self.holds(part, wanted) for part in parts]
        return [one for clauses in found for one in clauses] if together is wanted else self._either(found)

    def _either(self, alternatives: Sequence[list[Clause]]) -> list[Clause]:
        """Return the clauses that say that one of the alternatives holds."""
        made: list[Clause] = self._clause()
        for clauses in alternatives:
            if len(made) * len(clauses) > MOST_PARTS:
                raise NotLinear("it has too many cases")
            pairs = product(made, clauses)
            merged = [self._merged(one, other) for one, other in pairs]
            made = [found for found in merged if found is not None]
        return made

    def _merged(self, one: Clause, other: Clause) -> Clause | None:
        return clause(
            [*one.levels, *other.levels],
            [*one.linears, *other.linears],
            one.unanswered | other.unanswered,
            self.edit,
            self.fields.all_domains(),
        )

    def _clause(
        self,
        levels: Sequence[tuple[str, frozenset[str]]] = (),
        linears: Sequence[Linear | bool] = (),
        unanswered: Sequence[str] = (),
    ) -> list[Clause]:
        found = clause(levels, linears, unanswered, self.edit, self.fields.all_domains())
        return [] if found is None else [found]

    def _reported(self, node: ast.Call, wanted: bool) -> list[Clause]:
        name = node.args[0]
        if not isinstance(name, ast.Name) or (wanted and not self._is_given(node)):
            raise NotLinear("it demands an answer, and what is blanked has none")
        if self._is_given(node):
            return self._given_truth(node, wanted)
        return self._clause(unanswered=[name.id])

    def _compared(self, node: ast.Compare, wanted: bool) -> list[Clause]:
        pairs = []
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            pairs.append(self._pair(operator, left, right, wanted))
            left = right
        return [one for clauses in pairs for one in clauses] if wanted else self._either(pairs)

    def _pair(self, operator: ast.cmpop, left: ast.expr, right: ast.expr, wanted: bool) -> list[Clause]:
        if isinstance(operator, ast.NotEq | ast.NotIn):
            mirrored = ast.Eq() if isinstance(operator, ast.NotEq) else ast.In()
            return self._pair(mirrored, left, right, not wanted)
        if isinstance(operator, ast.In):
            items = right.elts if isinstance(right, ast.Tuple | ast.List) else [right]
            same = [self._pair(ast.Eq(), left, item, wanted) for item in items]
            return self._either(same) if wanted else [one for clauses in same for one in clauses]
        level = self._level(left, right) or self._level(right, left)
        if level is not None and isinstance(operator, ast.Eq):
            name, levels = level
            rest = (self.fields.domains[name] or frozenset()) - levels
            return self._clause(levels=[(name, levels if wanted else rest)])
        return self._ordered(operator, left, right, wanted)

    def _ordered(self, operator: ast.cmpop, left: ast.expr, right: ast.expr, wanted: bool) -> list[Clause]:
        """Return the clauses of a comparison of numbers."""
        terms, constant = self._sum(left)
        others, other = self._sum(right)
        difference, rest = _added([(terms, constant), _scaled((others, other), Fraction(-1))])
        opposite = {name: -number for name, number in difference.items()}
        at_most = linear(opposite, -rest, isinstance(operator, ast.Lt))
        at_least = linear(difference, rest, isinstance(operator, ast.Gt))
        if isinstance(operator, ast.Eq):
            if wanted:
                return [*self._clause(linears=[at_most]), *self._clause(linears=[at_least])]
            return self._clause(linears=[_opposite(at_most), _opposite(at_least)])
        condition = at_most if isinstance(operator, ast.Lt | ast.LtE) else at_least
        return self._clause(linears=[condition if wanted else _opposite(condition)])

    def _level(self, name: ast.expr, constant: ast.expr) -> tuple[str, frozenset[str]] | None:
        """Return the categorical field and the level that it is compared with; None where that is not what stands."""
        if not isinstance(name, ast.Name) or self.fields.domains.get(name.id) is None:
            return None
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str | bool):
            value = constant.value
        elif isinstance(constant, ast.Name) and constant.id in BOOLEAN_WORDS:
            value = BOOLEAN_WORDS[constant.id]
        else:
            return None
        text = str(value).lower() if isinstance(value, bool) else value
        return name.id, frozenset((text,)) & (self.fields.domains[name.id] or frozenset())

    def _sum(self, node: ast.expr) -> tuple[dict[str, Fraction], Fraction]:
        """Return the node as coefficients by field and a constant."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return {}, exact(node.value)
        if isinstance(node, ast.Name) and node.id in self.fields.domains and self.fields.domains[node.id] is None:
            return {node.id: Fraction(1)}, Fraction(0)
        if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
            return _scaled(self._sum(node.operand), Fraction(-1 if isinstance(node.op, ast.USub) else 1))
        if isinstance(node, ast.BinOp):
            found = self._binary(node)
            if found is not None:
                return found
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sum":
            return _added([self._sum(part) for part in self._present(node.args)])
        if self._is_given(node):
            name = GIVEN + ast.unparse(node)
            self.fields.given[name] = None
            return {name: Fraction(1)}, Fraction(0)
        _give_up(node)

    def _binary(self, node: ast.BinOp) -> tuple[dict[str, Fraction], Fraction] | None:
        if isinstance(node.op, ast.Add | ast.Sub):
            right = self._sum(node.right)
            sign = Fraction(1 if isinstance(node.op, ast.Add) else -1)
            return _added([self._sum(node.left), _scaled(right, sign)])
        left, right_factor = _constant(node.left), _constant(node.right)
        if isinstance(node.op, ast.Mult) and left is not None:
            return _scaled(self._sum(node.right), left)
        if isinstance(node.op, ast.Mult) and right_factor is not None:
            return _scaled(self._sum(node.left), right_factor)
        if isinstance(node.op, ast.Div) and right_factor:
            return _scaled(self._sum(node.left), 1 / right_factor)
        return None

    def _present(self, arguments: Sequence[ast.expr]) -> list[ast.expr]:
        """Return the arguments that the wave has the columns for, as the evaluation takes them."""
        if self.fields.columns is None:
            return list(arguments)
        columns = self.fields.columns
        return [argument for argument in arguments if not missing_in(argument, columns, {})] or list(arguments)

    def _is_given(self, node: ast.expr) -> bool:
        """Whether the node is computed of columns that are no answers; a constant is not computed."""
        names = names_in(ast.unparse(node))
        return bool(names) and not any(name in self.fields.answers for name in names)

    def _given_truth(self, node: ast.expr, wanted: bool) -> list[Clause]:
        name = GIVEN + ast.unparse(node)
        self.fields.given[name] = YES_NO
        return self._clause(levels=[(name, frozenset(("true" if wanted else "false",)))])


def _constant(node: ast.expr) -> Fraction | None:
    """Return the number that a constant is, also a negative one."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return exact(node.value)
    return None


def _opposite(condition: Linear | bool) -> Linear | bool:
    return not condition if isinstance(condition, bool) else negated(condition)


def _scaled(value: tuple[dict[str, Fraction], Fraction], by: Fraction) -> tuple[dict[str, Fraction], Fraction]:
    return {name: number * by for name, number in value[0].items()}, value[1] * by


def _added(values: Sequence[tuple[dict[str, Fraction], Fraction]]) -> tuple[dict[str, Fraction], Fraction]:
    terms: dict[str, Fraction] = {}
    for part, _ in values:
        for name, number in part.items():
            terms[name] = terms.get(name, Fraction(0)) + number
    return terms, sum((constant for _, constant in values), Fraction(0))


def _give_up(node: ast.expr) -> NoReturn:
    raise NotLinear(f"`{ast.unparse(node)}` is not linear in the answers")
