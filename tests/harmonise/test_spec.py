import pytest

from innosurvey.errors import StudyError
from innosurvey.harmonise.spec import columns_added, parse_harmonise
from tests.harmonise.make import spec

PRICES = {"file": "p.csv", "base": 2020, "source": "office"}


def said(section, waves=("2018", "2020")):
    with pytest.raises(StudyError) as caught:
        parse_harmonise(section, waves)
    return str(caught.value)


def test_a_study_without_the_section_has_nothing_to_harmonise():
    nothing = parse_harmonise(None, ["2018"])
    assert (nothing.prices, nothing.classifications, nothing.files) == (None, (), ())


def test_the_files_are_those_of_prices_and_crosswalks_each_once():
    assert spec(prices=PRICES, crosswalks={"9->10": "w.csv", "11->10": "w.csv"}).files == ("p.csv", "w.csv")


def test_a_wave_without_the_code_gets_price_levels_only():
    assert columns_added(spec(prices=PRICES), ["firm_id"]) == ["price_t", "price_t1", "price_t2"]
    assert columns_added(spec(), ["ksic", "ksic_rev"]) == ["ksic_harmonised", "ksic_harmonised_how"]


def test_a_crosswalk_to_another_revision_than_the_target_is_refused():
    entry = {"variable": "ksic", "revision": "r", "target": "10", "into": "x", "crosswalks": {"9->11": "w.csv"}}
    message = said({"classifications": {"industry": entry}})
    assert "harmonise.classifications.industry.crosswalks.9->11" in message
    assert 'Write "<revision>->10": <file>.' in message


def test_a_break_in_a_wave_that_there_is_not_names_the_near_one():
    assert "the study has no wave 2012. Did you mean 2020?" in said({"breaks": {"sales_t": {"2012": "asked anew"}}})


def test_a_break_needs_an_english_text():
    assert "`en` is missing" in said({"breaks": {"sales_t": {"2018": {"ko": "새로 물음"}}}})


def test_a_harmonised_code_may_not_take_the_name_of_another_column():
    entry = {"variable": "ksic", "revision": "r", "target": "10", "into": "price_t"}
    assert "price_t is the name of another column" in said({"classifications": {"industry": entry}})


def test_weights_of_a_file_need_the_file_and_a_misspelt_key_gets_its_near_name():
    entry = {"variable": "ksic", "revision": "r", "target": "10", "into": "x"}
    assert "`file` is missing" in said({"classifications": {"i": {**entry, "crosswalks": {"9->10": {"minimum": 5}}}}})
    assert "`splits`. Did you mean split?" in said({"classifications": {"i": {**entry, "splits": "draw"}}})


def test_prices_by_industry_need_a_harmonised_code():
    assert "`ksic` is not one of" in said({"prices": {**PRICES, "industry": "ksic"}})
