"""The slice of a cohort: the rows and columns that its estimates use."""

import pandas as pd

from innosurvey.cohorts.slices import make_slice
from tests.cohorts.make import assign, make_wave

COHORTS = {"size": {"bins": "employees_t", "groups": {"small": {"below": 50}, "large": {}}}}


def make_result():
    return assign(
        {
            "2018": make_wave("2018", employees_t=[5, 60, 7], gu=["1", "2", "3"]),
            "2020": make_wave("2020", employees_t=[5]),
        },
        COHORTS,
    )


def test_each_wave_is_a_group_of_the_cohort_of_waves():
    result = make_result()
    table = make_slice(result.firms, result.memberships, "wave", ["employees_t"])
    assert list(zip(table["group"], table["firm_id"], strict=True)) == [
        ("2018", "f0"),
        ("2018", "f1"),
        ("2018", "f2"),
        ("2020", "f0"),
    ]


def test_rows_stand_by_wave_firm_and_group():
    result = make_result()
    table = make_slice(result.firms, result.memberships, "size", ["employees_t"])
    assert list(zip(table["group"], table["wave"], table["firm_id"], strict=True)) == [
        ("small", "2018", "f0"),
        ("large", "2018", "f1"),
        ("small", "2018", "f2"),
        ("small", "2020", "f0"),
    ]


def test_a_firm_that_changes_its_group_keeps_its_row():
    result = make_result()
    moved = result.memberships.assign(group=result.memberships["group"].replace("large", "small"))
    before, after = (make_slice(result.firms, rows, "size", ["gu"]) for rows in (result.memberships, moved))
    pd.testing.assert_frame_equal(before.drop(columns="group"), after.drop(columns="group"))


def test_a_slice_holds_the_columns_that_were_asked_for_and_the_design():
    result = make_result()
    columns = list(make_slice(result.firms, result.memberships, "size", ["employees_t", "absent"]).columns)
    assert columns == [
        "firm_id", "wave", "group", "stratum_id", "pop_n_stratum", "sample_n_stratum", "weight_design", "weight_final",
        "certainty", "pooled_stratum", "pooled_stratum_n", "employees_t",
    ]  # fmt: skip


def test_a_slice_does_not_depend_on_the_order_of_the_firms():
    result = make_result()
    shuffled = result.firms.sample(frac=1, random_state=1).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        make_slice(shuffled, result.memberships, "size", ["gu"]),
        make_slice(result.firms, result.memberships, "size", ["gu"]),
    )


def test_a_cohort_without_firms_has_a_slice_without_rows_and_with_the_same_columns():
    result = make_result()
    empty, filled = (make_slice(result.firms, result.memberships, name, ["gu"]) for name in ("nobody", "size"))
    assert len(empty) == 0
    assert empty.dtypes.equals(filled.dtypes)
