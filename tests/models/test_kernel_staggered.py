"""Staggered adoption: changes worked out by hand, a known effect, and how groups are averaged."""

import numpy as np
import pytest

from innosurvey.models.kernels import staggered
from innosurvey.models.kernels.staggered import Panel

NEVER = 3


def panel(outcome, first, weights=None):
    outcome = np.array(outcome, dtype=float)
    ones = np.ones((*outcome.shape, 1))
    weights = np.ones(len(outcome)) if weights is None else weights
    return Panel(outcome=outcome, covariates=ones, weights=weights, first=np.array(first))


def three_groups():
    """Five units each: first treated in period 1 (+2, then +5), in period 2 (+3), never. All rise by 1 a period; a unit
    stands at its number.
    """
    base = np.arange(15.0)[:, None] + np.array([0, 1, 2])
    base[:5] += [0, 2, 5]
    base[5:10] += [0, 0, 3]
    return panel(base, np.repeat([1, 2, NEVER], 5))


def sizes(cells):
    return {(cell.first, cell.period): cell.effect.size for cell in cells}


@pytest.mark.parametrize("compare_with", ["never", "not_yet"])
def test_each_group_is_compared_with_its_own_past_and_the_untreated(compare_with):
    cells, missing = staggered.group_time_effects(three_groups(), compare_with)
    assert missing == []
    assert sizes(cells) == pytest.approx({(1, 1): 2, (1, 2): 5, (2, 1): 0, (2, 2): 3}, abs=1e-12)


def test_units_not_yet_treated_serve_as_controls_until_they_are():
    made = three_groups()
    made.outcome[5:10, 1] += 6  # the later group, and it alone, rises in period 1
    not_yet, never = (sizes(staggered.group_time_effects(made, kind)[0]) for kind in ("not_yet", "never"))
    assert never[1, 1] == pytest.approx(2)
    assert not_yet[1, 1] == pytest.approx(2 - 6 / 2)
    assert not_yet[1, 2] == pytest.approx(never[1, 2])


def test_a_change_before_treatment_is_found():
    made = three_groups()
    made.outcome[5:10, 1] += [5, 6, 7, 6, 6]
    cells, _ = staggered.group_time_effects(made, "never")
    statistic, df = staggered.no_effect_before(cells)
    assert sizes(cells)[2, 1] == pytest.approx(6)
    assert df == 1
    assert statistic > 100


def test_a_difference_of_means_has_the_robust_variance():
    """Changes 1, 2, 3, 4, 5 of the treated, 0, 0, 1, 1, 3 of the controls: 10 / 25 + 6 / 25."""
    made = panel([[0, change] for change in (1, 2, 3, 4, 5, 0, 0, 1, 1, 3)], [1] * 5 + [2] * 5)
    effect = staggered.group_time_effects(made, "never")[0][0].effect
    assert effect.size == pytest.approx(2)
    assert effect.influence @ effect.influence == pytest.approx(10 / 25 + 6 / 25)


def test_each_treated_unit_counts_once_in_the_average_over_groups():
    cells, _ = staggered.group_time_effects(three_groups(), "never")
    assert staggered.average_over_groups(cells, three_groups()).size == pytest.approx(((2 + 5) / 2 + 3) / 2)


def test_effects_are_averaged_by_time_since_treatment():
    cells, _ = staggered.group_time_effects(three_groups(), "never")
    averages = staggered.average_by_time_since(cells, three_groups())
    assert {since: effect.size for since, effect in averages.items()} == pytest.approx({-1: 0, 0: 2.5, 1: 5}, abs=1e-12)


def test_larger_groups_weigh_more():
    made = three_groups()
    heavy = panel(made.outcome, made.first, np.repeat([3.0, 1.0, 1.0], 5))
    cells, _ = staggered.group_time_effects(heavy, "never")
    assert staggered.average_over_groups(cells, heavy).size == pytest.approx((3 * 3.5 + 3) / 4)


def test_units_not_seen_in_both_periods_take_no_part():
    made = three_groups()
    made.outcome[0, 1] = np.nan
    made.outcome[14] = [np.nan, 99, 100]
    cells, missing = staggered.group_time_effects(made, "never")
    assert {(gap.first, gap.period): gap.reason for gap in missing} == {
        (1, 1): "fewer than 5 firms on a side",
        (1, 2): "fewer than 5 firms on a side",
        (2, 1): "fewer than 5 firms on a side",
    }
    assert sizes(cells)[2, 2] == pytest.approx(3)


def trending(units=4000, seed=1):
    """Units whose trend rises with a covariate that also makes treatment likely; the effect is 1 at once, 2 later."""
    random = np.random.default_rng(seed)
    covariate = random.normal(size=units)
    likely = random.random(units) < 1 / (1 + np.exp(-covariate))
    first = np.where(likely, random.integers(1, 3, units), NEVER)
    time = np.arange(3)
    effect = np.where(time >= first[:, None], 1 + (time - first[:, None]), 0)
    outcome = random.normal(size=(units, 1)) + covariate[:, None] * time + effect + random.normal(size=(units, 3))
    columns = np.stack([np.ones((units, 3)), np.repeat(covariate[:, None], 3, axis=1)], axis=2)
    return Panel(outcome=outcome, covariates=columns, weights=np.ones(units), first=first)


def test_covariates_take_away_trends_that_are_not_treatments():
    made = trending()
    without = Panel(outcome=made.outcome, covariates=made.covariates[:, :, :1], weights=made.weights, first=made.first)
    for compared, right in ((made, True), (without, False)):
        cells, _ = staggered.group_time_effects(compared, "never")
        averages = staggered.average_by_time_since(cells, compared)
        for since, truth in ((-1, 0), (0, 1), (1, 2)):
            effect = averages[since]
            off = abs(effect.size - truth) / np.sqrt(effect.influence @ effect.influence)
            assert off < 4 if right else off > 8, (since, off)  # a trend of about 0.8 a period, errors of about 0.06


def test_a_covariate_that_does_not_vary_among_the_untreated_is_left_out():
    made = trending(units=600)
    never = made.first == NEVER
    only_treated = np.where(never, 0.0, np.arange(600) % 2)[:, None, None] * np.ones((600, 3, 1))
    more = Panel(
        outcome=made.outcome,
        covariates=np.concatenate([made.covariates, only_treated, only_treated], axis=2),
        weights=made.weights,
        first=made.first,
    )
    plain, with_more = (sizes(staggered.group_time_effects(panel, "never")[0]) for panel in (made, more))
    assert with_more == pytest.approx(plain)
