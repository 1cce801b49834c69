"""The example by hand: sales 10, 10, 10, 10, 1000 with the weights 1, 2, 3, 4, 5.

The last is suspicious and 20 is expected of it, so the total is 1·10 + 2·10 + 3·10 + 4·10 + 5·20 = 200 and its score
5·(1000 − 20)/200 = 24.5.
"""

import pandas as pd
import pytest

from innosurvey import tables
from innosurvey.screen.score import rank_suspects
from innosurvey.screen.spec import ScoreSpec
from innosurvey.screen.wave import Wave
from tests.screen.make import DERIVED, make_firms

SALES = [10.0, 10.0, 10.0, 10.0, 1000.0]


def rank(dictionary, firms, cells, **spec):
    """Rank suspects given as (firm, variable, expected value)."""
    suspects = pd.DataFrame(
        {
            "wave": "2020",
            "_source_row": pd.array([int(firm[1:]) + 2 for firm, _, _ in cells], dtype="Int64"),
            "firm_id": [firm for firm, _, _ in cells],
            "rule": [f"rule_{number}" for number, _ in enumerate(cells)],
            "kind": "soft",
            "variable": [variable for _, variable, _ in cells],
            "value_expected": pd.Series([expected for _, _, expected in cells], dtype="float64"),
            "treatment": "none",
        }
    )
    design = pd.DataFrame({"firm_id": firms["firm_id"], "weight_final": range(1, len(firms) + 1)})
    wave = Wave(firms=firms, dictionary=dictionary, derived=DERIVED)
    return rank_suspects(suspects, wave, design.iloc[::-1], ScoreSpec(minimum=2, **spec))


def test_a_score_is_the_weighted_distance_in_parts_of_the_total_as_expected(dictionary):
    found = rank(dictionary, make_firms(dictionary, sales_t=SALES), [("f4", "sales_t", 20.0)])
    assert found.review["score_local"].tolist() == [24.5]
    assert found.review[["rank", "review"]].to_numpy().tolist() == [[1, True]]


def test_where_nothing_was_expected_the_median_of_the_other_answers_stands_in(dictionary):
    found = rank(dictionary, make_firms(dictionary, sales_t=SALES), [("f4", "sales_t", None)])
    assert found.review["score_local"].tolist() == [5 * 990 / 150]


def test_totals_can_be_those_of_the_class(dictionary):
    firms = make_firms(dictionary, sales_t=SALES, employees_t=[50, 50, 50, 5, 5])
    found = rank(dictionary, firms, [("f4", "sales_t", 20.0)], by=("size_class",))
    assert found.review["score_local"].tolist() == [5 * 980 / 140]


def test_a_firm_has_the_largest_score_of_its_answers_or_their_sum(dictionary):
    firms = make_firms(dictionary, sales_t=SALES, exp_rnd_in=[1.0, 1.0, 1.0, 1.0, 3.0])
    cells = [("f4", "sales_t", 20.0), ("f4", "exp_rnd_in", 1.0)]
    rnd = 5 * 2 / 15
    assert rank(dictionary, firms, cells).review["score"].tolist() == [24.5, 24.5]
    assert rank(dictionary, firms, cells, combine="sum").review["score"].tolist() == pytest.approx([24.5 + rnd] * 2)
    assert rank(dictionary, firms, cells).review["rank"].tolist() == [1, 1]


def test_an_answer_that_two_checks_point_at_counts_once(dictionary):
    cells = [("f4", "sales_t", 20.0), ("f4", "sales_t", None)]
    found = rank(dictionary, make_firms(dictionary, sales_t=SALES), cells, combine="sum")
    assert found.review["score"].tolist() == [24.5, 24.5]
    assert found.summary["answers"].max() == 1


def test_the_highest_score_comes_first_and_ties_go_by_firm_id(dictionary):
    firms = make_firms(dictionary, sales_t=[10.0, 20.0, 10.0, 10.0, 10.0])
    # f0 and f1 are both off by weight × distance = 20; f2 by 30.
    cells = [("f1", "sales_t", 10.0), ("f0", "sales_t", 30.0), ("f2", "sales_t", 20.0)]
    found = rank(dictionary, firms, cells).review
    assert found["firm_id"].tolist() == ["f2", "f0", "f1"]
    assert found["rank"].tolist() == [1, 2, 3]


def test_answers_that_are_no_amounts_have_no_score_and_come_last(dictionary):
    firms = make_firms(dictionary, sales_t=SALES, rnd_unit=["none"] * 5, rnd_contracted=[True] * 5)
    cells = [("f0", "rnd_unit", None), ("f1", "rnd_contracted", None), ("f4", "sales_t", 20.0)]
    found = rank(dictionary, firms, cells).review
    assert found["firm_id"].tolist() == ["f4", "f0", "f1"]
    assert found["score"].isna().tolist() == [False, True, True]
    assert found["review"].tolist() == [True, False, False]


def test_the_thresholds_tell_what_is_left_when_firms_below_are_not_looked_at(dictionary):
    firms = make_firms(dictionary, sales_t=SALES)
    cells = [("f4", "sales_t", 20.0), ("f0", "sales_t", 10.5)]
    total = 10.5 + 20 + 30 + 40 + 100
    found = rank(dictionary, firms, cells, cut=1.0).summary.set_index("threshold")
    assert found["firms"].to_dict() == {0.0001: 2, 0.001: 2, 0.01: 1, 0.1: 1, 1.0: 1}
    assert found["chosen"].tolist() == [False] * 4 + [True]
    assert found["left"].to_dict() == pytest.approx(
        {0.0001: 0, 0.001: 0, **dict.fromkeys([0.01, 0.1, 1.0], 50 / total)}
    )


def test_without_suspects_there_is_nobody_to_look_at(dictionary, tmp_path):
    found = rank(dictionary, make_firms(dictionary, sales_t=SALES), [])
    tables.write("scores", found.summary, tmp_path / "scores.csv")
    assert found.summary["firms"].tolist() == [0, 0, 0, 0]
    assert found.review.empty


def test_the_tables_keep_their_contracts(dictionary, tmp_path):
    firms = make_firms(dictionary, sales_t=SALES, rnd_unit=["none"] * 5)
    found = rank(dictionary, firms, [("f4", "sales_t", 20.0), ("f0", "rnd_unit", None)])
    tables.write("review", found.review, tmp_path / "review.parquet")
    tables.write("scores", found.summary, tmp_path / "scores.csv")
    assert list(tables.read("review", tmp_path / "review.parquet")["firm_id"]) == ["f4", "f0"]


def test_a_total_of_nothing_is_changed_as_a_whole_by_any_distance(dictionary):
    found = rank(dictionary, make_firms(dictionary, exports_t=[0.0, 0.0, 5.0]), [("f2", "exports_t", 0.0)])
    assert found.review["score_local"].tolist() == [1.0]
