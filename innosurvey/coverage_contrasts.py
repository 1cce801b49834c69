"""Which rankings and decompositions a study can feed, and the columns that comparing needs beside the items' own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Entries = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Had:
    """What the study has: cohorts, items and variables."""

    cohorts: Collection[str]
    items: Collection[str]
    variables: Collection[str]


def lacks_of_ranking(entry: Mapping[str, Any], had: Had) -> str:
    """Return what a ranking needs and the study lacks, or an empty string."""
    if reason := _lacks_cohort(entry, had):
        return reason
    items = [item for item in entry.get("items", []) if item in had.items]
    others = [item for item in entry.get("against") or items if item in had.items]
    return "" if any(item != other for item in items for other in others) else "needs two of its items"


def lacks_of_decomposition(entry: Mapping[str, Any], had: Had) -> str:
    """Return what a decomposition needs and the study lacks, or an empty string."""
    if reason := _lacks_cohort(entry, had):
        return reason
    missing = [term for term in entry.get("terms", []) if term not in had.variables]
    if missing:
        return f"needs {', '.join(missing)}"
    return "" if any(item in had.items for item in entry.get("outcomes", [])) else "none of its outcomes can be had"


def _lacks_cohort(entry: Mapping[str, Any], had: Had) -> str:
    cohort = str(entry.get("cohort"))
    return "" if cohort in had.cohorts else f"needs the cohort {cohort}"


def available(section: Entries, names: Iterable[str], cohort: str, items: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return those entries of a section that are about a cohort, with those of their items that can be had."""
    return {
        name: {
            key: [item for item in value if item in items] if key in ("items", "against", "outcomes") else value
            for key, value in section[name].items()
        }
        for name in names
        if section[name]["cohort"] == cohort
    }


def columns_compared(programme: Mapping[str, Any], decompositions: Iterable[str]) -> list[str]:
    """Return the variables that comparisons adjust for and that decompositions explain by."""
    adjusted = [entry.get("adjust_for") or [] for entry in (programme.get("compare") or {}).values()]
    terms = [programme["decompose"][name]["terms"] for name in decompositions]
    listed = [programme["design"].get("adjust_for") or [], *adjusted, *terms]
    return list(dict.fromkeys(str(name) for names in listed for name in names))
