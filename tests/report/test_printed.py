"""How printed tables are named in a report."""

import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.printed import PrintedWords

from .made_up import made_up_context


@pytest.fixture
def words() -> PrintedWords:
    return PrintedWords(ReportContext.from_mapping(made_up_context()), "en")


def test_a_source_is_cited_with_the_number_of_its_table_and_where_it_has_it_from(words: PrintedWords):
    assert words.cited("kim_4") == "J.-Y. Kim, SME Innovation Policies in Korea, Table 4"
    assert words.cited("kim_2").startswith(
        "J.-Y. Kim, SME Innovation Policies in Korea, Table 2 (after: Annual Report on"
    )
    assert words.cited("kim_text") == "J.-Y. Kim, SME Innovation Policies in Korea, text"
    assert words.cited("assumed") == "an assumption of this report"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("kim_2.sme_business_share@2004", "SMEs in all businesses, 2004"),
        ("kim_3.budget@1997-99..2005", "Budget, 1997-99 to 2005"),
        ("spru_1.1-199..500-999@1970-74", "1-199 employees to 500-999 employees, 1970-74"),
        ("derived_spru_1.1-199@1970-74", "1-199 employees, 1970-74, worked out"),
        ("kim_text.sme_jobs_created@stated", "Jobs created by SMEs, late 1998 to 2004"),
    ],
)
def test_an_address_is_said_in_words(words: PrintedWords, address: str, said: str):
    assert words.cell(address) == said


def test_a_unit_stands_behind_a_title_unless_it_is_a_count(words: PrintedWords):
    assert words.with_unit("Budget", "billion_krw") == "Budget (billion KRW)"
    assert words.with_unit("Firms", "count") == "Firms"
