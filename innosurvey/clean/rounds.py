"""Edits repeated until nothing changes.

They can undo one another (a blanked number of employees opens the rule on R&D staff). An edit is looked at again only
when one of its variables has changed, and a condition that many skips share is evaluated once.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey import expressions
from innosurvey import skips as routing
from innosurvey.clean.edits import Change, Levels, blank, failing, reflag, repair
from innosurvey.clean.localise import Localisation, localise
from innosurvey.clean.records import sheet_of
from innosurvey.clean.spec import EditSpec
from innosurvey.clean.system import System

LAST_CORRECTION = 10
"""The round after which nothing is corrected any more: edits that undo each other's corrections blank instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Broken:
    """A localised edit and the rows that fail it."""

    spec: EditSpec
    rows: pd.Index


class Rounds:
    """A wave under repair, in place, with the changes so far in their order."""

    def __init__(self, firms: pd.DataFrame, levels: Levels) -> None:
        self.firms, self.levels = firms, levels
        self.changes: list[Change] = []
        self.unsolved: dict[str, int] = {}
        self._version: dict[str, int] = {}
        self._seen: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._conditions: dict[str, tuple[tuple[int, ...], np.ndarray]] = {}
        self._past: dict[str, np.ndarray] = {}

    def settle(
        self, edits: Sequence[EditSpec], skips: Sequence[EditSpec], system: System, rules: Localisation
    ) -> list[Change]:
        """Repair until nothing changes, and return every change.

        A round goes through the edits in their order, localises what they leave failing, and ends with the skips, so
        that an answer where none was asked still counts when it is asked which answer is wrong. Blanking comes to an
        end, since answers do; correcting need not, and is given up after some rounds.
        """
        for condition in dict.fromkeys(spec.asked_if for spec in skips):  # before editing leaves blanks of its own
            questions = [spec.variables[0] for spec in skips if spec.asked_if == condition]
            self._past[condition] = routing.led_past(routing.blank_cells(self.firms, questions))
        for number in itertools.count(1):
            count = len(self.changes)
            left = [spec for spec in edits if self._repair(spec, correct=number <= LAST_CORRECTION)]
            self._localise(left, skips, system, rules)
            for spec in skips:
                self._repair(spec)
            if len(self.changes) == count:
                break
        return self.changes

    def _repair(self, spec: EditSpec, *, correct: bool = True) -> bool:
        """Carry out the edit's own repair; whether wrong fields remain to be localised."""
        key = (spec.id, *spec.variables[:1], spec.rule)
        versions = self._versions(spec.names())
        if self._seen.get(key) == versions:
            return False
        self._seen[key] = versions
        failed = self._failing(spec)
        self._note(repair(self.firms, spec, self.levels, failed, correct=correct))
        if spec.localised or spec.kind in ("unit", "skip") or not failed.any():
            return spec.localised and bool(failed.any())
        return bool(failing(self.firms.loc[failed, spec.names()], spec, self.levels).any())

    def _failing(self, spec: EditSpec) -> pd.Series:
        if not spec.asked_if:
            return failing(self.firms, spec, self.levels)
        condition = spec.asked_if
        versions = self._versions(expressions.names_in(condition, spec.where))
        if self._conditions.get(condition, (None,))[0] != versions:
            holds = expressions.evaluate(condition, self.firms, spec.where, self.levels)
            passed = ~holds.fillna(True).to_numpy(dtype=bool) | (holds.isna().to_numpy() & self._past[condition])
            self._conditions[condition] = (versions, passed)
        passed_over = self._conditions[condition][1]
        return pd.Series(passed_over & self.firms[spec.variables[0]].notna().to_numpy(), index=self.firms.index)

    def _localise(
        self, specs: Sequence[EditSpec], skips: Sequence[EditSpec], system: System, rules: Localisation
    ) -> None:
        """Blank the fewest fields that can make all edits hold, in the firms that fail one of these edits; all fields
        of an edit that has no normal form.
        """
        broken = []
        for spec in specs:  # again, as edits behind this one may have repaired it
            failed = failing(self.firms[spec.names()], spec, self.levels)
            broken.append(_Broken(spec=spec, rows=failed.index[failed]))
        broken = [one for one in broken if len(one.rows)]
        for one in [one for one in broken if not system.knows(one.spec.id)]:
            self._give_up(one.rows, [one], system)
        broken = [one for one in broken if system.knows(one.spec.id)]
        if not broken:
            return
        rows = self.firms.index[np.logical_or.reduce([self.firms.index.isin(one.rows) for one in broken])]
        part = system.connected([one.spec.id for one in broken])
        found, unsolved = localise(part, sheet_of(self.firms.loc[rows], part, self.levels), rules)
        stubborn = rows[np.concatenate([unsolved, found.pop(frozenset(), unsolved[:0])])]
        for fields, places in found.items():
            for name in sorted(fields, key=lambda name: rules.key(frozenset((name,)))):
                self._blank_wrong(name, rows[places], broken)
        self._give_up(stubborn, broken, system)
        self._not_asked(rows, skips)

    def _blank_wrong(self, name: str, rows: pd.Index, broken: Sequence[_Broken]) -> None:
        """Blank the field; the ledger names the first failing edit that speaks of it, else the first."""
        for one in sorted(broken, key=lambda one: name not in one.spec.names()):
            mine = rows[rows.isin(one.rows)]
            rows = rows[~rows.isin(mine)]
            change = Change(rule=one.spec.id, variable=name, action="localised", rows=mine)
            self._note(blank(self.firms, name, mine, change, "missing"))

    def _give_up(self, rows: pd.Index, broken: Sequence[_Broken], system: System) -> None:
        """Blank all answers of the failing edits where the search found no set that is small enough."""
        for one in broken:
            mine = rows[rows.isin(one.rows)]
            if not len(mine):
                continue
            self.unsolved[one.spec.id] = self.unsolved.get(one.spec.id, 0) + len(mine)
            for name in one.spec.deciding():
                if name in system.fields.answers:
                    change = Change(rule=one.spec.id, variable=name, action="blanked", rows=mine)
                    self._note(blank(self.firms, name, mine, change, "missing"))

    def _not_asked(self, rows: pd.Index, skips: Sequence[EditSpec]) -> None:
        """Flag what was blanked because it had not been asked as what it is, so that nobody imputes it."""
        part = self.firms.loc[rows]
        for spec in skips:
            name = spec.variables[0]
            if not (part[name].isna() & (part[f"{name}_flag"] == "missing")).any():
                continue
            asked = expressions.evaluate(spec.asked_if, part, spec.where, self.levels).fillna(True).astype(bool)
            wrong = ~asked & part[name].isna() & (part[f"{name}_flag"] == "missing")
            reflag(self.firms, name, rows[wrong.to_numpy(dtype=bool)], "not_asked")

    def _versions(self, names: Sequence[str]) -> tuple[int, ...]:
        return tuple(self._version.get(name, 0) for name in names)

    def _note(self, changes: Sequence[Change]) -> None:
        self.changes += changes
        for change in changes:
            self._version[change.variable] = self._version.get(change.variable, 0) + 1
