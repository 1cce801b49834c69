"""What is known of instruments, under the covariance that the model declares.

How strong they are (first-stage F, effective F, rank), what holds even if they are weak (Anderson and Rubin's test and
interval), whether they agree with each other (Sargan and Basmann, or Hansen), and whether they were needed (Durbin, Wu
and Hausman). A test that these rows can't support is a row with the reason.
"""

from dataclasses import dataclass, replace
from functools import partial
from math import inf

import numpy as np
from scipy.linalg import solve_triangular

from innosurvey.distributions import chi_squared_quantile, chi_squared_test, f_quantile
from innosurvey.models.arrays import Array
from innosurvey.models.covariance import Covariance, covariance_of
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
_AGAINST_SOME = "a small p speaks against some of the instruments"
_NO_LEAST = -(10**9)
"""Auxiliary regressions have more columns than the model, which itself has passed the rule on degrees of freedom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """Regressions on the exogenous columns and the instruments, factored once for all outcomes: the columns times the
    root of the weights are `basis` × `triangle`.
    """

    sample: Sample
    rule: CovarianceSpec
    columns: Array
    root: Array
    basis: Array
    triangle: Array

    @property
    def first(self) -> int:
        """The place of the first instrument."""
        return len(self.sample.exogenous.names)

    @property
    def gram(self) -> Array:
        """Z'WZ of what the exogenous columns leave of the instruments."""
        rest = self.triangle[self.first :, self.first :]
        return np.asarray(rest.T @ rest)

    def regression(self, outcome: Array) -> Estimates:
        """Return (weighted) least squares of an outcome."""
        params = solve_triangular(self.triangle, self.basis.T @ (self.root * outcome))
        residuals = outcome - self.columns @ params
        leverage = np.einsum("ij,ij->i", self.basis, self.basis)
        information = self.triangle.T @ self.triangle
        return _least_squares(self.columns, params, residuals, (self.root**2, information, leverage))

    def residuals(self, outcome: Array) -> Array:
        """Return what the columns leave of an outcome."""
        rest = self.root * outcome
        return (rest - self.basis @ (self.basis.T @ rest)) / self.root

    def slopes(self, outcome: Array) -> tuple[Array, Array, float]:
        """Return the instruments' slopes on an outcome, their covariance and its degrees of freedom."""
        estimates = self.regression(outcome)
        covariance = self.covariance(estimates)
        return estimates.params[self.first :], covariance.matrix[self.first :, self.first :], covariance.df

    def covariance(self, estimates: Estimates, rule: CovarianceSpec | None = None) -> Covariance:
        """Return the covariance that the model declares, or another."""
        return covariance_of(estimates, rule or self.rule, self.sample.grouping, _NO_LEAST)


def judge_instruments(sample: Sample, residuals: Array, rule: CovarianceSpec) -> Judgement:
    """Return the diagnostics of a model with instruments, whose `residuals` are those of the estimate."""
    names, stage = sample.endogenous.names, _stage(sample, rule)
    tests = [tested(f"first-stage F: {name}", partial(_first_stage, stage, place)) for place, name in enumerate(names)]
    if len(names) == 1:
        tests.append(tested(f"effective F: {names[0]}", partial(_effective, stage)))
    tests += [
        tested("underidentification", partial(_rank, stage)),
        tested("Anderson-Rubin", partial(_anderson_rubin, stage)),
    ]
    if len(sample.instruments.names) > len(names):
        tests += _overidentification(stage, residuals)
    tests.append(tested("Durbin-Wu-Hausman", partial(_durbin_wu_hausman, stage)))
    return Judgement(tests=tuple(tests), warnings=_notes(sample, tests[: len(names)]))


def _stage(sample: Sample, rule: CovarianceSpec) -> _Stage:
    columns = np.column_stack([sample.exogenous.columns, sample.instruments.columns])
    root = np.ones(len(columns)) if sample.weights is None else np.sqrt(sample.weights)
    basis, triangle = np.linalg.qr(columns * root[:, None])
    return _Stage(sample=sample, rule=rule, columns=columns, root=root, basis=basis, triangle=triangle)


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


