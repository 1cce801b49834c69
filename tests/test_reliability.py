"""Verdicts on estimates, and those that must not be silly."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.describe import describe_all
from innosurvey.design import DesignRules, parse_design_rules
from innosurvey.design_rules import ReliabilityRules
from innosurvey.errors import StudyError
from innosurvey.reliability import reliability
from tests.made_slices import MadeCohort, make_item, make_slice

RULES = ReliabilityRules()


def verdict_on_share(yes: int, firms: int) -> str:
    """Return the verdict on a share of a simple random sample."""
    answers = pd.array([True] * yes + [False] * (firms - yes), dtype="boolean")
    return described(make_slice(y=answers), statistic="share")["reliability"]


def described(firms: pd.DataFrame, **item: object) -> pd.Series:
    return describe_all([make_item(**item)], firms, MadeCohort(), DesignRules()).iloc[0]


@pytest.mark.parametrize(
    ("cv", "verdict"),
    [(16.5, "good"), (16.6, "use with caution"), (33.3, "use with caution"), (33.4, "unreliable")],
)
def test_an_amount_is_judged_by_its_coefficient_of_variation(cv, verdict):
    assert reliability(False, (cv, 0, 0), 100.0, RULES) == verdict


def test_a_share_near_zero_is_good_when_it_is_known_to_a_point():
    # 4 of 1,000: a coefficient of variation of 50 percent, and an interval from 0.1 to 1.1 percent
    assert verdict_on_share(4, 1000) == "good"


@pytest.mark.parametrize("yes", [0, 3, 5, 12, 50, 80])
@pytest.mark.parametrize("firms", [100, 400])
def test_a_share_and_its_complement_have_one_verdict(yes, firms):
    assert verdict_on_share(yes, firms) == verdict_on_share(firms - yes, firms)


def test_a_half_is_unreliable_among_a_few_firms_and_good_among_many():
    assert [verdict_on_share(n // 2, n) for n in (20, 60, 400)] == ["unreliable", "use with caution", "good"]


def test_nobody_of_few_firms_is_not_taken_for_certain():
    assert [verdict_on_share(0, n) for n in (8, 20, 200)] == ["unreliable", "use with caution", "good"]


def test_a_rare_answer_with_an_interval_wide_beside_it_is_to_be_used_with_caution():
    # 2 of 60: about 3 percent, from 1 to 12; that few firms say yes is known, how few is not
    assert verdict_on_share(2, 60) == "use with caution"


def test_a_mean_near_zero_of_a_variable_with_both_signs_is_measured_by_its_typical_size():
    # growth of ±10 points, known to 0.5: the mean 0.1 has a coefficient of variation of hundreds of percent
    growth = np.tile([10.1, -9.9], 200)
    row = described(make_slice(y=growth))
    assert row["cv"] > 100
    assert row["reliability"] == "good"


def test_a_total_of_nothing_without_error_is_good():
    assert described(make_slice(y=[0.0] * 5), statistic="total")["reliability"] == "good"


def test_what_is_not_estimated_has_no_verdict():
    assert pd.isna(described(make_slice(y=[1.0]))["reliability"])


def test_the_bounds_are_the_studys_to_set():
    rules = parse_design_rules({"reliability": {"caution": 10, "unreliable": 20}}).reliability
    assert reliability(False, (15.0, 0, 0), 100.0, rules) == "use with caution"


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({"cauton": 10}, r"design\.reliability: unknown key `cauton`\. Did you mean caution\?"),
        ({"caution": 40}, r"design\.reliability: caution 40, unreliable 33\.3 are out of order"),
        ({"caution": "low"}, r"design\.reliability\.caution is 'low'.\nGive a number, such as 16\.5"),
    ],
)
def test_faulty_bounds_are_refused_with_their_name(bounds, message):
    with pytest.raises(StudyError, match=message):
        parse_design_rules({"reliability": bounds})
