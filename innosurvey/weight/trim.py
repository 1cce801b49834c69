"""Trimming: a few large weights cut off, so that single firms do not carry an estimate.

A weight above a multiple of the median (or mean) of its stratum, or of all, is cut to that; the others of the stratum
(or all) take what was cut, in proportion to their weights. What trimming gains in variance it pays for in bias: it is
off unless a study declares it. ASSUME a very large weight tells more of chance than of the population.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from innosurvey.weight.spec import TrimSpec

ROUNDS = 50
"""Redistribution can lift further weights to the cap; each round takes those of the round before."""
AT_CAP = 1 + 1e-9


def caps_of(weights: np.ndarray, stratum: np.ndarray, spec: TrimSpec) -> np.ndarray:
    """Return the largest weight that each firm may have."""
    by = stratum if spec.by == "stratum" else np.zeros_like(stratum)
    return spec.above * pd.Series(weights).groupby(by).transform(spec.of).to_numpy(dtype=float)


def trimmed(weights: np.ndarray, caps: np.ndarray, stratum: np.ndarray, spec: TrimSpec) -> np.ndarray:
    """Return the weights cut to their caps; with `redistribute` sums by stratum (or of all) stay what they were, as
    far as the caps leave room.
    """
    found = np.minimum(weights, caps)
    if not spec.redistribute:
        return found
    by = stratum if spec.by == "stratum" else np.zeros_like(stratum)
    wanted = np.bincount(by, weights=weights)
    for _ in range(ROUNDS):
        free = found < caps
        held = np.bincount(by, weights=found)
        room = np.bincount(by, weights=found * free, minlength=len(wanted))
        left = np.where(wanted - held > 1e-12 * wanted, wanted - held, 0.0)
        if not (left * (room > 0)).any():
            break
        lift = 1 + np.divide(left, room, out=np.zeros_like(left), where=room > 0)
        found = np.where(free, np.minimum(found * lift[by], caps), found)
    return found


def above(weights: np.ndarray, caps: np.ndarray) -> np.ndarray:
    """Return which weights are above their caps, rounding apart."""
    return weights > caps * AT_CAP
