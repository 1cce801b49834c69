"""From config.yaml to specifications: `models:` and `model_sets:`, key by key.

A name that is not known is answered with the nearest one that is. `$name` stands for the terms of a set in
`model_sets:`.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.expressions import names_in
from innosurvey.models.combinations import parse_combinations
from innosurvey.models.estimators import EQUATION_KEYS, ESTIMATORS, OPTION_KEYS, EquationKind, Estimator
from innosurvey.models.settings import covariance_rule, least_of, listed, names_of, options_of, weighting_of
from innosurvey.models.spec import Equation, ModelSpec, Texts
from innosurvey.models.terms import Term, parse_term
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at

KEYS = (
    "title", "question", "family", "estimator", "outcome", "regressors", "controls", "fixed_effects", "endogenous",
    "instruments", "offset", "complementarity", "hypotheses", "foreach", "sample", "weights", "covariance", "least",
    "check_of",
)  # fmt: skip
_TERM_LISTS = ("regressors", "controls", "endogenous", "instruments")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_MOST_EFFECTS = 2


def parse_models(models: Mapping[str, Any] | None, sets: Mapping[str, Any] | None = None) -> tuple[ModelSpec, ...]:
    """Return the declared models in their order; an entry that is null is one that a study took out.

    Raises StudyError for the first model that is not well declared.
    """
    specs = tuple(
        parse_model(model_id, declared, sets or {})
        for model_id, declared in (models or {}).items()
        if declared is not None
    )
    others = {spec.id for spec in specs if not spec.check_of}
    for spec in specs:
        _fail_if_it_checks_no_other(spec, others)
    return specs


def parse_model(model_id: str, declared: Mapping[str, Any], sets: Mapping[str, Any]) -> ModelSpec:
    """Return one model; StudyError says which key is wrong."""
    where = f"models.{model_id}"
    fail_unless_identifier(model_id, where)
    declared = mapping_at(declared, where)
    fail_if_key_missing(declared, ("family", "estimator", "outcome"), where)
    fail_if_not_one_of(declared["estimator"], tuple(ESTIMATORS), f"{where}.estimator")
    kind = ESTIMATORS[declared["estimator"]]
    _fail_unless_the_estimator_knows(declared, kind, where)
    lists = {key: terms_at(declared.get(key), sets, f"{where}.{key}") for key in _TERM_LISTS}
    regressors = lists["regressors"]
    # A set of controls is shared by models, one of which may ask about a control: there it is a regressor.
    controls = tuple(term for term in lists["controls"] if term not in regressors)
    return ModelSpec(
        id=model_id,
        title=texts_in(declared.get("title"), f"{where}.title"),
        question=texts_in(declared.get("question"), f"{where}.question"),
        family=fail_unless_identifier(declared["family"], f"{where}.family"),
        estimator=declared["estimator"],
        outcome=parse_term(declared["outcome"], f"{where}.outcome"),
        regressors=regressors,
        controls=controls,
        fixed_effects=names_of(declared.get("fixed_effects"), f"{where}.fixed_effects", _MOST_EFFECTS),
        endogenous=lists["endogenous"],
        instruments=lists["instruments"],
        offset=None if declared.get("offset") is None else parse_term(declared["offset"], f"{where}.offset"),
        complementarity=names_of(declared.get("complementarity"), f"{where}.complementarity", None),
        equations=_equations(declared, kind, sets, Equation(regressors=regressors, controls=controls), where),
        options=options_of(declared, kind, where),
        hypotheses=parse_combinations(declared.get("hypotheses"), f"{where}.hypotheses"),
        foreach=names_of(declared.get("foreach"), f"{where}.foreach", None) or ("all",),
        sample=expression_at(declared.get("sample"), f"{where}.sample"),
        weights=weighting_of(declared.get("weights", "none"), f"{where}.weights"),
        covariance=covariance_rule(declared.get("covariance"), f"{where}.covariance"),
        least=least_of(declared.get("least"), f"{where}.least"),
        check_of=str(declared.get("check_of") or ""),
    )


def _fail_unless_the_estimator_knows(declared: Mapping[str, Any], kind: Estimator, where: str) -> None:
    """StudyError for a key that no model has, that this estimator does not take, or that it needs and lacks."""
    fail_if_unknown_keys(declared, (*KEYS, *EQUATION_KEYS, *OPTION_KEYS), where)
    own = (*kind.equations, *kind.options)
    for key in declared:
        if key in (*EQUATION_KEYS, *OPTION_KEYS) and key not in own:
            takers = [name for name, other in ESTIMATORS.items() if key in (*other.equations, *other.options)]
            raise StudyError(
                f"{where}: estimator {declared['estimator']} takes no {key}.\n"
                f"Estimators that take it: {', '.join(takers)}. This one takes: {', '.join(own) or 'no such keys'}."
            )
    if "regressors" in kind.needs and declared.get("regressors") is None:
        raise StudyError(
            f"{where}: regressors are missing.\n"
            "List the terms that the model asks about; `regressors: []` fits the constant and the controls alone."
        )


def _equations(
    declared: Mapping[str, Any], kind: Estimator, sets: Mapping[str, Any], main: Equation, where: str
) -> tuple[Equation, ...]:
    """Return the further equations of the estimator, each as declared or taken over from the model's own."""
    found = []
    for name, role in kind.equations.items():
        if declared.get(name) is None:
            if role.required and not role.inherited:
                raise StudyError(
                    f"{where}: estimator {declared['estimator']} needs `{name}`.\n{_equation_example(name, role)}"
                )
            if role.inherited and role.outcome is None:
                found.append(Equation(name=name, regressors=main.regressors, controls=main.controls, where=role.where))
            continue
        found.append(_equation(name, declared[name], role, (sets, main), f"{where}.{name}"))
    return tuple(found)


