"""Point estimates, linearised values and intervals, each on numbers that can be checked by hand."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.design import Design
from innosurvey.distributions import t_quantile
from innosurvey.linearise import linearise_quantile, linearise_ratio, share_interval, standard_error
from tests.made_slices import make_slice


def design_of(**columns: object) -> Design:
    return Design.from_slice(make_slice(**columns), pooled=False)


def test_the_standard_error_of_a_ratio_uses_the_residuals_from_the_ratio():
    # y = 1, 2, 6; x = 1, 2, 3: R = 9/6 = 1.5; residuals -0.5, -1, 1.5 sum to 0; V = 3/2 * (0.25 + 1 + 2.25) / 6²
    design = design_of(firm_id=["a", "b", "c"])
    ratio = linearise_ratio(np.array([1.0, 2.0, 6.0]), np.array([1.0, 2.0, 3.0]), design.weight)
    assert ratio.estimate == pytest.approx(1.5)
    assert standard_error(design, ratio) ** 2 == pytest.approx(1.5 * 3.5 / 36)


def test_a_ratio_of_proportional_variables_has_no_variance():
    design = design_of(weight_final=[1.0, 2.0, 5.0])
    x = np.array([0.1, 0.7, 0.3])
    assert standard_error(design, linearise_ratio(3 * x, x, design.weight)) == 0


@pytest.mark.parametrize(("values", "median"), [([3.0, 1.0, 2.0], 2.0), ([4.0, 1.0, 3.0, 2.0], 2.5)])
def test_with_equal_weights_the_median_is_the_ordinary_one(values, median):
    quantile = linearise_quantile(np.array(values), design_of(y=values), confidence=0.95)
    assert quantile.linearised.estimate == median


def test_a_heavy_firm_pulls_the_median():
    # weights 1, 1, 3 of 5: half the weight is reached at the third value
    design = design_of(weight_final=[1.0, 1.0, 3.0])
    assert linearise_quantile(np.array([1.0, 2.0, 10.0]), design, confidence=0.95).linearised.estimate == 10


def test_the_woodruff_interval_reads_the_distribution_at_half_plus_and_minus_its_error():
    # 1 … 100: F(50.5) = 0.5, se = √(100/99 * 0.25/100) = 0.05025, t(99) = 1.98422: shares 0.4003 and 0.5997,
    # values 41 and 60
    values = np.arange(1.0, 101.0)
    median = linearise_quantile(values, design_of(y=values), confidence=0.95)
    assert median.linearised.estimate == 50.5
    assert (median.lower, median.upper) == (41, 60)
    assert median.se == pytest.approx((60 - 41) / (2 * 1.98422), rel=1e-5)  # t to six figures


def test_the_linearised_median_has_the_standard_error_of_the_interval():
    values = np.random.default_rng(7).lognormal(size=200)
    design = design_of(y=values)
    median = linearise_quantile(values, design, confidence=0.95)
    assert standard_error(design, median.linearised) == pytest.approx(median.se)


def test_a_median_of_too_few_firms_has_no_interval():
    values = np.array([1.0, 2.0, 3.0])
    assert np.isnan(linearise_quantile(values, design_of(y=values), confidence=0.95).lower)


def test_the_interval_of_a_share_is_symmetric_on_the_logit_scale():
    design = design_of(y=np.zeros(100))
    lower, upper = share_interval(0.04, 0.02, 1.96, design)
    odds = [share / (1 - share) for share in (lower, 0.04, upper)]
    assert odds[1] / odds[0] == pytest.approx(odds[2] / odds[1])
    assert 0 < lower < 0.04 < upper < 1


def test_where_nobody_says_yes_the_interval_is_wilsons():
    # z²/(n + z²) with t(9) = 2.26216: 5.11736 / 15.11736
    design = design_of(y=np.zeros(10))
    t = t_quantile(0.95, design.degrees_of_freedom)
    assert share_interval(0.0, 0.0, t, design) == (0.0, pytest.approx(5.11736 / 15.11736, rel=1e-5))
    assert share_interval(1.0, 0.0, t, design) == (pytest.approx(10 / 15.11736, rel=1e-5), 1.0)


def test_a_firm_that_says_no_in_every_wave_is_one_firm_to_wilsons_interval():
    once = make_slice(weight_final=[1.0, 2.0, 3.0])
    twice = pd.concat([once, once.assign(wave="2022")], ignore_index=True)
    designs = [Design.from_slice(firms, pooled=True) for firms in (once, twice)]
    assert share_interval(0.0, 0.0, 2.0, designs[1]) == pytest.approx(share_interval(0.0, 0.0, 2.0, designs[0]))


def test_where_every_firm_of_the_population_answered_a_share_of_zero_is_certain():
    design = design_of(pop_n_stratum=[3] * 3, y=np.zeros(3))
    assert share_interval(0.0, 0.0, 4.3, design) == (0.0, 0.0)
