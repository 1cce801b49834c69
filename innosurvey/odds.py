"""The odds ratio of a two-by-two table with few firms: Firth's penalised likelihood, interval by profile.

Where one group has no yes (or no no), the odds ratio that maximises the likelihood is infinite. Firth's penalty, half
the logarithm of the information's determinant, keeps it finite. For two groups the penalised likelihood is that of the
table with half a firm added to each cell, so that the estimate is the log odds ratio of that table; the interval holds
the values whose penalised likelihood, the other parameter free, is not clearly lower: 2 (l(β̂) - l(β)) ≤ χ².

Sources: Firth (1993), Biometrika 80; Heinze and Schemper (2002), Stat. Med. 21; Haldane (1955), Ann. Hum. Genet. 20.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, log_expit, logit

from innosurvey.distributions import chi_squared_quantile

Table = tuple[tuple[int, int], tuple[int, int]]
FAR = 60.0
"""The log odds ratio beyond which no interval of a survey ends: the search stops there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOdds:
    """The log of the odds ratio, group against reference, with its interval."""

    estimate: float
    lower: float
    upper: float


def firth_log_odds(table: Table, confidence: float) -> LogOdds:
    """Return the penalised log odds ratio of (yes, no) of the group and (yes, no) of the reference."""
    (a, b), (c, d) = np.asarray(table, dtype=float) + 0.5
    estimate = float(np.log(a * d / (b * c)))
    allowed = _log_likelihood(estimate, (a, b, c, d)) - chi_squared_quantile(confidence, 1) / 2

    def distance(value: float) -> float:
        return _log_likelihood(value, (a, b, c, d)) - allowed

    return LogOdds(
        estimate=estimate,
        lower=float(brentq(distance, estimate - FAR, estimate)),
        upper=float(brentq(distance, estimate, estimate + FAR)),
    )


def _log_likelihood(log_odds: float, cells: tuple[float, float, float, float]) -> float:
    """Return the profile of the penalised log likelihood: the reference's logit is the best one for this log odds."""
    a, b, c, d = cells

    def score(base: float) -> float:
        return float((a + c) - (a + b) * expit(base + log_odds) - (c + d) * expit(base))

    middle = float(logit((a + c) / (a + b + c + d)))
    base = brentq(score, middle - abs(log_odds) - 1, middle + abs(log_odds) + 1, xtol=1e-12)
    one = base + log_odds
    return float(a * log_expit(one) + b * log_expit(-one) + c * log_expit(base) + d * log_expit(-base))
