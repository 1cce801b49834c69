"""Taking fixed effects out of columns, and counting them.

With one effect, each value loses the (weighted) mean of its group. With two, the columns and the dummies of the smaller
effect lose the means of the larger, and the columns are then regressed on what is left of the dummies: exact in one
pass, balanced or not (Frisch, Waugh and Lovell), and cheap when one effect has few levels, as waves have.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from innosurvey.models.arrays import Array, Codes, Mask


def absorb(columns: Array, effects: Sequence[Codes], weights: Array | None = None) -> Array:
    """Return the columns (rows × k) without what one or two effects, coded from 0, explain of them."""
    if not effects:
        return columns
    larger, *smaller = sorted(effects, key=_levels, reverse=True)
    within = _demean(columns, larger, weights)
    for effect in smaller:
        dummies = _demean(np.eye(_levels(effect))[effect], larger, weights)
        scale = np.ones(len(columns)) if weights is None else np.sqrt(weights)
        slopes = np.linalg.lstsq(dummies * scale[:, None], within * scale[:, None], rcond=1e-10)[0]
        within = within - dummies @ slopes
    return within


def _demean(columns: Array, effect: Codes, weights: Array | None) -> Array:
    shares = np.ones(len(columns)) if weights is None else weights
    totals = np.zeros((_levels(effect), columns.shape[1]))
    np.add.at(totals, effect, columns * shares[:, None])
    means = totals / np.bincount(effect, weights=shares)[:, None]
    return columns - means[effect]


def _levels(effect: Codes) -> int:
    return int(effect.max()) + 1


def alone(effect: Codes) -> Mask:
    """Return which rows are the only one of their level: an effect of their own explains them in full."""
    return np.bincount(effect)[effect] == 1


def absorbed_parameters(effects: Sequence[Codes], clusters: Sequence[Codes] = ()) -> int:
    """Return how many parameters the effects stand for, the constant among them, in a small-sample rule.

    Effects whose levels lie within clusters are not counted, because the number of clusters already accounts for them
    (Stata's `xtreg, fe`, reghdfe); the constant always is. Without effects there is nothing to count: the constant is
    then a column of the design.
    """
    if not effects:
        return 0
    counted = [effect for effect in effects if not any(is_nested(effect, cluster) for cluster in clusters)]
    return max(1, _rank(counted))


def _rank(effects: Sequence[Codes]) -> int:
    """Return the rank of the dummies of no, one or two effects (levels less one for each connected set of the two)."""
    if len(effects) < 2:
        return sum(_levels(effect) for effect in effects)
    first, second = effects
    shape = (_levels(first) + _levels(second),) * 2
    links = coo_array((np.ones(len(first)), (first, second + _levels(first))), shape=shape)
    return shape[0] - int(connected_components(links, directed=False, return_labels=False))


def is_nested(effect: Codes, cluster: Codes) -> bool:
    """Return whether each level of the effect lies within one cluster."""
    pairs = np.unique(np.column_stack([effect, cluster]), axis=0)
    return len(pairs) == _levels(effect)
