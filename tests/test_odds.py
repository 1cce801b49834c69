"""The penalised odds ratio of two groups."""

import numpy as np
import pytest

from innosurvey.odds import firth_log_odds


def test_the_estimate_is_that_of_the_table_with_half_a_firm_more_in_each_cell():
    found = firth_log_odds(((2, 70), (280, 1551)), 0.95)
    assert found.estimate == pytest.approx(np.log(2.5 * 1551.5 / (70.5 * 280.5)))


def test_a_group_in_which_nobody_says_yes_has_a_finite_estimate_and_interval():
    found = firth_log_odds(((0, 12), (9, 30)), 0.95)
    assert found.lower < found.estimate < found.upper < 0.5
    assert np.isfinite([found.lower, found.upper]).all()


def test_turning_groups_round_turns_the_sign():
    one, other = firth_log_odds(((3, 17), (20, 40)), 0.9), firth_log_odds(((20, 40), (3, 17)), 0.9)
    assert (one.estimate, one.lower) == pytest.approx((-other.estimate, -other.upper), abs=1e-9)


def test_the_interval_leaves_out_zero_where_fisher_rejects_clearly():
    assert firth_log_odds(((2, 70), (280, 1551)), 0.95).upper < 0
