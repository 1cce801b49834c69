"""What the engines with several equations share: names, obstacles, and the first probit."""

from collections.abc import Iterable

import numpy as np

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.collinearity import redundant_columns
from innosurvey.models.estimates import NotEstimated, Test
from innosurvey.models.kernels.binary import Link, distance_to_bounds, fit_binary
from innosurvey.models.kernels.index import Fitted
from innosurvey.models.kernels.newton import ITERATIONS
from innosurvey.models.matrix import Block
from innosurvey.models.separation import separating_columns

ENGINE = "innosurvey Newton"
# Rows on either side of a limit or a choice that an estimate needs, and below which they are not counted in print.
FEWEST = 10
# A fitted probability this close to its bound is where an estimate that runs away stops.
_AT_THE_BOUND = 1e-6


def counted(name: str, rows: Mask) -> tuple[Test, ...]:
    """Return how many rows are meant as a diagnostic, unless so few are, or are not, that it might tell on a firm."""
    count = int(rows.sum())
    if min(count, len(rows) - count) < FEWEST:
        return ()
    return (Test(name=name, statistic=float(count), note=f"of {len(rows)} rows"),)


def prefixed(equation: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the terms of a further equation: `selection/educ`."""
    return tuple(f"{equation}/{name}" for name in names)


def fitted_binary(outcome: Array, block: Block, weights: Array | None, described: str, link: Link = "probit") -> Fitted:
    """Return a probit or logit of an outcome (n,) on a block.

    NotEstimated, with `described` (the participation equation) in the reason, if the outcome is not 0/1 or does not
    vary, under separation, or without convergence.
    """
    if not np.isin(outcome, (0.0, 1.0)).all():
        raise NotEstimated(f"the outcome of {described} must be 0 or 1")
    if np.ptp(outcome) == 0:
        raise NotEstimated(f"the outcome of {described} is {'1' if outcome[0] else '0'} for all firms")
    fail_if_dependent(block, described)
    fitted = fit_binary(outcome, block.columns, weights, link)
    if not fitted.converged or distance_to_bounds(block.columns @ fitted.params, link) < _AT_THE_BOUND:
        columns = separating_columns(block.columns, outcome == 0, outcome == 1)
        if columns:
            raise NotEstimated(f"separation in {described} by {', '.join(block.names[index] for index in columns)}")
    fail_if_not_converged(fitted, described)
    return fitted


def fail_if_not_converged(fitted: Fitted, described: str) -> None:
    """NotEstimated if a search has not arrived."""
    if fitted.converged:
        return
    if fitted.iterations < ITERATIONS:
        raise NotEstimated(f"no convergence of {described}: no step climbs after {fitted.iterations} iterations")
    raise NotEstimated(f"no convergence of {described} after {ITERATIONS} iterations")


def fail_if_dependent(block: Block, described: str, rows: Mask | None = None) -> None:
    """NotEstimated if on these rows (all, if None) some columns are explained by others."""
    columns = block.columns if rows is None else block.columns[rows]
    redundant = redundant_columns(columns)
    if redundant:
        raise NotEstimated(f"collinear in {described}: {', '.join(block.names[found.column] for found in redundant)}")
