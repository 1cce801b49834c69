"""What single clusters do to least-squares slopes: the fit without each of them, exactly, and without fitting again.

Cross-products add up over clusters, so those without one are all less its own. Fixed effects stay exact where each firm
(each level of the larger effect) lies within one cluster, for then leaving a cluster out leaves the means of the other
firms alone; the smaller effect is carried as columns of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from innosurvey.models.absorb import absorb_in_place, is_nested
from innosurvey.models.arrays import Array, Codes
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.kernels.levels import count_levels, level_sums

# Numbers that the cross-products of some clusters may take at a time (32 MB).
_NUMBERS = 4_000_000
# Levels of the smaller effect up to which it is carried as columns.
_MOST_COLUMNS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """One slope without each cluster: the smallest and the largest, the largest change in standard errors, and how many
    clusters change it by more than 2 / √G standard errors (Belsley, Kuh and Welsch 1980). No cluster is named.
    """

    slope: float
    smallest: float
    largest: float
    largest_change: float
    notable: int
    clusters: int


def slopes_without_each_cluster(
    outcome: Array, design: Array, cluster: Codes, effects: Sequence[Codes] = (), weights: Array | None = None
) -> Array:
    """Return the slopes (clusters × k) of the outcome (n,) on the design (n × k) without each cluster in turn.

    Raises NotEstimated if the larger fixed effect reaches over clusters, or the smaller one has many levels.
    """
    columns = _with_the_smaller_effect(outcome, design, cluster, effects)
    if effects:
        absorb_in_place(columns, [max(effects, key=count_levels)], weights)
    lengths = np.linalg.norm(columns, axis=0)
    columns /= lengths
    total = columns.T @ (columns if weights is None else columns * weights[:, None])
    order = np.argsort(cluster, kind="stable")
    ends = np.cumsum(np.bincount(cluster))
    width, k = columns.shape[1], design.shape[1]
    slopes = np.empty((len(ends), k))
    for first, last in _runs(ends, max(1, _NUMBERS // width**2)):
        rows = order[(ends[first - 1] if first else 0) : ends[last - 1]]
        own = _products(columns[rows], cluster[rows] - first, None if weights is None else weights[rows])
        without = total - own
        inverse = np.linalg.pinv(without[:, :-1, :-1], rcond=1e-10, hermitian=True)
        slopes[first:last] = np.einsum("gij,gj->gi", inverse, without[:, :-1, -1])[:, :k]
    return slopes * lengths[-1] / lengths[:k]


def influence_on(slope: float, error: float, without: Array) -> Influence:
    """Return what the slopes (clusters,) without each cluster say of one slope and its standard error."""
    changes = np.abs(slope - without) / error
    return Influence(
        slope=slope,
        smallest=float(without.min()),
        largest=float(without.max()),
        largest_change=float(changes.max()),
        notable=int((changes > 2 / np.sqrt(len(without))).sum()),
        clusters=len(without),
    )


def _with_the_smaller_effect(outcome: Array, design: Array, cluster: Codes, effects: Sequence[Codes]) -> Array:
    """Return the design, the dummies of the smaller effect (none for its first level) and the outcome side by side."""
    dummies = np.empty((len(outcome), 0))
    if effects:
        larger, *smaller = sorted(effects, key=count_levels, reverse=True)
        if not is_nested(larger, cluster):
            raise NotEstimated("a fixed effect reaches over several clusters")
        if smaller:
            if count_levels(smaller[0]) > _MOST_COLUMNS:
                raise NotEstimated("both fixed effects have many levels")
            dummies = (smaller[0][:, None] == np.arange(1, count_levels(smaller[0]))).astype(float)
    return np.column_stack([design, dummies, outcome]).astype(float)


def _products(columns: Array, cluster: Codes, weights: Array | None) -> Array:
    """Return the cross-products of the columns within clusters (clusters × width × width)."""
    width = columns.shape[1]
    pairs = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)
    return level_sums(pairs, cluster, weights).reshape(-1, width, width)


def _runs(ends: Codes, most: int) -> list[tuple[int, int]]:
    """Return runs of clusters, first and one past the last, of at most so many rows, or of one cluster."""
    runs, first = [], 0
    while first < len(ends):
        begun = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, begun + most, side="right")))
        runs.append((first, last))
        first = last
    return runs
