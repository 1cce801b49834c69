"""Shares by construction: intercepts and cut points are solved for, so that every scenario has the same margins."""

from collections.abc import Callable, Sequence

import numpy as np


def intercept_for_share(latent: np.ndarray, share: float) -> float:
    """Return the number to add to `latent` so that `share` of it is above 0."""
    return -float(np.quantile(latent, 1.0 - share))


def adopted(latent: np.ndarray, groups: np.ndarray, shares: Sequence[float]) -> tuple[np.ndarray, list[float]]:
    """Return who is above 0, and the intercept of each group (groups are numbered as `shares` are)."""
    intercepts = [intercept_for_share(latent[groups == place], share) for place, share in enumerate(shares)]
    return latent + np.asarray(intercepts)[groups] > 0, intercepts


def graded(latent: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Return grades 0, 1, 2 … from the lowest latent value up, in the given shares."""
    cuts = np.quantile(latent, np.cumsum(shares)[:-1] / np.sum(shares))
    return np.searchsorted(cuts, latent, side="right")


def scored(latent: np.ndarray, high_share: float, steps: Sequence[float] = (1.7, 0.9)) -> np.ndarray:
    """Return importance 0-3: 3 for the top `high_share`, and the lower grades at fixed distances below that cut."""
    cut = float(np.quantile(latent, 1.0 - high_share))
    return np.searchsorted(np.array([cut - steps[0], cut - steps[1], cut]), latent, side="right")


def solve(rises: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Return where the increasing function `rises` meets `target`, by halving the interval 60 times."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(middle) < target else (low, middle)
    return (low + high) / 2


def whole_shares(weights: np.ndarray) -> np.ndarray:
    """Return rows of whole percentages that sum to 100 (largest remainder) from rows of non-negative weights."""
    exact = weights / weights.sum(axis=1, keepdims=True) * 100
    floors = np.floor(exact).astype(int)
    order = np.argsort(floors - exact, axis=1, kind="stable")
    extra = 100 - floors.sum(axis=1)
    places = np.arange(weights.shape[1])[None, :] < extra[:, None]
    added = np.zeros_like(floors)
    np.put_along_axis(added, order, places.astype(int), axis=1)
    return floors + added
