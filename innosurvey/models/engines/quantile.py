"""Quantile regression (Koenker and Bassett 1978), by the package's own linear programme.

statsmodels' QuantReg reweights until nothing moves, which leaves coefficients with about five digits, and has no
weights. Here each quantile is an exact vertex, and its scores sum to zero. Robust and clustered errors come from the
scores and the kernel estimate of X'fX (Powell 1991); classical errors hold only if the errors have one distribution on
all rows. Several quantiles are estimated side by side, so that their differences have standard errors.
"""

import numpy as np
import scipy

from innosurvey.models.arrays import Array
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.kernels.quantile import Quantile, fit_quantile
from innosurvey.models.sample import Sample


def fit_quantiles(sample: Sample) -> Estimates:
    """Return the quantiles that `options["quantiles"]` lists; terms are `x`, or `q25/x` where there are several.

    `r2` is 1 - the loss over that of a constant (Koenker and Machado 1999), for one quantile. Raises NotEstimated if
    the linear programme has no solution.
    """
    taus = tuple(float(tau) for tau in sample.options["quantiles"])
    design = sample.exogenous.columns
    weights = np.ones(len(design)) if sample.weights is None else sample.weights
    found = [_solved(design, sample.outcome, tau, weights) for tau in taus]
    prefixes = [f"q{100 * tau:g}/" if len(taus) > 1 else "" for tau in taus]
    unsure = [f"{tau:g}" for tau, quantile in zip(taus, found, strict=True) if not quantile.unique]
    warnings = (f"several planes fit the quantile equally well: {', '.join(unsure)}",) if unsure else ()
    return Estimates(
        terms=tuple(prefix + name for prefix in prefixes for name in sample.exogenous.names),
        params=np.concatenate([quantile.params for quantile in found]),
        scores=np.hstack([quantile.scores for quantile in found]),
        information=scipy.linalg.block_diag(*(quantile.information for quantile in found)),
        design=design,
        linear=False,
        loglik=float("nan"),
        r2=_fit(sample.outcome, taus[0], weights, found[0]) if len(taus) == 1 else float("nan"),
        model_based=_identical_errors(design, taus, found),
        warnings=warnings,
        engine=f"innosurvey quantile regression (HiGHS of scipy {scipy.__version__})",
    )


def _solved(design: Array, outcome: Array, tau: float, weights: Array) -> Quantile:
    found = fit_quantile(design, outcome, tau, weights)
    if found is None:
        raise NotEstimated(f"the linear programme of quantile {tau:g} has no solution")
    if not np.isfinite(found.sparsity):
        raise NotEstimated(f"the residuals of quantile {tau:g} do not spread: no standard error")
    return found


def _identical_errors(design: Array, taus: tuple[float, ...], found: list[Quantile]) -> Array:
    """Return (min(τ, τ') - ττ') s s' (X'X)⁻¹ for all pairs of quantiles, s the sparsity (Koenker 2005, section 3.2)."""
    levels = np.array(taus)
    sparsities = np.array([quantile.sparsity for quantile in found])
    between = (np.minimum.outer(levels, levels) - np.outer(levels, levels)) * np.outer(sparsities, sparsities)
    return np.kron(between, np.linalg.inv(design.T @ design))


def _fit(outcome: Array, tau: float, weights: Array, found: Quantile) -> float:
    null = _solved(np.ones((len(outcome), 1)), outcome, tau, weights)
    return 1 - found.loss / null.loss
