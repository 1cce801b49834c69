import pytest

from innosurvey.errors import StudyError
from innosurvey.report.formats import Style, date_in_words, style_of, written
from innosurvey.report.words import words_in

STYLE = Style(currency="KRW")


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("share", 12.345, "12.3 %"),
        ("share", 0.0, "0.0 %"),
        ("points", 3.25, "+3.2 percentage points"),  # half to even: 3.25 is exact in binary
        ("points", -3.2, "−3.2 percentage points"),
        ("points", -0.04, "0.0 percentage points"),
        ("count", 12345.0, "12,345"),
        ("money", 1843000.0, "1,843,000 million KRW"),
        ("money", 43.21, "43.2 million KRW"),
        ("money", 4.321, "4.32 million KRW"),
        ("p", 0.0341, "p = 0.034"),
        ("p", 0.00001, "p < 0.001"),
        ("p_bare", 0.5, "0.500"),
        ("estimate", 0.012345, "0.0123"),
        ("estimate", 1234.5, "1,234"),
        ("signed", 0.5, "+0.500"),
    ],
)
def test_a_number_is_written_as_its_kind_has_it(kind: str, value: float, text: str):
    assert written(kind, value, STYLE).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
@pytest.mark.parametrize("kind", ["share", "points", "count", "money", "p", "estimate", "signed"])
def test_a_missing_value_raises(kind: str, value: float):
    with pytest.raises(StudyError, match="missing"):
        written(kind, value, STYLE) if kind != "money" or value is not None else written("share", value, STYLE)


def test_another_language_may_have_other_separators():
    assert written("count", 1234567.0, Style(thousands=".")) == "1.234.567"


@pytest.mark.parametrize(
    ("kind", "value", "currency", "text"),
    [
        ("money", 83.0, "KRW", "83.0백만 원"),
        ("money", -1843000.0, "KRW", "−1,843,000백만 원"),
        ("money", 83.0, "COP", "83.0백만 COP"),
        ("points", 3.2, "KRW", "+3.2 %p"),
        ("share", 12.3, "KRW", "12.3 %"),
        ("p", 0.0341, "KRW", "p = 0.034"),
    ],
)
def test_korean_writes_numbers_and_their_units_together(kind: str, value: float, currency: str, text: str):
    style = style_of(words_in("ko"), currency)
    assert written(kind, value, style).replace("\N{NO-BREAK SPACE}", " ") == text


def test_a_sign_stands_apart_from_its_number_in_every_language():
    assert style_of(words_in("ko"), "KRW").with_unit("12.3", "%") == "12.3 %"
    assert style_of(words_in("ko"), "KRW").with_unit("12.3", "명") == "12.3명"


@pytest.mark.parametrize(("language", "text"), [("en", "2023-06-30"), ("ko", "2023년 6월 30일")])
def test_a_date_is_written_as_its_language_has_it(language: str, text: str):
    assert date_in_words("2023-06-30", words_in(language)) == text


def test_a_date_that_is_none_says_how_to_write_one():
    with pytest.raises(StudyError, match="year-month-day"):
        date_in_words("June 2023", words_in("en"))


def test_an_unknown_format_names_the_near_one():
    with pytest.raises(StudyError, match="Did you mean share"):
        written("shares", 1.0, STYLE)
