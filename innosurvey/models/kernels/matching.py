"""Effects by matching to nearest neighbours, and their variance.

A unit is matched, with replacement, to the nearest of the other arm; all that are as near as the last of them are
taken, in equal shares (Abadie and Imbens 2006), so that the order of rows decides nothing. Distances are Euclidean
between points that are scaled beforehand (`mahalanobis_points`), within cells on which the match is exact. The
difference in covariates that is left between a unit and its matches can be taken off by a regression among the
matched, weighted with how often each was used (Abadie and Imbens 2011).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from innosurvey.models.arrays import Array, Codes, Mask
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.kernels.moments import least_squares

# Distances this close are ties: the same covariates give the same distance but for rounding.
_TIE = 1e-9
# Of whom the variance of an outcome, given the covariates, is found; more smooth, fewer stay nearer.
_VARIANCE_NEIGHBOURS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How units are matched: on which points (n, p), within which cells (n,), to how many, and how far at most."""

    points: Array
    cells: Codes
    neighbours: int = 1
    caliper: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """What is compared: outcome, treated or not, weights (all (n,)), and the columns (n, k; the constant first) of the
    regression that takes off what differs between matches.
    """

    outcome: Array
    treated: Mask
    weights: Array
    columns: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """An effect by matching: the estimate, the score of each row (n,) and the weight they are divided by, the variance
    of Abadie and Imbens, the weights that the matches give the rows (n,), and which units found no match (n,).
    """

    effect: float
    scores: Array
    information: float
    variance: float
    weights: Array
    unmatched: Mask


def mahalanobis_points(columns: Array) -> Array:
    """Return points (n, p) whose Euclidean distances are the Mahalanobis distances of the columns."""
    covariance = np.atleast_2d(np.cov(columns, rowvar=False))
    return np.linalg.solve(np.linalg.cholesky(covariance), (columns - columns.mean(axis=0)).T).T


def nearest(search: Search, seekers: Mask, sought: Mask) -> csr_array:
    """Return the share (n, n) of each sought row in each seeker's match; no seeker is its own match, and one that
    finds none has an empty row.
    """
    n = len(search.points)
    rows, columns = [np.empty(0, dtype=int)], [np.empty(0, dtype=int)]
    for cell in np.unique(search.cells[seekers]):
        here = search.cells == cell
        seeking, among = np.flatnonzero(seekers & here), np.flatnonzero(sought & here)
        for row, found in zip(seeking, _within_reach(search, seeking, among), strict=True):
            rows.append(np.full(len(found), row))
            columns.append(found)
    at = np.concatenate(rows), np.concatenate(columns)
    shares = 1 / np.bincount(at[0], minlength=n)[at[0]]
    return csr_array((shares, at), shape=(n, n))


def _within_reach(search: Search, seeking: Codes, among: Codes) -> Sequence[Codes]:
    """Return the matches of each seeking row, as rows in ascending order."""
    itself = int(np.isin(seeking, among).any())
    most = min(search.neighbours + itself, len(among))
    if most == itself:
        return [np.empty(0, dtype=int) for _ in seeking]
    tree = cKDTree(search.points[among])
    reach = tree.query(search.points[seeking], k=[most])[0][:, 0]
    if search.caliper is not None:
        reach = np.minimum(reach, search.caliper)
    found = tree.query_ball_point(search.points[seeking], reach * (1 + _TIE) + _TIE, return_sorted=True)
    matches = [among[np.asarray(positions, dtype=int)] for positions in found]
    return [rows[rows != own] for rows, own in zip(matches, seeking, strict=True)]


def matching_effect(units: Units, search: Search, effect: str, adjusted: bool) -> Matched:
    """Return the effect on the treated (`att`) or on all (`ate`) that found a match, with bias adjustment or without.

    The scores are those of the bias-adjusted estimate: a unit's effect by the regressions, and what the regressions
    leave of its own outcome times the number of units it stands for. NotEstimated if nobody finds a match.
    """
    seekers = (units.weights > 0) & (units.treated if effect == "att" else True)
    shares = nearest(search, seekers & units.treated, ~units.treated & (units.weights > 0))
    shares = shares + nearest(search, seekers & ~units.treated, units.treated & (units.weights > 0))
    unmatched = seekers & (np.asarray(shares.sum(axis=1)).reshape(-1) == 0)
    weights = np.where(seekers & ~unmatched, units.weights, 0.0)
    if not weights.any():
        raise NotEstimated("nobody finds a match")
    used = shares.T @ weights
    own, other = _regressions(units, used)
    sign = np.where(units.treated, 1.0, -1.0)
    bias = other - shares @ own
    differences = sign * (units.outcome - shares @ units.outcome - (bias if adjusted else 0.0))
    centre = weights @ (sign * (units.outcome - shares @ units.outcome - bias)) / weights.sum()
    estimate = float(weights @ differences / weights.sum())
    return Matched(
        effect=estimate,
        scores=weights * (sign * (units.outcome - other) - centre) + used * sign * (units.outcome - own),
        information=float(weights.sum()),
        variance=_abadie_imbens(units, search, shares, weights, differences - estimate),
        weights=weights + used,
        unmatched=unmatched,
    )


def _regressions(units: Units, used: Array) -> tuple[Array, Array]:
    """Return what the regression of each row's own arm, and that of the other arm, says of its outcome (n,).

    An arm that nobody is matched to has no regression; its rows' own outcomes stand for it.
    """
    fitted = [
        units.columns @ least_squares(units.outcome, units.columns, np.where(arm, used, 0.0)).params
        if used[arm].any()
        else units.outcome
        for arm in (units.treated, ~units.treated)
    ]
    return np.where(units.treated, fitted[0], fitted[1]), np.where(units.treated, fitted[1], fitted[0])


def _abadie_imbens(units: Units, search: Search, shares: csr_array, weights: Array, deviations: Array) -> float:
    """Return the variance of Abadie and Imbens (2006, theorem 7): that of the units' effects, and that of the outcomes
    which are used more than once.
    """
    used, squares = shares.T @ weights, shares.power(2).T @ weights**2
    again = used**2 + 2 * weights * used - squares
    total = (weights * deviations) ** 2 + again * _outcome_variance(units, search, used > 0)
    return float(total.sum() / weights.sum() ** 2)


def _outcome_variance(units: Units, search: Search, rows: Mask) -> Array:
    """Return the variance of the outcome given the covariates (n,): that of a row and those of its arm nearest to it;
    zero for rows that are not asked for. Where a cell has no other of the arm, the cell is passed over.
    """
    narrow = Search(points=search.points, cells=search.cells, neighbours=_VARIANCE_NEIGHBOURS)
    wide = Search(points=search.points, cells=np.zeros_like(search.cells), neighbours=_VARIANCE_NEIGHBOURS)
    alike = csr_array(np.shape(search.points)[:1] * 2)
    for arm in (units.treated, ~units.treated):
        found = nearest(narrow, rows & arm, arm)
        lonely = rows & arm & (found.sum(axis=1) == 0)
        alike = alike + found + nearest(wide, lonely, arm)
    others = np.diff(alike.indptr)
    outcome = units.outcome - units.outcome.mean()  # squares of large numbers would lose what differs
    mean = alike @ outcome
    variance = alike @ outcome**2 - mean**2 + (outcome - mean) ** 2 / (others + 1)
    return np.where(rows & (others > 0), variance, 0.0)
