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

from innosurvey.lags import add_lags
from innosurvey.models.asked import COUNTS, EVERY, NUMBERS, Found, Rows, ask, numbers, rows_of, spread
from innosurvey.models.curve_quick import fit_quickly, is_quick
from innosurvey.models.curve_spec import CurveSpec, Specification, specifications
from innosurvey.models.drawing import Drawing
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.joint_tests import Together, null_draws, specification_tests
from innosurvey.models.rows import select_rows
from innosurvey.models.spec import CovarianceSpec, ModelSpec

CHOICES = ("outcome", "input", "controls", "sample", "estimator", "covariance", "weights")
IDENTITY = ("curve", "cohort", "group")
SPECIFICATION_COLUMNS = (*IDENTITY, "number", *CHOICES, *NUMBERS, *COUNTS, "status", "warnings")
_TESTED = ("name", "statistic", "p", "note")
JOINT_TEST_COLUMNS = (*IDENTITY, "outcome", "input", *_TESTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The tables of a curve: a row per specification, in the order of their numbers, and per joint test."""

    specifications: pd.DataFrame
    tests: pd.DataFrame


def fit_curve(curve: CurveSpec, firms: pd.DataFrame, cohort: str = EVERY, group: str = EVERY) -> Curve:
    """Return the curve on the rows of one group; a specification that they can't support is a row with its reason."""
    points = specifications(curve)
    needed = [name for point in points for name in point.model.slice_columns]
    rows = rows_of(add_lags(firms, firms, needed), curve.cluster)
    found: dict[int, Found | str] = {}
    for _, some in groupby(sorted(points, key=_shared), key=_shared):
        found |= _fit_some(curve, list(some), rows)
    identity = {"curve": curve.id, "cohort": cohort, "group": group}
    described = [
        {**identity, "number": point.number, **point.choices, **numbers(found[point.number])} for point in points
    ]
    frame = pd.DataFrame(described, columns=list(SPECIFICATION_COLUMNS))
    return Curve(
        specifications=frame.astype({**dict.fromkeys(NUMBERS, float), **dict.fromkeys(COUNTS, "Int64")}),
        tests=_tests(curve, points, found, identity),
    )


def _shared(point: Specification) -> tuple[str, ...]:
    """Return what specifications have in common that can be fitted together."""
    return tuple(point.choices[name] for name in ("outcome", "sample", "estimator", "weights"))


def _fit_some(curve: CurveSpec, points: Sequence[Specification], rows: Rows) -> dict[int, Found | str]:
    """Return what was found by number, or why it was not estimated."""
    keep = curve.drawing.draws > 0
    if curve.rows == "own":
        return {point.number: ask(point.model, point.asked.text, rows, keep) for point in points}
    try:
        index = select_rows(_everything(curve, points[0].model), rows.firms).firms.index.unique()
    except NotEstimated as obstacle:
        return {point.number: obstacle.reason for point in points}
    common = replace(rows, firms=rows.firms.loc[index])
    places, together = np.unique(rows.clusters.loc[index], return_inverse=True)
    quick = fit_quickly([point for point in points if is_quick(point.model)], common.firms, together, keep)
    return {
        point.number: _everywhere(quick[point.number], places, rows.count)
        if point.number in quick
        else ask(point.model, point.asked.text, common, keep)
        for point in points
    }


def _everything(curve: CurveSpec, model: ModelSpec) -> ModelSpec:
    """Return the model with all terms and clusters of the curve: what a row must have to be common."""
    controls = dict.fromkeys((*curve.always, *(term for some in curve.controls for term in some.terms)))
    ways = dict.fromkeys((curve.cluster, *(name for rule in curve.covariances for name in rule.by)))
    return replace(
        model,
        regressors=curve.inputs,
        controls=tuple(term for term in controls if term not in curve.inputs),
        covariance=CovarianceSpec(type="cluster", by=tuple(ways)),
    )


def _everywhere(found: Found, places: np.ndarray, count: int) -> Found:
    if found.influences is None:
        return found
    return replace(found, influences=spread(found.influences, places, count))


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
        if not some or not curve.drawing.draws:
            continue
        rows += [
            {**identity, "outcome": outcome, "input": asked, **{key: getattr(test, key) for key in _TESTED}}
            for test in specification_tests(together_of(some, curve.drawing), curve.alpha)
            if outcome != EVERY or not test.name.startswith("median")
        ]
    return pd.DataFrame(rows, columns=list(JOINT_TEST_COLUMNS))


def together_of(found: Sequence[Found], drawing: Drawing) -> Together:
    """Return the estimates, whose influences were kept, with their draws under the null."""
    influences = [part.influences for part in found if part.influences is not None]
    return Together(
        estimates=np.array([part.estimate for part in found]),
        errors=np.array([part.se for part in found]),
        df=np.array([part.df for part in found]),
        drawn=null_draws(np.column_stack(influences), drawing),
    )
