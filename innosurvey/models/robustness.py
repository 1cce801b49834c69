"""How much one model's answer hangs on: a group of firms, single firms, what is not observed, and the other questions
asked with it.

Each function returns a tidy table; what can't be computed is a row with its reason. No firm is named: what single firms
do is told by ranges and counts.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from innosurvey.models.absorb import absorb, one_level
from innosurvey.models.asked import COUNTS, NUMBERS, Found, ask, numbers, rows_of
from innosurvey.models.covariance import covariance_of
from innosurvey.models.curve import together_of
from innosurvey.models.drawing import Drawing
from innosurvey.models.engines import engine_of
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.fit import OK
from innosurvey.models.influence import influence_on, slopes_without_each_cluster
from innosurvey.models.matrix import CONSTANT
from innosurvey.models.oster import R2_FACTOR, adjusted_slope, largest_r2, movement_of, selection_needed
from innosurvey.models.rows import Selection, codes_of, select_rows
from innosurvey.models.sample import Sample, build_sample
from innosurvey.models.spec import ModelSpec
from innosurvey.multiplicity import romano_wolf

NOBODY = "none"
LEFT_OUT_COLUMNS = ("model", "term", "column", "left_out", *NUMBERS, *COUNTS, "status", "warnings")
INFLUENCE_COLUMNS = (
    "model", "term", "cluster", "slope", "smallest", "largest", "largest_change", "notable", "clusters", "status",
)  # fmt: skip
BOUNDS_COLUMNS = (
    "model", "term", "uncontrolled", "controlled", "r2_uncontrolled", "r2_controlled", "r2_max", "adjusted",
    "selection_needed", "n", "status",
)  # fmt: skip
FAMILY_COLUMNS = ("family", "model", "outcome", "term", *NUMBERS, "p_adjusted", "n", "n_firms", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One coefficient of one model."""

    model: ModelSpec
    term: str


def without_each_group(asked: Asked, firms: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the coefficient on all firms, then without each level of a column in turn, such as each industry."""
    levels = pd.unique(firms[column].dropna()).tolist()
    rows = []
    for level in (None, *sorted(levels)):
        kept = firms if level is None else firms[firms[column].ne(level).fillna(True)]
        found = ask(asked.model, asked.term, rows_of(kept, "firm_id"))
        named = {"model": asked.model.id, "term": asked.term, "column": column}
        rows.append({**named, "left_out": NOBODY if level is None else str(level), **numbers(found)})
    return _frame(rows, LEFT_OUT_COLUMNS)


def influence_of_clusters(model: ModelSpec, firms: pd.DataFrame, cluster: str = "firm_id") -> pd.DataFrame:
    """Return, for each regressor of a least-squares model, how far its slope moves without any one cluster."""
    identity = {"model": model.id, "cluster": cluster}
    try:
        selection, sample = _linear(model, firms)
        estimates = engine_of(model.estimator)(sample)
        errors = np.sqrt(np.diag(covariance_of(estimates, model.covariance, sample.grouping, model.least.df).matrix))
        without = slopes_without_each_cluster(
            sample.outcome,
            sample.exogenous.columns,
            codes_of(selection.firms[cluster]),
            sample.grouping.effects,
            sample.weights,
        )
    except (NotEstimated, np.linalg.LinAlgError) as obstacle:
        return _frame([{**identity, **_reason(obstacle)}], INFLUENCE_COLUMNS)
    return _frame(
        [
            {**identity, "term": name, **asdict(influence_on(slope, error, column)), "status": OK}
            for name, slope, error, column in zip(estimates.terms, estimates.params, errors, without.T, strict=True)
            if sample.exogenous.terms[sample.exogenous.names.index(name)] in _regressors(model)
        ],
        INFLUENCE_COLUMNS,
    )


def bounds_by_selection(model: ModelSpec, firms: pd.DataFrame, r2_factor: float = R2_FACTOR) -> pd.DataFrame:
    """Return, for each regressor of a least-squares model, its slope without the bias of selection as strong as that on
    all other columns, and the selection that would leave nothing of it (Oster 2019).
    """
    try:
        _, sample = _linear(model, firms)
        block = sample.exogenous
        asked = [place for place, term in enumerate(block.terms) if term in _regressors(model)]
        others = len([name for name in block.names if name != CONSTANT]) - 1
        if not others:
            raise NotEstimated("there are no controls to compare with")
    except (NotEstimated, np.linalg.LinAlgError) as obstacle:
        return _frame([{"model": model.id, **_reason(obstacle)}], BOUNDS_COLUMNS)
    columns = np.column_stack([sample.outcome, block.columns])
    within = absorb(columns, sample.grouping.effects or (one_level(len(columns)),), sample.weights)
    rows = []
    for place in asked:
        rest = [1 + other for other, name in enumerate(block.names) if other != place and name != CONSTANT]
        movement = movement_of(within[:, 0], within[:, 1 + place], within[:, rest], sample.weights)
        most = largest_r2(movement, r2_factor)
        told = {name: getattr(movement, name) for name in BOUNDS_COLUMNS[2:6]}
        found = {"adjusted": adjusted_slope(movement, most), "selection_needed": selection_needed(movement, most)}
        rows.append({"model": model.id, "term": block.names[place], **told, "r2_max": most, **found, "n": len(within)})
    return _frame([{**row, "status": OK} for row in rows], BOUNDS_COLUMNS)


def adjusted_family(
    family: str, asked: Sequence[Asked], firms: pd.DataFrame, drawing: Drawing, cluster: str = "firm_id"
) -> pd.DataFrame:
    """Return coefficients of one or several models with p-values that hold for all of them together (Romano and Wolf
    2005), firms (or other clusters) kept together across models in each draw.
    """
    rows = rows_of(firms, cluster)
    found = [ask(each.model, each.term, rows, keep=True) for each in asked]
    estimated = [part for part in found if isinstance(part, Found)]
    adjusted: list[float] = []
    if estimated:
        together = together_of(estimated, drawing)
        adjusted = romano_wolf(together.statistics, together.drawn / together.errors).tolist()
    p = iter(adjusted)
    return _frame(
        [
            {
                "family": family,
                "model": each.model.id,
                "outcome": each.model.outcome.text,
                "term": each.term,
                **numbers(part),
                "p_adjusted": next(p) if isinstance(part, Found) else np.nan,
            }
            for each, part in zip(asked, found, strict=True)
        ],
        FAMILY_COLUMNS,
    )


def _linear(model: ModelSpec, firms: pd.DataFrame) -> tuple[Selection, Sample]:
    """Return rows and sample of a least-squares model; NotEstimated for another."""
    if model.estimator not in ("ols", "fe"):
        raise NotEstimated(f"only for least squares, not {model.kind.called}")
    selection = select_rows(model, firms)
    return selection, build_sample(model, selection)


def _regressors(model: ModelSpec) -> set[str]:
    return {term.text for term in model.regressors}


def _reason(obstacle: Exception) -> dict[str, str]:
    known = isinstance(obstacle, NotEstimated)
    return {"status": f"not estimated: {obstacle.args[0] if known else 'the information matrix is singular'}"}


def _frame(rows: Sequence[dict[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))
