"""Tests of many estimates together: the draws against fitting again, and size and power where the truth is known."""

import numpy as np
import pytest

from innosurvey.models.joint_tests import Drawing, Together, null_draws, specification_tests


def regressions(seed, effect=0.0, clusters=60, rows=4):
    """Return the influences (clusters × 3) on one slope in three specifications, the slopes, and the pieces."""
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), rows)
    shared = random.normal(size=clusters)[cluster]
    columns = random.normal(size=(len(cluster), 3)) + 0.5 * random.normal(size=(clusters, 3))[cluster]
    outcome = effect * columns[:, 0] + columns[:, 1] + shared + random.normal(size=len(cluster))
    influences, slopes, fits = [], [], []
    for others in ([], [1], [1, 2]):
        design = columns[:, [0, *others]]
        params = np.linalg.lstsq(design, outcome, rcond=None)[0]
        residuals = outcome - design @ params
        scores = design @ np.linalg.inv(design.T @ design)[0] * residuals
        influences.append(np.bincount(cluster, weights=scores))
        slopes.append(params[0])
        fits.append((design, residuals))
    return np.column_stack(influences), np.array(slopes), (cluster, fits)


def together(seed, effect=0.0, draws=199):
    influences, slopes, _ = regressions(seed, effect)
    errors = np.sqrt((influences**2).sum(axis=0))
    drawn = null_draws(influences, Drawing(draws=draws, seed=seed))
    return Together(estimates=slopes, errors=errors, df=np.full(3, 59.0), drawn=drawn)


def test_a_draw_is_the_slopes_of_residuals_with_signs_by_cluster():
    influences, _, (cluster, fits) = regressions(3)
    drawn = null_draws(influences, Drawing(draws=20, seed=7))
    signs = np.random.default_rng(7).integers(0, 2, size=(20, len(influences))) * 2.0 - 1
    for column, (design, residuals) in enumerate(fits):
        again = [np.linalg.lstsq(design, sign[cluster] * residuals, rcond=None)[0][0] for sign in signs]
        np.testing.assert_allclose(drawn[:, column], again, atol=1e-12)  # rounding


def test_draws_have_the_variance_of_clustered_errors():
    influences, _, _ = regressions(4)
    drawn = null_draws(influences, Drawing(draws=20_000, seed=1))
    # The standard deviation of 20,000 draws varies by a half per cent.
    np.testing.assert_allclose(drawn.std(axis=0), np.sqrt((influences**2).sum(axis=0)), rtol=0.02)


def test_a_seed_gives_the_same_draws():
    influences, _, _ = regressions(4)
    first, second = (null_draws(influences, Drawing(draws=9, seed=5)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, null_draws(influences, Drawing(draws=9, seed=6)))


def test_three_estimates_and_four_draws_by_hand():
    found = specification_tests(
        Together(
            estimates=np.array([2.0, 3.0, -1.0]),
            errors=np.ones(3),
            df=np.full(3, np.inf),  # 1.96
            drawn=np.array([[0.0, 0.0, 0.0], [2.5, 2.5, 2.5], [-2.0, -3.0, 0.0], [1.0, -3.0, 1.0]]),
        )
    )
    # Medians 0, 2.5, -2 and 1 against 2: two of four. Significant in the direction of most: 0, 3, 2 and 0 of three
    # against two: two. Mean t of 4/3 against 0, 2.5, 5/3 and 1/3: two.
    assert [test.statistic for test in found] == pytest.approx([2.0, 2 / 3, 4 / 3])
    assert [test.p for test in found] == pytest.approx([3 / 5] * 3)


def test_without_an_effect_a_curve_is_significant_as_often_as_declared():
    p = np.array([[test.p for test in specification_tests(together(seed))] for seed in range(500)])
    # Five per cent of 500 with a standard deviation of one point; 60 clusters add about one.
    assert np.all(np.abs((p <= 0.05).mean(axis=0) - 0.05) < 0.03)


def test_an_effect_in_all_specifications_is_found():
    p = [test.p for test in specification_tests(together(1, effect=0.6))]
    assert max(p) < 0.05
