"""Text cut at marks outside brackets."""

from innosurvey.outside import split_outside


def test_marks_inside_parentheses_and_brackets_belong_to_their_part():
    assert split_outside("lag(a, 2), x[C: food, drink], b", ",") == ["lag(a, 2)", "x[C: food, drink]", "b"]
    assert split_outside("x[C: food]:log(y)", ":") == ["x[C: food]", "log(y)"]


def test_a_text_without_the_mark_is_one_part():
    assert split_outside("log(x)", ":") == ["log(x)"]
