"""One wave imputed: the steps in their order, and an account of every cell.

What was suspected beyond defence is blanked first. Then the skips are settled, so that only what was due is imputed;
each step tries its methods in their order, and the skips of the filters that it imputed are settled again. With
multiple imputation the whole is done once more for each draw, by chance of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey import draws
from innosurvey.conditions import Condition
from innosurvey.dictionary import Dictionary
from innosurvey.impute import account
from innosurvey.impute.candidates import Gate
from innosurvey.impute.chance import Chance
from innosurvey.impute.donor import impute_by_donor
from innosurvey.impute.fit import fail_if_methods_do_not_fit
from innosurvey.impute.fixed import impute_by_rule, impute_by_structure, impute_the_rest
from innosurvey.impute.levels import Derivation
from innosurvey.impute.ratio import impute_by_ratio
from innosurvey.impute.setting import Before, Setting
from innosurvey.impute.skips import FROM_THE_START, Skip, due, settle, skips_of
from innosurvey.impute.spec import ImputationSpec, StepSpec
from innosurvey.impute.work import Work

METHODS = {
    "rule": impute_by_rule,
    "ratio": impute_by_ratio,
    "previous": impute_by_ratio,
    "donor": impute_by_donor,
    "prorate": impute_by_structure,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imputed:
    """The wave without the missing answers that could be imputed.

    `draws`: the values of each draw (empty without multiple imputation). `ledger`: one row per changed cell. `summary`:
    cells by variable, method and level of donor class.
    """

    firms: pd.DataFrame
    draws: pd.DataFrame
    ledger: pd.DataFrame
    summary: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surroundings:
    """What a wave is imputed with beside its own answers.

    `before`: the clean wave before, if any. `suspects`: the table of the screening, if any. `conditions`: the hard
    edits. `asked_if`: variable → rule of the questionnaire.
    """

    conditions: Sequence[Condition]
    asked_if: Mapping[str, str]
    derivation: Derivation
    before: pd.DataFrame | None = None
    suspects: pd.DataFrame | None = None

    @property
    def dictionary(self) -> Dictionary:
        """Return the data dictionary."""
        return self.derivation.dictionary


def impute_answers(firms: pd.DataFrame, spec: ImputationSpec, around: Surroundings) -> Imputed:
    """Return the wave imputed; no answer changes but suspects to be imputed, and no condition fails that held.

    Steps, methods and conditions for which the wave lacks variables are passed over. DataError where a step finds no
    donors and does not say that cells may be left; StudyError for a method that does not fit what it imputes.
    """
    fail_if_methods_do_not_fit(spec.steps, around.dictionary)
    levels = {name: variable.levels for name, variable in around.dictionary.items() if variable.levels}
    work = Work(firms=firms)
    causes = _blank_suspects(work, around.suspects)
    skips = skips_of(around.asked_if, work)
    settle(skips, work, levels, rule=FROM_THE_START)
    run = _Run(
        spec=spec,
        skips=skips,
        conditions=[condition for condition in around.conditions if condition.applies(firms.columns)],
        causes=causes,
        before=Before.of(firms, around.before) if around.before is not None else None,
        levels=levels,
    )
    single = run.through(work.copy(), around, draw=0)
    drawn = (
        [run.through(work.copy(), around, draw) for draw in range(1, spec.multiple + 1)] if spec.multiple > 1 else []
    )
    return Imputed(
        firms=single.completed(),
        draws=_draws_table(firms["firm_id"], single, drawn),
        ledger=account.ledger_of(single),
        summary=account.summary_of(single, around.dictionary),
    )


def _draws_table(ids: pd.Series, single: Work, drawn: Sequence[Work]) -> pd.DataFrame:
    rows = account.imputed_in_any([single, *drawn]) if drawn else {}
    values = {
        draw: {name: work.series(name, places) for name, places in rows.items()}
        for draw, work in enumerate(drawn, start=1)
    }
    return draws.table_of(ids, rows, values)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Run:
    """What is the same for every draw of a wave."""

    spec: ImputationSpec
    skips: tuple[Skip, ...]
    conditions: Sequence[Condition]
    causes: Mapping[str, np.ndarray]
    before: Before | None
    levels: Mapping[str, tuple[str, ...]]

    def through(self, work: Work, around: Surroundings, draw: int) -> Work:
        """Take the work through all steps and return it."""
        given = around.derivation
        derivation = Derivation(given.derived, given.dictionary, given.codelists)  # what it keeps holds for one draw
        chance = Chance.of_firms(work.firms["firm_id"], self.spec.seed, draw)
        for step in self.spec.steps:
            variables = tuple(name for name in step.variables if work.has_flags(name))
            asked = {name: self._asked(name, work) for name in variables}
            if any(cells.any() for cells in asked.values()):
                done = len(work.changes)
                self._take(step, self._setting(step, asked, work, derivation, chance))
                settle(self.skips, work, self.levels, {change.variable for change in work.changes[done:]})
        return work

    def _asked(self, name: str, work: Work) -> np.ndarray:
        cells = np.zeros(len(work), dtype=bool)
        cells[due(name, self.skips, work, self.levels)] = True
        return cells

    def _setting(
        self, step: StepSpec, asked: Mapping[str, np.ndarray], work: Work, derivation: Derivation, chance: Chance
    ) -> Setting:
        gate = Gate(
            step=step,
            work=work,
            dictionary=derivation.dictionary,
            conditions=[condition for condition in self.conditions if set(asked) & set(condition.variables)],
            skips=[skip for skip in self.skips if set(asked) & set(skip.filters)],
            levels=self.levels,
            causes=self.causes,
        )
        return Setting(
            step=step,
            variables=tuple(asked),
            work=work,
            gate=gate,
            derivation=derivation,
            chance=chance,
            before=self.before,
            asked=asked,
        )

    def _take(self, step: StepSpec, setting: Setting) -> None:
        if step.total:
            impute_the_rest(setting)
        for method in step.methods:
            if setting.waiting()[0].size:
                METHODS[method.kind](setting, method)


def _blank_suspects(work: Work, suspects: pd.DataFrame | None) -> dict[str, np.ndarray]:
    """Take out the suspects to be imputed; return by variable the rule that blanked each cell (text by position)."""
    causes: dict[str, np.ndarray] = {}
    if suspects is None or suspects.empty:
        return causes
    treated = suspects[suspects["treatment"] == "impute"]
    places = pd.Index(work.firms["firm_id"].astype("str")).get_indexer(pd.Index(treated["firm_id"].astype("str")))
    for key, found in treated.assign(_place=places).groupby(["variable", "rule"], sort=True):
        name, rule = map(str, key)
        rows = np.unique(found["_place"].to_numpy())
        rows = rows[rows >= 0]
        if work.has_flags(name):
            rows = rows[work.answered(name)[rows]]
            work.mark(name, rows, "missing", rule=rule, action="blanked")
            causes.setdefault(name, np.full(len(work), "", dtype=object))[rows] = rule
    return causes
