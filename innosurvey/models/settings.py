"""The settings of a model, as they are declared: options of its estimator, weights, covariance, sample sizes, names."""

from collections.abc import Mapping
from typing import Any, cast, get_args

from innosurvey.errors import StudyError
from innosurvey.models.estimators import Estimator, Option
from innosurvey.models.spec import (
    CLUSTERED,
    CovarianceSpec,
    CovarianceType,
    Information,
    Least,
    SmallSample,
    Weighting,
    WeightKind,
)
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at

_MOST_CLUSTERS = 2


def options_of(declared: Mapping[str, Any], kind: Estimator, where: str) -> tuple[tuple[str, Any], ...]:
    """Return the options that are declared, checked against what the estimator takes; StudyError if one is missing that
    has no default.
    """
    for name, option in kind.options.items():
        if option.required and declared.get(name) is None:
            keys = f" Its keys: {', '.join(option.choices)}." if option.kind == "map" else ""
            raise StudyError(f"{where}: estimator {declared.get('estimator')} needs `{name}`.{keys}")
    return tuple(
        (name, _option(declared[name], option, f"{where}.{name}"))
        for name, option in kind.options.items()
        if declared.get(name) is not None
    )


def _option(value: Any, option: Option, where: str) -> Any:
    if option.kind == "choice":
        fail_if_not_one_of(value, option.choices, where)
        return value
    if option.kind == "flag":
        if not isinstance(value, bool):
            raise StudyError(f"{where}: write true or false, not {value!r}.")
        return value
    if option.kind == "names":
        return names_of(value, where, None)
    if option.kind == "texts":
        return _texts(value, where)
    if option.kind == "map":
        entry = mapping_at(value, where)
        fail_if_unknown_keys(entry, option.choices or tuple(entry), where)
        return tuple((name, tuple(part) if isinstance(part, list) else part) for name, part in entry.items())
    if option.kind in ("numbers", "integers"):
        return tuple(None if part is None else _number(part, option, where) for part in listed(value))
    return _number(value, option, where)


def _texts(value: Any, where: str) -> tuple[str, ...]:
    texts = tuple(str(text) for text in listed(value))
    if len(set(texts)) < len(texts):
        raise StudyError(f"{where}: listed twice: {', '.join(texts)}.")
    return texts


def _number(value: Any, option: Option, where: str) -> float:
    whole = option.kind in ("integer", "integers")
    right = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    least, most = option.least, option.most
    if not right or (least is not None and value < least) or (most is not None and value > most):
        bounds = [f"from {least:g}"] if least is not None else []
        bounds += [f"up to {most:g}"] if most is not None else []
        wanted = " ".join(["a whole number" if whole else "a number", *bounds])
        raise StudyError(f"{where}: give {wanted}, not {value!r}.")
    return cast(float, value)


def whole_of(value: Any, where: str) -> int:
    """Return a whole number that is not negative."""
    return int(_number(value, Option(kind="integer", least=0), where))


def weighting_of(declared: Any, where: str) -> Weighting | None:
    """Return `none`, `final` (the survey weights), or a map of `column` and `type` as a weighting."""
    if declared is None or declared == "none":
        return None
    if declared == "final":
        return Weighting()
    if not isinstance(declared, Mapping):
        fail_if_not_one_of(declared, ("none", "final"), where)
    fail_if_unknown_keys(declared, ("column", "type"), where)
    fail_if_key_missing(declared, ("column", "type"), where)
    kind = _choice(declared["type"], WeightKind, f"{where}.type")
    return Weighting(column=str(declared["column"]), kind=cast(WeightKind, kind))


def least_of(declared: Any, where: str) -> Least:
    entry = mapping_at(declared, where)
    fail_if_unknown_keys(entry, ("firms", "df"), where)
    whole = Option(kind="integer", least=1)
    return Least(**{name: int(_number(value, whole, f"{where}.{name}")) for name, value in entry.items()})


def covariance_rule(declared: Any, where: str) -> CovarianceSpec:
    if declared is None:
        return CovarianceSpec()
    parts = mapping_at({"type": declared} if isinstance(declared, str) else declared, where)
    fail_if_unknown_keys(parts, ("type", "by", "small_sample", "information", "draws", "seed"), where)
    fail_if_key_missing(parts, ("type",), where)
    kind = cast(CovarianceType, _choice(parts["type"], CovarianceType, f"{where}.type"))
    by = names_of(parts.get("by"), f"{where}.by", 1 if kind == "wild" else _MOST_CLUSTERS)
    if kind in CLUSTERED and not by:
        raise StudyError(f"{where}: type is '{kind}' but `by` is missing.\nAdd `by: [firm_id]`, or set `type: robust`.")
    if kind not in CLUSTERED and by:
        raise StudyError(
            f"{where}: `by` belongs to type 'cluster', but type is '{kind}'. Set `type: cluster`, or take `by` out."
        )
    rule = cast(SmallSample, _choice(parts.get("small_sample", "stata"), SmallSample, f"{where}.small_sample"))
    information = _choice(parts.get("information", "observed"), Information, f"{where}.information")
    whole = Option(kind="integer", least=0)
    drawn = {name: int(_number(parts[name], whole, f"{where}.{name}")) for name in ("draws", "seed") if name in parts}
    return CovarianceSpec(type=kind, by=by, small_sample=rule, information=cast(Information, information), **drawn)


def names_of(declared: Any, where: str, most: int | None) -> tuple[str, ...]:
    names = listed(declared)
    for name in names:
        if not isinstance(name, str) or not name.isidentifier():
            raise StudyError(f"{where}: {name!r} is not a name.")
    if len(set(names)) < len(names):
        raise StudyError(f"{where}: a name is listed twice: {', '.join(names)}.")
    if most is not None and len(names) > most:
        raise StudyError(f"{where}: at most {most} names, but there are {len(names)}: {', '.join(names)}.")
    return tuple(names)


def listed(declared: Any) -> list[Any]:
    if declared is None:
        return []
    return list(declared) if isinstance(declared, (list, tuple)) else [declared]


def _choice(value: Any, choices: Any, where: str) -> str:
    fail_if_not_one_of(value, get_args(choices), where)
    return str(value)
