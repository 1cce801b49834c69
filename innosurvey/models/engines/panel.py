"""Panels without fixed effects: random effects, Mundlak's firm means, firm means alone, first differences.

Each is least squares of transformed columns: quasi-demeaned ones, columns beside their firm means, firm means, changes
from the period before. Scores and information are those of the transformed regression, so the shared covariance holds;
where a firm or a change takes the place of several rows, it stands in one of them and `used` says in which.
"""

from dataclasses import replace

import linearmodels
import numpy as np
import pandas as pd
from linearmodels.panel import RandomEffects

from innosurvey.distributions import chi_squared_test
from innosurvey.models.absorb import absorb
from innosurvey.models.arrays import Array, Codes
from innosurvey.models.collinearity import redundant_columns
from innosurvey.models.covariance import covariance_of
from innosurvey.models.engines.linear import fit_ols, least_squares
from innosurvey.models.engines.transformed import firms_of, left_by, on_rows, panel_of
from innosurvey.models.estimates import Estimates, Judgement, NotEstimated, Test
from innosurvey.models.kernels.calendar import rows_before
from innosurvey.models.kernels.levels import level_sums
from innosurvey.models.matrix import CONSTANT, Block, constant_block
from innosurvey.models.sample import Sample
from innosurvey.models.spec import CovarianceSpec
from innosurvey.models.wald import tested, zeros_test

_NOTHING_LEFT = 1e-9
"""Share of a column's length that rounding may leave within firms."""
_SAME = 1e-8
"""Share of a variance by which two estimates must differ in it to be told apart."""


def fit_random_effects(sample: Sample) -> Estimates:
    """Return feasible generalised least squares with a random effect of the firm (Swamy and Arora 1972).

    Beside it Hausman's (1978) test against fixed effects, and its robust form, Mundlak's. NotEstimated where the
    variances can't be told apart: no firm has two rows.
    """
    firms = firms_of(sample)
    estimates = _random_effects(sample, firms)
    with_means, count, _ = _beside_firm_means(sample, firms)
    if count == 0:
        return estimates
    mundlak = _random_effects(with_means, firms)

    def judge(rule: CovarianceSpec) -> Judgement:
        return Judgement(tests=(_wald_of_means(mundlak, count, sample, rule),))

    # Hausman's test rests on classical errors, which survey weights do not have.
    tests = (_hausman(sample, estimates, firms),) if sample.weights is None else ()
    return replace(estimates, tests=tests, judge=judge)


def fit_mundlak(sample: Sample) -> Estimates:
    """Return the regression on the columns and their firm means (Mundlak 1978), by random effects or pooled.

    The slopes of what varies within firms are those of fixed effects; the test that all means have no slope is a
    Hausman test that holds under the declared covariance (Wooldridge 2010, section 10.7.3).
    """
    firms = firms_of(sample)
    with_means, count, notes = _beside_firm_means(sample, firms)
    if count == 0:
        raise NotEstimated("no regressor varies within firms and between them")
    pooled = sample.options.get("effects") == "pooled"
    estimates = fit_ols(with_means) if pooled else _random_effects(with_means, firms)

    def judge(rule: CovarianceSpec) -> Judgement:
        return Judgement(tests=(_wald_of_means(estimates, count, sample, rule),))

    return replace(estimates, warnings=estimates.warnings + notes, judge=judge)


def fit_between(sample: Sample) -> Estimates:
    """Return least squares of the firms' means, each firm once; a firm's weight is the mean of its rows' weights."""
    firms = firms_of(sample)
    _, first = np.unique(firms, return_index=True)
    means = _firm_means(np.column_stack([sample.outcome, sample.exogenous.columns]), firms, sample.weights)
    block, notes = left_by(sample, replace(sample.exogenous, columns=means[:, 1:]), "between firms")
    weights = None
    if sample.weights is not None:
        weights = level_sums(sample.weights, firms) / np.bincount(firms)
    estimates = fit_ols(replace(sample, outcome=means[:, 0], exogenous=block, weights=weights))
    return replace(on_rows(estimates, first, len(firms)), warnings=notes)


def fit_first_difference(sample: Sample) -> Estimates:
    """Return least squares of the changes from the period before, for rows whose firm was there then.

    `constant` is a common drift per period; it goes where wave dummies already hold it. NotEstimated if no firm was
    seen in two periods in a row.
    """
    firms, periods = panel_of(sample)
    before = rows_before(firms, periods)
    later = np.flatnonzero(before >= 0)
    if not len(later):
        raise NotEstimated("no firm was seen in two periods in a row")
    levels = sample.exogenous.take([place for place, name in enumerate(sample.exogenous.names) if name != CONSTANT])
    changes = replace(levels, columns=levels.columns[later] - levels.columns[before[later]])
    if sample.options.get("constant", True):
        changes = changes.beside(constant_block(len(later)))
    block, notes = left_by(sample, changes, "from one period to the next", before=levels)
    if CONSTANT in block.names:
        last = len(block.names) - 1
        block = block.take([last, *range(last)])
    outcome = sample.outcome[later] - sample.outcome[before[later]]
    if np.ptp(outcome) == 0:
        raise NotEstimated("constant outcome: it changes by the same amount everywhere")
    weights = None if sample.weights is None else sample.weights[later]
    estimates = fit_ols(replace(sample, outcome=outcome, exogenous=block, weights=weights))
    return replace(on_rows(estimates, later, len(firms)), warnings=notes)


