"""Taking a field out of a set of clauses: what the others must obey whatever it is worth.

A number is eliminated as Fourier and Motzkin do, each lower bound against each upper bound; a categorical field by the
clauses whose sets of levels have nothing in common. Both are the same step: two clauses that ask of the field what
cannot be together say that one of their other parts must hold. What is left is satisfiable for the other fields' values
exactly when some value of the field goes with them (numbers are taken as real numbers).

Source: Fellegi and Holt (1976), JASA 71; De Waal and Quere (2003), Journal of Official Statistics 19.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from itertools import product

from innosurvey.clean.clauses import Clause, Domains, Linear, clause, linear, reduced

MOST_CLAUSES = 3000


class TooManyClauses(Exception):
    """The implied edits outgrew what is worth computing."""


def eliminate_all(clauses: Iterable[Clause], fields: Collection[str], domains: Domains) -> list[Clause]:
    """Return what the clauses say of all other fields; an empty clause among them says that nothing fits.

    TooManyClauses when they become more than `MOST_CLAUSES`.
    """
    left, waiting = reduced(clauses), set(fields)
    while waiting:
        # the field that brings the fewest new clauses goes first; the name decides between equals
        field = min(waiting, key=lambda name: (_cost(left, name), name))
        waiting.remove(field)
        left = eliminate(left, field, domains)
        if any(found.is_empty() for found in left):
            return [found for found in left if found.is_empty()]
    return left


def eliminate(clauses: Sequence[Clause], field: str, domains: Domains) -> list[Clause]:
    """Return the clauses without the field. One that is content when the field is not answered falls away."""
    asked = [found for found in clauses if field not in found.unanswered]
    others = [found for found in asked if field not in found.values()]
    touched = [found for found in asked if field in found.values()]
    if not touched:
        return others
    resolve = _meet_numbers if domains.get(field) is None else _meet_levels
    done: list[Clause] = []
    known = {found.parts() for found in touched}
    waiting, settled = list(touched), list[Clause]()
    while waiting:
        current = waiting.pop(0)
        settled.append(current)
        for other in list(settled):
            for found in resolve(current, other, field, domains):
                if found.parts() in known:
                    continue
                known.add(found.parts())
                (waiting if field in found.values() else done).append(found)
        if len(known) > MOST_CLAUSES:
            raise TooManyClauses
    return reduced([*others, *done])


def _cost(clauses: Sequence[Clause], field: str) -> int:
    lower = upper = levels = 0
    for found in clauses:
        for condition in found.linears:
            sign = condition.coefficient(field)
            lower, upper = lower + (sign > 0), upper + (sign < 0)
        levels += any(name == field for name, _ in found.levels)
    return lower * upper - lower - upper + levels * levels


def _meet_numbers(one: Clause, other: Clause, field: str, domains: Domains) -> Iterable[Clause]:
    """Yield what follows from a lower bound in one clause and an upper bound in the other."""
    for left, right in product(one.linears, other.linears):
        by, of = left.coefficient(field), right.coefficient(field)
        if by * of >= 0:
            continue
        combined = _without(left, abs(of), right, abs(by))
        rest = [*(one.linears - {left}), *(other.linears - {right}), combined]
        found = clause(
            [*one.levels, *other.levels], rest, one.unanswered | other.unanswered, one.edits | other.edits, domains
        )
        if found is not None:
            yield found


def _without(left: Linear, by: Fraction, right: Linear, of: Fraction) -> Linear | bool:
    """Return left × by + right × of, in which the field has cancelled."""
    terms = {name: number * by for name, number in left.terms}
    for name, number in right.terms:
        terms[name] = terms.get(name, Fraction(0)) + number * of
    return linear(terms, left.constant * by + right.constant * of, left.strict or right.strict)


def _meet_levels(one: Clause, other: Clause, field: str, domains: Domains) -> Iterable[Clause]:
    """Yield what follows from two clauses that leave the field fewer levels together than either alone."""
    ours, theirs = dict(one.levels)[field], dict(other.levels)[field]
    common = ours & theirs
    if common in (ours, theirs):
        return
    rest = [part for part in (*one.levels, *other.levels) if part[0] != field]
    found = clause(
        [*rest, (field, common)],
        [*one.linears, *other.linears],
        one.unanswered | other.unanswered,
        one.edits | other.edits,
        domains,
    )
    if found is not None:
        yield found
