import numpy as np
import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.synthetic.truth import Streams, load_truth


def test_an_unknown_scenario_is_refused_with_the_near_name():
    with pytest.raises(StudyError, match="Did you mean claimed"):
        load_truth("claimd")


def test_the_reversed_scenario_turns_effects_round_and_leaves_controls():
    claimed, turned = load_truth("claimed").equation("product"), load_truth("reversed").equation("product")
    assert turned.coefficients["research"] == -claimed.coefficients["research"]
    assert turned.coefficients["high_tech"] == claimed.coefficients["high_tech"]


def test_the_null_scenario_has_neither_effects_nor_controls_of_adoption():
    coefficients = load_truth("null").equation("product").coefficients
    assert set(coefficients.values()) == {0.0}


def test_the_null_scenario_keeps_the_instruments():
    assert load_truth("null").equation("intensity").coefficients["tertiary"] > 0


def test_an_index_is_the_sum_of_coefficient_times_column():
    columns = pd.DataFrame({name: [1.0, 0.0] for name in ("research", "support", "high_tech", "log_employees")})
    coefficients = load_truth("claimed").equation("product").coefficients
    assert load_truth("claimed").equation("product").index(columns) == pytest.approx([sum(coefficients.values()), 0.0])


def test_streams_of_different_names_differ_and_of_one_name_repeat():
    streams = Streams(seed=1)
    assert np.array_equal(streams("a").random(3), streams("a").random(3))
    assert not np.array_equal(streams("a").random(3), streams("b").random(3))
