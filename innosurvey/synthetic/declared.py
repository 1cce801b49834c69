"""The dictionary as the generator knows it: levels are named there once, and drawn from here by variable.

Shares by level (`by_level`) are parameters, so their keys are written beside them; they are held against the
dictionary, so that a level that was renamed stops the generator and does not make another survey.
"""

from functools import cache
from pathlib import Path
from typing import TypeVar

from innosurvey.dictionary import Dictionary
from innosurvey.files import read_dictionary

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
NONE = "none"
Share = TypeVar("Share")


@cache
def declared() -> Dictionary:
    """Return the project's dictionary."""
    return read_dictionary(RESOURCES / "dictionary" / "variables.csv")


def levels(variable: str) -> tuple[str, ...]:
    """Return the levels of a variable in the dictionary's order."""
    return declared()[variable].levels


def levels_but_none(variable: str) -> tuple[str, ...]:
    """Return the levels of a variable without `none`."""
    return tuple(level for level in levels(variable) if level != NONE)


def by_level(variable: str, shares: dict[str, Share]) -> dict[str, Share]:
    """Return the shares as they are; a ValueError when their keys are not the variable's levels."""
    if set(shares) != set(levels(variable)):
        raise ValueError(f"shares of {variable} by {sorted(shares)}; the dictionary has {sorted(levels(variable))}")
    return shares


def by_variable(prefix: str, shares: dict[str, Share], suffix: str = "") -> dict[str, Share]:
    """Return the shares as they are; a ValueError when a key is no variable of the dictionary between the two."""
    unknown = [name for name in shares if f"{prefix}{name}{suffix}" not in declared()]
    if unknown:
        raise ValueError(f"the dictionary has no {prefix}…{suffix} for {sorted(unknown)}")
    return shares
