"""An item along a variable without assuming a form: local linear regression with the survey's weights.

At a point the firms count by their weight times a Gaussian kernel of their distance, and a line is fitted to them (Fan
and Gijbels 1996; with survey weights Harms and Duchesne 2010). The fit is a weighted sum of the answers; a firm's
linearised value is its part in that sum times its residual, and the variance is the design's, as for any estimate.

The band is pointwise and takes the bandwidth as given. What the kernel smooths away (bias) it does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey import draws
from innosurvey.compare.spec import COMPARED_WITHIN
from innosurvey.design import DEFAULT_RULES, DesignRules
from innosurvey.distributions import t_quantile
from innosurvey.errors import StudyError
from innosurvey.estimate import POOLED, Observed, observe, reason_against, sample_settings
from innosurvey.items import DescribeItem, ItemValues, item_values
from innosurvey.linearise import Linearised, share_interval, standard_error, symmetric_interval
from innosurvey.sample import FullSample
from innosurvey.specs import (
    fail_if_key_missing,
    fail_if_not_one_of,
    fail_if_unknown_keys,
    mapping_at,
    title_of,
)

COLUMNS = (
    "curve", "cohort", "group", "item", "by", "at", "bandwidth", "n", "estimate", "se", "lower", "upper", "unit",
    "status",
)  # fmt: skip
SCALES = ("linear", "log")
KEYS = ("title", "cohort", "item", "by", "scale", "at", "bandwidth", "note")
LEAST_POINTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveSpec:
    """A curve of `item` along the variable `by` in each group of a cohort, at the declared values `at` of it.

    On the scale `log` distances are of logarithms. `bandwidth`: the kernel's standard deviation on that scale; None
    takes 1.06 s n^(-1/5), s the standard deviation of `by` among the group's n firms (Silverman 1986).
    """

    id: str
    title: Mapping[str, str]
    cohort: str
    item: str
    by: str
    at: tuple[float, ...]
    scale: str = "linear"
    bandwidth: float | None = None


def parse_curves(section: Mapping[str, object] | None) -> tuple[CurveSpec, ...]:
    """Return the curves of the config's `curves:` section in its order; a null entry removes one. Raises StudyError."""
    entries = mapping_at(section, "curves").items()
    return tuple(_parse_curve(str(name), entry) for name, entry in entries if entry is not None)


def _parse_curve(name: str, entry: object) -> CurveSpec:
    where = f"curves.{name}"
    given = mapping_at(entry, where)
    fail_if_unknown_keys(given, KEYS, where)
    fail_if_key_missing(given, ("title", "cohort", "item", "by", "at"), where)
    scale = str(given.get("scale", "linear"))
    fail_if_not_one_of(scale, SCALES, f"{where}.scale")
    at, bandwidth = given["at"], given.get("bandwidth")
    points = tuple(float(point) for point in at if _is_number(point)) if isinstance(at, list) else ()
    if (
        not isinstance(at, list)
        or len(points) != len(at)
        or len(at) < LEAST_POINTS
        or list(points) != sorted({*points})
    ):
        raise StudyError(f"{where}.at: list the values of {given['by']} in rising order, such as [5, 10, 50].")
    if scale == "log" and points[0] <= 0:
        raise StudyError(f"{where}.at: {points[0]:g} has no logarithm.\nBegin above 0, or say `scale: linear`.")
    if bandwidth is not None and not (_is_number(bandwidth) and float(str(bandwidth)) > 0):
        raise StudyError(f"{where}.bandwidth: {bandwidth!r} is no width.\nGive a number above 0, or leave it out.")
    return CurveSpec(
        id=name,
        title=title_of(given, name, where),
        cohort=str(given["cohort"]),
        item=str(given["item"]),
        by=str(given["by"]),
        at=points,
        scale=scale,
        bandwidth=None if bandwidth is None else float(str(bandwidth)),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)


def smooth_all(
    specs: Sequence[CurveSpec],
    items: Sequence[DescribeItem],
    slices: Mapping[str, pd.DataFrame],
    groups: Mapping[str, Sequence[str]],
    rules: DesignRules = DEFAULT_RULES,
    sample: FullSample | None = None,
) -> pd.DataFrame:
    """Return the table `curves`: a row per curve, group and point, all waves pooled.

    `slices` and `groups` are by cohort. `n` is the effective number of firms behind a point, (Σ k)² / Σ k² over their
    kernel weights k. Of a multiple imputation the first draw is smoothed. Raises StudyError for an item that is no
    average, or a variable that is no number.
    """
    known = {item.id: item for item in items}
    completed = {cohort: draws.split(firms)[0] for cohort, firms in slices.items()}
    records = [
        record
        for spec in specs
        for record in _records(spec, known[spec.item], completed[spec.cohort], groups[spec.cohort], rules, sample)
    ]
    return pd.DataFrame(records, columns=list(COLUMNS)).astype({"n": "Int64"})


