"""Which robustness questions a study can feed, and how the others are told."""

import pytest

from innosurvey.coverage_robustness import curves_had
from innosurvey.errors import StudyError

KNOWN = {"sales", "rd", "certified", "firm_id", "weight_final"}


def had(variables, **changed):
    entry = {"outcomes": ["sales"], "inputs": ["rd"], "samples": {"all": "all", "certified": "certified"}, **changed}
    lacks = []
    found = curves_had({"robustness": {"link": entry}, "cohorts": {"stage": {}}}, variables, KNOWN, ["stage"], lacks)
    return found, [(lack.kind, lack.id, lack.reason) for lack in lacks]


def test_a_choice_that_can_not_be_had_is_told_by_its_place():
    found, lacks = had({"sales", "rd"})
    assert [sample.name for sample in found[0].samples] == ["all"]
    assert lacks == [("robustness", "link.samples.certified", "needs certified")]


def test_a_question_that_can_not_be_asked_is_told_by_its_name():
    assert had({"sales", "certified"}) == ((), [("robustness", "link", "needs rd")])


def test_a_question_of_a_cohort_that_the_study_lacks_is_told():
    lacks = []
    entry = {"outcomes": ["sales"], "inputs": ["rd"], "foreach": ["stage"]}
    assert curves_had({"robustness": {"link": entry}, "cohorts": {"stage": {}}}, KNOWN, KNOWN, [], lacks) == ()
    assert lacks[0].reason == "needs one of the cohorts stage"


def test_a_variable_that_nobody_declares_is_an_error():
    with pytest.raises(StudyError, match="link uses variables"):
        had(KNOWN, inputs=["rdd"])
