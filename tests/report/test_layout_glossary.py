"""The table of terms."""

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.layout_glossary import glossary_table
from innosurvey.report.lookup import Lookup

from .made_up import made_up_context

TERMS = {
    "reach": {
        "term": {"en": "reach", "ko": "도달률"},
        "definition": {"en": "Who uses it.", "ko": "활용하는 기업."},
        "source": "me",
    },
    "barrier": {
        "term": {"en": "barrier", "ko": "장애요인"},
        "definition": {"en": "What hinders.", "ko": "막는 것."},
        "source": {"en": "Oslo Manual 2018, chapter 7", "ko": "오슬로 매뉴얼"},
    },
    "cdm": {"term": {"en": "CDM model"}, "definition": {"en": "A chain."}, "source": "me"},
}


def cells(table):
    return [[cell.runs[0].text for cell in row.cells] for row in table.rows]


def draft_with(terms):
    about = ReportContext.from_mapping(made_up_context(glossary=terms))
    return Draft(lookup=Lookup({}, about.sources, about.minimum_n), context=about, language="en", figures={})


def table_of(terms):
    return glossary_table(draft_with(terms))


def test_terms_stand_in_the_order_of_their_language_whatever_their_case():
    assert [row[0] for row in cells(table_of(TERMS))] == ["barrier", "CDM model", "reach"]


def test_a_term_has_the_other_languages_word_its_definition_and_its_source():
    assert cells(table_of(TERMS))[0] == ["barrier", "장애요인", "What hinders.", "Oslo Manual 2018, chapter 7"]
    assert [column.title for column in table_of(TERMS).columns] == ["Term", "Korean", "Definition", "Source"]


def test_a_term_without_a_word_in_the_other_language_has_an_empty_cell():
    assert cells(table_of(TERMS))[1][1] == ""


def test_terms_in_one_language_need_no_column_for_another():
    assert [column.title for column in table_of({"cdm": TERMS["cdm"]}).columns] == ["Term", "Definition", "Source"]


def test_a_study_without_a_glossary_has_no_such_table():
    assert table_of({}) is None
