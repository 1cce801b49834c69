"""The methods one by one, by hand."""

import numpy as np
import pytest

from innosurvey.impute.prorate import scaled_to_rest
from tests.impute.make import flagged, impute, make_wave, values

SHARES = ["acq_own_pct", "acq_joint_pct", "acq_outsourced_pct"]
BALANCE = {"adds_up": {"kind": "balance", "variables": SHARES, "total": 100, "exact": 0.5, "prorate": 5}}


def test_a_rule_gives_what_follows_from_another_answer(dictionary):
    firms = make_wave(dictionary, rnd_inhouse=["none", "continuous"], exp_rnd_in=[None, None])
    steps = {"exp_rnd_in": {"methods": [{"method": "rule", "value": 0, "when": "rnd_inhouse == 'none'"}]}}
    assert values(impute(firms, dictionary, steps).firms, "exp_rnd_in") == [0.0, None]


def test_a_rule_may_name_derived_variables(dictionary):
    firms = make_wave(dictionary, rnd_contracted=[False, True], exp_rnd_out=[None, None])
    steps = {"exp_rnd_out": {"methods": [{"method": "rule", "value": 0, "when": "not outsources"}]}}
    done = impute(firms, dictionary, steps, derived={"outsources": "rnd_contracted"})
    assert values(done.firms, "exp_rnd_out") == [0.0, None]


def test_a_ratio_is_that_of_the_sums_of_the_class(dictionary):
    firms = make_wave(dictionary, sales_t=[None, 30.0, 10.0], sales_t1=[50.0, 20.0, 20.0])
    steps = {"sales_t": {"methods": [{"method": "ratio", "to": "sales_t1", "classes": [[]]}]}}
    assert values(impute(firms, dictionary, steps).firms, "sales_t")[0] == pytest.approx(50 * 40 / 40)


def test_the_wave_before_is_carried_by_the_trend_of_the_class_or_as_it_was(dictionary):
    before = make_wave(dictionary, employees_t=[10, 20, 30])
    firms = make_wave(dictionary, employees_t=[None, 30, 45])
    trend = {"employees_t": {"methods": [{"method": "previous", "classes": [[]]}]}}
    same = {"employees_t": {"methods": [{"method": "previous", "trend": "none"}]}}
    assert values(impute(firms, dictionary, trend, before=before).firms, "employees_t")[0] == 15
    assert values(impute(firms, dictionary, same, before=before).firms, "employees_t")[0] == 10
    assert values(impute(firms, dictionary, same).firms, "employees_t")[0] is None


def test_the_wave_before_gives_own_answers_only(dictionary):
    before = flagged(make_wave(dictionary, employees_t=[10, 20]), "employees_t", "imputed")
    firms = make_wave(dictionary, employees_t=[None, 30])
    steps = {"employees_t": {"methods": [{"method": "previous", "trend": "none"}]}}
    assert values(impute(firms, dictionary, steps, before=before).firms, "employees_t")[0] is None


def test_the_one_missing_part_of_a_whole_is_the_rest(dictionary):
    firms = make_wave(dictionary, acq_own_pct=[None, 50.0], acq_joint_pct=[30.0, 50.0], acq_outsourced_pct=[20.0, 0.0])
    steps = {"acquisition": {"variables": SHARES, "total": 100, "methods": ["donor"]}}
    done = impute(firms, dictionary, steps, edits=BALANCE)
    assert values(done.firms, "acq_own_pct")[0] == 50.0
    assert list(done.ledger["method"]) == ["rule"]


def test_the_missing_parts_of_a_whole_are_a_donors_scaled_to_the_rest(dictionary):
    firms = make_wave(dictionary, acq_own_pct=[40.0, 20.0], acq_joint_pct=[None, 60.0], acq_outsourced_pct=[None, 20.0])
    steps = {"acquisition": {"variables": SHARES, "total": 100, "methods": ["donor"]}}
    done = impute(firms, dictionary, steps, edits=BALANCE)
    assert [values(done.firms, name)[0] for name in SHARES] == [40.0, 45.0, 15.0]
    assert list(done.ledger["method"]) == ["prorate", "prorate"]


