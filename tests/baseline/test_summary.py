import pandas as pd
import pytest

from innosurvey.baseline.classify import classify, parse_tolerances
from innosurvey.baseline.summary import causes_in_words, change_in_words, summarise
from tests.baseline.made import LEVEL, listed, release


def classified(*changes, tolerances=None):
    """Return classified statistics of (key, statistic, class, before, after)."""
    sides = []
    for at in (3, 4):
        parts = [listed((one[0], one[1], one[at]), kind=one[2]) for one in changes if one[at] is not None]
        sides.append(pd.concat(parts, ignore_index=True) if parts else listed())
    return classify(*sides, parse_tolerances(tolerances), LEVEL)


def in_words(statistic, kind, before, after):
    rows = classified(("size|large||2022", statistic, kind, before, after))
    return change_in_words(rows.iloc[0].to_dict(), LEVEL)


@pytest.mark.parametrize(
    ("statistic", "kind", "before", "after", "meaning"),
    [
        ("difference", "estimate", "8", "10", "up 25 %"),
        ("difference", "estimate", "10", "8", "down 20 %"),
        ("difference", "estimate", "-8", "-10", "down 25 %"),
        ("outside", "count", "0", "1", "up from 0"),
        ("difference", "estimate", "2", "-3", "sign flipped, down"),
        ("p", "p_value", "0.04", "0.06", "no longer significant at 5 %"),
        ("p", "p_value", "0.06", "0.04", "now significant at 5 %"),
        ("verdict", "verdict", "supported", "reversed", "another verdict"),
        ("difference", "estimate", None, "1", "new"),
        ("difference", "estimate", "1", None, "not there now"),
        ("difference", "estimate", "withheld", "1", "withheld then"),
        ("difference", "estimate", "1", "withheld", "withheld now"),
    ],
)
def test_a_change_is_said_in_words(statistic, kind, before, after, meaning):
    assert in_words(statistic, kind, before, after).meaning == meaning


@pytest.mark.parametrize(
    ("statistic", "before", "after", "meaning"),
    [
        ("lower", (1, 5), (-1, 5), "the interval holds zero now"),
        ("lower", (-1, 5), (1, 5), "the interval holds zero no longer"),
        ("upper", (-5, -1), (-5, 1), "the interval holds zero now"),
        ("upper", (-5, 1), (-5, -1), "the interval holds zero no longer"),
    ],
)
def test_an_interval_is_said_to_hold_zero_or_not(statistic, before, after, meaning):
    ends = zip(("lower", "upper"), before, after, strict=True)
    rows = classified(*[("all", end, "interval", str(old), str(new)) for end, old, new in ends])
    assert change_in_words(rows[rows["statistic"] == statistic].iloc[0].to_dict(), LEVEL).meaning == meaning


def test_the_place_is_the_key_without_its_empty_parts():
    assert in_words("difference", "estimate", "1", "2").place == "size · large · 2022"


def test_numbers_are_as_short_as_they_can_be_told_apart():
    change = in_words("difference", "estimate", "1.00000123", "1.00000456")
    assert (change.before, change.after) == ("1.00000123", "1.00000456")


def test_what_changes_a_conclusion_stands_first():
    rows = classified(
        ("all", "estimate", "estimate", "1", "900"),
        ("all", "difference", "estimate", "1", "-1"),
        ("all", "p", "p_value", "0.049", "0.051"),
        ("all", "verdict", "verdict", "supported", "reversed"),
        ("all", "n", "count", None, "3"),
    )
    (part,) = summarise(rows, release(), {}, LEVEL, 9).tables
    assert [change.statistic for change in part.gravest] == ["verdict", "p", "difference", "estimate", "n"]


def test_both_directions_are_counted():
    rows = classified(
        ("a", "difference", "estimate", "1", "2"),
        ("b", "difference", "estimate", "1", "3"),
        ("c", "difference", "estimate", "2", "1"),
    )
    (part,) = summarise(rows, release(), {}, LEVEL, 1).tables
    assert (part.statistics, part.differ, part.up, part.down, len(part.gravest)) == (3, 3, 2, 1, 1)


def test_what_is_within_tolerance_does_not_differ():
    rows = classified(("a", "difference", "estimate", "1", "1.01"), tolerances={"estimate": {"relative": 0.1}})
    comparison = summarise(rows, release(), {}, LEVEL, 9)
    assert (comparison.differ, comparison.tables) == (0, ())


def test_what_appeared_or_vanished_differs():
    rows = classified(("a", "difference", "estimate", None, "1"), ("b", "difference", "estimate", "1", None))
    assert summarise(rows, release(), {}, LEVEL, 9).differ == 2


@pytest.mark.parametrize(
    ("then", "now", "before", "after", "close"),
    [
        (100, 101, "8", "8.1", {"compare": 1}),
        (109, 100, "8", "8.1", {"compare": 1}),
        (100, 110, "8", "8.1", {}),
        (100, 100, "8", "8.1", {}),
        (100, 101, "8", "withheld", {}),
        (100, 101, None, "8", {}),
    ],
)
def test_samples_that_a_few_firms_are_the_difference_between_are_counted(then, now, before, after, close):
    rows = classified(("a", "difference", "estimate", before, after), ("a", "se", "standard_error", before, after))
    rows = rows.assign(n_before=then, n_after=now)
    assert summarise(rows, release(), {}, LEVEL, 9, least=10).close == close


def test_many_causes_are_counted():
    assert causes_in_words({"code": list("abcdef")}) == ["code: a, b, c, d, 2 more"]
