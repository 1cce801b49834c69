"""The tables of a robustness question, held against its specifications and against fitting again."""

import numpy as np
import pandas as pd
import pytest

from innosurvey import tables
from innosurvey.models.parse_curve import parse_curve
from innosurvey.models.plan_curves import plan_curves
from innosurvey.models.robustness_tables import COLUMNS, ask_all

DECLARED = {
    "outcomes": ["output"],
    "inputs": ["rd", "cooperation"],
    "controls": {"firm": ["log1p(patents)"], "none": []},
    "covariances": [{"type": "cluster", "by": ["firm_id"]}],
    "weights": ["none", "final"],
    "draws": 99,
    "leave_out": "industry",
}


def ask(firms, **changed):
    return ask_all(plan_curves([parse_curve("rd", DECLARED | changed, {})], {}, ()), firms)


@pytest.fixture
def firms(make_firms):
    """A panel in which each firm belongs to one of three industries, one of them with four firms."""
    made = make_firms(n=104)
    places = [int(name[1:]) for name in made["firm_id"]]
    return made.assign(industry=["few" if place >= 100 else f"I{place % 2}" for place in places])


@pytest.fixture
def found(firms):
    return ask(firms)


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_every_table_keeps_its_contract(found, name, tmp_path):
    path = tmp_path / f"{name}.csv"
    tables.write(name, getattr(found, name), path)
    assert len(tables.read(name, path)) == len(getattr(found, name)) > 0


def test_what_the_specifications_say_together_follows_from_them(found):
    row = found.specification_tests.set_index("input").loc["rd"]
    ours = found.specifications[found.specifications["input"] == "rd"]
    assert (row["specifications"], row["estimated"]) == (4, 4)
    assert row["median"] == np.median(ours["estimate"])
    assert (row["lowest"], row["highest"]) == (ours["estimate"].min(), ours["estimate"].max())
    assert row["share_positive"] == 1.0
    assert row["share_significant"] == 1.0
    assert row["n"] == ours["n"].min()
    assert row["p_median"] == pytest.approx(1 / 100)


def test_the_share_that_is_clear_counts_the_direction_that_most_have(firms):
    turned = firms.assign(rd=-firms["rd"])
    row = ask(turned).specification_tests.set_index("input").loc["rd"]
    assert (row["share_positive"], row["share_significant"]) == (0.0, 1.0)


def test_the_main_answer_is_the_first_specification(found):
    answers = found.main_answers.set_index("input")
    first = found.specifications.groupby("input", sort=False).first()
    assert answers.loc["rd", "estimate"] == pytest.approx(first.loc["rd", "estimate"], rel=1e-9)  # another algebra
    assert (answers["p_adjusted"] >= 1 / 100).all()


def test_firms_left_out_are_counted(found):
    rows = found.leave_out[found.leave_out["input"] == "rd"].set_index("left_out")
    assert rows["n_left_out"].to_dict() == {"none": 104, "I0": 50, "I1": 50, "few": 4}


def test_without_a_column_to_leave_out_there_is_no_such_row(firms):
    empty = ask(firms, leave_out=None).leave_out
    assert list(empty.columns) == list(COLUMNS["leave_out"])
    assert empty.empty


def test_a_question_without_least_squares_has_no_bounds(firms):
    made = ask(firms, outcomes=["innovator"], estimators=["logit"], weights=["none"])
    assert made.influence.empty
    assert made.selection_bounds.empty
    assert set(made.specifications["status"]) == {"ok"}


def test_too_few_firms_are_rows_with_their_reason(firms):
    few = firms[firms["firm_id"] < "F0020"]
    made = ask(few)
    assert set(made.specifications["status"]) == {"not estimated: fewer than 30 complete firms"}
    assert set(made.specification_tests["estimated"]) == {0}
    assert made.main_answers["estimate"].isna().all()


def test_equal_firms_give_equal_tables_whatever_their_order(firms, found):
    again = ask(firms.iloc[::-1].reset_index(drop=True))
    for name in COLUMNS:
        # Sums in another order: rounding is all that may differ.
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name), rtol=1e-9, atol=1e-12)


def test_each_group_of_a_cohort_is_asked_by_itself(firms):
    halves = firms.assign(group=np.where(firms["industry"] == "I0", "first", "rest"))
    curve = parse_curve("rd", DECLARED | {"foreach": ["half"]}, {})
    made = ask_all(plan_curves([curve], {"half": ("first", "rest")}, ()), halves)
    assert made.specification_tests.groupby("group", sort=False).size().to_dict() == {"first": 2, "rest": 2}
    assert made.specifications.loc[made.specifications["group"] == "first", "n_firms"].max() == 50
