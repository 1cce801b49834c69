"""All hard edits of a wave as one system of clauses, and what it implies once some fields are free.

Edits hang together through shared fields, so a field is never judged by one edit alone. Free fields (blanked or
missing) are eliminated; those that no clause connects are eliminated apart, and each such group once only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from innosurvey.clean.clauses import Clause, reduced
from innosurvey.clean.eliminate import eliminate_all
from innosurvey.clean.normal import Fields, NotLinear, between, clauses_of, fields_of
from innosurvey.clean.spec import EditSpec
from innosurvey.dictionary import Variable
from innosurvey.errors import StudyError


class System:
    """Clauses and the levels of their fields; remembers what it has eliminated."""

    def __init__(self, clauses: Iterable[Clause], fields: Fields) -> None:
        self.clauses = tuple(clauses)
        self.fields = fields
        self.domains = fields.all_domains()
        self.names = [found.values() for found in self.clauses]
        self._with: dict[str, list[int]] = {}
        for place, found in enumerate(self.clauses):
            for name in found.fields():
                self._with.setdefault(name, []).append(place)
        self._implied: dict[tuple[frozenset[str], tuple[int, ...]], list[Clause]] = {}

    def knows(self, edit: str) -> bool:
        """Return whether the edit has a normal form here."""
        return any(edit in found.edits for found in self.clauses)

    def values(self) -> frozenset[str]:
        """Return the fields whose values some clause asks for."""
        return frozenset(name for names in self.names for name in names if name in self.fields.domains)

    def touching(self, free: Collection[str]) -> frozenset[int]:
        """Return the places of the clauses that name a free field."""
        return frozenset(place for name in free for place in self._with.get(name, ()))

    def implied(self, free: frozenset[str], blanked: frozenset[str]) -> list[Clause]:
        """Return what the clauses that name a free field say of the others.

        A clause that a `blanked` field contents by having no answer says nothing. TooManyClauses as `eliminate_all`.
        """
        active = [place for place in self.touching(free) if not self.clauses[place].unanswered & blanked]
        found: list[Clause] = []
        for group, places in self._groups(free, active):
            key = (group, places)
            if key not in self._implied:
                self._implied[key] = eliminate_all([self.clauses[place] for place in places], group, self.domains)
            found += self._implied[key]
        return found

    def _groups(self, free: frozenset[str], active: Iterable[int]) -> list[tuple[frozenset[str], tuple[int, ...]]]:
        """Return the free fields that hang together, each group with the clauses that name one of them."""
        groups: list[tuple[set[str], set[int]]] = []
        for place in sorted(active):
            shared = self.names[place] & free
            if not shared:
                continue
            joined = (set(shared), {place})
            for group in [group for group in groups if group[0] & shared]:
                groups.remove(group)
                joined = (joined[0] | group[0], joined[1] | group[1])
            groups.append(joined)
        return [(frozenset(names), tuple(sorted(places))) for names, places in groups]

    def connected(self, edits: Collection[str]) -> System:
        """Return the part of the system that hangs together with these edits."""
        reached = {place for place, found in enumerate(self.clauses) if found.edits & set(edits)}
        waiting = list(reached)
        while waiting:
            for name in self.clauses[waiting.pop()].fields() & self.fields.answers:
                fresh = set(self._with[name]) - reached
                reached |= fresh
                waiting += fresh
        return System(reduced(self.clauses[place] for place in sorted(reached)), self.fields)


def read_system(
    edits: Iterable[EditSpec], dictionary: Mapping[str, Variable], columns: Collection[str] | None = None
) -> System:
    """Return the edits in normal form, the dictionary's ranges of their fields among them.

    An edit without a normal form stands apart when it says what to blank. StudyError when it does not.
    """
    fields = fields_of(dictionary, columns)
    found: list[Clause] = []
    for spec in edits:
        try:
            found += _clauses(spec, fields)
        except NotLinear as reason:
            if spec.localised:
                raise StudyError(_not_linear(spec, str(reason))) from None
    numbers = sorted({name for clause in found for name in clause.values() if fields.domains.get(name, ()) is None})
    for name in numbers:
        variable = dictionary[name]
        found += between([name], variable.minimum, variable.maximum, range_of(name))
    return System(found, fields)


def range_of(name: str) -> str:
    """Return the words by which the dictionary's range of a variable stands among the edits."""
    return f"the range of {name}"


def _clauses(spec: EditSpec, fields: Fields) -> list[Clause]:
    if spec.kind in ("drop", "unit"):
        return []  # rows that go, amounts that are put right
    if spec.kind == "balance":
        unknown = [name for name in spec.variables if fields.domains.get(name, ()) is not None]
        if unknown:
            raise NotLinear(f"`{unknown[0]}` is no number")
        return between(spec.variables, spec.total - spec.exact, spec.total + spec.exact, spec.id)
    return clauses_of(spec.rule, spec.where, spec.id, fields)


def _not_linear(spec: EditSpec, reason: str) -> str:
    return (
        f"{spec.where}: which field is wrong cannot be worked out from this rule: {reason}.\n"
        "Say what is blanked with `blank: [<variable>]`, or write it with sums and constant factors only "
        "(a <= 3 * b instead of ratio(a, b) <= 3)."
    )


def order_of_doubt(specs: Sequence[EditSpec], reliability: Mapping[str, float]) -> dict[str, int]:
    """Return the place of each field in the order in which fields of equal weight are doubted.

    Those of `reliability` come first, in its order, then those of the edits as they are named.
    """
    names = [*reliability, *(name for spec in specs for name in spec.names())]
    return {name: place for place, name in enumerate(dict.fromkeys(names))}
