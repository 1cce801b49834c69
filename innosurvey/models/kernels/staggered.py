"""Difference in differences when firms are treated from different periods on (Callaway and Sant'Anna 2021).

A group are the units first treated in a period g. For each period t from g on, their change since the last period
before g is compared with that of units that are never treated, or not yet by t. Before g the change since the period
before is compared: there should be none. With covariates (of the earlier period) the comparison is doubly robust
(Sant'Anna and Zhao 2020). Group-time effects are then averaged. Each number comes with the influence of each unit on
it, whose squares sum to its variance, so that units can be clustered at will.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array, Codes, Mask
from innosurvey.models.collinearity import redundant_columns
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.kernels.moments import least_squares
from innosurvey.models.kernels.propensity import fit_propensity
from innosurvey.models.kernels.weighting import augmented_on_treated, inverse_probability

FEWEST_UNITS = 5
# A control of whom the covariates say so surely that it is treated has a weight of a thousand others.
_TOO_SURE = 0.999


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Units by periods: outcome (units, periods; NaN where a unit was not seen), covariates (units, periods, k; the
    constant first), weights (units,), and the period in which each unit was first treated (units,; the number of
    periods where it never was).
    """

    outcome: Array
    covariates: Array
    weights: Array
    first: Codes

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return int(self.outcome.shape[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """An effect and the influence of each unit on it (units,)."""

    size: float
    influence: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The effect in `period` on the group first treated in `first`."""

    first: int
    period: int
    effect: Effect

    @property
    def since(self) -> int:
        """Periods since the first of treatment; negative before."""
        return self.period - self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A group and a period without an effect, and why."""

    first: int
    period: int
    reason: str


def group_time_effects(panel: Panel, compare_with: str) -> tuple[list[Cell], list[Missing]]:
    """Return the effects of each group and period against those `never` or `not_yet` treated, and those that these
    units don't allow.
    """
    cells, missing = [], []
    for group in np.unique(panel.first[(panel.first > 0) & (panel.first < panel.periods)]):
        for period in range(1, panel.periods):
            at = {"first": int(group), "period": period}
            try:
                cells.append(Cell(**at, effect=_group_time_effect(panel, int(group), period, compare_with)))
            except NotEstimated as obstacle:
                missing.append(Missing(**at, reason=obstacle.reason))
    return cells, missing


def _group_time_effect(panel: Panel, group: int, period: int, compare_with: str) -> Effect:
    base = min(group, period) - 1
    treated = panel.first == group
    untreated = panel.first >= (panel.periods if compare_with == "never" else period + 1)
    change = panel.outcome[:, period] - panel.outcome[:, base]
    covariates = panel.covariates[:, base]
    compared = (treated | untreated) & np.isfinite(change) & np.isfinite(covariates).all(axis=1)
    if min((treated & compared).sum(), (~treated & compared).sum()) < FEWEST_UNITS:
        raise NotEstimated(f"fewer than {FEWEST_UNITS} firms on a side")
    rows = np.flatnonzero(compared)
    effect = _on_the_treated(change[rows], treated[rows], covariates[rows], panel.weights[rows])
    influence = np.zeros(len(panel.first))
    influence[rows] = effect.influence
    return Effect(size=effect.size, influence=influence)


def _on_the_treated(change: Array, treated: Mask, covariates: Array, weights: Array) -> Effect:
    """Return the difference of mean changes, doubly robust if there are covariates besides the constant.

    Covariates that others explain among those compared, or among the untreated of them, are left out.
    """
    explained = {found.column for rows in (slice(None), ~treated) for found in redundant_columns(covariates[rows])}
    covariates = covariates[:, [index for index in range(covariates.shape[1]) if index not in explained]]
    if covariates.shape[1] == 1:
        moments = least_squares(change, np.column_stack([treated, np.ones(len(change))]), weights).only(1)
    else:
        propensity = fit_propensity(treated, covariates, weights)
        if propensity.probability[~treated].max() > _TOO_SURE:
            raise NotEstimated("the covariates foretell treatment")
        arms = inverse_probability(treated, propensity, weights, "att")
        moments = augmented_on_treated(change, covariates, treated, arms, weights).only(1)
    return Effect(size=float(moments.params[0]), influence=moments.scores[:, 0] / moments.jacobian[0, 0])


def average_over_groups(cells: Sequence[Cell], panel: Panel) -> Effect:
    """Return the effect on the average treated unit: each group's mean since its treatment began, weighted by the
    group's size. A unit that is treated for long counts no more than one that is treated for short.
    """
    after = [cell for cell in cells if cell.since >= 0]
    groups = sorted({cell.first for cell in after})
    means = [_mean([cell.effect for cell in after if cell.first == group]) for group in groups]
    return _by_size(means, groups, panel)


def average_by_time_since(cells: Sequence[Cell], panel: Panel) -> dict[int, Effect]:
    """Return for each number of periods since treatment began the average over the groups, weighted by their size."""
    averages = {}
    for since in sorted({cell.since for cell in cells}):
        here = [cell for cell in cells if cell.since == since]
        averages[since] = _by_size([cell.effect for cell in here], [cell.first for cell in here], panel)
    return averages


def _mean(effects: Sequence[Effect]) -> Effect:
    return Effect(
        size=float(np.mean([effect.size for effect in effects])),
        influence=np.mean([effect.influence for effect in effects], axis=0),
    )


def _by_size(effects: Sequence[Effect], groups: Sequence[int], panel: Panel) -> Effect:
    """Return the average weighted by the groups' sizes, which are estimates as well and have their influence."""
    members = panel.weights[:, None] * (panel.first[:, None] == np.array(groups))
    sizes = members.sum(axis=0)
    size = float(np.array([effect.size for effect in effects]) @ sizes / sizes.sum())
    deviations = np.array([effect.size for effect in effects]) - size
    influence = np.column_stack([effect.influence for effect in effects]) @ sizes + members @ deviations
    return Effect(size=size, influence=influence / sizes.sum())


def no_effect_before(cells: Sequence[Cell]) -> tuple[float, int]:
    """Return the Wald statistic and its degrees of freedom of no effect before treatment; (NaN, 0) without such
    effects.
    """
    before = [cell.effect for cell in cells if cell.since < 0]
    if not before:
        return float("nan"), 0
    sizes = np.array([effect.size for effect in before])
    influence = np.column_stack([effect.influence for effect in before])
    matrix = influence.T @ influence
    return float(sizes @ np.linalg.pinv(matrix, hermitian=True) @ sizes), int(np.linalg.matrix_rank(matrix))
