"""The columns of a model on the rows that it can use.

What can't be told apart is found here, by name; what an engine gets is numbers side by side, one block for each
equation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.design import Design
from innosurvey.design_rules import DEFAULT_RULES
from innosurvey.lags import periods_of
from innosurvey.models.absorb import absorb, is_nested
from innosurvey.models.arrays import Array, Codes, Mask
from innosurvey.models.collinearity import Redundant, redundant_columns
from innosurvey.models.complementarity import combination_block
from innosurvey.models.covariance import Grouping
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.matrix import CONSTANT, Block, block_of, constant_block
from innosurvey.models.rows import KEYS, Selection, codes_of
from innosurvey.models.spec import MAIN, Equation, ModelSpec
from innosurvey.models.terms import Factor, categories_alone

FEWEST_FIRMS_PER_LEVEL = 10
_SUPPORT = {
    "binary": ("be 0 or 1", lambda y: np.isin(y, (0.0, 1.0))),
    "nonnegative": ("not be negative", lambda y: y >= 0),
    "positive": ("be positive", lambda y: y > 0),
    "count": ("be a count: 0, 1, 2, …", lambda y: (y >= 0) & (y == np.round(y))),
    "share": ("be a share from 0 to 1", lambda y: (y >= 0) & (y <= 1)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EquationSample:
    """A further equation, row by row: its outcome (NaN where it has none, or is not observed), its columns from the
    constant on (0 where they do not apply), the rows on which it is observed, and how the model writes its outcome.
    """

    outcome: Array
    exogenous: Block
    observed: Mask
    explained: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What an engine works on, row by row in the order of the slice.

    `exogenous` begins with the constant, unless there are fixed effects. `observed` are the rows on which the model's
    own equation is observed, None where it is on all; elsewhere its outcome is NaN and its columns are 0. `equations`
    are the further ones by name. `periods` is the calendar period of each row: a lag is a period before, never a row.
    `levels` names the levels of an outcome that has some, whose codes then are the outcome. `weights` have mean one.
    `history` are the keys, `period`, outcome and endogenous variables of all rows of the group that have one. `options`
    are the estimator's settings. `asked` are the names of the columns that the model asks about, `explained` is its
    outcome as a factor. `offset` is added to the index of each row. `notes` tell what was left out of the model.
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
    observed: Mask | None = None
    equations: Mapping[str, EquationSample] = field(default_factory=dict)
    periods: Codes
    levels: tuple[str, ...] = ()
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    options: Mapping[str, Any] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    explained: Factor | None = None
    offset: Array | None = None
    columns: Mapping[str, "pd.Series[Any]"] = field(default_factory=dict)
    """What the options name, such as the columns to match on exactly."""


def build_sample(spec: ModelSpec, selection: Selection) -> Sample:
    """Return the columns of the model on the selected rows.

    Raises NotEstimated for too few firms, an outcome that is constant or outside its support, or regressors that can't
    be told apart.
    """
    firms = selection.firms
    if firms["firm_id"].nunique() < spec.least.firms:
        raise NotEstimated(f"fewer than {spec.least.firms} complete firms")
    weights = weights_of(spec, firms)
    effects, notes = distinct_effects(spec.fixed_effects, firms)
    calendar = periods_of(pd.concat([firms["wave"], selection.history["wave"]]).astype(str).unique())
    grouping = Grouping(
        effects=tuple(codes_of(firms[name]) for name in effects),
        clusters=tuple(codes_of(firms[name]) for name in spec.covariance.by),
        design=_design(firms) if spec.covariance.type == "survey" else None,
    )
    observed = selection.applies[MAIN].to_numpy()
    outcome, levels, empty = _outcome(spec, selection, observed)
    _fail_if_the_outcome_is_constant(outcome[observed], grouping, weights, spec)
    main, instrumented = _own_blocks(spec, selection, (grouping, effects, weights))
    further = {equation.name: _equation_sample(spec, equation, selection) for equation in spec.equations}
    return Sample(
        keys=firms[KEYS],
        outcome=outcome,
        exogenous=main[0],
        endogenous=instrumented[0],
        instruments=instrumented[1],
        grouping=grouping,
        effects=effects,
        weights=weights,
        notes=notes + empty + main[1] + tuple(note for found in further.values() for note in found[1]),
        observed=None if observed.all() and spec.kind.where is None else observed,
        equations={name: part[0] for name, part in further.items()},
        periods=_periods(firms["wave"], calendar),
        levels=levels,
        history=selection.history.assign(period=_periods(selection.history["wave"], calendar)),
        options=spec.settings,
        asked=_asked(spec, main[0]),
        explained=spec.outcome.factors[0],
        offset=None if spec.offset is None else selection.factors[spec.offset.factors[0]].to_numpy(dtype=float),
        columns={name: firms[name] for name in spec.plain_columns},
    )


def _periods(waves: pd.Series, calendar: Mapping[str, int]) -> Codes:
    """Return the period of each row; the calendar is asked once for each wave, not for each row."""
    codes, names = pd.factorize(waves.astype(str))
    return np.array([calendar[name] for name in names], dtype=np.intp)[codes]


def _outcome(spec: ModelSpec, selection: Selection, observed: Mask) -> tuple[Array, tuple[str, ...], tuple[str, ...]]:
    """Return the outcome (NaN where it is not observed), the names of its levels, and a note on levels that no firm
    has; NotEstimated outside its support.
    """
    values = selection.factors[spec.outcome.factors[0]]
    if spec.kind.outcome == "levels":
        present = [level for level in values.cat.categories if (values == level).any()]
        codes = np.asarray(values.cat.set_categories(present).cat.codes, dtype=float)
        empty = [str(level) for level in values.cat.categories if level not in present]
        notes: tuple[str, ...] = (f"no firm here has the outcome {', '.join(empty)}: left out",) if empty else ()
        return codes, tuple(map(str, present)), notes
    outcome = np.where(observed, values.to_numpy(dtype=float), np.nan)
    _fail_if_outside_support(outcome[observed], spec.kind.outcome, f"the outcome of {spec.kind.called}")
    return outcome, (), ()


def _fail_if_outside_support(outcome: Array, kind: str, called: str) -> None:
    if kind in _SUPPORT and not _SUPPORT[kind][1](outcome).all():
        raise NotEstimated(f"{called} must {_SUPPORT[kind][0]}")


def _own_blocks(
    spec: ModelSpec, selection: Selection, given: tuple[Grouping, tuple[str, ...], Array | None]
) -> tuple[tuple[Block, tuple[str, ...]], tuple[Block, Block]]:
    """Return the exogenous columns of the model's own equation with the notes on them, and the endogenous columns with
    their instruments.
    """
    grouping, effects, weights = given
    observed = selection.applies[MAIN].to_numpy()
    factors = {factor: values[observed] for factor, values in selection.factors.items()}
    rows = int(observed.sum())
    alone = categories_alone((*spec.regressors, *spec.controls), spec.fixed_effects)
    regressors, controls, endogenous, instruments = (
        block_of(terms, factors, rows, alone)
        for terms in (spec.regressors, spec.controls, spec.endogenous, spec.instruments)
    )
    asked = regressors if spec.fixed_effects else constant_block(rows).beside(regressors)
    if spec.complementarity:
        asked = asked.beside(combination_block(spec.practices, factors))
    asked = asked.beside(endogenous)
    within = absorb(asked.beside(controls).columns, grouping.effects, weights)
    chosen, dropped = _independent(asked, controls, within, effects)
    explanatory = asked.beside(controls).take([index for index in chosen if index not in _span(asked, endogenous)])
    least = len(endogenous.names) if "instruments" in spec.kind.needs else 0
    instruments, useless = _useful_instruments(explanatory, instruments, least)
    notes = dropped + useless + _small_levels(explanatory, selection.firms.loc[observed, "firm_id"])
    return (explanatory.spread(observed), notes), (endogenous, instruments)


def _equation_sample(
    spec: ModelSpec, equation: Equation, selection: Selection
) -> tuple[EquationSample, tuple[str, ...]]:
    """Return a further equation and the notes on its columns; NotEstimated where it can't be estimated."""
    observed = selection.applies[equation.name].to_numpy()
    present = np.ones_like(observed) if equation.everywhere else observed
    factors = {factor: values[present] for factor, values in selection.factors.items()}
    rows = int(present.sum())
    outcome = np.full(len(observed), np.nan)
    if equation.outcome is not None:
        values = selection.factors[equation.outcome.factors[0]]
        outcome[observed] = values[observed].to_numpy(dtype=float)
        kind = spec.kind.equations[equation.name].outcome or "number"
        _fail_if_outside_support(outcome[observed], kind, f"the outcome of {equation.name}")
        if not observed.any() or np.ptp(outcome[observed]) == 0:
            raise NotEstimated(f"constant outcome of {equation.name}: {equation.outcome.text}")
    alone = categories_alone((*equation.regressors, *equation.controls))
    asked = constant_block(rows).beside(block_of(equation.regressors, factors, rows, alone))
    controls = block_of(equation.controls, factors, rows, alone)
    chosen, dropped = _independent(asked, controls, asked.beside(controls).columns, ())
    exogenous = asked.beside(controls).take(chosen).spread(present)
    explained = "" if equation.outcome is None else equation.outcome.text
    notes = tuple(f"{equation.name}: {note}" for note in dropped)
    return EquationSample(outcome=outcome, exogenous=exogenous, observed=observed, explained=explained), notes


