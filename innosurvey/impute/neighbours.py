"""Nearest donors: coordinates, and the search within classes.

A firm is a point. Its coordinates are the distance variables, on a log scale where declared, each divided by its scaled
median absolute deviation; the class is one more coordinate, so far apart that nobody finds a neighbour in another
class; the last is chance, so small that it decides between equals only, unless there is no distance variable: then it
decides alone, and the donor is a random one of the class. One search tree per set of classes serves all its recipients.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

APART = 1e4
FURTHEST = 50.0
TIE = 1e-3
NORMAL = 1.4826
"""The MAD times this is the standard deviation of a normal variable."""


def coordinates(columns: Sequence[np.ndarray], scales: Sequence[str], rows: int) -> np.ndarray:
    """Return the firms as points (a row each, NaN where unknown); variables without spread are left out."""
    found = []
    for values, scale in zip(columns, scales, strict=True):
        with np.errstate(all="ignore"):
            # The sign is kept: profits may be losses.
            moved = np.sign(values) * np.log1p(np.abs(values)) if scale == "log" else values
        spread = _spread(moved)
        if spread > 0:
            found.append(np.clip((moved - np.nanmedian(moved)) / spread, -FURTHEST, FURTHEST))
    return np.column_stack(found) if found else np.empty((rows, 0))


def _spread(values: np.ndarray) -> float:
    """Return the scaled MAD; where more than half of the firms are equal (yes/no), the standard deviation."""
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0
    mad = NORMAL * float(np.median(np.abs(known - np.median(known))))
    return mad if mad > 0 else float(known.std())


def nearest(
    points: np.ndarray,
    codes: np.ndarray,
    chance: np.ndarray,
    *,
    recipients: np.ndarray,
    donors: np.ndarray,
    donor_chance: np.ndarray,
    count: int,
) -> np.ndarray:
    """Return for each recipient the positions of its `count` nearest donors of the same class, the nearest first, -1
    where there are fewer.

    `donors` are positions and may repeat (each with its own chance). A distance variable that a recipient lacks is
    left out for it, and for what it has, donors that lack it are passed over.
    """
    found = np.full((recipients.size, count), -1, dtype="int64")
    has = np.isfinite(points[recipients])
    patterns, which = np.unique(has, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        asking = np.flatnonzero(which.ravel() == number)
        able = np.isfinite(points[np.ix_(donors, np.flatnonzero(pattern))]).all(axis=1) & (codes[donors] >= 0)
        if able.any():
            there = _points(points[:, pattern], codes, donors[able], donor_chance[able])
            here = _points(points[:, pattern], codes, recipients[asking], chance[recipients[asking]])
            found[asking] = _search(there, here, donors[able], count)
    return found


def _points(points: np.ndarray, codes: np.ndarray, rows: np.ndarray, chance: np.ndarray) -> np.ndarray:
    weight = TIE if points.shape[1] else 1.0
    return np.column_stack([APART * codes[rows], points[rows], weight * chance])


def _search(there: np.ndarray, here: np.ndarray, donors: np.ndarray, count: int) -> np.ndarray:
    from scipy.spatial import cKDTree

    tree = cKDTree(there, leafsize=24, balanced_tree=False, compact_nodes=False)
    _, index = tree.query(here, k=list(range(1, count + 1)), distance_upper_bound=APART / 2)
    return np.where(index < donors.size, donors[np.minimum(index, donors.size - 1)], -1)
