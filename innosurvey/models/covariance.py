"""One covariance for every engine: A⁻¹ B A⁻ᵀ from the scores and the information matrix.

A is X'X or minus the Hessian (for estimates in several steps the Jacobian of the moments), B the cross-product of the
scores: of each row (robust, HC0), or summed within clusters. Two ways of clustering add the covariances of both and
take off that of their intersection (Cameron, Gelbach and Miller 2011). Programs differ in what they multiply it with,
so the rule is declared:

* `stata`: least squares: classical RSS / (n - K), robust n / (n - K), cluster G / (G - 1) × (n - 1) / (n - K) with each
  way's own G; t with n - K, or the fewest clusters less one, degrees of freedom. Likelihoods: robust n / (n - 1),
  cluster G / (G - 1), and the normal distribution.
* `fewest_clusters`: the same, but two-way clusters use the smaller G for all three parts (the habit of fixest and
  reghdfe).
* `none`: no factor, and the normal distribution.

A of a likelihood is the curvature that is observed (`information: observed`, as in Stata), or the one to be expected at
the estimate (`expected`, as R's glm and glm.nb have it from their weighted least squares); for logit and Poisson they
are one.

K counts the regressors, the constant and the fixed effects; under clusters, not the effects that lie within a cluster.

`hc0` to `hc3` carry their factors in their names and take no other: none, n / (n - K), and the scores over the root of
1 - h (HC2) or over 1 - h (HC3), h the leverage of a row (MacKinnon and White 1985). `survey` is the variance of the
sample design (`innosurvey/joint.py`): strata, firms as sampling units, finite populations, weights taken as given
(Binder 1983). `wild` has the covariance of its clusters; p and intervals are the bootstrap's (`wild.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from innosurvey import joint
from innosurvey.design import Design
from innosurvey.models.absorb import absorbed_parameters
from innosurvey.models.arrays import Array, Codes, Mask
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.kernels.levels import level_sums
from innosurvey.models.spec import CLUSTERED, CovarianceSpec

FEW_CLUSTERS = 30
SMALLEST_DF = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariance:
    """A covariance matrix (parameters × parameters), the degrees of freedom of its t tests (infinite: normal), and what
    it was made from.
    """

    matrix: Array
    df: float
    n_clusters: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """What stands beside the scores: the fixed effects and the clusters of each row, both as codes from 0, and the
    sample design where it is asked for.
    """

    effects: tuple[Codes, ...] = ()
    clusters: tuple[Codes, ...] = ()
    design: Design | None = None


def covariance_of(
    estimates: Estimates, rule: CovarianceSpec, grouping: Grouping = Grouping(), least_df: int = SMALLEST_DF
) -> Covariance:
    """Return the covariance that the rule asks for; NotEstimated if too few degrees of freedom are left.

    n and the clusters are those of the rows that the estimate was made from.
    """
    if rule.information == "expected" and estimates.expected is not None:
        estimates = replace(estimates, information=estimates.expected)
    if estimates.used is not None and rule.type != "survey":
        estimates, grouping = _on_used_rows(estimates, grouping, estimates.used)
    n, k = estimates.scores.shape
    free = n - k - absorbed_parameters(grouping.effects)
    if free < least_df:
        raise NotEstimated(f"fewer than {least_df} residual degrees of freedom")
    if rule.type in CLUSTERED:
        return _clustered(estimates, rule, grouping)
    bread = np.linalg.inv(estimates.information)
    if rule.type == "survey":
        return _of_the_design(estimates, bread, grouping)
    corrected = rule.small_sample != "none"
    df = float(free) if (corrected or rule.type.startswith("hc")) and estimates.linear else inf
    if rule.type == "classical":
        return Covariance(matrix=_classical(estimates, bread, free if corrected else n), df=df)
    if rule.type == "robust":
        factor = (n / free if estimates.linear else n / (n - 1)) if corrected else 1.0
        return Covariance(matrix=factor * sandwich(bread, estimates.scores), df=df)
    factor = n / free if rule.type == "hc1" else 1.0
    return Covariance(matrix=factor * sandwich(bread, _levered(estimates, rule.type)), df=df)


def _on_used_rows(estimates: Estimates, grouping: Grouping, used: Mask) -> tuple[Estimates, Grouping]:
    """Return scores, leverages, effects and clusters of the used rows alone, levels coded anew."""
    effects, clusters = (
        tuple(np.unique(codes[used], return_inverse=True)[1] for codes in part)
        for part in (grouping.effects, grouping.clusters)
    )
    leverage = None if estimates.leverage is None else estimates.leverage[used]
    part = replace(estimates, scores=estimates.scores[used], leverage=leverage, used=None)
    return part, Grouping(effects=effects, clusters=clusters)


def sandwich(bread: Array, scores: Array) -> Array:
    """Return bread × (scores' scores) × bread', without any factor."""
    half = scores @ bread.T
    return half.T @ half


def _classical(estimates: Estimates, bread: Array, divisor: int) -> Array:
    if estimates.model_based is not None:
        return estimates.model_based
    return (estimates.rss / divisor if estimates.linear else 1.0) * bread


def _levered(estimates: Estimates, kind: str) -> Array:
    """Return the scores with what the leverage of their rows took from them."""
    if kind in ("hc0", "hc1"):
        return estimates.scores
    if estimates.leverage is None:
        raise NotEstimated(f"{kind} needs leverages, which this estimator does not have")
    left = 1 - estimates.leverage
    if (left <= 1e-12).any():
        raise NotEstimated(f"{kind}: a row is fitted by a parameter of its own")
    return estimates.scores / (np.sqrt(left) if kind == "hc2" else left)[:, None]


def _of_the_design(estimates: Estimates, bread: Array, grouping: Grouping) -> Covariance:
    """Return the variance of the design; t with its degrees of freedom less the slopes."""
    design = grouping.design
    if design is None:
        raise NotEstimated("the sample has no design")
    influence = (estimates.scores @ bread.T) / design.weight[:, None]
    df = design.degrees_of_freedom - estimates.scores.shape[1] + 1
    if df < 1:
        raise NotEstimated("fewer sampling units than strata and parameters")
    return Covariance(matrix=joint.covariance(design, influence), df=float(df))


def cluster_sums(scores: Array, cluster: Codes) -> Array:
    """Return the scores summed within clusters (clusters × parameters)."""
    return level_sums(scores, cluster)


def intersection(clusters: Sequence[Codes]) -> Codes:
    """Return codes from 0 for the combinations of the clusters that occur."""
    combined, *others = clusters
    for cluster in others:
        combined = np.unique(combined * (int(cluster.max()) + 1) + cluster, return_inverse=True)[1].reshape(-1)
    return combined


def _clustered(estimates: Estimates, rule: CovarianceSpec, grouping: Grouping) -> Covariance:
    counts = [int(cluster.max()) + 1 for cluster in grouping.clusters]
    fewest = min(counts)
    if fewest < 2:
        raise NotEstimated("one cluster only")
    bread = np.linalg.inv(estimates.information)
    parts = [(cluster, 1.0) for cluster in grouping.clusters]
    if len(grouping.clusters) > 1:
        parts.append((intersection(grouping.clusters), -1.0))
    n, k = estimates.scores.shape
    counted = k + absorbed_parameters(grouping.effects, grouping.clusters)
    matrix = np.zeros_like(bread)
    for cluster, sign in parts:
        sums = cluster_sums(estimates.scores, cluster)
        groups = fewest if rule.small_sample == "fewest_clusters" else len(sums)
        factor = 1.0 if rule.small_sample == "none" else cluster_factor(groups, n, counted, estimates.linear)
        matrix += sign * factor * sandwich(bread, sums)
    matrix, notes = _without_negative_variance(matrix)
    if fewest < FEW_CLUSTERS:
        notes += (f"fewer than {FEW_CLUSTERS} clusters ({fewest})",)
    corrected = estimates.linear and rule.small_sample != "none"
    return Covariance(matrix=matrix, df=float(fewest - 1) if corrected else inf, n_clusters=fewest, warnings=notes)


def cluster_factor(groups: int, rows: int, parameters: int, linear: bool = True) -> float:
    """Return the small-sample factor of clustered errors; `parameters` are those that the rule counts."""
    return groups / (groups - 1) * ((rows - 1) / (rows - parameters) if linear else 1.0)


def _without_negative_variance(matrix: Array) -> tuple[Array, tuple[str, ...]]:
    """Return the matrix with negative eigenvalues set to zero, which two-way clusters can have, and a note if there
    were any.
    """
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    if values.min() >= -1e-10 * max(values.max(), 0.0):  # rounding, not a negative variance
        return matrix, ()
    repaired = (vectors * np.clip(values, 0.0, None)) @ vectors.T
    return repaired, ("two-way covariance was not positive; negative eigenvalues set to zero",)
