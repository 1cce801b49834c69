"""The rows of a model: which it can use, and what became of the others.

Those of the group, then those that the model's expression keeps, then those with a value in each variable of each
equation that applies to them, then, under fixed effects, those whose level is seen more than once. Each step is
counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from innosurvey.expressions import evaluate, missing_names
from innosurvey.models.absorb import alone
from innosurvey.models.arrays import Codes
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.matrix import factor_values, level_values
from innosurvey.models.spec import MAIN, Equation, ModelSpec
from innosurvey.models.terms import Factor

KEYS = ["firm_id", "wave"]
Kept = pd.Series
"""Which rows are meant, on the index of the slice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the waterfall: why rows left, and how many rows and firms are left after it."""

    reason: str
    rows: int
    firms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rows that a model can use (a part of the slice), the values of its factors on them, which of them each
    equation applies to, and how they were reached.

    `history` are the keys and the outcome of all rows of the group that have one, for estimators that look back.
    """

    firms: pd.DataFrame
    factors: dict[Factor, pd.Series]
    applies: dict[str, "pd.Series[bool]"]
    history: pd.DataFrame
    waterfall: tuple[Step, ...]


def select_rows(spec: ModelSpec, firms: pd.DataFrame) -> Selection:
    """Return the rows of one group's slice that the model can use.

    Raises NotEstimated if the slice lacks a column, or if a firm stands twice in a wave.
    """
    _fail_if_columns_are_absent(spec, firms)
    group = firms
    members = codes_of(firms["firm_id"])
    steps = [_step("rows of the group", members)]
    if spec.sample is not None:
        kept = evaluate(spec.sample, firms, f"models.{spec.id}.sample").fillna(False).astype(bool)
        firms, members = firms[kept], members[kept.to_numpy()]
        steps.append(_step(f"not in the sample: {spec.sample}", members))
    if firms.duplicated(KEYS).any():
        raise NotEstimated("a firm stands more than once in a wave")
    factors = _factors(spec, firms)
    applies = _applies(spec, firms, factors)
    complete = pd.Series(True, index=firms.index)
    for reason, has_value in _presence(spec, firms, factors, applies):
        complete &= has_value
        steps.append(_step(reason, members[complete.to_numpy()]))
    complete = _seen_more_than_once(spec, firms, complete)
    if spec.fixed_effects:
        steps.append(_step(f"alone in its {' or '.join(spec.fixed_effects)}", members[complete.to_numpy()]))
    rows = _repeated(spec, firms[complete])
    return Selection(
        firms=firms.loc[rows],
        factors={factor: values.loc[rows] for factor, values in factors.items()},
        applies={name: where.loc[rows] for name, where in applies.items()},
        history=_history(spec, group),
        waterfall=tuple(steps),
    )


def _factors(spec: ModelSpec, firms: pd.DataFrame) -> dict[Factor, pd.Series]:
    """Return the values of each factor; those of an outcome that has levels are a category."""
    outcome = spec.outcome.factors[0]
    return {
        factor: _outcome_levels(spec, firms[factor.column])
        if factor == outcome and spec.kind.outcome == "levels"
        else factor_values(factor, firms)
        for factor in spec.factors
    }


def _outcome_levels(spec: ModelSpec, column: pd.Series) -> pd.Series:
    """Return the outcome as a category, in the order of `levels` if the model lists them.

    Raises NotEstimated for a level that is not listed, or if the order of an ordered outcome is not known.
    """
    name = spec.outcome.text
    values, listed = level_values(column, name), spec.settings.get("levels")
    if listed is None:
        if spec.kind.ordered and not (column.dtype == "category" or pd.api.types.is_numeric_dtype(column.dtype)):
            raise NotEstimated(f"the levels of {name} have no order; list them as `levels`, from low to high")
        return values
    unlisted = [level for level in values.cat.categories if level not in listed and (values == level).any()]
    if unlisted:
        raise NotEstimated(f"`levels` does not list all levels of {name}: {', '.join(map(str, unlisted))} is missing")
    return values.cat.set_categories(list(listed))


def _applies(spec: ModelSpec, firms: pd.DataFrame, factors: dict[Factor, pd.Series]) -> "dict[str, pd.Series[bool]]":
    """Return the rows that each equation is about: all, or those where the equation that selects says yes."""
    outcomes = {equation.name: equation.outcome for equation in spec.equations}
    applies = {}
    for equation in (spec.main, *spec.equations):
        selects = outcomes.get(equation.where) if equation.where is not None else None
        everywhere = pd.Series(True, index=firms.index)
        applies[equation.name] = everywhere if selects is None else factors[selects.factors[0]] == 1
    return applies


def _step(reason: str, members: Codes) -> Step:
    """Return a step from the firm of each row that is left."""
    return Step(reason=reason, rows=len(members), firms=int(np.count_nonzero(np.bincount(members))))


def _fail_if_columns_are_absent(spec: ModelSpec, firms: pd.DataFrame) -> None:
    absent = [name for name in spec.slice_columns if name not in firms.columns]
    absent += missing_names(spec.sample, firms.columns) if spec.sample is not None else []
    if absent:
        raise NotEstimated(f"the survey lacks {', '.join(dict.fromkeys(absent))}")