def _asked(spec: ModelSpec, block: Block) -> tuple[str, ...]:
    """Return the names of the columns of the model's regressors, without its controls."""
    texts = {term.text for term in spec.regressors}
    return tuple(name for name, text in zip(block.names, block.terms, strict=True) if text in texts)


def _design(firms: pd.DataFrame) -> Design:
    """Return the sample design of the rows: of one wave, or with the firm as the sampling unit over several."""
    return Design.from_slice(firms, pooled=len(set(firms["wave"])) > 1, lonely=DEFAULT_RULES.lonely)


def distinct_effects(names: tuple[str, ...], firms: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fixed effects without one that another already holds, and a note on it."""
    for coarse in names:
        for fine in names:
            if fine != coarse and is_nested(codes_of(firms[fine]), codes_of(firms[coarse])):
                return (fine,), (f"dropped fixed effect {coarse} (does not vary within {fine})",)
    return names, ()


def weights_of(spec: ModelSpec, firms: pd.DataFrame) -> Array | None:
    if spec.weights is None or spec.weights.kind == "frequency":
        return None
    weights = firms[spec.weights.column].to_numpy(dtype=float)
    return weights / weights.mean()


def _fail_if_the_outcome_is_constant(
    outcome: Array, grouping: Grouping, weights: Array | None, spec: ModelSpec
) -> None:
    if not len(outcome):
        raise NotEstimated(f"no outcome is observed: {spec.outcome.text}")
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


def _useful_instruments(exogenous: Block, instruments: Block, least: int) -> tuple[Block, tuple[str, ...]]:
    """Return the instruments that add to the exogenous columns; NotEstimated if fewer than `least` do."""
    if not instruments.names:
        return instruments, ()
    first = len(exogenous.names)
    block = exogenous.beside(instruments)
    useless = [found for found in redundant_columns(block.columns) if found.column >= first]
    out = {found.column - first for found in useless}
    kept = [index for index in range(len(instruments.names)) if index not in out]
    if len(kept) < least:
        raise NotEstimated(f"too few instruments: {'; '.join(_dependence(block, found) for found in useless)}")
    notes = tuple(f"dropped instrument {_dependence(block, found)}" for found in useless)
    return instruments.take(kept), notes


def _small_levels(block: Block, firm_ids: pd.Series) -> tuple[str, ...]:
    """Return a note on the 0/1 columns with few firms on one side: their coefficients speak of these firms alone."""
    small = []
    firms = codes_of(firm_ids)
    for index, name in enumerate(block.names):
        yes = block.columns[:, index] == 1
        if name == CONSTANT or not (yes | (block.columns[:, index] == 0)).all():
            continue
        if min(np.count_nonzero(np.bincount(firms[side])) for side in (yes, ~yes)) < FEWEST_FIRMS_PER_LEVEL:
            small.append(name)
    return (f"fewer than {FEWEST_FIRMS_PER_LEVEL} firms behind {', '.join(small)}",) if small else ()
