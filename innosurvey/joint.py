"""The joint covariance of several estimates of one sample: what a test of several groups at once rests on.

Estimates of groups covary through common strata and through firms seen in several waves. Each is a sum of linearised
values (`linearise.py`); the covariance of the sums is the matrix version of `Design.variance`, with the same rules for
finite populations, calibrated weights, pooled waves and strata with a single firm. Its diagonal is those variances.
Where all estimates carry the deviations of replicates, the covariance is taken from these.

`wald_f` tests with it whether linear contrasts of the estimates are all zero: W = d'(V d)⁻¹d of k contrasts d, as
F = W (ν - k + 1) / (ν k) on k and ν - k + 1 degrees of freedom, ν those of the design (Korn and Graubard 1990).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from innosurvey.design import Design
from innosurvey.distributions import f_test
from innosurvey.linearise import Linearised

SINGULAR = 1e-10
"""Below this part of the largest eigenvalue (estimates scaled to variance one) the covariance has no inverse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaldF:
    """Wald's test of several contrasts at once, as an F."""

    value: float
    df1: float
    df2: float

    @property
    def p(self) -> float:
        """Return the p-value."""
        return f_test(self.value, self.df1, self.df2)


def joint_covariance(design: Design, estimates: Sequence[Linearised]) -> np.ndarray:
    """Return the covariance matrix of the estimates, whose linearised values all stand on the design's rows."""
    deviations = [one.deviations for one in estimates]
    if design.frame is not None and design.frame.replicates is not None and all(one is not None for one in deviations):
        return _replicate_covariance(design, np.column_stack([one for one in deviations if one is not None]))
    return covariance(design, np.column_stack([one.influence for one in estimates]))


def covariance(design: Design, influence: np.ndarray) -> np.ndarray:
    """Return the covariance matrix of weighted sums of linearised values (rows × estimates)."""
    per_firm = np.stack([design.sums_of_firms(design.weight * column) for column in influence.T], axis=-1)
    of_wave = per_firm.transpose(1, 0, 2)
    totals = [_by_stratum(design, values) for values in of_wave]
    means = [total / design.sizes[:, None] for total in totals]
    deviations = [values - mean[design.firm_stratum] for values, mean in zip(of_wave, means, strict=True)]
    alone = design.sizes == 1
    spread = np.where(alone, 0.0, design.sizes / np.where(alone, 1.0, design.sizes - 1))
    found = np.zeros((influence.shape[1],) * 2)
    for one, two in product(range(len(of_wave)), repeat=2):
        factor = spread * design.correction(one, two)
        unseen = factor * (design.sizes - design.known_firms)  # the sampled firms that the slice does not hold
        found += deviations[one].T @ (factor[design.firm_stratum, None] * deviations[two])
        found += means[one].T @ (unseen[:, None] * means[two])
    return found + _lonely_covariance(design, np.sum(totals, axis=0), found)


def _by_stratum(design: Design, values: np.ndarray) -> np.ndarray:
    return np.column_stack(
        [np.bincount(design.firm_stratum, weights=column, minlength=design.sizes.size) for column in values.T]
    )


def _lonely_covariance(design: Design, totals: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return what the strata with a single sampled firm add, by the rules of `Design`."""
    involved = np.ones(design.sizes.size, dtype=bool) if design.calibrated else design.occupied
    alone = involved & (design.sizes == 1) & (design.fractions < 1)
    if design.lonely == "certainty" or not alone.any():
        return np.zeros_like(others)
    if design.lonely == "average":
        left = np.count_nonzero(involved & ~alone)
        return others * (np.count_nonzero(alone) / left) if left else np.zeros_like(others)
    centred = totals[alone] - totals[involved].sum(axis=0) / design.sizes[involved].sum()
    return centred.T @ ((1 - design.fractions[alone])[:, None] * centred)


def _replicate_covariance(design: Design, deviations: np.ndarray) -> np.ndarray:
    """Return the covariance from the replicates' deviations (replicates × estimates); those in which an estimate has
    no value are stood for by the others.
    """
    scales = design.frame.replicates.scales  # type: ignore[union-attr]  # who has deviations has these
    known = np.isfinite(deviations).all(axis=1)
    if not known.any():
        return np.full((deviations.shape[1],) * 2, np.nan)
    kept, rows = scales[known], deviations[known]
    return rows.T @ (kept[:, None] * rows) * (scales.sum() / kept.sum())


def wald_f(estimates: np.ndarray, contrasts: np.ndarray, spread: np.ndarray, df: int) -> WaldF | None:
    """Return the test that all contrasts (rows, over the estimates with the covariance `spread`) are zero; None where
    theirs has no inverse, or the design has fewer degrees of freedom than contrasts.
    """
    k, found = len(contrasts), contrasts @ spread @ contrasts.T
    if df < k or not is_invertible(found):
        return None
    distance = contrasts @ estimates
    statistic = float(distance @ np.linalg.solve(found, distance))
    return WaldF(value=statistic * (df - k + 1) / (df * k), df1=float(k), df2=float(df - k + 1))


def is_invertible(found: np.ndarray) -> bool:
    """Return whether a covariance matrix has an inverse that is more than rounding."""
    spread = np.sqrt(np.diag(found))
    if not (np.isfinite(found).all() and (spread > 0).all()):
        return False
    values = np.linalg.eigvalsh(found / np.outer(spread, spread))
    return bool(values.min() > SINGULAR * values.max())
