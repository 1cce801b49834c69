"""The language of rules: what it means, what it refuses, and how it says so."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.errors import StudyError
from innosurvey.expressions import FUNCTIONS, evaluate, fail_if_unknown_names, missing_names, names_in

TRUTH = {"T": True, "F": False, "M": pd.NA}


def make_firms() -> pd.DataFrame:
    levels = pd.CategoricalDtype(["none", "occasional", "continuous"])
    return pd.DataFrame(
        {
            "employees_t": pd.array([5, 20, None, 300], dtype="Int64"),
            "sales_t": [100.0, 0.0, 50.0, np.nan],
            "rnd_inhouse": pd.Series(["none", "continuous", None, "occasional"], dtype=levels),
            "rnd_contracted": pd.array([False, True, None, False], dtype="boolean"),
            "inna_ongoing": pd.array([True, None, None, False], dtype="boolean"),
            "coop_universities": pd.Series(["domestic|abroad", "none", None, "seoul_metro"], dtype="str"),
            "obs_end": pd.to_datetime(["2018-12-31", "2018-12-31", None, "2020-12-31"]).as_unit("s"),
        }
    )


def values_of(text: str) -> list:
    return [None if pd.isna(value) else value for value in evaluate(text, make_firms())]


def message_of(text: str) -> str:
    with pytest.raises(StudyError) as caught:
        evaluate(text, make_firms(), where="derived.x")
    return str(caught.value)


@pytest.mark.parametrize(("left", "right"), list(itertools.product("TFM", repeat=2)))
def test_and_follows_kleene(left, right):
    known = "F" if "F" in (left, right) else "M" if "M" in (left, right) else "T"
    assert truth_of("a and b", left, right) == known


@pytest.mark.parametrize(("left", "right"), list(itertools.product("TFM", repeat=2)))
def test_or_follows_kleene(left, right):
    known = "T" if "T" in (left, right) else "M" if "M" in (left, right) else "F"
    assert truth_of("a or b", left, right) == known


@pytest.mark.parametrize(("value", "negated"), [("T", "F"), ("F", "T"), ("M", "M")])
def test_not_follows_kleene(value, negated):
    assert truth_of("not a", value, "T") == negated


def truth_of(text: str, left: str, right: str) -> str:
    firms = pd.DataFrame(
        {name: pd.array([TRUTH[value]], dtype="boolean") for name, value in (("a", left), ("b", right))}
    )
    result = evaluate(text, firms)[0]
    return "M" if pd.isna(result) else "T" if result else "F"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("employees_t >= 10", [False, True, None, True]),
        ("10 <= employees_t < 250", [False, True, None, False]),
        ("rnd_inhouse != 'none'", [False, True, None, True]),
        ("rnd_inhouse in ('none', 'occasional')", [True, False, None, True]),
        ("rnd_inhouse not in ('none')", [False, True, None, True]),
        ("employees_t in (5, 300)", [True, False, None, True]),
        ("any(rnd_inhouse != 'none', rnd_contracted)", [False, True, None, True]),
        ("all(rnd_contracted, inna_ongoing)", [False, None, None, False]),
        ("count(rnd_contracted, inna_ongoing)", [1, None, None, 0]),
        ("sum(employees_t, sales_t)", [105, 20, None, None]),
        ("mean(employees_t, sales_t)", [52.5, 10, 50, 300]),
        ("ratio(employees_t, sales_t)", [0.05, None, None, None]),
        ("percent(employees_t, sales_t)", [5, None, None, None]),
        ("employees_t / 0", [None, None, None, None]),
        ("log(sales_t)", [np.log(100), None, np.log(50), None]),
        ("includes(coop_universities, 'domestic')", [True, False, None, False]),
        ("reported(sales_t)", [True, True, True, False]),
        ("when(rnd_contracted, 1, 0)", [0, 1, None, 0]),
        ("when(employees_t < 10, 'micro', 'larger')", ["micro", "larger", None, "larger"]),
        ("clip(employees_t, 10, 100)", [10, 20, None, 100]),
        ("year(obs_end)", [2018, 2018, None, 2020]),
        ("obs_end <= '2019-01-01'", [True, True, None, False]),
        ("rnd_contracted == false", [True, False, None, True]),
        ("-employees_t + 2 * 3", [1, -14, None, -294]),
    ],
)
def test_an_expression_means_what_it_says(text, expected):
    assert values_of(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        ("rnd_contracted", "boolean"),
        ("employees_t", "float64"),
        ("rnd_inhouse", "str"),
        ("obs_end", "datetime64[s]"),
        ("1", "float64"),
    ],
)
def test_the_type_of_a_result_follows_from_its_kind(text, dtype):
    assert str(evaluate(text, make_firms()).dtype) == dtype


def test_names_come_in_order_each_once():
    assert names_in("when(sales_t > 0, any(rnd_contracted, b), sales_t) and not a in (1, 2)") == [
        "sales_t",
        "rnd_contracted",
        "b",
        "a",
    ]


def test_any_uses_the_variables_that_the_survey_has():
    assert values_of("any(rnd_contracted, not_in_this_survey)") == [False, True, None, False]


def test_any_without_a_single_variable_is_unavailable():
    assert missing_names("any(x, y)", ["a"]) == ["x", "y"]


def test_an_absent_variable_elsewhere_is_named():
    assert missing_names("any(a, x) and y > 0", ["a"]) == ["y"]


def test_a_forgiving_function_inside_another_keeps_its_own_count():
    assert missing_names("any(all(x, y), a)", ["a"]) == []
    assert missing_names("sum(a, x) > y", ["a", "y"]) == []


def test_a_misspelt_variable_gets_the_near_name():
    with pytest.raises(StudyError, match=r"derived\.innovator.*rnd_inhose[\s\S]*Did you mean rnd_inhouse\?"):
        fail_if_unknown_names(
            "any(rnd_contracted, rnd_inhose != 'none')", make_firms().columns, where="derived.innovator"
        )


def test_the_error_points_at_the_place():
    assert message_of("employees_t > 1 and rnd_inhose != 'none'").splitlines()[1:3] == [
        "    employees_t > 1 and rnd_inhose != 'none'",
        "                        ^",
    ]


def test_the_pointer_counts_characters_not_bytes():
    assert message_of("rnd_inhouse == '없음' and x").splitlines()[2].index("^") in (
        4 + len("rnd_inhouse == "),
        4 + len("rnd_inhouse == '없음' and "),
    )


def test_an_unknown_level_lists_the_levels():
    assert "The levels are none, occasional, continuous. Did you mean continuous?" in message_of(
        "rnd_inhouse == 'continous'"
    )


def test_an_unknown_level_of_a_multi_variable_is_refused_when_the_levels_are_known():
    with pytest.raises(StudyError, match="Did you mean domestic"):
        evaluate(
            "includes(coop_universities, 'domestik')",
            make_firms(),
            levels={"coop_universities": ("domestic", "abroad")},
        )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rnd_inhouse == 1", "text is compared with a number"),
        ("rnd_contracted == 1", "A yes/no variable stands alone"),
        ("employees_t == 'ten'", "a number is compared with text"),
        ("rnd_inhouse > 'none'", "has no order"),
        ("employees_t and rnd_contracted", "yes/no is needed here, and this is a number"),
        ("rnd_inhouse + 1", "The levels are none, occasional, continuous"),
        ("sum(rnd_contracted, inna_ongoing)", r"Use count"),
        ("when(rnd_contracted, 1, 'a')", "both branches"),
        ("employees_t in ('a', 'b')", "looked up among text"),
        ("obs_end > '2018'", "not a date"),
    ],
)
def test_kinds_do_not_mix(text, words):
    assert words in message_of(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = 1", "write `==`"),
        ("a && b", "`and` and `or`"),
        ("a & b", "Write `and`"),
        ("1 if a else 2", "when(condition, a, b)"),
        ("a is None", "reported(x)"),
        ("a.b", "no parts"),
        ("(a, b)", "behind `in`"),
        ("a in b", "needs a list of constants"),
        ("ratio(a)", "takes 2 arguments, not 1"),
        ("medain(a)", "Did you mean mean?"),
        ("sum(a, b=1)", "plain arguments"),
        ("__import__('os').system('true')", "there is no function"),
        ("a ** 2", "operator"),
        ("[x for x in a]", "not in the language"),
        ("", "empty"),
        ("(" * 500 + "1" + ")" * 500, "derived.x"),
        (" + ".join(["a"] * 500), "nested too deeply"),
        ("1e999", "too large"),
    ],
)
def test_what_the_language_lacks_is_refused_with_a_remedy(text, words):
    assert words in message_of(text)


FRAGMENTS = st.sampled_from(
    [
        *FUNCTIONS,
        *make_firms().columns,
        "and",
        "or",
        "not",
        "in",
        "==",
        "<",
        "(",
        ")",
        ",",
        "'none'",
        "1",
        "2.5",
        "-",
        "+",
        "/",
        " ",
        "is",
        "[",
        "x",
        "'",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(FRAGMENTS, max_size=12).map(" ".join)))
def test_no_text_breaks_the_language(text):
    try:
        result = evaluate(text, make_firms())
    except StudyError:
        return
    assert result.index.equals(make_firms().index)


ATOMS = st.sampled_from(["rnd_contracted", "inna_ongoing", "employees_t > 10", "rnd_inhouse == 'none'"])
RULES = st.recursive(
    ATOMS,
    lambda parts: st.one_of(
        st.tuples(parts, st.sampled_from(["and", "or"]), parts).map(lambda three: f"({' '.join(three)})"),
        parts.map(lambda part: f"(not {part})"),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(RULES, RULES)
def test_de_morgan_holds_with_missing_answers(left, right):
    firms = make_firms()
    pd.testing.assert_series_equal(
        evaluate(f"not ({left} and {right})", firms), evaluate(f"(not {left}) or (not {right})", firms)
    )


def test_an_empty_table_gives_an_empty_result():
    assert len(evaluate("any(rnd_inhouse != 'none', rnd_contracted)", make_firms().iloc[:0])) == 0
