"""Poisson with the firm's pre-sample mean of the outcome in the place of its effect.

Blundell, Griffith and Van Reenen (1999): what is particular to a firm shows in what it did before the sample begins.
The logarithm of that mean stands beside the regressors, with a dummy for the firms whose mean is zero. Unlike firm
effects it allows regressors that answer to past outcomes, and keeps what does not vary within firms.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.engines.likelihood import fit_poisson
from innosurvey.models.engines.transformed import left_by, on_rows
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.matrix import Block
from innosurvey.models.sample import Sample

LOG_MEAN, ZERO = "log(presample_mean)", "presample_zero"


def fit_presample_poisson(sample: Sample) -> Estimates:
    """Return the Poisson quasi-likelihood estimate on the rows after the pre-sample waves.

    The waves are option `presample`: `waves`, a list, or `before`, the first wave of the sample. Firms of which nothing
    is known before are left out and counted. NotEstimated if no firm has a pre-sample outcome.
    """
    waves = _presample_waves(sample)
    history = sample.history[sample.history["wave"].astype(str).isin(waves)]
    means = history.groupby("firm_id", observed=True)["outcome"].mean()
    mean = sample.keys["firm_id"].map(means).to_numpy(dtype=float)
    later = ~sample.keys["wave"].astype(str).isin(waves).to_numpy()
    used = later & np.isfinite(mean)
    if not used.any():
        raise NotEstimated(f"no firm has an outcome in the pre-sample waves {', '.join(sorted(waves))}")
    rows = np.flatnonzero(used)
    part, dropped = _part(sample, used, _columns(mean[used]))
    estimates = fit_poisson(part)
    notes = _notes(sample, later, used) + dropped
    estimates = replace(estimates, own=part.exogenous, warnings=estimates.warnings + notes)
    return on_rows(estimates, rows, len(mean))


def _presample_waves(sample: Sample) -> set[str]:
    """Return the names of the pre-sample waves."""
    declared = dict(sample.options["presample"])
    if "waves" in declared:
        given = declared["waves"]
        return {str(wave) for wave in (given if isinstance(given, (list, tuple)) else [given])}
    periods = sample.history.drop_duplicates("wave").set_index("wave")["period"]
    periods.index = periods.index.astype(str)
    first = str(declared.get("before"))
    if first not in periods.index:
        raise NotEstimated(f"presample: no row of the wave {first}")
    return {str(wave) for wave in periods.index[periods < periods[first]]}


def _columns(mean: Array) -> Block:
    """Return log mean (0 where there was nothing) and the dummy of nothing, if some firms had nothing: the past, which
    no effect moves.
    """
    zero = mean == 0
    logs = np.log(np.where(zero, 1.0, mean))
    names = (LOG_MEAN, ZERO) if zero.any() else (LOG_MEAN,)
    columns = np.column_stack([logs, zero.astype(float)])[:, : len(names)]
    return Block(names=names, terms=names, columns=columns, recipes=((),) * len(names))


def _part(sample: Sample, used: Mask, history: Block) -> tuple[Sample, tuple[str, ...]]:
    """Return the used rows of the sample, with the pre-sample columns behind the others, and a note on the columns
    without information there; NotEstimated if the model asks about one.
    """
    block, notes = left_by(sample, sample.exogenous.on(used).beside(history), "after the pre-sample waves")
    part = replace(
        sample,
        keys=pd.DataFrame(sample.keys[used]),
        outcome=sample.outcome[used],
        exogenous=block,
        weights=None if sample.weights is None else sample.weights[used],
        periods=sample.periods[used],
    )
    return part, notes


def _notes(sample: Sample, later: Mask, used: Mask) -> tuple[str, ...]:
    unknown = sample.keys["firm_id"][later & ~used].nunique()
    return (f"{unknown} firms left out: no outcome in the pre-sample waves",) if unknown else ()
