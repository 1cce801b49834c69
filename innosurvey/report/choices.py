"""How the choices of a specification, and the figures of them, are called, in tables and in figures alike."""

import re
from collections.abc import Mapping
from typing import Any

from innosurvey.report.context import ReportContext, localised
from innosurvey.report.terms import term_words
from innosurvey.report.wording import upper_first

CHOICES = ("outcome", "controls", "sample", "estimator", "covariance", "weights")
IDENTITY = ("curve", "cohort", "group")


def curve_figure(curve: str, cohort: str, group: str) -> str:
    """Return the name of the figure of a question among a group of firms, which names its files too."""
    asked = curve if cohort == "all" else f"{curve}-{cohort}-{group}"
    return "specification_curve-" + re.sub(r"[^\w-]+", "_", asked)


def choice_words(context: ReportContext, language: str, words: Mapping[str, str], choice: tuple[str, str, str]) -> str:
    """Return a choice in words, from its curve, its kind and its name: as the study labels it, else as the fixed words
    do.
    """
    curve, kind, name = choice
    if kind in ("outcome", "input"):
        return term_words(name, context, language, words)
    labels: Mapping[str, Any] = context.robustness.get(curve, {}).get("labels") or {}
    if name in labels and kind != "weights":
        return localised(labels[name], language)
    if kind == "weights":
        return words["choice_unweighted" if name == "none" else "choice_weighted"]
    rule, _, by = name.partition(": ")
    if not by:
        return upper_first(words.get(f"rule_{rule}") or context.label("rule", rule, language))
    named = ", ".join(_effect(context, language, words, part) for part in by.split(" + "))
    if rule == "fe":
        return words["within_effects"].format(by=named.lower())
    if rule == "cluster":
        return upper_first(words["clustered"].format(by=named.lower()))
    return f"{words.get(f'rule_{rule}') or context.label('rule', rule, language)}: {named}"


def _effect(context: ReportContext, language: str, words: Mapping[str, str], name: str) -> str:
    return words.get(f"effect_{name}") or context.label("variable", name, language)


def level_words(context: ReportContext, language: str, column: str, level: str) -> str:
    """Return a level of a column as the cohort of the same name calls it, else in words."""
    return context.group_label(column, level, language)
