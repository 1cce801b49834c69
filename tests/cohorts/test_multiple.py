"""Cohorts of a multiple imputation."""

import pandas as pd
import pytest

from innosurvey.cohorts.assign import Cohorts
from innosurvey.cohorts.multiple import assign_draws


def assign(waves):
    firms = waves["2018"]
    group = firms["employees_t"].ge(50).map({True: "large", False: "small"})
    memberships = pd.DataFrame({"firm_id": firms["firm_id"], "wave": "2018", "cohort": "size", "group": group})
    counts = group.value_counts().sort_index(kind="stable")
    summary = pd.DataFrame(
        {
            "cohort": "size",
            "group": counts.index,
            "wave": "2018",
            "n": counts.to_numpy(),
            "weighted_n": 1.0,
            "share": 50.0,
        }
    )
    counted = summary.assign(about="size")
    return Cohorts(
        firms=firms,
        memberships=memberships,
        summary=summary,
        definitions=counted,
        overlaps=counted,
        availability=pd.DataFrame(),
    )


def wave():
    return pd.DataFrame({"firm_id": ["a", "b"], "employees_t": pd.Series([10, 90], dtype="Int64")})


def drawn(*values):
    count = len(values)
    return pd.DataFrame(
        {
            "firm_id": ["a"] * count,
            "variable": ["employees_t"] * count,
            "draw": range(1, count + 1),
            "value": list(values),
        }
    )


def test_without_draws_nothing_is_added():
    found = assign_draws({"2018": wave()}, {"2018": drawn()}, assign)
    assert "draw" not in found.firms
    assert len(found.firms) == 2


def test_each_draw_places_firms_by_its_own_answers():
    found = assign_draws({"2018": wave()}, {"2018": drawn("20", "60")}, assign)
    placed = found.memberships.query("firm_id == 'a'").set_index("draw")["group"].to_dict()
    assert placed == {1: "small", 2: "large"}
    assert found.firms.groupby("draw").size().to_dict() == {1: 2, 2: 2}


@pytest.mark.parametrize("table", ["summary", "definitions", "overlaps"])
def test_counts_are_the_mean_of_the_draws(table):
    found = getattr(assign_draws({"2018": wave()}, {"2018": drawn("20", "60")}, assign), table)
    assert found.set_index("group")["weighted_n"].to_dict() == {"large": 1.0, "small": 0.5}
