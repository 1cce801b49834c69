"""One item in one domain: from the rows that answered to an estimate with its precision, or to the reason why there is
none.

`describe.py` asks for the estimate itself; `compare.py` puts the linearised values of two groups together. Both go
through `sample_settings` (the waves one by one, then all of them pooled), `observe` and `linearise`, so that a
comparison and the table beside it can't disagree.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from innosurvey.design import Design, DesignRules, design_effect
from innosurvey.distributions import t_quantile
from innosurvey.items import DescribeItem, ItemValues
from innosurvey.kept import checksum
from innosurvey.linearise import (
    Linearised,
    linearise_mean,
    linearise_quantile,
    linearise_ratio,
    linearise_total,
    share_interval,
    standard_error,
    symmetric_interval,
    with_replicates,
)
from innosurvey.reliability import reliability
from innosurvey.sample import Frame, FullSample

POOLED = "all"
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
    firms; `size` is what the error is measured by, the estimate or that of the absolute values.
    """

    n: int
    status: str
    estimate: float = NAN
    se: float = NAN
    lower: float = NAN
    upper: float = NAN
    cv: float = NAN
    deff: float = NAN
    size: float = NAN
    reliability: str = ""


def sample_settings(firms: pd.DataFrame, rules: DesignRules, sample: FullSample | None = None) -> Iterator[Setting]:
    """Yield each wave of the slice in order of its key, then all waves pooled under the key `all`. An empty slice
    yields nothing. `sample` is needed where weights are calibrated or variances come from replicates, and to take a
    finite population off the pooled waves.
    """
    codes, waves = pd.factorize(firms["wave"].astype("str"), sort=True)
    for code, wave in enumerate(waves):
        rows = np.flatnonzero(codes == code)
        design = _design(firms.iloc[rows], False, rules, sample.of_wave(str(wave)) if sample else None)
        yield Setting(wave=str(wave), rows=rows, wave_codes=codes[rows], design=design)
    if len(firms):
        design = _design(firms, True, rules, sample.pooled(rules.coordinated) if sample else None)
        yield Setting(wave=POOLED, rows=np.arange(len(firms)), wave_codes=codes, design=design)


def basis_of(settings: Iterable[Setting]) -> bytes:
    """Return a checksum of all that an estimate takes from its settings; the full sample behind them, which is one for
    all slices, is not part of it.
    """
    return checksum(*(replace(setting, design=replace(setting.design, frame=None)) for setting in settings))


def _design(firms: pd.DataFrame, pooled: bool, rules: DesignRules, frame: Frame | None) -> Design:
    """Return the design of the rows; the firms outside them matter only to calibrated and to replicate weights, and to
    the finite population of pooled waves.
    """
    if frame is not None and not (frame.calibration is None and frame.replicates is None and frame.corrections is None):
        return Design.from_frame(firms, frame, rules.lonely)
    return Design.from_slice(firms, pooled, rules.lonely)


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
    y, x, design = observed.y, observed.x, observed.design
    match item.statistic:
        case "ratio":
            linearised = with_replicates(linearise_ratio(y, x, design.weight), y, x, design)
        case "total":
            linearised = with_replicates(linearise_total(y, design.weight), y, None, design).times(1 / observed.periods)
        case "median" | "quantile":
            linearised = linearise_quantile(y, design, rules.confidence, item.share_below).linearised
        case _:
            linearised = with_replicates(linearise_mean(y, design.weight), y, x, design)
    return linearised.times(item.scale)


def too_few_for_interval(item: DescribeItem) -> str:
    """Return the status of a quantile whose interval would reach beyond the answers."""
    return f"not estimated: too few firms for an interval of the {item.statistic}"


def estimate_item(item: DescribeItem, observed: Observed, rules: DesignRules) -> Estimate:
    """Return the item's estimate among these rows with standard error, interval, coefficient of variation (percent),
    design effect and reliability.
    """
    n, reason = observed.design.firms, reason_against(item, observed)
    if reason:
        return Estimate(n=n, status=reason)
    if item.statistic in ("median", "quantile"):
        return _estimate_quantile(item, observed, rules)
    linearised = linearise(item, observed, rules)
    se = standard_error(observed.design, linearised)
    t = t_quantile(rules.confidence, observed.design.degrees_of_freedom)
    if item.statistic == "share":
        low, high = share_interval(linearised.estimate / item.scale, se / item.scale, t, observed.design)
        interval = low * item.scale, high * item.scale
    else:
        interval = symmetric_interval(linearised.estimate, se, t)
    return _complete(item, observed, linearised, (se, *interval), rules)


def _estimate_quantile(item: DescribeItem, observed: Observed, rules: DesignRules) -> Estimate:
    quantile = linearise_quantile(observed.y, observed.design, rules.confidence, item.share_below)
    if np.isnan(quantile.lower):
        return Estimate(n=observed.design.firms, status=too_few_for_interval(item))
    precision = (quantile.se, quantile.lower, quantile.upper)
    return _complete(item, observed, quantile.linearised, precision, rules)


def _complete(
    item: DescribeItem,
    observed: Observed,
    linearised: Linearised,
    precision: tuple[float, float, float],
    rules: DesignRules,
) -> Estimate:
    """Return the estimate with all that follows from its standard error and interval."""
    estimate, (se, lower, upper) = linearised.estimate, precision
    size = _typical_size(item, observed, estimate, rules)
    return Estimate(
        n=observed.design.firms,
        status="ok",
        estimate=estimate,
        se=se,
        lower=lower,
        upper=upper,
        cv=100 * se / abs(estimate) if estimate != 0 else NAN,
        deff=design_effect(observed.design, linearised.influence, se**2) if se > 0 else NAN,
        size=size,
        reliability=reliability(item.statistic == "share", precision, size, rules.reliability),
    )


def _typical_size(item: DescribeItem, observed: Observed, estimate: float, rules: DesignRules) -> float:
    """Return what the error is measured by: the estimate, or that of the absolute values where signs are mixed."""
    if not (observed.y < 0).any():
        return estimate
    return linearise(item, replace(observed, y=np.abs(observed.y), x=np.abs(observed.x)), rules).estimate
