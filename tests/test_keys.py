"""Registration numbers: their check digit, and the ways files write them."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.keys import check_digit, is_valid, normalise, normalised, numbered, valid_keys

NINE = st.integers(0, 999_999_999).map(lambda number: f"{number:09d}")


def test_the_check_digit_of_a_hand_computed_number():
    # 1*1 + 2*3 + 3*7 + 4*1 + 5*3 + 6*7 + 7*1 + 8*3 + 9*5 = 165, and 9*5 // 10 = 4: 169, so 1 is left to 170.
    assert check_digit("123456789") == 1


@pytest.mark.parametrize(
    "written",
    ["123-45-67891", "1234567891", "１２３-４５-６７８９１", " 123 45 67891 ", "123–45–67891", "1234567891.0"],
)
def test_all_ways_of_writing_a_number_are_one(written):
    assert normalise(written) == "1234567891"


def test_lost_leading_zeros_come_back():
    assert normalise("51234567") == "0051234567"


def test_what_is_no_number_stays_as_it_is():
    assert normalise(" A-17 ") == "A-17"


def test_a_missing_key_is_not_valid():
    assert valid_keys(pd.Series(["1234567891", None], dtype="str"), "krw_brn").to_list() == [True, False]


def test_zeros_are_no_number():
    assert not is_valid("0000000000")


def test_without_a_known_form_a_key_is_only_stripped():
    assert normalised(pd.Series([" 007 "]), "none").to_list() == ["007"]


@given(NINE.filter(lambda nine: nine != "000000000"))
def test_a_number_with_its_check_digit_is_valid_and_with_any_other_is_not(nine):
    right = check_digit(nine)
    assert [digit for digit in range(10) if is_valid(f"{nine}{digit}")] == [right]


@given(st.text(max_size=20))
def test_one_form_is_stable(text):
    assert normalise(normalise(text)) == normalise(text)


def test_keys_that_all_passed_through_a_float_lose_its_ending():
    assert normalised(pd.Series(["1234.0", "77.0"]), "none").tolist() == ["1234", "77"]


def test_a_key_that_ends_so_by_itself_keeps_its_ending():
    assert normalised(pd.Series(["A.0", "77.0"]), "none").tolist() == ["A.0", "77.0"]


WRITTEN = st.one_of(
    NINE.map(lambda nine: f"{nine}{check_digit(nine)}"),
    NINE.map(lambda nine: f" {nine[:3]}-{nine[3:5]}-{nine[5:]}0"),
    NINE.map(lambda nine: f"{int(nine)}.0"),
    NINE.map(lambda nine: nine.translate(str.maketrans("0123456789", "０１２３４５６７８９"))),
    st.text(alphabet="0123456789０９-–. A\t", max_size=14),
    st.text(max_size=14),
)


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), WRITTEN), max_size=12))
def test_keys_brought_into_one_form_together_are_those_brought_one_by_one(written):
    keys = pd.Series(written, dtype="str")
    expected = [None if key is None else normalise(key) for key in written]
    found = normalised(keys, "krw_brn")
    assert [None if pd.isna(key) else key for key in found] == expected
    assert valid_keys(found, "krw_brn").to_list() == [key is not None and is_valid(key) for key in expected]


@given(NINE, st.sampled_from(["{}", "{:.1f}", " {} ", "{:,}"]))
def test_a_number_that_lost_zeros_or_passed_through_a_float_is_the_same_firm(nine, form):
    key = f"{nine}{check_digit(nine)}"
    written = f"{key[:3]}-{key[3:5]}-{key[5:]}" if form == "{:,}" else form.format(int(key))
    assert normalise(written) == key


@given(NINE, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(nine, place, by):
    other = nine[:place] + str((int(nine[place]) + by) % 10) + nine[place + 1 :]
    # Weights 1, 3 and 7 have no factor in common with 10; five times the ninth digit and its tens differ for all ten.
    assert not is_valid(f"{other}{check_digit(nine)}")


def test_keys_are_numbered_by_their_one_form():
    numbers, different = numbered(pd.Series(["123-45-67891", None, "1234567891", "51234567"], dtype="str"), "krw_brn")
    assert (numbers.tolist(), different.tolist()) == ([0, -1, 0, 1], ["1234567891", "0051234567"])
