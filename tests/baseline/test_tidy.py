import pandas as pd
import pytest

from innosurvey.baseline import tidy
from innosurvey.report.clearances import CLEARANCES
from tests.baseline.made import CONTRACTS, described

TABLES = sorted(name for name in CLEARANCES if name in CONTRACTS)


def value_of(statistics, group, statistic):
    rows = statistics[
        (statistics["key"].str.contains(f"|{group}|", regex=False)) & (statistics["statistic"] == statistic)
    ]
    return rows["value"].item()


@pytest.fixture
def statistics():
    return tidy.tidy_statistics({"describe": described(("small", 5, 40.0), ("large", 90, 61.25))}, CONTRACTS, 10)


def test_each_number_and_verdict_of_a_table_is_a_row(statistics):
    large = statistics[statistics["key"] == "size|large|2022|product_innovation|share"]
    assert dict(zip(large["statistic"], large["value"], strict=True)) == {
        "cv": "2", "deff": "1.1", "estimate": "61.25", "lower": "58.25", "n": "90", "reliability": "good", "se": "1.5",
        "upper": "64.25",
    }  # fmt: skip


def test_what_too_few_firms_stand_behind_is_withheld_with_its_count_and_its_verdict(statistics):
    small = statistics[statistics["key"].str.contains("small")]
    assert set(small["value"]) == {tidy.WITHHELD}
    assert small["n"].isna().all()


def test_no_hidden_value_is_in_the_list(statistics):
    assert not statistics.astype("str").isin(["40", "5", "37", "43"]).any(axis=None)


def test_the_count_of_a_fit_is_not_told_of_a_coefficient_that_is_withheld():
    fits = pd.DataFrame(
        {"model": ["m"], "cohort": ["size"], "group": ["small"], "outcome": ["sales"], "n": [5], "n_firms": [5],
         "n_clusters": [5], "r2": [0.5], "loglik": [-3.0]}
    )  # fmt: skip
    found = pd.DataFrame(
        {"model": ["m"], "cohort": ["size"], "group": ["small"], "outcome": ["sales"], "term": ["rd"],
         "estimate": [1.0], "se": [0.1], "df": [3.0], "statistic": [10.0], "p": [0.01], "lower": [0.8], "upper": [1.2]}
    )  # fmt: skip
    statistics = tidy.tidy_statistics({"fits": fits, "coefficients": found}, CONTRACTS, 10)
    assert set(statistics["value"]) == {tidy.WITHHELD}
    assert statistics["n"].isna().all()


def test_firms_in_no_group_are_left_out():
    cohorts = pd.DataFrame(
        {"cohort": "size", "variant": None, "version": 1, "group": ["large", "unassigned"], "wave": "2022",
         "n": [90, 20], "weighted_n": [900.0, 200.0], "share": [80.0, None]}
    )  # fmt: skip
    statistics = tidy.tidy_statistics({"cohorts": cohorts}, CONTRACTS, 10)
    assert not statistics["key"].str.contains("unassigned").any()


def test_the_order_of_the_rows_does_not_hang_on_the_order_of_the_table():
    rows = (("b", 50, 1.0), ("a", 60, 2.0))
    there, back = (tidy.tidy_statistics({"describe": described(*order)}, CONTRACTS, 10) for order in (rows, rows[::-1]))
    pd.testing.assert_frame_equal(there, back)


def test_a_number_that_is_not_there_is_no_statistic():
    statistics = tidy.tidy_statistics(
        {"describe": described(("large", 90, 1.0)).assign(estimate=float("nan"))}, CONTRACTS, 10
    )
    assert "estimate" not in set(statistics["statistic"])


def test_minus_zero_is_zero():
    statistics = tidy.tidy_statistics({"describe": described(("large", 90, -0.0))}, CONTRACTS, 10)
    assert value_of(statistics, "large", "estimate") == "0"


def test_a_study_without_tables_has_an_empty_list():
    assert list(tidy.tidy_statistics({}, CONTRACTS, 10).columns) == list(tidy.COLUMNS)


@pytest.mark.parametrize("table", TABLES)
def test_every_p_value_of_a_contract_lies_between_zero_and_one(table):
    columns = CONTRACTS[table]["columns"]
    found = {
        name: (columns[name].get("minimum"), columns[name].get("maximum"))
        for name in tidy.statistics_in(columns, CLEARANCES[table])
        if tidy.class_of(name, columns[name]["type"]) == tidy.P_VALUE
    }
    assert found == dict.fromkeys(found, (0, 1))


@pytest.mark.parametrize("table", TABLES)
def test_every_end_of_an_interval_has_its_other_end(table):
    columns = CONTRACTS[table]["columns"]
    ends = [name for name in tidy.statistics_in(columns, CLEARANCES[table]) if name.endswith(("lower", "upper"))]
    other = {"lower": "upper", "upper": "lower"}
    assert [name for name in ends if name[:-5] + other[name[-5:]] not in ends] == []


@pytest.mark.parametrize("table", TABLES)
def test_no_statistic_marks_what_is_withheld(table):
    assert "withheld" not in tidy.statistics_in(CONTRACTS[table]["columns"], CLEARANCES[table])


@pytest.mark.parametrize(
    ("column", "kind", "expected"),
    [
        ("need_se", "number", "standard_error"),
        ("p_adjusted", "number", "p_value"),
        ("log_odds_lower", "number", "interval"),
        ("n_group", "integer", "count"),
        ("difference", "number", "estimate"),
        ("df2", "number", "test"),
        ("gradient_norm", "number", "numerical"),
        ("reliability", "text", "verdict"),
        ("chosen", "truth", "verdict"),
        ("priority", "integer", "count"),
        ("population", "integer", "count"),
    ],
)
def test_a_class_follows_from_name_and_type(column, kind, expected):
    assert tidy.class_of(column, kind) == expected
