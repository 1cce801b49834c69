"""Rubin's rules, by hand."""

import numpy as np
import pytest

from innosurvey.rubin import barnard_rubin, combine


def test_three_imputations_by_hand():
    # Q = 10, 12, 14 and U = 4, 5, 6: mean 12, within 5, between 4, T = 5 + 4/3 · 4 = 31/3, λ = (16/3) / (31/3) = 16/31.
    found = combine([10, 12, 14], [4, 5, 6], 20)
    of_draws = 2 / (16 / 31) ** 2
    observed = 21 / 23 * 20 * (15 / 31)
    freedom = of_draws * observed / (of_draws + observed)
    increase = (16 / 3) / 5
    assert found.estimate == 12
    assert found.se == pytest.approx(np.sqrt(31 / 3))
    assert found.df == pytest.approx(freedom)
    assert found.fmi == pytest.approx((increase + 2 / (freedom + 3)) / (increase + 1))


def test_without_a_limit_to_the_sample_the_degrees_of_freedom_are_rubins():
    # Rubin (1987), 3.1.6: (M - 1) (1 + 1/r)², r the relative increase of the variance.
    assert combine([10, 12, 14], [4, 5, 6], np.inf).df == pytest.approx(2 * (1 + 15 / 16) ** 2)


def test_the_degrees_of_freedom_never_exceed_those_of_the_complete_survey():
    for share in np.linspace(0.001, 0.999, 50):
        for complete in (3, 30, 300):
            assert barnard_rubin(float(share), 5, complete) < complete


def test_imputations_that_agree_give_back_the_single_survey():
    found = combine([7.0, 7.0], [4.0, 4.0], 11)
    assert (found.estimate, found.se, found.df, found.fmi) == (7.0, 2.0, 11.0, 0.0)


def test_where_only_the_imputations_vary_all_information_is_missing():
    assert combine([1.0, 2.0], [0.0, 0.0], 10).fmi == 1.0


def test_where_only_the_imputations_vary_their_number_alone_limits_the_degrees_of_freedom():
    assert combine([1.0, 2.0, 4.0], [0.0, 0.0, 0.0], 10).df == 2


def test_a_single_imputation_cannot_be_combined():
    with pytest.raises(ValueError, match="two imputations or more"):
        combine([1.0], [1.0], 5)
