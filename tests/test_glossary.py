"""The glossary, and that the texts of the report keep to it."""

import re
from pathlib import Path

import pytest

from innosurvey import coverage, files, study, yamlfile
from innosurvey.checks_of_configuration import check_programme
from innosurvey.errors import StudyError
from innosurvey.glossary import avoided_in, glossary_of, words_to_avoid
from innosurvey.translated import texts_in

JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", flags=re.DOTALL)
SECTIONS = study.ROOT / "workflow/report/sections"
WORDS = study.ROOT / "workflow/report/words"
LANGUAGES = ("en", "ko")
STUDIES = ("", "colombia_edits", "certificate")


@pytest.fixture(scope="module")
def terms():
    return glossary_of(study.read(*study.BASE))


def read(text, folder):
    file = Path(folder) / "mine.yaml"
    file.write_text("study: seoul\n" + text, encoding="utf-8")
    return study.read(*study.BASE, file)


def told(language):
    """Yield the place and the words of each text that a report in the language is made of; what stands in Jinja's
    braces is code.
    """
    for path in sorted(SECTIONS.glob(f"*.{language}.md.j2")):
        text = JINJA.sub(lambda code: "\n" * code[0].count("\n") or " ", path.read_text(encoding="utf-8"))
        yield from ((f"{path.name} line {number}", line) for number, line in enumerate(text.splitlines(), start=1))
    for path in WORDS.glob(f"{language}.yaml"):
        file = yamlfile.read(path, path.name)
        yield from ((file.where(name), str(words)) for name, words in file.data.items())
    for variable in files.read_dictionary(study.ROOT / "resources/dictionary/variables.csv").values():
        yield f"variables.csv: {variable.variable}", getattr(variable, f"label_{language}")
    printed = yamlfile.read(study.ROOT / "resources/reference/series/tables.yaml", "tables.yaml")
    for text in texts_in(printed.data, LANGUAGES):
        yield printed.where(*text.key(language)), text.said.get(language, "")
    for name in STUDIES:
        loaded = study.read(*study.BASE, *([study.STUDIES / f"{name}.yaml"] if name else []))
        said = {**loaded.programme, "studies": {loaded.name: {"title": loaded.title, "quality": loaded.quality}}}
        for text in texts_in(said, LANGUAGES):
            yield loaded.where(*text.key(language)).rstrip(": ") or text.name, text.said.get(language, "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_uses_another_word_for_a_term_of_the_glossary(language, terms):
    avoided = words_to_avoid(terms, language)
    found = {
        f"{place}: “{word}” (use “{avoided[word]}”)"
        for place, text in told(language)
        for word in avoided_in(text, avoided, language)
    }
    assert sorted(found) == []


def test_a_korean_word_is_found_with_a_particle_behind_it_and_not_inside_another_word():
    assert avoided_in("정보원천은 다음과 같다.", ["정보원천"], "ko") == ["정보원천"]
    assert avoided_in("큰 장애요인이 있다.", ["큰 장애"], "ko") == []


def test_an_english_word_is_found_whatever_its_case_and_not_inside_another_word():
    assert avoided_in("Obstacle  race", ["obstacle race"], "en") == ["obstacle race"]
    assert avoided_in("coworkers", ["workers"], "en") == []


def test_every_term_has_a_word_and_a_definition_in_both_languages(terms):
    assert {len({*entry["term"]} & {*entry["definition"]} & {*LANGUAGES}) for entry in terms.values()} == {2}


def test_a_word_that_stands_for_two_terms_is_refused_with_file_line_and_remedy(tmp_path):
    loaded = read("glossary: {boon: {term: {en: Grant, ko: 은혜}, definition: {en: A gift}, source: me}}\n", tmp_path)
    with pytest.raises(StudyError, match=r"mine.yaml line 2: “Grant” is the term of boon and of grant\n.*rename one"):
        glossary_of(loaded)


def test_a_term_may_not_avoid_the_word_of_another(tmp_path):
    loaded = read("glossary: {barrier: {avoid: {en: [grant]}}}\n", tmp_path)
    with pytest.raises(StudyError, match="barrier avoids “grant”, which is the term of grant"):
        check_programme(loaded, study.ROOT)


def test_an_unknown_key_of_a_term_is_named_with_its_line(tmp_path):
    with pytest.raises(StudyError, match=r"mine.yaml line 2: glossary.grant.avoids: unknown key. +Did you mean avoid"):
        read("glossary: {grant: {avoids: {en: [gift]}}}\n", tmp_path)


def test_a_study_may_take_a_term_out(tmp_path):
    loaded = read("glossary: {grant: null}\n", tmp_path)
    assert "grant" not in glossary_of(loaded)
    assert coverage.cover(loaded, study.ROOT)
