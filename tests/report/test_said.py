"""What the stages say, in another language: each sentence that the words know is one that a stage writes."""

import re
from pathlib import Path

import pytest

from innosurvey.report.said import SAID, in_language
from innosurvey.report.words import words_in

PACKAGE = Path(__file__).resolve().parents[2] / "innosurvey"
MOST_WORDS = 3
"""Of a sentence that functions put together, so many words in a row stand somewhere."""


def test_english_is_left_as_the_stages_write_it():
    assert in_language("fewer than 30 complete firms", "en") == "fewer than 30 complete firms"


@pytest.mark.parametrize(
    ("said", "korean"),
    [
        ("fewer than 30 complete firms", "빠진 값이 없는 기업이 30개 미만"),
        ("not estimated: fewer than 30 complete firms", "추정하지 않음: 빠진 값이 없는 기업이 30개 미만"),
        ("12 firms are treated when first seen and take no part; not asked",
         "처음 관측될 때 이미 지원받은 기업 12개 제외; 조사하지 않음"),
        ("no effect in 2020 on firms first treated in 2018: fewer than 5 firms on a side",
         "2018년에 처음 지원받은 기업의 2020년 효과 없음: 한쪽의 기업이 5개 미만"),
        ("selection: no convergence after 50 iterations", "선택식: 반복 50회 뒤에도 수렴하지 않음"),
        ("the survey does not have 3 of uses_a, 'local' or 'both' of uses_b",
         "조사에 없음: uses_a의 응답 3, uses_b의 응답 ‘지방’ 또는 ‘중앙과 지방’"),
    ],
)  # fmt: skip
def test_a_sentence_is_said_in_korean_with_what_is_filled_in(said: str, korean: str):
    assert in_language(said, "ko") == korean


def test_a_name_is_no_sentence():
    assert in_language("productivity", "ko", names={"productivity"}) == "productivity"


def test_what_no_word_knows_stays_as_it_is():
    assert in_language("something new happened", "ko") == "something new happened"


def test_a_number_is_not_taken_for_words():
    assert in_language("not quite all firms", "ko") == "not quite all firms"


@pytest.mark.parametrize("key", [key for key in words_in("en") if key.startswith(SAID)])
def test_each_sentence_is_one_that_a_stage_writes(key: str, source: str):
    longest = max(re.split(r"\{\w+\}", words_in("en")[key]), key=len)
    words = re.findall(r"\w+", longest)
    length = MOST_WORDS if len(words) >= MOST_WORDS else 1
    runs = [" ".join(words[place : place + length]) for place in range(len(words) - length + 1)]
    assert any(f" {run} " in source for run in runs), (
        f"no stage writes {words_in('en')[key]!r} any more: take {key} out, or word it as it is now"
    )


@pytest.fixture(scope="module")
def source() -> str:
    """Return the words of all stages' code, without the signs between them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")) if "report" not in path.parts]
    return re.sub(r"\W+", " ", " ".join(texts))