def _presence(
    spec: ModelSpec, firms: pd.DataFrame, factors: dict[Factor, pd.Series], applies: "dict[str, pd.Series[bool]]"
) -> Iterable[tuple[str, "pd.Series[bool]"]]:
    """Yield, for each variable and each logarithm, the reason for which rows leave and which rows may stay.

    Raises NotEstimated if no row of a group that has rows has a value.
    """
    for factor, values in factors.items():
        concerned, clause = _concerned(spec, factor, applies)
        answered = _has_value(firms[factor.column])
        if concerned.any() and not (answered & concerned).any():
            raise NotEstimated(f"no firm has a value of {factor.column}{clause}")
        yield f"no value: {factor.column}{clause}", answered | ~concerned
        if any(step.startswith("log") for step, _ in factor.steps):
            yield f"no logarithm: {factor.name}{clause}", values.notna() | ~concerned
    seen = {factor.column for factor in factors}
    weight = "" if spec.weights is None else spec.weights.column
    for name in spec.plain_columns:
        if name not in seen and name != weight:
            yield f"no value: {name}", firms[name].notna()
    if weight:
        yield f"no positive {weight}", _has_value(firms[weight]) & (firms[weight].fillna(0) > 0)


def _has_value(column: pd.Series) -> "pd.Series[bool]":
    """Tell where a column has a value: what a division by zero left (inf) is none."""
    if not pd.api.types.is_float_dtype(column.dtype):
        return column.notna()
    return pd.Series(np.isfinite(column.to_numpy(dtype=float, na_value=np.nan)), index=column.index)


def _concerned(spec: ModelSpec, factor: Factor, applies: "dict[str, pd.Series[bool]]") -> tuple["pd.Series[bool]", str]:
    """Return the rows that need a value of the factor, and the words that say so where it is not all of them."""
    instrumented = {factor for term in (*spec.endogenous, *spec.instruments) for factor in term.factors}
    users = [equation for equation in (spec.main, *spec.equations) if factor in _factors_of(equation)]
    if not users or factor in instrumented:
        users.append(Equation(name=MAIN, where=spec.kind.where))
    if any(_needed_everywhere(equation, factor) for equation in users):
        return pd.Series(True, index=applies[MAIN].index), ""
    needed = applies[users[0].name].copy()
    for equation in users[1:]:
        needed |= applies[equation.name]
    return needed, f" (where {users[0].where} is yes)"


def _needed_everywhere(equation: Equation, factor: Factor) -> bool:
    explained = () if equation.outcome is None else equation.outcome.factors
    return equation.where is None or (equation.everywhere and factor not in explained)


def _factors_of(equation: Equation) -> set[Factor]:
    return {factor for term in equation.terms for factor in term.factors}


def _seen_more_than_once(spec: ModelSpec, firms: pd.DataFrame, complete: "pd.Series[bool]") -> "pd.Series[bool]":
    """Return the rows without those that a fixed effect explains alone, taken out until none is left."""
    kept = complete.to_numpy(copy=True)
    shrinking = bool(spec.fixed_effects)
    while shrinking and kept.any():
        single = np.zeros(len(kept), dtype=bool)
        for name in spec.fixed_effects:
            single[np.flatnonzero(kept)] |= alone(codes_of(firms.loc[kept, name]))
        kept &= ~single
        shrinking = bool(single.any())
    return pd.Series(kept, index=firms.index)


def _repeated(spec: ModelSpec, firms: pd.DataFrame) -> pd.Index:
    """Return the labels of the rows, each as often as its frequency weight says.

    Raises NotEstimated if such a weight is no whole number.
    """
    if spec.weights is None or spec.weights.kind != "frequency":
        return firms.index
    counts = firms[spec.weights.column].to_numpy(dtype=float)
    if not (counts == np.round(counts)).all():
        raise NotEstimated(f"{spec.weights.column} weighs by frequency, but is no whole number")
    return firms.index.repeat(counts.astype(int))


def _history(spec: ModelSpec, group: pd.DataFrame) -> pd.DataFrame:
    """Return firm_id, wave, outcome and the endogenous variables (by name) of all rows of the group that have one of
    them, as numbers.

    The outcome of a model whose outcome has levels is nothing to look back at.
    """
    if spec.kind.outcome == "levels":
        return group.loc[[], KEYS].assign(outcome=pd.Series(dtype=float))
    looking_back = () if "instruments" in spec.kind.needs else spec.endogenous
    own = [replace(term.factors[0], lag=0) for term in looking_back if len(term.factors) == 1]
    known = {factor.name: factor for factor in own if not factor.levels and factor.column in group.columns}
    values = {name: factor_values(factor, group) for name, factor in known.items()}
    values["outcome"] = factor_values(spec.outcome.factors[0], group)
    return group[KEYS].assign(**values).dropna(subset=list(values), how="all")


def codes_of(column: pd.Series) -> Codes:
    """Return the column as codes from 0, in the order of first appearance."""
    return pd.factorize(column)[0]
