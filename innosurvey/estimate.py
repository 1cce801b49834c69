"""One item in one domain: from the rows that answered to an estimate with its precision, or to the reason why there is
none.

`describe.py` asks for the estimate itself; `compare.py` puts the linearised values of two groups together. Both go
through `sample_settings` (the waves one by one, then all of them pooled), `observe` and `linearise`, so that a
comparison and the table beside it can't disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.design import Design, DesignRules, design_effect
from innosurvey.items import DescribeItem, ItemValues
from innosurvey.linearise import (
    Linearised,
    linearise_mean,
    linearise_median,
    linearise_ratio,
    linearise_total,
    share_interval,
    standard_error,
    symmetric_interval,
    t_quantile,
)

POOLED = "all"
TOO_FEW_FOR_MEDIAN = "not estimated: too few firms for an interval of the median"
NAN = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """One wave of a slice, or all of them: the positions of its rows, the code of each row's wave, and their design."""

    wave: str
    rows: np.ndarray
    wave_codes: np.ndarray
    design: Design


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """The rows of a domain that answered an item.

    `rows` are positions in the setting; a total is averaged over `periods` waves; `absent` names variables that the
    survey lacks.
    """

    rows: np.ndarray
    y: np.ndarray
    x: np.ndarray
    design: Design
    periods: int
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An estimate in its item's unit with its precision; numbers are NaN unless `status` is `ok`. `n` counts distinct
    firms.
    """

    n: int
    status: str
    estimate: float = NAN
    se: float = NAN
    lower: float = NAN
    upper: float = NAN
    cv: float = NAN
    deff: float = NAN


def sample_settings(firms: pd.DataFrame, rules: DesignRules) -> Iterator[Setting]:
    """Yield each wave of the slice in order of its key, then all waves pooled under the key `all`. An empty slice
    yields nothing.
    """
    codes, waves = pd.factorize(firms["wave"].astype("str"), sort=True)
    for code, wave in enumerate(waves):
        rows = np.flatnonzero(codes == code)
        design = Design.from_slice(firms.iloc[rows], pooled=False, lonely=rules.lonely)
        yield Setting(wave=str(wave), rows=rows, wave_codes=codes[rows], design=design)
    if len(firms):
        design = Design.from_slice(firms, pooled=True, lonely=rules.lonely)
        yield Setting(wave=POOLED, rows=np.arange(len(firms)), wave_codes=codes, design=design)


def observe(values: ItemValues, setting: Setting, domain: np.ndarray) -> Observed:
    """Return the rows of a domain (a mask over the setting's rows) that answered the item."""
    reported = values.reported[setting.rows]
    rows = np.flatnonzero(domain & reported)
    positions = setting.rows[rows]
    waves_answered = np.unique(setting.wave_codes[reported]).size if setting.wave == POOLED else 1
    return Observed(
        rows=rows,
        y=values.y[positions],
        x=values.x[positions],
        design=setting.design.take(rows),
        periods=waves_answered,
        absent=values.absent,
    )


def reason_against(item: DescribeItem, observed: Observed) -> str:
    """Return why the item can't be estimated from these rows, or an empty string."""
    if observed.absent:
        return f"not estimated: the survey has no {', '.join(observed.absent)}"
    n = observed.design.firms
    if n < 2:
        return "not estimated: no firm with a value" if n == 0 else "not estimated: fewer than 2 firms with a value"
    if observed.design.degrees_of_freedom < 1:
        return "not estimated: no degrees of freedom (every stratum has a single firm)"
    if not observed.design.weight.sum() > 0:
        return "not estimated: the weights sum to zero"
    if item.statistic == "ratio" and (observed.design.weight * observed.x).sum() == 0:
        return "not estimated: the denominator is zero"
    return ""


def linearise(item: DescribeItem, observed: Observed, rules: DesignRules) -> Linearised:
    """Return the item's estimate and linearised values in the item's unit; a pooled total is the average over the waves
    that asked.
    """
    y, weight = observed.y, observed.design.weight
    match item.statistic:
        case "ratio":
            linearised = linearise_ratio(y, observed.x, weight)
        case "total":
            linearised = linearise_total(y / observed.periods, weight)
        case "median":
            linearised = linearise_median(y, observed.design, rules.confidence).linearised
        case _:
            linearised = linearise_mean(y, weight)
    return Linearised(estimate=linearised.estimate * item.scale, influence=linearised.influence * item.scale)


def estimate_item(item: DescribeItem, observed: Observed, rules: DesignRules) -> Estimate:
    """Return the item's estimate among these rows with standard error, interval, coefficient of variation (percent) and
    design effect.
    """
    n, reason = observed.design.firms, reason_against(item, observed)
    if reason:
        return Estimate(n=n, status=reason)
    if item.statistic == "median":
        return _estimate_median(item, observed, rules)
    linearised = linearise(item, observed, rules)
    se = standard_error(observed.design, linearised)
    t = t_quantile(rules.confidence, observed.design.degrees_of_freedom)
    if item.statistic == "share":
        low, high = share_interval(linearised.estimate / item.scale, se / item.scale, t, observed.design)
        lower, upper = low * item.scale, high * item.scale
    else:
        lower, upper = symmetric_interval(linearised.estimate, se, t)
    return _complete(n, linearised, se, (lower, upper), observed.design)


def _estimate_median(item: DescribeItem, observed: Observed, rules: DesignRules) -> Estimate:
    median = linearise_median(observed.y, observed.design, rules.confidence)
    if np.isnan(median.lower):
        return Estimate(n=observed.design.firms, status=TOO_FEW_FOR_MEDIAN)
    return _complete(observed.design.firms, median.linearised, median.se, (median.lower, median.upper), observed.design)


def _complete(n: int, linearised: Linearised, se: float, interval: tuple[float, float], design: Design) -> Estimate:
    estimate = linearised.estimate
    return Estimate(
        n=n,
        status="ok",
        estimate=estimate,
        se=se,
        lower=interval[0],
        upper=interval[1],
        cv=100 * se / abs(estimate) if estimate != 0 else NAN,
        deff=design_effect(design, linearised.influence) if se > 0 else NAN,
    )
