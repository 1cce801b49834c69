"""A language is a matter of files: no list in the code or the schema names those that there are."""

import re
import shutil

import pytest

from innosurvey import coverage, dictionary, study
from innosurvey.errors import StudyError
from innosurvey.languages import (
    SECTIONS,
    WORDS,
    fail_if_a_language_has_no_files,
    files_lacking,
    languages_of_codebooks,
    languages_with_words,
)
from innosurvey.setting import check_texts, labels_in

ROW = {"variable": "age", "type": "int", "label_en": "Age", "label_ko": "업력"}


@pytest.fixture
def with_toy(root, tmp_path):
    """A folder with the files of the languages that there are, and those of a toy language, the Korean ones again."""
    for folder in (WORDS, SECTIONS):
        shutil.copytree(root / folder, tmp_path / folder)
        for path in list((tmp_path / folder).iterdir()):
            if re.search(r"\bko\b", path.name):
                shutil.copy(path, path.with_name(re.sub(r"\bko\b", "xx", path.name)))
    return tmp_path


def test_english_and_korean_have_their_files(root):
    assert {"en", "ko"} <= set(languages_with_words(root))
    assert {"en", "ko"} <= set(languages_of_codebooks(root))
    fail_if_a_language_has_no_files(("en", "ko"), root)


def test_a_language_whose_files_are_there_is_known(with_toy):
    assert "xx" in languages_with_words(with_toy)
    assert files_lacking("xx", with_toy) == []
    fail_if_a_language_has_no_files(("en", "xx"), with_toy)


def test_a_language_that_lacks_one_section_is_refused_with_the_file(with_toy):
    (with_toy / SECTIONS / "30_state.xx.md.j2").unlink()
    with pytest.raises(StudyError) as caught:
        fail_if_a_language_has_no_files(("en", "xx"), with_toy)
    assert "cannot be written in xx" in str(caught.value)
    assert "It can in: en, ko." in str(caught.value)
    assert "  - workflow/report/sections/30_state.xx.md.j2\nTake the language out" in str(caught.value)


def test_an_unknown_language_of_a_study_is_refused_with_those_that_there_are(root, tmp_path):
    (tmp_path / "mine.yaml").write_text("study: seoul\nreport: {languages: [en, zz]}\n", encoding="utf-8")
    loaded = study.read(*study.BASE, tmp_path / "mine.yaml")
    with pytest.raises(StudyError, match=r"written in zz\.[\s\S]*It can in: en, ko\.[\s\S]*words/zz\.yaml"):
        check_texts(loaded, coverage.cover(loaded, root), root)


@pytest.mark.parametrize("languages", ["[english]", "[]", "[en, en]"])
def test_what_is_no_list_of_languages_is_refused_by_the_schema(tmp_path, languages):
    (tmp_path / "mine.yaml").write_text(f"study: seoul\nreport: {{languages: {languages}}}\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"mine\.yaml line 2.*report\.languages"):
        study.read(*study.BASE, tmp_path / "mine.yaml")


def test_the_dictionary_may_have_labels_in_any_language():
    made = dictionary.from_rows([{**ROW, "label_xx": "Ega"}], "variables.csv")["age"]
    assert [made.label(language) for language in ("en", "ko", "xx", "yy")] == ["Age", "업력", "Ega", "Age"]
    assert labels_in({**ROW, "label_xx": "Ega"}) == {"en": "Age", "ko": "업력", "xx": "Ega"}
