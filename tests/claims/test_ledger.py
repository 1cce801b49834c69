from itertools import product

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from innosurvey.claims.ledger import combined, judge_claims
from innosurvey.claims.verdict import VERDICTS
from tests.claims.made_up import ACTIVE, MORE, claim, comparison, tables

SALES = {"comparison": {**ACTIVE, "item": "sales"}, "sign": "positive"}


def judged(*claims, absent=None, **rows):
    ledger, hypotheses = judge_claims(claims, tables(**rows), absent or {}, 0.95)
    return ledger.set_index("claim"), hypotheses


@pytest.mark.parametrize(
    ("verdicts", "of_all", "of_any"),
    [
        (["supported", "supported"], "supported", "supported"),
        (["supported", "not supported"], "not supported", "supported"),
        (["supported", "reversed"], "not supported", "not supported"),
        (["reversed", "reversed"], "reversed", "reversed"),
        (["reversed", "not supported"], "not supported", "reversed"),
        (["not supported", "not supported"], "not supported", "not supported"),
        (["supported", "not estimable"], "not estimable", "supported"),
        (["not supported", "not estimable"], "not supported", "not estimable"),
        (["not estimable", "not estimable"], "not estimable", "not estimable"),
    ],
)
def test_the_verdict_on_a_claim_follows_those_on_its_hypotheses(verdicts, of_all, of_any):
    assert (combined(verdicts, "all"), combined(verdicts, "any")) == (of_all, of_any)


@forall(st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=5), st.sampled_from(["all", "any"]))
def test_the_order_of_hypotheses_does_not_matter(verdicts, decide):
    assert combined(verdicts, decide) == combined(verdicts[::-1], decide)


@pytest.mark.parametrize(("one", "other"), product(VERDICTS, VERDICTS))
def test_a_claim_of_all_is_supported_only_if_each_hypothesis_is(one, other):
    assert (combined([one, other], "all") == "supported") == (one == other == "supported")


def test_a_claim_is_judged_by_its_main_estimates_alone():
    ledger, _ = judged(claim(MORE), compare=[comparison(), comparison(-1.0, wave="2020")])
    assert ledger.loc["C1", "verdict"] == "supported"


def test_checks_that_come_to_another_verdict_are_counted():
    ledger, _ = judged(claim(MORE), compare=[comparison(), comparison(-1.0, wave="2020")], unweighted=[comparison(0.8)])
    assert (ledger.loc["C1", "checks"], ledger.loc["C1", "checks_agree"]) == (2, 1)


def test_p_values_are_adjusted_within_a_family_of_claims():
    first = claim(MORE, name="C1")
    second = claim(SALES, name="C2")
    _, hypotheses = judged(first, second, compare=[comparison(p=0.03), comparison(p=0.04, item="sales")])
    assert hypotheses["p_adjusted"].tolist() == pytest.approx([0.04, 0.04])


def test_another_family_is_adjusted_on_its_own():
    first = claim(MORE, name="C1", family="one")
    second = claim(SALES, name="C2", family="two")
    _, hypotheses = judged(first, second, compare=[comparison(p=0.03), comparison(p=0.04, item="sales")])
    assert hypotheses["p_adjusted"].tolist() == pytest.approx([0.03, 0.04])


def test_checks_have_no_adjusted_p_value():
    _, hypotheses = judged(claim(MORE), compare=[comparison(), comparison(wave="2020", p=0.01)])
    assert hypotheses["p_adjusted"].isna().tolist() == [False, True]


def test_what_the_survey_lacks_is_the_reason_that_a_claim_is_not_estimable():
    ledger, _ = judged(claim(MORE), absent={"C1.h1": "patents needs ip_patent_appl"})
    assert ledger.loc["C1", ["verdict", "reason"]].tolist() == ["not estimable", "patents needs ip_patent_appl"]


def test_the_rule_says_signs_smallest_effects_level_and_family():
    ledger, _ = judged(claim({**MORE, "matters": 0.1}, SALES), compare=[comparison()])
    assert ledger.loc["C1", "rule"] == (
        "all of h1: positive, at least 0.1; h2: positive; p < 0.05 adjusted in family performance"
    )


def test_a_study_without_estimates_has_a_ledger_all_the_same():
    ledger, hypotheses = judged(claim(MORE))
    assert (ledger.loc["C1", "verdict"], len(hypotheses)) == ("not estimable", 1)


def test_a_claim_hangs_on_its_least_certain_hypothesis_and_tells_its_effect_and_its_range():
    ledger, _ = judged(
        claim(MORE, SALES),
        compare=[
            comparison(1.0, p=1e-6),
            comparison(2.0, p=0.03, item="sales"),
            comparison(1.5, item="sales", wave="2020"),
            comparison(2.5, item="sales", wave="2022"),
        ],
    )
    row = ledger.loc["C1"]
    assert (row["decisive"], row["effect"], row["p_adjusted"]) == ("h2", 2.0, pytest.approx(0.03))
    assert (row["effect_least"], row["effect_most"]) == (1.5, 2.5)
    assert row["lower"] < 2.0 < row["upper"]


def test_a_claim_without_a_test_hangs_on_nothing():
    ledger, _ = judged(claim(MORE), compare=[comparison(status="not estimated: too few firms")])
    assert ledger.loc["C1", "decisive"] == ""
    assert ledger.loc["C1", ["effect", "lower", "p_adjusted", "effect_least"]].isna().all()
