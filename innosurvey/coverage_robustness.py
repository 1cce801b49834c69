"""Which robustness questions a study can feed, in which of their choices, and what the others lack."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from innosurvey.availability import Lack
from innosurvey.design_rules import parse_design_rules
from innosurvey.groupings import BY_WAVE, EVERYONE
from innosurvey.known import fail_if_names_are_unknown
from innosurvey.models.curve_spec import CurveSpec
from innosurvey.models.parse_curve import parse_curves
from innosurvey.models.plan_curves import fail_if_the_cohort_is_undeclared, possible_part, variables_of


def curves_had(
    programme: Mapping[str, Any],
    variables: Collection[str],
    known: Collection[str],
    cohorts: Collection[str],
    lacks: list[Lack],
) -> tuple[CurveSpec, ...]:
    """Return the curves that can be asked, each in the choices that the survey can feed; what is left out is added to
    the lacks: a question by its id, a choice as `<question>.<key>.<name>`.
    """
    found = []
    confidence = parse_design_rules(programme.get("design")).confidence
    for declared in parse_curves(programme.get("robustness"), programme.get("model_sets")):
        fail_if_names_are_unknown(variables_of(declared), known, f"robustness.{declared.id}")
        fail_if_the_cohort_is_undeclared(declared, programme["cohorts"])
        curve, lacking = possible_part(declared, variables)
        for name, reason in lacking.items():
            lacks.append(Lack(kind="robustness", id=f"{declared.id}.{name}".rstrip("."), reason=reason))
        had = tuple(cohort for cohort in declared.foreach if cohort in cohorts or cohort in (EVERYONE, BY_WAVE))
        if curve is not None and had:
            found.append(replace(curve, foreach=had).at_level(confidence))
        elif curve is not None:
            needed = ", ".join(declared.foreach)
            lacks.append(Lack(kind="robustness", id=declared.id, reason=f"needs one of the cohorts {needed}"))
    return tuple(found)
