"""The one shape in which every engine answers.

An engine hands back its parameters together with the score of each row and the information matrix (minus the Hessian of
what it maximises), so that one sandwich in `covariance.py` serves all of them.
"""

from dataclasses import dataclass

from innosurvey.models.arrays import Array


class NotEstimated(Exception):
    """A model can't be estimated on these firms. The fit becomes a row whose status is the reason; nothing stops."""

    @property
    def reason(self) -> str:
        """Why, in a few words, without a firm's answers."""
        return str(self.args[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """What an engine found.

    `scores` has a row per observation and a column per parameter, and sums to zero at the estimate. `information` is
    X'X for least squares (whose classical covariance is `dispersion` times its inverse) and minus the Hessian of the
    log-likelihood otherwise. `design` holds the regressors as the engine used them (demeaned under fixed effects). `r2`
    is within firms under fixed effects and McFadden's for likelihoods; `loglik` and `r2` are NaN where they mean
    nothing.
    """

    terms: tuple[str, ...]
    params: Array
    scores: Array
    information: Array
    design: Array
    rss: float = float("nan")
    linear: bool
    loglik: float
    r2: float
    converged: bool = True
    warnings: tuple[str, ...] = ()
    engine: str
