import re
from pathlib import Path

import pytest

from innosurvey import report
from innosurvey.errors import StudyError
from innosurvey.report.words import WORDS, words_at, words_in


def test_every_language_has_the_words_of_english():
    assert {language: set(words) ^ set(WORDS["en"]) for language, words in WORDS.items()} == {
        language: set() for language in WORDS
    }


def test_the_words_tell_the_level_of_the_intervals():
    assert words_at("en", 0.95)["note_interval"] == "95 % confidence intervals below the estimates."
    assert words_at("en", 0.9)["note_interval"].startswith("90 % ")
    assert words_at("en", 0.9)["note_specification_curve"].endswith("Filled: p below 0.1; hollow: not.")


def test_an_unknown_language_names_those_that_are_there():
    with pytest.raises(StudyError, match="It has: en"):
        words_in("xx")


def test_no_module_of_words_takes_a_name_of_another():
    names = [
        name
        for path in sorted(Path(report.__file__).parent.glob("words*.py"))
        for name in re.findall(r'^    "(\w+)":', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    ]
    assert [name for name in set(names) if names.count(name) > 1] == []
