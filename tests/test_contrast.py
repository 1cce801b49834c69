"""One comparison at a time: the error of a difference, the exact test, the size of an effect."""

from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_rel

from innosurvey.contrast import EXACT, Contrast, cohens_h, contrast_groups
from innosurvey.describe import describe_all
from innosurvey.design import DesignRules
from innosurvey.estimate import observe, sample_settings
from innosurvey.items import item_values
from tests.made_slices import MadeCohort, make_item, make_slice


def contrasted(firms: pd.DataFrame, wave: str = "2020", rules: DesignRules | None = None, **item: object) -> Contrast:
    """Return group g against group r in one item."""
    rules, spec = rules or DesignRules(), make_item(**item)
    setting = next(setting for setting in sample_settings(firms, rules) if setting.wave == wave)
    groups, values = firms["group"].to_numpy()[setting.rows], item_values(spec, firms)
    sides = (observe(values, setting, groups == "g"), observe(values, setting, groups == "r"))
    return contrast_groups(spec, sides, setting, rules)


def by_hand(y: np.ndarray, groups: np.ndarray, at: float) -> tuple[float, float]:
    """Return the quantile of each group's values, sorted: of 100 firms the value at their share (a tie's midpoint)."""
    values = {group: np.sort(y[groups == group]) for group in ("g", "r")}
    first, second = ((part[round(at * 100) - 1] + part[round(at * 100)]) / 2 for part in values.values())
    return first, second


def two_shares(yes: tuple[int, int], sizes: tuple[int, int]) -> pd.DataFrame:
    """Return firms of g and r with so many that say yes."""
    answers = [[True] * count + [False] * (size - count) for count, size in zip(yes, sizes, strict=True)]
    return make_slice(group=["g"] * sizes[0] + ["r"] * sizes[1], y=pd.array(answers[0] + answers[1], dtype="boolean"))


def test_in_a_simple_random_sample_the_error_is_that_of_a_regression_on_the_group():
    # y on a constant and a dummy with the heteroskedasticity-robust sandwich, times n / (n - 1)
    rng = np.random.default_rng(3)
    member = rng.random(60) < 0.4
    y = rng.normal(size=60) + member
    design = np.column_stack([np.ones(60), member])
    bread = np.linalg.inv(design.T @ design)
    slope = bread @ design.T @ y
    scores = design * (y - design @ slope)[:, None]
    robust = bread @ scores.T @ scores @ bread * 60 / 59
    result = contrasted(make_slice(group=np.where(member, "g", "r"), y=y))
    assert result.difference == pytest.approx(slope[1])
    assert result.se == pytest.approx(np.sqrt(robust[1, 1]))


def test_groups_in_one_stratum_covary_through_the_number_of_their_firms():
    # 2 of 4 firms each: z = (y - 2)/2 for 1, 3 and -(y - 6)/2 for 4, 8: ∓0.5 and ±1; 4/3 * (0.25 + 0.25 + 1 + 1)
    result = contrasted(make_slice(group=["g", "g", "r", "r"], y=[1.0, 3.0, 4.0, 8.0]))
    assert (result.difference, result.df) == (-4, 3)
    assert result.se == pytest.approx(np.sqrt(4 / 3 * 2.5))


def test_firms_that_change_group_between_waves_give_the_paired_t_test():
    before, after = np.array([1.0, 4.0, 2.0, 8.0]), np.array([2.0, 7.0, 2.5, 9.0])
    firms = make_slice(
        firm_id=list("abcd") * 2,
        wave=["2018"] * 4 + ["2020"] * 4,
        group=["r"] * 4 + ["g"] * 4,
        y=np.concatenate([before, after]),
    )
    result, paired = contrasted(firms, wave="all"), ttest_rel(after, before)
    assert (result.t, result.df, result.p) == (pytest.approx(paired.statistic), 3, pytest.approx(paired.pvalue))


def test_a_firm_in_both_groups_of_an_overlapping_cohort_adds_no_difference():
    # firm b stands in both groups with one answer: its two linearised values are summed before they are squared
    firms = make_slice(firm_id=["a", "b", "b", "c"], group=["g", "g", "r", "r"], y=[1.0, 3.0, 3.0, 9.0])
    # g: (1, 3) mean 2: z = -0.5, 0.5; r: (3, 9) mean 6: z = 1.5, -1.5; a -0.5, b 2, c -1.5; 3/2 * 6.5
    assert contrasted(firms).se == pytest.approx(np.sqrt(1.5 * 6.5))


