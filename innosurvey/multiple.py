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
from innosurvey.distributions import t_quantile, t_test
from innosurvey.linearise import symmetric_interval
from innosurvey.reliability import reliability
from innosurvey.rubin import combine

FMI = "fmi"
Row = Mapping[Any, Any]
DESCRIBED = ["cohort", "group", "wave", "item"]
COMPARED = ["cohort", "group", "reference", "wave", "item"]
RANKED = ["ranking", "group", "wave", "item", "other"]
DECOMPOSED = ["decomposition", "wave", "outcome", "part", "term"]


def combined_estimates(parts: Sequence[pd.DataFrame], rules: DesignRules) -> pd.DataFrame:
    """Return the table `describe` from those of the draws, each with its degrees of freedom (`df`) and what its errors
    are measured by (`size`); `fmi` is the fraction of missing information.
    """
    return _combined(parts, DESCRIBED, lambda rows: _estimate(rows, rules)).drop(columns=["df", "size"])


def combined_statistics(parts: Sequence[pd.DataFrame], key: list[str], rules: DesignRules) -> pd.DataFrame:
    """Return any table of estimates from those of the draws, whose rows `key` names; each has its degrees of freedom
    (`df`) and what its errors are measured by (`size`).
    """
    return _combined(parts, key, lambda rows: _estimate(rows, rules))


def combined_comparisons(parts: Sequence[pd.DataFrame], confidence: float) -> pd.DataFrame:
    """Return the table `compare` from those of the draws, with `fmi`; `p_adjusted` is left for the whole family."""
    return _combined(parts, COMPARED, lambda rows: _comparison(rows, confidence))


def combined_omnibus(parts: Sequence[pd.DataFrame], confidence: float) -> pd.DataFrame:
    """Return the table `omnibus` from those of the draws: the median of their p-values (Eekhout, van de Wiel and
    Heymans 2017), and of the rest the means; a fraction of missing information is not known.
    """
    return _combined(parts, ["cohort", "wave", "item"], _omnibus)


def combined_ranks(parts: Sequence[pd.DataFrame], confidence: float) -> pd.DataFrame:
    """Return the table `ranks` from those of the draws, with `fmi`."""
    return _combined(
        parts, RANKED, lambda rows: _tested(rows, "difference", ["estimate", "estimate_other"], confidence)
    )


def combined_adjusted(parts: Sequence[pd.DataFrame], confidence: float) -> pd.DataFrame:
    """Return the table `adjusted` from those of the draws, with `fmi`."""
    return _combined(
        parts, COMPARED, lambda rows: _tested(rows, "difference", ["difference_raw", "overlap"], confidence)
    )


def combined_decompositions(parts: Sequence[pd.DataFrame], confidence: float) -> pd.DataFrame:
    """Return the table `decompositions` from those of the draws, with `fmi`."""
    return _combined(parts, DECOMPOSED, lambda rows: _tested(rows, "estimate", ["share_of_gap"], confidence))


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
    odds = ["log_odds", "log_odds_lower", "log_odds_upper"]
    means = ["estimate_group", "estimate_reference", "effect_size", *(name for name in odds if name in rows[0])]
    return _tested(rows, "difference", means, confidence)


def _omnibus(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the numbers of one row of `omnibus`."""
    return {**_means(rows, ["value", "df1", "df2", "effect_size"]), "p": float(np.median([row["p"] for row in rows]))}


def _means(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Any]:
    """Return the means over the draws that have a number; none where no draw has one."""
    known = {name: [row[name] for row in rows if row[name] == row[name]] for name in names}
    return {name: float(np.mean(values)) if values else np.nan for name, values in known.items()}


def _tested(rows: Sequence[Row], estimate: str, means: Sequence[str], confidence: float) -> dict[str, Any]:
    """Return the test of an estimate over the draws, and the means of the columns beside it."""
    found = combine([row[estimate] for row in rows], [row["se"] ** 2 for row in rows], [row["df"] for row in rows])
    noted = [row["status"] for row in rows if row["status"] != "ok"]
    exact = any(np.isnan(row["t"]) for row in rows)
    lower, upper = symmetric_interval(found.estimate, found.se, t_quantile(confidence, found.df))
    if rows[0].get("statistic") == "share":
        lower, upper = max(lower, -100.0), min(upper, 100.0)
    t = np.nan if exact or found.se == 0 else found.estimate / found.se
    return {
        **_means(rows, means),
        estimate: found.estimate,
        "se": found.se,
        "df": found.df,
        "t": t,
        "p": t_test(t, found.df) if t == t else float(np.median([row["p"] for row in rows])),
        "lower": lower,
        "upper": upper,
        "status": noted[0] if noted else "ok",
        FMI: found.fmi,
    }
