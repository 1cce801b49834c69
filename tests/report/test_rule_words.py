"""Rules as an economist reads them."""

from dataclasses import replace

import pytest

from innosurvey.report.rule_words import Speech, rule_in_words
from innosurvey.report.words import words_in

TITLES = {"employees_t": "Employees", "sales_t": "Sales", "innovator": "Any innovation", "stage": "Stage"}
SPEECH = Speech(
    words=words_in("en"),
    title=lambda name: f"“{TITLES.get(name, name)}”",
    unit=lambda name: "million KRW" if name == "sales_t" else "",
)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("true", "every firm"),
        ("sales_t > 0", "“Sales” above 0"),
        ("innovator", "“Any innovation”"),
        ("not innovator", "not “Any innovation”"),
        ("employees_t < 50", "“Employees” below 50"),
        ("10 <= employees_t < 50", "“Employees” from 10 to below 50"),
        ("sales_t <= 150000", "“Sales” at most 150,000 million KRW"),
        ("stage == 'early_growth'", "“Stage” is ‘early growth’"),
        ("stage in ('startup', 'mature')", "“Stage” is ‘startup’ or ‘mature’"),
        ("any(innovator, rnd)", "any of: “Any innovation”; “rnd”"),
        ("any(innovator)", "“Any innovation”"),
        ("certified and (innovator or rnd)", "“certified” and (“Any innovation” or “rnd”)"),
        ("mean(a, b) <= sales_t", "(mean of “a”; “b”) at most “Sales”"),
        ("year(end) - founded", "year of “end” − “founded”"),
        ("when(tried > 0, sold > 0, false)", "where “tried” above 0: “sold” above 0, else no"),
        ("includes(coop, 'none')", "“coop” includes ‘none’"),
        ("reported(stage)", "“Stage” is reported"),
        ("percent(a, b) > 0.5", "“a” in per cent of “b” above 0.5"),
        ("not (innovator and rnd)", "not (“Any innovation” and “rnd”)"),
        ("clip(-a, 0, 100)", "−“a”, held between 0 and 100"),
    ],
)
def test_a_rule_reads_as_words(rule, words):
    assert rule_in_words(rule, SPEECH) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("true", "모든 기업"),
        ("10 <= employees_t < 50", "“Employees” 10 이상 50 미만"),
        ("sales_t <= 150000", "“Sales” 150,000백만 원 이하"),
        ("not innovator", "“Any innovation” 아님"),
        ("any(innovator, rnd)", "다음 중 하나 이상: “Any innovation”; “rnd”"),
    ],
)
def test_korean_reads_rules_in_its_own_order(rule: str, words: str):
    speech = replace(SPEECH, words=words_in("ko"), unit=lambda name: "백만 원" if name == "sales_t" else "")
    assert rule_in_words(rule, speech) == words


def test_every_function_of_the_language_has_words():
    from innosurvey.expressions import FUNCTIONS

    assert [name for name in FUNCTIONS if f"rule_words_{name}" not in words_in("en")] == []


def test_levels_are_named_as_those_of_the_variable_that_they_are_compared_with():
    speech = replace(SPEECH, level=lambda variable, level: f"{variable}: {level}")
    assert rule_in_words("stage in ('startup', 'mature')", speech) == "“Stage” is ‘stage: startup’ or ‘stage: mature’"
