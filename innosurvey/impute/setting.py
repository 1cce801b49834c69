"""What a method of a step works with: the wave, the gate that values must pass, classes, chance, and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.impute.candidates import Candidates, Gate
from innosurvey.impute.chance import Chance
from innosurvey.impute.levels import Derivation
from innosurvey.impute.spec import MethodSpec, StepSpec
from innosurvey.impute.work import Work


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """One step at work on one wave.

    `variables`: those of the step that the wave has. `before`: the wave before by this wave's positions (None without
    one). `asked`: variable → which of its cells are to be imputed (bool).
    """

    step: StepSpec
    variables: tuple[str, ...]
    work: Work
    gate: Gate
    derivation: Derivation
    chance: Chance
    before: Before | None
    asked: Mapping[str, np.ndarray]

    def waiting(self) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Return the rows (positions) in which a cell still waits, and which cells of each variable they are (bool)."""
        cells = {name: self.asked[name] & self.work.imputable(name) for name in self.variables}
        any_cell = np.zeros(len(self.work), dtype=bool)
        for waits in cells.values():
            any_cell |= waits
        rows = np.flatnonzero(any_cell)
        return rows, {name: waits[rows] for name, waits in cells.items()}

    def put(self, candidates: Candidates, method: str, level: int) -> None:
        """Write what passes the gate."""
        checked = self.gate.check(candidates)
        chosen = np.flatnonzero(checked.passes)
        self.gate.write(checked, chosen, method, np.full(chosen.size, level))

    def ladder(self, method: MethodSpec, pool: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return for each rung of a ladder the class codes of all firms (-1: none) and which firms' class has donors
        enough.

        `pool` (bool): who can be a donor.
        """
        found = []
        for rung in self.derivation.rungs(method.ladder, self.work):
            placed = rung.codes >= 0
            donors = np.bincount(rung.codes[placed & pool], minlength=len(rung.levels))
            enough = np.zeros(len(self.work), dtype=bool)
            enough[placed] = donors[rung.codes[placed]] >= method.minimum_donors
            found.append((rung.codes, enough))
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Before:
    """The wave before, as seen from this one: `match` is the position there of each firm of this wave, -1 for none."""

    firms: pd.DataFrame
    match: np.ndarray

    @classmethod
    def of(cls, firms: pd.DataFrame, before: pd.DataFrame) -> Before:
        """Return the wave before, its firms matched by firm_id."""
        return cls(firms=before, match=pd.Index(before["firm_id"]).get_indexer(pd.Index(firms["firm_id"])))

    def values(self, name: str) -> pd.Series | None:
        """Return each firm's own answer of the wave before (observed or corrected), missing where there is none; None
        where that wave lacks the variable.
        """
        if name not in self.firms.columns or f"{name}_flag" not in self.firms.columns:
            return None
        own = self.firms[f"{name}_flag"].isin(("observed", "corrected")).to_numpy(dtype=bool)
        answers = self.firms[name].where(own).reset_index(drop=True)
        return answers.reindex(self.match).reset_index(drop=True)  # -1 is no label, hence missing
