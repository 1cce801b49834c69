import pytest

from innosurvey import study
from innosurvey.errors import StudyError
from innosurvey.reference.declared import declared_reference
from innosurvey.reference.words import reference_words

from .make import OWN, ROOT, own

SECTION = {"folder": "resources/reference/series", "tables": list(OWN)}


def test_seoul_shows_the_printed_tables_and_colombia_none():
    assert study.read(*study.BASE).reference == SECTION
    colombia = study.read(*study.BASE, ROOT / "resources/studies/colombia_edits.yaml")
    assert declared_reference(colombia.reference, ROOT) is None
    assert reference_words(None) == {}


def test_a_table_without_a_file_is_named_with_the_near_one():
    with pytest.raises(StudyError, match=r"reference: there is no file .*kim_7\.csv\. Did you mean kim_\d\.csv\?"):
        declared_reference({**SECTION, "tables": ["kim_7"]}, ROOT)


def test_the_report_gets_titles_sources_and_remarks_of_the_tables_that_are_shown():
    words = reference_words(declared_reference({**SECTION, "tables": ["spru_1"]}, ROOT))
    assert list(words["tables"]) == ["spru_1", "derived_spru_1"]
    assert words["tables"]["spru_1"]["series"]["100000+"]["en"] == "100,000 employees and more"
    assert words["ratios"] == {}


def test_every_text_of_the_declaration_has_english_and_korean():
    spec = declared_reference(SECTION, ROOT)
    texts = [*spec.sources.values(), *spec.notes.values(), *(ratio.title for ratio in spec.ratios.values())]
    for table in spec.tables.values():
        texts += [table.title, table.head, *filter(None, (table.after, table.note))]
        texts += [one.title for one in (*table.series.values(), *table.at.values()) if one.title["en"] != one.id]
    assert not [text for text in texts if set(text) != {"en", "ko"}]


def test_every_remark_is_on_a_check_that_does_not_come_out():
    checks = own("checks")
    told = (checks["adds_up"] != "yes") & ~checks["check"].str.contains("derived")
    assert set(declared_reference(SECTION, ROOT).notes) == set(checks.loc[told, "check"])
