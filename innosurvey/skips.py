"""Which questions a questionnaire passed over.

A question has a rule (`asked_if`) over the answers before it. It was passed over where the rule is false; and where the
rule is open only because the filters that it asks for were themselves passed over: a firm that was not asked whether it
cooperates was not asked with whom. An open rule for want of an answer that was due leaves the question open.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from innosurvey import expressions


def passed_over(rule: str, firms: pd.DataFrame, where: str = "asked_if") -> pd.Series:
    """Return which firms were surely not asked a question with this rule (numpy bool); each filter has its flag."""
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
