"""One wave weighted: from the frame (or the survey's own weights) to the tables of the stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.errors import DataError, StudyError
from innosurvey.keys import KeyCheck
from innosurvey.weight.adjust import Factors, Plan, kept_of, stratum_codes, weigh
from innosurvey.weight.frame import SURVEY_COLUMNS, Sample, sample_of_frame, sample_without_frame
from innosurvey.weight.margins import Margins, margins_of
from innosurvey.weight.merge import with_small_cells_merged
from innosurvey.weight.replicate import replicate_weights
from innosurvey.weight.response import response_of
from innosurvey.weight.spec import WeightSpec
from innosurvey.weight.summary import calibration_table, weighting_table, weights_table

DESIGN = [
    *SURVEY_COLUMNS, "stratum_id", "pop_n_stratum", "sample_n_stratum", "certainty",
    "weight_design", "factor_response", "factor_calibration", "factor_trimming", "weight_final",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a study calibrates to that its frame does not tell: a file of totals, and the variables that they are totals
    of, on the survey's firms.
    """

    totals: pd.DataFrame | None = None
    variables: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """The tables of the stage: per firm `design`, `calibrated` (x_1 …: the calibration variables) and `replicates`;
    `listed`, all firms of the frame with their stratum (none without a frame); `weights` (per stratum), `weighting`
    (per step) and `calibration` (per total).
    """

    design: pd.DataFrame
    listed: pd.DataFrame
    calibrated: pd.DataFrame
    replicates: pd.DataFrame
    weights: pd.DataFrame
    weighting: pd.DataFrame
    calibration: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name."""
        return {name: getattr(self, name) for name in self.__slots__}


def survey_columns(spec: WeightSpec) -> tuple[str, ...] | None:
    """Return the columns of the survey that weighting reads; None for all, where totals come from a file."""
    if spec.outside:
        return None
    return SURVEY_COLUMNS if spec.method != "given" else (*SURVEY_COLUMNS, spec.weight, spec.stratum, "pop_n_stratum")


def weight_sample(
    firms: pd.DataFrame,
    frame: pd.DataFrame | None,
    spec: WeightSpec,
    key_check: KeyCheck = "none",
    outside: Outside | None = None,
) -> Weighted:
    """Return the weights of one wave's firms.

    weight_final = weight_design × factor_response × factor_calibration × factor_trimming. N (pop_n_stratum) is missing
    without a frame; `certainty` is true where every firm of the stratum answered: only then its total is known without
    sampling error. DataError for a firm that the frame lacks, for a stratum or group without an answer, for a given
    weight that is none, and for totals that can't be met.
    """
    wave = str(firms["wave"].iloc[0]) if len(firms) else ""
    try:
        return _weighted(firms, frame, spec, key_check, outside or Outside())
    except DataError as error:
        raise error if f"wave {wave}" in str(error) else DataError(f"wave {wave}: {error}") from None


def _weighted(
    firms: pd.DataFrame, frame: pd.DataFrame | None, spec: WeightSpec, key_check: KeyCheck, outside: Outside
) -> Weighted:
    wave = str(firms["wave"].iloc[0]) if len(firms) else ""
    sample = _sampled(firms, frame, spec, key_check)
    plan = Plan(
        sample=sample,
        spec=spec,
        response=response_of(sample, spec.response),
        margins=_margins(sample, firms, spec, outside, wave),
        stratum=stratum_codes(sample),
        kept=kept_of(sample, spec),
    )
    factors = weigh(plan)
    repeated, scales, missed = replicate_weights(plan, factors.trimming, wave)
    design = _design(firms, sample, factors)
    return Weighted(
        design=design,
        listed=_listed(sample),
        calibrated=_calibrated(design, factors, plan.kept),
        replicates=_replicates(design, repeated, scales),
        weights=weights_table(design, plan, wave),
        weighting=weighting_table(factors, plan, wave, missed),
        calibration=calibration_table(factors, wave),
    )


def _sampled(firms: pd.DataFrame, frame: pd.DataFrame | None, spec: WeightSpec, key_check: KeyCheck) -> Sample:
    if spec.method != "frame":
        return sample_without_frame(firms, spec)
    if frame is None:
        raise StudyError(
            "weights: there is no register named frame.\nDeclare it under `registers:`, or say `method: none`."
        )
    return sample_of_frame(firms, frame, spec, key_check)


def _margins(sample: Sample, firms: pd.DataFrame, spec: WeightSpec, outside: Outside, wave: str) -> Margins | None:
    """Return the margins with the part of each firm drawn; totals from a file know the firms that answered only."""
    if spec.calibrate is None:
        return None
    if not spec.outside:
        margins = margins_of(sample.auxiliary, sample.population, None, spec.calibrate)
        return with_small_cells_merged(margins, spec.calibrate, sample.answers)
    totals = outside.totals
    if totals is not None and "wave" in totals.columns:
        totals = totals[totals["wave"] == wave]
    variables = firms if outside.variables is None else outside.variables
    of_answers = margins_of(variables.reset_index(drop=True), None, totals, spec.calibrate)
    rows = np.full(len(sample.drawn), -1)
    rows[sample.answers] = np.arange(len(sample.answers))
    return with_small_cells_merged(of_answers.spread(rows), spec.calibrate, sample.answers)


def _design(firms: pd.DataFrame, sample: Sample, factors: Factors) -> pd.DataFrame:
    drawn = sample.drawn.iloc[sample.answers]
    strata = sample.strata.loc[drawn["stratum_id"]].set_axis(firms.index)
    return firms[list(SURVEY_COLUMNS)].assign(
        stratum_id=drawn["stratum_id"].astype("str").set_axis(firms.index),
        pop_n_stratum=strata["population"].astype("Int64"),
        sample_n_stratum=strata["responded"].astype("Int64"),
        certainty=strata["certainty"].astype(bool),
        weight_design=factors.design,
        factor_response=factors.response,
        factor_calibration=factors.calibration,
        factor_trimming=factors.trimming,
        weight_final=factors.final,
    )[DESIGN]


def _listed(sample: Sample) -> pd.DataFrame:
    """Return firm_id and stratum_id of the firms that the frame lists, whether drawn or not."""
    firms = sample.drawn.iloc[:0] if sample.population is None else sample.population
    return firms[["firm_id", "stratum_id"]].astype("str").reset_index(drop=True)


def _calibrated(design: pd.DataFrame, factors: Factors, kept: np.ndarray) -> pd.DataFrame:
    """Return firm_id, stratum_id, weight_final, g_weight (final weight over the weight before) and x_1 … x_k."""
    table = design[["firm_id", "stratum_id", "weight_final"]].assign(g_weight=design["factor_calibration"])
    if factors.margins is None:
        return table
    x = factors.margins.x.toarray()
    x[kept] = 0.0  # they took no part, so nothing of theirs is explained
    names = [f"x_{number}" for number in range(1, x.shape[1] + 1)]
    return pd.concat([table, pd.DataFrame(x, columns=names, index=table.index)], axis=1)


def _replicates(design: pd.DataFrame, repeated: np.ndarray, scales: np.ndarray) -> pd.DataFrame:
    """Return firm_id, r_1 … r_R, and `scale`: in row r the factor of replicate r in the variance, then missing."""
    table = design[["firm_id"]]
    if not len(scales):
        return table
    names = [f"r_{number}" for number in range(1, len(scales) + 1)]
    scale = np.full(len(design), np.nan)
    scale[: len(scales)] = scales
    weights = pd.DataFrame(repeated, columns=names, index=table.index)
    return pd.concat([table, weights, pd.Series(scale, index=table.index, name="scale")], axis=1)
