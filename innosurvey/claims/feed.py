"""What a study lacks for a hypothesis, answered from the configuration and what the survey can feed, before any data
are read.
"""

from collections.abc import Collection, Mapping

from innosurvey.claims.spec import ClaimSpec
from innosurvey.feed import Feed, why_absent, why_not_compared


def lacks_of(claim: ClaimSpec, feed: Feed) -> dict[str, str]:
    """Return why the hypotheses of a claim that have no estimate have none, by their ids."""
    reasons = {one.id: LACKS[one.estimand.kind](one.estimand.key, feed) for one in claim.hypotheses}
    return {name: reason for name, reason in reasons.items() if reason}


def can_be_judged(claim: ClaimSpec, lacking: Collection[str]) -> bool:
    """Return whether enough hypotheses have an estimate: each of them, or any (`decide`)."""
    return not lacking if claim.decide == "all" else len(lacking) < len(claim.hypotheses)


def _lacks_of_comparison(key: Mapping[str, str], feed: Feed) -> str:
    return why_not_compared(key["cohort"], key["group"], key["reference"], key["item"], feed)


def _lacks_of_coefficient(key: Mapping[str, str], feed: Feed) -> str:
    if found := why_absent("model", key["model"], feed.models, feed):
        return found
    if key["cohort"] not in feed.models[key["model"]]:
        return f"the model {key['model']} is not fitted on the cohort {key['cohort']}"
    known = feed.groups.get(key["cohort"], ())
    return "" if key["group"] in known else f"the cohort {key['cohort']} has no group {key['group']}"


def _lacks_of_ranking(key: Mapping[str, str], feed: Feed) -> str:
    if found := why_absent("item", key["item"], feed.items, feed) or why_absent(
        "ranking", key["ranking"], feed.rankings, feed
    ):
        return found
    listed = feed.rankings[key["ranking"]]["items"]
    return "" if key["item"] in listed else f"the ranking {key['ranking']} does not list {key['item']}"


def _lacks_of_heterogeneity(key: Mapping[str, str], feed: Feed) -> str:
    found = why_absent("cohort", key["cohort"], feed.groups, feed) or why_absent("item", key["item"], feed.items, feed)
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
