"""Estimates as the roots of stacked moments, and what becomes of them when some are not to be shown.

Several steps (a propensity, then an effect that uses it) are one set of moments ψ whose sums are zero. The covariance
of all parameters is J⁻¹ S J⁻ᵀ, with J minus the derivative of the summed moments and S the sum of their outer products
(Newey and McFadden 1994; Stefanski and Boos 2002), so that the first step's error is in the second's standard error.
"""

from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Parameters (k,), the moments of each row (n, k), which sum to zero, and their Jacobian (k, k): minus the
    derivative of the sums, a row per moment and a column per parameter.
    """

    params: Array
    scores: Array
    jacobian: Array

    def only(self, first: int) -> "Moments":
        """Return the first parameters alone, with the moments that give them the covariance they have in the full
        stack: what the other parameters' errors add to each row is put into its moment (the Schur complement of J).
        """
        shown, hidden = slice(None, first), slice(first, None)
        across = np.linalg.solve(self.jacobian[hidden, hidden].T, self.jacobian[shown, hidden].T).T
        return Moments(
            params=self.params[shown],
            scores=self.scores[:, shown] - self.scores[:, hidden] @ across.T,
            jacobian=self.jacobian[shown, shown] - across @ self.jacobian[hidden, shown],
        )


def stacked(first: Moments, second: Moments) -> Moments:
    """Return two sets of moments that share no parameter as one."""
    k = len(first.params)
    jacobian = np.zeros((k + len(second.params),) * 2)
    jacobian[:k, :k], jacobian[k:, k:] = first.jacobian, second.jacobian
    return Moments(
        params=np.concatenate([first.params, second.params]),
        scores=np.column_stack([first.scores, second.scores]),
        jacobian=jacobian,
    )


def least_squares(outcome: Array, columns: Array, weights: Array) -> Moments:
    """Return weighted least squares; a row of weight zero takes no part."""
    root = np.sqrt(weights)
    params = np.linalg.lstsq(columns * root[:, None], outcome * root, rcond=None)[0]
    residuals = outcome - columns @ params
    return Moments(
        params=params,
        scores=columns * (weights * residuals)[:, None],
        jacobian=columns.T @ (columns * weights[:, None]),
    )
