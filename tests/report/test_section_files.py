"""Every language has the section files of English."""

import pytest

from innosurvey.errors import StudyError
from innosurvey.report.section_files import section_names
from innosurvey.report.words import languages

from .conftest import read_templates


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_sections_and_macros_of_english(language: str):
    assert section_names(read_templates(), language)


def test_sections_stand_in_their_order_without_macros():
    templates = {"20_b.en.md.j2": "", "_m.en.md.j2": "", "10_a.en.md.j2": ""}
    assert section_names(templates, "en") == ["10_a.en.md.j2", "20_b.en.md.j2"]


def test_a_language_without_a_section_of_english_is_told_which():
    templates = {"10_a.en.md.j2": "", "_m.en.md.j2": "", "20_b.en.md.j2": "", "10_a.ko.md.j2": ""}
    with pytest.raises(StudyError, match=r"20_b\.ko\.md\.j2 \(English: 20_b\.en.*\n.*_m\.ko") as error:
        section_names(templates, "ko")
    assert "howto-new-language" in str(error.value)


def test_a_language_without_sections_names_those_that_have_some():
    with pytest.raises(StudyError, match=r"'xx'[\s\S]*There are: en"):
        section_names({"10_a.en.md.j2": ""}, "xx")
