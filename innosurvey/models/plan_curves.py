"""The plan of the robustness questions: which specification curves a study can feed, and which job asks each.

A choice (a set of controls, a sample, an outcome …) that needs what the survey lacks is left out of its curve and
named with its reason; a curve without an outcome or an input left is not asked at all. A job is one curve on one
cohort, called `<cohort>.<curve>`. Pure and light, as `plan.py`: the Snakefile plans at every start.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from innosurvey.errors import StudyError
from innosurvey.expressions import missing_names, names_in
from innosurvey.groupings import BY_WAVE, EVERYONE
from innosurvey.models.curve_spec import CurveSpec, Specification, specifications
from innosurvey.models.plan import SLICE_COLUMNS
from innosurvey.models.terms import Term

LEAST_SQUARES = ("ols", "fe")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveItem:
    """One curve on one group of one cohort."""

    curve: CurveSpec
    cohort: str
    group: str

    @property
    def batch(self) -> str:
        """The job that asks it."""
        return f"{self.cohort}.{self.curve.id}"


CurvePlan = tuple[CurveItem, ...]


def plan_curves(curves: Iterable[CurveSpec], groups: Mapping[str, Sequence[str]], waves: Sequence[str]) -> CurvePlan:
    """Return all curves by group, in the order of the curves, of their cohorts and of each cohort's groups."""
    known = {EVERYONE: (EVERYONE,), BY_WAVE: tuple(waves), **groups}
    return tuple(
        CurveItem(curve=curve, cohort=cohort, group=group)
        for curve in curves
        for cohort in curve.foreach
        for group in known[cohort]
    )


def curve_batches(plan: CurvePlan) -> tuple[str, ...]:
    """Return the ids of the jobs, in the plan's order."""
    return tuple(dict.fromkeys(item.batch for item in plan))


def curves_in(plan: CurvePlan, batch: str) -> CurvePlan:
    """Return the curves of one job."""
    return tuple(item for item in plan if item.batch == batch)


def columns_of_curves(items: CurvePlan) -> tuple[str, ...]:
    """Return the columns that these curves read, each once, sorted; what every slice holds anyway is left out."""
    names = {name for item in items for name in _columns(item.curve)}
    return tuple(sorted(names.difference(SLICE_COLUMNS)))


def _columns(curve: CurveSpec) -> set[str]:
    points = specifications(curve)
    own = {name for point in points for name in (*point.model.slice_columns, *point.model.sample_names)}
    return own | {curve.cluster} | ({curve.leave_out} if curve.leave_out else set())


def variables_of(curve: CurveSpec) -> tuple[str, ...]:
    """Return every variable that the curve's choices name, each once."""
    terms = [*curve.outcomes, *curve.inputs, *curve.always, *(term for some in curve.controls for term in some.terms)]
    named = [name for term in terms for name in term.variables]
    for sample in curve.samples:
        named += names_in(sample.expression, _where(curve)) if sample.expression is not None else ()
    named += [name for choice in curve.estimators for name in choice.fixed_effects]
    named += [name for rule in curve.covariances for name in rule.by]
    named += [weights.column for weights in curve.weights if weights is not None]
    return tuple(dict.fromkeys([*named, curve.cluster, *([curve.leave_out] if curve.leave_out else [])]))


def possible_part(curve: CurveSpec, available: Collection[str]) -> tuple[CurveSpec | None, dict[str, str]]:
    """Return the curve with the choices that the survey can feed, None where nothing is left to ask, and why each
    other choice is left out, by `<key>.<name>`; for a curve that is not asked at all the reason stands under "".
    """
    known = {*available, *SLICE_COLUMNS}
    always = _absent(curve.always, known)
    if always:
        return None, {"": f"needs {', '.join(always)}"}
    lacking: dict[str, str] = {}
    kept: dict[str, tuple[object, ...]] = {}
    for key, needs in _needs(curve, known).items():
        lacking |= {f"{key}.{name}": f"needs {', '.join(absent)}" for name, absent in needs if absent}
        kept[key] = tuple(choice for choice, (_, absent) in zip(getattr(curve, key), needs, strict=True) if not absent)
    empty = next((key for key, choices in kept.items() if not choices), None)
    if empty is not None:
        reasons = dict.fromkeys(reason for name, reason in lacking.items() if name.startswith(f"{empty}."))
        return None, {"": "; ".join(reasons)}
    left = curve.leave_out if curve.leave_out in known else None
    if left != curve.leave_out:
        lacking["leave_out"] = f"needs {curve.leave_out}"
    return replace(curve, leave_out=left, **kept), lacking  # type: ignore[arg-type]


def _needs(curve: CurveSpec, known: Collection[str]) -> dict[str, list[tuple[str, list[str]]]]:
    """Return for each key the name of each choice and what the survey lacks for it."""
    where = _where(curve)
    return {
        "outcomes": [(term.text, _absent([term], known)) for term in curve.outcomes],
        "inputs": [(term.text, _absent([term], known)) for term in curve.inputs],
        "controls": [(some.name, _absent(some.terms, known)) for some in curve.controls],
        "samples": [
            (sample.name, [] if sample.expression is None else missing_names(sample.expression, known, where))
            for sample in curve.samples
        ],
        "estimators": [
            (choice.label, [name for name in choice.fixed_effects if name not in known]) for choice in curve.estimators
        ],
        "covariances": [(rule.label, [name for name in rule.by if name not in known]) for rule in curve.covariances],
        "weights": [
            ("none", [])
            if weights is None
            else (weights.column, [name for name in (weights.column,) if name not in known])
            for weights in curve.weights
        ],
    }


def _absent(terms: Iterable[Term], known: Collection[str]) -> list[str]:
    return list(dict.fromkeys(name for term in terms for name in term.variables if name not in known))


def _where(curve: CurveSpec) -> str:
    return f"robustness.{curve.id}"


def main_specifications(curve: CurveSpec, linear: bool = False) -> tuple[Specification, ...]:
    """Return for each outcome and input the specification made of the first of all other choices: the answer that the
    others are held against. With `linear`, of the first estimator that is least squares; none if there is none.
    """
    estimators = [choice for choice in curve.estimators if not linear or choice.estimator in LEAST_SQUARES]
    first = {key: getattr(curve, key)[:1] for key in ("controls", "samples", "covariances", "weights")}
    return specifications(replace(curve, estimators=tuple(estimators[:1]), **first)) if estimators else ()


def fail_if_the_cohort_is_undeclared(curve: CurveSpec, cohorts: Collection[str]) -> None:
    """StudyError for a cohort under `foreach` that nobody declares."""
    for cohort in curve.foreach:
        if cohort not in cohorts and cohort not in (EVERYONE, BY_WAVE):
            raise StudyError(f"{_where(curve)}.foreach: there is no cohort {cohort}.\nCohorts: {', '.join(cohorts)}.")
