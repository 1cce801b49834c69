"""A specification curve from its specification to two tidy tables: a row per specification, and the joint tests.

Least squares on common rows go together, from one table of cross-products (`curve_quick.py`); all else, and what that
way leaves out, is fitted by itself. What a nonlinear model reports is the average marginal effect, where it has one, so
that estimators can stand on one axis. Firms move all estimates of a draw together (`joint_tests.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import pandas as pd
from scipy import stats

from innosurvey.lags import add_lags
from innosurvey.models.arrays import Array
from innosurvey.models.curve_quick import Found, fit_quickly, is_quick
from innosurvey.models.curve_spec import CurveSpec, Specification, specifications
from innosurvey.models.engines import engine_of
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.fit import OK, fit_one
from innosurvey.models.joint_tests import Together, null_draws, specification_tests
from innosurvey.models.kernels.levels import level_sums
from innosurvey.models.plan import PlanItem
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample
from innosurvey.models.spec import CovarianceSpec, ModelSpec

CHOICES = ("outcome", "input", "controls", "sample", "estimator", "covariance", "weights")
NUMBERS = ("estimate", "se", "df", "statistic", "p", "lower", "upper")
COUNTS = ("n", "n_firms", "n_clusters")
SPECIFICATION_COLUMNS = ("curve", "cohort", "group", "number", *CHOICES, *NUMBERS, *COUNTS, "status", "warnings")
JOINT_TEST_COLUMNS = ("curve", "cohort", "group", "outcome", "input", "name", "statistic", "p", "note")
EVERY = "all"
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The tables of a curve: a row per specification, in the order of their numbers, and per joint test."""

    specifications: pd.DataFrame
    tests: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The rows of the group, their clusters' places in the sorted list of all, and how many there are."""

    firms: pd.DataFrame
    clusters: "pd.Series[int]"
    count: int


def fit_curve(curve: CurveSpec, firms: pd.DataFrame, cohort: str = EVERY, group: str = EVERY) -> Curve:
    """Return the curve on the rows of one group; a specification that they can't support is a row with its reason."""
    points = specifications(curve)
    needed = [name for point in points for name in point.model.slice_columns]
    rows = _rows(add_lags(firms, firms, needed).dropna(subset=[curve.cluster]), curve.cluster)
    found: dict[int, Found | str] = {}
    for _, some in groupby(sorted(points, key=_shared), key=_shared):
        found |= _fit_some(curve, list(some), rows)
    identity = {"curve": curve.id, "cohort": cohort, "group": group}
    return Curve(
        specifications=_frame([{**identity, **_row(point, found[point.number])} for point in points]),
        tests=_tests(curve, points, found, identity),
    )


def _rows(firms: pd.DataFrame, cluster: str) -> _Rows:
    firms = firms.reset_index(drop=True)
    codes, names = pd.factorize(firms[cluster], sort=True)  # sorted: the draws must not depend on the rows' order
    return _Rows(firms=firms, clusters=pd.Series(codes), count=len(names))


def _shared(point: Specification) -> tuple[str, ...]:
    """Return what specifications have in common that can be fitted together."""
    return tuple(point.choices[name] for name in ("outcome", "sample", "estimator", "weights"))


def _fit_some(curve: CurveSpec, points: Sequence[Specification], rows: _Rows) -> dict[int, Found | str]:
    """Return what was found by number, or why it was not estimated."""
    if curve.rows == "own":
        return {point.number: _by_itself(point, rows.firms, curve, rows) for point in points}
    try:
        common = select_rows(_everything(curve, points[0].model), rows.firms).firms.index.unique()
    except NotEstimated as obstacle:
        return {point.number: obstacle.reason for point in points}
    firms = rows.firms.loc[common]
    places, together = np.unique(rows.clusters.loc[common], return_inverse=True)
    suited = [point for point in points if is_quick(point.model)]
    quick = fit_quickly(suited, firms, together, keep=curve.drawing.draws > 0)
    return {
        point.number: _spread(quick[point.number], places, rows.count)
        if point.number in quick
        else _by_itself(point, firms, curve, rows)
        for point in points
    }


def _everything(curve: CurveSpec, model: ModelSpec) -> ModelSpec:
    """Return the model with all terms and clusters of the curve: what a row must have to be common."""
    controls = dict.fromkeys((*curve.always, *(term for some in curve.controls for term in some.terms)))
    ways = dict.fromkeys((curve.cluster, *(name for rule in curve.covariances for name in rule.by)))
    return ModelSpec(
        id=model.id,
        family=model.family,
        estimator=model.estimator,
        outcome=model.outcome,
        regressors=curve.inputs,
        controls=tuple(term for term in controls if term not in curve.inputs),
        fixed_effects=model.fixed_effects,
        options=model.options,
        sample=model.sample,
        weights=model.weights,
        covariance=CovarianceSpec(type="cluster", by=tuple(ways)),
        least=model.least,
    )


