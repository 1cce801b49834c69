"""From a candidate value to an imputed one: bounds, totals and whole numbers first, then every condition that names the
variable.

A candidate that would break a condition for its recipient is not taken. The methods make candidates; this module alone
writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from innosurvey import expressions
from innosurvey.conditions import Condition
from innosurvey.dictionary import Dictionary
from innosurvey.impute.fit import as_amounts
from innosurvey.impute.prorate import scaled_to_rest
from innosurvey.impute.skips import Skip, answered_past, led_back
from innosurvey.impute.spec import StepSpec
from innosurvey.impute.work import Work

PRORATED = 0.01
"""Parts that are scaled by more than this share of their sum are said to be prorated."""
Levels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Values for the rows (positions): one array per variable of the block, in the column's type, and which of them are
    wanted.
    """

    rows: np.ndarray
    values: Mapping[str, pd.Series]
    wanted: Mapping[str, np.ndarray]

    def take(self, chosen: np.ndarray) -> Candidates:
        """Return some of the candidates (positions or a mask)."""
        return Candidates(
            rows=self.rows[chosen],
            values={name: values[chosen].reset_index(drop=True) for name, values in self.values.items()},
            wanted={name: wanted[chosen] for name, wanted in self.wanted.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checked:
    """Candidates fitted to bounds, total and type; which rows pass, and which were prorated (bool)."""

    fitted: Candidates
    passes: np.ndarray
    prorated: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gate:
    """What candidates of a step must pass: its bounds and total, the conditions that name its variables, and the skips
    of which they are filters.

    `causes`: variable → the rule that blanked a cell, by position (text, empty where none did).
    """

    step: StepSpec
    work: Work
    dictionary: Dictionary
    conditions: Sequence[Condition]
    skips: Sequence[Skip]
    levels: Levels
    causes: Mapping[str, np.ndarray]

    def check(self, candidates: Candidates) -> Checked:
        """Return the candidates as they would be written, and which rows break nothing with them."""
        values = {name: self._bounded(column, candidates.rows) for name, column in candidates.values.items()}
        prorated = np.zeros(candidates.rows.size, dtype=bool)
        if self.step.total:
            values, prorated = self._totalled(values, candidates)
        typed = {name: _typed(column, self.work.array(name).dtype) for name, column in values.items()}
        fitted = Candidates(rows=candidates.rows, values=typed, wanted=candidates.wanted)
        return Checked(fitted=fitted, passes=self._passes(fitted), prorated=prorated)

    def write(self, checked: Checked, chosen: np.ndarray, method: str, levels: np.ndarray) -> None:
        """Write the chosen candidates (positions among them); `levels` is the level of donor class of each of them."""
        for name, values in checked.fitted.values.items():
            cells = checked.fitted.wanted[name][chosen] & values.notna().to_numpy()[chosen]
            scaled = checked.prorated[chosen] & (method != "rule")  # the one missing part is what it must be
            for label, which in ((method, cells & ~scaled), ("prorate", cells & scaled)):
                rows = checked.fitted.rows[chosen[which]]
                self._write(name, rows, values.iloc[chosen[which]].array, (label, levels[which]))

    def _write(self, name: str, rows: np.ndarray, values: Any, how: tuple[str, np.ndarray]) -> None:
        causes = self.causes[name][rows] if name in self.causes else np.full(rows.size, "", dtype=object)
        for cause in sorted(set(causes)):
            mine = np.flatnonzero(causes == cause)
            self.work.put(
                name, rows[mine], values[mine], method=how[0], levels=how[1][mine], rule=cause or self.step.id
            )

    def _bounded(self, values: pd.Series, rows: np.ndarray) -> pd.Series:
        rules = ((self.step.at_least, np.fmax), (self.step.at_most, np.fmin))
        if not any(rule for rule, _ in rules) or not pd.api.types.is_numeric_dtype(values.dtype):
            return values
        numbers = values.to_numpy(dtype="float64", na_value=np.nan)
        for rule, limit in rules:
            if rule and (bound := self.numbers(rule, rows)) is not None:
                numbers = np.where(np.isnan(numbers), numbers, limit(numbers, bound))
        return pd.Series(numbers)

    def _totalled(
        self, values: dict[str, pd.Series], candidates: Candidates
    ) -> tuple[dict[str, pd.Series], np.ndarray]:
        total = self.numbers(self.step.total, candidates.rows)
        if total is None:
            return values, np.zeros(candidates.rows.size, dtype=bool)
        names = [name for name in self.step.variables if self.work.has_flags(name)]
        nothing = np.zeros(candidates.rows.size, dtype=bool)
        wanted = np.column_stack([candidates.wanted.get(name, nothing) for name in names])
        told = self.work.frame(names, candidates.rows)
        amounts = np.column_stack([_numbers(told[name]) for name in names])
        offered = np.column_stack([_numbers(values.get(name, told[name])) for name in names])
        whole = any(self.dictionary[name].type == "int" for name in names)
        parts, factor = scaled_to_rest(np.where(wanted, offered, amounts), wanted, total, whole)
        scaled = {name: pd.Series(parts[:, place]) for place, name in enumerate(names) if name in values}
        return scaled, np.abs(factor - 1) > PRORATED

    def numbers(self, rule: str, rows: np.ndarray) -> np.ndarray | None:
        """Return a bound or total of the rows (positions); None where the wave lacks a variable of it."""
        where = self.step.where
        if expressions.missing_names(rule, self.work.firms.columns, where):
            return None
        frame = self.work.frame(expressions.names_in(rule, where), rows)
        return as_amounts(expressions.evaluate(rule, frame, where, self.levels), rule, where)

    def _passes(self, candidates: Candidates) -> np.ndarray:
        """Return which rows have a value for a wanted cell and fail nothing with it (bool)."""
        rows, names = candidates.rows, list(candidates.values)
        needed = dict.fromkeys(part for condition in self.conditions for part in condition.variables)
        needed |= dict.fromkeys(part for skip in self.skips for part in skip.filters)
        frame = self.work.frame([*needed, *names], rows)
        filled, columns = np.zeros(rows.size, dtype=bool), {}
        for name in names:
            taken = candidates.wanted[name] & candidates.values[name].notna().to_numpy()
            filled |= taken
            columns[name] = frame[name].where(~taken, candidates.values[name])
        frame = frame.assign(**columns)
        fails = np.zeros(rows.size, dtype=bool)
        for condition in self.conditions:
            fails |= condition.fails(frame)
        for skip in self.skips:
            fails |= answered_past(skip, frame, rows, (self.work, self.levels))
            fails |= led_back(skip, frame, rows, (self.work, self.levels))
        return filled & ~fails


def _numbers(column: pd.Series) -> np.ndarray:
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _typed(values: pd.Series, dtype: Any) -> pd.Series:
    """Return the values in the column's type; numbers of a whole-number column are rounded."""
    if values.dtype == dtype:
        return values
    if pd.api.types.is_integer_dtype(dtype):
        values = values.astype("float64").round()
    return values.astype(dtype)
