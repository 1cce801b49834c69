"""P-values that hold together, by hand and by brute force."""

import numpy as np
import pytest

from innosurvey.multiplicity import romano_wolf


def step_by_step(statistics, drawn):
    """Return Romano and Wolf's p-values as their paper describes them, one hypothesis after the other."""
    left = sorted(range(len(statistics)), key=lambda index: -abs(statistics[index]))
    adjusted, highest = {}, 0.0
    while left:
        first = left[0]
        exceeding = sum(max(abs(draw[index]) for index in left) >= abs(statistics[first]) for draw in drawn)
        highest = max(highest, (1 + exceeding) / (1 + len(drawn)))
        adjusted[first] = highest
        left.pop(0)
    return [adjusted[index] for index in range(len(statistics))]


def test_two_hypotheses_and_three_draws_by_hand():
    drawn = np.array([[0.1, 2.5], [3.5, 0.2], [0.3, 0.4]])
    # As large as 3.0 is the largest of one draw: (1 + 1) / 4. Then 0.3 stands alone: 3.5 and 0.3 reach it, (1 + 2) / 4.
    np.testing.assert_allclose(romano_wolf(np.array([0.3, -3.0]), drawn), [0.75, 0.5])


@pytest.mark.parametrize("seed", range(5))
def test_all_at_once_is_one_after_the_other(seed):
    random = np.random.default_rng(seed)
    drawn = random.normal(size=(200, 8)) @ random.normal(size=(8, 8))
    statistics = 3 * random.normal(size=8)
    np.testing.assert_allclose(romano_wolf(statistics, drawn), step_by_step(statistics, drawn))


def test_one_hypothesis_asked_many_times_is_not_punished():
    draws = np.random.default_rng(1).normal(size=999)
    alone = romano_wolf(np.array([2.2]), draws[:, None])
    np.testing.assert_allclose(romano_wolf(np.full(5, 2.2), np.column_stack([draws] * 5)), np.repeat(alone, 5))


def test_any_false_rejection_is_as_rare_as_declared():
    random = np.random.default_rng(2)
    mixing = np.linalg.cholesky(0.5 * np.eye(6) + 0.5)
    rejected = [
        romano_wolf(mixing @ random.normal(size=6), (mixing @ random.normal(size=(6, 199))).T).min() <= 0.05
        for _ in range(1000)
    ]
    # Binomial: 5 % of 1,000 with a standard deviation of 0.7 points.
    assert abs(np.mean(rejected) - 0.05) < 0.021
