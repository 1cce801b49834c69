"""What every section of the configuration is told about its keys."""

import pytest

from innosurvey.errors import StudyError
from innosurvey.specs import exactly_one_of, fail_if_key_missing, fail_if_unknown_keys, mapping_at


def refusal(check, *arguments: object) -> str:
    with pytest.raises(StudyError) as caught:
        check(*arguments)
    return str(caught.value)


def test_an_unknown_key_is_named_with_the_near_name_and_the_known_ones():
    said = refusal(fail_if_unknown_keys, {"rul": 1}, ("rule", "title"), "here")
    assert said == "here: unknown key `rul`. Did you mean rule?\nKnown keys: rule, title."


def test_all_unknown_keys_are_named_at_once():
    said = refusal(fail_if_unknown_keys, {"rul": 1, "zzz": 2}, ("rule",), "here")
    assert said == "here: unknown keys:\n  - `rul`. Did you mean rule?\n  - `zzz`.\nKnown keys: rule."


@pytest.mark.parametrize("entry", [{"title": "x"}, {"title": "x", "rule": None}])
def test_a_required_key_needs_a_value(entry):
    said = refusal(fail_if_key_missing, entry, ("rule", "title"), "here")
    assert said == "here: `rule` is missing.\nIt needs: rule, title."


def test_false_and_zero_are_values():
    fail_if_key_missing({"a": False, "b": 0}, ("a", "b"), "here")


def test_one_of_several_keys_is_asked_for_by_name():
    assert exactly_one_of({"rule": "x"}, ("rule", "lookup"), "here") == "rule"
    assert "(given: rule, lookup)" in refusal(exactly_one_of, {"rule": 1, "lookup": 2}, ("rule", "lookup"), "here")


def test_a_section_without_entries_is_an_empty_one():
    assert mapping_at(None, "here") == {}
