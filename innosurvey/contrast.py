"""One group against another in one item: the difference with its test (exact where groups are small), the size of the
effect.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import fisher_exact

from innosurvey.design import DesignRules
from innosurvey.estimate import NAN, TOO_FEW_FOR_MEDIAN, Observed, Setting, linearise, reason_against
from innosurvey.items import DescribeItem
from innosurvey.linearise import Linearised, standard_error, symmetric_interval, t_quantile, t_test

Sides = tuple[Observed, Observed]
EXACT = "ok: exact test, unweighted"
NO_VARIATION = "not estimated: no sampling variation in either group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Group minus reference in the item's unit. Numbers are NaN where there is no test; `t` is NaN where the p-value is
    Fisher's.
    """

    n_group: int
    n_reference: int
    status: str
    estimate_group: float = NAN
    estimate_reference: float = NAN
    difference: float = NAN
    se: float = NAN
    df: float = NAN
    t: float = NAN
    p: float = NAN
    lower: float = NAN
    upper: float = NAN
    effect_size: float = NAN
    effect_kind: str = ""


def contrast_groups(item: DescribeItem, sides: Sides, setting: Setting, rules: DesignRules) -> Contrast:
    """Return the comparison of (group, reference), or the reason why there is none."""
    counts = (sides[0].design.firms, sides[1].design.firms)
    reason = _reason_against_either(item, sides)
    if reason:
        return Contrast(n_group=counts[0], n_reference=counts[1], status=reason)
    linearised = (linearise(item, sides[0], rules), linearise(item, sides[1], rules))
    se, df = _joint_precision(linearised, sides, setting)
    exact = item.statistic == "share" and (min(counts) < rules.exact_below or se == 0)
    if np.isnan(se):
        return Contrast(n_group=counts[0], n_reference=counts[1], status=TOO_FEW_FOR_MEDIAN)
    if se == 0 and not exact:
        return Contrast(n_group=counts[0], n_reference=counts[1], status=NO_VARIATION)
    difference = linearised[0].estimate - linearised[1].estimate
    effect_size, effect_kind = effect(item, sides, (linearised[0].estimate, linearised[1].estimate))
    lower, upper = symmetric_interval(difference, se, t_quantile(rules.confidence, df))
    if item.statistic == "share":
        lower, upper = max(lower, -item.scale), min(upper, item.scale)
    return Contrast(
        n_group=counts[0],
        n_reference=counts[1],
        status=EXACT if exact else "ok",
        estimate_group=linearised[0].estimate,
        estimate_reference=linearised[1].estimate,
        difference=difference,
        se=se,
        df=df,
        t=NAN if exact else difference / se,
        p=exact_test(sides) if exact else t_test(difference / se, df),
        lower=lower,
        upper=upper,
        effect_size=effect_size,
        effect_kind=effect_kind,
    )


def effect(item: DescribeItem, sides: Sides, estimates: tuple[float, float]) -> tuple[float, str]:
    """Return the effect's size and the name of its measure: Hedges' g of means, Cohen's h of shares, the log of the
    quotient otherwise.
    """
    if item.statistic == "mean":
        return hedges_g(sides, estimates[0] - estimates[1]), "hedges_g"
    if item.statistic == "share":
        return cohens_h(estimates[0] / item.scale, estimates[1] / item.scale), "cohens_h"
    positive = estimates[0] > 0 and estimates[1] > 0
    return (float(np.log(estimates[0] / estimates[1])) if positive else NAN), "log_ratio"


def hedges_g(sides: Sides, difference: float) -> float:
    """Return the difference over the pooled weighted standard deviation, corrected for small samples (Hedges 1981)."""
    freedom = [side.y.size - 1 for side in sides]
    spread = sum(df * _weighted_variance(side) for df, side in zip(freedom, sides, strict=True))
    pooled = np.sqrt(spread / sum(freedom))
    correction = 1 - 3 / (4 * sum(freedom) - 1)
    return float(correction * difference / pooled) if pooled > 0 else NAN


def cohens_h(share: float, reference: float) -> float:
    """Return 2 arcsin √p - 2 arcsin √q (Cohen 1988, ch. 6)."""
    return float(2 * np.arcsin(np.sqrt(share)) - 2 * np.arcsin(np.sqrt(reference)))


def exact_test(sides: Sides) -> float:
    """Return Fisher's two-sided p-value on unweighted counts of firms.

    A firm counts once, with the last wave it answered in; a firm of both groups (of an overlapping cohort) is left out,
    because the two samples must be disjoint.
    """
    answers = [_last_answers(side) for side in sides]
    shared = set(answers[0]) & set(answers[1])
    table = []
    for side in answers:
        values = [value for firm, value in side.items() if firm not in shared]
        yes = int(sum(values))
        table.append([yes, len(values) - yes])
    return float(fisher_exact(table).pvalue)


def _reason_against_either(item: DescribeItem, sides: Sides) -> str:
    """Return why one of the groups can't be estimated, naming which; an absent variable needs no name."""
    for role, side in zip(("group", "reference"), sides, strict=True):
        reason = reason_against(item, side)
        if reason:
            return reason if side.absent else f"{reason} in the {role}"
    return ""


def _joint_precision(linearised: tuple[Linearised, Linearised], sides: Sides, setting: Setting) -> tuple[float, float]:
    """Return the standard error of the difference and its degrees of freedom, from both groups' linearised values
    together.
    """
    influence = np.zeros(setting.rows.size)
    influence[sides[0].rows] += linearised[0].influence
    influence[sides[1].rows] -= linearised[1].influence
    rows = np.sort(np.concatenate([sides[0].rows, sides[1].rows]), kind="stable")
    design = setting.design.take(rows)
    difference = Linearised(estimate=linearised[0].estimate - linearised[1].estimate, influence=influence[rows])
    magnitude = max(abs(linearised[0].estimate), abs(linearised[1].estimate))
    return standard_error(design, difference, magnitude), float(design.degrees_of_freedom)


def _weighted_variance(side: Observed) -> float:
    weight, n = side.design.weight, side.y.size
    mean = (weight * side.y).sum() / weight.sum()
    return float((weight * (side.y - mean) ** 2).sum() / weight.sum() * n / (n - 1))


def _last_answers(side: Observed) -> dict[int, float]:
    """Return each firm's answer in the last of its waves (a slice is sorted by wave within group)."""
    return dict(zip(side.design.firm.tolist(), side.y.tolist(), strict=True))
