"""Entropy balancing: weights as even as can be under which the means of the covariates are exactly alike.

Hainmueller (2012): of all weights of an arm whose weighted covariates have the target's means, those closest to the
given weights in entropy are w exp(a + b'x). They solve Σ w exp(a + b'x) (1, x) = the target's sums, the first-order
condition of a convex dual, by Newton's method. Zhao and Percival (2017): on the treated these are the odds of a logit
propensity fitted by balance instead of likelihood, which is also how the effect's standard error comes about: the
balance conditions are moments like any other.
"""

import numpy as np
from scipy.optimize import linprog

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.kernels.moments import Moments, stacked
from innosurvey.models.kernels.weighting import Arms

_ITERATIONS = 200
# Largest difference of a standardised mean that is still balance: rounding of sums over some thousand rows.
_EXACT = 1e-10


def balanced(treated: Mask, columns: Array, weights: Array, effect: str, names: tuple[str, ...]) -> Arms:
    """Return the arms whose means of `columns` (n, q, the constant first) are those of the treated (`att`) or of all
    (`ate`). NotEstimated, with the names of what can't be balanced, if no weights do that.
    """
    scale = np.where(columns.std(axis=0) > 0, columns.std(axis=0), 1.0)
    shifted = columns / scale
    shifted[:, 1:] -= shifted[:, 1:].mean(axis=0)
    target = np.where(treated, weights, 0.0) if effect == "att" else weights
    controls, to_controls = _tilt(~treated, shifted, weights, target, names)
    if effect == "att":
        nothing = np.zeros_like(to_controls.scores)
        return Arms(
            treated=target,
            controls=controls,
            treated_slopes=nothing,
            controls_slopes=shifted * controls[:, None],
            first=to_controls,
        )
    others, to_treated = _tilt(treated, shifted, weights, target, names)
    empty = np.zeros_like(shifted)
    return Arms(
        treated=others,
        controls=controls,
        treated_slopes=np.column_stack([empty, shifted * others[:, None]]),
        controls_slopes=np.column_stack([shifted * controls[:, None], empty]),
        first=stacked(to_controls, to_treated),
    )


def _tilt(arm: Mask, columns: Array, weights: Array, target: Array, names: tuple[str, ...]) -> tuple[Array, Moments]:
    """Return the arm's weights (n,), zero elsewhere, under which its sums of the columns are the target's, and the
    moments of the tilt.
    """
    base = np.where(arm, weights, 0.0)
    sums = target @ columns
    params = np.zeros(columns.shape[1])
    params[0] = np.log(target.sum() / base.sum()) / columns[0, 0]
    for _ in range(_ITERATIONS):
        tilted = base * np.exp(columns @ params)
        gap = sums - tilted @ columns
        jacobian = columns.T @ (columns * tilted[:, None])
        if np.abs(gap).max() <= _EXACT * target.sum():
            scores = columns * (target - tilted)[:, None]
            return tilted, Moments(params=params, scores=scores, jacobian=jacobian)
        step = np.linalg.lstsq(jacobian, gap, rcond=None)[0]
        shorter = _downhill(base, columns, sums, params, step)
        if shorter is None:
            break
        params = params + shorter
    raise NotEstimated(_why_not(columns[arm], sums / target.sum(), names))


def _downhill(base: Array, columns: Array, sums: Array, params: Array, step: Array) -> Array | None:
    """Return the step, halved until the dual Σ w exp(x'b) - b'sums falls; None if it never does."""

    def dual(at: Array) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            return float(base @ np.exp(columns @ at) - sums @ at)

    before = dual(params)
    for _ in range(60):
        if dual(params + step) <= before + 1e-12 * abs(before):
            return step
        step = step / 2
    return None


def _why_not(rows: Array, means: Array, names: tuple[str, ...]) -> str:
    """Return the reason in words: the covariates whose target lies outside the arm, or that they fail together."""
    outside = [
        name
        for name, values, mean in zip(names, rows.T, means, strict=True)
        if mean < values.min() - 1e-9 or mean > values.max() + 1e-9
    ]
    if outside:
        return f"no weights balance {', '.join(outside)}"
    answer = linprog(np.zeros(len(rows)), A_eq=rows.T, b_eq=means, bounds=(0, None), method="highs")
    if answer.status == 2:
        return "no weights balance all covariates at once; leave some out"
    return f"entropy balancing did not converge after {_ITERATIONS} iterations"
