"""The wild cluster bootstrap: tests and intervals where clusters are few.

For each coefficient the hypothesis is imposed, the residuals of each cluster are multiplied by a random sign, and the t
statistic is computed anew (Cameron, Gelbach and Miller 2008). Nothing is fitted in a draw: with A_g the scores of
cluster g under the hypothesis and H_g = X_g'X_g, a draw with signs v moves the estimate by (X'X)⁻¹ Σ v_g A_g, and its
own clusters' scores are v_g A_g - H_g times that (Roodman, MacKinnon, Nielsen and Webb 2019). With up to twelve
clusters all 2^G signs are taken once; else they are drawn from the declared seed. The interval holds the values that
the test does not reject.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from innosurvey.models.absorb import absorb
from innosurvey.models.arrays import Array, Codes
from innosurvey.models.covariance import cluster_sums
from innosurvey.models.estimates import Estimates
from innosurvey.models.sample import Sample
from innosurvey.models.spec import CovarianceSpec

_ALL_SIGNS_UP_TO = 12
_HALVINGS = 40
_WIDEST = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """Cluster sums for one coefficient: `scores` of its hypothesis at zero and `slope`, their change per unit of the
    hypothesised value (clusters × parameters), `crossed` (clusters × parameters, the coefficient's row of
    (X'X)⁻¹X_g'X_g), the inverse of X'X and the coefficient's place.
    """

    scores: Array
    slope: Array
    crossed: Array
    bread: Array
    place: int


def bootstrapped(
    rows: list[dict[str, Any]], sample: Sample, estimates: Estimates, rule: CovarianceSpec
) -> list[dict[str, Any]]:
    """Return the coefficients' rows with p and interval of the bootstrap in place of the t distribution's."""
    clusters = sample.grouping.clusters[0]
    signs = _signs(int(clusters.max()) + 1, rule)
    outcome = absorb(sample.outcome[:, None], sample.grouping.effects)[:, 0]
    found = []
    for place, row in enumerate(rows):
        problem = _problem(estimates, outcome, clusters, place)
        reach = (
            row["estimate"] - _bound(problem, signs, row, (-1.0, rule.confidence)),
            _bound(problem, signs, row, (1.0, rule.confidence)) - row["estimate"],
        )
        found.append(
            {
                **row,
                "p": _p(problem, signs, 0.0),
                "lower": row["estimate"] - reach[0],
                "upper": row["estimate"] + reach[1],
            }
        )
    return found


def _signs(clusters: int, rule: CovarianceSpec) -> Array:
    """Return the signs (draws × clusters): all there are where they are few, else drawn."""
    if clusters <= _ALL_SIGNS_UP_TO:
        return np.array(list(product((-1.0, 1.0), repeat=clusters)))
    return np.random.default_rng(rule.seed).choice((-1.0, 1.0), size=(rule.draws, clusters))


def _problem(estimates: Estimates, outcome: Array, clusters: Codes, place: int) -> _Problem:
    design = estimates.design
    bread = np.linalg.inv(estimates.information)
    others = np.delete(np.arange(design.shape[1]), place)
    own, rest = design[:, place], design[:, others]

    def left_over(column: Array) -> Array:
        return column - rest @ np.linalg.lstsq(rest, column, rcond=None)[0] if len(others) else column

    direction = design @ bread[:, place]
    return _Problem(
        scores=cluster_sums(design * left_over(outcome)[:, None], clusters),
        slope=cluster_sums(design * left_over(own)[:, None], clusters),
        crossed=cluster_sums(design * direction[:, None], clusters),
        bread=bread,
        place=place,
    )


def _p(problem: _Problem, signs: Array, value: float) -> float:
    """Return the share of draws whose t is at least as far from zero as that of the data, under the value."""
    scores = problem.scores - value * problem.slope
    own = scores @ problem.bread[:, problem.place]
    moves = signs @ scores @ problem.bread
    spread = signs * own - moves @ problem.crossed.T
    drawn = moves[:, problem.place] / np.sqrt((spread**2).sum(axis=1))
    ones = np.ones((1, signs.shape[1]))
    at_once = ones @ scores @ problem.bread
    actual = at_once[0, problem.place] / np.sqrt(((own - at_once @ problem.crossed.T) ** 2).sum())
    return float(np.mean(np.abs(drawn) >= abs(actual) * (1 - 1e-12)))


def _bound(problem: _Problem, signs: Array, row: dict[str, Any], end: tuple[float, float]) -> float:
    """Return where the test begins to reject on one side of the estimate, by bisection; infinite if it never does.

    `end` is the side (1 or -1) and the level of the interval.
    """
    side, level = end[0], round(1 - end[1], 12)
    inside, outside = row["estimate"], row["estimate"] + side * 2 * row["se"]
    while _p(problem, signs, outside) > level:
        inside, outside = outside, row["estimate"] + 2 * (outside - row["estimate"])
        if abs(outside - row["estimate"]) > _WIDEST * row["se"]:
            return side * float("inf")
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if _p(problem, signs, middle) > level:
            inside = middle
        else:
            outside = middle
    return (inside + outside) / 2
