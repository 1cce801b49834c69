"""How far what is told of all firms moved, in standard deviations."""

import pandas as pd
import pytest

from innosurvey.changes.distributions import largest_moves


def described(item, estimate, se=0.5, deff=4.0, n=400, statistic="mean", group="all"):
    """Return the statistics of one item; by default a standard deviation of 0.5 · √(400 / 4) = 5."""
    key = f"all|{group}|2022|{item}|{statistic}"
    values = {"estimate": estimate, "se": se, "deff": deff}
    return pd.DataFrame(
        {
            "table": "describe",
            "key": key,
            "statistic": list(values),
            "value": [str(value) for value in values.values()],
            "n": pd.array([n] * 3, dtype="Int64"),
        }
    )


def moves(before, after, most=10):
    return largest_moves(pd.concat(before), pd.concat(after), most)


def test_a_move_is_told_in_standard_deviations_of_the_release():
    (move,) = moves([described("rd_share", 10)], [described("rd_share", 12, se=9)])
    assert (move.wave, move.item, move.statistic, move.before, move.after) == ("2022", "rd_share", "mean", 10.0, 12.0)
    assert move.standardised == pytest.approx(0.4)


def test_the_furthest_moves_stand_first_and_no_more_are_told_than_asked_for():
    before = [described("near", 10), described("far", 10), described("still", 10)]
    after = [described("near", 10.1), described("far", 8), described("still", 10)]
    assert [move.item for move in moves(before, after)] == ["far", "near"]
    assert [move.item for move in moves(before, after, most=1)] == ["far"]


def test_totals_and_what_is_withheld_are_left_out():
    before = [described("sales", 10, statistic="total"), described("rd", "withheld")]
    assert moves(before, [described("sales", 20, statistic="total"), described("rd", 12)]) == []


def test_an_item_that_does_not_vary_is_left_out():
    assert moves([described("rd", 10, se=0.0)], [described("rd", 12)]) == []


def test_a_move_that_would_be_told_as_none_is_none():
    assert moves([described("rd_share", 10)], [described("rd_share", 10.002)]) == []
