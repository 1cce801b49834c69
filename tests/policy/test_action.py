from itertools import product
from typing import get_args

import pytest

from innosurvey.policy.action import (
    CALLS,
    Association,
    Estimate,
    Need,
    Reach,
    action_of,
    association_is,
    need_is,
    reach_is,
)


@pytest.mark.parametrize(("lower", "said"), [(20.1, "clear"), (20.0, "clear"), (19.9, "not clear")])
def test_a_need_is_clear_from_the_threshold_of_its_lower_limit_on(lower, said):
    assert need_is(Estimate(value=30.0, lower=lower), 20) == said


@pytest.mark.parametrize(("upper", "said"), [(9.9, "low"), (10.0, "not low"), (10.1, "not low")])
def test_reach_is_low_where_its_upper_limit_stays_below_the_threshold(upper, said):
    assert reach_is(Estimate(value=5.0, upper=upper), 10) == said


@pytest.mark.parametrize(
    ("value", "p_adjusted", "said"),
    [(2.0, 0.049, "positive"), (-2.0, 0.049, "negative"), (2.0, 0.05, "open"), (0.0, 0.001, "open")],
)
def test_an_association_is_clear_below_the_level_of_significance(value, p_adjusted, said):
    assert association_is(Estimate(value=value, p_adjusted=p_adjusted), 0.05) == said


def test_what_has_no_estimate_is_unknown():
    nothing = Estimate(reason="fewer than 10 firms")
    said = (need_is(nothing, 20), reach_is(nothing, 10), association_is(nothing, 0.05))
    assert said == ("unknown", "unknown", "unknown")


def test_a_difference_without_a_test_is_unknown():
    assert association_is(Estimate(value=2.0), 0.05) == "unknown"


def test_what_the_questionnaire_does_not_ask_is_not_asked():
    assert (reach_is(None, 10), association_is(None, 0.05)) == ("not asked", "not asked")


@pytest.mark.parametrize(
    ("need", "reach", "association", "action"),
    [
        ("clear", "low", "positive", "extend"),
        ("clear", "low", "open", "pilot"),
        ("clear", "low", "negative", "reconsider"),
        ("clear", "not low", "positive", "keep"),
        ("clear", "not low", "open", "keep"),
        ("clear", "not low", "negative", "reconsider"),
        ("clear", "not asked", "not asked", "collect evidence"),
        ("clear", "unknown", "positive", "collect evidence"),
        ("clear", "low", "unknown", "collect evidence"),
        ("not clear", "low", "positive", "no priority"),
        ("unknown", "low", "positive", "no statement"),
    ],
)
def test_an_action_follows_from_need_reach_and_association(need, reach, association, action):
    assert action_of(need, reach, association) == action


@pytest.mark.parametrize("cell", product(get_args(Need), get_args(Reach), get_args(Association)))
def test_only_a_clear_need_calls_for_anything(cell):
    assert (action_of(*cell) in CALLS) == (cell[0] == "clear")
