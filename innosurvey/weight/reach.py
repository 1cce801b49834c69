"""Why a calibration can't be met: which totals are out of reach, by how much, and what the answers can reach."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from innosurvey.errors import DataError, bullets
from innosurvey.weight.calibrate import Solution, bounds_of
from innosurvey.weight.margins import Margins
from innosurvey.weight.spec import CalibrationSpec, WeightSpec

NEAR = 1e-6
"""Relative shortfall below which a total counts as reached by the nearest weights."""


def fail_if_not_reached(margins: Margins, weights: np.ndarray, solution: Solution, weighting: WeightSpec) -> None:
    """Raise a DataError that names the totals that no weights within the bounds reach."""
    spec = weighting.calibrate
    assert spec is not None
    lines = _out_of_reach(margins, weights, spec) or _jointly_out_of_reach(margins, weights, spec)
    bounds = f"bounds [{spec.bounds[0]:g}, {spec.bounds[1]:g}]" if spec.bounds else "no bounds"
    if not lines:
        worst = int(np.abs(solution.missed).argmax())
        off = f"{_named(margins, worst)} is still off by {abs(solution.missed[worst]):.2g}"
        raise DataError(
            f"weights.calibrate: {spec.method} with {bounds} did not come to the totals in {solution.steps} steps; "
            f"{off}.\n"
            "Raise `max_iterations:`, widen the bounds, or merge cells with few firms."
        )
    trim = ", trim less (`trim:`)" if weighting.trim else ""
    first = "Widen `bounds:`" if spec.bounds else "Correct the totals (are they of the same firms, in the same unit?)"
    raise DataError(
        f"weights.calibrate: {spec.method} with {bounds} can't bring the weights to these totals:\n{bullets(lines)}\n"
        f"{first}{trim}, merge the cell with a neighbour (a coarser column in `by:`), or drop the margin."
    )


def fail_if_weights_are_negative(solution: Solution) -> None:
    """Raise a DataError where the linear method without bounds has turned weights negative: no firm stands for that."""
    negative = int((solution.factors < 0).sum())
    if negative:
        raise DataError(
            f"weights.calibrate: linear without bounds makes the weights of {negative} of {len(solution.factors)} "
            f"firms negative (factors down to {solution.factors.min():.3g}).\n"
            "Set `bounds:`, such as [0.3, 3], or take `method: raking`."
        )


def _out_of_reach(margins: Margins, weights: np.ndarray, spec: CalibrationSpec) -> list[str]:
    """Return the totals that can't be met even on their own."""
    low, high = bounds_of(spec)
    now, totals = np.asarray(margins.x.T @ weights).ravel(), margins.totals
    least = low * now if np.isfinite(low) else np.full_like(now, -np.inf)
    most = high * now if np.isfinite(high) else np.full_like(now, np.inf)
    most = np.where(now == 0, 0.0, most)  # factors without a bound still need a firm
    lines = []
    for cell in np.flatnonzero((totals < least * (1 - 1e-12)) | (totals > most * (1 + 1e-12)) | (totals <= 0)):
        total = totals[cell]
        nearest = least[cell] if total < least[cell] else most[cell]
        by = f", {abs(nearest / total - 1):.1%} off" if total and np.isfinite(nearest) else ""
        lines.append(
            f"{_named(margins, int(cell))}: total {total:,.6g}; the answers reach {least[cell]:,.6g} to "
            f"{most[cell]:,.6g}{by}"
        )
    return lines


def _jointly_out_of_reach(margins: Margins, weights: np.ndarray, spec: CalibrationSpec) -> list[str]:
    """Return the totals that must be missed where each on its own could be met: those that the nearest weights within
    the bounds miss (least sum of relative differences, a linear programme).
    """
    from scipy import optimize  # here: only a calibration that fails needs it

    low, high = bounds_of(spec)
    cells = len(margins.cells)
    parts = sparse.csr_array(margins.x * (1 / margins.totals)[None, :])
    identity = sparse.identity(cells, format="csr")
    equations = sparse.hstack([(parts * weights[:, None]).T, identity, -identity], format="csr")
    costs = np.concatenate([np.zeros(len(weights)), np.ones(2 * cells)])
    limits = [(low if np.isfinite(low) else None, high if np.isfinite(high) else None)] * len(weights)
    found = optimize.linprog(
        costs, A_eq=equations, b_eq=np.ones(cells), bounds=[*limits, *[(0, None)] * (2 * cells)], method="highs"
    )
    if found.x is None:
        return []
    short = found.x[len(weights) : len(weights) + cells] - found.x[len(weights) + cells :]
    totals = margins.totals
    return [
        f"{_named(margins, int(cell))}: total {totals[cell]:,.6g}; together with the other totals the answers reach "
        f"{totals[cell] * (1 - short[cell]):,.6g} at the nearest, {abs(short[cell]):.1%} off"
        for cell in np.flatnonzero(np.abs(short) > NEAR)
    ]


def _named(margins: Margins, cell: int) -> str:
    row = margins.cells.iloc[cell]
    return f"{row['margin']}, cell {row['cell']}"
