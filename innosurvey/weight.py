"""Weights: how many firms of the population one answer stands for.

The story: the sampling frame says how many firms a stratum has (N) and which of them were drawn (n); the wave says who
answered (r). A firm is drawn with probability n/N, so its design weight is N/n. Firms found to be out of scope (closed,
not eligible) tell that part of the population is out of scope too; the firms in scope that did not answer are stood for
by those of their stratum that did, so the final weight is N/n times in-scope/answered.

ASSUME within a stratum, answering does not depend on the answers. Without a frame each firm stands for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from innosurvey.errors import DataError, StudyError, bullets, did_you_mean
from innosurvey.keys import KeyCheck, normalised
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at

KEYS = ("method", "stratum", "wave", "sampled", "status", "out_of_scope", "collapse")
SURVEY_COLUMNS = ("_source_row", "firm_id", "wave")
"""What weighting reads of the survey: who answered, not what."""
DESIGN = [
    *SURVEY_COLUMNS, "stratum_id", "pop_n_stratum", "sample_n_stratum", "certainty",
    "weight_design", "factor_response", "factor_calibration", "factor_trimming", "weight_final",
]  # fmt: skip
COLUMNS = ["wave", "stratum_id", "population", "sampled", "responded", "weight_design", "weight_final", "deff"]
ALL = "all"
"""The one stratum of a survey without a frame, and the row of `weights` that sums a wave up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSpec:
    """How a study is weighted, and which columns of its frame say what. `collapse`: stratum → the stratum it joins."""

    method: Literal["none", "frame"]
    stratum: str = "stratum_id"
    wave: str = "wave"
    sampled: str = "sampled"
    status: str = "response_status"
    out_of_scope: tuple[str, ...] = ("ineligible", "closed")
    collapse: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """The tables `design` (one row per firm of the wave) and `weights` (per stratum, and a last row for the wave)."""

    design: pd.DataFrame
    weights: pd.DataFrame


def parse_weights(entry: Mapping[str, Any]) -> WeightSpec:
    """Return the spec of a study's `weights:`.

    StudyError for an unknown key, method, or a circle of collapsed strata.
    """
    where = "weights"
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, KEYS, where)
    fail_if_key_missing(entry, ("method",), where)
    fail_if_not_one_of(entry["method"], ("none", "frame"), f"{where}.method")
    collapse = {
        str(stratum): str(into) for stratum, into in mapping_at(entry.get("collapse"), f"{where}.collapse").items()
    }
    for stratum, into in collapse.items():
        if into in collapse:
            raise StudyError(
                f"{where}.collapse: {stratum} joins {into}, which is collapsed itself.\nName the stratum that stays."
            )
    texts = {key: str(entry[key]) for key in ("stratum", "wave", "sampled", "status") if key in entry}
    out_of_scope = tuple(str(status) for status in entry.get("out_of_scope", ("ineligible", "closed")))
    return WeightSpec(method=entry["method"], out_of_scope=out_of_scope, collapse=collapse, **texts)


def frame_columns(spec: WeightSpec) -> tuple[str, ...]:
    """Return the columns of the frame that weighting reads, where the frame has them."""
    return ("_source_row", "firm_id", spec.stratum, spec.wave, spec.sampled, spec.status)


def weight_sample(
    firms: pd.DataFrame, frame: pd.DataFrame | None, spec: WeightSpec, key_check: KeyCheck = "none"
) -> Weighted:
    """Return the wave's design: stratum_id, pop_n_stratum (N), sample_n_stratum (r), certainty, weights and factors.

    weight_final = weight_design × factor_response × factor_calibration × factor_trimming.
    `certainty` is true where every firm of the stratum answered: only then its total is known without sampling error.
    Without a frame N is missing and the weights are 1. DataError for a firm that the frame lacks and for a stratum
    without an answer that is not collapsed into a neighbour.
    """
    if spec.method == "none":
        return _unweighted(firms)
    if frame is None:
        raise StudyError(
            "weights: there is no register named frame.\nDeclare it under `registers:`, or say `method: none`."
        )
    listed = _frame_of_wave(frame, firms, spec, key_check)
    strata = _strata(listed, firms, spec)
    placed = _with_strata(firms, listed).join(strata, on="stratum_id")
    design = placed.astype({"pop_n_stratum": "Int64", "sample_n_stratum": "Int64"})
    design = design.assign(factor_calibration=1.0, factor_trimming=1.0)[DESIGN]
    return Weighted(design=design, weights=_weights_table(strata, str(firms["wave"].iloc[0]), design["weight_final"]))


