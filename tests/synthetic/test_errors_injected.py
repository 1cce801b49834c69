import pandas as pd
import pytest

from innosurvey.keys import is_valid
from innosurvey.synthetic.errors_injected import BLOCKS, KINDS, wrong_check_digits
from innosurvey.synthetic.nonresponse import ANSWERED
from innosurvey.synthetic.truth import Streams


@pytest.fixture(scope="module", params=["2018", "2020", "2022"])
def wave(request, world):
    return world.waves[request.param]


def rows_of(wave, kind):
    return [error.row for error in wave.injected if error.kind == kind]


def test_every_kind_is_injected_in_every_wave_as_often_as_declared(wave, world):
    declared = world.truth["errors"]
    assert {kind: len(rows_of(wave, kind)) for kind in KINDS} == {
        kind: round(declared[kind] * len(wave.true)) for kind in KINDS
    }


def test_a_row_holds_one_error_at_most(wave):
    rows = [error.row for error in wave.injected]
    assert len(rows) == len(set(rows))


def test_nothing_but_the_listed_cells_differs_from_the_truth(wave):
    given, true = wave.given.values, wave.true
    differs = given.notna() & (given != true)
    listed = {(error.row, variable) for error in wave.injected for variable in error.variables}
    found = {(row, column) for column in differs for row in differs.index[differs[column]]}
    assert found <= listed


@pytest.mark.parametrize("kind", ["unit_error_sales", "unit_error_rnd"])
def test_amounts_in_the_wrong_unit_are_a_thousand_times_too_large(wave, kind):
    variable = {"unit_error_sales": "sales_t", "unit_error_rnd": "exp_rnd_in"}[kind]
    rows = rows_of(wave, kind)
    ratio = wave.given.values.loc[rows, variable].astype(float) / wave.true.loc[rows, variable].astype(float)
    assert ratio.to_numpy() == pytest.approx(1000)


def test_shares_no_longer_sum_to_a_hundred(wave):
    for error in wave.injected:
        if error.kind == "shares_not_100":
            assert error.variables in BLOCKS
            assert wave.given.values.loc[error.row, list(error.variables)].astype(float).sum() != 100


@pytest.mark.parametrize(
    ("kind", "part", "whole"),
    [
        ("succeeded_above_tried", "n_projects_tech_success", "n_projects_tried"),
        ("exports_above_sales", "exports_t", "sales_t"),
        ("rnd_staff_above_staff", "emp_rnd", "employees_t"),
    ],
)
def test_a_part_exceeds_its_whole(wave, kind, part, whole):
    cells = wave.given.values.loc[rows_of(wave, kind), [part, whole]].astype(float)
    assert (cells[part] > cells[whole]).all()


def test_answers_stand_in_skipped_items(wave):
    for error in wave.injected:
        if error.kind == "answer_in_skipped":
            assert wave.true.loc[error.row, list(error.variables)].isna().all()
            assert (wave.given.kinds.loc[error.row, list(error.variables)] == ANSWERED).all()


def test_falsified_registration_numbers_fail_their_check_and_no_other_does():
    numbers = pd.Series(["1234567891"] * 10)
    falsified, rows = wrong_check_digits(numbers, 0.3, Streams(seed=1)("keys"))
    assert len(rows) == 3
    assert [row for row, number in enumerate(falsified) if not is_valid(number)] == rows
