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
        ({"kind": "unit", "variable": "a", "reference": "r", "factors": [1000]}, "`band` is missing"),
        (LOGICAL | {"rule": "a = b"}, "edits.e: this does not read"),
        ({"kind": "balance", "variables": ["a"], "total": "all"}, "expected a number"),
        ({}, "`kind` is missing"),
    ],
)
def test_a_mistake_in_an_edit_is_named(entry, words):
    with pytest.raises(StudyError) as caught:
        parse_edits({"e": entry})
    assert words in str(caught.value)


UNIT = {"kind": "unit", "variable": "a", "reference": "r", "factors": [1000], "band": 3}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"factors": [0]}, "edits.e.factors: `0` is no factor between two units.\nWrite numbers above 0 other than 1"),
        ({"factors": [1000, 1]}, "`1` is no factor"),
        ({"factors": [-1000]}, "`-1000` is no factor"),
        ({"factors": 1000}, "expected a list of numbers"),
        ({"factors": []}, "expected a list of numbers"),
        ({"factors": ["thousand"]}, "`thousand` is no factor"),
        ({"band": 1}, "edits.e.band: expected a number above 1, not `1`"),
        ({"band": 40}, "the bands around the factors 1 and 1000 overlap"),
        ({"factors": [1000, 1200]}, "the bands around the factors 1000 and 1200 overlap"),
        ({"reference": "2 *"}, "edits.e: this does not read"),
    ],
)
def test_a_unit_edit_that_cannot_work_says_why(change, words):
    with pytest.raises(StudyError) as caught:
        parse_edits({"e": UNIT | change})
    assert words in str(caught.value)


def test_the_band_may_reach_to_where_the_next_begins():
    assert parse_edits({"e": UNIT | {"band": 31.6}})["e"].band == 31.6


def test_a_range_is_a_rule_with_bounds():
    spec = parse_edits({"e": {"kind": "range", "variable": "a", "minimum": 0, "maximum": 5}})["e"]
    assert (spec.rule, spec.localised) == ("a >= 0.0 and a <= 5.0", True)


def test_a_range_without_bounds_is_refused():
    with pytest.raises(StudyError, match="a range needs a bound"):
        parse_edits({"e": {"kind": "range", "variable": "a"}})


def test_a_skip_takes_out_what_was_not_asked():
    spec = parse_edits({"e": {"kind": "skip", "variable": "a", "rule": "b > 0"}})["e"]
    assert (spec.rule, spec.blank, spec.flag) == ("not reported(a) or (b > 0)", ("a",), "not_asked")


def test_an_edit_without_blank_has_its_wrong_fields_localised():
    assert parse_edits({"e": {"kind": "logical", "rule": "a <= b"}})["e"].localised


def test_an_edit_knows_all_the_variables_that_it_needs():
    entry = {"kind": "ratio", "rule": "a < r", "correct": {"a": "a / k"}, "blank": ["a"]}
    assert parse_edits({"e": entry})["e"].names() == ["a", "r", "k"]