def _unweighted(firms: pd.DataFrame) -> Weighted:
    count = len(firms)
    design = firms[
        list(SURVEY_COLUMNS)
    ].assign(
        stratum_id=pd.Series(ALL, index=firms.index, dtype="str"),
        pop_n_stratum=pd.Series(pd.NA, index=firms.index, dtype="Int64"),  # unknown, so that no fpc is taken
        sample_n_stratum=pd.Series(count, index=firms.index, dtype="Int64"),
        certainty=False,
        **dict.fromkeys(DESIGN[DESIGN.index("weight_design") :], 1.0),
    )
    row = [str(firms["wave"].iloc[0]) if count else "", ALL, pd.NA, count, count, 1.0, 1.0, 1.0]
    return Weighted(design=design, weights=pd.DataFrame([row], columns=COLUMNS).astype({"population": "Int64"}))


def _frame_of_wave(frame: pd.DataFrame, firms: pd.DataFrame, spec: WeightSpec, key_check: KeyCheck) -> pd.DataFrame:
    """Return the wave's frame: firm_id in one form, stratum_id with small strata collapsed, sampled and in_scope
    (bool).
    """
    for column in ("firm_id", spec.stratum, spec.sampled):
        if column not in frame.columns:
            has = ", ".join(str(name) for name in frame.columns if name != "_source_row")
            raise StudyError(
                f"weights: the frame has no column {column}.{did_you_mean(column, frame.columns)}\nIt has: {has}."
            )
    wave = str(firms["wave"].iloc[0])
    if spec.wave in frame.columns:
        frame = frame[frame[spec.wave].astype("str") == wave]
    if frame.empty:
        raise DataError(f"register frame: no firm of wave {wave}.\nAdd the wave's frame, or correct `weights.wave`.")
    sampled = frame[spec.sampled].fillna(False).astype(bool)
    out = (
        frame[spec.status].isin(spec.out_of_scope)
        if spec.status in frame.columns
        else pd.Series(False, index=frame.index)
    )
    listed = pd.DataFrame(
        {
            "_source_row": frame["_source_row"],
            "firm_id": normalised(frame["firm_id"], key_check),
            "stratum_id": frame[spec.stratum].astype("str").replace(dict(spec.collapse)),
            "sampled": sampled,
            "in_scope": sampled & ~out,
        }
    )
    repeated = listed[listed.duplicated("firm_id", keep=False)]
    if len(repeated):
        rows = ", ".join(str(row) for row in repeated["_source_row"].head(10))
        raise DataError(f"register frame, rows {rows}: a firm stands twice in wave {wave}.\nKeep one row per firm.")
    _fail_if_collapse_unknown(listed, frame, spec)
    return listed


def _fail_if_collapse_unknown(listed: pd.DataFrame, frame: pd.DataFrame, spec: WeightSpec) -> None:
    known = set(frame[spec.stratum].astype("str"))
    for stratum, into in spec.collapse.items():
        if stratum in known and into not in known:
            near = did_you_mean(into, sorted(known))
            raise StudyError(f"weights.collapse: {stratum} joins {into}, which the frame does not have.{near}")


