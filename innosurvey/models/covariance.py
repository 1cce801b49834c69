"""One covariance for every engine: A⁻¹ B A⁻¹ from the scores and the information matrix.

A is X'X or minus the Hessian, B the cross-product of the scores: of each row (robust, HC0), or summed within clusters.
Two ways of clustering add the covariances of both and take off that of their intersection (Cameron, Gelbach and Miller
2011). Programs differ in what they multiply it with, so the rule is declared:

* `stata`: least squares: classical RSS / (n - K), robust n / (n - K), cluster G / (G - 1) × (n - 1) / (n - K) with each
  way's own G; t with n - K, or the fewest clusters less one, degrees of freedom. Likelihoods: robust n / (n - 1),
  cluster G / (G - 1), and the normal distribution.
* `fewest_clusters`: the same, but two-way clusters use the smaller G for all three parts (the habit of fixest and
  reghdfe).
* `none`: no factor, and the normal distribution.

K counts the regressors, the constant and the fixed effects; under clusters, not the effects that lie within a cluster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from innosurvey.models.absorb import absorbed_parameters
from innosurvey.models.arrays import Array, Codes
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.spec import CovarianceSpec

FEW_CLUSTERS = 30
_SMALLEST_DF = 10


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
    """What stands beside the scores: the fixed effects and the clusters of each row, both as codes from 0."""

    effects: tuple[Codes, ...] = ()
    clusters: tuple[Codes, ...] = ()


def covariance_of(estimates: Estimates, rule: CovarianceSpec, grouping: Grouping = Grouping()) -> Covariance:
    """Return the covariance that the rule asks for; NotEstimated if too few degrees of freedom are left."""
    n, k = estimates.scores.shape
    free = n - k - absorbed_parameters(grouping.effects)
    if free < _SMALLEST_DF:
        raise NotEstimated(f"fewer than {_SMALLEST_DF} residual degrees of freedom")
    if rule.type == "cluster":
        return _clustered(estimates, rule, grouping)
    bread = np.linalg.inv(estimates.information)
    corrected = rule.small_sample != "none"
    df = float(free) if corrected and estimates.linear else inf
    if rule.type == "classical":
        dispersion = estimates.rss / (free if corrected else n) if estimates.linear else 1.0
        return Covariance(matrix=dispersion * bread, df=df)
    factor = (n / free if estimates.linear else n / (n - 1)) if corrected else 1.0
    return Covariance(matrix=factor * sandwich(bread, estimates.scores), df=df)


def sandwich(bread: Array, scores: Array) -> Array:
    """Return bread × (scores' scores) × bread, without any factor."""
    half = scores @ bread
    return half.T @ half


def cluster_sums(scores: Array, cluster: Codes) -> Array:
    """Return the scores summed within clusters (clusters × parameters)."""
    sums = np.zeros((int(cluster.max()) + 1, scores.shape[1]))
    np.add.at(sums, cluster, scores)
    return sums


def intersection(clusters: Sequence[Codes]) -> Codes:
    """Return codes from 0 for the combinations of the clusters that occur."""
    return np.unique(np.column_stack(clusters), axis=0, return_inverse=True)[1].reshape(-1)


def _clustered(estimates: Estimates, rule: CovarianceSpec, grouping: Grouping) -> Covariance:
    counts = [int(cluster.max()) + 1 for cluster in grouping.clusters]
    fewest = min(counts)
    if fewest < 2:
        raise NotEstimated("one cluster only")
    bread = np.linalg.inv(estimates.information)
    parts = [(cluster, 1.0) for cluster in grouping.clusters]
    if len(grouping.clusters) > 1:
        parts.append((intersection(grouping.clusters), -1.0))
    matrix = np.zeros_like(bread)
    for cluster, sign in parts:
        sums = cluster_sums(estimates.scores, cluster)
        groups = fewest if rule.small_sample == "fewest_clusters" else len(sums)
        matrix += sign * _cluster_factor(estimates, rule, grouping, groups) * sandwich(bread, sums)
    matrix, notes = _without_negative_variance(matrix)
    if fewest < FEW_CLUSTERS:
        notes += (f"fewer than {FEW_CLUSTERS} clusters ({fewest})",)
    corrected = estimates.linear and rule.small_sample != "none"
    return Covariance(matrix=matrix, df=float(fewest - 1) if corrected else inf, n_clusters=fewest, warnings=notes)


def _cluster_factor(estimates: Estimates, rule: CovarianceSpec, grouping: Grouping, groups: int) -> float:
    if rule.small_sample == "none":
        return 1.0
    n, k = estimates.scores.shape
    counted = k + absorbed_parameters(grouping.effects, grouping.clusters)
    return groups / (groups - 1) * ((n - 1) / (n - counted) if estimates.linear else 1.0)


def _without_negative_variance(matrix: Array) -> tuple[Array, tuple[str, ...]]:
    """Return the matrix with negative eigenvalues set to zero, which two-way clusters can have, and a note if there
    were any.
    """
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    if values.min() >= -1e-10 * max(values.max(), 0.0):  # rounding, not a negative variance
        return matrix, ()
    repaired = (vectors * np.clip(values, 0.0, None)) @ vectors.T
    return repaired, ("two-way covariance was not positive; negative eigenvalues set to zero",)
