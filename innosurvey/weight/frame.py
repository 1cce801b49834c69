"""The sample: who was drawn, with which weight, and who answered.

A firm of stratum h is drawn with probability m_h / N_h, so its design weight is N_h / m_h; or the survey's file gives
the weights. `Sample` has a row for every firm drawn, also for those that did not answer: replicate weights need them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.errors import DataError, StudyError, bullets, did_you_mean
from innosurvey.keys import KeyCheck, normalised
from innosurvey.weight.spec import WeightSpec

ALL = "all"
"""The one stratum of a survey without a frame, and the row of `weights` that sums a wave up."""
SURVEY_COLUMNS = ("_source_row", "firm_id", "wave")
"""What weighting reads of the survey in any case: who answered, not what."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """One wave's sample.

    `drawn`: firm_id, stratum_id, weight (the design weight), answered, in_scope, out_of_scope (bool; neither: unknown).
    `answers`: the rows of `drawn` in the order of the survey's firms. `strata`: by stratum_id population (N, may be
    missing), sampled (m), responded (n), certainty (all firms of the stratum answered). `auxiliary`: the frame's
    columns of the firms drawn, `population` of all firms with their stratum (None without a frame).
    """

    drawn: pd.DataFrame
    answers: np.ndarray
    strata: pd.DataFrame
    auxiliary: pd.DataFrame
    population: pd.DataFrame | None


def frame_columns(spec: WeightSpec) -> tuple[str, ...]:
    """Return the columns of the frame that weighting reads, where the frame has them."""
    margins = spec.calibrate.columns if spec.calibrate and not spec.outside else ()
    named = ("_source_row", "firm_id", spec.stratum, spec.wave, spec.sampled, spec.status, *spec.response.by, *margins)
    return tuple(dict.fromkeys(named))


def sample_of_frame(firms: pd.DataFrame, frame: pd.DataFrame, spec: WeightSpec, key_check: KeyCheck) -> Sample:
    """Return the sample that the frame tells of the wave.

    DataError for a firm that the frame lacks, and for a stratum without an answer that is not collapsed into another.
    """
    listed = _frame_of_wave(frame, firms, spec, key_check)
    places = pd.Index(listed["firm_id"]).get_indexer(firms["firm_id"])
    _fail_if_firm_unknown(firms, places)
    answered = np.zeros(len(listed), dtype=bool)
    answered[places] = True
    out = listed[spec.status].isin(spec.out_of_scope).to_numpy() if spec.status in listed else np.zeros_like(answered)
    unknown = listed[spec.status].isin(spec.unknown_scope).to_numpy() if spec.status in listed else out & False
    # A firm that answered was drawn and is in scope, whatever an outdated frame says.
    drawn = listed[spec.sampled].fillna(False).to_numpy(dtype=bool) | answered
    out, unknown = out & drawn & ~answered, unknown & drawn & ~answered & ~out
    firms_in = listed.assign(drawn=drawn, answered=answered, in_scope=drawn & ~out & ~unknown, out_of_scope=out)
    firms_in["stratum_id"] = _collapsed(firms_in, spec)
    strata = _strata(firms_in)
    _fail_if_stratum_is_silent(firms_in, strata, spec)
    rows = np.flatnonzero(drawn)
    position = np.full(len(listed), -1)
    position[rows] = np.arange(len(rows))
    units = firms_in.iloc[rows].reset_index(drop=True)
    weight = units["stratum_id"].map(strata["population"] / strata["sampled"]).to_numpy(dtype=float)
    columns = ["firm_id", "stratum_id", "answered", "in_scope", "out_of_scope"]
    own = [column for column in listed.columns if column != spec.stratum]
    return Sample(
        drawn=units[columns].assign(weight=weight),
        answers=position[places],
        strata=strata,
        auxiliary=units[list(dict.fromkeys([*own, "stratum_id"]))].assign(**{spec.stratum: units["stratum_id"]}),
        population=firms_in.assign(**{spec.stratum: firms_in["stratum_id"]}),
    )


def sample_without_frame(firms: pd.DataFrame, spec: WeightSpec) -> Sample:
    """Return the sample of a wave without a frame: every firm with the weight that its file gives, or with weight 1.

    Given weights bring the survey's strata, and their N where the file has `pop_n_stratum`; else all are one stratum.
    """
    count = len(firms)
    given = spec.method == "given"
    stratum = (
        firms[spec.stratum].astype("str") if given and spec.stratum in firms else pd.Series(ALL, index=firms.index)
    )
    weight = _given_weights(firms, spec) if given else np.ones(count)
    _fail_if_no_stratum(firms, stratum)
    drawn = pd.DataFrame(
        {
            "firm_id": firms["firm_id"].to_numpy(),
            "stratum_id": stratum.astype("str").to_numpy(),
            "answered": True,
            "in_scope": True,
            "out_of_scope": False,
            "weight": weight,
        }
    ).astype({"firm_id": "str", "stratum_id": "str"})
    sizes = drawn.groupby("stratum_id", sort=True).size().astype("int64")
    strata = pd.DataFrame({"population": pd.array([pd.NA] * len(sizes), dtype="Int64")}, index=sizes.index)
    if given and "pop_n_stratum" in firms:
        said = firms["pop_n_stratum"].astype("Int64").reset_index(drop=True).groupby(drawn["stratum_id"])
        known = pd.DataFrame({"low": said.min(), "high": said.max()})
        _fail_if_population_is_wrong(known, sizes, _wave_of(firms))
        strata["population"] = known["high"].reindex(strata.index)
    strata = strata.assign(sampled=sizes, in_scope=sizes, responded=sizes)
    strata = strata.assign(certainty=(strata["population"] == sizes).fillna(False))
    auxiliary = firms.reset_index(drop=True)
    return Sample(drawn=drawn, answers=np.arange(count), strata=strata, auxiliary=auxiliary, population=None)


def _fail_if_population_is_wrong(known: pd.DataFrame, sizes: pd.Series, wave: str) -> None:
    """Raise a DataError for strata of which the file says two sizes, or fewer firms than answered."""
    strata = known.assign(answered=sizes).dropna()
    twice, few = strata["low"] < strata["high"], strata["high"] < strata["answered"]
    lines = [f"{row.Index}: {row.low} and {row.high} firms" for row in strata[twice].itertuples()]
    lines += [f"{row.Index}: {row.high} firms, of which {row.answered} answered" for row in strata[few].itertuples()]
    if lines:
        raise DataError(
            f"wave {wave}: pop_n_stratum, how many firms of the population a stratum has, can't be right:\n"
            f"{bullets(lines)}\n"
            "Correct the column in the file, or let the codebook leave it out (then no finite population is taken off)."
        )


def _given_weights(firms: pd.DataFrame, spec: WeightSpec) -> np.ndarray:
    """Return the design weights of the survey's file; a DataError names rows, not values."""
    if spec.weight not in firms.columns:
        near = did_you_mean(spec.weight, firms.columns)
        raise StudyError(
            f"weights: the survey has no column {spec.weight}.{near}\n"
            "Name the column of the design weights in `weights.weight`, and let the codebook read it."
        )
    weight = pd.to_numeric(firms[spec.weight], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~(np.isfinite(weight) & (weight > 0))
    if wrong.any():
        rows = firms.loc[wrong, "_source_row"]
        raise DataError(
            f"wave {_wave_of(firms)}, {_named(rows)}: the design weight ({spec.weight}) is missing, zero or negative.\n"
            "Each firm stands for some: correct the weight in the file, or drop the firm by a "
            "rule under `edits:`."
        )
    return weight


def _fail_if_no_stratum(firms: pd.DataFrame, stratum: pd.Series) -> None:
    lost = firms.loc[stratum.isna().to_numpy(), "_source_row"]
    if len(lost):
        raise DataError(
            f"wave {_wave_of(firms)}, {_named(lost)}: the survey gives no stratum.\n"
            "Complete the column, or let `weights.stratum` name another."
        )


def _frame_of_wave(frame: pd.DataFrame, firms: pd.DataFrame, spec: WeightSpec, key_check: KeyCheck) -> pd.DataFrame:
    """Return the wave's frame with firm ids in one form and declared strata collapsed (`stratum_id`)."""
    for column in ("firm_id", spec.stratum, spec.sampled, *spec.response.by):
        if column not in frame.columns:
            has = ", ".join(str(name) for name in frame.columns if name != "_source_row")
            raise StudyError(
                f"weights: the frame has no column {column}.{did_you_mean(column, frame.columns)}\nIt has: {has}."
            )
    wave = _wave_of(firms)
    if spec.wave in frame.columns:
        frame = frame[frame[spec.wave].astype("str") == wave]
    if frame.empty:
        raise DataError(f"register frame: no firm of wave {wave}.\nAdd the wave's frame, or correct `weights.wave`.")
    stratum = frame[spec.stratum].astype("str")
    if lost := int(stratum.isna().sum()):
        raise DataError(f"register frame: {lost} firms of wave {wave} have no {spec.stratum}.\nComplete the frame.")
    _fail_if_collapse_unknown(set(stratum.unique()), spec)
    listed = frame.assign(
        firm_id=normalised(frame["firm_id"], key_check), stratum_id=stratum.replace(dict(spec.collapse))
    ).reset_index(drop=True)
    repeated = listed[listed.duplicated("firm_id", keep=False)]
    if len(repeated):
        rows = ", ".join(str(row) for row in repeated["_source_row"].head(10))
        raise DataError(f"register frame, rows {rows}: a firm stands twice in wave {wave}.\nKeep one row per firm.")
    return listed


def _collapsed(firms: pd.DataFrame, spec: WeightSpec) -> pd.Series:
    """Return each firm's stratum once those with too few answers have joined the next of their chain."""
    if not spec.order:
        return firms["stratum_id"]
    known = set(firms["stratum_id"].unique())
    answers = firms.loc[firms["answered"], "stratum_id"].value_counts().to_dict()
    joins: dict[str, str] = {}
    for declared in spec.order:
        chain = [name for name in declared if name in known]
        while len(chain) > 1:
            small = [name for name in chain if answers.get(name, 0) < spec.collapse_below]
            if not small:
                break
            place = chain.index(small[0])
            into = chain[place + 1] if place + 1 < len(chain) else chain[place - 1]
            joins = {name: into if stays == small[0] else stays for name, stays in joins.items()} | {small[0]: into}
            answers[into] = answers.get(into, 0) + answers.get(small[0], 0)
            chain.remove(small[0])
    return firms["stratum_id"].replace(joins)


def _strata(firms: pd.DataFrame) -> pd.DataFrame:
    """Return N, m, those not known to be out of scope, and n by stratum, and whether all firms of it answered."""
    strata = firms.groupby("stratum_id", sort=True).agg(
        population=("drawn", "size"),
        sampled=("drawn", "sum"),
        out_of_scope=("out_of_scope", "sum"),
        responded=("answered", "sum"),
    )
    strata["in_scope"] = strata["sampled"] - strata.pop("out_of_scope")
    strata["certainty"] = strata["responded"] == strata["population"]
    return strata.astype({"population": "Int64", "sampled": "int64", "in_scope": "int64", "responded": "int64"})


def _fail_if_stratum_is_silent(firms: pd.DataFrame, strata: pd.DataFrame, spec: WeightSpec) -> None:
    """Raise a DataError for strata that nobody was drawn from, or that have firms in scope and no answer (if it is the
    stratum whose firms stand for each other).
    """
    wanted = (firms["drawn"] & ~firms["out_of_scope"]).groupby(firms["stratum_id"]).sum().reindex(strata.index)
    unanswered = (strata["responded"] == 0) & (wanted > 0) & (spec.response.method in ("stratum", "none"))
    silent = strata[unanswered | (strata["sampled"] == 0)]
    if len(silent):
        lines = (f"{name}: {row.population} firms, {row.sampled} drawn" for name, row in silent.iterrows())
        first, others = silent.index[0], ", ".join(str(name) for name in strata.index if name not in silent.index)
        raise DataError(
            f"register frame: strata in which no firm answered:\n{bullets(lines)}\n"
            f"Name the neighbour that stands for it: `weights.collapse: {{{first}: <stratum>}}`.\n"
            f"Strata with answers: {others}."
        )


def _fail_if_firm_unknown(firms: pd.DataFrame, places: np.ndarray) -> None:
    lost = firms.loc[places < 0, "_source_row"]
    if len(lost):
        raise DataError(
            f"wave {_wave_of(firms)}, {_named(lost)}: the sampling frame does not have the firm.\n"
            "Add them to the frame, correct their firm id, or drop them with a rule under `edits:`."
        )


def _fail_if_collapse_unknown(known: set[str], spec: WeightSpec) -> None:
    for stratum, into in spec.collapse.items():
        if stratum in known and into not in known:
            near = did_you_mean(into, sorted(known))
            raise StudyError(f"weights.collapse: {stratum} joins {into}, which the frame does not have.{near}")


def _wave_of(firms: pd.DataFrame) -> str:
    return str(firms["wave"].iloc[0]) if len(firms) else ""


def _named(rows: Iterable[int]) -> str:
    """Return `row 3`, or the first ten rows and their number."""
    listed = [str(row) for row in rows]
    more = f" … ({len(listed)} in all)" if len(listed) > 10 else ""
    return f"row{'s' if len(listed) > 1 else ''} {', '.join(listed[:10])}{more}"
