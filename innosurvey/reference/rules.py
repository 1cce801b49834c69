"""The kinds of arithmetic that a printed number must obey, each from the cells that it is made of.

A rule gives the number that should be printed, with the span that the rounding of its cells leaves, and how the printed
one must stand to it: equal, at most, or above.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from innosurvey.reference.spans import Span, total

Relation = Literal["equal", "at_most", "above"]
WHOLE = Span.of(100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of arithmetic: `cells` is how many it takes (0: any number)."""

    make: Callable[[Sequence[Span]], Span]
    relation: Relation = "equal"
    cells: int = 0


def share(cells: Sequence[Span]) -> Span:
    """Return the first cell in percent of the sum of the others."""
    part = cells[0] * WHOLE
    return part / total(cells[1:])


def change(cells: Sequence[Span]) -> Span:
    """Return the second cell less the first."""
    return cells[1] - cells[0]


def quotient(cells: Sequence[Span]) -> Span:
    """Return the first cell over the second."""
    return cells[0] / cells[1]


def weighted(cells: Sequence[Span]) -> Span:
    """Return the sum of shares (the first half of the cells, in percent) times counts (the second half)."""
    half = len(cells) // 2
    return total(part * count for part, count in zip(cells[:half], cells[half:], strict=True)) / WHOLE


RULES: Mapping[str, Rule] = {
    "sum": Rule(make=total),
    "whole": Rule(make=lambda _: WHOLE),
    "share": Rule(make=share),
    "change": Rule(make=change, cells=2),
    "quotient": Rule(make=quotient, cells=2),
    "same": Rule(make=total, cells=1),
    "weighted": Rule(make=weighted),
    "at_most": Rule(make=total, relation="at_most", cells=1),
    "quotient_below": Rule(make=quotient, relation="above", cells=2),
}
"""sum: of the cells · whole: the printed shares make 100 · share: the first in percent of the sum of the others ·
change: the second less the first · quotient: the first over the second · same: the cell · weighted: shares times counts
· at_most: the printed number does not exceed the cell · quotient_below: the first over the second stays below it."""
