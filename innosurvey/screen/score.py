"""Selective editing: which suspects are worth a look, since correcting them could move an estimate.

An answer's local score is what its correction could change in the estimated total, in parts of that total: its weight
times the distance from what was expected, over the total of its class. A firm's score is the largest (or the sum) of
its answers', for a firm is called once about all of them.

Source: M. Latouche and J.-M. Berthelot (1992), Use of a score function to prioritize and limit recontacts in editing
business surveys, Journal of Official Statistics 8(3), 389-400; D. Hedlin (2003), Score functions to reduce business
survey editing at the U.K. Office for National Statistics, Journal of Official Statistics 19(2), 177-199.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.classes import Classes
from innosurvey.screen.spec import ScoreSpec
from innosurvey.screen.wave import Wave, by_rung

REVIEW = [
    "rank", "wave", "_source_row", "firm_id", "rule", "kind", "variable", "value_expected", "treatment",
    "score_local", "score", "review",
]  # fmt: skip
SUMMARY = ["wave", "threshold", "chosen", "firms", "answers", "left"]
THRESHOLDS = (0.0001, 0.001, 0.01, 0.1)
"""Scores at which the table `review` counts, beside the chosen one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """`review`: the suspects, the firm with the highest score first; `summary`: firms to be looked at by threshold."""

    review: pd.DataFrame
    summary: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """What distances are measured by: the wave's answers and weights, and the classes in which totals are taken."""

    firms: pd.DataFrame
    weights: np.ndarray
    ladder: Sequence[Classes]
    minimum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doubt:
    """One variable's suspicious answers: rows of the wave, scores, and the weighted distance in parts of the total over
    all firms.
    """

    variable: str
    rows: np.ndarray
    expected: np.ndarray
    local: np.ndarray
    change: np.ndarray


def rank_suspects(suspects: pd.DataFrame, wave: Wave, design: pd.DataFrame, spec: ScoreSpec) -> Ranked:
    """Return the suspects ranked by their firms' scores, and the table `review`.

    `wave` holds the answers as the suspects were found in them, `design` each firm's weight_final. Where a check
    expected nothing, the median of the class stands in. Answers that are no amounts have no score (NaN), and firms with
    none but those rank last. Ties go by firm id.
    """
    weights = wave.firms["firm_id"].map(design.set_index("firm_id")["weight_final"]).fillna(0).to_numpy(dtype=float)
    scale = _Scale(firms=wave.firms, weights=weights, ladder=wave.ladder(spec.by), minimum=spec.minimum)
    rows = pd.Index(wave.firms["firm_id"]).get_indexer(pd.Index(suspects["firm_id"]))
    doubts = [
        _doubt(name, rows[found], suspects["value_expected"].to_numpy()[found], scale)
        for name in dict.fromkeys(suspects["variable"])
        if _is_amount(wave.firms, name) and (found := (suspects["variable"] == name).to_numpy()).any()
    ]
    scored = suspects.assign(score_local=_placed(suspects, rows, doubts))
    scored = scored.assign(score=_of_firms(scored, spec))
    return Ranked(review=_ranked(scored, spec.cut), summary=_summary(scored, doubts, wave, spec))


def _is_amount(firms: pd.DataFrame, name: str) -> bool:
    column = firms[name]
    return bool(pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype))


def _doubt(name: str, rows: np.ndarray, expected: np.ndarray, scale: _Scale) -> _Doubt:
    """Return the scores of one variable's suspicious answers, each once though several checks point at it.

    The total is taken with what was expected in place of the suspicious answers, or a single slip of the unit would
    hide itself in it.
    """
    reported = scale.firms[name].to_numpy(dtype=float, na_value=np.nan)
    cells = np.unique(rows)
    first = pd.Series(expected).groupby(rows).first()  # of several checks the first that expected something
    likely = reported.copy()
    likely[cells] = np.nan
    instead = first.reindex(cells).to_numpy(copy=True)
    blank = np.isnan(instead)
    instead[blank] = _medians(likely, scale, cells)[blank]
    likely[cells] = instead
    sizes = np.nan_to_num(scale.weights * np.abs(likely))
    totals = _totals(sizes, ~np.isnan(reported), scale)
    distance = np.nan_to_num(scale.weights * np.abs(reported - likely))[cells]
    return _Doubt(
        variable=name,
        rows=cells,
        expected=instead,
        local=_parts(distance, totals[cells]),
        change=_parts(distance, np.full(len(cells), sizes.sum())),
    )


