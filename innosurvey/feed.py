"""What a study has for those stages that only read estimates, claims and policy, and why the rest cannot be had.

Answered from the configuration and what the survey can feed, before any data are read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innosurvey.errors import did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What the study has: the groups of its cohorts, its items, the comparisons and rankings that can be had as they
    are declared, and of each model that can be tried the cohorts it is fitted on. `lacks` says why the rest cannot be
    had, by kind and id.
    """

    groups: Mapping[str, Sequence[str]]
    items: Collection[str]
    comparisons: Sequence[Mapping[str, Any]]
    rankings: Mapping[str, Mapping[str, Any]]
    models: Mapping[str, Sequence[str]]
    lacks: Mapping[tuple[str, str], str]


def why_absent(kind: str, name: str, had: Collection[str], feed: Feed) -> str:
    """Return why a thing cannot be had, or an empty text: what it lacks, or that the study declares no such thing."""
    if name in had:
        return ""
    if reason := feed.lacks.get((kind, name)):
        return f"{name} {reason}"
    return f"the study has no {kind} {name}.{did_you_mean(name, had)}".removesuffix(".")


def why_not_compared(cohort: str, group: str, reference: str, item: str, feed: Feed) -> str:
    """Return why no comparison sets a group against a reference in an item, or an empty text."""
    found = why_absent("cohort", cohort, feed.groups, feed) or why_absent("item", item, feed.items, feed)
    if found:
        return found
    for name in (group, reference):
        if name not in feed.groups[cohort]:
            return f"the cohort {cohort} has no group {name}"
    made = any(
        (one["cohort"], one["reference"]) == (cohort, reference)
        and item in one["items"]
        and group in (one.get("groups") or [group])
        for one in feed.comparisons
    )
    return "" if made else f"no comparison sets {group} against {reference} of {cohort} in {item}"
