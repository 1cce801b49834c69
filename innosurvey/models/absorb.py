"""Taking fixed effects out of columns, and counting them.

With one effect, each value loses the (weighted) mean of its group. With two, the columns and the dummies of the smaller
effect lose the means of the larger, and the columns are then regressed on what is left of the dummies: exact, balanced
or not (Frisch, Waugh and Lovell). The dummies are never made: all that the regression needs of them is how often each
level of the one effect meets each of the other.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, cg

from innosurvey.models.arrays import Array, Codes, Mask
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.kernels.levels import count_levels, level_means, level_sums, subtract

# Levels of the smaller effect up to which its normal equations are solved as a dense matrix (8 MB); waves are few.
_DENSE = 1000
_ITERATIONS = 5000


def absorb(columns: Array, effects: Sequence[Codes], weights: Array | None = None) -> Array:
    """Return the columns (rows × k) without what one or two effects, coded from 0, explain of them.

    NotEstimated if two large effects are tied by so few rows that the iteration does not settle.
    """
    if not effects:
        return columns
    within = np.array(columns, dtype=float, order="C")
    absorb_in_place(within, effects, weights)
    return within


def absorb_in_place(columns: Array, effects: Sequence[Codes], weights: Array | None = None) -> None:
    """Do so with the columns themselves, for who has no more use for them."""
    larger, *smaller = sorted(effects, key=count_levels, reverse=True)
    if smaller:
        _subtract_two(columns, (larger, smaller[0]), weights)
    else:
        subtract(columns, (level_means(columns, larger, weights), larger))


def _subtract_two(columns: Array, effects: tuple[Codes, Codes], weights: Array | None) -> None:
    """Take two effects, the larger first, from the columns in place.

    With N the meetings of the levels, m and n their sums, and S and T the sums of the columns in the levels of the
    larger and the smaller effect, the smaller effect b solves (diag(n) - N' diag(1 / m) N) b = T - N' diag(1 / m) S,
    and the larger one is diag(1 / m) (S - N b).
    """
    larger, smaller = effects
    meetings = _meetings(larger, smaller, weights)
    counts, totals = (np.asarray(meetings.sum(axis=axis)).reshape(-1, 1) for axis in (1, 0))
    few = len(totals) <= _DENSE
    for _ in range(2):  # the second pass takes off what rounding, or an iteration, left of the first
        sums = level_sums(columns, larger, weights)
        rest = level_sums(columns, smaller, weights) - meetings.T @ (sums / counts)
        slopes = _solved(meetings, counts, rest) if few else _iterated(meetings, counts, rest, _lengths(columns))
        subtract(columns, ((sums - meetings @ slopes) / counts, larger), (slopes, smaller))


def _meetings(larger: Codes, smaller: Codes, weights: Array | None) -> Array | csr_array:
    """Return the rows (or their weight) at each pair of levels, larger × smaller; as a sparse matrix unless the table
    is small beside the rows.
    """
    shape = (count_levels(larger), count_levels(smaller))
    if shape[0] * shape[1] <= 4 * len(larger):
        pairs = np.bincount(larger * shape[1] + smaller, weights=weights, minlength=shape[0] * shape[1])
        return pairs.reshape(shape).astype(float)
    entries = np.ones(len(larger)) if weights is None else weights
    return coo_array((entries, (larger, smaller)), shape=shape).tocsr()


def _solved(meetings: Array | csr_array, counts: Array, rest: Array) -> Array:
    """Return the smaller effect (levels × k) from its normal equations as a dense matrix."""
    common = meetings.T @ (meetings / counts if isinstance(meetings, np.ndarray) else meetings.multiply(1 / counts))
    common = common if isinstance(common, np.ndarray) else common.toarray()
    normal = np.diag(np.asarray(meetings.sum(axis=0)).reshape(-1)) - common
    return np.asarray(np.linalg.lstsq(normal, rest, rcond=1e-10)[0])


def _iterated(meetings: Array | csr_array, counts: Array, rest: Array, lengths: Array) -> Array:
    """Return the smaller effect (levels × k) by conjugate gradients, to digits that are rounding beside the columns'
    lengths.
    """
    totals, sizes = np.asarray(meetings.sum(axis=0)).reshape(-1), counts[:, 0]
    normal = LinearOperator(
        (len(totals),) * 2,
        matvec=lambda slopes: totals * slopes - meetings.T @ ((meetings @ slopes) / sizes),
        dtype=float,
    )
    closely = {"rtol": 1e-10, "maxiter": _ITERATIONS, "M": diags_array(1 / totals)}
    found = [cg(normal, column, atol=1e-13 * length, **closely) for column, length in zip(rest.T, lengths, strict=True)]
    if any(failed for _, failed in found):
        raise NotEstimated("the fixed effects are tied by too few rows to be told apart")
    return np.column_stack([slopes for slopes, _ in found])


def _lengths(columns: Array) -> Array:
    return np.asarray(np.linalg.norm(columns, axis=0))


def one_level(rows: int) -> Codes:
    """Return an effect that all rows share: to absorb it is to take off the mean."""
    return np.zeros(rows, dtype=np.intp)


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
        return sum(count_levels(effect) for effect in effects)
    first, second = effects
    shape = (count_levels(first) + count_levels(second),) * 2
    links = coo_array((np.ones(len(first)), (first, second + count_levels(first))), shape=shape)
    return shape[0] - int(connected_components(links, directed=False, return_labels=False))


def is_nested(effect: Codes, cluster: Codes) -> bool:
    """Return whether each level of the effect lies within one cluster."""
    home = np.empty(count_levels(effect), dtype=cluster.dtype)
    home[effect] = cluster  # of several clusters the last row's stays, and the other rows do not find theirs
    return bool((home[effect] == cluster).all())
