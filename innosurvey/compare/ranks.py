"""Items against other items among the same firms of a group: which barrier is the highest?

Both items were answered by the same firms, so that their difference is one mean, of y - y': its linearised values are
those of one sum, and its variance knows how the two answers go together. Where a share rests on few firms or answers,
the p-value is McNemar's, exact and unweighted: the binomial test of the firms that say yes to one item alone.

Sources: McNemar (1947), Psychometrika 12; Binder (1983), Int. Stat. Rev. 51.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from innosurvey.compare.material import Material
from innosurvey.compare.spec import RankingSpec
from innosurvey.contrast import EXACT
from innosurvey.design import DesignRules
from innosurvey.distributions import t_quantile, t_test
from innosurvey.estimate import NAN, Observed, Setting, linearise, observe, reason_against
from innosurvey.items import DescribeItem, ItemValues
from innosurvey.linearise import Linearised, standard_error, symmetric_interval

COLUMNS = (
    "ranking", "cohort", "group", "wave", "item", "other", "statistic", "n", "estimate", "estimate_other", "difference",
    "se", "df", "t", "p", "p_adjusted", "lower", "upper", "family", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """One item less another; numbers are NaN without a test."""

    n: int
    status: str
    estimate: float = NAN
    estimate_other: float = NAN
    difference: float = NAN
    se: float = NAN
    df: float = NAN
    t: float = NAN
    p: float = NAN
    lower: float = NAN
    upper: float = NAN

    def reversed(self) -> "Rank":
        """Return the other item less this one."""
        return replace(
            self,
            estimate=self.estimate_other,
            estimate_other=self.estimate,
            difference=0.0 - self.difference,
            t=0.0 - self.t,
            lower=0.0 - self.upper,
            upper=0.0 - self.lower,
        )


def ranked(specs: Sequence[RankingSpec], material: Material) -> pd.DataFrame:
    """Return `ranks.csv` of one completed survey: a row per ranking, group, wave, item and other item."""
    records = []
    for spec in specs:
        for group in spec.groups:
            for setting in material.settings:
                done: dict[tuple[str, str], Rank] = {}
                for name in spec.items:
                    for other in spec.others(name):
                        twin = done.get((other, name))
                        make = partial(rank_items, material, setting, group, (name, other))
                        asked = ("rank", group, setting.wave)
                        rank = twin.reversed() if twin else material.found(make, *asked, items=[name, other])
                        done[name, other] = rank
                        statistic = material.items[name].statistic
                        records.append(
                            _record(
                                (spec.id, spec.cohort, group, setting.wave, name, other), statistic, spec.family, rank
                            )
                        )
    return pd.DataFrame(records, columns=list(COLUMNS))


def _record(
    key: tuple[str, str, str, str, str, str], statistic: str, family: str, rank: Rank
) -> tuple[str | int | float, ...]:
    test = (rank.difference, rank.se, rank.df, rank.t, rank.p, NAN, rank.lower, rank.upper)
    return (*key, statistic, rank.n, rank.estimate, rank.estimate_other, *test, family, rank.status)


def rank_items(material: Material, setting: Setting, group: str, pair: tuple[str, str]) -> Rank:
    """Return one item less another among the firms of a group that answered both."""
    item, rules = material.items[pair[0]], material.rules
    sides = _observe_both(material, setting, group, pair)
    if reason := reason_against(item, sides[0]):
        return Rank(n=sides[0].design.firms, status=reason)
    ours, others = (linearise(item, side, rules) for side in sides)
    design = sides[0].design
    difference = Linearised(
        estimate=ours.estimate - others.estimate,
        influence=ours.influence - others.influence,
        deviations=None
        if ours.deviations is None or others.deviations is None
        else ours.deviations - others.deviations,
    )
    se = standard_error(design, difference, max(abs(ours.estimate), abs(others.estimate)))
    df = float(design.degrees_of_freedom)
    exact = exact_p(sides) if item.statistic == "share" and (se == 0 or _is_small(sides, rules)) else NAN
    if se == 0 and np.isnan(exact):
        return Rank(n=design.firms, status="not estimated: no sampling variation in the difference")
    t = difference.estimate / se if np.isnan(exact) else NAN
    lower, upper = _interval(item, difference.estimate, se, t_quantile(rules.confidence, df))
    return Rank(
        n=design.firms,
        status="ok" if np.isnan(exact) else EXACT,
        estimate=ours.estimate,
        estimate_other=others.estimate,
        difference=difference.estimate,
        se=se,
        df=df,
        t=t,
        p=t_test(t, df) if np.isnan(exact) else exact,
        lower=lower,
        upper=upper,
    )


def _observe_both(material: Material, setting: Setting, group: str, pair: tuple[str, str]) -> tuple[Observed, Observed]:
    """Return the rows of a group that answered both items, with the values of each."""
    one, two = (material.values(name) for name in pair)
    inside = material.groups[setting.rows] == group
    reported, absent = one.reported & two.reported, (*one.absent, *two.absent)
    both = [ItemValues(y=values.y, x=values.x, reported=reported, absent=absent) for values in (one, two)]
    return observe(both[0], setting, inside), observe(both[1], setting, inside)


def exact_p(sides: tuple[Observed, Observed]) -> float:
    """Return McNemar's exact p-value on unweighted counts, a firm with its last answers; 1 where no firm differs."""
    from scipy.stats import binomtest  # here: it takes longer to load than all else

    firms = sides[0].design.firm.tolist()
    pairs = dict(zip(firms, zip(sides[0].y.tolist(), sides[1].y.tolist(), strict=True), strict=True))
    first = sum(one > two for one, two in pairs.values())
    second = sum(one < two for one, two in pairs.values())
    return float(binomtest(first, first + second).pvalue) if first + second else 1.0


def _is_small(sides: tuple[Observed, Observed], rules: DesignRules) -> bool:
    """Return whether there are few firms, or few that say yes to one item alone."""
    apart = int((sides[0].y != sides[1].y).sum())
    return sides[0].design.firms < rules.exact_below or apart < 2 * rules.exact_cell_below


def _interval(item: DescribeItem, difference: float, se: float, t: float) -> tuple[float, float]:
    lower, upper = symmetric_interval(difference, se, t)
    return (max(lower, -item.scale), min(upper, item.scale)) if item.statistic == "share" else (lower, upper)
