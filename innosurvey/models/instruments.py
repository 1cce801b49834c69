"""What is known of instruments, under the covariance that the model declares.

How strong they are (first-stage F, effective F, rank), what holds even if they are weak (Anderson and Rubin's test and
interval), whether they agree with each other (Sargan and Basmann, or Hansen), and whether they were needed (Durbin, Wu
and Hausman). A test that these rows can't support is a row with the reason.
"""

from dataclasses import replace
from functools import partial
from math import inf

import numpy as np
from scipy import stats

from innosurvey.models.arrays import Array
from innosurvey.models.covariance import covariance_of
from innosurvey.models.estimates import Estimates, Judgement, Test
from innosurvey.models.kernels.weak_instruments import (
    ReducedForms,
    effective_f,
    rank_statistic,
    slopes_not_rejected,
    written,
)
from innosurvey.models.sample import Sample
from innosurvey.models.spec import CovarianceSpec
from innosurvey.models.wald import fail_if_singular, tested, zeros_test

WEAK = 10.0
_WEAKLY = f"weak, below {WEAK:.0f}"
_CONFIDENCE = 0.95
_NO_LEAST = -(10**9)
"""Auxiliary regressions have more columns than the model, which itself has passed the rule on degrees of freedom."""


def judge_instruments(sample: Sample, residuals: Array, rule: CovarianceSpec) -> Judgement:
    """Return the diagnostics of a model with instruments, whose `residuals` are those of the estimate."""
    names = sample.endogenous.names
    tests = [
        tested(f"first-stage F: {name}", partial(_first_stage, sample, place, rule)) for place, name in enumerate(names)
    ]
    if len(names) == 1:
        tests.append(tested(f"effective F: {names[0]}", lambda: _effective(sample, rule)))
    tests += [
        tested("underidentification", lambda: _rank(sample, rule)),
        tested("Anderson-Rubin", lambda: _anderson_rubin(sample, rule)),
    ]
    if len(sample.instruments.names) > len(names):
        tests += _overidentification(sample, residuals, rule)
    tests.append(tested("Durbin-Wu-Hausman", lambda: _durbin_wu_hausman(sample, rule)))
    return Judgement(tests=tuple(tests), warnings=_notes(sample, tests[: len(names)]))


def _notes(sample: Sample, stages: list[Test]) -> tuple[str, ...]:
    """Return what belongs beside the fit itself: the first stages, and too many instruments."""
    notes = []
    for name, test in zip(sample.endogenous.names, stages, strict=True):
        strength = _as_f(test)
        value = "not computed" if np.isnan(strength) else f"{strength:.1f}"
        notes.append(f"first-stage F of {name} {value}" + (f" ({_WEAKLY})" if strength < WEAK else ""))
    instruments, firms = len(sample.instruments.names), sample.keys["firm_id"].nunique()
    if instruments > firms:
        notes.append(f"more instruments ({instruments}) than firms ({firms})")
    return tuple(notes)


def _as_f(test: Test) -> float:
    return test.statistic / test.df if test.df2 == inf else test.statistic


def _first_stage(sample: Sample, place: int, rule: CovarianceSpec) -> Test:
    """Return the test that the instruments do not move one endogenous term (Stock and Yogo 2005 for the threshold of
    its F; with several endogenous terms it is necessary but not sufficient).
    """
    slopes, matrix, df = _slopes_of_instruments(sample, sample.endogenous.columns[:, place], rule)
    test = zeros_test(f"first-stage F: {sample.endogenous.names[place]}", slopes, matrix, df)
    return replace(test, note=_WEAKLY) if _as_f(test) < WEAK else test


def _effective(sample: Sample, rule: CovarianceSpec) -> Test:
    slopes, matrix, _ = _slopes_of_instruments(sample, sample.endogenous.columns[:, 0], rule)
    fail_if_singular(matrix)
    found = effective_f(slopes, matrix, _gram(sample))
    verdict = "above" if found.statistic > found.critical else "not above"
    return Test(
        name=f"effective F: {sample.endogenous.names[0]}",
        statistic=found.statistic,
        df=found.df,
        p=found.p,
        note=f"{verdict} {found.critical:.1f}, from where the bias of 2SLS stays below a tenth of the worst",
    )


