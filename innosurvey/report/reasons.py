"""Why something could not be computed, in a reader's words: statuses and warnings of models, and what a survey lacks.

The stages write reasons with the names of the configuration, `separation by industry[36]:industry_rev[4], …`. Here
terms become their titles, levels of one variable (or cells of two) a count of them, and what a test found its meaning.
"""

import re
from collections.abc import Sequence

from innosurvey.report.context import localised, lower_first
from innosurvey.report.draft import Draft
from innosurvey.report.said import in_language
from innosurvey.report.terms import ANY_LEVEL, CONSTANT, term_words
from innosurvey.report.words import ENGLISH

MOST_LEVELS = 2  # more levels of one variable are counted, not named
_CALL = r"(?:log1p|log|winsor|lag|mean|predicted)\((?:[^()]|\([^()]*\))*\)"
_FACTOR = rf"(?:{_CALL}|\b[a-z]\w*\[[^\[\]]+\]|\b[a-z][a-z0-9_]*)"
_TERM = rf"{_FACTOR}(?::{_FACTOR})*"
RUN = re.compile(rf"{_TERM}(?:, {_TERM})*")
NAME = re.compile(r"[a-z][a-z0-9_]*")
ANSWER_OF = re.compile(r"(?<!\w)((?:'[^']*'|\d+)(?: or (?:'[^']*'|\d+))*) of (?=“)")
"""The answers to a question that a survey does not offer, as English has them: `'local' or 'both' of “…”`."""
LACKS = re.compile(r"\b(?:needs|has no)\b")
# What the models stage begins a reason with, and the fixed words that say it.
BEGINNINGS = (
    ("not estimated: ", "reason_not_estimated"),
    ("separation in ", "reason_separation_in"),
    ("separation by ", "reason_separation"),
    ("constant outcome: ", "reason_constant"),
    ("dropped control ", "reason_dropped"),
)


def fit_words(draft: Draft, said: str) -> str:
    """Return what a fit says of itself, with terms by their titles and levels counted."""
    said = in_language(said, draft.language, draft.context.variables)
    for beginning, name in BEGINNINGS:
        said = re.sub(rf"(^|: |; ){beginning}", rf"\g<1>{draft.words[name]}", said)
    return RUN.sub(lambda run: _terms_in_words(draft, run[0].split(", ")), said)


def _terms_in_words(draft: Draft, terms: Sequence[str]) -> str:
    """Return terms in a row as a reader has them; plain words among them are left as they are."""
    levels: dict[tuple[str, ...], list[str]] = {}
    for term in terms:
        levels.setdefault(tuple(ANY_LEVEL.findall(term)) or (term, ""), []).append(term)
    return ", ".join(
        _counted(draft, names, len(found))
        if len(found) > MOST_LEVELS and names[-1]
        else ", ".join(_term_in_words(draft, term) for term in found)
        for names, found in levels.items()
    )


def _counted(draft: Draft, names: Sequence[str], count: int) -> str:
    titles = " × ".join(lower_first(draft.label("variable", name)) for name in names)
    return draft.words["reason_levels"].format(count=count, variable=titles)


def _term_in_words(draft: Draft, term: str) -> str:
    if term == CONSTANT:
        return lower_first(draft.words["constant"])
    known = [name for name in NAME.findall(term) if name in draft.context.variables]
    may_be_a_word = NAME.fullmatch(term) and "_" not in term and draft.language == ENGLISH
    is_term = bool(known) and not may_be_a_word
    return lower_first(term_words(term, draft.context, draft.language, draft.words)) if is_term else term


def lack_words(draft: Draft, reason: str) -> str:
    """Return why something is lacking, with the titles of the variables, cohorts and models that it names in quotation
    marks.
    """

    def title(match: re.Match[str]) -> str:
        name = match[0]
        for kind, titled in (
            ("variable", draft.context.variables),
            ("cohort", draft.context.cohorts),
            ("model", draft.context.models),
        ):
            lacking = localised(draft.context.lacking.get(f"{kind}.{name}"), draft.language)
            if name in titled or lacking:
                return f"“{lacking or draft.label(kind, name)}”"
        return draft.words.get(f"name_{name}", name.replace("_", " "))

    said = NAME.sub(title, in_language(reason, draft.language))
    return ANSWER_OF.sub(lambda found: draft.words["lacking_answer"].format(levels=found[1]), said)


def reason_words(draft: Draft, said: str) -> str:
    """Return a reason in words, whether a survey lacks something or a fit failed."""
    return lack_words(draft, said) if LACKS.search(said) else fit_words(draft, said)
