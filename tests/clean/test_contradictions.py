"""Edits held against each other."""

import pytest

from innosurvey.clean import fail_if_edits_contradict, parse_edits, read_system, redundant_edits
from innosurvey.dictionary import from_rows
from innosurvey.errors import StudyError

DICTIONARY = from_rows(
    [
        *({"variable": name, "type": "float"} for name in "abc"),
        {"variable": "share", "type": "float", "minimum": "0", "maximum": "100"},
        {"variable": "kind", "type": "enum", "levels": "x|y|z"},
        {"variable": "does", "type": "bool"},
        {"variable": "topics", "type": "multi", "levels": "p|q"},
        {"variable": "born", "type": "int", "minimum": "1900"},
        {"variable": "end", "type": "date"},
    ],
    "test",
)


def edits_of(**rules):
    return parse_edits(
        {name: {"kind": "logical", "rule": rule, "text": f"Text of {name}"} for name, rule in rules.items()}
    )


def said(**rules) -> str:
    edits = edits_of(**rules)
    with pytest.raises(StudyError) as caught:
        fail_if_edits_contradict(read_system(edits.values(), DICTIONARY), edits)
    return str(caught.value)


def redundant(**rules) -> dict[str, tuple[str, ...]]:
    edits = edits_of(**rules)
    found = redundant_edits(read_system(edits.values(), DICTIONARY), edits)
    return {one.edit: one.because for one in found}


def test_two_edits_that_no_record_can_pass_are_named_with_what_each_demands():
    assert said(low="a >= 10", other="b > a", high="a <= 5") == (
        "edits: no record can pass these 2 together:\n"
        "  - low (Text of low) demands a at least 10\n"
        "  - high (Text of high) demands a at most 5\n"
        "Correct one of them; a study removes an edit with `<edit>: null` under `edits:`."
    )


def test_three_edits_of_which_any_two_go_together_are_all_named():
    message = said(first="a <= b", second="b <= c", third="c < a", fourth="a + b >= 0")
    assert "these 3 together" in message
    assert "first (Text of first) demands a at most b" in message
    assert "third (Text of third) demands a above c" in message
    assert "fourth" not in message


def test_an_edit_against_the_range_of_the_dictionary_names_both():
    message = said(large="share > 100")
    assert "large (Text of large) demands share above 100" in message
    assert "the range of share demands share at most 100" in message


def test_levels_that_leave_nothing_are_put_in_words():
    message = said(one="kind in ('x', 'y')", two="kind == 'z'")
    assert "one (Text of one) demands kind x or y" in message
    assert "two (Text of two) demands kind to be z" in message


def test_a_contradiction_through_levels_and_numbers_is_found():
    message = said(one="not does or a > 5", two="does or a > 7", three="a < 3")
    assert "these 3 together" in message
    assert "one (Text of one) demands does to be false or a above 5" in message


def test_one_edit_that_contradicts_itself_is_named_alone():
    assert "no record can pass this one:\n  - one (Text of one) demands" in said(one="a > 5 and a < 3")


def test_balances_that_cannot_both_hold_contradict():
    balance = {"kind": "balance", "variables": ["a", "b"], "total": 100}
    edits = parse_edits({"first": balance, "second": {**balance, "total": 50}})
    with pytest.raises(StudyError, match="no record can pass these 2 together"):
        fail_if_edits_contradict(read_system(edits.values(), DICTIONARY), edits)


def test_questions_that_are_never_asked_together_do_not_contradict():
    edits = parse_edits(
        {
            "one": {"kind": "skip", "variable": "a", "rule": "does"},
            "two": {"kind": "skip", "variable": "b", "rule": "not does"},
        }
    )
    fail_if_edits_contradict(read_system(edits.values(), DICTIONARY), edits)


def test_an_edit_that_follows_from_two_others_adds_nothing():
    assert redundant(first="a <= b", second="b <= c", third="a <= c") == {"third": ("first", "second")}


def test_of_two_edits_that_say_the_same_the_later_adds_nothing():
    assert redundant(first="a <= b", second="b >= a") == {"second": ("first",)}


def test_an_edit_that_holds_within_the_ranges_names_the_range():
    assert redundant(one="share >= -1") == {"one": ("the range of share",)}


def test_an_edit_that_adds_something_is_not_redundant():
    assert redundant(first="a <= b", second="a < b", third="not does or a <= c") == {"first": ("second",)}


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("ratio(a, b) <= 3", "`ratio(a, b)` is not linear in the answers"),
        ("log(a) <= 3", "`log(a)` is not linear"),
        ("includes(topics, 'p') or a > 0", "`includes(topics, 'p')` is not linear"),
        ("reported(a) or does", "it demands an answer"),
    ],
)
def test_a_rule_that_cannot_be_localised_asks_for_what_is_blanked(rule, reason):
    with pytest.raises(StudyError) as caught:
        read_system(edits_of(e=rule).values(), DICTIONARY)
    assert f"edits.e: which field is wrong cannot be worked out from this rule: {reason}" in str(caught.value)
    assert "Say what is blanked with `blank: [<variable>]`" in str(caught.value)


def test_a_rule_without_normal_form_that_says_what_is_blanked_is_left_out():
    edits = parse_edits({"e": {"kind": "logical", "rule": "log(a) <= 3", "blank": ["a"]}})
    assert read_system(edits.values(), DICTIONARY).clauses == ()


def test_what_is_computed_of_given_columns_is_one_number():
    edits = edits_of(one="born <= year(end)", two="born <= year(end) - 1")
    fail_if_edits_contradict(read_system(edits.values(), DICTIONARY), edits)
