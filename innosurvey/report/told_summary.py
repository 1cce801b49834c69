"""What the summary tells: which questions the study answers and by which comparisons, which claims hold and how sure
that is, which links between input and output are clear, and which recommendations follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from innosurvey.groupings import EVERYONE
from innosurvey.report.draft import Draft
from innosurvey.report.layout_tables import ALL_WAVES
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import Number
from innosurvey.report.terms import parts_of
from innosurvey.report.told_claims import checks_of
from innosurvey.report.told_comparisons import pairs_among
from innosurvey.report.told_models import associations, told_terms
from innosurvey.report.told_policy import Recommended, recommended

QUESTIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "activity": (("activity_seoul", "activity_office", "activity_oslo4"), ("economic",)),
    "failure": (
        ("outcome_goal", "project_outcome", "outcome_commercial", "outcome_oslo"),
        ("cooperation", "information", "barriers"),
    ),
    "certificates": (("certified",), ()),
    "stages": (("stage_self", "stage_age"), ("barriers",)),
    "size": (("size_cis", "size_kis"), ("output",)),
    "place": (("zone",), ()),
}
"""The questions of the summary, each with the cohorts of which the first that is there answers it, and themes (none:
all)."""
VERDICTS = ("supported", "not supported", "reversed", "not estimable")
MOST_RECOMMENDATIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The comparisons that answer a question of the summary; `several` groups are set against one."""

    question: str
    rows: tuple[Row, ...]
    several: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedClaim:
    """A claim, and how far its checks agree with the verdict: `all`, `most`, `few` (fragile), or empty without any."""

    row: Row
    checks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An outcome, and the coefficients of the model of it that are told."""

    outcome: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The outcomes that go clearly with something, and those for which no link is clear."""

    clear: tuple[Link, ...]
    unclear: tuple[str, ...]


def summary_answers(draft: Draft) -> list[Answer]:
    """Return the questions that the study has comparisons for, with them."""
    told = []
    for question, (cohorts, themes) in QUESTIONS.items():
        rows = rows_of(draft, cohorts, themes)
        if rows:
            told.append(Answer(question=question, rows=tuple(rows), several=len(pairs_among(rows)) > 1))
    return told


def rows_of(draft: Draft, cohorts: tuple[str, ...], themes: tuple[str, ...]) -> list[Row]:
    """Return the comparisons of the first of the cohorts that has any, on the items of the themes (none: all)."""
    for cohort in cohorts:
        rows = draft.lookup.rows("compare", cohort=cohort, wave=ALL_WAVES)
        if rows:
            items = [item for theme in themes for item in draft.context.items_of(theme)]
            return [row for row in rows if not items or row["item"] in items]
    return []


def judged_claims(draft: Draft) -> list[list[JudgedClaim]]:
    """Return the claims, those with the same verdict together, the supported ones first."""
    rows = draft.lookup.rows("claims")
    found = ([row for row in rows if row["verdict"] == verdict] for verdict in VERDICTS)
    return [[JudgedClaim(row=row, checks=checks_of(row)) for row in claims] for claims in found if claims]


def summary_links(draft: Draft) -> Links:
    """Return what the models of all firms say of each outcome, by the first model of it that tells anything.

    A model of an outcome on itself, a wave before, is left out: it shows that firms stay as they are, and no link.
    """
    told: dict[str, tuple[Row, ...]] = {}
    for fit in draft.lookup.rows("fits", cohort=EVERYONE, group=EVERYONE):
        if fit["status"].startswith("ok") and fit["outcome"] not in told:
            key = {name: fit[name] for name in ("model", "cohort", "group", "outcome")}
            rows = told_terms(draft, draft.lookup.rows("coefficients", **key))
            if associations(draft, rows, brief=True) and not any(
                is_lag_of(row["term"], fit["outcome"]) for row in rows
            ):
                told[fit["outcome"]] = tuple(rows)
    clear = {
        outcome for outcome, rows in told.items() if any(one.clear for one in associations(draft, rows, brief=True))
    }
    return Links(
        clear=tuple(Link(outcome=outcome, rows=rows) for outcome, rows in told.items() if outcome in clear),
        unclear=tuple(outcome for outcome in told if outcome not in clear),
    )


def is_lag_of(term: str, outcome: str) -> bool:
    """True for a term that is the model's outcome at an earlier time."""
    return parts_of(term)[2].startswith((f"lag({outcome})", f"lag({outcome},"))


def first_recommendations(draft: Draft) -> list[Recommended]:
    """Return the first few of the recommendations that stand: of each field one before any of them has two. The stages
    are left to those that ask for cells.
    """
    found = list(recommended(draft).values())
    first = [ours[0] for ours in found]
    told = [*first, *(one for ours in found for one in ours[1:])][:MOST_RECOMMENDATIONS]
    return [one if asks_for_cells(one.row) else replace(one, groups=()) for one in told]


def asks_for_cells(row: Row) -> bool:
    """True for a recommendation that stands only where the frame has such cells."""
    least = row["least"]
    return isinstance(least, Number) and least.available and bool(least > 0)


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the section templates call to know what to tell in the summary."""
    return {
        "summary_answers": lambda: summary_answers(draft),
        "judged_claims": lambda: judged_claims(draft),
        "summary_links": lambda: summary_links(draft),
        "first_recommendations": lambda: first_recommendations(draft),
    }
