"""What sentences tell of fitted models: which of their rows, in which order, on which side, and which are clear.

The chapter goes family by family, question by question (`told_questions`); what one fit says is here. Nothing is
worded: a language's templates put words around what comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

from innosurvey.multiplicity import benjamini_hochberg
from innosurvey.report.draft import Draft
from innosurvey.report.layout_models import asked_terms, is_estimated
from innosurvey.report.lookup import Row
from innosurvey.report.terms import is_of_interest, parts_of

FEW_FIRMS = 200
"""Below this many firms a link that is not clear may yet be there, which the text says."""
DOES_RD, AMOUNT_OF_RD = "rnd_performer", "log1p(rd_per_employee)"
EFFECTS = ("att", "ate")
COUNTED_IN_PARTS = ("two_part", "nb_hurdle")
PARTS = ("any", "mean_if_any")
"""Whether there is any, and how many where there are some: the predictions of models in parts that are told."""
CHAIN = "cdm"
NULL_COMPLEMENTS, NULL_SUBSTITUTES = "(null complements)", "(null substitutes)"
ACTIVE = "innovation_active"
EQUATIONS = ("selection", "intensity", "knowledge", "second_knowledge")
"""The equations of a chain, each resting on those before it."""


def told_terms(draft: Draft, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of one fit that a sentence tells: those of the terms that the model asks about."""
    if not rows:
        return []
    found = {row["term"]: row for row in rows}
    return [found[term] for term in asked_terms(draft, rows[0]["model"], [found], most=len(found))]


def clear_together(rows: Sequence[Row], alpha: float) -> list[Row]:
    """Return the rows of one term, over groups or quantiles, whose p-values are below alpha when adjusted for their
    number (Benjamini and Hochberg): of thirty groups without any link, one or two would come out clear by themselves.
    """
    if not rows:
        return []
    adjusted = benjamini_hochberg(np.array([float(row["p"]) for row in rows]))
    return [row for row, p in zip(rows, adjusted, strict=True) if p < alpha]


def told_of_prediction(draft: Draft, rows: Sequence[Row], prediction: str) -> list[Row]:
    """Return the marginal effects on one prediction that a sentence tells: of a yes, of how many if any."""
    return [
        row
        for row in rows
        if parts_of(row["term"])[0] == prediction and is_of_interest(row["term"], row["model"], draft.context)
    ]


def told_by_equation(draft: Draft, rows: Sequence[Row]) -> list[tuple[str, str, list[Row]]]:
    """Return the equations of one fit beside its own, in the order in which one rests on the other: name, outcome, and
    the rows that a sentence tells, those of the equation's regressors and of what an earlier one predicts.
    """
    if not rows:
        return []
    about = draft.context.models.get(rows[0]["model"], {})
    by_equation: dict[str, list[Row]] = {}
    for row in rows:
        prediction, equation, name = parts_of(row["term"])
        declared = about.get(equation) if isinstance(about.get(equation), Mapping) else None
        asked = declared.get("regressors", ()) if declared else about.get("regressors", ())
        if equation and not prediction and (name in asked or name.startswith("predicted(")):
            by_equation.setdefault(equation, []).append(row)
    place = {name: number for number, name in enumerate(EQUATIONS)}
    named = sorted(by_equation, key=lambda name: place.get(name, len(place)))
    return [(name, (about.get(name) or about).get("outcome", ""), by_equation[name]) for name in named]


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """A coefficient as a sentence takes it. `side` is `effect` for an effect of support, which is told whether it is
    clear or not; of all others `up`, `down` or `unclear`.
    """

    row: Row
    side: Literal["effect", "up", "down", "unclear"]
    clear: bool


def has_evidence(row: Row) -> bool:
    """True for a coefficient with an estimate and a p-value to show."""
    return bool(row["estimate"].available and row["p"].available)


def is_clear(draft: Draft, row: Row) -> bool:
    """True for a coefficient whose own p-value is below the limit."""
    return bool(row["p"].available and row["p"] < draft.context.alpha)


