"""P-values of many tests adjusted together. Source: Benjamini and Hochberg 1995.

Written here rather than taken from `scipy.stats`, which takes longer to load than a table of claims to judge; a test
holds the two against each other.
"""

import numpy as np


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Return the p-values adjusted for the false discovery rate: min over j ≥ i of m p_(j) / j, at most 1."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * p.size / np.arange(1, p.size + 1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted
