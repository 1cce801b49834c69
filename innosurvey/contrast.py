"""One group against another in one item: difference, test (exact where counts are small) and size of the effect."""

from dataclasses import dataclass

import numpy as np

from innosurvey.design import DesignRules
from innosurvey.distributions import t_quantile, t_test
from innosurvey.estimate import NAN, Observed, Setting, linearise, reason_against, too_few_for_interval
from innosurvey.items import DescribeItem
from innosurvey.linearise import Linearised, standard_error, symmetric_interval
from innosurvey.odds import Table

Sides = tuple[Observed, Observed]
EXACT = "ok: exact test, unweighted"
NO_VARIATION = "not estimated: no sampling variation in either group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Group minus reference in the item's unit. Numbers are NaN without a test; `t` is NaN where p is exact."""

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
    n_group, n_reference = sides[0].design.firms, sides[1].design.firms
    if reason := _reason_against_either(item, sides):
        return Contrast(n_group=n_group, n_reference=n_reference, status=reason)
    linearised = (linearise(item, sides[0], rules), linearise(item, sides[1], rules))
    estimates = (linearised[0].estimate, linearised[1].estimate)
    se, df = _joint_precision(linearised, sides, setting)
    exact_p = exact_test(sides) if item.statistic == "share" and (se == 0 or is_small(sides, rules)) else NAN
    if np.isnan(se) or (se == 0 and np.isnan(exact_p)):
        reason = too_few_for_interval(item) if np.isnan(se) else NO_VARIATION
        return Contrast(n_group=n_group, n_reference=n_reference, status=reason)
    effect_size, effect_kind = effect(item, sides, estimates)
    lower, upper = _interval(item, estimates, se, t_quantile(rules.confidence, df))
    t = (estimates[0] - estimates[1]) / se if np.isnan(exact_p) else NAN
    return Contrast(
        n_group=n_group,
        n_reference=n_reference,
        status="ok" if np.isnan(exact_p) else EXACT,
        estimate_group=estimates[0],
        estimate_reference=estimates[1],
        difference=estimates[0] - estimates[1],
        se=se,
        df=df,
        t=t,
        p=t_test(t, df) if np.isnan(exact_p) else exact_p,
        lower=lower,
        upper=upper,
        effect_size=effect_size,
        effect_kind=effect_kind,
    )


def effect(item: DescribeItem, sides: Sides, estimates: tuple[float, float]) -> tuple[float, str]:
    """Return the effect and its measure: Hedges' g of means, Cohen's h of shares, the log of the quotient otherwise."""
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


def is_small(sides: Sides, rules: DesignRules) -> bool:
    """Return whether a group is too small, or too one-sided, for a share to be nearly normal."""
    answers = [list(_last_answers(side).values()) for side in sides]
    smallest_group = min(len(values) for values in answers)
    rarest_answer = min(min(sum(values), len(values) - sum(values)) for values in answers)
    return smallest_group < rules.exact_below or rarest_answer < rules.exact_cell_below


def exact_test(sides: Sides) -> float:
    """Return Fisher's two-sided p-value on the exact counts; NaN when a group has no firm of its own."""
    from scipy.stats import fisher_exact  # here: it takes longer to load than all else

    table = exact_counts(sides)
    return float(fisher_exact(table).pvalue) if all(sum(row) > 1 for row in table) else NAN


def exact_counts(sides: Sides) -> Table:
    """Return (yes, no) of the group and of the reference: unweighted counts of firms.

    A firm counts once, with the last wave it answered in. A firm of both groups (of an overlapping cohort, or of pooled
    waves) is left out, because the test asks for two disjoint samples.
    """
    answers = [_last_answers(side) for side in sides]
    shared = answers[0].keys() & answers[1].keys()
    table = []
    for side in answers:
        values = [value for firm, value in side.items() if firm not in shared]
        table.append((int(sum(values)), int(len(values) - sum(values))))
    return table[0], table[1]


def _reason_against_either(item: DescribeItem, sides: Sides) -> str:
    """Return why one of the groups can't be estimated, naming which; an absent variable needs no name."""
    for role, side in zip(("group", "reference"), sides, strict=True):
        reason = reason_against(item, side)
        if reason:
            return reason if side.absent else f"{reason} in the {role}"
    return ""


def _joint_precision(linearised: tuple[Linearised, Linearised], sides: Sides, setting: Setting) -> tuple[float, float]:
    """Return the difference's standard error and degrees of freedom, from both groups' linearised values together."""
    influence = np.zeros(setting.rows.size)
    influence[sides[0].rows] += linearised[0].influence
    influence[sides[1].rows] -= linearised[1].influence
    rows = np.sort(np.concatenate([sides[0].rows, sides[1].rows]), kind="stable")
    design = setting.design.take(rows)
    difference = Linearised(
        estimate=linearised[0].estimate - linearised[1].estimate,
        influence=influence[rows],
        deviations=_difference_of_deviations(linearised),
    )
    magnitude = max(abs(linearised[0].estimate), abs(linearised[1].estimate))
    return standard_error(design, difference, magnitude), float(design.degrees_of_freedom)


def _difference_of_deviations(linearised: tuple[Linearised, Linearised]) -> np.ndarray | None:
    """Return the difference's deviations in the replicates, if there are any: both groups have the same ones."""
    group, reference = (side.deviations for side in linearised)
    return None if group is None or reference is None else group - reference


def _interval(item: DescribeItem, estimates: tuple[float, float], se: float, t: float) -> tuple[float, float]:
    """Return the interval of the difference; of shares it ends at ±100."""
    lower, upper = symmetric_interval(estimates[0] - estimates[1], se, t)
    return (max(lower, -item.scale), min(upper, item.scale)) if item.statistic == "share" else (lower, upper)


def _weighted_variance(side: Observed) -> float:
    weight, n = side.design.weight, side.y.size
    mean = (weight * side.y).sum() / weight.sum()
    return float((weight * (side.y - mean) ** 2).sum() / weight.sum() * n / (n - 1))


def _last_answers(side: Observed) -> dict[int, float]:
    """Return each firm's answer in the last of its waves (a slice is sorted by wave)."""
    return dict(zip(side.design.firm.tolist(), side.y.tolist(), strict=True))
