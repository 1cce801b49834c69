import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.baseline import classify as c
from innosurvey.errors import StudyError
from tests.baseline.made import LEVEL, listed

TOLERANCES = c.parse_tolerances(
    {name: {"relative": 0.01, "absolute": 0.001} for name in ("estimate", "interval", "p_value")}
)


def became(before, after, kind="estimate"):
    """Return what became of one statistic and in which direction."""
    sides = [listed(*([("all", "difference", value)] if value else []), kind=kind) for value in (before, after)]
    row = c.classify(*sides, TOLERANCES, LEVEL).iloc[0]
    return row["outcome"], row["direction"]


@pytest.mark.parametrize(
    ("before", "after", "kind", "expected"),
    [
        ("1.5", "1.5", "estimate", (c.IDENTICAL, "")),
        ("1.5", "1.50", "estimate", (c.IDENTICAL, "")),
        ("100", "100.9", "estimate", (c.WITHIN, c.UP)),
        ("100", "99.1", "estimate", (c.WITHIN, c.DOWN)),
        ("0", "0.001", "estimate", (c.WITHIN, c.UP)),
        ("100", "103", "estimate", (c.CHANGED, c.UP)),
        ("100", "97", "estimate", (c.CHANGED, c.DOWN)),
        ("0", "5", "estimate", (c.CHANGED, c.UP)),
        ("2", "-3", "estimate", (c.SIGN, c.DOWN)),
        ("-2", "3", "estimate", (c.SIGN, c.UP)),
        ("-0.0004", "0.0004", "estimate", (c.WITHIN, c.UP)),
        ("0.04", "0.06", "p_value", (c.SIGNIFICANCE, c.UP)),
        ("0.06", "0.04", "p_value", (c.SIGNIFICANCE, c.DOWN)),
        ("0.06", "0.09", "p_value", (c.CHANGED, c.UP)),
        ("0.0499", "0.0501", "p_value", (c.SIGNIFICANCE, c.UP)),
        ("0.05", "0.0499999999999", "p_value", (c.WITHIN, c.DOWN)),
        ("10", "11", "count", (c.CHANGED, c.UP)),
        ("supported", "supported", "verdict", (c.IDENTICAL, "")),
        ("supported", "reversed", "verdict", (c.CHANGED, "")),
        (None, "5", "estimate", (c.APPEARED, "")),
        ("5", None, "estimate", (c.VANISHED, "")),
        ("withheld", "5", "estimate", (c.APPEARED, "")),
        ("5", "withheld", "estimate", (c.VANISHED, "")),
        ("withheld", "withheld", "estimate", (c.IDENTICAL, "")),
        ("withheld", None, "estimate", (c.VANISHED, "")),
        (None, "withheld", "estimate", (c.APPEARED, "")),
    ],
)
def test_a_statistic_becomes(before, after, kind, expected):
    assert became(before, after, kind) == expected


def ends(before, after):
    """Return what became of the two ends of an interval."""
    sides = [
        listed(("all", "lower", str(low)), ("all", "upper", str(high)), kind="interval")
        for low, high in (before, after)
    ]
    rows = c.classify(*sides, TOLERANCES, LEVEL)
    return tuple(rows["outcome"])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((1, 5), (-1, 5), (c.SIGNIFICANCE, c.IDENTICAL)),
        ((-1, 5), (1, 5), (c.SIGNIFICANCE, c.IDENTICAL)),
        ((-5, -1), (-5, 1), (c.IDENTICAL, c.SIGNIFICANCE)),
        ((-1, 0), (-1, -0.5), (c.IDENTICAL, c.SIGNIFICANCE)),
        ((1, 5), (-5, -1), (c.SIGN, c.SIGN)),
        ((1, 5), (2, 5), (c.CHANGED, c.IDENTICAL)),
        ((-1, 5), (-2, 5), (c.CHANGED, c.IDENTICAL)),
        ((1e-12, 5), (-1e-12, 5), (c.WITHIN, c.IDENTICAL)),
    ],
)
def test_an_end_flips_significance_where_it_lets_zero_in_or_out(before, after, expected):
    assert ends(before, after) == expected


def test_an_end_without_its_other_end_flips_no_significance():
    sides = [listed(("all", "lower", value), kind="interval") for value in ("1", "-1")]
    assert c.classify(*sides, TOLERANCES, LEVEL)["outcome"].tolist() == [c.SIGN]


def test_the_ends_of_one_interval_are_told_from_those_of_another():
    sides = [
        listed(("all", "lower", value), ("all", "upper", "5"), ("all", "log_odds_lower", "-9"),
               ("all", "log_odds_upper", "-8"), kind="interval")
        for value in ("1", "-1")
    ]  # fmt: skip
    found = c.classify(*sides, TOLERANCES, LEVEL).set_index("statistic")["outcome"]
    assert found[found != c.IDENTICAL].to_dict() == {"lower": c.SIGNIFICANCE}


def test_a_class_without_tolerance_must_be_identical():
    sides = [listed(("all", "difference", value)) for value in ("1", "1.000001")]
    assert c.classify(*sides, c.parse_tolerances(None), LEVEL)["outcome"].tolist() == [c.CHANGED]


def test_a_tolerance_of_no_class_is_refused_with_the_near_name():
    with pytest.raises(StudyError, match=r"validation\.tolerances\.estimat: .* Did you mean estimate\?"):
        c.parse_tolerances({"estimat": {"relative": 0.1}})


def test_verdicts_have_no_tolerance():
    with pytest.raises(StudyError, match="Verdicts are compared as texts"):
        c.parse_tolerances({"verdict": {"relative": 0.1}})


numbers = st.floats(-100, 100).map(lambda number: f"{number + 0.0:.10g}")
values = st.one_of(numbers, st.just("withheld"))
KINDS = {"difference": "estimate", "lower": "interval", "upper": "interval", "p": "p_value", "verdict": "verdict"}
names = st.tuples(st.sampled_from(["all", "large"]), st.sampled_from(sorted(KINDS)))
lists = st.dictionaries(names, values, max_size=8)


def as_list(told):
    made = listed(*[(*name, value) for name, value in told.items()])
    made["class"] = made["statistic"].map(KINDS).astype("str")
    return made


TURNED = {c.APPEARED: c.VANISHED, c.VANISHED: c.APPEARED, c.UP: c.DOWN, c.DOWN: c.UP}


@settings(max_examples=60, deadline=None)
@given(lists, lists)
def test_swapping_old_and_new_turns_appeared_into_vanished_and_up_into_down(old, new):
    there, back = (c.classify(as_list(a), as_list(b), TOLERANCES, LEVEL) for a, b in ((old, new), (new, old)))
    for column in ("outcome", "direction"):
        assert there[column].map(lambda told: TURNED.get(told, told)).tolist() == back[column].tolist()


@settings(max_examples=60, deadline=None)
@given(lists)
def test_a_list_is_identical_to_itself(told):
    found = c.classify(as_list(told), as_list(told), TOLERANCES, LEVEL)
    assert (found["outcome"] == c.IDENTICAL).all()


@settings(max_examples=60, deadline=None)
@given(lists, lists)
def test_every_statistic_of_either_list_is_classified_once(old, new):
    found = c.classify(as_list(old), as_list(new), TOLERANCES, LEVEL)
    assert sorted(zip(found["key"], found["statistic"], strict=True)) == sorted({*old, *new})
    assert set(found["outcome"]) <= set(c.OUTCOMES)
