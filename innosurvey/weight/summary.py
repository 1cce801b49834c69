"""What the weights have become, as tables: by stratum, by step, and by total."""

from __future__ import annotations

import numpy as np
import pandas as pd

from innosurvey.weight.adjust import Factors, Plan
from innosurvey.weight.frame import ALL

FACTORS = ("factor_response", "factor_calibration", "factor_trimming")
COUNTS = ("population", "sampled", "in_scope", "responded")
WEIGHTS = [
    "wave", "stratum_id", *COUNTS, "weight_design", *FACTORS, "weight_final", "deff",
]  # fmt: skip
WEIGHTING = ["wave", "step", "firms", "total", "lowest", "median", "highest", "deff", "changed", "note"]
CALIBRATION = ["wave", "margin", "cell", "n", "target", "design", "response", "calibrated", "difference"]


def kish(weights: np.ndarray) -> float:
    """Return n Σw² / (Σw)², the loss of precision by unequal weights (Kish 1965)."""
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2) if len(weights) else 1.0


def weights_table(design: pd.DataFrame, plan: Plan, wave: str) -> pd.DataFrame:
    """Return the table `weights`: counts, mean weights and factors by stratum, and a last row for the wave."""
    by_stratum = design.groupby("stratum_id", sort=True)
    means = by_stratum[["weight_design", *FACTORS, "weight_final"]].mean()
    squares = (design["weight_final"] ** 2).groupby(design["stratum_id"]).mean()
    counts = plan.sample.strata.loc[means.index, list(COUNTS)]
    rows = counts.join(means).assign(deff=squares / means["weight_final"] ** 2, wave=wave).reset_index()
    if plan.spec.method == "none":  # one stratum, and it is the wave
        return rows[WEIGHTS].assign(stratum_id=ALL)
    rows = rows[rows["stratum_id"] != ALL]  # one stratum without a name, which is the wave
    strata = plan.sample.strata
    population = strata["population"].sum(skipna=False)
    total = {
        "wave": wave,
        "stratum_id": ALL,
        "population": population,
        "sampled": strata["sampled"].sum(),
        "in_scope": strata["in_scope"].sum(),
        "responded": strata["responded"].sum(),
        "weight_design": design["weight_design"].mean()
        if pd.isna(population)
        else population / strata["sampled"].sum(),
        **design[[*FACTORS, "weight_final"]].mean(),
        "deff": kish(design["weight_final"].to_numpy()),
    }
    last = pd.DataFrame([total]).astype({"population": "Int64"})
    table = pd.concat([rows[WEIGHTS], last[WEIGHTS]], ignore_index=True)
    return table.astype({"stratum_id": "str", "population": "Int64"} | dict.fromkeys(COUNTS[1:], "int64"))


def weighting_table(factors: Factors, plan: Plan, wave: str, missed: int) -> pd.DataFrame:
    """Return the table `weighting`: the weights after each step, and how many firms the step changed."""
    stages = [("design", factors.design, np.zeros(0, dtype=bool), "")]
    weights = factors.design * factors.response
    note = f"{plan.response.collapsed} firms in coarser groups" if plan.response.collapsed else ""
    stages.append(("response", weights, factors.response != 1, note))
    if plan.spec.trim is not None:
        left = f"{factors.over} firms left above the cap" if factors.over else ""
        stages.append(("trimming", weights * factors.trimming, factors.capped, left))
    if factors.solution is not None:
        said = f"{factors.solution.steps} steps" + (f"; {missed} replicates miss a total" if missed else "")
        stages.append(("calibration", factors.final, factors.calibration != 1, said))
    rows = [
        [wave, step, len(now), now.sum(), *_spread(now), kish(now), int(changed.sum()), text or None]
        for step, now, changed, text in stages
    ]
    return pd.DataFrame(rows, columns=WEIGHTING).astype({"note": "str"})


def calibration_table(factors: Factors, wave: str) -> pd.DataFrame:
    """Return the table `calibration`: each total, and what the weights of each step make of it."""
    if factors.margins is None:
        return pd.DataFrame(columns=CALIBRATION).astype(
            {name: "str" if name in ("wave", "margin", "cell") else "float64" for name in CALIBRATION}
        )
    margins, response = factors.margins, factors.design * factors.response
    reached = np.asarray(margins.x.T @ factors.final).ravel()
    return pd.DataFrame(
        {
            "wave": wave,
            "margin": margins.cells["margin"],
            "cell": margins.cells["cell"],
            "n": np.asarray((margins.x != 0).sum(axis=0)).ravel(),
            "target": margins.totals,
            "design": np.asarray(margins.x.T @ factors.design).ravel(),
            "response": np.asarray(margins.x.T @ response).ravel(),
            "calibrated": reached,
            # Rounded, since the last digits are the machine's.
            "difference": np.round(reached / margins.totals - 1, 8) + 0.0,
        }
    ).astype({"n": "int64"})[CALIBRATION]


def _spread(weights: np.ndarray) -> tuple[float, float, float]:
    if not len(weights):
        return float("nan"), float("nan"), float("nan")
    return float(weights.min()), float(np.median(weights)), float(weights.max())
