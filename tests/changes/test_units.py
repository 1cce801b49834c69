"""Units compared by key: counts of those that came, left and were amended, and what lies between two readings."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.changes.units import (
    Units,
    compare_units,
    firms_gone,
    keys_moved,
    keys_of,
    revised,
    revised_register,
)

ANSWERS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), max_size=8)


def answers(firms, wave="2020", **more):
    """Return a reading of a survey with the answers of firms, in their order."""
    table = pd.DataFrame(
        {
            "_source_row": pd.array(range(2, 2 + len(firms)), dtype="int64"),
            "wave": pd.array([wave] * len(firms), dtype="str"),
            "firm_id": pd.array(list(firms), dtype="str"),
            "patents": pd.array(list(firms.values()), dtype="Int64"),
        }
    )
    return table.assign(**more)


def events(*rows):
    """Return a register of events: (firm, year)."""
    table = pd.DataFrame(rows, columns=["firm_id", "year"]).astype({"firm_id": "str", "year": "Int64"})
    table.insert(0, "_source_row", range(2, 2 + len(rows)))
    return table


def told(table):
    return dict(zip(table["firm_id"], table["patents"], strict=True))


def test_who_came_left_and_was_amended_is_counted_by_key():
    counted = compare_units(answers({"a": 1, "b": 2, "c": 3}), answers({"c": 3, "b": 5, "d": 1, "e": 1}))
    assert counted == Units(entries=2, exits=1, both=2, amended=1)


def test_the_order_of_rows_amends_nothing():
    assert compare_units(answers({"a": 1, "b": 2}), answers({"b": 2, "a": 1})).amended == 0


def test_an_answer_that_was_empty_and_is_given_now_is_amended():
    assert compare_units(answers({"a": None, "b": None}), answers({"a": 0, "b": None})).amended == 1


def test_the_same_firm_in_another_wave_is_another_unit():
    counted = compare_units(answers({"a": 1}, wave="2018"), answers({"a": 1}, wave="2020"))
    assert (counted.entries, counted.exits, counted.both) == (1, 1, 0)


def test_a_column_of_one_side_amends_no_firm_but_revises_the_source():
    counted = compare_units(answers({"a": 1}), answers({"a": 1}, trademarks=pd.array([4], dtype="Int64")))
    assert (counted.amended, counted.is_revised) == (0, True)


def test_a_firm_of_a_register_is_amended_when_it_has_other_events():
    before = events(("a", 2018), ("a", 2019), ("b", 2018))
    assert compare_units(before, events(("b", 2018), ("a", 2019), ("a", 2018))).amended == 0
    assert compare_units(before, events(("a", 2018), ("b", 2018))).amended == 1


def test_units_that_stand_apart_are_not_amended():
    before, after = answers({"a": 1, "b": 1}), answers({"a": 2, "b": 2})
    assert compare_units(before, after, apart=set(keys_of(answers({"a": 1})))).amended == 1


@settings(deadline=None, max_examples=50)  # pandas is slow to begin with
@given(before=ANSWERS, after=ANSWERS)
def test_entries_exits_and_both_part_the_units_of_the_two_sides(before, after):
    counted = compare_units(answers(before), answers(after))
    assert counted.entries + counted.both == len(after)
    assert counted.exits + counted.both == len(before)
    assert counted.amended <= counted.both
    assert counted.entries + counted.exits == len(keys_moved(answers(before), answers(after)))


@settings(deadline=None, max_examples=50)
@given(before=ANSWERS, after=ANSWERS)
def test_what_is_between_has_the_units_of_before_and_the_values_of_after(before, after):
    between = revised(answers(before), answers(after))
    assert told(between) == {firm: after.get(firm, value) for firm, value in before.items()}
    assert compare_units(answers(before), between).moved == 0
    assert compare_units(between, answers(after)).amended == 0
    assert between["_source_row"].is_unique


@settings(deadline=None, max_examples=50)
@given(before=ANSWERS, after=ANSWERS)
def test_what_is_between_keeps_the_types_of_the_present_reading(before, after):
    assert dict(revised(answers(before), answers(after)).dtypes) == dict(answers(after).dtypes)


def test_units_that_stand_apart_stay_as_they_were():
    before, after = answers({"a": 1, "b": 1}), answers({"a": 2, "b": 2})
    assert told(revised(before, after, apart=set(keys_of(answers({"a": 1}))))) == {"a": 1, "b": 2}


def test_a_firm_that_left_was_not_asked_what_is_new():
    flags = pd.Categorical(["observed"], categories=["observed", "not_collected"])
    after = answers({"b": 1}, trademarks=pd.array([4], dtype="Int64"), trademarks_flag=flags)
    between = revised(answers({"a": 1, "b": 2}), after).set_index("firm_id")
    assert between.loc["a", "trademarks_flag"] == "not_collected"
    assert pd.isna(between.loc["a", "trademarks"])


def test_a_register_between_is_the_present_one_but_for_firms_that_left_the_survey_and_it():
    before, after = events(("a", 2018), ("b", 2018), ("c", 2018)), events(("b", 2019), ("d", 2020))
    between = revised_register(before, after, gone={"a", "b"})
    assert sorted(zip(between["firm_id"], between["year"], strict=True)) == [("a", 2018), ("b", 2019), ("d", 2020)]


def test_firms_that_are_gone_are_those_of_before_only():
    assert firms_gone(answers({"a": 1, "b": 1}), answers({"b": 2, "c": 1})) == {"a"}


@pytest.mark.parametrize("empty", [answers({}), answers({"a": 1})])
def test_an_empty_reading_can_be_compared(empty):
    assert compare_units(answers({}), empty).entries == len(empty)
