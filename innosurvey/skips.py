"""Which questions a questionnaire passed over.

A question has a rule (`asked_if`) over the answers before it. It was passed over where the rule is false; and where the
rule is open only because the filters that it asks for were themselves passed over: a firm that was not asked whether it
cooperates was not asked with whom. An open rule for want of an answer that was due is settled by the questions behind
it: a firm that left nearly all of them blank was led past them. Where they are few, or some are answered, the rule
stays open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from innosurvey import expressions

FEWEST_QUESTIONS = 5
"""From so many questions under one rule on, blanks tell that a firm was led past them."""
ANSWERED_AT_MOST = 0.2
"""The share of them that such a firm may have answered all the same: slips."""
BLANK = ("missing", "not_asked")
"""Flags of a question that was left without any sign; one that was refused was asked."""


def led_past(blank: np.ndarray) -> np.ndarray:
    """Return which firms (bool) left nearly all questions under one rule blank.

    `blank` (firms × questions, bool) tells which cells are without any sign. ASSUME nobody who was led to many
    questions passes over nearly all of them.
    """
    if blank.shape[1] < FEWEST_QUESTIONS:
        return np.zeros(len(blank), dtype=bool)
    return np.asarray(blank.mean(axis=1) >= 1 - ANSWERED_AT_MOST)


def blank_cells(firms: pd.DataFrame, questions: Sequence[str]) -> np.ndarray:
    """Return which cells of the questions are without any sign, by their flags (firms × questions, bool)."""
    return np.column_stack([firms[f"{name}_flag"].isin(BLANK).to_numpy() for name in questions])


def passed_over(rule: str, firms: pd.DataFrame, where: str = "asked_if", blank: np.ndarray | None = None) -> pd.Series:
    """Return which firms were surely not asked a question with this rule (numpy bool); each filter has its flag.

    `blank` tells which cells of all questions under the rule are without any sign (firms × questions, bool).
    """
    asked = expressions.evaluate(rule, firms, where)
    sure = ~asked.fillna(True).astype(bool)
    open_rule = asked.isna()
    if not open_rule.any():
        return sure
    by_filter = pd.Series(True, index=firms.index)
    for name in expressions.names_in(rule, where):
        if f"{name}_flag" in firms:
            by_filter &= firms[name].notna() | (firms[f"{name}_flag"] == "not_asked")
        elif name in firms:
            by_filter &= firms[name].notna()
    if blank is not None:
        by_filter |= led_past(blank)
    return sure | (open_rule & by_filter)


def in_order(asked_if: Mapping[str, str]) -> list[str]:
    """Return the questions with a rule so that each comes after the filters of its own; in a circle as declared."""
    order: dict[str, None] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in order or name in path or name not in asked_if:
            return
        for filter_question in expressions.names_in(asked_if[name]):
            visit(filter_question, (*path, name))
        order[name] = None

    for name in asked_if:
        visit(name, ())
    return list(order)
