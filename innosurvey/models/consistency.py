"""What must hold between the parts of a specification: each error says which model, what is wrong and what to do."""

from typing import TYPE_CHECKING

from innosurvey.errors import StudyError
from innosurvey.models.estimators import EFFECT_KEYS, ESTIMATORS
from innosurvey.models.terms import Term

if TYPE_CHECKING:  # which asks here whether it may be built
    from innosurvey.models.spec import Equation, ModelSpec

PRACTICES = (2, 3)


def fail_if_the_estimator_lacks_its_parts(spec: "ModelSpec") -> None:
    """StudyError if a part is missing that the estimator needs, or one is given that it would ignore."""
    where, kind = f"models.{spec.id}", spec.kind
    for key in EFFECT_KEYS:
        given = bool(getattr(spec, key))
        if given and key not in (*kind.needs, *kind.takes):
            raise StudyError(f"{where}: estimator {spec.estimator} takes no {key}.\n{_instead(key)}")
        if not given and key in kind.needs:
            raise StudyError(f"{where}: estimator {spec.estimator} needs {key}.\n{_instead(key)}")
    if spec.weights is not None and not kind.weighted:
        raise StudyError(f"{where}: {kind.called} takes no weights.\nSet `weights: none`.")
    if spec.instruments or spec.endogenous:
        _fail_if_not_identified(spec, where)
    if spec.offset is not None and (len(spec.offset.factors) > 1 or spec.offset.factors[0].levels):
        raise StudyError(f"{where}.offset: `{spec.offset.text}` is no offset.\nWrite one number: x, log(x), log1p(x).")
    for equation in (spec.main, *spec.equations):
        _fail_if_not_an_outcome(equation, f"{where}.{equation.name}".rstrip("."))


def _instead(key: str) -> str:
    takers = [name for name, kind in ESTIMATORS.items() if key in (*kind.needs, *kind.takes)]
    hint = {
        "fixed_effects": "Fixed effects are columns, as in [firm_id, wave]; elsewhere write them as controls: C(wave)",
        "endogenous": "Endogenous terms are those that instruments move; elsewhere list them as regressors",
        "instruments": "Instruments move the endogenous terms and are no regressors",
        "offset": "An offset is for counts out of something, as in log(employees); elsewhere list it as a regressor",
    }[key]
    return f"{hint}. Estimators that take {key}: {', '.join(takers)}."


def _fail_if_not_an_outcome(equation: "Equation", where: str) -> None:
    term = equation.outcome
    if term is not None and (len(term.factors) > 1 or term.factors[0].levels):
        raise StudyError(
            f"{where}.outcome: `{term.text}` can't be explained.\nAn outcome is one number: x, log(x), log1p(x)."
        )


def _fail_if_not_identified(spec: "ModelSpec", where: str) -> None:
    needed = "instruments" in spec.kind.needs
    if needed and not (spec.endogenous and spec.instruments):
        raise StudyError(f"{where}: give both endogenous and instruments, or none of them.")
    both = [term.text for term in spec.instruments if term in (*spec.regressors, *spec.controls, *spec.endogenous)]
    if both:
        raise StudyError(
            f"{where}: an instrument must not explain the outcome itself, but is listed elsewhere too: "
            f"{', '.join(both)}.\n"
            "Take them out of instruments, or out of the other list."
        )
    fewer = len(spec.instruments) < len(spec.endogenous) and not any(_has_levels(term) for term in spec.instruments)
    if needed and fewer:
        raise StudyError(
            f"{where}: {len(spec.endogenous)} endogenous terms need as many instruments at least.\n"
            f"There are {len(spec.instruments)}; add instruments, or list fewer terms as endogenous."
        )


def _has_levels(term: Term) -> bool:
    return any(factor.levels for factor in term.factors)