def _with_strata(firms: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Return the firms with the stratum that the frame gives them, whatever the survey file says of it."""
    strata = firms["firm_id"].map(listed.set_index("firm_id")["stratum_id"]).astype("str")
    lost = firms.loc[strata.isna(), "_source_row"]
    if len(lost):
        rows = ", ".join(str(row) for row in lost.head(10))
        raise DataError(
            f"wave {firms['wave'].iloc[0]}, row{'s' if len(lost) > 1 else ''} {rows}"
            f"{f' … ({len(lost)} in all)' if len(lost) > 10 else ''}: the sampling frame does not have the firm.\n"
            "Add them to the frame, correct their firm id, or drop them with a rule under `edits:`."
        )
    return firms[list(SURVEY_COLUMNS)].assign(stratum_id=strata)


def _strata(listed: pd.DataFrame, firms: pd.DataFrame, spec: WeightSpec) -> pd.DataFrame:
    """Return N, n, in-scope and answered firms by stratum, with the weights and certainty."""
    by_stratum = listed.groupby("stratum_id", sort=True)
    strata = by_stratum.agg(pop_n_stratum=("firm_id", "size"), sampled=("sampled", "sum"), in_scope=("in_scope", "sum"))
    answered = listed.loc[listed["firm_id"].isin(firms["firm_id"].array), "stratum_id"].value_counts(sort=False)
    strata["sample_n_stratum"] = answered.reindex(strata.index).fillna(0).astype("int64")
    # A firm that answered was drawn and is in scope, whatever an outdated frame says.
    strata["in_scope"] = strata[["in_scope", "sample_n_stratum"]].max(axis=1)
    strata["sampled"] = strata[["sampled", "in_scope"]].max(axis=1)
    _fail_if_stratum_is_silent(strata)
    with np.errstate(invalid="ignore", divide="ignore"):
        strata["weight_design"] = strata["pop_n_stratum"] / strata["sampled"]
        strata["factor_response"] = strata["in_scope"] / strata["sample_n_stratum"]
        strata["weight_final"] = strata["weight_design"] * strata["factor_response"]
    strata["certainty"] = strata["sample_n_stratum"] == strata["pop_n_stratum"]
    return strata


def _fail_if_stratum_is_silent(strata: pd.DataFrame) -> None:
    """Raise a DataError for strata that have firms in scope (or were never drawn from) and no answer."""
    silent = strata[(strata["sample_n_stratum"] == 0) & ((strata["in_scope"] > 0) | (strata["sampled"] == 0))]
    if len(silent):
        lines = (f"{name}: {row.pop_n_stratum} firms, {row.sampled} drawn" for name, row in silent.iterrows())
        first, others = silent.index[0], ", ".join(str(name) for name in strata.index if name not in silent.index)
        raise DataError(
            f"register frame: strata in which no firm answered:\n{bullets(lines)}\n"
            f"Name the neighbour that stands for it: `weights.collapse: {{{first}: <stratum>}}`.\n"
            f"Strata with answers: {others}."
        )


def _weights_table(strata: pd.DataFrame, wave: str, final: pd.Series) -> pd.DataFrame:
    """Return the table `weights`; `deff` is the loss of precision by unequal weights (Kish 1965): n Σw² / (Σw)²."""
    answered = strata[strata["sample_n_stratum"] > 0]
    rows = pd.DataFrame(
        {
            "wave": wave,
            "stratum_id": answered.index.astype("str"),
            "population": answered["pop_n_stratum"].to_numpy(),
            "sampled": answered["sampled"].to_numpy(),
            "responded": answered["sample_n_stratum"].to_numpy(),
            "weight_design": answered["weight_design"].to_numpy(),
            "weight_final": answered["weight_final"].to_numpy(),
            "deff": 1.0,
        }
    )
    totals = strata[["pop_n_stratum", "sampled", "sample_n_stratum"]].sum()
    weights = final.to_numpy()
    deff = len(weights) * np.sum(weights**2) / np.sum(weights) ** 2
    last = [wave, ALL, *totals.tolist(), totals.iloc[0] / totals.iloc[1], np.mean(weights), deff]
    table = pd.concat([rows, pd.DataFrame([last], columns=COLUMNS)], ignore_index=True)
    return table.astype({"population": "Int64", "sampled": "int64", "responded": "int64"})