def _rank(sample: Sample, rule: CovarianceSpec) -> Test:
    """Return Kleibergen and Paap's rk Wald test, or under classical errors Cragg and Donald's."""
    stages = [_regression(sample, column) for column in sample.endogenous.columns.T]
    tested = slice(len(sample.exogenous.names), None)
    k, count = stages[0].information.shape[0], len(stages)
    residuals = np.column_stack([_residuals(sample, column) for column in sample.endogenous.columns.T])
    spread = residuals.T @ (residuals * _weights(sample)[:, None]) / len(residuals)
    bread = np.linalg.inv(stages[0].information)
    if rule.type == "classical":
        whole = np.kron(spread, bread)
    else:
        whole = covariance_of(_stacked(stages), replace(rule, small_sample="none"), sample.grouping, _NO_LEAST).matrix
    places = np.concatenate([np.arange(k)[tested] + k * stage for stage in range(count)])
    fail_if_singular(whole[np.ix_(places, places)])
    slopes = np.column_stack([stage.params[tested] for stage in stages])
    statistic = rank_statistic(slopes, whole[np.ix_(places, places)], _gram(sample), spread)
    df = slopes.shape[0] - count + 1
    named = "Cragg-Donald Wald" if rule.type == "classical" else "Kleibergen-Paap rk Wald"
    p = float(stats.chi2.sf(statistic, df))
    note = "a small p speaks for instruments that move each endogenous term"
    return Test(name=f"underidentification: {named}", statistic=statistic, df=df, p=p, note=note)


def _anderson_rubin(sample: Sample, rule: CovarianceSpec) -> Test:
    """Return the test that the endogenous terms have no effect, and for a single one the interval of effects that the
    test does not reject: right however weak the instruments are.
    """
    name = f"Anderson-Rubin: {' = '.join(sample.endogenous.names)} = 0"
    slopes, matrix, df2 = _slopes_of_instruments(sample, sample.outcome, rule)
    test = zeros_test(name, slopes, matrix, df2)
    if len(sample.endogenous.names) > 1:
        return test
    count = len(slopes)
    limit = stats.chi2.ppf(_CONFIDENCE, count) if df2 == inf else count * stats.f.ppf(_CONFIDENCE, count, df2)
    intervals = slopes_not_rejected(_reduced_forms(sample, rule), float(limit))
    return replace(test, note=f"{_CONFIDENCE:.0%} set of effects: {written(intervals)}")


def _reduced_forms(sample: Sample, rule: CovarianceSpec) -> ReducedForms:
    """Return the reduced forms; the covariance of y - b x is quadratic in b, so three values of b give its parts."""
    outcome, moved = sample.outcome, sample.endogenous.columns[:, 0]
    unit = float(np.std(outcome) / np.std(moved))
    at_zero = _slopes_of_instruments(sample, outcome, rule)
    above, below = (_slopes_of_instruments(sample, outcome - sign * unit * moved, rule)[1] for sign in (1.0, -1.0))
    return ReducedForms(
        outcome=at_zero[0],
        endogenous=_slopes_of_instruments(sample, moved, rule)[0],
        parts=(at_zero[1], (above - below) / (2 * unit), ((above + below) / 2 - at_zero[1]) / unit**2),
    )


def _overidentification(sample: Sample, residuals: Array, rule: CovarianceSpec) -> list[Test]:
    """Return Sargan's and Basmann's tests of the estimate's residuals under classical errors, else Hansen's J."""
    df = len(sample.instruments.names) - len(sample.endogenous.names)
    note = "a small p speaks against some of the instruments"
    if rule.type != "classical":
        return [tested("overidentification: Hansen J", lambda: _hansen(sample, rule, df, note))]
    columns, weights = _instruments(sample), _weights(sample)
    root = np.sqrt(weights)
    fitted = columns @ np.linalg.lstsq(columns * root[:, None], residuals * root, rcond=None)[0]
    n = len(residuals)
    sargan = n * float(weights @ fitted**2) / float(weights @ residuals**2)
    basmann = sargan * (n - columns.shape[1]) / (n - sargan)
    return [
        Test(name=f"overidentification: {name}", statistic=value, df=df, p=float(stats.chi2.sf(value, df)), note=note)
        for name, value in (("Sargan", sargan), ("Basmann", basmann))
    ]