def _equation(
    name: str, declared: Any, role: EquationKind, given: tuple[Mapping[str, Any], Equation], where: str
) -> Equation:
    sets, main = given
    entry = mapping_at({"outcome": declared} if isinstance(declared, str) else declared, where)
    known = ("regressors", "controls") if role.outcome is None else ("outcome", "regressors", "controls")
    fail_if_unknown_keys(entry, known, where)
    if role.outcome is not None and entry.get("outcome") is None:
        raise StudyError(f"{where}: `outcome` is missing.\n{_equation_example(name, role)}")
    if entry.get("regressors") is None and not role.inherited:
        raise StudyError(f"{where}: `regressors` are missing.\n{_equation_example(name, role)}")
    own = "regressors" in entry
    regressors = terms_at(entry.get("regressors"), sets, f"{where}.regressors") if own else main.regressors
    controls = (
        terms_at(entry.get("controls"), sets, f"{where}.controls") if own or "controls" in entry else main.controls
    )
    return Equation(
        name=name,
        outcome=None if role.outcome is None else parse_term(entry["outcome"], f"{where}.outcome"),
        regressors=regressors,
        controls=tuple(term for term in controls if term not in regressors),
        where=role.where,
        everywhere=role.everywhere,
    )


def _equation_example(name: str, role: EquationKind) -> str:
    outcome = "" if role.outcome is None else "outcome: rnd_performer, "
    return f"Write `{name}: {{{outcome}regressors: [log_employees, cooperation]}}`."


def _fail_if_it_checks_no_other(spec: ModelSpec, others: Collection[str]) -> None:
    if spec.check_of and spec.check_of not in others:
        raise StudyError(
            f"models.{spec.id}.check_of: there is no model {spec.check_of}.{did_you_mean(spec.check_of, others)}\n"
            "Name the model that this one checks, or take both out."
        )


def terms_at(declared: Any, sets: Mapping[str, Any], where: str) -> tuple[Term, ...]:
    """Return the listed terms, `$name` being those of a set; StudyError for one that stands twice."""
    terms = [parse_term(text, where) for text in _expand(declared, sets, where, ())]
    twice = sorted({term.text for term in terms if terms.count(term) > 1})
    if twice:
        raise StudyError(f"{where}: listed more than once: {', '.join(twice)}. Keep one of each.")
    return tuple(terms)


def _expand(declared: Any, sets: Mapping[str, Any], where: str, opened: tuple[str, ...]) -> list[Any]:
    """Return the listed texts with each `$name` replaced by the texts of that set; StudyError for an unknown or
    circular set.
    """
    expanded: list[Any] = []
    for text in listed(declared):
        if not (isinstance(text, str) and text.startswith("$")):
            expanded.append(text)
            continue
        name = text[1:]
        if name not in sets:
            known = ", ".join(sets) or "none"
            raise StudyError(f"{where}: there is no set {text}.{did_you_mean(name, sets)}\nmodel_sets has: {known}.")
        if name in opened:
            raise StudyError(f"model_sets.{name}: the set contains itself, by way of {' → '.join((*opened, name))}.")
        expanded += _expand(sets[name], sets, f"model_sets.{name}", (*opened, name))
    return expanded


def expression_at(declared: Any, where: str) -> str | None:
    """Return a checked expression; None where none is declared."""
    if declared is None:
        return None
    if not isinstance(declared, str):
        raise StudyError(f"{where}: an expression is text like `employees_t >= 10`, not {declared!r}.")
    names_in(declared, where)
    return declared


def texts_in(declared: Any, where: str) -> Texts:
    """Return a text by language; one alone is English."""
    texts = mapping_at({"en": declared} if isinstance(declared, str) else declared, where)
    return tuple((str(language), str(text)) for language, text in texts.items())


def fail_unless_identifier(name: Any, where: str) -> str:
    """Return the name; StudyError unless it can name files."""
    if not isinstance(name, str) or not _IDENTIFIER.fullmatch(name):
        raise StudyError(f"{where}: {name!r} must be lower-case letters, digits and _, because it names files.")
    return name
