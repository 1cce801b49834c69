"""Statistics as sums over firms: point estimates, their linearised values, and intervals.

A weighted mean, ratio or quantile is no sum, but near its value it moves like one. The *linearised value* u_i of a firm
is how much the estimate moves per unit of the firm's weight (Deville 1999), so that Var(estimate) ≈ Var(Σ w_i u_i),
which `design.py` knows:

    total     Y = Σ w y               u = y
    mean      M = Y / Σ w             u = (y - M) / Σ w
    ratio     R = Σ w y / Σ w x       u = (y - R x) / Σ w x
    quantile  F(Q) = p                u = -(1{y ≤ Q} - F(Q)) / (f(Q) Σ w),  1/f(Q) taken from Woodruff's interval

Where the design has replicate weights, an estimate carries its *deviations* in the replicates, too, and its variance
comes from those. A quantile's are those of F(Q), over f(Q): the variance of a jackknifed quantile itself is wrong in
large samples, too, that of a share is right (Shao and Wu 1989).

A share is the mean of a 0/1 variable. Its interval is made on the logit scale and so stays inside 0 and 1; where no
firm or every firm says yes the linearised variance is zero, and Wilson's score interval with the effective number of
firms takes its place.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from innosurvey.design import Design, kish_effect
from innosurvey.distributions import t_quantile

# Below this share of the estimate a standard error is the rounding of sums, not sampling: a constant variable has none.
ROUNDING = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linearised:
    """A point estimate and the linearised value of each row, in the estimate's unit per unit of weight; `deviations`
    are those of the replicates from the estimate, where there are any.
    """

    estimate: float
    influence: np.ndarray
    deviations: np.ndarray | None = None

    def times(self, factor: float) -> "Linearised":
        """Return the estimate in another unit."""
        if factor == 1:
            return self
        return Linearised(
            estimate=self.estimate * factor,
            influence=self.influence * factor,
            deviations=None if self.deviations is None else self.deviations * factor,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantile:
    """A weighted quantile with Woodruff's interval; `lower` and `upper` are NaN where the sample is too small for
    one.
    """

    linearised: Linearised
    se: float
    lower: float
    upper: float


def linearise_total(y: np.ndarray, weight: np.ndarray) -> Linearised:
    """Return Σ w y."""
    return Linearised(estimate=float((weight * y).sum()), influence=y)


def linearise_mean(y: np.ndarray, weight: np.ndarray) -> Linearised:
    """Return the weighted mean. The weights must not sum to zero."""
    population = weight.sum()
    mean = (weight * y).sum() / population
    return Linearised(estimate=float(mean), influence=(y - mean) / population)


def linearise_ratio(y: np.ndarray, x: np.ndarray, weight: np.ndarray) -> Linearised:
    """Return the ratio of the weighted totals of y and x. The total of x must not be zero."""
    denominator = (weight * x).sum()
    ratio = (weight * y).sum() / denominator
    return Linearised(estimate=float(ratio), influence=(y - ratio * x) / denominator)


def linearise_quantile(y: np.ndarray, design: Design, confidence: float, at: float = 0.5) -> Quantile:
    """Return the weighted quantile where the distribution reaches `at`, with the interval that Woodruff (1952) reads
    off the distribution function.

    `se` is the interval's length over twice the t quantile, and the density in the linearised values is the one that
    gives this `se`.
    """
    curve = _distribution(y, design.weight)
    quantile = _quantile(curve, at)
    is_below = (y <= quantile).astype(float)
    below = with_replicates(linearise_mean(is_below, design.weight), is_below, np.ones(y.size), design)
    se_share = standard_error(design, below)
    reach = t_quantile(confidence, design.degrees_of_freedom) * se_share
    too_small = not reach < min(at, 1 - at)
    lower, upper = (np.nan, np.nan) if too_small else (_quantile(curve, at - reach), _quantile(curve, at + reach))
    slope = (upper - lower) / (2 * reach) if reach > 0 else 0.0
    turned = below.times(-slope)
    return Quantile(
        linearised=replace(turned, estimate=quantile),
        se=slope * se_share,
        lower=lower,
        upper=upper,
    )


def with_replicates(linearised: Linearised, y: np.ndarray, x: np.ndarray | None, design: Design) -> Linearised:
    """Return the estimate with its deviations in the design's replicates, if it has any: of Σ w y over Σ w x, or of the
    total alone (x None). A replicate without a firm of the domain has none (NaN).
    """
    sums = design.replicate_sums(np.column_stack([y] if x is None else [y, x]))
    if sums is None:
        return linearised
    if x is None:
        return replace(linearised, deviations=sums[:, 0] - linearised.estimate)
    quotients = np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] != 0)
    return replace(linearised, deviations=quotients - linearised.estimate)


def variance_of(design: Design, linearised: Linearised) -> float:
    """Return the variance: from the replicates' deviations where there are any, else of the linearised values."""
    if linearised.deviations is not None:
        return design.replicate_variance(linearised.deviations)
    return design.variance(linearised.influence)


def standard_error(design: Design, linearised: Linearised, magnitude: float | None = None) -> float:
    """Return the standard error; 0 where it is only the rounding of sums of this magnitude (default: the estimate)."""
    se = float(np.sqrt(variance_of(design, linearised)))
    scale = abs(linearised.estimate) if magnitude is None else magnitude
    return 0.0 if se <= ROUNDING * scale else se


def symmetric_interval(estimate: float, se: float, t: float) -> tuple[float, float]:
    """Return estimate ± t · se."""
    return estimate - t * se, estimate + t * se


def share_interval(share: float, se: float, t: float, design: Design) -> tuple[float, float]:
    """Return an interval of a share that stays inside 0 and 1 (Korn and Graubard 1998; at 0 and 1 Wilson 1927)."""
    if 0 < share < 1:
        centre, reach = logit(share), t * se / (share * (1 - share))
        return float(expit(centre - reach)), float(expit(centre + reach))
    if design.finite and bool(np.all(design.fractions[design.occupied] == 1)):
        return share, share  # all firms of the population were asked
    of_firms = np.bincount(design.firm, weights=design.weight)  # over the waves: a firm's answers are alike
    effective = design.firms / kish_effect(of_firms[of_firms > 0])
    reach = t**2 / (effective + t**2)  # Wilson's interval at p = 0 is [0, z² / (n + z²)]
    return (0.0, float(reach)) if share <= 0 else (float(1 - reach), 1.0)


def _distribution(y: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sorted values and the share of weight at or below each."""
    order = np.argsort(y, kind="stable")
    cumulated = np.cumsum(weight[order])
    return y[order], cumulated / cumulated[-1]


def _quantile(curve: tuple[np.ndarray, np.ndarray], share: float) -> float:
    """Return the quantile of a distribution; a tie is a cumulated share within 1e-12, the rounding of its sums."""
    values, cumulated = curve
    at = int(np.searchsorted(cumulated, share - 1e-12))
    if at + 1 < values.size and abs(cumulated[at] - share) <= 1e-12:
        return float((values[at] + values[at + 1]) / 2)
    return float(values[at])