def _hansen(sample: Sample, rule: CovarianceSpec, df: int, note: str) -> Test:
    """Return Hansen's (1982) J: the moments of two-step GMM in the metric of their covariance at 2SLS."""
    columns, weights = _instruments(sample), _weights(sample)
    columns = columns / np.linalg.norm(columns, axis=0)
    regressors = np.column_stack([sample.exogenous.columns, sample.endogenous.columns])
    cross, target = (columns * weights[:, None]).T @ regressors, (columns * weights[:, None]).T @ sample.outcome
    gram = (columns * weights[:, None]).T @ columns
    first = _minimum(cross, target, np.linalg.inv(gram))
    scores = columns * (weights * (sample.outcome - regressors @ first))[:, None]
    moments = replace(_regression(sample, sample.outcome), scores=scores, information=np.eye(len(gram)), leverage=None)
    spread = covariance_of(moments, _plain(rule), sample.grouping, _NO_LEAST).matrix
    fail_if_singular(spread)
    weight = np.linalg.inv(spread)
    total = target - cross @ _minimum(cross, target, weight)
    statistic = float(total @ weight @ total)
    return Test(
        name="overidentification: Hansen J",
        statistic=statistic,
        df=df,
        p=float(stats.chi2.sf(statistic, df)),
        note=note,
    )


def _plain(rule: CovarianceSpec) -> CovarianceSpec:
    """Return the rule without a factor for small samples, under which the moments' covariance has no parameters."""
    return replace(rule, type="hc0" if rule.type.startswith("hc") else rule.type, small_sample="none")


def _minimum(cross: Array, target: Array, weight: Array) -> Array:
    return np.linalg.solve(cross.T @ weight @ cross, cross.T @ weight @ target)


def _durbin_wu_hausman(sample: Sample, rule: CovarianceSpec) -> Test:
    """Return the test that least squares would have done: the first stages' residuals add nothing to it."""
    residuals = np.column_stack([_residuals(sample, column) for column in sample.endogenous.columns.T])
    design = np.column_stack([sample.exogenous.columns, sample.endogenous.columns, residuals])
    estimates = _least_squares(design, sample.outcome, _weights(sample))
    covariance = covariance_of(estimates, rule, sample.grouping, _NO_LEAST)
    last = slice(-residuals.shape[1], None)
    note = "a small p speaks against treating the endogenous terms as exogenous"
    return zeros_test("Durbin-Wu-Hausman", estimates.params[last], covariance.matrix[last, last], covariance.df, note)


def _slopes_of_instruments(sample: Sample, outcome: Array, rule: CovarianceSpec) -> tuple[Array, Array, float]:
    """Return the instruments' slopes on an outcome beside the exogenous columns, their covariance and its df."""
    stage = _regression(sample, outcome)
    covariance = covariance_of(stage, rule, sample.grouping, _NO_LEAST)
    tested = slice(len(sample.exogenous.names), None)
    return stage.params[tested], covariance.matrix[tested, tested], covariance.df


def _regression(sample: Sample, outcome: Array) -> Estimates:
    return _least_squares(_instruments(sample), outcome, _weights(sample))


def _residuals(sample: Sample, outcome: Array) -> Array:
    return outcome - _instruments(sample) @ _regression(sample, outcome).params


def _instruments(sample: Sample) -> Array:
    """Return the exogenous columns and the instruments."""
    return np.column_stack([sample.exogenous.columns, sample.instruments.columns])


def _gram(sample: Sample) -> Array:
    """Return Z'WZ of what the exogenous columns leave of the instruments."""
    root = np.sqrt(_weights(sample))[:, None]
    exogenous, instruments = sample.exogenous.columns * root, sample.instruments.columns * root
    rest = instruments - exogenous @ np.linalg.lstsq(exogenous, instruments, rcond=None)[0]
    return rest.T @ rest


def _weights(sample: Sample) -> Array:
    return np.ones(len(sample.outcome)) if sample.weights is None else sample.weights


def _stacked(stages: list[Estimates]) -> Estimates:
    """Return the first stages as one: scores side by side, information in blocks."""
    one = stages[0]
    return replace(
        one,
        params=np.concatenate([stage.params for stage in stages]),
        scores=np.column_stack([stage.scores for stage in stages]),
        information=np.kron(np.eye(len(stages)), one.information),
    )


def _least_squares(design: Array, outcome: Array, weights: Array) -> Estimates:
    root = np.sqrt(weights)
    params = np.linalg.lstsq(design * root[:, None], outcome * root, rcond=None)[0]
    residuals = outcome - design @ params
    information = design.T @ (design * weights[:, None])
    return Estimates(
        terms=(),
        params=params,
        scores=design * (weights * residuals)[:, None],
        information=information,
        design=design,
        rss=float(weights @ residuals**2),
        linear=True,
        loglik=float("nan"),
        r2=float("nan"),
        engine="auxiliary regression",
        leverage=weights * np.einsum("ij,ij->i", design @ np.linalg.inv(information), design),
    )
