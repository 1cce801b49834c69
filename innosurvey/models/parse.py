"""From config.yaml to specifications: `models:` and `model_sets:`, key by key.

A name that is not known is answered with the nearest one that is. `$name` stands for the terms of a set in
`model_sets:`.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, cast, get_args

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.expressions import names_in
from innosurvey.models.spec import (
    CovarianceSpec,
    CovarianceType,
    Estimator,
    ModelSpec,
    SmallSample,
    Texts,
    Weights,
)
from innosurvey.models.terms import Term, parse_term
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at

KEYS = (
    "title", "question", "family", "estimator", "outcome", "regressors", "controls", "fixed_effects", "endogenous",
    "instruments", "foreach", "sample", "weights", "covariance", "check_of",
)  # fmt: skip
_TERM_LISTS = ("regressors", "controls", "endogenous", "instruments")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_MOST_EFFECTS = 2
_MOST_CLUSTERS = 2


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
    _fail_unless_identifier(model_id, where)
    declared = mapping_at(declared, where)
    fail_if_unknown_keys(declared, KEYS, where)
    fail_if_key_missing(declared, ("family", "estimator", "outcome"), where)
    lists = {key: _terms(declared.get(key), sets, f"{where}.{key}") for key in _TERM_LISTS}
    regressors = lists["regressors"]
    return ModelSpec(
        id=model_id,
        title=_texts(declared.get("title"), f"{where}.title"),
        question=_texts(declared.get("question"), f"{where}.question"),
        family=_fail_unless_identifier(declared["family"], f"{where}.family"),
        estimator=cast(Estimator, _choice(declared["estimator"], Estimator, f"{where}.estimator")),
        outcome=parse_term(declared["outcome"], f"{where}.outcome"),
        regressors=regressors,
        # A set of controls is shared by models, one of which may ask about a control: there it is a regressor.
        controls=tuple(term for term in lists["controls"] if term not in regressors),
        fixed_effects=_names(declared.get("fixed_effects"), f"{where}.fixed_effects", _MOST_EFFECTS),
        endogenous=lists["endogenous"],
        instruments=lists["instruments"],
        foreach=_names(declared.get("foreach"), f"{where}.foreach", None) or ("all",),
        sample=_expression(declared.get("sample"), f"{where}.sample"),
        weights=cast(Weights, _choice(declared.get("weights", "none"), Weights, f"{where}.weights")),
        covariance=_covariance(declared.get("covariance"), f"{where}.covariance"),
        check_of=str(declared.get("check_of") or ""),
    )


def _fail_if_it_checks_no_other(spec: ModelSpec, others: Collection[str]) -> None:
    if spec.check_of and spec.check_of not in others:
        raise StudyError(
            f"models.{spec.id}.check_of: there is no model {spec.check_of}.{did_you_mean(spec.check_of, others)}\n"
            "Name the model that this one checks, or take both out."
        )


def _covariance(declared: Any, where: str) -> CovarianceSpec:
    if declared is None:
        return CovarianceSpec()
    parts = mapping_at({"type": declared} if isinstance(declared, str) else declared, where)
    fail_if_unknown_keys(parts, ("type", "by", "small_sample"), where)
    fail_if_key_missing(parts, ("type",), where)
    kind = cast(CovarianceType, _choice(parts["type"], CovarianceType, f"{where}.type"))
    by = _names(parts.get("by"), f"{where}.by", _MOST_CLUSTERS)
    if kind == "cluster" and not by:
        raise StudyError(
            f"{where}: type is 'cluster' but `by` is missing.\nAdd `by: [firm_id]`, or set `type: robust`."
        )
    if kind != "cluster" and by:
        raise StudyError(
            f"{where}: `by` belongs to type 'cluster', but type is '{kind}'. Set `type: cluster`, or take `by` out."
        )
    rule = cast(SmallSample, _choice(parts.get("small_sample", "stata"), SmallSample, f"{where}.small_sample"))
    return CovarianceSpec(type=kind, by=by, small_sample=rule)


def _terms(declared: Any, sets: Mapping[str, Any], where: str) -> tuple[Term, ...]:
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
    for text in _listed(declared):
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


def _listed(declared: Any) -> list[Any]:
    if declared is None:
        return []
    return list(declared) if isinstance(declared, (list, tuple)) else [declared]


def _names(declared: Any, where: str, most: int | None) -> tuple[str, ...]:
    names = _listed(declared)
    for name in names:
        if not isinstance(name, str) or not name.isidentifier():
            raise StudyError(f"{where}: {name!r} is not a name.")
    if len(set(names)) < len(names):
        raise StudyError(f"{where}: a name is listed twice: {', '.join(names)}.")
    if most is not None and len(names) > most:
        raise StudyError(f"{where}: at most {most} names, but there are {len(names)}: {', '.join(names)}.")
    return tuple(names)


def _expression(declared: Any, where: str) -> str | None:
    if declared is None:
        return None
    if not isinstance(declared, str):
        raise StudyError(f"{where}: an expression is text like `employees_t >= 10`, not {declared!r}.")
    names_in(declared, where)
    return declared


def _texts(declared: Any, where: str) -> Texts:
    texts = mapping_at({"en": declared} if isinstance(declared, str) else declared, where)
    return tuple((str(language), str(text)) for language, text in texts.items())


def _choice(value: Any, choices: Any, where: str) -> str:
    fail_if_not_one_of(value, get_args(choices), where)
    return str(value)


def _fail_unless_identifier(name: Any, where: str) -> str:
    if not isinstance(name, str) or not _IDENTIFIER.fullmatch(name):
        raise StudyError(f"{where}: {name!r} must be lower-case letters, digits and _, because it names files.")
    return name
