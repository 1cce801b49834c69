"""What the summary tells: which questions the study answers, by which comparisons, and the verdicts on claims."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from innosurvey.report.draft import Draft
from innosurvey.report.layout_tables import ALL_WAVES, ordered
from innosurvey.report.lookup import Row
from innosurvey.report.told_comparisons import pairs_among

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The comparisons that answer a question of the summary; `several` groups are set against one."""

    question: str
    rows: tuple[Row, ...]
    several: bool


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


def claims_by_verdict(draft: Draft) -> list[list[Row]]:
    """Return the claims, those with the same verdict together."""
    rows = draft.lookup.rows("claims")
    return [[row for row in rows if row["verdict"] == one] for one in ordered(row["verdict"] for row in rows)]


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the section templates call to know what to tell in the summary."""
    return {
        "summary_answers": lambda: summary_answers(draft),
        "claims_by_verdict": lambda: claims_by_verdict(draft),
    }
