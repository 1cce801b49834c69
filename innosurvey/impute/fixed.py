"""Methods without donors: what follows from the firm's other answers, and how a class splits a whole."""

from __future__ import annotations

import numpy as np
import pandas as pd

from innosurvey import expressions
from innosurvey.impute.candidates import Candidates
from innosurvey.impute.fit import as_truth, fail_if_value_does_not_fit
from innosurvey.impute.setting import Setting
from innosurvey.impute.spec import MethodSpec
from innosurvey.impute.work import NO_LEVEL


def impute_the_rest(setting: Setting) -> None:
    """Give the one missing part of a total what the other parts leave."""
    rows, wanted = setting.waiting()
    total = setting.gate.numbers(setting.step.total, rows)
    if total is None:
        return
    parts = setting.work.frame(setting.variables, rows)
    amounts = np.column_stack([parts[name].to_numpy(dtype="float64", na_value=np.nan) for name in setting.variables])
    unknown = np.isnan(amounts)
    rest = total - np.nansum(amounts, axis=1)
    for place, name in enumerate(setting.variables):
        only = np.flatnonzero(wanted[name] & unknown[:, place] & (unknown.sum(axis=1) == 1) & ~np.isnan(rest))
        values = {name: pd.Series(np.maximum(rest[only], 0.0))}  # what would break the balance does not pass the gate
        candidates = Candidates(rows=rows[only], values=values, wanted={name: np.ones(only.size, dtype=bool)})
        setting.put(candidates, "rule", NO_LEVEL)


def impute_by_rule(setting: Setting, method: MethodSpec) -> None:
    """Give the waiting cells the value of an expression over the firm's own answers, where its condition holds."""
    levels = setting.gate.levels
    for name, rule in method.values.items():
        needed = [*expressions.names_in(rule, method.where)]
        needed += expressions.names_in(method.when, method.where) if method.when else []
        rows, wanted = setting.waiting()
        if name not in setting.variables or not rows.size:
            continue
        columns = setting.derivation.columns(needed, setting.work, rows)
        parts = [rule, *([method.when] if method.when else [])]
        if any(expressions.missing_names(part, columns.columns, method.where) for part in parts):
            continue
        values = expressions.evaluate(rule, columns, method.where, levels)
        fail_if_value_does_not_fit(values, name, rule, setting.derivation.dictionary, method.where)
        if method.when:
            holds = as_truth(expressions.evaluate(method.when, columns, method.where, levels), method)
            values = values.where(holds)
        chosen = np.flatnonzero(wanted[name] & values.notna().to_numpy())
        candidates = Candidates(
            rows=rows[chosen],
            values={name: values.iloc[chosen].reset_index(drop=True)},
            wanted={name: np.ones(chosen.size, dtype=bool)},
        )
        setting.put(candidates, "rule", NO_LEVEL)


def impute_by_structure(setting: Setting, method: MethodSpec) -> None:
    """Give the missing parts of a total the rest, in the proportions of the class's sums of parts."""
    pool = np.ones(len(setting.work), dtype=bool)
    for name in setting.variables:
        pool &= setting.work.answered(name)
    amounts = {name: setting.work.numbers(name) for name in setting.variables}
    for level, (codes, enough) in enumerate(setting.ladder(method, pool)):
        rows, wanted = setting.waiting()
        can = enough[rows]
        rows, wanted = rows[can], {name: cells[can] for name, cells in wanted.items()}
        if not rows.size:
            continue
        inside = pool & (codes >= 0)
        sums = {
            name: np.bincount(codes[inside], amount[inside], int(codes.max()) + 1) for name, amount in amounts.items()
        }
        values = {name: pd.Series(total[codes[rows]]) for name, total in sums.items()}
        candidates = Candidates(rows=rows, values=values, wanted=wanted)
        setting.put(candidates, "prorate", level)
