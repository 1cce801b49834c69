"""Matching: neighbours that can be seen with the eye, and effects added up by hand."""

import numpy as np
import pytest

from innosurvey.models.kernels.matching import Search, Units, mahalanobis_points, matching_effect, nearest
from tests.models.treatment_cases import Made

# Sums in another order.
ROUNDING = {"rtol": 1e-10, "atol": 1e-12}


def on_a_line(positions, **declared):
    points = np.array(positions, dtype=float)[:, None]
    return Search(points=points, cells=declared.pop("cells", np.zeros(len(points), dtype=int)), **declared)


def units(outcome, treated, positions):
    columns = np.column_stack([np.ones(len(outcome)), positions])
    return Units(
        outcome=np.array(outcome, dtype=float),
        treated=np.array(treated) == 1,
        weights=np.ones(len(outcome)),
        columns=columns,
    )


def matches(search, seekers, sought):
    shares = nearest(search, np.array(seekers) == 1, np.array(sought) == 1).toarray()
    return [{int(column): float(row[column]) for column in np.flatnonzero(row)} for row in shares]


def test_the_nearest_is_found():
    assert matches(on_a_line([0, 1, 5, 6.5]), [1, 0, 1, 0], [0, 1, 0, 1]) == [{1: 1.0}, {}, {3: 1.0}, {}]


def test_all_that_are_equally_near_share_the_match():
    assert matches(on_a_line([0, 1, -1, 2]), [1, 0, 0, 0], [0, 1, 1, 1])[0] == {1: 0.5, 2: 0.5}


def test_several_neighbours_have_equal_shares():
    assert matches(on_a_line([0, 1, 2, 9], neighbours=2), [1, 0, 0, 0], [0, 1, 1, 1])[0] == {1: 0.5, 2: 0.5}


def test_nobody_beyond_the_caliper_is_taken():
    found = matches(on_a_line([0, 1, 10], caliper=2.0), [1, 0, 1], [0, 1, 0])
    assert found == [{1: 1.0}, {}, {}]


def test_an_exact_match_is_sought_within_the_cell_alone():
    cells = np.array([0, 1, 0, 1])
    assert matches(on_a_line([0, 0.1, 5, 1], cells=cells), [1, 0, 0, 1], [0, 1, 1, 0])[0] == {2: 1.0}


def test_a_cell_without_anybody_else_leaves_no_match():
    assert matches(on_a_line([0, 1], cells=np.array([0, 1])), [1, 0], [0, 1])[0] == {}


def test_no_unit_is_its_own_neighbour_though_others_may_stand_where_it_does():
    assert matches(on_a_line([0, 0, 3]), [1, 1, 1], [1, 1, 1]) == [{1: 1.0}, {0: 1.0}, {0: 0.5, 1: 0.5}]


def test_points_by_mahalanobis_have_no_correlation_and_unit_variance():
    points = mahalanobis_points(np.random.default_rng(2).normal(size=(50, 3)) @ [[1, 2, 0], [0, 5, 1], [0, 0, 0.1]])
    np.testing.assert_allclose(np.cov(points, rowvar=False), np.eye(3), atol=1e-10)


def test_the_effect_on_the_treated_is_added_up_by_hand():
    """Treated at 0 and 4 with outcomes 5 and 9; controls at 1, 3 and 9 with 2, 4 and 7: (5 - 2 + 9 - 4) / 2 = 4."""
    found = matching_effect(
        units([5, 9, 2, 4, 7], [1, 1, 0, 0, 0], [0, 4, 1, 3, 9]), on_a_line([0, 4, 1, 3, 9]), "att", False
    )
    assert found.effect == pytest.approx(4)
    assert found.weights.tolist() == [1, 1, 1, 1, 0]


def test_the_effect_on_all_matches_the_controls_as_well():
    """As before, and the controls at 1, 3, 9 with those at 0, 4, 4: (5 - 2, 9 - 4, 5 - 2, 9 - 4, 9 - 7), mean 3.6."""
    found = matching_effect(
        units([5, 9, 2, 4, 7], [1, 1, 0, 0, 0], [0, 4, 1, 3, 9]), on_a_line([0, 4, 1, 3, 9]), "ate", False
    )
    assert found.effect == pytest.approx(3.6)


def test_the_bias_is_what_the_controls_line_says_of_the_distance():
    """The matched controls (1, 2) and (3, 4) lie on the line 1 + x: at 0 and 4 it says 1 and 5, so 5 - 1 and 9 - 5."""
    found = matching_effect(
        units([5, 9, 2, 4, 7], [1, 1, 0, 0, 0], [0, 4, 1, 3, 9]), on_a_line([0, 4, 1, 3, 9]), "att", True
    )
    assert found.effect == pytest.approx(4.0)
    moved = matching_effect(
        units([5, 11, 2, 4, 7], [1, 1, 0, 0, 0], [0, 6, 1, 3, 99]), on_a_line([0, 6, 1, 3, 99]), "att", True
    )
    assert moved.effect == pytest.approx(((5 - 1) + (11 - 7)) / 2)


def test_the_variance_counts_a_control_that_is_used_twice():
    """Both treated (5, 6) take the control with 2; the other two controls stand aside. Deviations ±0.5; the control is
    used K = 2 times, K² - K' = 4 - 2 = 2, and its variance with both others (2, 1, 3) is 1: (0.5 + 2) / 2²."""
    found = matching_effect(
        units([5, 6, 2, 1, 3], [1, 1, 0, 0, 0], [0, 0.1, 0.05, 8, 9]), on_a_line([0, 0.1, 0.05, 8, 9]), "att", False
    )
    assert found.variance == pytest.approx((0.5 + 2) / 4)


@pytest.mark.parametrize("effect", ["att", "ate"])
def test_the_order_of_rows_does_not_matter_even_with_ties(effect):
    made = Made(n=300)
    coarse = np.round(made.columns[:, 1:])
    order = np.random.default_rng(1).permutation(made.n)

    def estimate(rows):
        compared = Units(
            outcome=made.outcome[rows],
            treated=made.treated[rows],
            weights=made.weights[rows],
            columns=made.columns[rows],
        )
        search = Search(points=mahalanobis_points(coarse[rows]), cells=np.zeros(made.n, dtype=int), neighbours=2)
        found = matching_effect(compared, search, effect, True)
        return found.effect, found.variance, found.weights[np.argsort(rows)]

    for one, other in zip(estimate(np.arange(made.n)), estimate(order), strict=True):
        np.testing.assert_allclose(one, other, **ROUNDING)


@pytest.mark.parametrize("adjusted", [False, True])
@pytest.mark.parametrize("effect", ["att", "ate"])
def test_scores_sum_to_zero(effect, adjusted):
    made = Made()
    compared = Units(outcome=made.outcome, treated=made.treated, weights=made.weights, columns=made.columns)
    search = Search(points=mahalanobis_points(made.columns[:, 1:]), cells=np.zeros(made.n, dtype=int), neighbours=3)
    assert abs(matching_effect(compared, search, effect, adjusted).scores.sum()) < 1e-9


def test_the_effect_of_a_linear_outcome_is_exact_after_adjustment():
    made = Made()
    outcome = made.columns @ [3, -1, 2, 0.5] + 2 * made.treated
    compared = Units(outcome=outcome, treated=made.treated, weights=made.weights, columns=made.columns)
    search = Search(points=mahalanobis_points(made.columns[:, 1:]), cells=np.zeros(made.n, dtype=int))
    assert matching_effect(compared, search, "att", True).effect == pytest.approx(2, abs=1e-9)
    assert abs(matching_effect(compared, search, "att", False).effect - 2) > 0.01
