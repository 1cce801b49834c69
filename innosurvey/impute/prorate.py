"""Parts of a whole: what is missing of them is scaled to what the known parts leave."""

from __future__ import annotations

import numpy as np

NEAR = 1e-9
ROUNDED = 0.005
"""Reported parts may pass their total by this share: they are rounded, and leave nothing."""


def scaled_to_rest(
    parts: np.ndarray, wanted: np.ndarray, total: np.ndarray, whole: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return the parts (a row per firm) with the wanted ones scaled, so that each row adds up to its total, and each
    row's factor.

    A row whose parts or total are not all there stays as it is (factor 1). Where the known parts leave less than
    nothing, or the wanted ones are all 0 and something is left, the wanted ones become NaN: there is no such split.
    `whole` rounds to whole numbers by the largest remainders.
    """
    complete = ~np.isnan(parts).any(axis=1) & ~np.isnan(total) & wanted.any(axis=1)
    offered = np.where(wanted, parts, 0.0).sum(axis=1)
    rest = total - np.where(wanted, 0.0, parts).sum(axis=1)
    rest = np.where((rest < 0) & (rest >= -ROUNDED * np.abs(total)), 0.0, rest)
    with np.errstate(all="ignore"):
        factor = np.where(offered > 0, rest / offered, np.where(rest == 0, 1.0, np.nan))
    factor = np.where(complete, np.where(rest < 0, np.nan, factor), 1.0)
    scaled = np.where(wanted, parts * factor[:, None], parts)
    if whole:
        scaled = np.where(complete[:, None] & wanted, _whole(np.where(wanted, scaled, 0.0), rest), scaled)
    return scaled, np.where(np.isnan(factor), 1.0, factor)


def _whole(parts: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return whole parts with the same sums: each rounded down, then one more for the largest remainders."""
    down = np.floor(parts + NEAR)
    left = np.round(total - down.sum(axis=1))
    rank = np.argsort(np.argsort(-(parts - down), axis=1, kind="stable"), axis=1, kind="stable")
    return np.where(np.isnan(parts), np.nan, down + (rank < left[:, None]))
