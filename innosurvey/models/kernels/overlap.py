"""Whether treated and untreated can be compared: common support, balance, and how many rows the weights leave."""

from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array, Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The means of one covariate, before and after weighting, and what differs in standard deviations.

    A standardised difference is the difference of means over the root of the mean of both arms' variances before
    weighting (Austin 2009); the ratio of variances is that of the treated to the controls after weighting.
    """

    treated: float
    controls: float
    treated_weighted: float
    controls_weighted: float
    difference: float
    difference_weighted: float
    variance_ratio: float


def balance(column: Array, treated: Mask, before: Array, after: Array) -> Means:
    """Return the balance of one covariate (n,) under the weights before and after (n,)."""
    (mean_t, var_t), (mean_c, var_c) = (_moments(column, np.where(arm, before, 0.0)) for arm in (treated, ~treated))
    (after_t, vafter_t), (after_c, vafter_c) = (
        _moments(column, np.where(arm, after, 0.0)) for arm in (treated, ~treated)
    )
    # without any spread in either arm: 0 where both are the same, NaN where the covariate is the treatment itself
    scale = np.sqrt((var_t + var_c) / 2) if var_t + var_c > 0 or mean_t != mean_c else 1.0
    return Means(
        treated=mean_t,
        controls=mean_c,
        treated_weighted=after_t,
        controls_weighted=after_c,
        difference=_ratio(mean_t - mean_c, scale),
        difference_weighted=_ratio(after_t - after_c, scale),
        variance_ratio=_ratio(vafter_t, vafter_c),
    )


def _moments(column: Array, weights: Array) -> tuple[float, float]:
    mean = weights @ column / weights.sum()
    return float(mean), float(weights @ (column - mean) ** 2 / weights.sum())


def _ratio(numerator: float, denominator: float) -> float:
    return float(numerator / denominator) if denominator > 0 else float("nan")


def effective_size(weights: Array) -> float:
    """Return how many evenly weighted rows would be as informative (Kish 1965): (Σw)² / Σw²."""
    return float(weights.sum() ** 2 / (weights @ weights))


def outside_common_support(probability: Array, treated: Mask) -> Mask:
    """Return the rows whose propensity lies outside the range of the other arm."""
    lower = max(probability[treated].min(), probability[~treated].min())
    upper = min(probability[treated].max(), probability[~treated].max())
    return (probability < lower) | (probability > upper)


def crump_bound(probability: Array) -> float:
    """Return the a below which, and above 1 - a, rows are best left out: the largest part in which the effect is
    estimated most precisely (Crump, Hotz, Imbens and Mitnik 2009, corollary 1); 0 if none should.
    """
    inverse = np.sort(1 / (probability * (1 - probability)))
    rows = np.arange(1, len(inverse) + 1)
    sums = np.cumsum(inverse)
    most_precise = int(np.argmin(sums / rows**2))
    cut = 2 * sums[most_precise] / rows[most_precise]
    return 0.0 if inverse[-1] <= cut else float(0.5 - np.sqrt(0.25 - 1 / cut))