def _first_stage(stage: _Stage, place: int) -> Test:
    """Return the test that the instruments do not move one endogenous term (Stock and Yogo 2005 for the threshold of
    its F; with several endogenous terms it is necessary but not sufficient).
    """
    endogenous = stage.sample.endogenous
    test = zeros_test(f"first-stage F: {endogenous.names[place]}", *stage.slopes(endogenous.columns[:, place]))
    return replace(test, note=_WEAKLY) if _as_f(test) < WEAK else test


def _effective(stage: _Stage) -> Test:
    endogenous = stage.sample.endogenous
    slopes, matrix, _ = stage.slopes(endogenous.columns[:, 0])
    fail_if_singular(matrix)
    found = effective_f(slopes, matrix, stage.gram)
    verdict = "above" if found.statistic > found.critical else "not above"
    return Test(
        name=f"effective F: {endogenous.names[0]}",
        statistic=found.statistic,
        df=found.df,
        p=found.p,
        note=f"{verdict} {found.critical:.1f}, from where the bias of 2SLS stays below a tenth of the worst",
    )


def _rank(stage: _Stage) -> Test:
    """Return Kleibergen and Paap's rk Wald test, or under classical errors Cragg and Donald's."""
    columns = stage.sample.endogenous.columns.T
    estimates = [stage.regression(column) for column in columns]
    residuals = np.column_stack([stage.residuals(column) for column in columns])
    spread = residuals.T @ (residuals * stage.root[:, None] ** 2) / len(residuals)
    if stage.rule.type == "classical":
        named, whole = "Cragg-Donald Wald", np.kron(spread, np.linalg.inv(estimates[0].information))
    else:
        plain = replace(stage.rule, small_sample="none")
        named, whole = "Kleibergen-Paap rk Wald", stage.covariance(_stacked(estimates), plain).matrix
    k = stage.columns.shape[1]
    places = np.concatenate([np.arange(stage.first, k) + k * place for place in range(len(columns))])
    matrix = whole[np.ix_(places, places)]
    fail_if_singular(matrix)
    slopes = np.column_stack([found.params[stage.first :] for found in estimates])
    statistic = rank_statistic(slopes, matrix, stage.gram, spread)
    df = slopes.shape[0] - len(columns) + 1
    note = "a small p speaks for instruments that move each endogenous term"
    return _chi_squared(f"underidentification: {named}", statistic, df, note)


def _anderson_rubin(stage: _Stage) -> Test:
    """Return the test that the endogenous terms have no effect, and for a single one the interval of effects that the
    test does not reject: right however weak the instruments are.
    """
    names = stage.sample.endogenous.names
    slopes, matrix, df2 = stage.slopes(stage.sample.outcome)
    test = zeros_test(f"Anderson-Rubin: {' = '.join(names)} = 0", slopes, matrix, df2)
    if len(names) > 1:
        return test
    count, level = len(slopes), stage.rule.confidence
    limit = chi_squared_quantile(level, count) if df2 == inf else count * f_quantile(level, count, df2)
    intervals = slopes_not_rejected(_reduced_forms(stage), limit)
    return replace(test, note=f"{100 * level:g}% set of effects: {written(intervals)}")


def _reduced_forms(stage: _Stage) -> ReducedForms:
    """Return the reduced forms; the covariance of y - b x is quadratic in b, so three values of b give its parts."""
    outcome, moved = stage.sample.outcome, stage.sample.endogenous.columns[:, 0]
    unit = float(np.std(outcome) / np.std(moved))
    at_zero = stage.slopes(outcome)
    above, below = (stage.slopes(outcome - sign * unit * moved)[1] for sign in (1.0, -1.0))
    return ReducedForms(
        outcome=at_zero[0],
        endogenous=stage.slopes(moved)[0],
        parts=(at_zero[1], (above - below) / (2 * unit), ((above + below) / 2 - at_zero[1]) / unit**2),
    )


