import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.report.tex import GREEK, SIGNS, tex

NAMES = {written: sign for sign, written in (SIGNS | GREEK).items() if sign not in "\nο"}
TOKENS = re.compile("|".join(map(re.escape, sorted(NAMES, key=len, reverse=True))))
LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="ο")
TEXTS = st.text(LETTERS | st.sampled_from(sorted(set(SIGNS) - {"\n"})))


def read_back(latex: str) -> str:
    """Return the words that LaTeX would show."""
    return TOKENS.sub(lambda found: NAMES[found[0]], latex.replace("-{}", "-").replace("'{}", "'").replace(",{}", ","))


@given(TEXTS)
def test_every_sign_is_shown_as_it_is(text):
    assert read_back(tex(text)) == text


@given(TEXTS)
def test_no_sign_is_left_that_is_a_command(text):
    rest = TOKENS.sub("", tex(text)).replace("{}", "")
    assert not set(rest) & set("\\{}$&#%_~^[]*")


@given(TEXTS)
def test_braces_are_balanced_in_every_beginning(text):
    depth = 0
    for sign in re.sub(r"\\[{}]", "", tex(text)):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize(("text", "latex"), [("a--b", "a-{}-b"), ("''", "'{}'"), ("---", "-{}-{}-"), ("1−2", "1$-$2")])
def test_signs_do_not_join_to_another(text, latex):
    assert tex(text) == latex


def test_a_line_break_is_a_space_and_korean_stays():
    assert tex("혁신\n활동") == "혁신 활동"
