"""One edit on one wave: who fails, and the repair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey import expressions
from innosurvey.clean.spec import EditSpec

Levels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an edit did to one variable: the rows (index labels) and the action: `corrected`, `blanked`, `not_asked`."""

    rule: str
    variable: str
    action: str
    rows: pd.Index


def failing(firms: pd.DataFrame, spec: EditSpec, levels: Levels) -> pd.Series:
    """Return which firms fail the edit (numpy bool); an open rule is not failed."""
    if spec.kind == "balance":
        low, high = _sums(firms, spec)
        return (low > spec.total + spec.exact) | (high < spec.total - spec.exact)
    holds = expressions.evaluate(spec.rule, firms, spec.where, levels)
    return ~holds.fillna(True).astype(bool)


def checked(firms: pd.DataFrame, spec: EditSpec, levels: Levels) -> int:
    """Return for how many firms the rule is decided."""
    if spec.kind == "balance":
        return int(firms[list(spec.variables)].notna().all(axis=1).sum())
    return int(expressions.evaluate(spec.rule, firms, spec.where, levels).notna().sum())


def repair(firms: pd.DataFrame, spec: EditSpec, levels: Levels) -> list[Change]:
    """Correct or blank, in place, what fails the edit, and return the changes; afterwards no firm fails it."""
    failed = failing(firms, spec, levels)
    if not failed.any():
        return []
    if spec.kind == "balance":
        return _rebalance(firms, spec, failed)
    changes = _correct(firms, spec, failed, levels)
    still = failing(firms, spec, levels)
    for name in spec.blank:
        changes += blank(firms, spec, name, still & firms[name].notna())
    return changes


def blank(firms: pd.DataFrame, spec: EditSpec, name: str, rows: pd.Series) -> list[Change]:
    """Blank one variable in place and return the change; an empty list when there is nothing to blank."""
    if not rows.any():
        return []
    firms[name] = firms[name].mask(rows)
    firms[f"{name}_flag"] = firms[f"{name}_flag"].mask(rows, spec.flag)
    action = "not_asked" if spec.flag == "not_asked" else "blanked"
    return [Change(rule=spec.id, variable=name, action=action, rows=rows.index[rows])]


def _correct(firms: pd.DataFrame, spec: EditSpec, failed: pd.Series, levels: Levels) -> list[Change]:
    """Apply the declared repairs, from the answers before any of them, to the firms that they make pass."""
    if not spec.correct:
        return []
    trial = firms.copy()
    for name, rule in spec.correct.items():
        repaired = expressions.evaluate(rule, firms, f"{spec.where}.correct.{name}", levels)
        trial[name] = _assigned(firms[name], repaired, failed)
    helped = failed & ~failing(trial, spec, levels)
    changes = []
    for name in spec.correct:
        changed = helped & trial[name].notna()
        changes += _keep(firms, spec, name, trial[name], changed)
    return changes


def _rebalance(firms: pd.DataFrame, spec: EditSpec, failed: pd.Series) -> list[Change]:
    """Scale parts that nearly add up to the total; blank all parts where they do not."""
    parts = list(spec.variables)
    sums = firms[parts].sum(axis=1, skipna=False)
    near = failed & ((sums - spec.total).abs() <= spec.prorate)
    changes = []
    for name in parts:
        scaled = firms[name] * spec.total / sums
        changes += _keep(firms, spec, name, scaled, near & (firms[name] != 0))
    for name in parts:
        changes += blank(firms, spec, name, failed & ~near & firms[name].notna())
    return changes


def _sums(firms: pd.DataFrame, spec: EditSpec) -> tuple[pd.Series, pd.Series]:
    """Return the least and the most that the parts can add up to; a missing part may be anything from 0 to the rest."""
    parts = firms[list(spec.variables)]
    told = parts.sum(axis=1)
    return told, told.where(parts.notna().all(axis=1), np.inf)


def _keep(firms: pd.DataFrame, spec: EditSpec, name: str, values: pd.Series, rows: pd.Series) -> list[Change]:
    if not rows.any():
        return []
    firms[name] = _assigned(firms[name], values, rows)
    firms[f"{name}_flag"] = firms[f"{name}_flag"].mask(rows, "corrected")
    return [Change(rule=spec.id, variable=name, action="corrected", rows=rows.index[rows])]


def _assigned(column: pd.Series, values: pd.Series, rows: pd.Series) -> pd.Series:
    """Return the column with the values in the rows, in the column's own type."""
    if pd.api.types.is_integer_dtype(column.dtype):
        values = values.round()
    return column.mask(rows, values.astype(column.dtype))
