"""Items are checked where they are declared, and read a slice without turning silence into an answer."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.items import item_values, parse_items
from tests.made_slices import make_item, make_slice


def entry(**settings: object) -> dict[str, object]:
    return {
        "title": {"en": "Sales", "ko": "매출액"},
        "statistic": "mean",
        "variable": "sales_t",
        "unit": "currency_million",
    } | settings


def test_items_keep_the_order_of_the_config():
    items = parse_items({"second": entry(), "first": entry(statistic="median")})
    assert [(item.id, item.statistic) for item in items] == [("second", "mean"), ("first", "median")]


def test_an_overlay_removes_an_item_with_null():
    assert [item.id for item in parse_items({"kept": entry(), "removed": None})] == ["kept"]


def test_a_share_is_in_percent_without_being_told():
    (item,) = parse_items({"active": {"title": {"en": "Active"}, "statistic": "share", "variable": "active"}})
    assert (item.unit, item.scale) == ("percent", 100)


def test_only_a_ratio_in_percent_is_per_hundred():
    shared = {"title": {"en": "R"}, "statistic": "ratio", "numerator": "a", "denominator": "b"}
    intensity, productivity = parse_items(
        {"i": shared | {"unit": "percent"}, "p": shared | {"unit": "currency_million"}}
    )
    assert (intensity.scale, productivity.scale) == (100, 1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"statistc": "mean"}, r"describe\.sales: unknown key `statistc`\. Did you mean statistic\?"),
        ({"statistic": "meen"}, r"describe\.sales\.statistic: `meen` is not one of .* Did you mean mean\?"),
        ({"unit": None}, r"describe\.sales: `unit` is missing\."),
        ({"level": "high"}, r"level is given, but the statistic is mean"),
        ({"numerator": "x"}, r"a mean needs variable; the entry has variable and numerator"),
        ({"variable": None}, r"a mean needs variable; the entry has neither"),
        ({"statistic": "ratio"}, r"a ratio needs numerator and denominator; the entry has variable"),
        ({"title": {"ko": "매출액"}}, r"the title has no English text"),
        ({"decimals": 1.5}, r"decimals is 1\.5"),
        ({"statistic": "quantile"}, r"a quantile needs `at`, the share of firms at or below it\."),
        ({"statistic": "quantile", "at": 25}, r"a quantile needs `at`, .*, not 25\."),
        ({"statistic": "median", "at": 0.25}, r"at is given, but the statistic is median"),
    ],
)
def test_a_faulty_entry_is_refused_with_its_name_and_the_fault(settings, message):
    with pytest.raises(StudyError, match=message):
        parse_items({"sales": entry(**settings)})


def test_an_unanswered_yes_no_question_is_left_out():
    firms = make_slice(y=pd.array([True, False, pd.NA], dtype="boolean"))
    values = item_values(make_item(statistic="share"), firms)
    assert values.reported.tolist() == [True, True, False]
    assert values.y[:2].tolist() == [1, 0]


def test_a_share_counts_the_firms_of_a_level():
    firms = make_slice(y=pd.Categorical(["high", "low", None], categories=["low", "high"]))
    values = item_values(make_item(statistic="share", level="high"), firms)
    np.testing.assert_array_equal(values.y, [1, 0, np.nan])


def test_a_share_counts_the_firms_that_include_a_level_among_several():
    firms = make_slice(y=pd.array(["abroad|domestic", "domestic_group", None], dtype="str"))
    values = item_values(make_item(statistic="share", level="domestic"), firms)
    np.testing.assert_array_equal(values.y, [1, 0, np.nan])


def test_a_share_counts_the_firms_with_a_score():
    firms = make_slice(y=pd.array([3, 0, pd.NA], dtype="Int64"))
    values = item_values(make_item(statistic="share", level="3"), firms)
    np.testing.assert_array_equal(values.y, [1, 0, np.nan])


def test_a_ratio_needs_both_answers():
    firms = make_slice(y=[1.0, 2.0, np.nan], x=[4.0, np.nan, 5.0])
    values = item_values(make_item(statistic="ratio", numerator="y", denominator="x"), firms)
    assert values.reported.tolist() == [True, False, False]


def test_an_absent_variable_is_noted_and_not_an_error():
    values = item_values(make_item(variable="exports_t"), make_slice(y=[1.0, 2.0]))
    assert values.absent == ("exports_t",)
    assert not values.reported.any()


def test_a_variable_that_nobody_answered_is_unreported_whatever_its_type():
    values = item_values(make_item(), make_slice(y=pd.Series([None, None], dtype="object")))
    assert values.absent == ()
    assert not values.reported.any()


@pytest.mark.parametrize(
    ("settings", "column", "message"),
    [
        (
            {"statistic": "mean"},
            pd.array([True, False], dtype="boolean"),
            r"a mean needs numbers, but y is a yes/no variable",
        ),
        ({"statistic": "median"}, pd.Categorical(["a", "b"]), r"a median needs numbers, but y is an enum"),
        ({"statistic": "share"}, [1.0, 2.0], r"a share needs a yes/no variable, but y is a number"),
        ({"statistic": "share", "level": "c"}, pd.Categorical(["a", "b"]), r"y has no level 'c'\.[\s\S]*It has: a, b"),
        ({"statistic": "share", "level": "high"}, [1.0, 2.0], r"y is a number, and level 'high' is none"),
    ],
)
def test_a_statistic_that_does_not_fit_its_variable_is_refused(settings, column, message):
    with pytest.raises(StudyError, match=message):
        item_values(make_item(**settings), make_slice(y=column))
