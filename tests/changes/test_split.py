"""Headline numbers split into what each link of the chain added."""

from decimal import Decimal
from functools import reduce

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.changes.causes import CODE, REVISION, UNITS, Link
from innosurvey.changes.split import EXACT, Number, headline_of, split, table_of

LINKS = tuple(Link(causes=(cause,)) for cause in (CODE, REVISION, UNITS))
TEN_DIGITS = st.floats(-1e9, 1e9).map(lambda value: f"{value:.10g}")
SHARE = ("describe", "all|all|2022|product_innovation|share", "estimate")
EFFECT = ("hypotheses", "C1|patents|main", "effect")
VERDICT = ("claims", "C1", "verdict")


def statistics(values):
    """Return a list of statistics by identity."""
    rows = [(*identity, value) for identity, value in values.items()]
    return pd.DataFrame(rows, columns=["table", "key", "statistic", "value"]).astype("str")


def split_of(identity, *values):
    return split(LINKS, *_states(identity, values))


def _states(identity, values):
    first, *others = (statistics({identity: value}) for value in values)
    return first, others


def test_headline_are_verdicts_estimates_behind_them_and_all_firms():
    other = {
        ("describe", "all|all|2022|product_innovation|share", "se"): "1",
        ("describe", "size|small|2022|product_innovation|share", "estimate"): "1",
        ("hypotheses", "C1|patents|unweighted", "effect"): "1",
        ("claims", "C1", "effect"): "1",
    }
    found = headline_of(statistics({SHARE: "61.25", EFFECT: "0.8", VERDICT: "supported", **other}))
    assert sorted(found.index) == sorted([SHARE, EFFECT, VERDICT])


def test_each_part_is_what_its_link_added():
    (number,) = split_of(SHARE, "60", "60", "61.5", "61.25").moved
    assert number.place == "2022 · product_innovation · share"
    assert number.parts == (0, Decimal("1.5"), Decimal("-0.25"))
    assert number.change == Decimal("1.25")


@given(values=st.tuples(*[TEN_DIGITS] * 4))
def test_parts_add_up_exactly_as_they_are_and_as_they_are_shown(values):
    number = Number(table="describe", place="", values=tuple(map(Decimal, values)))
    for told in (number, number.rounded()):
        assert reduce(EXACT.add, told.parts, told.values[0]) == told.values[-1]
        assert reduce(EXACT.add, told.parts) == told.change


def test_a_number_is_shown_with_three_digits_of_its_largest_part():
    values = tuple(map(Decimal, ("65.745149876", "65.745149876", "65.747486", "65.747486")))
    shown = Number(table="describe", place="", values=values).rounded()
    assert [f"{value:f}" for value in shown.values] == ["65.74515", "65.74515", "65.74749", "65.74749"]


def test_a_number_that_came_back_moved():
    found = split_of(SHARE, "60", "61", "60", "60")
    assert (len(found.moved), found.unmoved) == (1, 0)


def test_a_number_that_no_link_moved_is_counted():
    found = split_of(SHARE, "60", "60", "60", "60")
    assert (len(found.moved), found.unmoved) == (0, 1)


def test_a_number_that_is_withheld_in_any_state_is_left_out_and_counted():
    found = split_of(SHARE, "60", "withheld", "61", "62")
    assert (found.moved, found.untold) == ((), 1)


def test_a_number_that_is_new_is_left_out_and_counted():
    before = statistics({EFFECT: "1"})
    now = statistics({EFFECT: "2", SHARE: "60"})
    found = split(LINKS[:1], before, [now])
    assert (len(found.moved), found.untold) == (1, 1)


def test_a_verdict_turns_with_the_link_that_it_turned_with():
    (turn,) = split_of(VERDICT, "supported", "supported", "not supported", "not supported").turns
    assert (turn.claim, turn.before, turn.after, turn.link.name) == ("C1", "supported", "not supported", REVISION)


def test_a_verdict_that_turned_and_came_back_turned_twice():
    turns = split_of(VERDICT, "supported", "reversed", "supported", "supported").turns
    assert [turn.link.name for turn in turns] == [CODE, REVISION]


def test_the_link_with_the_largest_part_is_counted():
    found = split_of(SHARE, "60", "60.1", "62", "61.9")
    assert [found.largest_in(link) for link in LINKS] == [0, 1, 0]


def test_estimates_behind_claims_stand_first_then_the_largest_moves():
    near = ("describe", "all|all|2022|rd_share|mean", "estimate")
    before = statistics({SHARE: "60", near: "10", EFFECT: "1"})
    after = statistics({SHARE: "66", near: "10.1", EFFECT: "1.001"})
    places = [number.place for number in split(LINKS[:1], before, [after]).moved]
    assert places == ["C1 · patents", "2022 · product_innovation · share", "2022 · rd_share · mean"]


def test_as_a_table_the_split_has_the_value_after_each_link():
    before = statistics({SHARE: "60", VERDICT: "supported"})
    found = table_of(split(LINKS[:1], before, [statistics({SHARE: "60.5", VERDICT: "reversed"})]))
    assert found.to_dict("list") == {
        "table": ["claims", "describe"],
        "number": ["C1", "2022 · product_innovation · share"],
        "before": ["supported", "60"],
        CODE: ["reversed", "60.5"],
    }
