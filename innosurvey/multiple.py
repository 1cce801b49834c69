"""The estimates of a multiple imputation: a table of each draw becomes one table, by Rubin's rules.

What one draw cannot estimate is not estimated. Counts are the fewest of any draw, so that no number rests on more firms
than it says. Shares get their interval on the logit scale, as they do in a single survey, with the combined error; how
far an estimate can be relied on is judged by that error and that interval, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from innosurvey.design_rules import DesignRules
from innosurvey.linearise import symmetric_interval, t_quantile, t_test
from innosurvey.reliability import reliability
from innosurvey.rubin import combine

FMI = "fmi"
Row = Mapping[Any, Any]
DESCRIBED = ["cohort", "group", "wave", "item"]
COMPARED = ["cohort", "group", "reference", "wave", "item"]


def combined_estimates(parts: Sequence[pd.DataFrame], rules: DesignRules) -> pd.DataFrame:
    """Return the table `describe` from those of the draws, each with its degrees of freedom (`df`) and what its errors
    are measured by (`size`); `fmi` is the fraction of missing information.
    """
    return _combined(parts, DESCRIBED, lambda rows: _estimate(rows, rules)).drop(columns=["df", "size"])


def combined_comparisons(parts: Sequence[pd.DataFrame], confidence: float) -> pd.DataFrame:
    """Return the table `compare` from those of the draws, with `fmi`; `p_adjusted` is left for the whole family."""
    return _combined(parts, COMPARED, lambda rows: _comparison(rows, confidence))


def _combined(
    parts: Sequence[pd.DataFrame], keys: list[str], combine_rows: Callable[[list[Row]], dict[str, Any]]
) -> pd.DataFrame:
    stacked = pd.concat(parts, ignore_index=True)
    counts = [name for name in ("n", "n_group", "n_reference") if name in stacked]
    blank = {name: np.nan for name in stacked if pd.api.types.is_float_dtype(stacked[name])}
    found = []
    for _, draws in stacked.groupby(keys, sort=False):
        rows: list[Any] = draws.to_dict("records")
        failed = [row for row in rows if not row["status"].startswith("ok")]
        lacking = len(parts) - len(rows) + len(failed)
        row: dict[Any, Any] = {**(failed or rows)[0], **{name: min(each[name] for each in rows) for name in counts}}
        if lacking:
            reason = failed[0]["status"] if failed else "not estimated: no firm with a value"
            status = reason if lacking == len(parts) else f"{reason} (in {lacking} of {len(parts)} imputations)"
            found.append({**row, **blank, "status": status, FMI: np.nan})
        else:
            found.append({**row, **combine_rows(rows)})
    table = pd.DataFrame(found, columns=[*stacked.columns, FMI])
    return table.astype({name: stacked[name].dtype for name in stacked.columns})


def _estimate(rows: Sequence[Row], rules: DesignRules) -> dict[str, Any]:
    """Return the numbers of one row of `describe`."""
    found = combine([row["estimate"] for row in rows], [row["se"] ** 2 for row in rows], [row["df"] for row in rows])
    t = t_quantile(rules.confidence, found.df)
    is_share = rows[0]["statistic"] == "share"
    if found.se == 0:  # nobody or everybody, in each draw: the draws' own intervals say what is not known
        lower, upper = (float(np.mean([row[side] for row in rows])) for side in ("lower", "upper"))
    elif is_share and 0 < found.estimate < 100:
        share = found.estimate / 100
        reach = t * found.se / 100 / (share * (1 - share))
        lower, upper = 100 * float(expit(logit(share) - reach)), 100 * float(expit(logit(share) + reach))
    else:
        lower, upper = symmetric_interval(found.estimate, found.se, t)
    cv = 100 * found.se / abs(found.estimate) if found.estimate else np.nan
    size = float(np.mean([row["size"] for row in rows]))
    verdict = reliability(is_share, (found.se, lower, upper), size, rules.reliability)
    numbers = {"estimate": found.estimate, "se": found.se, "lower": lower, "upper": upper, "cv": cv, FMI: found.fmi}
    return {**numbers, "reliability": verdict, "deff": float(np.mean([row["deff"] for row in rows]))}


def _comparison(rows: Sequence[Row], confidence: float) -> dict[str, Any]:
    """Return the numbers of one row of `compare`.

    Where a draw was tested exactly, p is the median of the draws' p-values (Eekhout, van de Wiel and Heymans 2017).
    """
    found = combine([row["difference"] for row in rows], [row["se"] ** 2 for row in rows], [row["df"] for row in rows])
    exact = [row["status"] for row in rows if row["status"] != "ok"]
    lower, upper = symmetric_interval(found.estimate, found.se, t_quantile(confidence, found.df))
    if rows[0]["statistic"] == "share":
        lower, upper = max(lower, -100.0), min(upper, 100.0)
    t = np.nan if exact or found.se == 0 else found.estimate / found.se
    means = {
        name: float(np.mean([row[name] for row in rows]))
        for name in ("estimate_group", "estimate_reference", "effect_size")
    }
    return {
        **means,
        "difference": found.estimate,
        "se": found.se,
        "df": found.df,
        "t": t,
        "p": t_test(t, found.df) if t == t else float(np.median([row["p"] for row in rows])),
        "lower": lower,
        "upper": upper,
        "status": exact[0] if exact else "ok",
        FMI: found.fmi,
    }
