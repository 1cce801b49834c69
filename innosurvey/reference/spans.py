"""Reckoning with rounded numbers: a value, and the lowest and highest that it can stand for.

All numbers are from zero on, so that bounds follow from bounds (interval arithmetic). Terms are taken as free of each
other: where one number stands twice the span is a little too wide, never too narrow.
"""

from collections.abc import Iterable
from dataclasses import dataclass

NEARLY = 1e-9
"""What sums of decimal fractions may be off by in binary."""


@dataclass(frozen=True, slots=True)
class Span:
    """A number with its bounds."""

    value: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, value: float, rounding: float = 0.0) -> "Span":
        """Return a number that was rounded to within ± `rounding`."""
        return cls(value, value - rounding, value + rounding)

    def __add__(self, other: "Span") -> "Span":
        return Span(self.value + other.value, self.lowest + other.lowest, self.highest + other.highest)

    def __sub__(self, other: "Span") -> "Span":
        return Span(self.value - other.value, self.lowest - other.highest, self.highest - other.lowest)

    def __mul__(self, other: "Span") -> "Span":
        return Span(self.value * other.value, self.lowest * other.lowest, self.highest * other.highest)

    def __truediv__(self, other: "Span") -> "Span":
        return Span(self.value / other.value, self.lowest / other.highest, self.highest / other.lowest)

    def holds(self, value: float) -> bool:
        """Tell whether the number can stand for this value."""
        return self.lowest - NEARLY <= value <= self.highest + NEARLY

    def meets(self, other: "Span") -> bool:
        """Tell whether two numbers can stand for the same value."""
        return self.lowest <= other.highest + NEARLY and other.lowest <= self.highest + NEARLY


def total(spans: Iterable[Span]) -> Span:
    """Return the sum."""
    return sum(spans, Span.of(0.0))