def fail_if_a_variable_stands_on_two_sides(spec: "ModelSpec") -> None:
    """StudyError if an outcome explains itself (a lag of it may), or an endogenous term is a regressor as well."""
    offset = () if spec.offset is None else (spec.offset,)
    sides = [(spec.main, (*spec.regressors, *spec.endogenous, *spec.controls, *spec.instruments, *offset))]
    sides += [(equation, (*equation.regressors, *equation.controls)) for equation in spec.equations]
    for equation, others in sides:
        explained = set() if equation.outcome is None else {factor.column for factor in equation.outcome.factors}
        circular = [term.text for term in others if explained & {factor.column for factor in term.factors}]
        if circular and equation.outcome is not None:
            of = f" of {equation.name}" if equation.name else ""
            raise StudyError(
                f"models.{spec.id}: the outcome{of} {equation.outcome.text} explains itself through "
                f"{', '.join(circular)}.\n"
                "Take it out of the right-hand side."
            )
    twice = [term.text for term in spec.endogenous if term in (*spec.regressors, *spec.controls)]
    if twice:
        raise StudyError(
            f"models.{spec.id}: endogenous and regressors or controls both list {', '.join(twice)}.\n"
            "Keep it in endogenous."
        )


def fail_if_the_covariance_does_not_fit(spec: "ModelSpec") -> None:
    """StudyError: with survey weights the likelihood is a pseudo-likelihood, for which classical standard errors are
    wrong; without them there is no survey design; a wild bootstrap needs residuals; only errors of least squares have a
    precision, and only some likelihoods an expected information.
    """
    surveyed = spec.weights is not None and spec.weights.kind == "survey"
    if surveyed and spec.covariance.type == "classical":
        raise StudyError(
            f"models.{spec.id}: weights are 'final' but covariance is 'classical', which is wrong under weights.\n"
            "Set covariance to robust, cluster or survey, or `weights: none`."
        )
    if spec.covariance.type == "classical" and not spec.kind.classical:
        raise StudyError(
            f"models.{spec.id}: classical standard errors are wrong for {spec.kind.called}.\n"
            "Set covariance to robust or cluster."
        )
    if spec.covariance.type == "survey" and not surveyed:
        raise StudyError(
            f"models.{spec.id}: covariance 'survey' rests on the weights of the sample, but weights are none.\n"
            "Set `weights: final`, or covariance to robust or cluster."
        )
    if spec.weights is not None and spec.weights.kind == "analytic" and not spec.kind.linear:
        raise StudyError(
            f"models.{spec.id}: analytic weights are those of weighted least squares, not of {spec.kind.called}.\n"
            f"Set `type: survey` or `frequency`. Estimators that take them: {_those('linear')}."
        )
    if spec.covariance.information == "expected" and not spec.kind.expected:
        raise StudyError(
            f"models.{spec.id}: {spec.kind.called} has no expected information.\n"
            f"Take `information` out. Estimators that have one: {_those('expected')}."
        )
    if spec.covariance.type == "wild" and not (spec.kind.linear and not spec.instruments and spec.weights is None):
        raise StudyError(
            f"models.{spec.id}: the wild bootstrap is for ols and fe without weights.\nSet covariance to cluster."
        )


def _those(trait: str) -> str:
    return ", ".join(name for name, kind in ESTIMATORS.items() if getattr(kind, trait))


def fail_if_firms_are_terms(spec: "ModelSpec") -> None:
    """StudyError: a coefficient for each firm would print the firms' identifiers."""
    if any("firm_id" in term.variables for term in spec.terms):
        raise StudyError(
            f"models.{spec.id}: firm_id can't be a term.\nSet `estimator: fe` with `fixed_effects: [firm_id]`."
        )


def fail_if_practices_are_no_practices(spec: "ModelSpec") -> None:
    """StudyError unless there are two or three practices, or none, that are not regressors or the outcome as well."""
    where = f"models.{spec.id}.complementarity"
    if not spec.complementarity:
        return
    if len(spec.complementarity) not in PRACTICES:
        raise StudyError(f"{where}: name two or three practices, not {len(spec.complementarity)}.")
    terms = (spec.outcome, *spec.regressors, *spec.controls, *spec.endogenous, *spec.instruments)
    both = [name for name in spec.complementarity if any(term.variables == (name,) for term in terms)]
    if both:
        raise StudyError(
            f"{where}: {', '.join(both)} stands in another part of the model too.\n"
            "The combinations of the practices are regressors already; take it out there."
        )