def test_without_a_donor_the_structure_of_the_class_splits_the_rest(dictionary):
    firms = make_wave(
        dictionary,
        acq_own_pct=[40.0, 20.0, 40.0],
        acq_joint_pct=[None, 60.0, 60.0],
        acq_outsourced_pct=[None, 20.0, 0.0],
    )
    steps = {"acquisition": {"variables": SHARES, "total": 100, "methods": [{"method": "prorate", "classes": [[]]}]}}
    done = impute(firms, dictionary, steps, edits=BALANCE)
    assert values(done.firms, "acq_joint_pct")[0] == pytest.approx(60 * 120 / 140)
    assert values(done.firms, "acq_outsourced_pct")[0] == pytest.approx(60 * 20 / 140)


def test_a_block_is_taken_from_one_donor(dictionary):
    firms = make_wave(dictionary, employees_t=[10, 11, 90], sales_t=[None, 1.0, 2.0], exports_t=[None, 1.0, 2.0])
    steps = {"both": {"variables": ["sales_t", "exports_t"], "methods": ["donor"]}}
    done = impute(firms, dictionary, steps, distance={"employees_t": "log"})
    assert (values(done.firms, "sales_t")[0], values(done.firms, "exports_t")[0]) == (1.0, 1.0)


def test_a_distance_variable_that_the_recipient_lacks_is_left_out(dictionary):
    firms = make_wave(dictionary, employees_t=[10, 11, 90], sales_t=[None, None, 2.0], founding_year=[None, 1990, 2000])
    steps = {"founding_year": {"methods": ["donor"]}}
    done = impute(firms, dictionary, steps, distance={"employees_t": "log", "sales_t": "log"})
    assert values(done.firms, "founding_year")[0] == 1990


def test_parts_are_scaled_and_whole_numbers_keep_the_sum():
    parts = np.array([[10.0, 1.0, 1.0, 1.0]])
    wanted = np.array([[False, True, True, True]])
    scaled, factor = scaled_to_rest(parts, wanted, np.array([20.0]), whole=True)
    assert scaled.tolist() == [[10.0, 4.0, 3.0, 3.0]]
    assert factor[0] == pytest.approx(10 / 3)


def test_parts_that_already_pass_the_total_leave_no_split():
    scaled, _ = scaled_to_rest(np.array([[110.0, 1.0]]), np.array([[False, True]]), np.array([100.0]))
    assert np.isnan(scaled[0, 1])


def test_a_draw_of_a_ratio_takes_the_ratio_of_a_single_firm(dictionary):
    firms = make_wave(dictionary, sales_t=[None, 40.0, 30.0, 20.0], sales_t1=[10.0, 10.0, 10.0, 10.0])
    steps = {"sales_t": {"methods": [{"method": "ratio", "to": "sales_t1", "classes": [[]]}]}}
    drawn = impute(firms, dictionary, steps, multiple=12).draws
    assert set(drawn["value"].astype(float)) <= {20.0, 30.0, 40.0}
    assert drawn["value"].nunique() > 1


def test_a_rule_on_what_a_register_would_add_is_passed_over_without_the_register(dictionary):
    firms = make_wave(dictionary, employees_t=[10, 11], sales_t=[None, 5.0])
    steps = {"sales_t": {"methods": [{"method": "rule", "value": "register_sales"}, "donor"]}}
    assert values(impute(firms, dictionary, steps).firms, "sales_t")[0] == 5.0


def test_one_amount_in_the_wrong_unit_does_not_decide_the_ratio(dictionary):
    base = [100.0 + place for place in range(20)]
    answers = [None, 2_000_000.0, *(amount * (1.9 + 0.2 * (place % 2)) for place, amount in enumerate(base[2:]))]
    firms = make_wave(dictionary, sales_t=answers, sales_t1=base)
    steps = {"sales_t": {"methods": [{"method": "ratio", "to": "sales_t1", "classes": [[]]}]}}
    assert values(impute(firms, dictionary, steps).firms, "sales_t")[0] == pytest.approx(200, rel=0.02)