def _random_effects(sample: Sample, firms: Codes) -> Estimates:
    """Return random effects by linearmodels; scores are those of the quasi-demeaned rows."""
    if (np.bincount(firms) == 1).all():
        raise NotEstimated("one period per firm: the firm's effect can't be told from the error")
    index = pd.MultiIndex.from_arrays([firms, pd.Series(firms).groupby(firms).cumcount()])
    columns = sample.exogenous.columns
    lengths = np.linalg.norm(columns, axis=0)
    model = RandomEffects(
        pd.Series(sample.outcome, index=index, name="outcome"),
        pd.DataFrame(columns / lengths, index=index, columns=list(sample.exogenous.names)),
        weights=None if sample.weights is None else pd.Series(sample.weights, index=index, name="weights"),
        check_rank=False,
    )
    try:
        result = model.fit(small_sample=sample.options.get("components") == "baltagi_chang")
    except ValueError as error:  # linearmodels says which of the two regressions has too few rows
        raise NotEstimated("too few firms or periods to tell the firm's effect from the error") from error
    shares = result.theta["theta"].reindex(range(int(firms.max()) + 1)).to_numpy()
    both = np.column_stack([sample.outcome, columns])
    both = both - (shares[:, None] * _firm_means(both, firms, sample.weights))[firms]
    params = result.params.to_numpy() / lengths
    described = (float(result.rsquared), f"linearmodels {linearmodels.__version__} RandomEffects")
    estimates = least_squares(sample, both[:, 0], both[:, 1:], params, described)
    notes = ("the firms' effects have no variance: pooled least squares",) if not shares.any() else ()
    return replace(estimates, loglik=float("nan"), warnings=notes)


def _firm_means(columns: Array, firms: Codes, weights: Array | None) -> Array:
    """Return the (weighted) means of the columns (firms × k)."""
    shares = np.ones(len(firms)) if weights is None else weights
    return level_sums(columns, firms, weights) / level_sums(shares, firms)[:, None]


def _beside_firm_means(sample: Sample, firms: Codes) -> tuple[Sample, int, tuple[str, ...]]:
    """Return the sample with the firm means of what varies within firms behind its columns, how many were added, and a
    note on the means that other columns explain (a wave's share is the same in each firm of a balanced panel).
    """
    block = sample.exogenous
    varying = _varying(block.columns, firms, sample.weights)
    means = _firm_means(block.columns[:, varying], firms, sample.weights)[firms]
    names = tuple(f"mean({block.names[place]})" for place in varying)
    both = block.beside(Block(names=names, terms=names, columns=means))
    out = [found.column for found in redundant_columns(both.columns) if found.column >= len(block.names)]
    kept = [place for place in range(len(both.names)) if place not in out]
    note = (f"dropped {', '.join(both.names[place] for place in out)} (no information of their own)",) if out else ()
    return replace(sample, exogenous=both.take(kept)), len(kept) - len(block.names), note


def _varying(columns: Array, firms: Codes, weights: Array | None) -> list[int]:
    within = absorb(columns, (firms,), weights)
    lengths = np.linalg.norm(columns, axis=0)
    return [int(place) for place in np.flatnonzero(np.linalg.norm(within, axis=0) > _NOTHING_LEFT * lengths)]


def _wald_of_means(estimates: Estimates, count: int, sample: Sample, rule: CovarianceSpec) -> Test:
    """Return the test that the last `count` slopes, those of the firm means, are all zero."""
    name, note = "Mundlak: firm means", "robust Hausman: a small p speaks against random effects"

    def test() -> Test:
        found = covariance_of(estimates, rule, sample.grouping, least_df=1)
        last = slice(-count, None)
        return zeros_test(name, estimates.params[last], found.matrix[last, last], found.df, note)

    return tested(name, test)


def _hausman(sample: Sample, estimates: Estimates, firms: Codes) -> Test:
    """Return Hausman's test: the slopes within firms against those of random effects, under classical errors.

    Both covariances have the error variance of random effects, so that their difference is never negative.
    """
    name, note = "Hausman: random against fixed effects", "classical errors; a small p speaks against random effects"
    within = absorb(np.column_stack([sample.outcome, sample.exogenous.columns]), (firms,))
    lengths = np.linalg.norm(sample.exogenous.columns, axis=0)
    out = [found.column for found in redundant_columns(within[:, 1:], lengths)]
    kept = [place for place in range(len(lengths)) if place not in out]
    design = within[:, [place + 1 for place in kept]]
    slopes = np.linalg.lstsq(design, within[:, 0], rcond=None)[0]
    n, k = sample.exogenous.columns.shape
    fixed = np.linalg.inv(design.T @ design)
    spread = estimates.rss / (n - k) * (fixed - np.linalg.inv(estimates.information)[np.ix_(kept, kept)])
    # Both estimates of a wave's effect are the same in a balanced panel: such directions tell nothing and are left out.
    units = np.sqrt(estimates.rss / (n - k) * np.diag(fixed))
    values, vectors = np.linalg.eigh(spread / np.outer(units, units))
    telling = values > _SAME
    if not telling.any():
        return Test(name=name, statistic=float("nan"), note="the two estimates are one")
    distance = ((slopes - estimates.params[kept]) / units) @ vectors[:, telling]
    statistic, df = float(distance**2 @ (1 / values[telling])), int(telling.sum())
    return Test(name=name, statistic=statistic, df=df, p=chi_squared_test(statistic, df), note=note)
