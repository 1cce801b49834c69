import pytest

from innosurvey.errors import StudyError
from innosurvey.report.words import WORDS, words_in


def test_every_language_has_the_words_of_english():
    assert {language: set(words) ^ set(WORDS["en"]) for language, words in WORDS.items()} == {
        language: set() for language in WORDS
    }


def test_an_unknown_language_names_those_that_are_there():
    with pytest.raises(StudyError, match="It has: en"):
        words_in("xx")