def _records(
    spec: CurveSpec,
    item: DescribeItem,
    firms: pd.DataFrame,
    groups: Sequence[str],
    rules: DesignRules,
    sample: FullSample | None,
) -> Iterator[tuple[object, ...]]:
    if item.statistic not in COMPARED_WITHIN:
        raise StudyError(
            f"curves.{spec.id}: {item.id} is a {item.statistic}, which no curve can follow.\n"
            f"Take an item whose statistic is {' or '.join(COMPARED_WITHIN)}."
        )
    x = _scaled(spec, firms)
    values = item_values(item, firms)
    known = ItemValues(y=values.y, x=values.x, reported=values.reported & ~np.isnan(x), absent=values.absent)
    pooled = [setting for setting in sample_settings(firms, rules, sample) if setting.wave == POOLED]
    for setting in pooled:
        for group in groups:
            observed = observe(known, setting, (firms["group"].astype("str") == group).to_numpy())
            yield from _curve(spec, item, group, observed, x[observed.rows], rules)


def _scaled(spec: CurveSpec, firms: pd.DataFrame) -> np.ndarray:
    """Return the variable along which the curve runs, on its scale; NaN where it is missing or has no logarithm."""
    if spec.by not in firms or not pd.api.types.is_numeric_dtype(firms[spec.by]):
        raise StudyError(f"curves.{spec.id}.by: {spec.by} is no number of the firms.\nName a variable that is.")
    x = firms[spec.by].to_numpy(dtype=float, na_value=np.nan)
    return x if spec.scale == "linear" else np.log(np.where(x > 0, x, np.nan))


def _curve(
    spec: CurveSpec, item: DescribeItem, group: str, observed: Observed, x: np.ndarray, rules: DesignRules
) -> Iterator[tuple[object, ...]]:
    key = (spec.id, spec.cohort, group, item.id, spec.by)
    reason = reason_against(item, observed)
    width = np.nan if reason else spec.bandwidth or rule_of_thumb(x, observed.design.weight, observed.design.firms)
    if not reason and not width > 0:
        reason = f"not estimated: all firms have the same {spec.by}"
    for value, point in zip(spec.at, np.log(spec.at) if spec.scale == "log" else spec.at, strict=True):
        if reason:
            yield (*key, value, np.nan, 0, *[np.nan] * 4, item.unit, reason)
            continue
        kernel = np.exp(-0.5 * ((x - point) / width) ** 2)
        n = int(kernel.sum() ** 2 / max((kernel**2).sum(), np.finfo(float).tiny))
        fit = local_linear(x - point, observed.y, observed.design.weight, kernel)
        if fit is None:
            yield (*key, value, width, n, *[np.nan] * 4, item.unit, "not estimated: no firm is near")
            continue
        yield (*key, value, width, n, *_numbers(fit, item, observed, rules), item.unit, "ok")


def _numbers(
    fit: Linearised, item: DescribeItem, observed: Observed, rules: DesignRules
) -> tuple[float, float, float, float]:
    """Return the fit with its standard error and interval, in the item's unit."""
    design = observed.design
    se, t = standard_error(design, fit), t_quantile(rules.confidence, design.degrees_of_freedom)
    inside = item.statistic == "share" and 0 < fit.estimate < 1
    low, high = share_interval(fit.estimate, se, t, design) if inside else symmetric_interval(fit.estimate, se, t)
    numbers = np.array([fit.estimate, se, low, high])
    if item.statistic == "share":  # a line may leave 0 and 1 where firms are few
        numbers[[0, 2, 3]] = numbers[[0, 2, 3]].clip(0, 1)
    estimate, error, lower, upper = numbers * item.scale
    return float(estimate), float(error), float(lower), float(upper)


def local_linear(distance: np.ndarray, y: np.ndarray, weight: np.ndarray, kernel: np.ndarray) -> Linearised | None:
    """Return the height at distance 0 of the line through the firms, and each firm's linearised value; None where the
    firms near it don't carry a line.
    """
    near = weight * kernel
    s0, s1, s2 = near.sum(), (near * distance).sum(), (near * distance**2).sum()
    determinant = s0 * s2 - s1**2
    if not determinant > 1e-12 * s0 * s2:
        return None
    slope = (s0 * (near * distance * y).sum() - s1 * (near * y).sum()) / determinant
    part = kernel * (s2 - s1 * distance) / determinant
    height = float((weight * part * y).sum())
    return Linearised(estimate=height, influence=part * (y - height - slope * distance))


def rule_of_thumb(x: np.ndarray, weight: np.ndarray, n: int) -> float:
    """Return Silverman's bandwidth 1.06 s n^(-1/5), s the weighted standard deviation of x."""
    mean = np.average(x, weights=weight)
    return float(1.06 * np.sqrt(np.average((x - mean) ** 2, weights=weight)) * n**-0.2)
