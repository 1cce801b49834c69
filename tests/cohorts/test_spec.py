"""What a researcher can write under `cohorts:`, and what is answered when it cannot work."""

import pytest

from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.errors import StudyError


def rules(entry: dict) -> list[str | None]:
    return [group.rule for group in parse_cohorts({"c": entry})["c"].groups]


def test_bins_become_rules():
    groups = {"a": {"below": 4}, "b": {"below": 8}, "c": {}}
    assert rules({"bins": "age", "groups": groups}) == ["age < 4", "4 <= age < 8", "age >= 8"]


def test_a_rule_may_stand_alone():
    assert rules({"groups": {"a": "x > 1"}}) == ["x > 1"]


def test_the_rule_true_may_be_written_without_quotes():
    assert rules({"groups": {"all": {"rule": True}}}) == ["True"]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"grups": {}}, "Did you mean groups?"),
        ({"groups": {}}, "needs groups"),
        ({"kind": "partion", "groups": {"a": "x"}}, "Did you mean partition?"),
        ({"groups": {"a": {"ruel": "x"}}}, "Did you mean rule?"),
        ({"groups": {"a": {"title": {"ko": "가"}, "rule": "x"}}}, "English"),
        ({"groups": {"a": "x ="}}, "cohorts.c.groups.a"),
        ({"groups": {"unassigned": "x"}}, "kept for firms without an answer"),
        ({"groups": {"outside": "x"}}, "kept for firms outside the universe"),
        ({"groups": {"a": "x"}, "otherwise": "a"}, "stands twice"),
        ({"groups": {"a": "x"}, "kind": "overlapping", "otherwise": "b"}, "belongs to a partition"),
        ({"bins": "x", "groups": {"a": {"below": 4}, "b": {"below": 8}}}, "except the last"),
        ({"bins": "x", "groups": {"a": {"below": 4}, "b": {"below": 2}, "c": {}}}, "above that of the group before"),
        ({"groups": {"a": "x"}, "may_be_empty": "b"}, "not one of a"),
        ({"groups": {"a": "x"}, "version": "new"}, "whole number"),
        ({"lookup": {"variable": "x"}}, "`codelist`"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(entry, words):
    with pytest.raises(StudyError) as caught:
        parse_cohorts({"c": entry})
    assert words in str(caught.value)
