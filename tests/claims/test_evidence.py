import pytest

from innosurvey.claims.evidence import evidence_for
from tests.claims.made_up import (
    ACTIVE,
    MORE,
    claim,
    coefficient,
    comparison,
    fit,
    omnibus,
    rank,
    tables,
)  # fmt: skip

RANKED = {"ranking": {"ranking": "barriers", "item": "funds"}, "sign": "positive"}
TERM = {"coefficient": {"model": "growth", "term": "size"}, "sign": "positive"}


def found(hypothesis, given):
    return list(evidence_for(claim(hypothesis).hypotheses[0], given))


def test_the_main_evidence_is_the_pooled_comparison():
    first = found(MORE, tables(compare=[comparison(9.0, wave="2020"), comparison(1.0)]))[0]
    assert (first.check, first.wave, first.effect.value) == ("main", "all", 1.0)


def test_checks_are_the_unweighted_and_adjusted_comparisons_and_each_wave():
    given = tables(
        compare=[comparison(), comparison(0.5, wave="2020"), comparison(0.7, wave="2022")],
        unweighted=[comparison(0.9)],
        adjusted=[comparison(0.4)],
    )
    assert [(one.check, one.effect.value) for one in found(MORE, given)[1:]] == [
        ("unweighted", 0.9), ("adjusted", 0.4), ("wave 2020", 0.5), ("wave 2022", 0.7),
    ]  # fmt: skip


def test_a_declared_variant_is_the_same_hypothesis_by_another_cohort():
    hypothesis = {**MORE, "variants": {"oslo": {"cohort": "activity_oslo"}}}
    given = tables(compare=[comparison(), comparison(0.3, cohort="activity_oslo")])
    assert [(one.check, one.effect.value) for one in found(hypothesis, given)] == [("main", 1.0), ("oslo", 0.3)]


def test_the_smaller_side_gives_the_number_of_firms():
    assert found(MORE, tables(compare=[comparison()]))[0].n == 200


def test_a_comparison_that_was_not_estimated_hands_on_its_reason():
    given = tables(compare=[comparison(status="not estimated: active: fewer than two firms")])
    assert found(MORE, given)[0].effect.reason == "active: fewer than two firms"


def test_an_exact_test_counts_as_an_estimate():
    given = tables(compare=[comparison(status="ok: exact test, unweighted")])
    assert found(MORE, given)[0].effect.estimable


def test_a_coefficient_without_degrees_of_freedom_is_judged_by_the_normal():
    given = tables(coefficients=[coefficient(df=None)], fits=[fit()])
    assert found(TERM, given)[0].effect.df == float("inf")


def test_a_model_that_was_not_fitted_says_why():
    given = tables(fits=[fit(status="not estimated: constant outcome")])
    assert found(TERM, given)[0].effect.reason == "constant outcome"


def test_a_term_that_a_model_lacks_is_named():
    given = tables(coefficients=[coefficient(term="age")], fits=[fit()])
    assert found(TERM, given)[0].effect.reason == "the model has no term size"


def test_an_item_is_first_by_its_least_certain_lead():
    given = tables(ranks=[rank("staff", 5.0, 1.0, 1e-6), rank("demand", 3.0, 1.5, 0.046), rank("cost", 4.0, 1.0, 1e-4)])
    assert found(RANKED, given)[0].effect.p == 0.046


def test_an_item_behind_all_others_is_last_by_its_least_certain_lag():
    given = tables(ranks=[rank("staff", -5.0, 1.0, 1e-6), rank("demand", -3.0, 1.5, 0.046)])
    only = found(RANKED, given)[0].effect
    assert (only.value, only.p) == (-3.0, 0.046)


def test_an_item_ahead_of_some_and_behind_others_has_no_rank():
    given = tables(ranks=[rank("staff", 5.0, 1.0, 1e-6), rank("demand", -3.0, 1.0, 0.003)])
    assert found(RANKED, given)[0].effect.p == 1.0


def test_differences_between_any_groups_are_told_by_their_size():
    hypothesis = {"heterogeneity": {"cohort": "zone", "item": "universities"}, "sign": "differ"}
    only = found(hypothesis, tables(heterogeneity=[omnibus(0.2, 1e-4)]))[0]
    assert (only.effect.value, only.unit) == (0.2, "cramers_v")


@pytest.mark.parametrize("part", sorted(ACTIVE))
def test_a_row_of_another_key_is_no_evidence(part):
    given = tables(compare=[comparison(**{part: "other"})])
    assert found(MORE, given)[0].effect.reason == "there is no such estimate"


def test_a_coefficient_is_checked_in_each_wave_that_its_model_was_fitted_on():
    given = tables(
        coefficients=[coefficient(), coefficient(0.2, cohort="wave", group="2020")],
        fits=[
            fit(),
            fit(cohort="wave", group="2020"),
            fit(cohort="wave", group="2022", status="not estimated: collinear"),
        ],
    )
    checks = found(TERM, given)[1:]
    assert [(one.check, one.wave) for one in checks] == [("wave 2020", "2020"), ("wave 2022", "2022")]
    assert checks[0].effect.value == 0.2
    assert checks[1].effect.reason == "collinear"


def test_a_coefficient_of_a_group_is_not_checked_by_waves_of_all_firms():
    hypothesis = {"coefficient": {**TERM["coefficient"], "cohort": "stage", "group": "young"}, "sign": "positive"}
    given = tables(coefficients=[coefficient()], fits=[fit(), fit(cohort="wave", group="2020")])
    assert [one.check for one in found(hypothesis, given)] == ["main"]


def test_rankings_and_differences_among_groups_are_checked_without_weights():
    differ = {"heterogeneity": {"cohort": "zone", "item": "universities"}, "sign": "differ"}
    ranked = tables(ranks=[rank("staff")], plain_ranks=[rank("staff", difference=4.0)])
    apart = tables(heterogeneity=[omnibus()], plain_heterogeneity=[omnibus(p=1e-3)])
    assert [one.check for one in found(RANKED, ranked)] == ["main", "unweighted"]
    assert [one.check for one in found(differ, apart)] == ["main", "unweighted"]


def test_without_weights_nothing_is_checked_where_there_are_none():
    ranked = tables(ranks=[rank("staff")], plain_ranks=[rank("staff")])
    assert [one.check for one in found(RANKED, ranked)] == ["main"]
