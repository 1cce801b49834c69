"""Tests of many estimates together, from how much each firm (or other cluster) moves each of them.

Under the null hypothesis that nothing is there, an estimate is the sum of its clusters' influences with random signs:
the wild bootstrap of the clusters' scores (Kline and Santos 2012; for least squares, the wild cluster bootstrap of the
slopes with the residuals of the fit). A cluster has the same sign in all estimates of a draw, so that however the
estimates are related, in their samples too, the draws are. Nothing is fitted in a draw.

From the draws: the tests of a specification curve (Simonsohn, Simmons and Nelson 2020), and p-values of a family of
hypotheses (Romano and Wolf).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.drawing import Drawing
from innosurvey.models.estimates import Test
from innosurvey.models.kernels.levels import blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Estimates with their standard errors and degrees of freedom (k,), and what each draw makes of them under the null
    (draws × k).
    """

    estimates: Array
    errors: Array
    df: Array
    drawn: Array

    @property
    def statistics(self) -> Array:
        """The t statistics."""
        return self.estimates / self.errors


def null_draws(influences: Array, drawing: Drawing) -> Array:
    """Return the estimates (draws × k) under the null, from the influences of clusters (clusters × k), 0 where a
    cluster is not in a sample. The clusters' order decides on their signs.
    """
    random = np.random.default_rng(drawing.seed)
    drawn = np.zeros((drawing.draws, influences.shape[1]))
    for some in blocks(len(influences)):
        signs = random.integers(0, 2, size=(drawing.draws, len(influences[some]))).astype(float) * 2 - 1
        drawn += signs @ influences[some]
    return drawn


def specification_tests(together: Together, level: float = 0.05) -> tuple[Test, ...]:
    """Return the three tests of a specification curve: the median estimate, how many are significant in the direction
    that most have, and the mean t (Stouffer); p is the share of draws, the data among them, that are as extreme.
    """
    bounds = stdtrit(together.df, 1 - level / 2)
    statistics = together.statistics
    drawn = together.drawn / together.errors
    count = f"{len(drawn)} draws"
    found = (
        ("median estimate", float(np.median(together.estimates)), np.median(together.drawn, axis=1)),
        (
            f"share significant at {level:g} in the dominant direction",
            float(_significant(statistics[None, :], bounds)[0]),
            _significant(drawn, bounds),
        ),
        ("mean t", float(statistics.mean()), drawn.mean(axis=1)),
    )
    return tuple(
        Test(name=name, statistic=statistic, p=_share(np.asarray(np.abs(draws) >= abs(statistic))), note=count)
        for name, statistic, draws in found
    )


def _significant(statistics: Array, bounds: Array) -> Array:
    """Return the share of significant estimates of the sign that most estimates have, in each row."""
    above, below = (statistics > 0).sum(axis=1), (statistics < 0).sum(axis=1)
    shares = (statistics > bounds).mean(axis=1), (statistics < -bounds).mean(axis=1)
    return np.where(above == below, np.maximum(*shares), np.where(above > below, *shares))


def _share(extreme: Mask) -> float:
    """Return (1 + extreme draws) / (1 + draws): a p-value that is never zero (Davison and Hinkley 1997)."""
    return float((1 + np.sum(extreme)) / (1 + len(extreme)))
