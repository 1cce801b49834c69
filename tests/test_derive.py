"""Derived variables: their order, their types, and what a survey cannot derive."""

import pandas as pd
import pytest

from innosurvey.derive import derive, parse_derived
from innosurvey.dictionary import Dictionary, Variable
from innosurvey.errors import StudyError

DICTIONARY = Dictionary(
    [
        Variable(variable="a", type="bool"),
        Variable(variable="b", type="bool"),
        Variable(variable="sales_t", type="float"),
        Variable(variable="partners", type="multi", levels=("domestic", "abroad")),
    ]
)


def make_firms() -> pd.DataFrame:
    return pd.DataFrame({"a": pd.array([True, False, None], dtype="boolean"), "sales_t": [1.0, 20.0, None]})


def derived(section: dict):
    return derive(make_firms(), parse_derived(section), DICTIONARY, {})


def test_a_variable_is_computed_after_those_it_is_built_from():
    assert list(parse_derived({"c": {"rule": "d and e"}, "d": {"rule": "e"}, "e": {"rule": "a"}})) == ["e", "d", "c"]


def test_a_circle_is_named():
    with pytest.raises(StudyError, match="c → d → c"):
        parse_derived({"c": {"rule": "d"}, "d": {"rule": "not c"}})


def test_the_type_follows_from_the_rule():
    firms = derived({"large": {"rule": "sales_t > 10"}, "double": {"rule": "2 * sales_t"}}).firms
    assert [str(dtype) for dtype in firms[["large", "double"]].dtypes] == ["boolean", "float64"]


def test_levels_make_an_enum_in_their_order():
    rule = "when(sales_t > 10, 'large', 'small')"
    column = derived({"size": {"rule": rule, "levels": ["small", "large"]}}).firms["size"]
    assert list(column.cat.categories) == ["small", "large"]
    assert column.isna().to_list() == [False, False, True]


def test_a_level_that_is_not_declared_is_refused():
    with pytest.raises(StudyError, match="the rule gives large, which `levels:` does not list"):
        derived({"size": {"rule": "when(sales_t > 10, 'large', 'small')", "levels": ["small", "big"]}})


def test_what_the_survey_lacks_is_listed_with_its_reason_and_so_is_what_is_built_on_it():
    result = derived({"c": {"rule": "b and a"}, "d": {"rule": "not c"}})
    assert result.unavailable == {"c": "the survey does not have b", "d": "c cannot be derived"}
    assert list(result.firms.columns) == ["a", "sales_t"]


def test_any_makes_do_with_the_variables_there_are():
    assert derived({"c": {"rule": "any(a, b)"}}).firms["c"].to_list()[:2] == [True, False]


def test_a_misspelt_variable_is_not_taken_for_an_absent_one():
    with pytest.raises(StudyError, match=r"derived\.c: there is no variable sales_x[\s\S]*Did you mean sales_t\?"):
        derived({"c": {"rule": "any(a, sales_x > 1)"}})


def test_a_level_of_a_multi_variable_is_checked_against_the_dictionary():
    firms = make_firms().assign(partners=pd.Series(["domestic", "abroad", None], dtype="str"))
    with pytest.raises(StudyError, match="Did you mean abroad"):
        derive(firms, parse_derived({"c": {"rule": "includes(partners, 'abroat')"}}), DICTIONARY, {})


def test_a_derived_variable_may_not_hide_an_answer():
    with pytest.raises(StudyError, match="has a variable of this name already"):
        derived({"sales_t": {"rule": "1"}})


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"rul": "a"}, "Did you mean rule?"),
        ({"title": "A"}, "exactly one of rule, lookup"),
        ({"rule": "a ="}, "derived.c"),
        ({"rule": "a", "type": "enum"}, "needs its levels"),
        ({"rule": "a", "type": "boole"}, "Did you mean bool?"),
    ],
)
def test_a_mistake_in_a_declaration_is_named(entry, words):
    with pytest.raises(StudyError) as caught:
        parse_derived({"c": entry})
    assert words in str(caught.value)


def test_a_declared_type_that_the_rule_does_not_give_is_refused():
    with pytest.raises(StudyError, match="declared as bool, but the rule gives float"):
        derived({"c": {"rule": "sales_t", "type": "bool"}})


def test_a_level_that_the_questionnaire_lacks_is_not_asked_and_not_no():
    firms = pd.DataFrame({"partners": ["domestic", "domestic|abroad"]})
    specs = parse_derived({"abroad": {"rule": "includes(partners, 'abroad')"}})
    found = derive(firms, specs, DICTIONARY, {}, {"partners": ("domestic", "none")})
    assert "abroad" not in found.firms.columns
    assert found.unavailable == {"abroad": "the survey does not have 'abroad' of partners"}
