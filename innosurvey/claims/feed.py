"""What a study lacks for a hypothesis, answered from the configuration and what the survey can feed, before any data
are read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innosurvey.claims.spec import ClaimSpec
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


def lacks_of(claim: ClaimSpec, feed: Feed) -> dict[str, str]:
    """Return why the hypotheses of a claim that have no estimate have none, by their ids."""
    reasons = {one.id: LACKS[one.estimand.kind](one.estimand.key, feed) for one in claim.hypotheses}
    return {name: reason for name, reason in reasons.items() if reason}


def can_be_judged(claim: ClaimSpec, lacking: Collection[str]) -> bool:
    """Return whether enough hypotheses have an estimate: each of them, or any (`decide`)."""
    return not lacking if claim.decide == "all" else len(lacking) < len(claim.hypotheses)


def _lacks_of_comparison(key: Mapping[str, str], feed: Feed) -> str:
    found = _absent("cohort", key["cohort"], feed.groups, feed) or _absent("item", key["item"], feed.items, feed)
    if found:
        return found
    for group in (key["group"], key["reference"]):
        if group not in feed.groups[key["cohort"]]:
            return f"the cohort {key['cohort']} has no group {group}"
    made = [
        one
        for one in feed.comparisons
        if (one["cohort"], one["reference"]) == (key["cohort"], key["reference"])
        and key["item"] in one["items"]
        and key["group"] in (one.get("groups") or [key["group"]])
    ]
    if made:
        return ""
    return f"no comparison sets {key['group']} against {key['reference']} of {key['cohort']} in {key['item']}"


def _lacks_of_coefficient(key: Mapping[str, str], feed: Feed) -> str:
    if found := _absent("model", key["model"], feed.models, feed):
        return found
    if key["cohort"] not in feed.models[key["model"]]:
        return f"the model {key['model']} is not fitted on the cohort {key['cohort']}"
    known = feed.groups.get(key["cohort"], ())
    return "" if key["group"] in known else f"the cohort {key['cohort']} has no group {key['group']}"


def _lacks_of_ranking(key: Mapping[str, str], feed: Feed) -> str:
    if found := _absent("item", key["item"], feed.items, feed) or _absent(
        "ranking", key["ranking"], feed.rankings, feed
    ):
        return found
    listed = feed.rankings[key["ranking"]]["items"]
    return "" if key["item"] in listed else f"the ranking {key['ranking']} does not list {key['item']}"


def _lacks_of_heterogeneity(key: Mapping[str, str], feed: Feed) -> str:
    found = _absent("cohort", key["cohort"], feed.groups, feed) or _absent("item", key["item"], feed.items, feed)
    if found:
        return found
    made = any(one["cohort"] == key["cohort"] and key["item"] in one["items"] for one in feed.comparisons)
    return "" if made else f"no comparison of {key['cohort']} has {key['item']}"


LACKS = {
    "comparison": _lacks_of_comparison,
    "coefficient": _lacks_of_coefficient,
    "ranking": _lacks_of_ranking,
    "heterogeneity": _lacks_of_heterogeneity,
}


def _absent(kind: str, name: str, had: Collection[str], feed: Feed) -> str:
    """Return why a thing cannot be had, or an empty text: what it lacks, or that the study declares no such thing."""
    if name in had:
        return ""
    if reason := feed.lacks.get((kind, name)):
        return f"{name} {reason}"
    return f"the study has no {kind} {name}.{did_you_mean(name, had)}".removesuffix(".")
