"""The bivariate normal distribution function Φ₂(a, b, r), row by row.

Plackett's identity makes it Φ(a)Φ(b) plus an integral over asin r (Drezner and Wesolowsky 1990; Genz 2004), by
Gauss-Legendre with 24 points. Near r = ±1 the integrand bends within a distance π/2 - |asin r| of the end, so the way
there is cut into panels, each a few times shorter than the last, and each gets its 24 points.
"""

from itertools import pairwise

import numpy as np
from scipy.special import log_ndtr, ndtr

from innosurvey.models.arrays import Array
from innosurvey.models.kernels.normal import log_cumulative, log_density

_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(24)
# Distances from asin 1 at which panels end; up to r = 0.925 one panel gives fifteen digits.
_PANELS = (0.39, 0.12, 0.036, 0.011, 0.0033, 0.001, 0.0003)


# Below it the two parts cancel where r < 0, and the tail is integrated by itself.
_TAIL = 1e-6
_TAIL_PANELS = (0.0, 2.0, 8.0, 38.0)


def cumulative(a: Array, b: Array, r: float | Array) -> Array:
    """Return P(X ≤ a, Y ≤ b) for standard normals with correlation r, |r| < 1.

    `a` and `b` are (..., rows), `r` broadcasts with them. Right to 1e-15, and relatively to 1e-10 in the tails.
    """
    angle = np.arcsin(np.asarray(r, dtype=float))
    chance = ndtr(a) * ndtr(b) + _plackett(a, b, angle) / (2 * np.pi)
    small = (chance < _TAIL) & (angle < 0)
    if small.any():
        a, b, r = np.broadcast_arrays(a, b, r)
        chance[small] = _tail(np.minimum(a, b)[small], np.maximum(a, b)[small], r[small])
    return chance


def _plackett(a: Array, b: Array, angle: Array) -> Array:
    """Return the integral of exp(-(a² + b² - 2ab sin t) / 2cos²t) over t from 0 to the angle."""
    size = float(np.abs(angle[np.isfinite(angle)]).max(initial=0.0))  # a fit of a stack that has failed is left alone
    integral = np.zeros(np.broadcast(a, angle).shape)
    if size == 0:
        return integral
    ends = [0.0, *(np.pi / 2 - panel for panel in _PANELS if np.pi / 2 - panel < size), size]
    sums, product = 0.5 * (a * a + b * b), a * b
    for low, high in pairwise(ends):
        half, middle = 0.5 * (high - low) / size, 0.5 * (high + low) / size
        for point, weight in zip(_POINTS, _WEIGHTS, strict=True):
            sine = np.sin(angle * (middle + half * point))
            integral += weight * half * np.exp((product * sine - sums) / (1 - sine * sine))
    return integral * angle


def _tail(a: Array, b: Array, r: Array) -> Array:
    """Return Φ₂ for a ≤ b and r < 0 as the integral over s ≥ 0 of φ(a - s) Φ((b - r(a - s)) / √(1 - r²)).

    It falls at least as fast as exp(-κs), κ being minus the slope of its logarithm at 0, since it is log-concave.
    """
    root = np.sqrt(1 - r * r)
    _, hazard, _ = log_cumulative((b - r * a) / root)
    rate = np.maximum(-a - r / root * hazard, 0.1)
    integral = np.zeros(a.shape)
    for low, high in pairwise(_TAIL_PANELS):
        for point, weight in zip(_POINTS, _WEIGHTS, strict=True):
            s = (0.5 * (high + low) + 0.5 * (high - low) * point) / rate
            integral += weight * 0.5 * (high - low) * np.exp(log_density(a - s) + log_ndtr((b - r * (a - s)) / root))
    return integral / rate


def density(a: Array, b: Array, r: float | Array) -> Array:
    """Return φ₂(a, b, r)."""
    rest = 1 - np.square(r)
    return np.exp(-(a * a - 2 * r * a * b + b * b) / (2 * rest)) / (2 * np.pi * np.sqrt(rest))
