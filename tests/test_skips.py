"""Which questions were passed over: by a filter's answer, or because the filter was passed over itself."""

import numpy as np
import pandas as pd

from innosurvey.dictionary import FLAGS
from innosurvey.skips import blank_cells, in_order, passed_over

FLAG = pd.CategoricalDtype(list(FLAGS))


def firms(answers: list[bool | None], flags: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {"cooperates": pd.Series(answers, dtype="boolean"), "cooperates_flag": pd.Series(flags).astype(FLAG)}
    )


def test_a_filter_that_was_answered_decides():
    asked = firms([True, False], ["observed", "observed"])
    assert passed_over("cooperates", asked).tolist() == [False, True]


def test_a_question_behind_a_filter_that_was_not_asked_was_not_asked_either():
    assert passed_over("cooperates", firms([None], ["not_asked"])).tolist() == [True]


def test_a_filter_that_was_refused_leaves_the_question_open():
    assert passed_over("cooperates", firms([None, None], ["refused", "missing"])).tolist() == [False, False]


def test_one_of_two_filters_without_its_answer_leaves_the_question_open():
    both = firms([None, None], ["not_asked", "not_asked"]).assign(
        other=pd.Series([None, None], dtype="boolean"), other_flag=pd.Series(["missing", "not_asked"]).astype(FLAG)
    )
    assert passed_over("any(cooperates, other)", both).tolist() == [False, True]


def test_a_filter_comes_before_what_it_filters_wherever_it_is_declared():
    assert in_order({"place": "partner", "partner": "active", "staff": "size > 3"}) == ["partner", "place", "staff"]


def block(answered: int, of: int) -> np.ndarray:
    """One firm's block of questions under a rule: which cells are blank."""
    return np.array([[False] * answered + [True] * (of - answered)])


def test_a_firm_that_left_nearly_all_questions_behind_an_open_filter_blank_was_led_past_them():
    assert passed_over("cooperates", firms([None], ["missing"]), blank=block(1, 6)).tolist() == [True]


def test_a_firm_that_answered_some_of_them_leaves_the_rule_open():
    assert passed_over("cooperates", firms([None], ["missing"]), blank=block(2, 6)).tolist() == [False]


def test_a_few_blank_questions_tell_nothing():
    assert passed_over("cooperates", firms([None], ["missing"]), blank=block(0, 4)).tolist() == [False]


def test_blank_questions_tell_nothing_against_a_filter_that_leads_to_them():
    assert passed_over("cooperates", firms([True], ["observed"]), blank=block(0, 6)).tolist() == [False]


def test_a_question_that_was_refused_is_not_blank():
    flags = pd.DataFrame({f"{name}_flag": [flag] for name, flag in (("a", "refused"), ("b", "missing"))})
    assert blank_cells(flags, ["a", "b"]).tolist() == [[False, True]]
