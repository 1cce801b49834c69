"""Which rankings and decompositions a study can feed."""

import pytest

from innosurvey.coverage_contrasts import Had, available, columns_compared, lacks_of_decomposition, lacks_of_ranking

HAD = Had(cohorts=["all", "certified"], items=["high_staff", "high_demand", "innovator"], variables=["age"])
GAP = {"cohort": "certified", "outcomes": ["innovator"], "terms": ["age"]}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"cohort": "all", "items": ["high_staff", "high_demand"]}, ""),
        ({"cohort": "all", "items": ["high_staff"], "against": ["high_demand"]}, ""),
        ({"cohort": "all", "items": ["high_staff", "high_org"]}, "needs two of its items"),
        ({"cohort": "stage", "items": ["high_staff", "high_demand"]}, "needs the cohort stage"),
    ],
)
def test_a_ranking_needs_its_cohort_and_two_items(entry, reason):
    assert lacks_of_ranking(entry, HAD) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"terms": ["age", "zone"]}, "needs zone"),
        ({"outcomes": ["exporter"]}, "none of its outcomes can be had"),
        ({"cohort": "stage"}, "needs the cohort stage"),
    ],
)
def test_a_decomposition_needs_its_cohort_all_terms_and_an_outcome(change, reason):
    assert lacks_of_decomposition({**GAP, **change}, HAD) == reason


def test_an_entry_keeps_the_items_that_can_be_had():
    section = {"r": {"cohort": "all", "items": ["high_staff", "high_org"], "family": "f"}, "s": {"cohort": "certified"}}
    found = available(section, ["r", "s"], "all", HAD.items)
    assert found == {"r": {"cohort": "all", "items": ["high_staff"], "family": "f"}}


def test_slices_hold_what_is_adjusted_for_and_what_gaps_are_explained_by():
    programme = {
        "design": {"adjust_for": ["industry_group"]},
        "compare": {"c": {"adjust_for": ["zone"]}, "d": {}},
        "decompose": {"gap": GAP, "other": {"terms": ["size"]}},
    }
    assert columns_compared(programme, ["gap"], []) == ["industry_group", "zone", "age"]
