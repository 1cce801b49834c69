"""The normal form of hard edits: a set of clauses, all of which must hold.

A clause holds when one of its parts does: a field is not answered, a categorical field lies in a set of its levels, a
linear condition on numeric fields is met. De Waal's IF … THEN form says the same: IF the categorical fields lie in the
complements THEN the linear condition. A rule with several linear conditions (`a == 0 or b <= 10 * c`) fits as well.
Coefficients are fractions, so that fields which cancel do so exactly.

Source: De Waal, Pannekoek and Scholtus (2011), Handbook of Statistical Data Editing and Imputation, ch. 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Domains = Mapping[str, frozenset[str] | None]
"""Each field's levels; None for a number."""
Terms = Mapping[str, Fraction]
ALWAYS, NEVER = True, False


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear condition: the sum of coefficient × field plus the constant is at least 0 (`strict`: above 0)."""

    terms: tuple[tuple[str, Fraction], ...]
    constant: Fraction
    strict: bool

    def coefficient(self, field: str) -> Fraction:
        """Return the field's coefficient, 0 when the condition does not name it."""
        return next((number for name, number in self.terms if name == field), Fraction(0))


@dataclass(frozen=True, slots=True)
class Clause:
    """At least one part holds. `edits`: the ids of the edits that it says, or from which it follows."""

    levels: tuple[tuple[str, frozenset[str]], ...]
    linears: frozenset[Linear]
    unanswered: frozenset[str]
    edits: frozenset[str]

    def values(self) -> frozenset[str]:
        """Return the fields whose values the clause asks for."""
        named = {name for name, _ in self.levels}
        return frozenset(named.union(name for linear in self.linears for name, _ in linear.terms))

    def fields(self) -> frozenset[str]:
        """Return all fields of the clause."""
        return self.values() | self.unanswered

    def is_empty(self) -> bool:
        """Whether nothing is left that could hold."""
        return not (self.levels or self.linears or self.unanswered)

    def parts(self) -> tuple[object, ...]:
        """Return what the clause says, whatever edits it comes from."""
        return (self.levels, self.linears, self.unanswered)


def linear(terms: Terms, constant: Fraction, strict: bool) -> Linear | bool:
    """Return the condition scaled to a first coefficient of ±1; whether it holds when no field is left in it."""
    left = sorted((name, number) for name, number in terms.items() if number)
    if not left:
        return constant > 0 or (constant == 0 and not strict)
    scale = abs(left[0][1])
    if scale != 1:
        left, constant = [(name, number / scale) for name, number in left], constant / scale
    return Linear(tuple(left), constant, strict)


def negated(condition: Linear) -> Linear:
    """Return the condition that holds where this one does not."""
    return Linear(tuple((name, -number) for name, number in condition.terms), -condition.constant, not condition.strict)


def clause(
    levels: Iterable[tuple[str, frozenset[str]]],
    linears: Iterable[Linear | bool],
    unanswered: Iterable[str],
    edits: frozenset[str],
    domains: Domains,
) -> Clause | None:
    """Return the clause of these parts; None when it always holds."""
    merged: dict[str, frozenset[str]] = {}
    for name, allowed in levels:
        merged[name] = merged.get(name, frozenset()) | allowed
    if any(allowed == domains[name] for name, allowed in merged.items()):
        return None
    conditions = _weakest(linears)
    if conditions is None:
        return None
    kept = tuple(sorted(((name, allowed) for name, allowed in merged.items() if allowed), key=lambda part: part[0]))
    return Clause(kept, frozenset(conditions), frozenset(unanswered), edits)


def _weakest(linears: Iterable[Linear | bool]) -> list[Linear] | None:
    """Return of the conditions on the same sum the weakest; None when one of them always holds."""
    weakest: dict[tuple[tuple[str, Fraction], ...], Linear] = {}
    for condition in linears:
        if condition is ALWAYS:
            return None
        if condition is NEVER:
            continue
        assert isinstance(condition, Linear)
        other = weakest.get(condition.terms)
        if other is None or (condition.constant, other.strict) > (other.constant, condition.strict):
            weakest[condition.terms] = condition
    for condition in weakest.values():
        opposite = weakest.get(tuple((name, -number) for name, number in condition.terms))
        if opposite is None:
            continue
        gap = condition.constant + opposite.constant
        if gap > 0 or (gap == 0 and not (condition.strict and opposite.strict)):
            return None  # what one of them leaves out the other takes in
    return list(weakest.values())


def subsumes(one: Clause, other: Clause) -> bool:
    """Whether the other clause holds wherever this one does, part by part."""
    if not one.unanswered <= other.unanswered:
        return False
    allowed = dict(other.levels)
    if not all(name in allowed and levels <= allowed[name] for name, levels in one.levels):
        return False
    return all(any(_implies(condition, wider) for wider in other.linears) for condition in one.linears)


def _implies(one: Linear, other: Linear) -> bool:
    if one.terms != other.terms:
        return False
    return one.constant < other.constant or (one.constant == other.constant and (one.strict or not other.strict))


def reduced(clauses: Iterable[Clause]) -> list[Clause]:
    """Return the clauses without those that another one subsumes, in their order."""
    unique: dict[tuple[object, ...], Clause] = {}
    for found in clauses:
        unique.setdefault(found.parts(), found)
    ordered = sorted(enumerate(unique.values()), key=lambda item: (len(item[1].linears) + len(item[1].levels), item[0]))
    kept: list[tuple[int, Clause]] = []
    for place, found in ordered:
        if not any(subsumes(shorter, found) for _, shorter in kept):
            kept.append((place, found))
    return [found for _, found in sorted(kept, key=lambda item: item[0])]
