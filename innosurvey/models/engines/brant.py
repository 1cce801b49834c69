"""Do the slopes of an ordered logit differ between the cut points? The test of Brant (1990), Biometrics 46.

A logit of "above the cut" is fitted for each cut. If the odds are proportional, all have the same slopes; the Wald
statistic of their differences is chi-squared. The covariance of the logits of two cuts j < l has the middle
X' diag(π_l - π_j π_l) X, since whoever is above the higher cut is above the lower one.
"""

from math import inf

import numpy as np
from scipy.special import expit

from innosurvey.distributions import chi_squared_test
from innosurvey.models.arrays import Array, Codes
from innosurvey.models.engines.likelihood import AT_THE_BOUND
from innosurvey.models.estimates import Test
from innosurvey.models.kernels.multinomial import fit_multinomial
from innosurvey.models.separation import separating_columns

_NAME = "proportional odds (Brant)"


def proportional_odds_test(design: Array, codes: Codes) -> tuple[tuple[Test, ...], tuple[str, ...]]:
    """Return the test of all slopes at once, or a note if a logit of one cut is separated; `design` has no constant."""
    columns = np.column_stack([np.ones(len(codes)), design])
    params, chances, breads = [], [], []
    for cut in range(int(codes.max())):
        above = codes > cut
        logit = fit_multinomial(columns, above.astype(np.intp), np.ones(len(codes)))
        chance = expit(columns @ logit.params)
        extreme = not logit.converged or min(chance.min(), 1 - chance.max()) < AT_THE_BOUND
        if extreme and separating_columns(columns, ~above, above):
            return (), (f"{_NAME}: not available, a regressor separates the firms at one cut point",)
        params.append(logit.params)
        chances.append(chance)
        breads.append(np.linalg.inv(logit.information))
    k = design.shape[1]
    covariance = _covariance(columns, chances, breads)
    differences = np.kron(np.eye(len(params) - 1, len(params), 1), np.eye(k))
    differences[:, :k] = -np.kron(np.ones((len(params) - 1, 1)), np.eye(k))
    gaps = differences @ np.concatenate([part[1:] for part in params])
    statistic = float(gaps @ np.linalg.solve(differences @ covariance @ differences.T, gaps))
    df = float(len(gaps))
    note = "small p: the slopes differ between the cut points"
    return (Test(name=_NAME, statistic=statistic, df=df, df2=inf, p=chi_squared_test(statistic, df), note=note),), ()


def _covariance(columns: Array, chances: list[Array], breads: list[Array]) -> Array:
    """Return the joint covariance of the slopes of all logits, their constants left out."""

    def between(low: int, high: int) -> Array:
        together = chances[high] - chances[low] * chances[high]
        middle = columns.T @ (columns * together[:, None])
        return np.asarray((breads[low] @ middle @ breads[high])[1:, 1:])

    cuts = range(len(breads))
    return np.block([[between(j, m) if j <= m else between(m, j).T for m in cuts] for j in cuts])
