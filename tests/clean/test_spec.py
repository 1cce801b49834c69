"""What a researcher can declare as an edit."""

import pytest

from innosurvey.clean import parse_edits
from innosurvey.errors import StudyError

LOGICAL = {"kind": "logical", "rule": "a <= b", "blank": ["a"]}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "logicl"}, "Did you mean logical?"),
        (LOGICAL | {"blnk": []}, "Did you mean blank?"),
        ({"kind": "logical", "rule": "a <= b"}, "`blank` is missing"),
        (LOGICAL | {"rule": "a = b"}, "edits.e: this does not read"),
        ({"kind": "balance", "variables": ["a"], "total": "all"}, "expected a number"),
        ({}, "`kind` is missing"),
    ],
)
def test_a_mistake_in_an_edit_is_named(entry, words):
    with pytest.raises(StudyError) as caught:
        parse_edits({"e": entry})
    assert words in str(caught.value)


def test_an_edit_knows_all_the_variables_that_it_needs():
    entry = {"kind": "ratio", "rule": "a < r", "correct": {"a": "a / k"}, "blank": ["a"]}
    assert parse_edits({"e": entry})["e"].names() == ["a", "r", "k"]
