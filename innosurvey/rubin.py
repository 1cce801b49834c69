"""Rubin's rules: one estimate from those of several imputations, with what the missing answers cost it.

Each of M completed surveys gives an estimate Q and its variance U. Their mean is the estimate; its variance is the mean
variance within plus the variance between, a little enlarged because M is finite:

    T = Ū + (1 + 1/M) B

The degrees of freedom are those of Barnard and Rubin, which never exceed those that the complete survey would have had.
Where the imputations agree to the last digit, nothing was missing, and the complete survey's degrees of freedom stay.

Sources: Rubin (1987), Multiple Imputation for Nonresponse in Surveys, ch. 3; Barnard and Rubin (1999), Biometrika 86.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Numbers = Sequence[float] | np.ndarray
AGREE = 1e-12
"""A variance between below this share of the estimate's square is the rounding of sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """The combined estimate, its standard error and degrees of freedom, and `fmi`, the fraction of missing information
    (0 to 1).
    """

    estimate: float
    se: float
    df: float
    fmi: float


def combine(estimates: Numbers, variances: Numbers, df: Numbers | float) -> Combined:
    """Return the combination of M ≥ 2 estimates with their variances; `df` are the complete survey's degrees of freedom
    (their mean where imputations differ; infinite for a normal test).

    NaN where an estimate or variance is not a number.
    """
    q, u = np.asarray(estimates, dtype="float64"), np.asarray(variances, dtype="float64")
    if q.size < 2 or q.size != u.size:
        raise ValueError("combining needs two imputations or more, each with an estimate and a variance")
    complete = float(np.mean(df))
    within, between = float(u.mean()), float(q.var(ddof=1))
    if between <= AGREE * max(float(q.mean()) ** 2, within):
        return Combined(estimate=float(q.mean()), se=float(np.sqrt(within)), df=complete, fmi=0.0)
    added = (1 + 1 / q.size) * between
    total = within + added
    # Without an error within (a census) the sample's size limits nothing.
    freedom = barnard_rubin(added / total, q.size, complete if within > 0 else np.inf)
    increase = added / within if within > 0 else np.inf
    fmi = (increase + 2 / (freedom + 3)) / (increase + 1) if np.isfinite(increase) else 1.0
    return Combined(estimate=float(q.mean()), se=float(np.sqrt(total)), df=freedom, fmi=float(min(fmi, 1.0)))


def barnard_rubin(share: float, count: int, complete: float) -> float:
    """Return the degrees of freedom of `count` imputations whose variance is to the `share` λ = (1 + 1/M) B / T that
    between them: ν_m ν_obs / (ν_m + ν_obs), ν_m = (M - 1) / λ², ν_obs = (ν + 1) / (ν + 3) · ν (1 - λ).
    """
    of_draws = (count - 1) / share**2
    if np.isinf(complete):
        return float(of_draws)
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    return float(of_draws * observed / (of_draws + observed)) if observed > 0 else 0.0
