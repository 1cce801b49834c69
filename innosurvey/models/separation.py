"""Separation: when some combination of columns foretells an outcome, the estimate runs to infinity.

A direction b separates if x'b never points the wrong way (≤ 0 where the outcome is at its lower bound, ≥ 0 at its upper
bound, = 0 elsewhere) and does move some row. Whether one exists is a linear programme (Albert and Anderson 1984; Konis
2007; for Poisson, Correia, Guimarães and Zylkin 2019).
"""

import numpy as np

from innosurvey.models.arrays import Array, Mask

# Sums of distances and weights of columns below this are the solver's tolerance (1e-7), not a separation.
_SOLVER_TOLERANCE = 1e-5
_MODERATE = 10.0


def is_pinned(columns: Array, information: Array, places: slice = slice(None)) -> bool:
    """Return whether the estimate at which the iterations converged is surely finite, which spares the programme.

    Along a direction that separates, the curvature vanishes together with the slope: an estimate that seems to have
    converged on its way to infinity has standard errors of thousands. Errors that move the index by less than ten, for
    a standard deviation of a column, are those of a maximum. `places` are those of the columns' coefficients among the
    parameters.
    """
    try:
        variances = np.diag(np.linalg.inv(information))[places]
    except np.linalg.LinAlgError:
        return False
    spread = np.std(columns, axis=0)
    return bool((variances > 0).all() and (np.sqrt(variances) * spread < _MODERATE).all())


def separating_columns(columns: Array, at_lower: Mask, at_upper: Mask) -> tuple[int, ...]:
    """Return the columns that together separate, the constant left out; empty if nothing does.

    `at_lower` and `at_upper` say which rows' outcomes are at a bound that the model approaches but never reaches.
    """
    from scipy.optimize import linprog  # here, because it takes long to load and estimates are mostly seen to be finite

    scaled = columns / np.linalg.norm(columns, axis=0) * np.sqrt(len(columns))
    towards = scaled * (at_upper.astype(float) - at_lower.astype(float))[:, None]
    bound, free = towards[at_lower | at_upper], scaled[~(at_lower | at_upper)]
    answer = linprog(
        -bound.sum(axis=0),
        A_ub=-bound,
        b_ub=np.zeros(len(bound)),
        A_eq=free if len(free) else None,
        b_eq=np.zeros(len(free)) if len(free) else None,
        bounds=(-1, 1),
        method="highs",
    )
    if answer.status != 0 or -answer.fun <= _SOLVER_TOLERANCE:
        return ()
    moving = np.flatnonzero(np.abs(answer.x) > _SOLVER_TOLERANCE)
    return tuple(int(index) for index in moving if np.ptp(columns[:, index]) > 0)
