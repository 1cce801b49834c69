"""The sample of a model: which rows it can use, what became of the others, and its columns.

First the rows (`select_rows`): those of the group, then those that the model's expression keeps, then those with a
value in each variable, then, under fixed effects, those whose level is seen more than once. Each step is counted. Then
the columns (`build_sample`): what can't be told apart is found here, by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.expressions import evaluate, missing_names
from innosurvey.models.absorb import absorb, alone, is_nested
from innosurvey.models.arrays import Array, Codes
from innosurvey.models.collinearity import Redundant, redundant_columns
from innosurvey.models.covariance import Grouping
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.matrix import CONSTANT, Block, block_of, constant_block, factor_values
from innosurvey.models.spec import WEIGHT_COLUMN, ModelSpec
from innosurvey.models.terms import Factor

FEWEST_FIRMS = 30
FEWEST_FIRMS_PER_LEVEL = 10
KEYS = ["firm_id", "wave"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the waterfall: why rows left, and how many rows and firms are left after it."""

    reason: str
    rows: int
    firms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rows that a model can use (a part of the slice), the values of its factors on them, and how they were
    reached.
    """

    firms: pd.DataFrame
    factors: dict[Factor, pd.Series]
    waterfall: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What an engine works on, row by row in the order of the slice.

    `exogenous` begins with the constant, unless there are fixed effects. `weights` have mean one. `notes` tell what was
    left out of the model.
    """

    keys: pd.DataFrame
    outcome: Array
    exogenous: Block
    endogenous: Block
    instruments: Block
    grouping: Grouping
    effects: tuple[str, ...] = ()
    weights: Array | None = None
    notes: tuple[str, ...] = ()


def select_rows(spec: ModelSpec, firms: pd.DataFrame) -> Selection:
    """Return the rows of one group's slice that the model can use.

    Raises NotEstimated if the slice lacks a column, or if a firm stands twice in a wave.
    """
    _fail_if_columns_are_absent(spec, firms)
    steps = [_step("rows of the group", firms)]
    if spec.sample is not None:
        kept = evaluate(spec.sample, firms, f"models.{spec.id}.sample").fillna(False).astype(bool)
        firms = firms[kept]
        steps.append(_step(f"not in the sample: {spec.sample}", firms))
    if firms.duplicated(KEYS).any():
        raise NotEstimated("a firm stands more than once in a wave")
    factors = {factor: factor_values(factor, firms) for term in spec.terms for factor in term.factors}
    complete = pd.Series(True, index=firms.index)
    for reason, has_value in _presence(spec, firms, factors):
        complete &= has_value
        steps.append(_step(reason, firms[complete]))
    complete = _seen_more_than_once(spec, firms, complete)
    if spec.fixed_effects:
        steps.append(_step(f"alone in its {' or '.join(spec.fixed_effects)}", firms[complete]))
    chosen = {factor: values[complete] for factor, values in factors.items()}
    return Selection(firms=firms[complete], factors=chosen, waterfall=tuple(steps))


def build_sample(spec: ModelSpec, selection: Selection) -> Sample:
    """Return the columns of the model on the selected rows.

    Raises NotEstimated for too few firms, a constant outcome, or regressors that can't be told apart.
    """
    firms, factors = selection.firms, selection.factors
    if firms["firm_id"].nunique() < FEWEST_FIRMS:
        raise NotEstimated(f"fewer than {FEWEST_FIRMS} complete firms")
    rows = len(firms)
    weights = _weights(spec, firms)
    effects, notes = _distinct_effects(spec.fixed_effects, firms)
    grouping = Grouping(
        effects=tuple(_codes(firms[name]) for name in effects),
        clusters=tuple(_codes(firms[name]) for name in spec.covariance.by),
    )
    outcome = factors[spec.outcome.factors[0]].to_numpy(dtype=float)
    _fail_if_the_outcome_is_constant(outcome, grouping, weights, spec)
    regressors, controls, endogenous, instruments = (
        block_of(terms, factors, rows) for terms in (spec.regressors, spec.controls, spec.endogenous, spec.instruments)
    )
    asked = regressors if spec.fixed_effects else constant_block(rows).beside(regressors)
    asked = asked.beside(endogenous)
    within = absorb(asked.beside(controls).columns, grouping.effects, weights)
    chosen, dropped = _independent(asked, controls, within, effects)
    explanatory = asked.beside(controls).take([index for index in chosen if index not in _span(asked, endogenous)])
    instruments, useless = _useful_instruments(explanatory, instruments, endogenous)
    return Sample(
        keys=firms[KEYS],
        outcome=outcome,
        exogenous=explanatory,
        endogenous=endogenous,
        instruments=instruments,
        grouping=grouping,
        effects=effects,
        weights=weights,
        notes=notes + dropped + useless + _small_levels(explanatory, firms["firm_id"]),
    )


def _step(reason: str, firms: pd.DataFrame) -> Step:
    return Step(reason=reason, rows=len(firms), firms=int(firms["firm_id"].nunique()))


def _fail_if_columns_are_absent(spec: ModelSpec, firms: pd.DataFrame) -> None:
    absent = [name for name in spec.columns if name not in firms.columns]
    absent += missing_names(spec.sample, firms.columns) if spec.sample is not None else []
    if absent:
        raise NotEstimated(f"the survey lacks {', '.join(dict.fromkeys(absent))}")


