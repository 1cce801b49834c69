"""One edit on one wave: who fails, and the repair that the edit itself declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey import expressions
from innosurvey.clean.spec import EditSpec
from innosurvey.clean.units import wrong_factors

Levels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an edit did to one variable: the rows (index labels) and the action: `corrected`, `blanked`, `not_asked`,
    `localised`.
    """

    rule: str
    variable: str
    action: str
    rows: pd.Index


def failing(firms: pd.DataFrame, spec: EditSpec, levels: Levels) -> pd.Series:
    """Return which firms fail the edit (numpy bool); an open rule is not failed."""
    if spec.kind == "balance":
        low, high = _sums(firms, spec)
        return (low > spec.total + spec.exact) | (high < spec.total - spec.exact)
    if spec.kind == "unit":
        return _factors(firms, spec, levels).notna()
    if spec.kind == "range":
        return _outside(firms[spec.variables[0]], spec.minimum, spec.maximum)
    holds = expressions.evaluate(spec.rule, firms, spec.where, levels)
    return ~holds.fillna(True).astype(bool)


def checked(firms: pd.DataFrame, spec: EditSpec, levels: Levels) -> int:
    """Return for how many firms the rule is decided."""
    if spec.kind == "balance":
        return int(firms[list(spec.variables)].notna().all(axis=1).sum())
    rule = f"{spec.variables[0]} / ({spec.reference})" if spec.kind == "unit" else spec.rule
    return int(expressions.evaluate(rule, firms, spec.where, levels).notna().sum())


def repair(
    firms: pd.DataFrame, spec: EditSpec, levels: Levels, failed: pd.Series, *, correct: bool = True
) -> list[Change]:
    """Correct (unless told not to) or blank, in place, what fails the edit, and return the changes.

    A firm may fail it afterwards still: an edit that has nothing to blank, or blanks what does not decide it. Wrong
    fields are then to be localised.
    """
    if not failed.any():
        return []
    part = firms.loc[failed, list(dict.fromkeys(spec.names()))]  # what repairs are tried on: rows that need one only
    changes = _corrected(firms, spec, part, levels) if correct else []
    if spec.kind == "unit":
        return changes
    rows = part.index
    if not spec.asked_if:  # who was led past a question is known of its whole block, and nothing corrects it
        still = failing(firms.loc[part.index, list(part.columns)], spec, levels)
        rows = still.index[still]
    for name in spec.blank:
        action = "not_asked" if spec.flag == "not_asked" else "blanked"
        changes += blank(firms, name, rows, Change(rule=spec.id, variable=name, action=action, rows=rows), spec.flag)
    return changes


def _corrected(firms: pd.DataFrame, spec: EditSpec, part: pd.DataFrame, levels: Levels) -> list[Change]:
    """Carry out the edit's own repair on the firms that fail it (`part`)."""
    if spec.kind == "unit":
        return _divide(firms, spec, part, levels)
    return _prorate(firms, spec, part) if spec.kind == "balance" else _correct(firms, spec, part, levels)


def blank(firms: pd.DataFrame, name: str, rows: pd.Index, change: Change, flag: str) -> list[Change]:
    """Blank one variable in place where it has a value among the rows, and return the change, if there is one."""
    rows = rows[firms.loc[rows, name].notna()]
    if not len(rows):
        return []
    firms[name] = firms[name].mask(_among(firms, rows))
    firms[f"{name}_flag"] = _flagged(firms[f"{name}_flag"], firms, rows, flag)
    return [Change(rule=change.rule, variable=name, action=change.action, rows=rows)]


def reflag(firms: pd.DataFrame, name: str, rows: pd.Index, flag: str) -> None:
    """Give the rows another flag, in place."""
    firms[f"{name}_flag"] = _flagged(firms[f"{name}_flag"], firms, rows, flag)


def _divide(firms: pd.DataFrame, spec: EditSpec, part: pd.DataFrame, levels: Levels) -> list[Change]:
    """Divide answers in the wrong unit by their factor."""
    name = spec.variables[0]
    right = part[name].astype("float64") / _factors(part, spec, levels)
    return _keep(firms, spec, name, right)


def _factors(firms: pd.DataFrame, spec: EditSpec, levels: Levels) -> pd.Series:
    """Return by which factor each answer is wrong, NaN where it is not."""
    answers = firms[spec.variables[0]].to_numpy(dtype="float64", na_value=np.nan)
    reference = expressions.evaluate(spec.reference, firms, spec.where, levels).to_numpy(dtype="float64")
    return pd.Series(wrong_factors(answers, reference, spec.factors, spec.band), index=firms.index)


def _correct(firms: pd.DataFrame, spec: EditSpec, part: pd.DataFrame, levels: Levels) -> list[Change]:
    """Apply the declared repairs, from the answers before any of them, to the firms that they make pass."""
    if not spec.correct:
        return []
    repaired = {}
    for name, rule in spec.correct.items():
        values = expressions.evaluate(rule, part, f"{spec.where}.correct.{name}", levels)
        repaired[name] = _typed(values, part[name])
    trial = part.assign(**repaired)
    helped = ~failing(trial, spec, levels)
    changes = []
    for name in spec.correct:
        changes += _keep(firms, spec, name, trial.loc[helped & trial[name].notna(), name])
    return changes


def _prorate(firms: pd.DataFrame, spec: EditSpec, part: pd.DataFrame) -> list[Change]:
    """Scale parts that nearly add up to the total."""
    sums = part.sum(axis=1, skipna=False)
    near = (sums - spec.total).abs() <= spec.prorate
    changes = []
    for name in spec.variables:
        scaled = part[name] * spec.total / sums
        changes += _keep(firms, spec, name, scaled[(near & (part[name] != 0)).fillna(False).astype(bool)])
    return changes


def _outside(answers: pd.Series, low: float | None, high: float | None) -> pd.Series:
    values = answers.to_numpy(dtype="float64", na_value=np.nan)
    below = values < (-np.inf if low is None else low)
    return pd.Series(below | (values > (np.inf if high is None else high)), index=answers.index)


def _sums(firms: pd.DataFrame, spec: EditSpec) -> tuple[pd.Series, pd.Series]:
    """Return the least and the most that the parts can add up to; a missing part may be anything from 0 to the rest."""
    parts = firms[list(spec.variables)].astype("float64")
    told = parts.sum(axis=1)
    return told, told.where(parts.notna().all(axis=1), np.inf)


def _keep(firms: pd.DataFrame, spec: EditSpec, name: str, values: pd.Series) -> list[Change]:
    """Write the values over the answers of their rows."""
    if not len(values):
        return []
    column = firms[name].copy()
    column.loc[values.index] = _typed(values, column)
    firms[name] = column
    firms[f"{name}_flag"] = _flagged(firms[f"{name}_flag"], firms, values.index, "corrected")
    return [Change(rule=spec.id, variable=name, action="corrected", rows=values.index)]


def _typed(values: pd.Series, column: pd.Series) -> pd.Series:
    """Return the values in the column's own type."""
    if pd.api.types.is_integer_dtype(column.dtype):
        values = values.round()
    return values.astype(column.dtype)


def _among(firms: pd.DataFrame, rows: pd.Index) -> np.ndarray:
    found = np.zeros(len(firms), dtype=bool)
    found[firms.index.get_indexer(rows)] = True
    return found


def _flagged(flags: pd.Series, firms: pd.DataFrame, rows: pd.Index, flag: str) -> pd.Series:
    return flags.mask(_among(firms, rows), flag)