def _spread(found: Found, places: Array, count: int) -> Found:
    """Return it with the influences of all clusters, 0 where they have no row."""
    if found.influences is None:
        return found
    influences = np.zeros(count)
    influences[places] = found.influences
    return replace(found, influences=influences)


def _by_itself(point: Specification, firms: pd.DataFrame, curve: CurveSpec, rows: _Rows) -> Found | str:
    """Return one specification as the models stage fits it, or why it can't be estimated."""
    fit = fit_one(PlanItem(spec=point.model, cohort=EVERY, group=EVERY), firms)
    if fit.row["status"] != OK:
        return str(fit.row["status"]).removeprefix("not estimated: ")
    by_term = {row["term"]: row for row in fit.coefficients}
    slope = by_term[point.asked.text]
    row = by_term.get(f"ame:{point.asked.text}", slope)
    # A marginal effect moves as its coefficient does, in units of their standard errors.
    influences = _influences(point, firms, rows) * (row["se"] / slope["se"]) if curve.drawing.draws else None
    return Found(
        estimate=row["estimate"],
        se=row["se"],
        df=row["df"],
        n=fit.row["n"],
        n_firms=fit.row["n_firms"],
        n_clusters=fit.row.get("n_clusters"),
        warnings=tuple(filter(None, [fit.row["warnings"]])),
        influences=influences,
    )


def _influences(point: Specification, firms: pd.DataFrame, rows: _Rows) -> Array:
    """Return the influences of all clusters on the coefficient, 0 where they have no row."""
    selection = select_rows(point.model, firms)
    sample = build_sample(point.model, selection)
    estimates = engine_of(point.model.estimator)(sample)
    direction = np.linalg.inv(estimates.information)[estimates.terms.index(point.asked.text)]
    clusters = np.asarray(rows.clusters.loc[selection.firms.index], dtype=np.intp)
    sums = level_sums(estimates.scores @ direction, clusters)
    influences = np.zeros(rows.count)
    influences[: len(sums)] = sums
    return influences


def _row(point: Specification, found: Found | str) -> dict[str, object]:
    row: dict[str, object] = {"number": point.number, **point.choices, "warnings": ""}
    if isinstance(found, str):
        return {**row, "status": f"not estimated: {found}"}
    statistic = found.estimate / found.se
    half = stats.t.ppf((1 + _CONFIDENCE) / 2, found.df) * found.se
    return {
        **row,
        **{name: getattr(found, name) for name in ("estimate", "se", "df", *COUNTS)},
        "statistic": statistic,
        "p": 2 * stats.t.sf(abs(statistic), found.df),
        "lower": found.estimate - half,
        "upper": found.estimate + half,
        "status": OK,
        "warnings": "; ".join(found.warnings),
    }


def _frame(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(SPECIFICATION_COLUMNS))
    return frame.astype({**dict.fromkeys(NUMBERS, float), **dict.fromkeys(COUNTS, "Int64")})


def _tests(
    curve: CurveSpec, points: Sequence[Specification], found: dict[int, Found | str], identity: dict[str, str]
) -> pd.DataFrame:
    """Return the joint tests for each outcome and input, and for all of them, whose units differ, but the median."""
    pairs = list(dict.fromkeys((point.choices["outcome"], point.choices["input"]) for point in points))
    rows = []
    for outcome, asked in [*pairs, *([(EVERY, EVERY)] if len(pairs) > 1 else [])]:
        some = [
            part
            for point in points
            if (point.choices["outcome"], point.choices["input"]) == (outcome, asked) or outcome == EVERY
            if isinstance(part := found[point.number], Found)
        ]
        together = together_of(curve, some)
        if together is None:
            continue
        rows += [
            {
                **identity,
                "outcome": outcome,
                "input": asked,
                **{key: getattr(test, key) for key in JOINT_TEST_COLUMNS[5:]},
            }
            for test in specification_tests(together)
            if outcome != EVERY or not test.name.startswith("median")
        ]
    return pd.DataFrame(rows, columns=list(JOINT_TEST_COLUMNS))


def together_of(curve: CurveSpec, found: Sequence[Found]) -> Together | None:
    """Return the estimates with their draws; None without draws or estimates."""
    influences = [part.influences for part in found if part.influences is not None]
    if not influences or not curve.drawing.draws:
        return None
    return Together(
        estimates=np.array([part.estimate for part in found]),
        errors=np.array([part.se for part in found]),
        df=np.array([part.df for part in found]),
        drawn=null_draws(np.column_stack(influences), curve.drawing),
    )