def hypergeometric_p(yes: tuple[int, int], sizes: tuple[int, int]) -> float:
    """Return Fisher's two-sided p-value in whole numbers: the tables with these margins that are no more likely."""
    said_yes = sum(yes)
    ways = [comb(sizes[0], said_yes - second) * comb(sizes[1], second) for second in range(min(said_yes, sizes[1]) + 1)]
    return float(Fraction(sum(count for count in ways if count <= ways[yes[1]]), comb(sum(sizes), said_yes)))


def test_a_rare_answer_in_a_group_of_72_is_tested_exactly():
    # 261 of 1,710 firms use universities as a source, and 2 of 72; a t-test would give p < 1e-7
    result = contrasted(two_shares((261, 2), (1710, 72)), statistic="share")
    assert result.status == EXACT
    assert result.p == pytest.approx(0.00179, abs=0.000005)  # three figures
    assert result.p == pytest.approx(hypergeometric_p((261, 2), (1710, 72)))


def test_one_yes_more_makes_a_step_in_the_exact_p_value():
    result = contrasted(two_shares((262, 2), (1710, 72)), statistic="share")
    assert result.p == pytest.approx(hypergeometric_p((262, 2), (1710, 72)))


def test_an_exact_test_leaves_the_t_statistic_blank_and_keeps_the_interval():
    result = contrasted(two_shares((8, 3), (20, 40)), statistic="share")
    assert (result.status, np.isnan(result.t)) == (EXACT, True)
    assert result.lower < result.difference < result.upper


def test_shares_of_larger_groups_are_tested_by_the_design():
    result = contrasted(two_shares((30, 20), (60, 60)), statistic="share")
    assert result.status == "ok"
    assert result.t == pytest.approx(result.difference / result.se)


def test_the_study_declares_when_a_test_is_exact():
    firms = two_shares((8, 6), (20, 40))
    assert contrasted(firms, statistic="share", rules=DesignRules(exact_below=10)).status == "ok"


def test_means_of_small_groups_are_not_tested_exactly():
    assert contrasted(make_slice(group=["g", "g", "r", "r"], y=[1.0, 3.0, 4.0, 8.0])).status == "ok"


def test_groups_that_answer_with_one_voice_are_compared_exactly():
    result = contrasted(two_shares((40, 0), (40, 40)), statistic="share")
    assert (result.status, result.se) == (EXACT, 0)
    assert result.p < 1e-10


def test_means_without_any_variation_are_not_compared():
    result = contrasted(make_slice(group=["g", "g", "r", "r"], y=[1.0, 1.0, 4.0, 4.0]))
    assert result.status == "not estimated: no sampling variation in either group"
    assert np.isnan(result.difference)


def test_an_exact_test_counts_a_firm_once_with_its_last_answer():
    # in the pooled waves firm a says yes last and firm b no: (1, 1) against (0, 2)
    firms = make_slice(
        firm_id=["a", "b", "a", "b", "c", "d"],
        wave=["2018", "2018", "2020", "2020", "2020", "2020"],
        group=["g"] * 4 + ["r"] * 2,
        y=pd.array([False, True, True, False, False, False], dtype="boolean"),
    )
    result = contrasted(firms, wave="all", statistic="share")
    assert (result.n_group, result.status) == (2, EXACT)
    assert result.p == pytest.approx(1)


def test_hedges_g_is_the_difference_in_pooled_deviations_corrected_for_few_firms():
    # variances 2 and 8, pooled 5; difference -4; 1 - 3 / (4 * 2 - 1) = 4/7
    result = contrasted(make_slice(group=["g", "g", "r", "r"], y=[1.0, 3.0, 4.0, 8.0]))
    assert result.effect_kind == "hedges_g"
    assert result.effect_size == pytest.approx(4 / 7 * -4 / np.sqrt(5))


