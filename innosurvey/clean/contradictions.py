"""Edits held against each other before any record is: can all hold at once, and does each add something?

When every field is eliminated, what is left is either nothing (some record passes all edits) or the empty clause (none
does). The edits behind the empty clause are thinned out until each is needed, which gives the minimal set to name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from innosurvey.clean.clauses import Clause, Domains, Linear, clause, negated
from innosurvey.clean.eliminate import TooManyClauses, eliminate_all
from innosurvey.clean.normal import GIVEN
from innosurvey.clean.spec import EditSpec
from innosurvey.clean.system import System
from innosurvey.errors import StudyError, bullets

Clauses = Sequence[Clause]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redundant:
    """An edit that can't fail where the edits `because` hold."""

    edit: str
    because: tuple[str, ...]

    def __str__(self) -> str:
        if not self.because:
            return f"edits.{self.edit} holds for every answer."
        return f"edits.{self.edit} can never fail where these hold: {', '.join(self.because)}."


def fail_if_edits_contradict(system: System, edits: Mapping[str, EditSpec]) -> None:
    """Raise a StudyError that names the smallest set of edits that no record can pass together, and what each demands.

    What grows beyond bounds when it is worked out is not checked.
    """
    try:
        free = frozenset(system.domains)
        empty = [found for found in system.implied(free, frozenset()) if found.is_empty()]
        if not empty:
            return
        behind = [found for found in system.clauses if found.edits <= empty[0].edits]
        core = _smallest(behind, system.domains)
    except TooManyClauses:
        return
    names = dict.fromkeys(name for found in core for name in sorted(found.edits))
    demands = _demands(core, list(names), system.domains)
    lines = [f"{_called(name, edits)} demands {demands[name]}" for name in names]
    together = f"these {len(lines)} together" if len(lines) > 1 else "this one"
    raise StudyError(
        f"edits: no record can pass {together}:\n{bullets(lines)}\n"
        "Correct one of them; a study removes an edit with `<edit>: null` under `edits:`."
    )


def redundant_edits(system: System, edits: Mapping[str, EditSpec]) -> list[Redundant]:
    """Return the edits that add nothing to the others, in their order; of two that say the same the later one."""
    left = [found for found in system.clauses if not found.unanswered]
    unread = {name for name, spec in edits.items() if spec.kind in ("drop", "unit", "skip")}
    said = {name for found in left for name in found.edits} - unread
    found_redundant = []
    for name in reversed([name for name in edits if name in said]):
        own = [found for found in left if name in found.edits]
        others = [found for found in left if name not in found.edits]
        try:
            proofs = [_proof(found, others, system.domains) for found in own]
        except TooManyClauses:
            continue
        if all(proof is not None for proof in proofs):
            because = {edit for proof in proofs if proof for edit in proof} - {name}
            found_redundant.append(Redundant(edit=name, because=tuple(sorted(because))))
            left = others
    return found_redundant[::-1]


def _proof(found: Clause, others: Clauses, domains: Domains) -> frozenset[str] | None:
    """Return the edits from which the clause follows; None when it does not."""
    parts = [
        clause([(name, (domains[name] or frozenset()) - levels)], [], [], found.edits, domains)
        for name, levels in found.levels
    ]
    parts += [clause([], [negated(condition)], [], found.edits, domains) for condition in found.linears]
    denied = [part for part in parts if part is not None]
    return _contradiction([*denied, *_near(denied, others)], domains)


def _near(start: Clauses, others: Clauses) -> list[Clause]:
    """Return the others that hang together with the first clauses."""
    reached = {name for found in start for name in found.values()}
    near: list[Clause] = []
    far = list(others)
    while fresh := [found for found in far if found.values() & reached]:
        near += fresh
        far = [found for found in far if not found.values() & reached]
        reached |= {name for found in fresh for name in found.values()}
    return near


def _contradiction(clauses: Clauses, domains: Domains) -> frozenset[str] | None:
    """Return the edits behind the empty clause; None when the clauses can hold together."""
    names = {name for found in clauses for name in found.values()}
    empty = [found for found in eliminate_all(clauses, names, domains) if found.is_empty()]
    return empty[0].edits if empty else None


def _smallest(clauses: Clauses, domains: Domains) -> list[Clause]:
    """Return the clauses of a set of edits none of which can be spared in the contradiction."""
    kept = list(clauses)
    for name in sorted({name for found in clauses for name in found.edits}):
        fewer = [found for found in kept if name not in found.edits]
        if _contradiction(fewer, domains) is not None:
            kept = fewer
    for found in list(kept):  # of an edit's several demands only those that matter
        fewer = [other for other in kept if other is not found]
        if _contradiction(fewer, domains) is not None:
            kept = fewer
    return kept


def _demands(core: Clauses, names: Sequence[str], domains: Domains) -> dict[str, str]:
    """Return in words what each edit demands: of one field that they dispute, where there is one, or as a whole."""
    fields = sorted({name for found in core for name in found.values()})
    for field in fields:
        said = {name: _on(field, _of(name, core), domains) for name in names}
        together = [one for found in said.values() for one in found]
        if all(said.values()) and _contradiction(together, domains) is not None:
            return {name: _in_words(found) for name, found in said.items()}
    return {name: _in_words(_of(name, core)) for name in names}


def _of(name: str, clauses: Clauses) -> list[Clause]:
    return [found for found in clauses if name in found.edits]


def _on(field: str, clauses: Clauses, domains: Domains) -> list[Clause]:
    """Return what the clauses say of one field alone."""
    others = {name for found in clauses for name in found.values()} - {field}
    return [found for found in eliminate_all(clauses, others, domains) if not found.is_empty()]


def _called(name: str, edits: Mapping[str, EditSpec]) -> str:
    return f"{name} ({edits[name].text['en']})" if name in edits else name


def _in_words(clauses: Iterable[Clause]) -> str:
    return " and ".join(dict.fromkeys(" or ".join(_parts(found)) for found in clauses))


def _parts(found: Clause) -> list[str]:
    levels = [f"{_named(name)} {_listed(sorted(allowed))}" for name, allowed in found.levels]
    return [*levels, *sorted(_comparison(condition) for condition in found.linears)]


def _named(name: str) -> str:
    return name.removeprefix(GIVEN)


def _listed(levels: Collection[str]) -> str:
    return " or ".join(levels) if len(levels) > 1 else f"to be {next(iter(levels))}"


def _comparison(condition: Linear) -> str:
    """Return the condition with positive terms on both sides: `a at most 2 × b + 3`."""
    more = [(name, number) for name, number in condition.terms if number > 0]
    less = [(name, -number) for name, number in condition.terms if number < 0]
    word, rest = ("above" if condition.strict else "at least"), -condition.constant
    if condition.terms[0][1] < 0:  # the first field stands on the left
        more, less = less, more
        word, rest = ("below" if condition.strict else "at most"), condition.constant
    left = " + ".join(_times(name, number) for name, number in more)
    right = [_times(name, number) for name, number in less]
    if rest or not right:
        right.append(f"{float(rest):g}")
    return f"{left} {word} {' + '.join(right)}"


def _times(name: str, number: object) -> str:
    return _named(name) if number == 1 else f"{float(number):g} × {_named(name)}"  # type: ignore[arg-type]
