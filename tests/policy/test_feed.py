import pytest

from innosurvey.errors import StudyError
from innosurvey.feed import Feed
from innosurvey.policy.feed import Declared, fail_if_undeclared, lacks_of
from tests.policy.made_up import ANSWER, spec

ITEMS = ("no_funds", "no_partners", "central_loan", "local_loan", "used_loan")
COMPARISON = {"cohort": "outcome", "reference": "success", "items": ["used_loan"]}


def lacks(items=ITEMS, groups=None, comparisons=(COMPARISON,), reasons=None, described=None):
    had = {"stage": ("startup",), "outcome": ("success", "failure")} if groups is None else groups
    feed = Feed(groups=had, items=items, comparisons=comparisons, rankings={}, models={}, lacks=reasons or {})
    return lacks_of(spec(), feed, described or {})


def test_a_study_that_has_everything_lacks_nothing():
    assert lacks() == {}


def test_a_study_without_a_frame_lacks_nothing():
    feed = Feed(groups={}, items=(), comparisons=(), rankings={}, models={}, lacks={})
    assert lacks_of(None, feed, {}) == {}


def test_without_stages_the_whole_frame_is_lacking_and_its_parts_are_not_told():
    found = lacks(groups={"outcome": ("success", "failure")}, reasons={("cohort", "stage"): "needs lifecycle"})
    assert found == {"policy_frame": "stage needs lifecycle"}


def test_a_barrier_or_an_instrument_that_is_not_asked_is_told_by_its_part():
    found = lacks(items=("no_funds", "no_partners", "central_loan", "used_loan"))
    assert found == {"financing.loan.local": "the study has no item local_loan. Did you mean central_loan?"}


def test_an_item_that_is_not_described_by_stage_is_lacking():
    assert lacks(described={"no_funds": {"not_for": ["stage"]}}) == {
        "financing.no_funds": "no_funds is not described in stage"
    }


def test_without_the_cohort_of_success_that_is_told_once():
    assert list(lacks(groups={"stage": ("startup",)})) == ["success"]


def test_an_instrument_that_no_comparison_has_is_told():
    assert lacks(comparisons=()) == {
        "financing.loan": "no comparison sets failure against success of outcome in used_loan"
    }


def test_a_comparison_of_either_group_with_the_other_will_do():
    assert lacks(comparisons=({**COMPARISON, "reference": "failure"},)) == {}


def declared(**changes):
    names = {
        "cohorts": {"stage": ("startup",), "outcome": ("success", "failure")},
        "items": dict.fromkeys(ITEMS, "share"),
        "claims": ("C7",),
    }
    return Declared(**{**names, **changes})


@pytest.mark.parametrize(
    ("frame", "names", "said"),
    [
        ({"stage": "stge"}, {}, "policy.stage: there is no cohort stge. Did you mean stage?"),
        (
            {"success": {"cohort": "outcome", "succeeded": "sucess", "failed": "failure"}},
            {},
            "policy.success: there is no group sucess. Did you mean success?",
        ),
        (
            {},
            {"items": {"no_fund": "share"}},
            "policy.fields, financing.no_funds: there is no item no_funds. Did you mean no_fund?",
        ),
        (
            {},
            {"items": dict.fromkeys(ITEMS, "mean")},
            "financing.no_funds: no_funds is a mean.\nTake an item whose statistic is a share.",
        ),
        (
            {"recommendations": {"lend": {**ANSWER, "claim": "C77"}}},
            {},
            "policy.recommendations.lend.claim: there is no claim C77. Did you mean C7?",
        ),
        (
            {"recommendations": {"lend": {**ANSWER, "cells": {"stages": ["startups"]}}}},
            {},
            "policy.recommendations.lend.cells.stages: there is no stage startups. Did you mean startup?",
        ),
    ],
)
def test_a_name_that_nobody_declares_is_refused_with_the_near_one(frame, names, said):
    with pytest.raises(StudyError) as caught:
        fail_if_undeclared(spec(**frame), declared(**names))
    assert said in str(caught.value)


def test_a_frame_of_declared_names_passes():
    fail_if_undeclared(spec(recommendations={"lend": ANSWER}), declared())
