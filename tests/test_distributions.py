"""Tails and quantiles: the digits of scipy.stats."""

import math
import subprocess
import sys

import pytest
from scipy import stats

from innosurvey.distributions import (
    chi_squared_quantile,
    chi_squared_test,
    f_quantile,
    f_test,
    normal_test,
    t_quantile,
    t_test,
)

EXACT = 1e-13


@pytest.mark.parametrize("df", [1, 4.5, 300, math.inf])
def test_students_t_is_that_of_scipy_stats_the_normal_at_infinite_degrees_of_freedom(df):
    assert t_quantile(0.95, df) == pytest.approx(stats.t.ppf(0.975, df), rel=EXACT)
    assert t_test(-2.1, df) == pytest.approx(2 * stats.t.sf(2.1, df), rel=EXACT)


@pytest.mark.parametrize("statistic", [0.0, 0.3, 5.0, 80.0])
def test_the_other_tails_are_those_of_scipy_stats(statistic):
    assert f_test(statistic, 3, 41.5) == pytest.approx(stats.f.sf(statistic, 3, 41.5), rel=EXACT)
    assert chi_squared_test(statistic, 3) == pytest.approx(stats.chi2.sf(statistic, 3), rel=EXACT)
    assert normal_test(-statistic) == pytest.approx(2 * stats.norm.sf(statistic), rel=EXACT)


@pytest.mark.parametrize("level", [0.05, 0.95])
def test_the_other_quantiles_are_those_of_scipy_stats(level):
    assert f_quantile(level, 2, 30) == pytest.approx(stats.f.ppf(level, 2, 30), rel=EXACT)
    assert chi_squared_quantile(level, 2) == pytest.approx(stats.chi2.ppf(level, 2), rel=EXACT)


def test_a_chi_squared_statistic_just_below_zero_is_zero_and_an_unknown_one_stays_unknown():
    assert chi_squared_test(-1e-12, 1) == 1.0
    assert math.isnan(chi_squared_test(math.nan, 1))


def test_a_batch_of_least_squares_loads_neither_scipy_stats_nor_statsmodels():
    code = (
        "import sys; from innosurvey.models.engines import engine_of; import innosurvey.models.fit; engine_of('ols'); "
        "sys.exit(any(name in sys.modules for name in ('scipy.stats', 'statsmodels', 'linearmodels')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
