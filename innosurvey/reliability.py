"""How far an estimate can be relied on: good, use with caution, unreliable.

For amounts, means, ratios and quantiles the coefficient of variation decides, by the bands of Statistics Canada (16.5
and 33.3 percent). For shares it would mislead: of a share near 0 it is large although the share is known to a point,
and of one near 100 it is small whatever the sample. A share is judged by its interval, as the U.S. National Center for
Health Statistics does (Parker et al. 2017): one of at most 5 points is good, one of 30 is not to be relied on. Between
them it is to be used with caution where the interval is long (20 points), or wide beside the share: a coefficient of
variation of 33.3 percent is their relative width of 130 percent. That is taken of the *rarer* answer, so that a share
and its complement get one verdict.
"""

from typing import Literal

from innosurvey.design_rules import ReliabilityRules

Reliability = Literal["good", "use with caution", "unreliable"]
WHOLE = 100.0


def reliability(
    is_share: bool, precision: tuple[float, float, float], size: float, rules: ReliabilityRules
) -> Reliability:
    """Return the verdict on an estimate with (se, lower, upper).

    `size` is what its error is measured by: the share itself, or the typical amount (see `cv_against`).
    """
    se, lower, upper = precision
    if not is_share:
        return _by_cv(cv_against(se, size), rules)
    length = upper - lower
    if length <= rules.share_narrow:
        return "good"
    if length >= rules.share_unreliable:
        return "unreliable"
    rarer = min(size, WHOLE - size)  # none where nobody, or everybody, says yes
    doubtful = length >= rules.share_caution or rarer <= 0 or cv_against(se, rarer) > rules.unreliable
    return "use with caution" if doubtful else "good"


def cv_against(se: float, size: float) -> float:
    """Return the standard error in percent of a size; infinite where that is zero and the error is not.

    The size is the estimate. Where a variable takes both signs (growth, balances) its mean can be near zero however
    well it is known; there it is the estimate of the absolute values.
    """
    if size == 0:
        return 0.0 if se == 0 else float("inf")
    return 100 * se / abs(size)


def _by_cv(cv: float, rules: ReliabilityRules) -> Reliability:
    if cv > rules.unreliable:
        return "unreliable"
    return "use with caution" if cv > rules.caution else "good"
