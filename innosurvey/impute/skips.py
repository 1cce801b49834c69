"""The questionnaire's skips while filters are imputed: which question was due to whom.

A question with a rule (`asked_if`) is due where the rule is true. Where the rule is open because a filter is missing,
nothing is known until the filter is imputed. Where it is open although each of its filters was answered or passed over
itself, the questionnaire did not lead there: the question was not asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey import expressions
from innosurvey.impute.work import CODES, Work
from innosurvey.skips import led_past

Levels = Mapping[str, tuple[str, ...]]
RULE = "skip"
FROM_THE_START = "routing"
"""What the answers alone tell of the routing: no doing of the imputation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """The questions that one rule leads to. `filters` are the variables that the rule names."""

    rule: str
    where: str
    questions: tuple[str, ...]
    filters: tuple[str, ...]


def skips_of(asked_if: Mapping[str, str], work: Work) -> tuple[Skip, ...]:
    """Return the wave's skips, one per rule, without those whose filters or questions the wave lacks."""
    questions: dict[str, list[str]] = {}
    for name, rule in asked_if.items():
        if work.has_flags(name) and not expressions.missing_names(rule, work.firms.columns, _where(name)):
            questions.setdefault(rule, []).append(name)
    return tuple(
        Skip(rule=rule, where=_where(names[0]), questions=tuple(names), filters=_filters(rule, names[0], work))
        for rule, names in questions.items()
    )


def _where(name: str) -> str:
    return f"the skip of {name}"


def _filters(rule: str, name: str, work: Work) -> tuple[str, ...]:
    return tuple(part for part in expressions.names_in(rule, _where(name)) if part in work)


def answered_past(skip: Skip, firms: pd.DataFrame, rows: np.ndarray, known: tuple[Work, Levels]) -> np.ndarray:
    """Return which rows (bool) hold an answer to a question that their filters, as they stand in `firms`, lead past."""
    work, levels = known
    answered = np.zeros(rows.size, dtype=bool)
    for name in skip.questions:
        answered |= work.codes(name)[rows] <= CODES["imputed"]
    some = np.flatnonzero(answered)
    leads = expressions.evaluate(skip.rule, firms[list(skip.filters)].iloc[some], skip.where, levels)
    answered[some] = ~np.asarray(leads.fillna(True), dtype=bool)
    return answered


def led_back(skip: Skip, firms: pd.DataFrame, rows: np.ndarray, known: tuple[Work, Levels]) -> np.ndarray:
    """Return which rows (bool) were led past the skip's questions, as the blanks tell, while their filters, as they
    stand in `firms`, lead to them.
    """
    work, levels = known
    blank = np.column_stack([work.codes(name)[rows] == CODES["not_asked"] for name in skip.questions])
    back = led_past(blank)
    some = np.flatnonzero(back)
    was = expressions.evaluate(skip.rule, work.frame(skip.filters, rows[some]), skip.where, levels)
    leads = expressions.evaluate(skip.rule, firms[list(skip.filters)].iloc[some], skip.where, levels)
    back[some] = np.asarray(was.isna()) & np.asarray(leads.fillna(False), dtype=bool)
    return back


def settle(
    skips: tuple[Skip, ...], work: Work, levels: Levels, changed: Collection[str] | None = None, rule: str = RULE
) -> None:
    """Flag what the filters, as they stand now, lead past as `not_asked`, and what they newly lead to as `missing`.

    `changed` limits the work to skips of these filters. Questions that are filters themselves are followed until
    nothing changes; a questionnaire leads forwards, so that this ends.
    """
    waiting = [skip for skip in skips if changed is None or {*changed} & {*skip.filters}]
    for _ in range(len(skips) + 1):
        moved = {name for skip in waiting for name in _settle_one(skip, work, levels, rule)}
        waiting = [skip for skip in skips if moved & {*skip.filters}]
        if not waiting:
            return
    raise AssertionError("the skips of the questionnaire lead in a circle")


def due(name: str, skips: tuple[Skip, ...], work: Work, levels: Levels) -> np.ndarray:
    """Return the positions of the cells of a variable that are missing answers to a question which was asked."""
    rows = np.flatnonzero(work.imputable(name))
    for skip in skips:
        if name in skip.questions and rows.size:
            leads = expressions.evaluate(skip.rule, work.frame(skip.filters, rows), skip.where, levels)
            rows = rows[np.asarray(leads.fillna(False), dtype=bool)]
    return rows


def _settle_one(skip: Skip, work: Work, levels: Levels, rule: str) -> list[str]:
    """Settle the questions of one skip and return those of which a cell changed."""
    moved = []
    filters = [name for name in skip.filters if work.has_flags(name)]
    blank = np.zeros(len(work), dtype=bool)
    for name in skip.questions:
        blank |= work.imputable(name) | (work.codes(name) == CODES["not_asked"])
    rows = np.flatnonzero(blank)
    leads = expressions.evaluate(skip.rule, work.frame(skip.filters, rows), skip.where, levels)
    missing_filter, imputed_filter = np.zeros(rows.size, dtype=bool), np.zeros(rows.size, dtype=bool)
    for name in filters:
        missing_filter |= work.imputable(name)[rows]
        imputed_filter |= work.codes(name)[rows] == CODES["imputed"]
    leads_there = np.asarray(leads.fillna(False), dtype=bool)
    passed = np.asarray(~leads.fillna(True).astype(bool)) | (np.asarray(leads.isna()) & ~missing_filter)
    for name in skip.questions:
        past = rows[work.imputable(name)[rows] & passed]
        newly = rows[(work.codes(name)[rows] == CODES["not_asked"]) & leads_there & imputed_filter]
        work.mark(name, past, "not_asked", rule=rule, action="not_asked")
        work.mark(name, newly, "missing", rule=rule, action="due")
        moved += [name] if past.size or newly.size else []
    return moved
