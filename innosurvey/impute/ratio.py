"""Ratio imputation: a known amount of the firm, carried forward by how the amounts of its class moved.

The known amount is another year's in the same questionnaire (`ratio`), or the firm's answer of the wave before
(`previous`). The class's ratio is that of the sums over the firms that answered both, without those whose own
ratio is beyond belief. In a multiple imputation the
ratio is that of a single firm of like size, drawn as donors are: so that draws spread as firms do.

Sources: Särndal and Lundström (2005), Estimation in Surveys with Nonresponse, ch. 12; Rubin (1987), ch. 5.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from innosurvey.impute.candidates import Candidates
from innosurvey.impute.donor import borrow
from innosurvey.impute.neighbours import NORMAL, coordinates
from innosurvey.impute.setting import Setting
from innosurvey.impute.spec import MethodSpec
from innosurvey.impute.work import NO_LEVEL

FAR = 5
"""In robust standard deviations of the logarithm."""


def impute_by_ratio(setting: Setting, method: MethodSpec) -> None:
    """Give the waiting cells of the step's one variable the known amount times the ratio of the class."""
    name = setting.variables[0]
    known, own = _known(setting, method)
    if known is None:
        return
    if method.kind == "previous" and not method.trend:
        _carry(setting, known)
        return
    base = known.to_numpy(dtype="float64", na_value=np.nan)
    answers = setting.work.numbers(name)
    with np.errstate(all="ignore"):
        single = answers / base
        pool = own & setting.work.answered(name) & (base > 0) & np.isfinite(single)
    pool &= _typical(single, pool)
    if setting.chance.draw:

        def values_of(rows: np.ndarray, donors: np.ndarray) -> dict[str, pd.Series]:
            return {name: pd.Series(base[rows] * single[donors])}

        borrow(setting, method, pool, coordinates([base], ["log"], base.size), values_of)
        return
    _by_class(setting, method, (pool, base, answers))


def _known(setting: Setting, method: MethodSpec) -> tuple[pd.Series | None, np.ndarray]:
    """Return the amount that is carried (None where the wave lacks it), and where it is the firm's own answer."""
    if method.kind == "ratio":
        if not setting.work.has_flags(method.of):
            return None, np.empty(0, dtype=bool)
        return setting.work.series(method.of), setting.work.answered(method.of)
    found = setting.before.values(method.of) if setting.before else None
    return found, np.empty(0, dtype=bool) if found is None else found.notna().to_numpy()


def _typical(single: np.ndarray, pool: np.ndarray) -> np.ndarray:
    """Return whose ratio is not further from the median than an error of unit would be (bool); a ratio of 0 is typical.

    ASSUME a ratio further than FAR robust standard deviations off, on the log scale, is an error that editing has left:
    one amount in the wrong unit would otherwise decide the ratio of sums of its class.
    """
    typical = np.ones(single.size, dtype=bool)
    positive = pool & (single > 0)
    if not positive.any():
        return typical
    logs = np.log(single[positive])
    off = np.abs(logs - np.median(logs))
    spread = NORMAL * np.median(off)
    typical[positive] = off <= FAR * spread if spread > 0 else True
    return typical


def _carry(setting: Setting, known: pd.Series) -> None:
    rows, wanted = setting.waiting()
    has = known.notna().to_numpy()[rows]
    rows, wanted = rows[has], {name: cells[has] for name, cells in wanted.items()}
    values = known.iloc[rows].reset_index(drop=True)
    candidates = Candidates(rows=rows, values={setting.variables[0]: values}, wanted=wanted)
    setting.put(candidates, "previous", NO_LEVEL)


def _by_class(setting: Setting, method: MethodSpec, told: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    pool, base, answers = told
    shown = "trend" if method.kind == "previous" else "ratio"
    for level, (codes, enough) in enumerate(setting.ladder(method, pool)):
        rows, wanted = setting.waiting()
        can = enough[rows] & np.isfinite(base[rows])
        rows, wanted = rows[can], {name: cells[can] for name, cells in wanted.items()}
        if not rows.size:
            continue
        count = int(codes.max()) + 1
        sums = np.bincount(codes[pool & (codes >= 0)], answers[pool & (codes >= 0)], count)
        bases = np.bincount(codes[pool & (codes >= 0)], base[pool & (codes >= 0)], count)
        values = pd.Series(base[rows] * sums[codes[rows]] / bases[codes[rows]])
        candidates = Candidates(rows=rows, values={setting.variables[0]: values}, wanted=wanted)
        setting.put(candidates, shown, level)
