"""Which rankings, decompositions and curves a study can feed, and the columns that they need beside the items' own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from innosurvey.known import fail_if_names_are_unknown

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


def lacks_of_curve(entry: Mapping[str, Any], had: Had) -> str:
    """Return what a curve needs and the study lacks, or an empty string."""
    if reason := _lacks_cohort(entry, had):
        return reason
    if entry.get("item") not in had.items:
        return f"needs the item {entry.get('item')}"
    return "" if entry.get("by") in had.variables else f"needs {entry.get('by')}"


SECTIONS = (
    ("rank", "ranking", lacks_of_ranking),
    ("decompose", "decomposition", lacks_of_decomposition),
    ("curves", "curve", lacks_of_curve),
)


def contrasts_had(
    programme: Mapping[str, Any], had: Had, known: Collection[str]
) -> tuple[dict[str, tuple[str, ...]], dict[tuple[str, str], str]]:
    """Return by section the rankings, decompositions and curves that can be had, and by kind and id what the others
    need; StudyError for variables that nothing declares.
    """
    fail_if_names_are_unknown(programme["design"].get("adjust_for") or (), known, "design.adjust_for")
    for name, entry in (programme.get("compare") or {}).items():
        fail_if_names_are_unknown(entry.get("adjust_for") or (), known, f"compare.{name}.adjust_for")
    found: dict[str, tuple[str, ...]] = {}
    needs: dict[tuple[str, str], str] = {}
    for section, kind, judge in SECTIONS:
        entries = programme.get(section) or {}
        for name, entry in entries.items():
            named = [*(entry.get("terms") or ()), *([entry["by"]] if "by" in entry else [])]
            fail_if_names_are_unknown(named, known, f"{section}.{name}")
        reasons = {name: judge(entry, had) for name, entry in entries.items()}
        needs |= {(kind, name): reason for name, reason in reasons.items() if reason}
        found[section] = tuple(name for name, reason in reasons.items() if not reason)
    return found, needs


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


def columns_compared(programme: Mapping[str, Any], decompositions: Iterable[str], curves: Iterable[str]) -> list[str]:
    """Return the variables that comparisons adjust for, that decompositions explain by and that curves run along."""
    adjusted = [entry.get("adjust_for") or [] for entry in (programme.get("compare") or {}).values()]
    terms = [programme["decompose"][name]["terms"] for name in decompositions]
    along = [programme["curves"][name]["by"] for name in curves]
    listed = [programme["design"].get("adjust_for") or [], *adjusted, *terms, along]
    return list(dict.fromkeys(str(name) for names in listed for name in names))
