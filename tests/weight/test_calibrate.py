"""Calibration: the nearest weights that reproduce totals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from innosurvey.errors import DataError, StudyError
from innosurvey.weight import parse_weights
from innosurvey.weight.calibrate import calibrate
from tests.weight.make import make_frame, weigh_frame, weigh_given

METHODS = [
    {"method": "raking"},
    {"method": "linear"},
    {"method": "logit", "bounds": [0.2, 4]},
    {"method": "linear", "bounds": [0.3, 3]},
    {"method": "raking", "bounds": [0.3, 3]},
]


def made_up(seed: int) -> tuple[pd.DataFrame, list[tuple[str, str, float]], dict]:
    """A sample with two margins of firms and one of employees, and totals that weights within 0.6 and 1.6 reach."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(30, 300))
    firms = pd.DataFrame(
        {
            "group": rng.choice(["a", "b", "c"], count),
            "region": rng.choice(["n", "s"], count),
            "employees": rng.lognormal(3, 1, count).round() + 1,
            "weight_design": rng.uniform(1, 9, count),
        }
    )
    wanted = firms["weight_design"] * rng.uniform(0.6, 1.6, count)
    totals = [("firms", key, value) for key, value in wanted.groupby(firms["group"]).sum().items()]
    totals += [("regions", key, value) for key, value in wanted.groupby(firms["region"]).sum().items()]
    totals += [
        ("staff", key, value) for key, value in (wanted * firms["employees"]).groupby(firms["group"]).sum().items()
    ]
    margins = {"firms": {"by": ["group"]}, "regions": {"by": ["region"]}, "staff": {"by": ["group"], "of": "employees"}}
    return firms, totals, margins


@pytest.mark.parametrize("method", METHODS, ids=lambda method: "-".join(map(str, method.values())))
@pytest.mark.parametrize("seed", range(8))
def test_weights_reproduce_the_totals_within_their_bounds(method, seed):
    firms, totals, margins = made_up(seed)
    result = weigh_given(firms, {**method, "margins": margins}, totals)
    reached = result.calibration["calibrated"] / result.calibration["target"] - 1
    assert np.abs(reached).max() < 1e-8
    low, high = method.get("bounds", [-np.inf, np.inf])
    assert result.design["factor_calibration"].between(low - 1e-12, high + 1e-12).all()


