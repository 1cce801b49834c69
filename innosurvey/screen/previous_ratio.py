"""Change since the wave before: the ratio check of Hidiroglou and Berthelot.

A ratio of two answers is skewed (a fall to a half and a doubling are the same step), and it varies more among small
firms than among large ones, where it matters more. So the ratio is centred on its class's median and made symmetric,
then multiplied by the larger answer to the power U; what lies C quartile distances from the median is suspicious.

Source: M. A. Hidiroglou and J.-M. Berthelot (1986), Statistical editing and imputation for periodic business surveys,
Survey Methodology 12(1), 73-83.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.screen.judged import Judged
from innosurvey.screen.spec import BEFORE, ScreenSpec
from innosurvey.screen.wave import Wave, by_rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Per pair: the effect, its bounds in the pair's class, and the class's median ratio."""

    effect: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    median_ratio: np.ndarray


def judge_previous_ratio(spec: ScreenSpec, wave: Wave, now: str, before: str) -> Judged:
    """Return the finding on one pair of variables; expected is the last answer times the class's median ratio.

    Only pairs of positive answers are judged, and only in classes whose ratios vary.
    """
    current = wave.amounts(now, spec.where)
    previous = wave.amounts(f"{BEFORE}{before}", spec.where)
    paired = ~np.isnan(current) & ~np.isnan(previous)
    positive = paired & (np.nan_to_num(current) > 0) & (np.nan_to_num(previous) > 0)
    checked, flagged = np.zeros_like(paired), np.zeros_like(paired)
    expected = np.full(len(current), np.nan)
    for judged, codes in by_rung(wave.ladder(spec.by), positive, spec.minimum):
        if not judged.any():
            continue
        members = np.flatnonzero(codes >= 0)
        found = effects(current[members], previous[members], codes[members], spec)
        here = judged[members] & (found.lower < found.upper)
        strange = (found.effect < found.lower) | (found.effect > found.upper)
        checked[members[here]] = True
        flagged[members[here & strange]] = True
        expected[members[here]] = (found.median_ratio * previous[members])[here]
    return Judged(variable=now, checked=checked, outside=paired & ~checked, flagged=flagged, expected=expected)


def effects(current: np.ndarray, previous: np.ndarray, codes: np.ndarray, spec: ScreenSpec) -> Effects:
    """Return the effects of positive pairs, the classes given by `codes`, and their bounds by the spec's U, A and C.

    r = x_t / x_{t-1}; s = 1 - r_M/r below the median ratio r_M, else r/r_M - 1; E = s · max(x_t, x_{t-1})^U;
    d_Q1 = max(E_M - E_Q1, |A E_M|), d_Q3 = max(E_Q3 - E_M, |A E_M|); bounds E_M - C d_Q1 and E_M + C d_Q3.
    Quartiles are those of linear interpolation.
    """
    ratio = current / previous
    median_ratio = _quantile(ratio, codes, 0.5)
    centred = np.where(ratio < median_ratio, 1 - median_ratio / ratio, ratio / median_ratio - 1)
    effect = centred * np.maximum(current, previous) ** spec.U
    median = _quantile(effect, codes, 0.5)
    floor = np.abs(spec.A * median)
    below = np.maximum(median - _quantile(effect, codes, 0.25), floor)
    above = np.maximum(_quantile(effect, codes, 0.75) - median, floor)
    return Effects(
        effect=effect, lower=median - spec.C * below, upper=median + spec.C * above, median_ratio=median_ratio
    )


def _quantile(values: np.ndarray, codes: np.ndarray, share: float) -> np.ndarray:
    """Return for each value the quantile of its class."""
    found = pd.Series(values).groupby(codes).quantile(share)
    return found.reindex(codes).to_numpy()