def test_cohens_h_of_one_half_against_nothing_is_a_right_angle():
    assert cohens_h(0.5, 0.0) == pytest.approx(np.pi / 2)


def test_ratios_are_compared_by_the_log_of_their_quotient():
    firms = make_slice(group=["g", "g", "r", "r"], y=[2.0, 4.0, 1.0, 2.0], x=[1.0, 1.5, 1.0, 1.0])
    result = contrasted(firms, statistic="ratio", numerator="y", denominator="x")
    assert (result.effect_kind, result.effect_size) == ("log_ratio", pytest.approx(np.log(2.4 / 1.5)))


def test_medians_are_compared_with_the_error_of_their_linearised_values():
    rng = np.random.default_rng(11)
    firms = make_slice(
        group=["g"] * 150 + ["r"] * 150, y=np.concatenate([rng.normal(1, 1, 150), rng.normal(0, 1, 150)])
    )
    result = contrasted(firms, statistic="median")
    # the asymptotic error of a difference of two normal medians is √(2 * π/2 / 150) = 0.145; the density is estimated,
    # so to 30 %
    assert result.se == pytest.approx(0.145, rel=0.3)
    assert result.status == "ok"


def test_medians_of_few_firms_are_not_compared():
    result = contrasted(make_slice(group=["g"] * 3 + ["r"] * 3, y=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), statistic="median")
    assert result.status == "not estimated: too few firms for an interval of the median"


def test_the_side_without_enough_firms_is_named():
    result = contrasted(make_slice(group=["g", "g", "r"], y=[1.0, 2.0, 3.0]))
    assert result.status == "not estimated: fewer than 2 firms with a value in the reference"
    assert (result.n_group, result.n_reference) == (2, 1)


@pytest.mark.parametrize("at", [0.25, 0.75])
def test_quantiles_are_compared_like_medians(at):
    rng = np.random.default_rng(11)
    groups = np.repeat(["g", "r"], 100)
    y = rng.lognormal(size=200) * np.where(groups == "g", 2, 1)
    result = contrasted(make_slice(group=groups, y=y), statistic="quantile", at=at)
    assert (result.estimate_group, result.estimate_reference) == pytest.approx(by_hand(y, groups, at))
    assert result.status == "ok"
    assert result.effect_size == pytest.approx(np.log(result.estimate_group / result.estimate_reference))
    assert result.lower < result.difference < result.upper


def test_the_error_of_a_difference_of_quantiles_joins_those_of_both_groups():
    # the groups are strata of their own and so independent
    rng = np.random.default_rng(12)
    firms = make_slice(group=["g"] * 80 + ["r"] * 120, stratum_id=["s"] * 80 + ["t"] * 120, y=rng.lognormal(size=200))
    item = {"statistic": "quantile", "at": 0.3}
    described = describe_all([make_item(**item)], firms, MadeCohort(groups=["g", "r"]))
    errors = described[described["wave"].eq("2020") & described["group"].isin(["g", "r"])]["se"]
    # each error alone has the t quantile of its own degrees of freedom, which cancels: rounding
    assert contrasted(firms, **item).se == pytest.approx(np.sqrt((errors**2).sum()), rel=1e-9)


def test_totals_of_two_strata_differ_with_the_error_of_both():
    # V = 2/1 · 2 (a: 1, 3) + 2/1 · 8 (b: 5, 9) = 20
    firms = make_slice(group=list("ggrr"), stratum_id=list("aabb"), y=[1.0, 3.0, 5.0, 9.0])
    result = contrasted(firms, statistic="total")
    assert (result.difference, result.se) == (-10, pytest.approx(np.sqrt(20)))
    assert result.effect_size == pytest.approx(np.log(4 / 14))


def test_ratios_of_two_strata_differ_with_the_error_of_both():
    # a: R = 4/2, residuals ∓1 over 2: 2 · 0.5 = 1; b: 14/2, residuals ∓2 over 2: 2 · 2 = 4
    firms = make_slice(group=list("ggrr"), stratum_id=list("aabb"), y=[1.0, 3.0, 5.0, 9.0], x=1.0)
    result = contrasted(firms, statistic="ratio", numerator="y", denominator="x")
    assert (result.difference, result.se) == (-5, pytest.approx(np.sqrt(5)))
