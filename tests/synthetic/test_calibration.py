import numpy as np
import pytest

from innosurvey.synthetic.calibration import adopted, graded, intercept_for_share, scored, solve, whole_shares


def test_the_intercept_puts_the_share_above_zero():
    latent = np.arange(10.0)
    assert (latent + intercept_for_share(latent, 0.3) > 0).sum() == 3


def test_each_group_gets_its_own_share():
    latent, groups = np.tile(np.arange(10.0), 2), np.repeat([0, 1], 10)
    done, _ = adopted(latent, groups, [0.5, 0.2])
    assert [done[groups == 0].sum(), done[groups == 1].sum()] == [5, 2]


def test_grades_take_their_shares_from_the_lowest_value_up():
    assert graded(np.arange(10.0), [0.2, 0.5, 0.3]).tolist() == [0, 0, 1, 1, 1, 1, 1, 2, 2, 2]


def test_the_top_score_has_the_declared_share():
    assert (scored(np.linspace(-3, 3, 1000), 0.25) == 3).mean() == pytest.approx(0.25, abs=0.001)


def test_solving_meets_the_target_of_a_rising_function():
    assert solve(lambda number: number**3, 8.0, 0.0, 10.0) == pytest.approx(2.0)


def test_whole_shares_sum_to_a_hundred_and_keep_to_the_weights():
    # a third each: 33.33 x 3, and the first gets the point that is left
    assert whole_shares(np.array([[1.0, 1.0, 1.0], [0.0, 1.0, 3.0]])).tolist() == [[34, 33, 33], [0, 25, 75]]
