"""Amounts far from those of like firms, on the scale on which amounts are alike: the logarithm.

The centre is the class's median and the spread its median absolute deviation, both untouched by up to half of the
class being wrong. Source: F. R. Hampel (1974), The influence curve and its role in robust estimation, JASA 69, 383-393.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from innosurvey.screen.judged import Judged
from innosurvey.screen.spec import ScreenSpec, Side
from innosurvey.screen.wave import Wave, by_rung

CONSISTENT = 1.4826
"""The median absolute deviation times this is the standard deviation where logarithms are normal."""


def judge_outlier(spec: ScreenSpec, wave: Wave, name: str) -> Judged:
    """Return the finding on one variable, judged by itself or by the spec's `measure`.

    Zeros and negative amounts lie outside, as do classes without spread. Expected is the class's median where the
    variable itself is judged.
    """
    amounts = wave.amounts(spec.measure or name, spec.where)
    answered = ~np.isnan(amounts) & wave.firms[name].notna().to_numpy()
    positive = answered & (np.nan_to_num(amounts) > 0)
    logs = np.full(len(amounts), np.nan)
    logs[positive] = np.log(amounts[positive])
    checked, flagged = np.zeros_like(answered), np.zeros_like(answered)
    expected = np.full(len(amounts), np.nan)
    for judged, codes in by_rung(wave.ladder(spec.by), positive, spec.minimum):
        if not judged.any():
            continue
        members = np.flatnonzero(codes >= 0)
        centre, spread = centre_and_spread(logs[members], codes[members])
        here = judged[members] & (spread > 0)
        strange = _distance(logs[members] - centre, spec.side) > spec.cut * spread
        checked[members[here]] = True
        flagged[members[here & strange]] = True
        if not spec.measure:
            expected[members[here]] = np.exp(centre[here])
    return Judged(variable=name, checked=checked, outside=answered & ~checked, flagged=flagged, expected=expected)


def _distance(deviation: np.ndarray, side: Side) -> np.ndarray:
    """Return how far the deviations go to the side that is judged."""
    return np.abs(deviation) if side == "both" else deviation if side == "upper" else -deviation


def centre_and_spread(logs: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each value the median of its class and 1.4826 times the median absolute deviation from it."""
    centre = _median(logs, codes)
    return centre, CONSISTENT * _median(np.abs(logs - centre), codes)


def _median(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return pd.Series(values).groupby(codes).median().reindex(codes).to_numpy()
