"""The matrix: a row for each stage of life, field of policy and government.

    need         the share of the stage's firms that call the field's highest barrier high
    reach        the share that use the government's instruments of the field
    association  the average marginal effect of using the field's instruments on success, among the stage's firms
    priority     by the rule of `priority_of`

A cell without a number says why. Nothing is estimated: need and reach are rows of `describe`, the association one of
`coefficients`, the verdict one of `claims`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Literal

import pandas as pd

from innosurvey.policy.spec import FieldSpec, PolicySpec

Tables = Mapping[str, pd.DataFrame]
Priority = Literal["high", "medium", "low", "review", "unknown"]
Way = Literal["positive", "negative", "unclear", "not estimable"]
POOLED = "all"
NO_INSTRUMENT = "the survey asks for no instrument of this field"
COLUMNS = (
    "cohort", "stage", "field", "government", "barrier", "need", "need_lower", "need_upper", "need_n", "instrument",
    "reach", "reach_lower", "reach_upper", "reach_n", "term", "effect", "effect_p", "effect_n", "association",
    "priority", "claim", "verdict", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of firms in percent with its interval; NaN where there is none."""

    item: str = ""
    estimate: float = nan
    lower: float = nan
    upper: float = nan
    n: float = nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A marginal effect with its p-value and the firms behind it; NaN where there is none."""

    estimate: float = nan
    p: float = nan
    n: float = nan


def frame_policy(spec: PolicySpec | None, stages: Sequence[str], tables: Tables, confidence: float) -> pd.DataFrame:
    """Return the table `policy`; `tables` are describe, coefficients, fits and claims by name.

    Without a declared frame, or without the stages, the table is empty.
    """
    rows = []
    for field in spec.fields if spec else ():
        for stage in stages:
            for government in field.instruments or {"": ""}:
                rows.append(_row(spec, field, stage, government, tables, 1 - confidence))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({name: "Int64" for name in COLUMNS if name.endswith("_n")})


def priority_of(need: Share, reach: Share, way: Way, threshold: float) -> Priority:
    """Return the priority of a cell.

    `review`: users of the instruments do worse. `high`: the need is clear (its interval lies above the threshold) and
    reaches more firms than the instruments do (the intervals are apart). `medium`: a clear need that the instruments
    already reach, or a need that is not clear where their users do better. `low`: neither. `unknown`: no need can be
    told.
    """
    if isnan(need.estimate):
        return "unknown"
    if way == "negative":
        return "review"
    clear = need.lower >= threshold
    if clear and (isnan(reach.estimate) or reach.upper < need.lower):
        return "high"
    return "medium" if clear or way == "positive" else "low"


def way_of(effect: Effect, alpha: float) -> Way:
    """Return which way the association points, clear at alpha."""
    if isnan(effect.estimate) or isnan(effect.p):
        return "not estimable"
    if effect.p >= alpha:
        return "unclear"
    return "positive" if effect.estimate > 0 else "negative"


def _row(
    spec: PolicySpec, field: FieldSpec, stage: str, government: str, tables: Tables, alpha: float
) -> dict[str, object]:
    shares = [_share(tables["describe"], spec.cohort, stage, item) for item in field.barriers]
    need = max(shares, key=lambda share: -1 if isnan(share.estimate) else share.estimate)
    instrument = field.instruments.get(government, "")
    reach = _share(tables["describe"], spec.cohort, stage, instrument) if instrument else Share()
    effect = _effect(spec, field, stage, tables)
    way = way_of(effect, alpha)
    return {
        "cohort": spec.cohort,
        "stage": stage,
        "field": field.id,
        "government": government,
        "barrier": need.item,
        **_as_columns("need", need),
        "instrument": instrument,
        **_as_columns("reach", reach),
        "term": field.term,
        "effect": effect.estimate,
        "effect_p": effect.p,
        "effect_n": effect.n,
        "association": way,
        "priority": priority_of(need, reach, way, spec.need),
        "claim": field.claim,
        "verdict": _verdict(tables["claims"], field.claim),
        "reason": _reason(field, need, reach, way),
    }


def _as_columns(name: str, share: Share) -> dict[str, float]:
    return {name: share.estimate, f"{name}_lower": share.lower, f"{name}_upper": share.upper, f"{name}_n": share.n}


def _share(describe: pd.DataFrame, cohort: str, stage: str, item: str) -> Share:
    """Return the pooled share of a stage, NaN where it was not estimated."""
    key = {"cohort": cohort, "group": stage, "wave": POOLED, "item": item}
    rows = describe[(describe[list(key)].astype("str") == list(key.values())).all(axis=1)]
    if rows.empty or rows["status"].iloc[0] != "ok":
        return Share(item=item)
    row = rows.iloc[0]
    return Share(item=item, estimate=row["estimate"], lower=row["lower"], upper=row["upper"], n=row["n"])


def _effect(spec: PolicySpec, field: FieldSpec, stage: str, tables: Tables) -> Effect:
    key = {"model": spec.model, "cohort": spec.cohort, "group": stage}
    fits, coefficients = tables["fits"], tables["coefficients"]
    fit = fits[(fits[list(key)].astype("str") == list(key.values())).all(axis=1)]
    key |= {"term": field.term}
    row = coefficients[(coefficients[list(key)].astype("str") == list(key.values())).all(axis=1)]
    if fit.empty or row.empty or not field.term:
        return Effect()
    return Effect(estimate=row["estimate"].iloc[0], p=row["p"].iloc[0], n=fit["n_firms"].iloc[0])


def _verdict(claims: pd.DataFrame, claim: str) -> str:
    rows = claims[claims["claim"].astype("str") == claim]
    return "not estimable" if rows.empty else str(rows["verdict"].iloc[0])


def _reason(field: FieldSpec, need: Share, reach: Share, way: Way) -> str:
    """Return what a cell lacks, or an empty text."""
    lacking = [f"no share of firms with {need.item}"] if isnan(need.estimate) else []
    if not field.instruments:
        lacking.append(NO_INSTRUMENT)
    elif isnan(reach.estimate):
        lacking.append(f"no share of firms with {reach.item}")
    elif way == "not estimable":
        lacking.append(f"no estimate of {field.term}")
    return "; ".join(lacking)