def reachable(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Thirty firms in small cells with very unequal amounts, and totals that factors well within 0.3 and 3 reach."""
    rng = np.random.default_rng(seed)
    first, second, third = rng.integers(0, 4, 30), rng.integers(0, 4, 30), rng.integers(0, 3, 30)
    amounts = np.round(np.exp(rng.normal(2, 1.2, 30))) + 1
    cells = [first == cell for cell in range(4)] + [second == cell for cell in range(4)]
    x = np.column_stack([*cells, *[amounts * (third == cell) for cell in range(3)]]).astype(float)
    weights = rng.uniform(1, 10, 30)
    return x, weights, x.T @ (weights * np.exp(rng.normal(0, 0.45, 30)).clip(0.4, 2.6))


# In these, Newton's steps alone stop short: firms come to a bound together, or all firms of a total are at one.
@pytest.mark.parametrize("seed", [415, 438, 1278, 1708, 2175, 6062])
@pytest.mark.parametrize("method", ["raking", "linear", "logit"])
def test_totals_within_reach_are_reached_where_firms_crowd_at_the_bounds(seed, method):
    x, weights, totals = reachable(seed)
    solution = calibrate(sparse.csr_array(x), weights, totals, spec_of({"method": method, "bounds": [0.3, 3]}))
    assert solution.reached
    assert x.T @ (weights * solution.factors) == pytest.approx(totals, rel=1e-9)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6))
def test_totals_within_reach_are_always_reached(seed):
    x, weights, totals = reachable(seed)
    assume((totals > 0).all())
    spec = spec_of({"method": "raking", "bounds": [0.3, 3]})
    assert calibrate(sparse.csr_array(x), weights, totals, spec).reached


def spec_of(entry: dict):
    """The declaration as calibration reads it; its margin is not looked at here."""
    entry = {**entry, "margins": {"firms": {"by": ["group"]}}}
    return parse_weights({"method": "given", "calibrate": {**entry, "totals": "totals.csv"}}).calibrate


def test_raking_a_table_of_two_by_two_by_hand():
    # Counts 10 20 / 30 40 raked to rows 50, 50 and columns 40, 60: the odds ratio 2/3 stays, so that the first cell x
    # solves x (10 + x) 3 = 2 (50 - x) (40 - x), or x² + 210 x - 4000 = 0: x = (-210 + √60100) / 2.
    firms = pd.DataFrame(
        {"group": ["a", "a", "b", "b"], "region": ["n", "s", "n", "s"], "weight_design": [10.0, 20.0, 30.0, 40.0]}
    )
    totals = [("rows", "a", 50), ("rows", "b", 50), ("columns", "n", 40), ("columns", "s", 60)]
    margins = {"rows": {"by": ["group"]}, "columns": {"by": ["region"]}}
    weights = weigh_given(firms, {"method": "raking", "margins": margins}, totals).design["weight_final"]
    first = (-210 + 60100**0.5) / 2
    assert weights.to_list() == pytest.approx([first, 50 - first, 40 - first, 10 + first])


def test_linear_calibration_is_the_regression_estimator():
    # One x and no intercept: g = 1 + x (T - Σ d x) / Σ d x².
    firms = pd.DataFrame({"group": ["a"] * 3, "employees": [1.0, 2.0, 4.0], "weight_design": [2.0, 2.0, 5.0]})
    calibrate = {"method": "linear", "margins": {"staff": {"of": "employees"}}}
    result = weigh_given(firms, calibrate, [("staff", "", 40)])
    factors = 1 + firms["employees"] * (40 - 26) / (2 * 1 + 2 * 4 + 5 * 16)
    assert result.design["factor_calibration"].to_list() == pytest.approx(factors.to_list())


def test_margins_that_say_the_same_twice_do_no_harm():
    firms = pd.DataFrame({"group": ["a", "a", "b"], "region": ["n", "s", "n"], "weight_design": 2.0})
    totals = [("firms", "a", 5), ("firms", "b", 3), ("again", "a", 5), ("again", "b", 3), ("all", "", 8)]
    margins = {"firms": {"by": ["group"]}, "again": {"by": ["group"]}, "all": {}}
    weights = weigh_given(firms, {"method": "raking", "margins": margins}, totals).design["weight_final"]
    assert weights.to_list() == pytest.approx([2.5, 2.5, 3])


def test_totals_that_contradict_each_other_are_named_with_their_sums():
    firms = pd.DataFrame({"group": ["a", "a", "b"], "region": ["n", "s", "n"], "weight_design": 2.0})
    totals = [("rows", "a", 5), ("rows", "b", 3), ("columns", "n", 5), ("columns", "s", 4)]
    margins = {"rows": {"by": ["group"]}, "columns": {"by": ["region"]}}
    with pytest.raises(DataError, match=r"contradict[\s\S]*rows: 8 in 2 cells[\s\S]*columns: 9 in 2 cells"):
        weigh_given(firms, {"method": "raking", "margins": margins}, totals)


def test_a_total_out_of_reach_is_named_with_what_the_answers_reach():
    firms = pd.DataFrame({"group": ["a", "a", "b"], "weight_design": 2.0})
    calibrate = {"method": "logit", "bounds": [0.5, 2], "margins": {"firms": {"by": ["group"]}}}
    with pytest.raises(DataError) as caught:
        weigh_given(firms, calibrate, [("firms", "a", 10), ("firms", "b", 3)])
    assert "firms, cell a: total 10; the answers reach 2 to 8, 20.0% off" in str(caught.value)
    assert "cell b" not in str(caught.value)
    assert "Widen `bounds:`" in str(caught.value)


def test_totals_that_only_together_are_out_of_reach_are_named():
    # 28 in a and 28 in n leave 12 for b; but of a at most 15 are in n, so that 13 of n must be in b.
    firms = pd.DataFrame({"group": list("aabb"), "region": list("nsns"), "weight_design": 10.0})
    totals = [("rows", "a", 28), ("rows", "b", 12), ("columns", "n", 28), ("columns", "s", 12)]
    margins = {"rows": {"by": ["group"]}, "columns": {"by": ["region"]}}
    with pytest.raises(DataError, match=r"together with the other totals the answers reach [\d.]+ at the nearest"):
        weigh_given(firms, {"method": "linear", "bounds": [0.5, 1.5], "margins": margins}, totals)


def test_an_empty_cell_is_named():
    rows = [("s", True, "complete", "north"), ("s", True, "complete", "north"), ("s", False, None, "south")]
    frame = make_frame(rows, ["gu"])
    with pytest.raises(DataError, match=r"region, cell south: total 1[\s\S]*Merge the cell"):
        weigh_frame(frame, {"calibrate": {"method": "raking", "margins": {"region": {"by": ["gu"]}}}})


def test_a_cell_whose_total_is_zero_although_firms_answered_is_named():
    firms = pd.DataFrame({"group": ["a", "a", "b"], "weight_design": 2.0})
    calibrate = {"method": "raking", "margins": {"firms": {"by": ["group"]}}}
    with pytest.raises(DataError, match=r"firms, cell b: total 0; the answers stand for 2[\s\S]*Correct the total"):
        weigh_given(firms, calibrate, [("firms", "a", 6), ("firms", "b", 0)])


def test_linear_calibration_that_turns_weights_negative_is_refused():
    # g = 1 + x (T - 26) / 90 as above; with T = 2 the third firm's factor is 1 - 4 · 24/90 < 0
    firms = pd.DataFrame({"group": ["a"] * 3, "employees": [1.0, 2.0, 4.0], "weight_design": [2.0, 2.0, 5.0]})
    calibrate = {"method": "linear", "margins": {"staff": {"of": "employees"}}}
    with pytest.raises(DataError, match=r"weights of 1 of 3 firms negative[\s\S]*Set `bounds:`"):
        weigh_given(firms, calibrate, [("staff", "", 2)])


def test_what_firms_out_of_scope_stand_for_is_taken_off_the_totals():
    # 8 firms, 4 drawn, design weight 2. One of the drawn is closed and stood for 2 firms of the north.
    rows = [("s", True, "complete", "north", 1)] * 2 + [("s", True, "complete", "south", 9)]
    rows += [("s", True, "closed", "north", 1)] + [("s", False, None, "south", 4)] * 4
    frame = make_frame(rows, ["gu", "employees"])
    result = weigh_frame(frame, {"calibrate": {"method": "raking", "margins": {"region": {"by": ["gu"]}}}})
    assert result.calibration["target"].to_list() == [1.0, 5.0]
    assert result.design["weight_final"].to_list() == pytest.approx([0.5, 0.5, 5.0])


def test_firms_of_certainty_strata_can_be_kept_out():
    rows = [("take_all", True, "complete", 50)] * 2 + [("s", True, "complete", 10)] * 2 + [("s", False, None, 20)] * 2
    calibrate = {"method": "linear", "certainty": "keep", "margins": {"staff": {"of": "employees"}}}
    result = weigh_frame(make_frame(rows, ["employees"]), {"calibrate": calibrate})
    assert result.design["weight_final"].to_list() == pytest.approx([1, 1, 3, 3])
    assert result.calibration["calibrated"].to_list() == pytest.approx([160])
    assert result.calibrated["x_1"].to_list() == [0, 0, 10, 10]


def test_a_survey_without_a_column_of_a_margin_is_told_so():
    firms = pd.DataFrame({"group": ["a"], "weight_design": [2.0]})
    with pytest.raises(StudyError, match="no column grup"):
        weigh_given(firms, {"method": "raking", "margins": {"firms": {"by": ["grup"]}}}, [("firms", "a", 3)])


def test_gaps_in_a_margins_column_are_counted():
    firms = pd.DataFrame({"group": ["a", None], "weight_design": [2.0, 2.0]})
    with pytest.raises(DataError, match="1 of 2 firms of the survey have no group"):
        weigh_given(firms, {"method": "raking", "margins": {"firms": {"by": ["group"]}}}, [("firms", "a", 3)])


@pytest.mark.parametrize("total", ["", "many", "-1"])
def test_a_total_that_is_none_is_named_by_row(total):
    firms = pd.DataFrame({"group": ["a", "b"], "weight_design": [2.0, 2.0]})
    margins = {"firms": {"by": ["group"]}}
    with pytest.raises(DataError, match="row 3: the total is missing, negative or no number"):
        weigh_given(firms, {"method": "raking", "margins": margins}, [("firms", "a", 3), ("firms", "b", total)])


def test_a_cell_without_a_total_is_named_with_its_firms():
    firms = pd.DataFrame({"group": ["a", "b", "b"], "weight_design": 2.0})
    with pytest.raises(DataError, match="b: 2 firms"):
        weigh_given(firms, {"method": "raking", "margins": {"firms": {"by": ["group"]}}}, [("firms", "a", 3)])


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"method": "rake", "margins": {"a": {}}}, "Did you mean raking?"),
        ({"method": "raking"}, "`margins` is missing"),
        ({"method": "logit", "margins": {"a": {}}}, "needs `bounds"),
        ({"method": "raking", "bounds": [1.2, 3], "margins": {"a": {}}}, "must enclose 1"),
        ({"method": "raking", "bounds": 3, "margins": {"a": {}}}, "give two numbers"),
        ({"method": "raking", "margins": {"a": {"off": "x"}}}, "Did you mean of?"),
        ({"method": "raking", "margins": {"a": {"by": "x"}}}, "give a list"),
    ],
)
def test_a_mistake_in_the_declaration_is_named(entry, words):
    with pytest.raises(StudyError) as caught:
        parse_weights({"method": "frame", "calibrate": entry})
    assert words in str(caught.value)
