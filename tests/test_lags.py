"""Lags by calendar."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.lags import add_lags, lag_name, periods_of


@pytest.mark.parametrize(
    ("waves", "periods"),
    [
        (["2018", "2020", "2022"], [0, 1, 2]),
        (["2009", "2011", "2015"], [0, 1, 3]),
        (["2015"], [0]),
        (["W9", "W10", "W12"], [0, 1, 3]),
        (["first", "second"], [0, 1]),
    ],
)
def test_waves_are_placed_on_the_calendar(waves, periods):
    assert [periods_of(waves)[wave] for wave in waves] == periods


def test_a_lag_is_the_value_a_period_before_and_not_the_row_before():
    firms = pd.DataFrame(
        {"firm_id": ["A", "A", "B", "B"], "wave": ["2018", "2020", "2018", "2022"], "x": [1.0, 2.0, 3.0, 4.0]}
    )
    found = add_lags(firms, firms, ["x.lag1", "x.lag2"])
    assert found["x.lag1"].tolist()[1] == 1.0
    assert found["x.lag1"].isna().tolist() == [True, False, True, True]
    assert found["x.lag2"].tolist()[3] == 3.0


def test_a_lag_is_taken_from_firms_outside_the_rows():
    firms = pd.DataFrame({"firm_id": ["A", "A"], "wave": ["2018", "2020"], "x": [1.0, 2.0]})
    assert add_lags(firms[1:], firms, ["x.lag1"])["x.lag1"].tolist() == [1.0]


def test_a_category_stays_a_category():
    firms = pd.DataFrame(
        {
            "firm_id": ["A", "A"],
            "wave": ["2018", "2020"],
            "size": pd.Categorical(["small", "large"], ["small", "large"]),
        }
    )
    assert list(add_lags(firms, firms, ["size.lag1"])["size.lag1"].cat.categories) == ["small", "large"]


def test_a_lag_of_what_the_firms_lack_is_left_out():
    firms = pd.DataFrame({"firm_id": ["A"], "wave": ["2018"]})
    assert "x.lag1" not in add_lags(firms, firms, ["x.lag1"])


def test_a_draw_looks_back_at_its_own_draw():
    firms = pd.DataFrame(
        {"firm_id": ["A"] * 4, "wave": ["2018", "2020"] * 2, "draw": [1, 1, 2, 2], "x": [1.0, 2.0, 3.0, 4.0]}
    )
    assert add_lags(firms, firms, ["x.lag1"])["x.lag1"].tolist()[1::2] == [1.0, 3.0]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(2000, 2012)), unique=True, min_size=1))
def test_every_lag_is_the_value_of_the_same_firm_that_long_before(pairs):
    firms = pd.DataFrame({"firm_id": [f"F{firm}" for firm, _ in pairs], "wave": [str(year) for _, year in pairs]})
    firms["x"] = [firm * 10_000.0 + year for firm, year in pairs]
    calendar = periods_of(firms["wave"])
    known = {(row.firm_id, calendar[row.wave]): row.x for row in firms.itertuples()}
    found = add_lags(firms, firms, [lag_name("x", 1)])
    for row, lagged in zip(firms.itertuples(), found["x.lag1"], strict=True):
        expected = known.get((row.firm_id, calendar[row.wave] - 1))
        assert pd.isna(lagged) if expected is None else lagged == expected
