"""Hypotheses on coefficients, as they are written: linear equations in the names of terms.

`rd - cooperation`, `rd + cooperation = 1`, `2*rd = 0.5`; what is left out on the right is zero. One equation is a
combination with an estimate and an interval of its own; several are tested jointly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from innosurvey.errors import StudyError
from innosurvey.specs import mapping_at

_SCALED = re.compile(r"(?:(?P<factor>\d+(?:\.\d+)?)\s*\*\s*)?(?P<term>.+)")
_NUMBER = re.compile(r"[+-]?\s*\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearEquation:
    """Σ factor × coefficient = value."""

    parts: tuple[tuple[str, float], ...]
    value: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """A named hypothesis: one equation, or several at once."""

    name: str
    equations: tuple[LinearEquation, ...]
    written: str = field(default="", repr=False)


def parse_combinations(declared: Any, where: str) -> tuple[Combination, ...]:
    """Return the hypotheses of a model; StudyError for what is no linear equation."""
    found = []
    for name, written in mapping_at(declared, where).items():
        texts = [written] if isinstance(written, str) else written
        if not isinstance(texts, Sequence) or not texts or not all(isinstance(text, str) for text in texts):
            raise StudyError(f"{where}.{name}: write an equation, such as `rd - cooperation = 0`, or a list of them.")
        equations = tuple(parse_equation(text, f"{where}.{name}") for text in texts)
        found.append(Combination(name=str(name), equations=equations, written="; ".join(texts)))
    return tuple(found)


def parse_equation(text: str, where: str) -> LinearEquation:
    """Return one equation, its coefficients summed by term."""
    left, _, right = text.partition("=")
    right = right.strip() or "0"
    if not _NUMBER.fullmatch(right):
        raise StudyError(f"{where}: the right-hand side of `{text}` is no number.\nWrite `a - b = 0`.")
    parts: dict[str, float] = {}
    for sign, part in _signed_parts(left):
        scaled = _SCALED.fullmatch(part)
        if scaled is None or _NUMBER.fullmatch(part):
            raise StudyError(
                f"{where}: `{text}` is no equation in terms of the model, such as `2*rd - cooperation = 0`."
            )
        term = scaled["term"].strip()
        parts[term] = parts.get(term, 0.0) + sign * float(scaled["factor"] or 1)
    return LinearEquation(parts=tuple(parts.items()), value=float(right.replace(" ", "")))


def _signed_parts(text: str) -> list[tuple[float, str]]:
    """Return the parts of a sum with their signs; signs inside brackets belong to a name."""
    parts: list[tuple[float, str]] = []
    sign, current, depth = 1.0, "", 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter in "+-" and depth == 0:
            if current.strip():
                parts.append((sign, current.strip()))
                sign = 1.0
            sign, current = (sign if letter == "+" else -sign), ""
        else:
            current += letter
    return [*parts, (sign, current.strip())]
