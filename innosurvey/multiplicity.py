"""P-values of many tests adjusted together.

Benjamini and Hochberg (1995) for the false discovery rate, Romano and Wolf (2005) for the family-wise error. Written
here rather than taken from `scipy.stats`, which takes longer to load than a table of claims to judge; a test holds the
first two against each other.
"""

import numpy as np


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Return the p-values adjusted for the false discovery rate: min over j ≥ i of m p_(j) / j, at most 1."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * p.size / np.arange(1, p.size + 1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def romano_wolf(statistics: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Return p-values that hold for all hypotheses together (family-wise), from |t| statistics (k,) and their draws
    under the null (draws × k), whose dependence they take into account.

    From the largest statistic down, each is compared with the largest of the draws of those not yet passed; a p-value
    is never below that of a larger statistic. Source: Romano and Wolf 2005, 2016.
    """
    order = np.argsort(-np.abs(statistics), kind="stable")
    largest = np.maximum.accumulate(np.abs(drawn[:, order])[:, ::-1], axis=1)[:, ::-1]
    exceeding = (largest >= np.abs(statistics[order])).sum(axis=0)
    adjusted = np.empty(len(statistics))
    adjusted[order] = np.maximum.accumulate((1 + exceeding) / (1 + len(drawn)))
    return adjusted
