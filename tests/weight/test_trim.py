"""Trimming: large weights cut off."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.errors import DataError, StudyError
from innosurvey.weight import parse_weights
from innosurvey.weight.spec import TrimSpec
from innosurvey.weight.trim import caps_of, trimmed
from tests.weight.make import make_frame, weigh_frame, weigh_given

ONE = np.zeros(5, dtype=int)
WEIGHTS = np.array([1.0, 1.0, 1.0, 1.0, 20.0])


def test_a_weight_above_the_cap_is_cut_and_the_others_take_the_rest():
    # Cap 5 · 1; the 15 that are cut are shared by the four others: 1 + 15/4 each.
    spec = TrimSpec(above=5)
    assert trimmed(WEIGHTS, caps_of(WEIGHTS, ONE, spec), ONE, spec).tolist() == pytest.approx([4.75] * 4 + [5])


def test_without_redistribution_the_sum_shrinks():
    spec = TrimSpec(above=5, redistribute=False)
    assert trimmed(WEIGHTS, caps_of(WEIGHTS, ONE, spec), ONE, spec).tolist() == [1, 1, 1, 1, 5]


def test_redistribution_does_not_lift_others_above_the_cap():
    spec = TrimSpec(above=2)
    weights = np.array([1.0, 1.0, 1.9, 1.0, 3.0])
    found = trimmed(weights, caps_of(weights, ONE, spec), ONE, spec)
    assert found.max() <= 2
    assert found.sum() == pytest.approx(weights.sum())


def test_the_mean_of_the_stratum_can_be_the_measure():
    spec = TrimSpec(above=2, of="mean", by="stratum")
    assert caps_of(WEIGHTS, np.array([0, 0, 0, 1, 1]), spec).tolist() == [2, 2, 2, 21, 21]


# Stratum b has weight 10 at first (10 firms, one drawn), a has 2: with the cap 3 · 2 it is cut to 6.
ROWS = [("a", True, "complete", "x" if number < 6 else "y") for number in range(10)]
ROWS += [("a", False, None, "x")] * 10 + [("b", True, "complete", "x")] + [("b", False, None, "y")] * 9
FRAME = make_frame(ROWS, ["gu"])


def test_trimming_and_calibration_go_on_until_both_hold():
    entry = {"trim": {"above": 3}, "calibrate": {"method": "raking", "margins": {"gu": {"by": ["gu"]}}}}
    result = weigh_frame(FRAME, entry)
    design = result.design
    assert design["weight_final"].max() <= 6 * (1 + 1e-9)
    assert result.calibration["difference"].abs().max() == 0
    factors = ["weight_design", "factor_response", "factor_calibration", "factor_trimming"]
    assert design[factors].prod(axis=1).to_list() == pytest.approx(design["weight_final"].to_list())
    assert result.weighting.set_index("step").loc["trimming", "changed"] == 1


# One firm of twelve is heavy, and the totals pull at the others.
HEAVY = pd.DataFrame(
    {
        "group": list("aaaabbbbcccc"),
        "employees": [1.0, 2, 3, 30] * 3,
        "weight_design": [1.0, 2, 3, 4] * 2 + [1, 2, 3, 40],
    }
)
STAFF = {"margins": {"firms": {"by": ["group"]}, "staff": {"of": "employees"}}}
TOTALS = [("firms", "a", 10), ("firms", "b", 12), ("firms", "c", 30), ("staff", "", 900)]


def test_the_bounds_hold_for_what_calibration_does_in_all_after_several_rounds_of_trimming():
    bounds = [0.2, 1.8]
    trim = {"above": 5}
    design = weigh_given(HEAVY, {**STAFF, "method": "linear", "bounds": bounds}, TOTALS, trim=trim).design
    assert (design["factor_trimming"] < 1).any()
    assert design["factor_calibration"].between(0.2 - 1e-12, 1.8 + 1e-12).all()


def test_a_weight_that_a_total_needs_stays_above_its_cap_and_is_counted():
    rows = [("a", True, "complete")] * 3 + [("a", False, None)] * 3 + [("b", True, "complete")]
    frame = make_frame(rows + [("b", False, None)] * 50)
    calibrate = {"method": "raking", "margins": {"stratum": {"by": ["stratum_id"]}}}
    result = weigh_frame(frame, {"trim": {"above": 3}, "calibrate": calibrate})
    assert result.design["weight_final"].to_list() == pytest.approx([2, 2, 2, 51])
    assert result.weighting.set_index("step").loc["trimming", "note"] == "1 firms left above the cap"


def test_totals_out_of_reach_after_trimming_name_trimming_among_the_remedies():
    # cut to twice the median, 5, four firms stand for 20 at most, and for 30 within the bounds, but not for 46
    calibrate = {"method": "linear", "bounds": [0.5, 1.5], "margins": {"firms": {"by": ["group"]}}}
    totals = [*TOTALS[:2], ("firms", "c", 46)]
    assert weigh_given(HEAVY, calibrate, totals).calibration["difference"].abs().max() == 0
    with pytest.raises(DataError, match=r"Widen `bounds:`, trim less \(`trim:`\)"):
        weigh_given(HEAVY, calibrate, totals, trim={"above": 2})


def test_totals_hold_after_trimming():
    found = weigh_given(HEAVY, {**STAFF, "method": "raking"}, TOTALS, trim={"above": 5}).calibration
    assert (found["calibrated"] / found["target"] - 1).abs().max() < 1e-9


def test_nothing_is_trimmed_where_nothing_is_large():
    result = weigh_frame(FRAME, {"trim": {"above": 50}})
    assert (result.design["factor_trimming"] == 1).all()


@pytest.mark.parametrize(("entry", "words"), [({"above": 1}, "multiple above 1"), ({"above": 3, "of": "mode"}, "mode")])
def test_a_mistake_in_the_declaration_is_named(entry, words):
    with pytest.raises(StudyError, match=words):
        parse_weights({"method": "frame", "trim": entry})


def test_steps_tell_the_loss_by_unequal_weights():
    table = weigh_frame(FRAME, {"trim": {"above": 3}}).weighting.set_index("step")
    weights = pd.Series([2.0] * 10 + [10.0])
    assert table.loc["design", "deff"] == pytest.approx(11 * (weights**2).sum() / weights.sum() ** 2)
    assert table.loc["trimming", "deff"] < table.loc["design", "deff"]