def _presence(
    spec: ModelSpec, firms: pd.DataFrame, factors: dict[Factor, pd.Series]
) -> Iterable[tuple[str, "pd.Series[bool]"]]:
    """Yield, for each variable and each logarithm, the reason for which rows leave and which rows have a value.

    Raises NotEstimated if no row of a group that has rows has a value.
    """
    for factor, values in factors.items():
        answered = firms[factor.variable].notna()
        if len(firms) and not answered.any():
            raise NotEstimated(f"no firm has a value of {factor.variable}")
        yield f"no value: {factor.variable}", answered
        if factor.transform in ("log", "log1p"):
            yield f"no logarithm: {factor.name}", values.notna()
    seen = {factor.variable for factor in factors}
    for name in dict.fromkeys((*spec.fixed_effects, *spec.covariance.by)):
        if name in seen:
            continue
        yield f"no value: {name}", firms[name].notna()
    if spec.weights == "final":
        yield f"no positive {WEIGHT_COLUMN}", firms[WEIGHT_COLUMN].fillna(0) > 0


def _seen_more_than_once(spec: ModelSpec, firms: pd.DataFrame, complete: "pd.Series[bool]") -> "pd.Series[bool]":
    """Return the rows without those that a fixed effect explains alone, taken out until none is left."""
    kept = complete.to_numpy(copy=True)
    shrinking = bool(spec.fixed_effects)
    while shrinking and kept.any():
        single = np.zeros(len(kept), dtype=bool)
        for name in spec.fixed_effects:
            single[np.flatnonzero(kept)] |= alone(_codes(firms.loc[kept, name]))
        kept &= ~single
        shrinking = bool(single.any())
    return pd.Series(kept, index=firms.index)


def _codes(column: pd.Series) -> Codes:
    return pd.factorize(column)[0]


def _distinct_effects(names: tuple[str, ...], firms: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fixed effects without one that another already holds, and a note on it."""
    for coarse in names:
        for fine in names:
            if fine != coarse and is_nested(_codes(firms[fine]), _codes(firms[coarse])):
                return (fine,), (f"dropped fixed effect {coarse} (does not vary within {fine})",)
    return names, ()


def _weights(spec: ModelSpec, firms: pd.DataFrame) -> Array | None:
    if spec.weights == "none":
        return None
    weights = firms[WEIGHT_COLUMN].to_numpy(dtype=float)
    return weights / weights.mean()


def _fail_if_the_outcome_is_constant(
    outcome: Array, grouping: Grouping, weights: Array | None, spec: ModelSpec
) -> None:
    if np.ptp(outcome) == 0:
        raise NotEstimated(f"constant outcome: {spec.outcome.text}")
    within = absorb(outcome[:, None], grouping.effects, weights)
    if np.linalg.norm(within) <= 1e-9 * np.linalg.norm(outcome):  # rounding is all that is left
        raise NotEstimated(
            f"constant outcome: {spec.outcome.text} does not vary within {' and '.join(spec.fixed_effects)}"
        )


def _independent(
    asked: Block, controls: Block, within: Array, effects: tuple[str, ...]
) -> tuple[list[int], tuple[str, ...]]:
    """Return the columns to keep and a note on the controls that were dropped; NotEstimated if a regressor would have
    to go.

    `within` are the columns of both blocks without what the fixed effects explain.
    """
    block = asked.beside(controls)
    redundant = redundant_columns(within, np.linalg.norm(block.columns, axis=0))
    spoilt = [_dependence(block, found, effects) for found in redundant if found.column < len(asked.names)]
    if spoilt:
        raise NotEstimated(f"collinear: {'; '.join(spoilt)}")
    dropped = [found.column for found in redundant]
    notes = tuple(f"dropped control {_dependence(block, found, effects)}" for found in redundant)
    return [index for index in range(len(block.names)) if index not in dropped], notes


def _dependence(block: Block, found: Redundant, effects: tuple[str, ...] = ()) -> str:
    """Return the redundant column's name and why it is redundant."""
    partners = [block.names[index] for index in found.explained_by]
    if partners == [CONSTANT]:
        partners = []
    if partners:
        return f"{block.names[found.column]} (explained by {', '.join(partners)})"
    within = f" within {' and '.join(effects)}" if effects else ""
    return f"{block.names[found.column]} (does not vary{within})"


def _span(asked: Block, endogenous: Block) -> range:
    """Return where the endogenous columns stand: at the end of what the model asks about."""
    return range(len(asked.names) - len(endogenous.names), len(asked.names))


def _useful_instruments(exogenous: Block, instruments: Block, endogenous: Block) -> tuple[Block, tuple[str, ...]]:
    """Return the instruments that add to the exogenous columns; NotEstimated if too few do."""
    if not instruments.names:
        return instruments, ()
    first = len(exogenous.names)
    block = exogenous.beside(instruments)
    useless = [found for found in redundant_columns(block.columns) if found.column >= first]
    out = {found.column - first for found in useless}
    kept = [index for index in range(len(instruments.names)) if index not in out]
    if len(kept) < len(endogenous.names):
        raise NotEstimated(f"too few instruments: {'; '.join(_dependence(block, found) for found in useless)}")
    notes = tuple(f"dropped instrument {_dependence(block, found)}" for found in useless)
    return instruments.take(kept), notes


def _small_levels(block: Block, firm_ids: pd.Series) -> tuple[str, ...]:
    """Return a note on the 0/1 columns with few firms on one side: their coefficients speak of these firms alone."""
    small = []
    for index, name in enumerate(block.names):
        column = block.columns[:, index]
        sides = [firm_ids[column == side].nunique() for side in (0.0, 1.0)]
        if name != CONSTANT and np.isin(column, (0.0, 1.0)).all() and min(sides) < FEWEST_FIRMS_PER_LEVEL:
            small.append(name)
    return (f"fewer than {FEWEST_FIRMS_PER_LEVEL} firms behind {', '.join(small)}",) if small else ()
