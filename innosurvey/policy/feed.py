"""What a study lacks for its policy frame, part by part, and the errors for names that nobody declares."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.feed import Feed, why_absent, why_not_compared
from innosurvey.policy.spec import SUCCESS, WHOLE, PolicySpec


def lacks_of(spec: PolicySpec | None, feed: Feed, described: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return why parts of the frame cannot be filled, by their ids; the frame as a whole where there are no stages.

    `described` is the configuration of the items: one that is kept from the stages has no estimate there.
    """
    if spec is None:
        return {}
    if reason := why_absent("cohort", spec.stage, feed.groups, feed):
        return {WHOLE: reason}
    reasons = {}
    for part, item in spec.parts():
        elsewhere = spec.stage in described.get(item, {}).get("not_for", ())
        by_stage = f"{item} is not described in {spec.stage}" if elsewhere else ""
        reasons[part] = why_absent("item", item, feed.items, feed) or by_stage
    if reason := why_absent("cohort", spec.success.cohort, feed.groups, feed):
        reasons[SUCCESS] = reason
    else:
        reasons |= {part: _not_associated(spec, item, feed) for part, item in spec.associations()}
    return {part: reason for part, reason in reasons.items() if reason}


def _not_associated(spec: PolicySpec, item: str, feed: Feed) -> str:
    """Return why firms that succeeded and firms that failed are not compared in an item, whichever is the reference."""
    cohort, succeeded, failed = spec.success.cohort, spec.success.succeeded, spec.success.failed
    why = why_not_compared(cohort, failed, succeeded, item, feed)
    return why and why_not_compared(cohort, succeeded, failed, item, feed) and why


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The names that the frame may use: cohorts with their groups, items with their statistic, claims."""

    cohorts: Mapping[str, Collection[str]]
    items: Mapping[str, str]
    claims: Collection[str]


def fail_if_undeclared(spec: PolicySpec, declared: Declared) -> None:
    """Raise StudyError, with the near name, for a cohort, a stage, an item or a claim that nobody declares, and for an
    item that is no share.
    """
    _fail_if_unknown("policy.stage", "cohort", (spec.stage,), declared.cohorts)
    _fail_if_unknown("policy.success.cohort", "cohort", (spec.success.cohort,), declared.cohorts)
    two = (spec.success.succeeded, spec.success.failed)
    _fail_if_unknown("policy.success", "group", two, declared.cohorts[spec.success.cohort])
    for part, item in (*spec.parts(), *spec.associations()):
        where = f"policy.fields, {part}"
        _fail_if_unknown(where, "item", (item,), declared.items)
        if declared.items[item] != "share":
            raise StudyError(f"{where}: {item} is a {declared.items[item]}.\nTake an item whose statistic is a share.")
    for one in spec.recommendations:
        where = f"policy.recommendations.{one.id}"
        _fail_if_unknown(f"{where}.claim", "claim", (one.claim,), declared.claims)
        _fail_if_unknown(f"{where}.cells.stages", "stage", one.stages, declared.cohorts[spec.stage])


def _fail_if_unknown(where: str, kind: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise StudyError(
                f"{where}: there is no {kind} {name}.{did_you_mean(name, known)}\n"
                f"Correct the name. There are: {', '.join(known)}."
            )
