import pytest

from innosurvey import yamlfile
from innosurvey.errors import StudyError
from innosurvey.report.words import fail_if_translation_differs, languages, words_at, words_in

ENGLISH = {"table": "Table", "page": "Page {number} of {pages}"}


def check(text: str) -> None:
    file = yamlfile.parse(text, "words/xx.yaml")
    fail_if_translation_differs(file.data, ENGLISH, file)


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_words_of_english(language):
    assert set(words_in(language)) == set(words_in("en"))


def test_the_words_tell_the_level_of_the_intervals():
    assert words_at("en", 0.95)["note_interval"] == "95 % confidence intervals below the estimates."
    assert words_at("en", 0.9)["note_interval"].startswith("90 % ")
    assert words_at("en", 0.9)["note_specification_curve"].endswith("Filled: p below 0.1; hollow: not.")


def test_an_unknown_language_names_those_that_are_there():
    with pytest.raises(StudyError, match="It has: en"):
        words_in("xx")


def test_a_language_may_order_what_is_filled_in_as_it_likes():
    check("table: 표\npage: '{pages}쪽 중 {number}쪽'\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("page: '{number} / {pages}'\n", "table is missing (English: 'Table')"),
        ("table: 표\npage: '{number} / {pages}'\nextra: 더\n", "words/xx.yaml line 3: English has no extra"),
        ("table: 표\npage: '{number}쪽'\n", "line 2: page fills in ['number'], English ['number', 'pages']"),
    ],
)
def test_a_translation_that_differs_is_named_with_file_and_line(text, said):
    with pytest.raises(StudyError) as caught:
        check(text)
    assert said in str(caught.value)
