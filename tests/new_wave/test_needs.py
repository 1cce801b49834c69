"""What a study lacks for the year of a new wave."""

import pytest

from innosurvey import study
from innosurvey.new_wave.needs import needs_of


@pytest.fixture(scope="module")
def seoul():
    return study.read(*study.BASE)


@pytest.fixture(scope="module")
def for_2030(seoul, dictionary, root):
    points = needs_of(seoul, "2022", ("2028-01-01", "2030-12-31"), dictionary, root)
    return {point.about: point.says for point in points}


def test_prices_that_do_not_reach_the_year_are_named(for_2030):
    assert "the price series lacks years" in for_2030["study, prices"]


def test_registers_that_end_before_are_named_with_their_last_year(for_2030):
    assert for_2030["study, register frame"].startswith("frame.csv ends in 2022, and the wave needs 2030")


def test_a_release_before_the_end_of_the_period_is_named(for_2030):
    assert "2023-06-30" in for_2030["study, release"]


def test_a_year_that_all_files_reach_needs_nothing(seoul, dictionary, root):
    assert needs_of(seoul, "2022", ("2020-01-01", "2022-12-31"), dictionary, root) == []


def test_what_is_said_of_the_wave_alone_is_asked_again(dictionary, root):
    colombia = study.read(*study.BASE, root / "resources/studies/colombia_edits.yaml")
    points = needs_of(colombia, "2015", ("2016-01-01", "2017-12-31"), dictionary, root)
    assert (
        "industry, firm_id break in the wave 2015" in {one.about: one.says for one in points}["study, harmonise.breaks"]
    )
