"""The wave while it is imputed: its columns as arrays, the flag of each cell, and what has been done to which cell.

A table of 280 columns is copied nowhere: a column is taken out when a cell of it changes, and put back at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.dictionary import FLAGS

FLAG_TYPE = pd.CategoricalDtype(list(FLAGS))
CODES = {flag: code for code, flag in enumerate(FLAGS)}
ANSWERED = (CODES["observed"], CODES["corrected"])
IMPUTABLE = (CODES["missing"], CODES["refused"], CODES["dont_know"])
"""Kinds of missing answers that were due; `not_asked`, `not_applicable` and `not_collected` never are imputed."""
NO_LEVEL = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Change:
    """What was done to some cells of a variable: rows (positions), the action, the method, and each cell's level of
    donor class (-1: none).
    """

    rule: str
    variable: str
    action: str
    method: str
    rows: np.ndarray
    levels: np.ndarray


@dataclass(slots=True, kw_only=True, eq=False)
class Work:
    """A wave at work. `version` counts the changes of each variable, so that what is built on it can be kept."""

    firms: pd.DataFrame
    arrays: dict[str, Any] = field(default_factory=dict)
    flags: dict[str, np.ndarray] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    version: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.firms)

    def __contains__(self, name: str) -> bool:
        return name in self.firms.columns

    def copy(self) -> Work:
        """Return a work on the same wave that goes on from here without telling this one."""
        flags = {name: codes.copy() for name, codes in self.flags.items()}
        arrays = {name: array.copy() for name, array in self.arrays.items()}
        return Work(
            firms=self.firms, arrays=arrays, flags=flags, changes=list(self.changes), version=dict(self.version)
        )

    def has_flags(self, name: str) -> bool:
        """Return whether the wave has the variable with its flags: only such a one can be imputed."""
        return name in self.firms.columns and f"{name}_flag" in self.firms.columns

    def array(self, name: str) -> Any:
        """Return the variable's values as they stand (the column's array)."""
        return self.arrays[name] if name in self.arrays else self.firms[name].array

    def series(self, name: str, rows: np.ndarray | None = None) -> pd.Series:
        """Return the variable's values as they stand, of all rows or of some positions, numbered from 0."""
        array = self.array(name)
        return pd.Series(array if rows is None else array[rows], name=name)

    def frame(self, names: Iterable[str], rows: np.ndarray | None = None) -> pd.DataFrame:
        """Return those of the variables that the wave has, of all rows or of some positions, numbered from 0."""
        count = len(self) if rows is None else len(rows)
        present = [name for name in dict.fromkeys(names) if name in self]
        return pd.DataFrame({name: self.series(name, rows) for name in present}, index=pd.RangeIndex(count))

    def codes(self, name: str) -> np.ndarray:
        """Return the variable's flags as codes into FLAGS."""
        if name not in self.flags:
            flags = self.firms[f"{name}_flag"]
            flags = flags if flags.dtype == FLAG_TYPE else flags.astype(FLAG_TYPE)
            self.flags[name] = flags.cat.codes.to_numpy(dtype="int8", copy=True)
        return self.flags[name]

    def imputable(self, name: str) -> np.ndarray:
        """Return which cells are missing answers (bool)."""
        codes = self.codes(name)
        return (codes >= IMPUTABLE[0]) & (codes <= IMPUTABLE[-1])

    def answered(self, name: str) -> np.ndarray:
        """Return which cells hold the firm's own answer, as given or as corrected (bool): donors and nothing else."""
        return (self.codes(name) <= ANSWERED[-1]) & ~np.asarray(self.series(name).isna())

    def numbers(self, name: str) -> np.ndarray:
        """Return the variable as numbers, NaN where there is none."""
        return self.series(name).to_numpy(dtype="float64", na_value=np.nan)

    def put(self, name: str, rows: np.ndarray, values: Any, *, method: str, levels: np.ndarray, rule: str) -> None:
        """Write imputed values (an array in the column's type) into cells."""
        self._own(name)[rows] = values
        self.codes(name)[rows] = CODES["imputed"]
        self._note(Change(rule=rule, variable=name, action="imputed", method=method, rows=rows, levels=levels))

    def mark(self, name: str, rows: np.ndarray, flag: str, *, rule: str, action: str) -> None:
        """Take the values out of cells and flag them."""
        if not rows.size:
            return
        self._own(name)[rows] = None
        self.codes(name)[rows] = CODES[flag]
        levels = np.full(rows.size, NO_LEVEL)
        self._note(Change(rule=rule, variable=name, action=action, method="", rows=rows, levels=levels))

    def completed(self) -> pd.DataFrame:
        """Return the wave with the changed columns and flags put in, in the order it came in."""
        columns = {}
        for name in self.firms.columns:
            flagged = str(name).removesuffix("_flag")
            if name in self.arrays:
                columns[name] = pd.Series(self.arrays[name], index=self.firms.index)
            elif flagged != name and flagged in self.arrays:
                flags = pd.Categorical.from_codes(self.codes(flagged), dtype=FLAG_TYPE)
                columns[name] = pd.Series(flags, index=self.firms.index)
            else:
                columns[name] = self.firms[name]
        return pd.DataFrame(columns, index=self.firms.index, copy=False)

    def _own(self, name: str) -> Any:
        if name not in self.arrays:
            self.arrays[name] = self.firms[name].array.copy()
        return self.arrays[name]

    def _note(self, change: Change) -> None:
        self.changes.append(change)
        self.version[change.variable] = self.version.get(change.variable, 0) + 1
