"""The example by hand: answers 50, 80, 100, 125, 300 after 100 each.

Ratios .5, .8, 1, 1.25, 3 with the median 1; s = -1, -.25, 0, .25, 2; the larger answers 100, 100, 100, 125, 300. With
U = 1 the effects are -100, -25, 0, 31.25, 600, their quartiles -25, 0, 31.25.
"""

import numpy as np
import pytest

from innosurvey.errors import StudyError
from innosurvey.screen.previous_ratio import effects
from innosurvey.screen.spec import ScreenSpec
from tests.screen.make import make_firms, screened

NOW = np.array([50.0, 80.0, 100.0, 125.0, 300.0])
CHECK = {"kind": "previous_ratio", "variables": ["sales_t"], "minimum": 2}


def of(now=NOW, before=100.0, codes=None, **numbers):
    spec = ScreenSpec(id="x", kind="previous_ratio", text={}, variables=(), **numbers)
    codes = np.zeros(len(now), dtype=int) if codes is None else codes
    return effects(now, np.full(len(now), before), codes, spec)


def test_the_effects_and_bounds_are_those_worked_out_by_hand():
    found = of(U=1, C=4)
    assert found.effect.tolist() == [-100, -25, 0, 31.25, 600]
    assert (found.lower[0], found.upper[0]) == (-100, 125)
    assert found.median_ratio.tolist() == [1] * 5


def test_without_size_a_fall_to_a_half_is_as_far_as_a_doubling():
    found = of(now=np.array([50.0, 100.0, 200.0]), U=0)
    assert found.effect.tolist() == [-1, 0, 1]


def test_quartiles_are_at_least_a_part_of_the_median_away():
    # Ratios 1, 1, 1.2, 1.2 with the median 1.1: effects -.1, -.1, .0909, .0909, their median -.004545; of it, 50 times.
    found = of(now=np.array([100.0, 100.0, 120.0, 120.0]), U=0, A=50, C=1)
    median = (-0.1 + 0.1 / 1.1) / 2
    assert found.lower[0] == pytest.approx(median - 50 * abs(median))
    assert found.upper[0] == pytest.approx(median + 50 * abs(median))


def test_each_class_has_its_own_median_and_bounds():
    alone = of(U=1, C=4)
    found = of(now=np.concatenate([NOW, 2 * NOW]), codes=np.repeat([0, 1], 5), U=1, C=4)
    assert found.median_ratio.tolist() == [1] * 5 + [2] * 5
    assert found.upper[:5].tolist() == alone.upper.tolist()


def test_a_large_change_is_a_suspect_and_its_last_answer_times_the_median_ratio_is_expected(dictionary):
    firms = make_firms(dictionary, sales_t=[*NOW, 7.0])
    before = make_firms(dictionary, "2018", sales_t=[100.0] * 5)
    found = screened(dictionary, {**CHECK, "U": 1, "C": 4}, firms, before)
    assert found.suspects[["firm_id", "value_expected"]].to_numpy().tolist() == [["f4", 100.0]]
    assert found.summary[["checked", "outside", "flagged"]].to_numpy().tolist() == [[5, 0, 1]]


def test_this_wave_s_variable_can_be_compared_with_another_one_of_the_last(dictionary):
    firms = make_firms(dictionary, sales_t2=[*NOW])
    before = make_firms(dictionary, "2018", sales_t=[100.0] * 5)
    entry = {"kind": "previous_ratio", "current": "sales_t2", "previous": "sales_t", "U": 1, "C": 4, "minimum": 2}
    assert screened(dictionary, entry, firms, before).suspects["variable"].tolist() == ["sales_t2"]


def test_pairs_with_a_nought_lie_outside_and_are_counted(dictionary):
    firms = make_firms(dictionary, sales_t=[0.0, 50.0, 80.0, 100.0, 120.0])
    before = make_firms(dictionary, "2018", sales_t=[100.0, 0.0, 100.0, 100.0, 100.0])
    found = screened(dictionary, CHECK, firms, before).summary
    assert found[["checked", "outside", "flagged"]].to_numpy().tolist() == [[3, 2, 0]]


def test_firms_of_a_class_too_small_are_judged_among_all_firms(dictionary):
    # Six small firms and one large: with four at least the large one is judged beside the seven.
    answers = {"sales_t": [90.0, 95.0, 100.0, 100.0, 105.0, 110.0, 9000.0], "employees_t": [5] * 6 + [50]}
    before = make_firms(dictionary, "2018", sales_t=[100.0] * 7)
    entry = {**CHECK, "by": ["size_class"], "minimum": 4}
    found = screened(dictionary, entry, make_firms(dictionary, **answers), before)
    assert found.suspects["firm_id"].tolist() == ["f6"]


def test_nobody_is_judged_where_even_all_firms_are_too_few(dictionary):
    before = make_firms(dictionary, "2018", sales_t=[100.0] * 5)
    found = screened(dictionary, {**CHECK, "minimum": 6}, make_firms(dictionary, sales_t=[*NOW]), before).summary
    assert found[["checked", "outside", "flagged"]].to_numpy().tolist() == [[0, 5, 0]]


def test_a_class_whose_ratios_do_not_vary_is_not_judged(dictionary):
    before = make_firms(dictionary, "2018", sales_t=[100.0] * 5)
    firms = make_firms(dictionary, sales_t=[100.0, 100.0, 100.0, 100.0, 101.0])
    assert screened(dictionary, CHECK, firms, before).summary["checked"].tolist() == [0]


def test_the_first_wave_is_not_checked_and_says_so(dictionary):
    found = screened(dictionary, CHECK, make_firms(dictionary, sales_t=[1.0]))
    assert found.summary[["checked", "reason"]].to_numpy().tolist() == [[0, "no wave before"]]


def test_a_variable_that_the_wave_before_did_not_ask_is_named(dictionary):
    firms, before = make_firms(dictionary, sales_t=[1.0]), make_firms(dictionary, "2018", employees_t=[1])
    assert screened(dictionary, CHECK, firms, before).summary["reason"].tolist() == ["needs before_sales_t"]


def test_what_is_no_amount_cannot_be_compared(dictionary):
    firms = make_firms(dictionary, rnd_contracted=[True, False])
    with pytest.raises(StudyError, match=r"screen\.check: `rnd_contracted` is no amount"):
        screened(dictionary, {**CHECK, "variables": ["rnd_contracted"]}, firms, firms)
