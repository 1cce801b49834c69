"""Registration numbers: their check digit, and the ways files write them."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.keys import check_digit, is_valid, normalise, normalised, valid_keys

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
