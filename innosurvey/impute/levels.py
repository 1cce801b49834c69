"""Donor classes as they stand: each firm's class on each rung of a ladder, kept as long as what they rest on stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from innosurvey import classes, expressions
from innosurvey.derive import DerivedSpec
from innosurvey.dictionary import Dictionary
from innosurvey.impute.fit import as_amounts
from innosurvey.impute.spec import Ladder
from innosurvey.impute.work import Work


@dataclass(slots=True, eq=False)
class Derivation:
    """What derives classes and distances from a wave at work: `derived:` in computing order, dictionary, code lists."""

    derived: Mapping[str, DerivedSpec]
    dictionary: Dictionary
    codelists: Mapping[str, pd.DataFrame]
    kept: dict[tuple[str, ...], tuple[tuple[int, ...], object]] = field(default_factory=dict)

    def rungs(self, ladder: Ladder, work: Work) -> list[classes.Classes]:
        """Return the classes of each rung, the finest first; a firm that lacks an answer has no class there."""
        return [self._classes(rung, work) for rung in ladder]

    def numbers(self, rule: str, work: Work, where: str) -> np.ndarray | None:
        """Return an expression over own and derived variables as numbers (yes is 1); None where the wave lacks a
        variable.
        """
        names = tuple(expressions.names_in(rule, where))
        kept = self._kept(("#", rule), names, work)
        if kept is None:
            columns = self.columns(names, work)
            absent = expressions.missing_names(rule, columns.columns, where)
            kept = None if absent else expressions.evaluate(rule, columns, where, self._levels())
            if kept is None:
                return None
            kept = as_amounts(pd.Series(kept), rule, where)
            self._keep(("#", rule), names, work, kept)
        return kept  # type: ignore[return-value]

    def _classes(self, by: Sequence[str], work: Work) -> classes.Classes:
        kept = self._kept(("classes", *by), by, work)
        if kept is None:
            found = [self._column(name, work) for name in by]
            frame = pd.DataFrame({column.name: column for column in found if column is not None}, index=_index(work))
            known: dict[str, Any] = {**self.dictionary, **dict.fromkeys(by)}
            kept = classes.classes_of(frame, by, {}, known, self.codelists)
            self._keep(("classes", *by), by, work, kept)
        return kept  # type: ignore[return-value]

    def _column(self, name: str, work: Work) -> pd.Series | None:
        """Return one class variable as a category (kept: an industry is looked up once), None where there is none."""
        kept = self._kept(("column", name), [name], work)
        if kept is None:
            columns = self.columns([name], work)
            kept = columns.get(name)
            if kept is None or pd.api.types.is_float_dtype(kept.dtype):
                return kept
            kept = kept.astype("category")
            self._keep(("column", name), [name], work, kept)
        return kept  # type: ignore[return-value]

    def columns(self, names: Sequence[str], work: Work, rows: np.ndarray | None = None) -> pd.DataFrame:
        """Return own and derived variables of all rows or of some positions, without those that the wave lacks."""
        frame = work.frame(self._sources(names), rows)
        had = [name for name in names if name in frame.columns or name in self.derived]
        return classes.columns_of(frame, had, self.derived, self.dictionary, self.codelists)

    def _sources(self, names: Sequence[str]) -> list[str]:
        """Return the names and all that the derived ones among them are built from."""
        found: dict[str, None] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = None
                waiting += self.derived[name].names() if name in self.derived else []
        return list(found)

    def _kept(self, key: tuple[str, ...], names: Sequence[str], work: Work) -> object | None:
        versions = tuple(work.version.get(name, 0) for name in self._sources(names))
        known = self.kept.get(key)
        return known[1] if known and known[0] == versions else None

    def _keep(self, key: tuple[str, ...], names: Sequence[str], work: Work, what: object) -> None:
        self.kept[key] = (tuple(work.version.get(name, 0) for name in self._sources(names)), what)

    def _levels(self) -> dict[str, tuple[str, ...]]:
        return {name: variable.levels for name, variable in self.dictionary.items() if variable.levels}


def _index(work: Work) -> pd.RangeIndex:
    return pd.RangeIndex(len(work))