def _medians(values: np.ndarray, scale: _Scale, cells: np.ndarray) -> np.ndarray:
    """Return for each of the cells the median of the known values of its class."""
    known = ~np.isnan(values)
    found = np.full(len(cells), np.nan)
    # On every rung, the finest first; the last one is all firms, however few.
    for step, classes in enumerate(scale.ladder):
        groups = pd.Series(values).groupby(np.where(known, classes.codes, -1))
        middle, counts = groups.median(), groups.count()
        codes = classes.codes[cells]
        enough = (counts.reindex(codes).fillna(0).to_numpy() >= scale.minimum) | (step == len(scale.ladder) - 1)
        usable = np.isnan(found) & (codes >= 0) & enough
        found[usable] = middle.reindex(codes).to_numpy()[usable]
    return found


def _totals(sizes: np.ndarray, answered: np.ndarray, scale: _Scale) -> np.ndarray:
    """Return for each firm the estimated total of its class, of all firms where no class is large enough."""
    totals = np.full(len(sizes), sizes.sum())
    for judged, codes in by_rung(scale.ladder, answered, scale.minimum):
        by_class = np.bincount(codes[codes >= 0], weights=sizes[codes >= 0], minlength=1)
        totals[judged] = by_class[codes[judged]]
    return totals


def _parts(distance: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Return the distances in parts of the totals; where a total is nothing, any distance is all of it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(totals > 0, distance / totals, np.sign(distance))


def _placed(suspects: pd.DataFrame, rows: np.ndarray, doubts: Sequence[_Doubt]) -> np.ndarray:
    """Return each suspect's local score."""
    local = np.full(len(suspects), np.nan)
    for doubt in doubts:
        found = (suspects["variable"] == doubt.variable).to_numpy()
        local[found] = doubt.local[np.searchsorted(doubt.rows, rows[found])]
    return local


def _of_firms(scored: pd.DataFrame, spec: ScoreSpec) -> pd.Series:
    """Return the score of each suspect's firm; an answer that several checks point at counts once."""
    cells = scored.drop_duplicates(["firm_id", "variable"]).groupby("firm_id")["score_local"]
    scores = cells.max() if spec.combine == "max" else cells.sum(min_count=1)
    return scored["firm_id"].map(scores).astype("float64")


def _ranked(scored: pd.DataFrame, cut: float) -> pd.DataFrame:
    ordered = scored.assign(
        unscored=scored["score"].isna(), falling=-scored["score"], falling_local=-scored["score_local"]
    )
    ordered = ordered.sort_values(["unscored", "falling", "firm_id", "falling_local"], kind="stable")
    ordered = ordered.reset_index(drop=True)
    rank = (ordered["firm_id"] != ordered["firm_id"].shift()).cumsum().astype("int64")
    return ordered.assign(rank=rank, review=ordered["score"].fillna(0) >= cut)[REVIEW]


def _summary(scored: pd.DataFrame, doubts: Sequence[_Doubt], wave: Wave, spec: ScoreSpec) -> pd.DataFrame:
    """Return, by threshold, the firms and answers to be looked at and what is left: the most that correcting all other
    suspects could still change in a variable's total, in percent of it.
    """
    ids = wave.firms["firm_id"].to_numpy()
    scores = scored.drop_duplicates("firm_id").set_index("firm_id")["score"].fillna(0)
    entries = []
    for threshold in sorted({*THRESHOLDS, spec.cut}):
        looked = scores >= threshold
        unseen = [float(doubt.change[~looked.reindex(ids[doubt.rows]).to_numpy()].sum()) for doubt in doubts]
        answers = scored.loc[scored["firm_id"].map(looked).astype(bool), ["firm_id", "variable"]]
        entries.append(
            {
                "wave": wave.name,
                "threshold": threshold,
                "chosen": threshold == spec.cut,
                "firms": int(looked.sum()),
                "answers": len(answers.drop_duplicates()),
                "left": 100 * max(unseen, default=0.0),
            }
        )
    return pd.DataFrame(entries, columns=SUMMARY)
