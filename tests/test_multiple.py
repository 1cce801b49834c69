"""Tables of draws combined."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit, logit

from innosurvey.describe import describe_all
from innosurvey.design_rules import DEFAULT_RULES
from innosurvey.multiple import combined_comparisons, combined_estimates
from innosurvey.rubin import combine
from tests.made_slices import MadeCohort, make_item, make_two_strata


def described(estimate, se, *, statistic="mean", status="ok", n=40):
    row = {"cohort": "c", "group": "g", "wave": "2018", "item": "i", "statistic": statistic, "n": n}
    numbers = {"estimate": estimate, "se": se, "lower": estimate - se, "upper": estimate + se, "cv": 1.0, "deff": 1.2}
    return pd.DataFrame([{**row, **numbers, "unit": "u", "status": status, "df": 30.0, "size": estimate}])


def test_a_mean_is_combined_by_rubins_rules():
    found = combined_estimates([described(10, 2.0), described(12, 2.0, n=38)], DEFAULT_RULES).iloc[0]
    by_hand = combine([10, 12], [4, 4], 30)
    half = stats.t.ppf(0.975, by_hand.df) * by_hand.se
    assert found["estimate"] == 11
    assert found["se"] == pytest.approx(by_hand.se)
    assert found["lower"] == pytest.approx(11 - half)
    assert found["fmi"] == pytest.approx(by_hand.fmi)
    assert found["n"] == 38
    assert "df" not in found


def test_the_interval_of_a_share_is_on_the_logit_scale():
    parts = [described(2, 1.5, statistic="share"), described(4, 1.5, statistic="share")]
    found = combined_estimates(parts, DEFAULT_RULES).iloc[0]
    by_hand = combine([2, 4], [2.25, 2.25], 30)
    reach = stats.t.ppf(0.975, by_hand.df) * by_hand.se / 100 / (0.03 * 0.97)
    assert found["lower"] == pytest.approx(100 * expit(logit(0.03) - reach))
    assert 0 < found["lower"] < 3 < found["upper"] < 100


def test_reliability_is_that_of_the_combined_error_not_of_the_worst_draw():
    # each draw has a CV of 10 %, but they lie far apart: T = 1 + 3/2 · 2 = 4 around 11, a CV of 18 %
    apart = [described(10, 1.0).assign(reliability="good"), described(12, 1.0).assign(reliability="good")]
    assert combined_estimates(apart, DEFAULT_RULES).iloc[0]["reliability"] == "use with caution"
    # CVs of 20 and 7 %: together 15 %
    near = [described(10, 2.0).assign(reliability="use with caution"), described(10.1, 0.7).assign(reliability="good")]
    assert combined_estimates(near, DEFAULT_RULES).iloc[0]["reliability"] == "good"


def test_where_signs_are_mixed_the_error_is_measured_by_the_typical_amount():
    parts = [described(0.1, 1.0).assign(size=20.0, reliability="good")] * 2
    assert combined_estimates(parts, DEFAULT_RULES).iloc[0]["reliability"] == "good"


def test_what_one_draw_cannot_estimate_is_not_estimated():
    failed = described(np.nan, np.nan, status="not estimated: no firm with a value", n=0)
    found = combined_estimates([described(10, 2.0), failed], DEFAULT_RULES).iloc[0]
    assert np.isnan(found["estimate"])
    assert found["status"] == "not estimated: no firm with a value (in 1 of 2 imputations)"
    assert found["n"] == 0


def compared(difference, p, status="ok"):
    row = {"cohort": "c", "group": "g", "reference": "r", "wave": "2018", "item": "i", "statistic": "share"}
    numbers = {"estimate_group": 60.0, "estimate_reference": 60.0 - difference, "difference": difference, "se": 5.0}
    test = {"df": 50.0, "t": difference / 5, "p": p, "p_adjusted": np.nan, "lower": 0.0, "upper": 1.0}
    ends = {"effect_size": 0.1, "effect_kind": "cohens_h", "family": "f", "status": status}
    return pd.DataFrame([{**row, "n_group": 20, "n_reference": 30, **numbers, **test, **ends}])


def test_a_difference_is_tested_on_its_combined_error():
    found = combined_comparisons([compared(10.0, 0.1), compared(14.0, 0.1)], 0.95).iloc[0]
    by_hand = combine([10, 14], [25, 25], 50)
    assert found["t"] == pytest.approx(12 / by_hand.se)
    assert found["p"] == pytest.approx(2 * stats.t.sf(12 / by_hand.se, by_hand.df))


def test_exact_tests_are_combined_by_their_median_p():
    exact = "ok: exact test, unweighted"
    parts = [compared(10.0, p, exact).assign(t=np.nan) for p in (0.04, 0.2, 0.06)]
    found = combined_comparisons(parts, 0.95).iloc[0]
    assert found["p"] == 0.06
    assert found["status"] == exact
    assert np.isnan(found["t"])


def test_draws_without_a_difference_describe_the_survey_that_they_are():
    firms = make_two_strata(x=[1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0])
    item, cohort = make_item(statistic="mean", variable="x"), MadeCohort(groups=["g"])
    one = describe_all([item], firms, cohort)
    many = describe_all([item], pd.concat([firms.assign(draw=1), firms.assign(draw=2)]), cohort)
    pd.testing.assert_frame_equal(many.drop(columns="fmi"), one)
    assert (many["fmi"] == 0).all()


def test_draws_that_differ_widen_the_interval():
    firms = make_two_strata(x=[1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0])
    item, cohort = make_item(statistic="mean", variable="x"), MadeCohort(groups=["g"])
    moved = pd.concat([firms.assign(draw=1), firms.assign(draw=2, x=firms["x"] + 1)])
    one, many = describe_all([item], firms, cohort).iloc[0], describe_all([item], moved, cohort).iloc[0]
    assert many["estimate"] == pytest.approx(one["estimate"] + 0.5)
    assert many["se"] > one["se"]
    assert many["upper"] - many["lower"] > one["upper"] - one["lower"]