def among_active(draft: Draft, model: str) -> bool:
    """True for a model of innovation-active firms alone: its firms without R&D innovate in some way."""
    return ACTIVE in (draft.context.models.get(model, {}).get("sample") or "")


def associations(draft: Draft, rows: Sequence[Row], brief: bool = False) -> list[Association]:
    """Return the told rows of one fit, each with its side, in their order.

    In brief, unclear ones are left out beside others, and so is what doing R&D goes with below zero where it does not
    stand for itself: beside an amount of R&D above zero, and among innovation-active firms.
    """
    more = any(row["term"].endswith(AMOUNT_OF_RD) and is_clear(draft, row) and row["estimate"] > 0 for row in rows)
    found = [
        Association(row=row, side=_side(draft, row), clear=is_clear(draft, row))
        for row in rows
        if has_evidence(row) and not (brief and _is_step_to_little(draft, row, more))
    ]
    said = [one for one in found if one.side != "unclear"]
    return said if brief and said else found


def _side(draft: Draft, row: Row) -> Literal["effect", "up", "down", "unclear"]:
    if row["term"] in EFFECTS:
        return "effect"
    return "unclear" if not is_clear(draft, row) else "up" if row["estimate"] > 0 else "down"


def _is_step_to_little(draft: Draft, row: Row, more: bool) -> bool:
    is_step = row["term"] in (DOES_RD, f"ame:{DOES_RD}") and row["estimate"] < 0
    return bool(is_step and (more or among_active(draft, row["model"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """One regressor along the quantiles of the outcome, from the lowest: its rows, and how many of them are clear when
    their number is allowed for.
    """

    name: str
    rows: tuple[Row, ...]
    clear: Literal["each", "some", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What two equations leave unexplained: the correlation's row, whether it goes `together`, `apart` or neither, and
    whether the choice of firms alone sets it apart.
    """

    row: Row
    way: Literal["together", "apart", "unrelated"]
    by_choice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FitTold:
    """What a paragraph tells of one fit, in the order in which it does."""

    fit: Row
    terms: tuple[Row, ...]
    complements: tuple[tuple[str, Row], ...]  # (complements, substitutes or neither; the test's row)
    along: tuple[Along, ...]
    together: tuple[Together, ...]
    parts: tuple[tuple[str, tuple[Row, ...]], ...]  # (any or mean_if_any; the rows of its marginal effects)
    equations: tuple[tuple[str, tuple[Row, ...]], ...]  # (outcome; the rows of its equation)
    barely_told_apart: bool  # a chain whose prediction is nearly collinear with the other regressors
    few: bool
    before: tuple[tuple[bool, Row], ...]  # (whether firms went another way before their first support; the test's row)
    unlike: tuple[Row, ...]


def told_of_fit(draft: Draft, fit: Row) -> FitTold:
    """Return what a paragraph tells of a fit."""
    key = {name: fit[name] for name in ("model", "cohort", "group")}
    rows = draft.lookup.rows("coefficients", **key, outcome=fit["outcome"])
    tests = draft.lookup.rows("diagnostics", **key)
    estimator, firms = fit["estimator"], fit["n_firms"]
    parts = [(part, told_of_prediction(draft, rows, part)) for part in PARTS] if estimator in COUNTED_IN_PARTS else []
    return FitTold(
        fit=fit,
        terms=tuple(told_terms(draft, rows)),
        complements=tuple(_complements(tests)),
        along=tuple(along_quantiles(draft, fit["model"], rows)) if estimator == "quantile" else (),
        together=tuple(_together(draft, rows)) if estimator == "biprobit" else (),
        parts=tuple((part, tuple(told)) for part, told in parts if told),
        equations=tuple((outcome, tuple(told)) for _, outcome, told in told_by_equation(draft, rows))
        if estimator == CHAIN
        else (),
        barely_told_apart=estimator == CHAIN and "nearly collinear" in fit["warnings"],
        few=bool(firms.available and firms < FEW_FIRMS),
        before=tuple((bool(test["p"] < draft.context.alpha), test) for test in _before_treatment(tests)),
        unlike=tuple(_unlike(tests)) if "standardised difference above" in fit["warnings"] else (),
    )


def _complements(tests: Sequence[Row]) -> list[tuple[str, Row]]:
    """Return whether practices complement each other, with the test that speaks for it: for complements that they are
    substitutes, which it refutes, else that they are complements.
    """
    found = {str(test["name"]): test for test in tests if test["name"].startswith("complementarity")}
    told = []
    for name, test in found.items():
        if name.endswith(NULL_COMPLEMENTS):
            way = test["note"].split(";")[0]
            other = found.get(name.removesuffix(NULL_COMPLEMENTS) + NULL_SUBSTITUTES, test)
            told.append(
                (way if way in ("complements", "substitutes") else "neither", other if way == "complements" else test)
            )
    return told


def _before_treatment(tests: Sequence[Row]) -> list[Row]:
    return [test for test in tests if test["name"] == "no effect before treatment" and test["p"].available]


def _unlike(tests: Sequence[Row]) -> list[Row]:
    """Return how far the firms compared still lie apart."""
    name = "largest standardised difference after"
    return [test for test in tests if test["name"] == name and test["statistic"].available]


def along_quantiles(draft: Draft, model: str, rows: Sequence[Row]) -> list[Along]:
    """Return the regressors of a model of quantiles, each along the quantiles."""
    told = []
    for name in draft.context.models.get(model, {}).get("regressors", ()):
        found = [row for row in rows if row["term"].endswith(f"/{name}") and has_evidence(row)]
        clear = len(clear_together(found, draft.context.alpha))
        told.append(
            Along(name=name, rows=tuple(found), clear="each" if clear == len(found) else "some" if clear else "none")
        )
    return told


def _together(draft: Draft, rows: Sequence[Row]) -> list[Together]:
    told = []
    for row in rows:
        if row["term"] == "rho" and has_evidence(row):
            way: Literal["together", "apart", "unrelated"] = (
                "unrelated" if not is_clear(draft, row) else "together" if row["estimate"] > 0 else "apart"
            )
            by_choice = is_clear(draft, row) and row["estimate"] < 0 and among_active(draft, row["model"])
            told.append(Together(row=row, way=way, by_choice=by_choice))
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class RdSigns:
    """What the clear signs of doing R&D and of its amount are where models have both, over all models of all firms."""

    opposed: bool  # below zero, then above
    crossed: bool  # above zero, then below
    selected: bool  # doing R&D below zero among innovation-active firms


def rd_signs(draft: Draft) -> RdSigns | None:
    """Return the signs of doing R&D and of its amount; None where no model has both."""
    if not {DOES_RD, AMOUNT_OF_RD} <= {row["term"] for row in draft.lookup.rows("coefficients")}:
        return None
    signs = [(fit["model"], *_signs_of(draft, fit)) for fit in estimated_fits(draft) if fit["group"] == "all"]
    return RdSigns(
        opposed=any((does, amount) == (False, True) for _, does, amount in signs),
        crossed=any((does, amount) == (True, False) for _, does, amount in signs),
        selected=any(does is False and among_active(draft, model) for model, does, _ in signs),
    )


def _signs_of(draft: Draft, fit: Row) -> tuple[bool | None, bool | None]:
    """Return whether doing R&D, and its amount, are clear and above zero in a fit; None for what is not clear."""
    key = {name: fit[name] for name in ("model", "cohort", "group", "outcome")}
    told = told_terms(draft, draft.lookup.rows("coefficients", **key))
    above = {parts_of(row["term"])[2]: bool(row["estimate"] > 0) for row in told if is_clear(draft, row)}
    return above.get(DOES_RD), above.get(AMOUNT_OF_RD)


def estimated_fits(draft: Draft, **key: str) -> list[Row]:
    """Return the fits with numbers to show, those of the key."""
    return [fit for fit in draft.lookup.rows("fits", **key) if is_estimated(fit)]


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what templates call to tell of models."""
    return {
        "told_terms": partial(told_terms, draft),
        "associations_of": partial(associations, draft),
        "told_of_fit": partial(told_of_fit, draft),
        "rd_signs": partial(rd_signs, draft),
    }
