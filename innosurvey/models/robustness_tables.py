"""A robustness question from its curve to the tables of the report: every specification, what they say together, and
what the main answer hangs on.

Counts stand on every row, so that what too few firms stand behind can be hidden.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from innosurvey.kept import Kept
from innosurvey.models.asked import NUMBERS
from innosurvey.models.curve import IDENTITY, SPECIFICATION_COLUMNS, fit_curve
from innosurvey.models.curve_spec import CurveSpec, Specification
from innosurvey.models.fit import OK
from innosurvey.models.plan_curves import CurveItem, main_specifications
from innosurvey.models.robustness import (
    NOBODY,
    Asked,
    adjusted_family,
    bounds_by_selection,
    influence_of_clusters,
    without_each_group,
)

SUMMARY_COLUMNS = (
    *IDENTITY, "outcome", "input", "specifications", "estimated", "n", "lowest", "median", "highest", "share_positive",
    "share_significant", "p_median", "p_share", "p_mean", "draws",
)  # fmt: skip
MAIN_COLUMNS = (*IDENTITY, "outcome", "input", *NUMBERS, "p_adjusted", "n", "n_firms", "status")
LEFT_OUT = (*IDENTITY, "outcome", "input", "column", "left_out", *NUMBERS, "n", "n_firms", "n_left_out", "status")
INFLUENCE = (
    *IDENTITY, "outcome", "input", "estimator", "slope", "smallest", "largest", "largest_change", "notable", "n",
    "status",
)  # fmt: skip
BOUNDS = (
    *IDENTITY, "outcome", "input", "estimator", "uncontrolled", "controlled", "r2_uncontrolled", "r2_controlled",
    "r2_max", "adjusted", "selection_needed", "n", "status",
)  # fmt: skip
_P_OF = {"median": "p_median", "share": "p_share", "mean": "p_mean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """The tables of some curves: each specification, the specifications together by outcome and input, the main
    answers with p-values for all of them, and those answers without each industry, without each firm, and with
    selection on what is not observed.
    """

    specifications: pd.DataFrame
    specification_tests: pd.DataFrame
    main_answers: pd.DataFrame
    leave_out: pd.DataFrame
    influence: pd.DataFrame
    selection_bounds: pd.DataFrame


COLUMNS: Mapping[str, Sequence[str]] = {
    "specifications": SPECIFICATION_COLUMNS,
    "specification_tests": SUMMARY_COLUMNS,
    "main_answers": MAIN_COLUMNS,
    "leave_out": LEFT_OUT,
    "influence": INFLUENCE,
    "selection_bounds": BOUNDS,
}


def ask_all(items: Sequence[CurveItem], firms: pd.DataFrame, kept: Kept | None = None) -> Robustness:
    """Return the tables of all curves, each asked on the rows of its group. What `kept` has of the run before is not
    asked again.
    """
    kept = kept or Kept()
    parts = []
    for item in items:
        rows = firms[firms["group"].eq(item.group)]
        parts.append(kept.of(partial(_ask, item, rows), item, rows))
    return Robustness(**{name: _joined([part[name] for part in parts], COLUMNS[name]) for name in COLUMNS})


def _joined(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)] or list(frames[:1])
    return pd.concat(filled, ignore_index=True).reindex(columns=list(columns))


def _ask(item: CurveItem, firms: pd.DataFrame) -> dict[str, pd.DataFrame]:
    curve = item.curve
    fitted = fit_curve(curve, firms, item.cohort, item.group)
    identity = dict(zip(IDENTITY, (curve.id, item.cohort, item.group), strict=True))
    main, linear = main_specifications(curve), main_specifications(curve, linear=True)
    found = {
        "main_answers": _answers(curve, main, firms),
        "leave_out": _of_each(main, lambda point: _without_each(point, firms, curve.leave_out)),
        "influence": _of_each(linear, lambda point: _influence(point, firms, curve.cluster)),
        "selection_bounds": _of_each(linear, lambda point: _bounds(point, firms)),
    }
    return {
        "specifications": fitted.specifications,
        "specification_tests": _together(fitted.specifications, fitted.tests, curve),
        **{name: frame.assign(**identity).reindex(columns=list(COLUMNS[name])) for name, frame in found.items()},
    }


def _together(points: pd.DataFrame, tests: pd.DataFrame, curve: CurveSpec) -> pd.DataFrame:
    """Return what the specifications of each outcome and input say together, with the p-values of the joint tests."""
    rows = []
    for (outcome, asked), some in points.groupby(["outcome", "input"], sort=False):
        ours = tests[(tests["outcome"] == outcome) & (tests["input"] == asked)]
        p = {_P_OF[str(name).split()[0]]: value for name, value in zip(ours["name"], ours["p"], strict=True)}
        rows.append(
            {**_spread(some, curve.alpha), **p, "outcome": outcome, "input": asked, "draws": curve.drawing.draws}
        )
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def _spread(some: pd.DataFrame, alpha: float) -> dict[str, object]:
    """Return how many specifications there are, where their estimates lie, and how many are positive, and significant
    in the direction that most have.
    """
    found = some[some["status"] == OK]
    estimates = found["estimate"].to_numpy(dtype=float)
    identity = {name: some[name].iloc[0] for name in IDENTITY}
    told = {**identity, "specifications": len(some), "estimated": len(found)}
    if not len(found):
        return {**told, "n": 0}
    significant = found["p"].to_numpy(dtype=float) < alpha
    above, below = (estimates > 0).sum(), (estimates < 0).sum()
    shares = float((significant & (estimates > 0)).mean()), float((significant & (estimates < 0)).mean())
    return {
        **told,
        "n": int(found["n"].min()),
        "lowest": float(estimates.min()),
        "median": float(np.median(estimates)),
        "highest": float(estimates.max()),
        "share_positive": float((estimates > 0).mean()),
        "share_significant": max(shares) if above == below else shares[0] if above > below else shares[1],
    }


def _answers(curve: CurveSpec, main: Sequence[Specification], firms: pd.DataFrame) -> pd.DataFrame:
    """Return the main answers, with p-values adjusted for there being several (Romano and Wolf)."""
    asked = [Asked(model=point.model, term=point.asked.text) for point in main]
    family = adjusted_family(curve.id, asked, firms, curve.drawing, curve.cluster)
    return family.drop(columns="outcome").assign(**_names(main))


def _names(points: Sequence[Specification]) -> dict[str, list[str]]:
    return {name: [point.choices[name] for point in points] for name in ("outcome", "input")}


def _of_each(points: Sequence[Specification], table: Callable[[Specification], pd.DataFrame]) -> pd.DataFrame:
    """Return the tables of all main specifications below each other, each row with its outcome, input and estimator."""
    parts = [
        table(point).assign(**{name: point.choices[name] for name in ("outcome", "input", "estimator")})
        for point in points
    ]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _without_each(point: Specification, firms: pd.DataFrame, column: str | None) -> pd.DataFrame:
    if column is None:
        return pd.DataFrame()
    found = without_each_group(Asked(model=point.model, term=point.asked.text), firms, column)
    all_firms, left = found["n_firms"].iloc[0], found["n_firms"].astype("Int64")
    return found.assign(n_left_out=(all_firms - left).where(found["left_out"].ne(NOBODY), left))


def _influence(point: Specification, firms: pd.DataFrame, cluster: str) -> pd.DataFrame:
    return influence_of_clusters(point.model, firms, cluster).rename(columns={"clusters": "n"})


def _bounds(point: Specification, firms: pd.DataFrame) -> pd.DataFrame:
    return bounds_by_selection(point.model, firms)
