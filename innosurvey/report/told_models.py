"""What sentences tell of fitted models: which of their rows, in which order, and which of many are clear."""

from collections.abc import Mapping, Sequence

import numpy as np

from innosurvey.multiplicity import benjamini_hochberg
from innosurvey.report.draft import Draft
from innosurvey.report.layout_models import asked_terms
from innosurvey.report.lookup import Row
from innosurvey.report.terms import is_of_interest, parts_of

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
