"""Years that move from one wave to the next."""

import pytest

from innosurvey.new_wave.years import Years

LATER = Years(first=2020, last=2022, new=2024)


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("sales_2022", "sales_2024"),
        ("founding_year <= 2021", "founding_year <= 2023"),
        ("EDIT-S V, 2020-2022", "EDIT-S V, 2022-2024"),
        ("since 1998", "since 1998"),
        ("code 120220", "code 120220"),
    ],
)
def test_years_that_the_wave_is_about_move_and_no_others(text, moved):
    assert LATER.moved(text) == moved


def test_a_family_of_columns_moves_as_one():
    assert LATER.columns(["S_2022", "S_2020"], {"S_2024", "S_2022"}) == {"S_2022": "S_2024", "S_2020": "S_2022"}


def test_a_family_whose_last_year_is_not_there_stays():
    assert LATER.columns(["S_2022", "S_2020"], {"S_2022", "S_2020"}) == {}


def test_short_years_move_after_three_letters_and_not_in_numbers_of_questions():
    assert LATER.columns(["EMP22", "Q22"], {"EMP24", "Q24"}) == {"EMP22": "EMP24"}


def test_a_period_stays_as_long_and_leap_days_do_no_harm():
    assert LATER.period(("2020-02-29", "2022-12-31")) == ("2022-02-28", "2024-12-31")
