"""A wave as the checks see it: its answers, what derives from them, its classes, and the answers of the wave before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from innosurvey import expressions
from innosurvey.classes import Classes, Rungs, classes_of, columns_of, fall_back, ladder_of
from innosurvey.derive import DerivedSpec
from innosurvey.dictionary import Variable
from innosurvey.errors import StudyError
from innosurvey.screen.spec import BEFORE


@dataclass(frozen=True, kw_only=True)
class Wave:
    """The clean wave and the clean wave before it (None for the first), with what derived variables need."""

    firms: pd.DataFrame
    previous: pd.DataFrame | None = None
    dictionary: Mapping[str, Variable]
    derived: Mapping[str, DerivedSpec] = field(default_factory=dict)
    codelists: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the wave's key; empty for a wave without firms."""
        return str(self.firms["wave"].iloc[0]) if len(self.firms) else ""

    @cached_property
    def known(self) -> frozenset[str]:
        """Return the names that the dictionary, `derived:` or the wave has."""
        return frozenset({*self.dictionary, *self.derived, *map(str, self.firms.columns)})

    @cached_property
    def _matched(self) -> np.ndarray:
        """Return each firm's row in the wave before, -1 where it was not there."""
        if self.previous is None:
            return np.full(len(self.firms), -1)
        return pd.Index(self.previous["firm_id"]).get_indexer(pd.Index(self.firms["firm_id"]))

    def columns(self, names: Collection[str]) -> pd.DataFrame:
        """Return the named variables on the firms' index, `before_x` from the wave before; what can't be had is left
        out, also names that only another study's registers know.
        """
        own = columns_of(self.firms, [name for name in names if name in self.known], *self._sources())
        earlier = [name.removeprefix(BEFORE) for name in names if name.startswith(BEFORE) and name not in self.known]
        if self.previous is None or not earlier:
            return own
        known = {*self.known, *map(str, self.previous.columns)}
        found = columns_of(self.previous, [name for name in earlier if name in known], *self._sources())
        moved = {
            f"{BEFORE}{name}": pd.Series(found[name].array.take(self._matched, allow_fill=True), index=self.firms.index)
            for name in found.columns
        }
        return pd.concat([own, pd.DataFrame(moved, index=self.firms.index)], axis=1)

    def evaluate(self, text: str, where: str) -> pd.Series:
        """Return an expression's value per firm. Ask `missing` first."""
        columns = self.columns(expressions.names_in(text, where))
        levels = {
            str(name): variable.levels
            for name in columns.columns
            if (variable := self.dictionary.get(str(name).removeprefix(BEFORE))) and variable.levels
        }
        return expressions.evaluate(text, columns, where, levels)

    def amounts(self, text: str, where: str) -> np.ndarray:
        """Return an expression's or a variable's numbers (float, NaN where missing); StudyError when it has none."""
        values = self.evaluate(text, where)
        if str(values.dtype) != "float64":
            raise StudyError(f"{where}: `{text}` is no amount, and only amounts can be compared.\nName a number.")
        return values.to_numpy()

    def missing(self, text: str, where: str) -> list[str]:
        """Return the variables without which an expression can't be computed in this wave."""
        return expressions.missing_names(text, self.columns(expressions.names_in(text, where)).columns, where)

    def ladder(self, by: Sequence[str]) -> list[Classes]:
        """Return the firms' classes from the finest to all firms."""
        key = tuple(by)
        if key not in self._ladders:
            self._ladders[key] = [classes_of(self.firms, rung, *self._sources()) for rung in ladder_of(key)]
        return self._ladders[key]

    @cached_property
    def _ladders(self) -> dict[tuple[str, ...], list[Classes]]:
        """Return the ladders already built: several checks use the same classes."""
        return {}

    def _sources(self) -> tuple[Mapping[str, DerivedSpec], Mapping[str, Variable], Mapping[str, pd.DataFrame]]:
        return self.derived, self.dictionary, self.codelists


def by_rung(ladder: Sequence[Classes], counted: np.ndarray, minimum: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return, for each rung of the ladder, the firms that are judged there (bool) and everyone's class on it (codes).

    A firm is judged in the finest class with at least `minimum` counted firms; a coarser class is described by all its
    counted firms, not only by those who fell back to it.
    """
    rungs: Rungs = fall_back(ladder, counted, minimum)
    return [
        (counted & (rungs.rung == step), np.where(counted, classes.codes, -1)) for step, classes in enumerate(ladder)
    ]
