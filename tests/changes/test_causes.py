"""The chain of causes: which links it has, and how it is walked back from the present."""

import pytest

from innosurvey.changes.causes import (
    CAUSES,
    CODE,
    CONFIGURATION,
    ENVIRONMENT,
    REVISION,
    UNITS,
    UNRECORDED,
    Link,
    links_of,
    walk,
)
from innosurvey.errors import StudyError


def names(links):
    return [link.name for link in links]


def test_causes_stand_in_the_order_of_the_chain_however_they_were_found():
    assert names(links_of({UNITS, CODE, REVISION}, few_units=False)) == [CODE, REVISION, UNITS]


def test_a_change_without_a_cause_is_told_as_one_that_nothing_recorded_explains():
    assert names(links_of(set(), few_units=False)) == [UNRECORDED]


def test_too_few_units_are_told_together_with_the_revision_and_it_is_said_why():
    code, data = links_of({CODE, REVISION, UNITS}, few_units=True)
    assert (code.name, data.name) == (CODE, "data revision and new units")
    assert "too few firms" in data.why


@pytest.mark.parametrize("differing", [{REVISION}, {CODE, UNITS}])
def test_a_single_cause_of_the_data_stays_alone_however_few_units_it_has(differing):
    assert all(len(link.causes) == 1 for link in links_of(differing, few_units=True))


def test_the_present_is_built_without_one_link_after_another_from_the_last_to_the_second():
    links, asked = links_of(CAUSES, few_units=False), []

    def taken_back(link):
        asked.append(link.name)
        return f"without {link.name}"

    told, states = walk(links, "present", taken_back)
    assert asked == [UNITS, REVISION, CONFIGURATION, CODE]
    assert names(told) == list(CAUSES)
    assert states == [
        f"without {CODE}",
        f"without {CONFIGURATION}",
        f"without {REVISION}",
        f"without {UNITS}",
        "present",
    ]


def test_one_cause_alone_needs_no_build():
    def taken_back(link):
        raise AssertionError

    assert walk(links_of({CODE}, few_units=False), "present", taken_back) == ([Link(causes=(CODE,))], ["present"])


def test_a_state_that_cannot_be_built_joins_the_causes_around_it_and_says_why():
    def taken_back(link):
        if link.name == CONFIGURATION:
            raise StudyError("config.yaml: there is no key `depth`.\nCorrect it.")
        return link.name

    told, states = walk(links_of({ENVIRONMENT, CODE, CONFIGURATION, REVISION}, few_units=False), "present", taken_back)
    assert names(told) == [ENVIRONMENT, "code and configuration", REVISION]
    assert told[1].why == "config.yaml: there is no key `depth`"
    assert states == [CODE, REVISION, "present"]


def test_where_nothing_can_be_built_all_causes_are_told_together():
    def taken_back(link):
        raise StudyError("No.")

    told, states = walk(links_of(CAUSES, few_units=False), "present", taken_back)
    assert [link.causes for link in told] == [CAUSES]
    assert states == ["present"]
