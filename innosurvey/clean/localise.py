"""Which answers of a failing record are wrong: the fields of least total weight that can make every edit hold.

Fellegi and Holt's principle. A set of fields is tried by making them free and eliminating them, together with what is
missing: it is a solution when the others keep every edit that is then implied. Where one is broken, any solution must
change one of its fields, so the set grows by one of them and nothing else needs trying. Sets are taken up in order of
weight, for all records with the same missing fields at once.

Source: Fellegi and Holt (1976), JASA 71; De Waal, Pannekoek and Scholtus (2011), ch. 3-5.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from innosurvey.clean.clauses import Clause, Linear
from innosurvey.clean.eliminate import TooManyClauses
from innosurvey.clean.normal import GIVEN
from innosurvey.clean.system import System
from innosurvey.expressions.operators import ROUNDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Localisation:
    """How fields are doubted: `reliability` by field (default 1; a heavier field is changed later), at most
    `most_fields` of a record, `order` between sets of equal weight.
    """

    reliability: Mapping[str, float] = field(default_factory=dict)
    most_fields: int = 6
    order: Mapping[str, int] = field(default_factory=dict)

    def weight(self, fields: Collection[str]) -> float:
        """Return the total weight of the fields."""
        return sum(self.reliability.get(name, 1.0) for name in sorted(fields))

    def key(self, fields: frozenset[str]) -> tuple[float, tuple[tuple[int, str], ...]]:
        """Return what sets are taken up by: weight, then declared order."""
        places = sorted((self.order.get(name, len(self.order)), name) for name in fields)
        return round(self.weight(fields), 9), tuple(places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Records by column: numbers (NaN is no number), level codes (-1 is no level), and which cells are answered.

    `missing`: cells that should hold an answer. What is empty and not missing was not asked: clauses on it hold.
    """

    numbers: Mapping[str, np.ndarray]
    codes: Mapping[str, np.ndarray]
    levels: Mapping[str, tuple[str, ...]]
    answered: Mapping[str, np.ndarray]
    missing: Mapping[str, np.ndarray]
    count: int

    def holds(self, clause: Clause, rows: np.ndarray) -> np.ndarray:
        """Return for which of the rows the clause holds, or is open because of a cell that has no value."""
        result = np.zeros(len(rows), dtype=bool)
        for name in clause.unanswered:
            result |= ~self.answered[name][rows]
        for name, allowed in clause.levels:
            codes = self.codes[name][rows]
            allows = np.array([level in allowed for level in self.levels[name]] + [True])  # -1 is the last: open
            result |= allows[codes]
        for condition in clause.linears:
            result |= ~self._broken(condition, rows)
        return result

    def _broken(self, condition: Linear, rows: np.ndarray) -> np.ndarray:
        """Return which rows break the condition; a sum may miss its bound by rounding, as it may when rules are
        evaluated, while two numbers are compared as they stand.
        """
        total = np.full(len(rows), float(condition.constant))
        size = np.abs(total)
        for name, number in condition.terms:
            part = float(number) * self.numbers[name][rows]
            total = total + part
            size = size + np.abs(part)
        compared = len(condition.terms) + (condition.constant != 0) <= 2
        slack = 0.0 if compared and all(abs(number) == 1 for _, number in condition.terms) else ROUNDING
        with np.errstate(invalid="ignore"):
            return total <= slack * size if condition.strict else total < -slack * size


MOST_SETS = 2000
SETS_BY_PATTERN = 4
"""So many sets are tried, and so many more for each pattern of missing fields; the lightest go first, so that what is
left then are records in which many answers are wrong.
"""
Pattern = frozenset[str]
Solutions = dict[frozenset[str], np.ndarray]
"""The rows by the fields that are wrong in them."""


def localise(system: System, sheet: Sheet, rules: Localisation) -> tuple[Solutions, np.ndarray]:
    """Return the records (0, 1, … of the sheet) by the set of fields to change, and those that were not solved."""
    return _Search(system, sheet, rules).run()


