"""What the report knows of a study beside the estimates."""

import pytest

from innosurvey import coverage, study
from innosurvey.setting import report_setting


@pytest.fixture(scope="module")
def setting():
    loaded = study.read(*study.BASE)
    return report_setting(loaded, coverage.cover(loaded, study.ROOT), study.ROOT)


def test_the_groups_of_a_code_list_have_its_titles(setting):
    assert setting["cohorts"]["gu"]["groups"]["Gangnam-gu"]["title"] == {"en": "Gangnam-gu", "ko": "강남구"}


def test_the_terms_of_the_rules_reach_down_to_the_questions(setting):
    terms = setting["definitions"]
    assert {"innovation_active_oslo4", "innovator", "product_innovation", "rnd_performer"} <= set(terms)
    assert terms["technology_class"]["codelist"] == "ksic10_technology_class"


def test_terms_that_no_cohort_is_built_on_are_left_out(setting):
    assert "log_rd_per_employee" not in setting["definitions"]


def test_units_are_those_of_the_dictionary_and_of_derived_variables(setting):
    assert (setting["units"]["sales_t"], setting["units"]["mean_sales"]) == ("currency_million", "currency_million")


def test_parts_of_the_policy_frame_have_titles_of_field_instrument_and_government(setting):
    titles = setting["lacking"]
    assert titles["policy.technology.rnd_grant.local"]["en"] == "Technology: R&D grants: Seoul"
    assert titles["policy.financing.high_own_funds"]["en"] == "Financing: Lack of own funds is a high barrier"
    assert titles["policy.marketing.export"]["ko"] == "마케팅: 수출·판로 지원"


def test_the_words_of_the_policy_frame_are_there(setting):
    assert setting["policy"]["governments"]["local"] == {"en": "Seoul", "ko": "서울시"}
    assert setting["policy"]["recommendations"]["zones_alike"]["en"].startswith("Offer links to knowledge")


def test_the_tiles_of_the_regions_come_from_their_list(setting):
    assert len(setting["regions"]["tiles"]) == 25
    assert setting["regions"]["measures"]["active"]["among"] == "certified"
