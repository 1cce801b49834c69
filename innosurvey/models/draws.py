"""The fits of a multiple imputation: a model is fitted in each draw, and its coefficients are combined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.distributions import t_quantile, t_test
from innosurvey.models.bounded import on_its_scale
from innosurvey.rubin import combine

FIT = ["model", "cohort", "group"]
SCALE = "scale"
"""The column of the draws' coefficients that says on which scale a parameter has its interval; empty for its own."""
OK = "ok"


def combined_fits(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return one row per fit from the tables `fits` of the draws: the first draw's row, with the fewest rows, firms and
    clusters of any.

    A model that one draw cannot estimate is not estimated, with that draw's reason.
    """
    rows = []
    for fits in zip(*(part.to_dict("records") for part in parts), strict=True):
        failed = [fit for fit in fits if fit["status"] != OK]
        row = dict(failed[0] if failed else fits[0])
        for name in ("n", "n_firms", "n_clusters"):
            row[name] = min((fit[name] for fit in fits if not pd.isna(fit[name])), default=pd.NA)
        if failed:
            row["status"] = f"{row['status']} (in {len(failed)} of {len(fits)} imputations)"
        else:
            row |= _combined_notes(fits)
        rows.append(row)
    return pd.DataFrame(rows, columns=parts[0].columns).astype(parts[0].dtypes.to_dict())


def _combined_notes(fits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    notes = dict.fromkeys(note for fit in fits for note in str(fit["warnings"]).split("; ") if note)
    return {
        "warnings": "; ".join([*notes, f"combined over {len(fits)} imputations"]),
        **{name: float(np.mean([fit[name] for fit in fits])) for name in ("r2", "loglik", "condition_number")},
    }


def combined_coefficients(parts: Sequence[pd.DataFrame], fits: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Return one row per term from the tables `coefficients` of the draws, for the models that were estimated in all of
    them; a term that one draw dropped is left out.
    """
    keys = [*FIT, "outcome", "term"]
    stacked = pd.concat(parts, ignore_index=True)
    estimated = pd.MultiIndex.from_frame(fits.loc[fits["status"] == OK, FIT])
    stacked = stacked[pd.MultiIndex.from_frame(stacked[FIT]).isin(estimated)]
    rows = []
    for key, draws in stacked.groupby(keys, sort=False):
        if len(draws) < len(parts):
            continue
        found = combine(draws["estimate"].to_numpy(), draws["se"].to_numpy() ** 2, draws["df"].to_numpy())
        statistic = found.estimate / found.se
        half = t_quantile(confidence, found.df) * found.se
        numbers = {
            "estimate": found.estimate,
            "se": found.se,
            "df": found.df,
            "statistic": statistic,
            "p": t_test(statistic, found.df),
            "lower": found.estimate - half,
            "upper": found.estimate + half,
            "fmi": found.fmi,
            SCALE: draws[SCALE].iloc[0],
        }
        if numbers[SCALE]:
            numbers |= on_its_scale(numbers[SCALE], found.estimate, found.se, found.df, confidence)
        rows.append({**dict(zip(keys, key, strict=True)), **numbers})
    return pd.DataFrame(rows, columns=[*parts[0].columns, "fmi"])