class _Search:
    """The frontier of sets still to be tried, with the records that wait for each of them."""

    def __init__(self, system: System, sheet: Sheet, rules: Localisation) -> None:
        self.system, self.sheet, self.rules = system, sheet, rules
        self.solved = np.zeros(sheet.count, dtype=bool)
        self.solutions: dict[frozenset[str], list[np.ndarray]] = {}
        self.waiting: dict[tuple[Pattern, frozenset[str]], list[np.ndarray]] = {}
        self.queue: list[tuple[object, int, Pattern, frozenset[str]]] = []
        self.ticket = itertools.count()  # no two places in the queue compare by their sets
        every = np.arange(sheet.count)
        # short clauses first: they leave the fewest fields to try
        self.order = sorted(range(len(system.clauses)), key=lambda place: (len(system.clauses[place].fields()), place))
        self.clauses = [system.clauses[place] for place in self.order]
        self.kept = np.array([sheet.holds(found, every) for found in self.clauses]).reshape(-1, len(every))

    def run(self) -> tuple[Solutions, np.ndarray]:
        hopeless = self._least_fields() > self.rules.most_fields
        patterns = self._patterns()
        for pattern, rows in patterns:
            self._add(pattern, frozenset(), rows[~hopeless[rows]])
        for _ in range(MOST_SETS + SETS_BY_PATTERN * len(patterns)):
            if not self.queue:
                break
            _, _, pattern, fields = heapq.heappop(self.queue)
            rows = np.unique(np.concatenate(self.waiting.pop((pattern, fields))))
            rows = rows[~self.solved[rows]]
            if len(rows):
                self._try(pattern, fields, rows)
        found = {fields: np.sort(np.concatenate(rows)) for fields, rows in self.solutions.items()}
        return found, np.flatnonzero(~self.solved)

    def _least_fields(self) -> np.ndarray:
        """Return how many fields at least are wrong in each record: broken clauses with no field in common."""
        places = {name: place for place, name in enumerate(sorted({name for c in self.clauses for name in c.fields()}))}
        used = np.zeros((self.sheet.count, len(places)), dtype=bool)
        least = np.zeros(self.sheet.count, dtype=np.int64)
        for found, kept in zip(self.clauses, self.kept, strict=True):
            mine = np.array(sorted(places[name] for name in found.fields()), dtype=np.intp)
            rows = np.flatnonzero(~kept)
            rows = rows[~used[np.ix_(rows, mine)].any(axis=1)]
            used[np.ix_(rows, mine)] = True
            least[rows] += 1
        return least

    def _patterns(self) -> list[tuple[Pattern, np.ndarray]]:
        """Return the records by the fields that they miss."""
        names = sorted(name for name in self.system.values() if self.sheet.missing[name].any())
        if not names:
            return [(frozenset(), np.arange(self.sheet.count))]
        table = np.array([self.sheet.missing[name] for name in names]).T
        kinds, which = np.unique(table, axis=0, return_inverse=True)
        which = which.reshape(-1)
        return [
            (frozenset(name for name, gone in zip(names, kind, strict=True) if gone), np.flatnonzero(which == place))
            for place, kind in enumerate(kinds)
        ]

    def _add(self, pattern: Pattern, fields: frozenset[str], rows: np.ndarray) -> None:
        place = (pattern, fields)
        if place not in self.waiting:
            self.waiting[place] = []
            heapq.heappush(self.queue, (self.rules.key(fields), next(self.ticket), pattern, fields))
        self.waiting[place].append(rows)

    def _try(self, pattern: Pattern, fields: frozenset[str], rows: np.ndarray) -> None:
        """Settle the records for which these fields are enough; hand the others on to larger sets."""
        free = pattern | fields
        try:
            implied = self.system.implied(free, fields)
        except TooManyClauses:
            return
        touched = self.system.touching(free)
        alone = np.array([place for place, clause in enumerate(self.order) if clause not in touched], dtype=np.intp)
        first = _first_broken(self.kept[np.ix_(alone, rows)])
        later = np.array([self.sheet.holds(clause, rows) for clause in implied]).reshape(-1, len(rows))
        second = _first_broken(later)
        done = (first < 0) & (second < 0)
        if done.any():
            self.solved[rows[done]] = True
            self.solutions.setdefault(fields, []).append(rows[done])
        if len(fields) >= self.rules.most_fields:
            return
        for place in np.unique(first[first >= 0]):
            self._grow(pattern, fields, self.clauses[alone[place]], rows[first == place])
        for place in np.unique(second[(first < 0) & (second >= 0)]):
            self._grow(pattern, fields, implied[place], rows[(first < 0) & (second == place)])

    def _grow(self, pattern: Pattern, fields: frozenset[str], broken: Clause, rows: np.ndarray) -> None:
        for name in sorted(broken.fields()):
            if not name.startswith(GIVEN) and name not in fields:
                self._add(pattern, fields | {name}, rows)


def _first_broken(kept: np.ndarray) -> np.ndarray:
    """Return for each record the place of the first clause that it breaks, -1 where it breaks none."""
    if not len(kept):
        return np.full(kept.shape[1], -1)
    return np.where(kept.all(axis=0), -1, np.argmin(kept, axis=0))
