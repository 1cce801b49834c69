"""The chapter on models as it goes: families, the questions of each, and the links of a question over groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from innosurvey.groupings import BY_WAVE
from innosurvey.report.draft import Draft
from innosurvey.report.layout_tables import ordered
from innosurvey.report.lookup import Row
from innosurvey.report.terms import is_marginal, is_of_interest
from innosurvey.report.told_models import CHAIN, EFFECTS, clear_together, estimated_fits, has_evidence

MOST_NAMED = 4
"""So many groups, clear or not, are named; more are `most` or `some`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What the chapter is about: its families of models in order, and which scales its outcomes have."""

    families: tuple[str, ...]
    logs: bool
    growth: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One model that asks a question: the fits that a paragraph each tells, and the cohorts by whose groups it is asked
    too. `lacking` is true where some group could not be estimated, `compares` for the family's first model that sets
    supported firms against firms alike, `chain` for the chapter's first chain.
    """

    model: str
    fits: tuple[Row, ...]
    cohorts: tuple[str, ...]
    lacking: bool
    compares: bool
    chain: bool

    @property
    def by_wave(self) -> bool:
        """True for a model that is asked by wave and by no other groups."""
        return self.cohorts == (BY_WAVE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """For which groups a link is clear on one side: for `all`, for those that are `named`, for `all_but` those named,
    for `most` or for `some`.
    """

    positive: bool
    extent: Literal["all", "named", "all_but", "most", "some"]
    named: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One term over groups: the ways in which it is clear, none where it is in no group."""

    term: str
    ways: tuple[Way, ...]

    @property
    def of_support(self) -> bool:
        """True for an effect of support, which a sentence names by the support."""
        return self.term in EFFECTS


def chapter(draft: Draft) -> Chapter:
    """Return what the chapter on models is about; no family where nothing could be estimated."""
    fits = estimated_fits(draft)
    return Chapter(
        families=tuple(ordered(fit["family"] for fit in fits)),
        logs=any(fit["outcome"].startswith("log") for fit in fits),
        growth=any("growth" in fit["outcome"] for fit in fits),
    )


def questions(draft: Draft, family: str) -> list[Question]:
    """Return the questions of a family in the configuration's order; checks and models without a question ask none."""
    compared, chain = _compared(draft, family), _first_chain(draft)
    return [_question(draft, family, model, model in compared[:1], model == chain) for model in _asking(draft, family)]


def _asking(draft: Draft, family: str) -> list[str]:
    return [
        model
        for model, about in draft.context.models.items()
        if "question" in about
        and not draft.context.is_check(model)
        and draft.lookup.rows("fits", model=model, family=family)
    ]


def _question(draft: Draft, family: str, model: str, compares: bool, chain: bool) -> Question:
    fits = estimated_fits(draft, model=model, family=family)
    cohorts = ordered(fit["cohort"] for fit in fits if fit["group"] != "all")
    asked = [fit for fit in draft.lookup.rows("fits", model=model, family=family) if fit["cohort"] in cohorts]
    return Question(
        model=model,
        fits=_told_fits(fits),
        cohorts=tuple(cohorts),
        lacking=any(not fit["status"].startswith("ok") for fit in asked),
        compares=compares,
        chain=chain,
    )


def _told_fits(fits: Sequence[Row]) -> tuple[Row, ...]:
    """Return the fits that a paragraph each tells: those of all firms, or the only one."""
    return tuple(fit for fit in fits if fit["group"] == "all" or len(fits) == 1)


def _compared(draft: Draft, family: str) -> list[str]:
    """Return the models of a family that set supported firms against firms alike."""
    models = draft.context.models
    found = ordered(row["model"] for row in draft.lookup.rows("balance", group="all"))
    return [
        name
        for name in found
        if name in models and models[name]["family"] == family and not draft.context.is_check(name)
    ]


def _first_chain(draft: Draft) -> str:
    """Return the first chain that a paragraph tells; empty where there is none."""
    for family in chapter(draft).families:
        for model in _asking(draft, family):
            if any(fit["estimator"] == CHAIN for fit in _told_fits(estimated_fits(draft, model=model, family=family))):
                return model
    return ""


def links(draft: Draft, question: Question) -> list[Link]:
    """Return the terms that a question asks about over its groups, in their order, each with the ways in which it is
    clear when the number of groups is allowed for.
    """
    found: dict[str, list[Row]] = {}
    for cohort in question.cohorts:
        for row in draft.lookup.rows("coefficients", model=question.model, cohort=cohort):
            if is_told_by_group(draft, row):
                found.setdefault(row["term"], []).append(row)
    return [Link(term=term, ways=ways(rows, draft.context.alpha)) for term, rows in found.items()]


def is_told_by_group(draft: Draft, row: Row) -> bool:
    """True for a coefficient of a model's own equation that it asks about, on the model's own scale."""
    own = not is_marginal(row["term"]) and "/" not in row["term"]
    return own and is_of_interest(row["term"], row["model"], draft.context) and has_evidence(row)


def ways(rows: Sequence[Row], alpha: float) -> tuple[Way, ...]:
    """Return on which sides the rows of one term over groups are clear, and for which groups."""
    clear = clear_together(rows, alpha)
    up = [row for row in clear if row["estimate"] > 0]
    down = [row for row in clear if row not in up]
    told = []
    for side in (up, down):
        if side:
            extent, named = _extent(side, [row for row in rows if row not in side])
            told.append(Way(positive=side is up, extent=extent, named=tuple(named)))
    return tuple(told)


def _extent(
    clear: Sequence[Row], others: Sequence[Row]
) -> tuple[Literal["all", "named", "all_but", "most", "some"], Sequence[Row]]:
    if not others:
        return "all", ()
    if len(clear) <= MOST_NAMED:
        return "named", clear
    if len(others) <= MOST_NAMED:
        return "all_but", others
    return ("most" if len(clear) > len(others) else "some"), ()


def vocabulary(draft: Draft) -> Mapping[str, Any]:
    """Return what the chapter's template calls."""
    return {
        "chapter_on_models": partial(chapter, draft),
        "questions_of": partial(questions, draft),
        "links_of": partial(links, draft),
    }
