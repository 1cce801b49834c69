import dataclasses

import pytest

from innosurvey import checks_of_configuration, coverage, study
from innosurvey.errors import StudyError
from innosurvey.known import fail_if_the_policy_names_unknown


@pytest.fixture(scope="module")
def colombia():
    return study.read(*study.BASE, study.STUDIES / "colombia_edits.yaml")


@pytest.fixture(scope="module")
def look(colombia, root):
    groups = checks_of_configuration.known_groups(colombia, coverage.cover(colombia, root))

    def with_policy(**changes):
        policy = {**colombia.programme["policy"], **changes}
        changed = dataclasses.replace(colombia, programme={**colombia.programme, "policy": policy})
        fail_if_the_policy_names_unknown(changed, groups, root)

    return with_policy


def test_the_frame_of_a_study_that_has_taken_cohorts_out_passes(look):
    look()
    look(success={"cohort": "outcome_goal", "succeeded": "success", "failed": "failure"})


def test_a_study_without_a_frame_passes(colombia, root):
    without = dataclasses.replace(colombia, programme={**colombia.programme, "policy": None})
    fail_if_the_policy_names_unknown(without, {}, root)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stage": "stage_slf"}, "policy.stage: there is no cohort stage_slf. Did you mean stage_self?"),
        (
            {"fields": {"money": {"title": "Money", "barriers": ["high_own_fund"]}}},
            "money.high_own_fund: there is no item high_own_fund. Did you mean high_own_funds?",
        ),
        (
            {"fields": {"money": {"title": "Money", "barriers": ["sales_mean"]}}},
            "money.sales_mean: sales_mean is a mean.",
        ),
    ],
)
def test_a_name_that_nobody_ever_declared_is_refused(look, changes, said):
    with pytest.raises(StudyError) as caught:
        look(**changes)
    assert said in str(caught.value)
