import numpy as np
import pytest

from innosurvey.screen.outlier import centre_and_spread
from tests.screen.make import make_firms, screened

CHECK = {"kind": "outlier", "variables": ["sales_t"], "minimum": 2}
EVEN = [float(2**power) for power in (3, 4, 5, 6, 7)]
"""Logarithms a log 2 apart: the median is 32, the median absolute deviation log 2."""


def test_the_centre_is_the_median_and_the_spread_the_scaled_median_deviation_of_the_class():
    logs = np.array([1.0, 2.0, 3.0, 4.0, 100.0, 7.0])
    centre, spread = centre_and_spread(logs, np.array([0, 0, 0, 0, 0, 1]))
    assert centre.tolist() == [3.0] * 5 + [7.0]
    assert spread == pytest.approx([1.4826] * 5 + [0.0])  # deviations 2, 1, 0, 1, 97


def test_an_amount_further_than_the_cut_is_a_suspect_and_the_median_is_expected(dictionary):
    # With 2^20 there are six: median log 2^5.5, deviations 2.5, 1.5, .5, .5, 1.5, 14.5 log 2, median 1.5 log 2.
    found = screened(dictionary, {**CHECK, "cut": 6}, make_firms(dictionary, sales_t=[*EVEN, 2.0**20]))
    assert found.suspects["firm_id"].tolist() == ["f5"]
    assert found.suspects["value_expected"].tolist() == pytest.approx([2**5.5])
    assert screened(dictionary, {**CHECK, "cut": 7}, make_firms(dictionary, sales_t=[*EVEN, 2.0**20])).suspects.empty


@pytest.mark.parametrize(("side", "found"), [("both", ["f5", "f6"]), ("upper", ["f5"]), ("lower", ["f6"])])
def test_one_side_alone_can_be_judged(side, found, dictionary):
    firms = make_firms(dictionary, sales_t=[*EVEN, 2.0**30, 2.0**-20])
    assert screened(dictionary, {**CHECK, "cut": 4, "side": side}, firms).suspects["firm_id"].tolist() == found


def test_noughts_and_losses_lie_outside_and_are_counted(dictionary):
    firms = make_firms(dictionary, operating_profit_t=[*EVEN, 0.0, -5.0, None])
    found = screened(dictionary, {**CHECK, "variables": ["operating_profit_t"]}, firms).summary
    assert found[["checked", "outside", "flagged"]].to_numpy().tolist() == [[5, 2, 0]]


def test_a_measure_is_judged_in_place_of_the_variable(dictionary):
    staff = [1, 1, 1, 1, 1, 1]
    firms = make_firms(dictionary, sales_t=[*EVEN, 2.0**20], employees_t=staff)
    found = screened(dictionary, {**CHECK, "measure": "sales_per_head", "cut": 6}, firms).suspects
    assert (found["variable"].tolist(), found["value_expected"].isna().all()) == (["sales_t"], True)


def test_firms_are_compared_within_their_class(dictionary):
    # Usual among the large ones, far out among the small ones.
    large = [value * 2**17 for value in EVEN]
    firms = make_firms(dictionary, sales_t=[*EVEN, 2.0**20, *large], employees_t=[5] * 6 + [50] * 5)
    entry = {**CHECK, "cut": 6, "by": ["size_class"]}
    assert screened(dictionary, entry, firms).suspects["firm_id"].tolist() == ["f5"]
    assert screened(dictionary, {**CHECK, "cut": 6}, firms).suspects.empty


def test_equal_amounts_have_no_spread_and_are_not_judged(dictionary):
    firms = make_firms(dictionary, sales_t=[5.0, 5.0, 5.0, 5.0, 900.0])
    assert screened(dictionary, CHECK, firms).summary[["checked", "outside"]].to_numpy().tolist() == [[0, 5]]
