"""What stands below a table for its reader."""

import dataclasses

import pytest

from innosurvey import coverage, study
from innosurvey.caveats import caveats_of


@pytest.fixture(scope="module")
def seoul():
    return study.read(*study.BASE)


def test_an_item_in_constant_prices_says_of_which_year_and_whose(seoul, root):
    notes = caveats_of(seoul, coverage.cover(seoul, root))
    assert notes["item.sales_per_employee_real"]["en"].startswith("Constant prices of 2020 (")
    assert "2020년 불변가격" in notes["item.sales_growth_real_median"]["ko"]
    assert "item.sales_per_employee" not in notes


def test_prices_that_are_made_up_are_called_so(seoul, root):
    notes = caveats_of(seoul, coverage.cover(seoul, root))
    assert "a made-up series" in notes["item.sales_growth_real_median"]["en"]


def test_a_break_reaches_what_is_derived_from_the_variable(seoul, root):
    broken = {**seoul.harmonise, "breaks": {"sales_t": {"2022": {"en": "with taxes.", "ko": "세금 포함."}}}}
    changed = dataclasses.replace(seoul, harmonise=broken)
    notes = caveats_of(changed, coverage.cover(changed, root))
    assert notes["item.rd_intensity"] == {"en": "2022: with taxes.", "ko": "2022: 세금 포함."}
    assert "item.rnd_performer" not in notes


def test_a_break_of_a_classification_reaches_the_cohorts_of_its_harmonised_code(root):
    colombia = study.read(*study.BASE, study.STUDIES / "colombia_edits.yaml")
    notes = caveats_of(colombia, coverage.cover(colombia, root))
    assert "2015: CIIU Rev. 4." in notes["cohort.industry_class"]["en"]
    assert "cohort.size_cis" not in notes