def _overidentification(stage: _Stage, residuals: Array) -> list[Test]:
    """Return Sargan's and Basmann's tests of the estimate's residuals under classical errors, else Hansen's J."""
    if stage.rule.type != "classical":
        return [tested("overidentification: Hansen J", partial(_hansen, stage))]
    rest, n = stage.root * residuals, len(residuals)
    sargan = n * float(((stage.basis.T @ rest) ** 2).sum()) / float(rest @ rest)
    basmann = sargan * (n - stage.columns.shape[1]) / (n - sargan)
    df = _surplus(stage)
    return [
        _chi_squared(f"overidentification: {name}", value, df, _AGAINST_SOME)
        for name, value in (("Sargan", sargan), ("Basmann", basmann))
    ]


def _hansen(stage: _Stage) -> Test:
    """Return Hansen's (1982) J: the moments of two-step GMM in the metric of their covariance at 2SLS.

    The moments are those of the basis, which spans the instruments: J is the same, and 2SLS weighs them alike.
    """
    sample = stage.sample
    regressors = np.column_stack([sample.exogenous.columns, sample.endogenous.columns])
    moments = stage.basis * stage.root[:, None]
    cross, target = moments.T @ regressors, moments.T @ sample.outcome
    first = np.linalg.lstsq(cross, target, rcond=None)[0]
    scores = moments * (sample.outcome - regressors @ first)[:, None]
    parts = replace(stage.regression(sample.outcome), scores=scores, information=np.eye(scores.shape[1]))
    spread = stage.covariance(parts, _plain(stage.rule)).matrix
    fail_if_singular(spread)
    weight = np.linalg.inv(spread)
    total = target - cross @ np.linalg.solve(cross.T @ weight @ cross, cross.T @ weight @ target)
    return _chi_squared("overidentification: Hansen J", float(total @ weight @ total), _surplus(stage), _AGAINST_SOME)


def _surplus(stage: _Stage) -> int:
    return len(stage.sample.instruments.names) - len(stage.sample.endogenous.names)


def _plain(rule: CovarianceSpec) -> CovarianceSpec:
    """Return the rule without a factor for small samples, under which the moments' covariance has no parameters."""
    return replace(rule, type="hc0" if rule.type.startswith("hc") else rule.type, small_sample="none")


def _durbin_wu_hausman(stage: _Stage) -> Test:
    """Return the test that least squares would have done: the first stages' residuals add nothing to it."""
    sample, weights = stage.sample, stage.root**2
    residuals = np.column_stack([stage.residuals(column) for column in sample.endogenous.columns.T])
    design = np.column_stack([sample.exogenous.columns, sample.endogenous.columns, residuals])
    basis, triangle = np.linalg.qr(design * stage.root[:, None])
    params = solve_triangular(triangle, basis.T @ (stage.root * sample.outcome))
    given = (weights, triangle.T @ triangle, np.einsum("ij,ij->i", basis, basis))
    estimates = _least_squares(design, params, sample.outcome - design @ params, given)
    covariance = stage.covariance(estimates)
    last = slice(-residuals.shape[1], None)
    note = "a small p speaks against treating the endogenous terms as exogenous"
    return zeros_test("Durbin-Wu-Hausman", estimates.params[last], covariance.matrix[last, last], covariance.df, note)


def _chi_squared(name: str, statistic: float, df: int, note: str) -> Test:
    return Test(name=name, statistic=statistic, df=df, p=chi_squared_test(statistic, df), note=note)


def _stacked(stages: list[Estimates]) -> Estimates:
    """Return the first stages as one: scores side by side, information in blocks."""
    one = stages[0]
    return replace(
        one,
        params=np.concatenate([stage.params for stage in stages]),
        scores=np.column_stack([stage.scores for stage in stages]),
        information=np.kron(np.eye(len(stages)), one.information),
    )


def _least_squares(design: Array, params: Array, residuals: Array, given: tuple[Array, Array, Array]) -> Estimates:
    """Return the estimates of an auxiliary regression, `given` its weights, information and leverages."""
    weights, information, leverage = given
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
        leverage=leverage,
    )
