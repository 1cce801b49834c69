"""The chain of factors: from the design weight over response and trimming to the calibrated weight.

    weight_final = weight_design × factor_response × factor_trimming × factor_calibration

The same steps are taken again with the weights of each replicate. With trimming, calibration and trimming alternate
until no weight is above its cap; the last step is a calibration, since the totals are to hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import sparse

from innosurvey.weight.calibrate import Solution, calibrate
from innosurvey.weight.frame import Sample
from innosurvey.weight.margins import (
    Margins,
    fail_if_cell_is_empty,
    fail_if_total_is_nothing,
    fail_if_totals_contradict,
)
from innosurvey.weight.reach import fail_if_not_reached, fail_if_weights_are_negative
from innosurvey.weight.response import Response
from innosurvey.weight.spec import WeightSpec
from innosurvey.weight.trim import above, caps_of, trimmed

TRIMMINGS = 20
"""Rounds of trimming and calibration; what is then above its cap is counted and stays."""
LEAST = 0.01
"""Part of its cap to which a weight is cut before calibration at least: one that is still lifted above the cap is
needed by a total, and cutting it further would only make the equations worse."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """What the steps need of a wave: the sample, its response groups, and its margins over all firms drawn (if any).

    `stratum`: codes of the firms that answered; `kept`: those of them that calibration leaves alone.
    """

    sample: Sample
    spec: WeightSpec
    response: Response
    margins: Margins | None
    stratum: np.ndarray
    kept: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Factors:
    """The factors of each firm that answered, in the survey's order.

    `margins`: the totals in scope with the part of each of these firms. `capped`: firms ever cut; `over`: firms left
    above their cap; `solution`: of the last calibration.
    """

    design: np.ndarray
    response: np.ndarray
    trimming: np.ndarray
    calibration: np.ndarray
    margins: Margins | None = None
    solution: Solution | None = None
    capped: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    over: int = 0

    @property
    def final(self) -> np.ndarray:
        """Return the final weights."""
        return self.design * self.response * self.calibration * self.trimming


def weigh(plan: Plan) -> Factors:
    """Return the factors of the wave. DataError, with margin and cell, for a calibration that can't be met."""
    weights = plan.sample.drawn["weight"].to_numpy(dtype=float)
    factors, margins = _before_calibration(plan, weights)
    if margins is not None:
        fail_if_cell_is_empty(margins)
        fail_if_total_is_nothing(margins, factors.design * factors.response)
        fail_if_totals_contradict(margins, factors.design * factors.response)
    trim, response = plan.spec.trim, factors.design * factors.response
    if trim is None:
        return _calibrated(factors, margins, plan)
    caps = caps_of(response, plan.stratum, trim)
    capped = np.zeros(len(caps), dtype=bool)
    for _ in range(TRIMMINGS):
        over = above(factors.final, caps)
        if not over.any() and (factors.solution is not None or margins is None):
            break
        capped |= over
        cut = trimmed(factors.final, caps, plan.stratum, trim)
        shrunk = factors.trimming * np.divide(cut, factors.final, out=np.ones_like(cut), where=factors.final > 0)
        least = np.minimum(factors.trimming, LEAST * caps / response)
        factors = _calibrated(replace(factors, trimming=np.maximum(shrunk, least)), margins, plan)
    return replace(factors, capped=capped, over=int(above(factors.final, caps).sum()))


def weigh_again(plan: Plan, weights: np.ndarray, trimming: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return the final weights that other design weights (of all firms drawn) lead to, and whether all totals are met.

    Trimming is taken over from the sample: it is a decision about firms, not about a replicate.
    """
    factors, margins = _before_calibration(plan, weights)
    factors = replace(factors, trimming=trimming)
    if margins is None:
        return factors.final, True
    before = factors.final
    free = _free(margins, before, plan)
    met = (np.asarray(free.x.T @ before).ravel() > 0) & (free.totals > 0)
    solution = _solution(free.keep(met), before, plan)
    return before * solution.factors, solution.reached and bool(met.all())


def _before_calibration(plan: Plan, weights: np.ndarray) -> tuple[Factors, Margins | None]:
    """Return design and response factors, and the totals of the firms in scope with the answering firms' parts."""
    sample = plan.sample
    scope = plan.response.scope(sample, weights)
    design = weights[sample.answers]
    ones = np.ones(len(design))
    adjusted = plan.spec.response.method != "none"
    response = plan.response.factors(sample, weights, scope) if adjusted else ones
    factors = Factors(design=design, response=response, trimming=ones, calibration=ones)
    if plan.margins is None:
        return factors, None
    answering = plan.margins.of(sample.answers)
    outside = np.flatnonzero(scope < 1)
    return factors, answering.less(plan.margins.of(outside), (weights * (1 - scope))[outside]).without_empty()


def _calibrated(factors: Factors, margins: Margins | None, plan: Plan) -> Factors:
    """Return the factors with calibration brought to the totals, from the weights before it: its bounds hold for what
    it does in all, and a replicate that changes nothing finds the same weights.
    """
    if margins is None or plan.spec.calibrate is None:
        return factors
    before = factors.design * factors.response * factors.trimming
    free = _free(margins, before, plan)
    fail_if_cell_is_empty(free)
    fail_if_total_is_nothing(free, before)
    solution = _solution(free, before, plan)
    if not solution.reached:
        fail_if_not_reached(free, before, solution, plan.spec)
    fail_if_weights_are_negative(solution)
    return replace(factors, calibration=solution.factors, margins=margins, solution=solution)


def _free(margins: Margins, before: np.ndarray, plan: Plan) -> Margins:
    """Return the totals that are left to the firms that may change; the others' parts are zero."""
    if not len(plan.kept):
        return margins
    free = margins.less(margins.of(plan.kept), before[plan.kept])
    return replace(free, x=_without(free.x, plan.kept)).without_empty()


def _solution(free: Margins, before: np.ndarray, plan: Plan) -> Solution:
    """Return the calibration of the firms that may change; the others' factor is one."""
    assert plan.spec.calibrate is not None
    solution = calibrate(free.x, before, free.totals, plan.spec.calibrate)
    factors = solution.factors.copy()
    factors[plan.kept] = 1.0
    return replace(solution, factors=factors)


def _without(x: sparse.csr_array, rows: np.ndarray) -> sparse.csr_array:
    """Return x with some rows of zeros: firms that take no part."""
    part = np.ones(x.shape[0])
    part[rows] = 0.0
    return sparse.csr_array(x * part[:, None])


def kept_of(sample: Sample, spec: WeightSpec) -> np.ndarray:
    """Return the positions of the firms that calibration leaves alone: those of certainty strata, where declared."""
    if spec.calibrate is None or spec.calibrate.certainty == "calibrate":
        return np.zeros(0, dtype=np.int64)
    certain = sample.strata["certainty"]
    strata = sample.drawn["stratum_id"].iloc[sample.answers]
    return np.flatnonzero(strata.isin(certain.index[certain]).to_numpy())


def stratum_codes(sample: Sample) -> np.ndarray:
    """Return the stratum of each firm that answered as a number."""
    return np.asarray(pd.factorize(sample.drawn["stratum_id"].iloc[sample.answers], sort=True)[0])
