"""What is asked of answers once they are there: curves, checks of single models, families of hypotheses.

robustness:
  curves: {…}                                  # see parse_curve.py
  checks:
    sales_on_rd: {leave_out: [industry_group], influence_of: firm_id, selection: true}
  families:
    support: {of: {sales_on_rd: [support], patents_on_rd: [support, cooperation]}}
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.models.curve_spec import CurveSpec
from innosurvey.models.joint_tests import Drawing
from innosurvey.models.oster import R2_FACTOR
from innosurvey.models.parse import fail_unless_identifier
from innosurvey.models.parse_curve import parse_curves
from innosurvey.models.settings import listed, names_of, whole_of
from innosurvey.models.terms import parse_term
from innosurvey.specs import fail_if_key_missing, fail_if_unknown_keys, mapping_at

_DEFAULT = Drawing()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksSpec:
    """Checks of one model: columns whose levels are left out in turn, the clusters that are left out one by one (None:
    not asked), and whether selection on what is not observed is bounded, up to `r2_factor` times the controlled R².
    """

    model: str
    leave_out: tuple[str, ...] = ()
    influence_of: str | None = None
    selection: bool = False
    r2_factor: float = R2_FACTOR


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilySpec:
    """Coefficients, by model and term, whose p-values are to hold together."""

    id: str
    members: tuple[tuple[str, str], ...]
    cluster: str
    drawing: Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessSpec:
    """All that `robustness:` declares."""

    curves: tuple[CurveSpec, ...] = ()
    checks: tuple[ChecksSpec, ...] = ()
    families: tuple[FamilySpec, ...] = ()


def parse_robustness(declared: Any, sets: Mapping[str, Any], models: Collection[str]) -> RobustnessSpec:
    """Return what is declared; StudyError for a key, or a model, that is not known."""
    entry = mapping_at(declared, "robustness")
    fail_if_unknown_keys(entry, ("curves", "checks", "families"), "robustness")
    checks, families = (mapping_at(entry.get(key), f"robustness.{key}") for key in ("checks", "families"))
    return RobustnessSpec(
        curves=parse_curves(mapping_at(entry.get("curves"), "robustness.curves"), sets),
        checks=tuple(_checks(name, part, models) for name, part in checks.items() if part is not None),
        families=tuple(_family(name, part, models) for name, part in families.items() if part is not None),
    )


def _checks(model: str, declared: Any, models: Collection[str]) -> ChecksSpec:
    where = f"robustness.checks.{model}"
    _fail_if_there_is_no_model(model, models, where)
    entry = mapping_at(declared, where)
    fail_if_unknown_keys(entry, ("leave_out", "influence_of", "selection", "r2_factor"), where)
    factor = entry.get("r2_factor", R2_FACTOR)
    if isinstance(factor, bool) or not isinstance(factor, (int, float)) or factor < 1:
        raise StudyError(f"{where}.r2_factor: give a number from 1, not {factor!r}.")
    if not isinstance(entry.get("selection", False), bool):
        raise StudyError(f"{where}.selection: write true or false, not {entry['selection']!r}.")
    return ChecksSpec(
        model=model,
        leave_out=names_of(entry.get("leave_out"), f"{where}.leave_out", None),
        influence_of=next(iter(names_of(entry.get("influence_of"), f"{where}.influence_of", 1)), None),
        selection=entry.get("selection", False),
        r2_factor=float(factor),
    )


def _family(name: str, declared: Any, models: Collection[str]) -> FamilySpec:
    where = f"robustness.families.{name}"
    fail_unless_identifier(name, where)
    entry = mapping_at(declared, where)
    fail_if_unknown_keys(entry, ("of", "cluster", "draws", "seed"), where)
    fail_if_key_missing(entry, ("of",), where)
    members = []
    for model, terms in mapping_at(entry["of"], f"{where}.of").items():
        _fail_if_there_is_no_model(model, models, f"{where}.of")
        members += [(model, parse_term(text, f"{where}.of.{model}").text) for text in listed(terms)]
    drawn = {key: whole_of(entry.get(key, getattr(_DEFAULT, key)), f"{where}.{key}") for key in ("draws", "seed")}
    return FamilySpec(
        id=name,
        members=tuple(members),
        cluster=names_of(entry.get("cluster", "firm_id"), f"{where}.cluster", 1)[0],
        drawing=Drawing(**drawn),
    )


def _fail_if_there_is_no_model(model: str, models: Collection[str], where: str) -> None:
    if model not in models:
        raise StudyError(
            f"{where}: there is no model {model}.{did_you_mean(model, models)}\nmodels: has {', '.join(models)}."
        )
