"""Weighted quantile regression as a linear programme (Koenker and Bassett 1978), solved in its dual.

Maximise y'a subject to X'a = (1 - τ) X'w and 0 ≤ a ≤ w. The multipliers of the constraints are the coefficients; a_i is
w_i above the fitted plane, 0 below it, and between on it. So x_i (a_i - (1 - τ) w_i) is the score of each row, and the
scores sum to zero exactly, the k rows on the plane included.

The density of each row at its quantile comes from Epanechnikov's kernel (Powell 1991), and one sparsity for all rows
from the difference of two quantiles of the residuals (Siddiqui 1960; Koenker and Bassett 1982); the bandwidth of either
is that of Hall and Sheather (1988), as in Koenker (2005, section 3.4). A normal kernel of this width is a good deal
wider: in samples of 500 it makes standard errors a quarter too large. The difference of two fitted quantiles on each
row (Hendricks and Koenker 1992) makes them too small where quantiles are not linear in the regressors.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.optimize import linprog
from scipy.stats import norm

from innosurvey.models.arrays import Array, Mask

_CONFIDENCE = 0.95
# The normal's interquartile range in standard deviations.
_NORMAL_RANGE = 1.34
_MANY_ROWS = 5_000
# Half the rows near the plane, as a share of the part that is fitted first (Portnoy and Koenker take 0.4).
_BAND = 0.4
_ROUNDS = 20
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """A fitted quantile: coefficients, scores (n × k), X'fX with the density f of each row at its quantile, the
    sparsity (one over the density at the quantile, if it is the same for all rows), and the weighted loss.
    """

    params: Array
    scores: Array
    information: Array
    sparsity: float
    loss: float
    unique: bool


def fit_quantile(design: Array, outcome: Array, tau: float, weights: Array) -> Quantile | None:
    """Return the quantile regression at tau; None if the solver finds no solution."""
    lengths = np.linalg.norm(design, axis=0)
    spread = float(np.std(outcome)) or 1.0
    scaled, levelled = design / lengths * sqrt(len(design)), (outcome - outcome.mean()) / spread
    shares, multipliers = _dual(scaled, levelled, tau, weights)
    if shares is None:
        return None
    on_plane = (shares > 0) & (shares < weights)
    slopes = _through(scaled, levelled, on_plane, multipliers)
    # The level that was taken off the outcome is a combination of the columns only if there is a constant.
    params = slopes * spread / lengths * sqrt(len(design)) + outcome.mean() * _constant(design)
    residuals = outcome - design @ params
    density, sparsity = _densities(residuals, tau)
    return Quantile(
        params=params,
        scores=design * (shares - (1 - tau) * weights)[:, None],
        information=design.T @ (design * (weights * density)[:, None]),
        sparsity=sparsity,
        loss=float(weights @ (residuals * (tau - (residuals < 0)))),
        unique=bool(on_plane.sum() >= design.shape[1]),
    )


def _dual(design: Array, outcome: Array, tau: float, weights: Array) -> tuple[Array | None, Array]:
    """Return a for each row and the multipliers; None if there is no solution.

    Of many rows only those near the plane of a part of them are left to the programme; the others are taken to lie
    above (a = w) or below (a = 0), which is checked afterwards, and mended until it is so: the answer is that of all
    rows (after Portnoy and Koenker 1997).
    """
    n, k = design.shape
    near = np.ones(n, dtype=bool)
    shares = np.zeros(n)
    if n > _MANY_ROWS:
        count = int(((k + 1) * n) ** (2 / 3))
        some = np.random.default_rng(_SEED).choice(n, count, replace=False)
        _, slopes = _programme(design[some], outcome[some], weights[some], (1 - tau) * (weights[some] @ design[some]))
        residuals = outcome - design @ slopes
        reach = _BAND * count / n
        low, high = np.quantile(residuals, [max(0.0, tau - reach), min(1.0, tau + reach)])
        near = (residuals >= low) & (residuals <= high)
        shares = np.where(residuals > high, weights, 0.0)
    for _ in range(_ROUNDS):
        target = (1 - tau) * (weights @ design) - shares[~near] @ design[~near]
        found, slopes = _programme(design[near], outcome[near], weights[near], target)
        if found is None:
            if near.all():
                return None, slopes
            near[:] = True
            continue
        shares[near] = found
        residuals = outcome - design @ slopes
        wrong = ~near & np.where(shares > 0, residuals < 0, residuals > 0)
        if not wrong.any():
            return shares, slopes
        near |= wrong
    found, slopes = _programme(design, outcome, weights, (1 - tau) * (weights @ design))
    return found, slopes


def _programme(design: Array, outcome: Array, weights: Array, target: Array) -> tuple[Array | None, Array]:
    """Return a and the multipliers of max y'a subject to X'a = target, 0 ≤ a ≤ w; None where there is no solution."""
    answer = linprog(
        -outcome,
        A_eq=design.T,
        b_eq=target,
        bounds=np.column_stack([np.zeros(len(weights)), weights]),
        method="highs-ds",
    )
    if answer.status != 0:
        return None, np.zeros(design.shape[1])
    return np.asarray(answer.x), -np.asarray(answer.eqlin.marginals)


def bandwidth(n: float, tau: float) -> float:
    """Return the bandwidth of Hall and Sheather (1988), in probabilities."""
    height = norm.pdf(norm.ppf(tau))
    level = norm.ppf(1 - (1 - _CONFIDENCE) / 2) ** (2 / 3)
    return float(n ** (-1 / 3) * level * (1.5 * height**2 / (2 * norm.ppf(tau) ** 2 + 1)) ** (1 / 3))


def _constant(design: Array) -> Array:
    """Return the coefficients that make the columns a constant of one."""
    return np.asarray((np.ptp(design, axis=0) == 0) & (design[0] != 0), dtype=float)


def _through(design: Array, outcome: Array, on_plane: Mask, slopes: Array) -> Array:
    """Return the plane through the rows that lie on it, if they pin it: exact, where the solver has a tolerance."""
    k = design.shape[1]
    if on_plane.sum() != k or np.linalg.cond(design[on_plane]) > 1e10:
        return slopes
    return np.asarray(np.linalg.solve(design[on_plane], outcome[on_plane]))


def _densities(residuals: Array, tau: float) -> tuple[Array, float]:
    """Return the kernel's height at each residual, and the slope of the residuals' quantiles at tau (the sparsity)."""
    h = bandwidth(len(residuals), tau)
    while tau - h < 0 or tau + h > 1:
        h /= 2
    lower, upper = np.quantile(residuals, [0.25, 0.75])
    scale = min(float(np.std(residuals, ddof=1)), (upper - lower) / _NORMAL_RANGE)
    width = float(norm.ppf(tau + h) - norm.ppf(tau - h)) * scale
    below, above = np.quantile(residuals, [tau - h, tau + h])
    heights = 0.75 * np.clip(1 - (residuals / width) ** 2, 0.0, None) / width
    return np.asarray(heights), float(above - below) / (2 * h)
