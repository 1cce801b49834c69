"""The variance formula on samples small enough to do by hand, and the ways in which a design can contradict itself."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.design import Design, DesignRules, design_effect, kish_effect, parse_design_rules
from innosurvey.errors import DataError, StudyError
from innosurvey.linearise import linearise_mean
from tests.made_slices import make_slice, make_two_strata


@pytest.fixture
def two_strata() -> pd.DataFrame:
    return make_two_strata()


def lonely_slice() -> pd.DataFrame:
    """Stratum a: values 1, 3; stratum b: 5, 9; stratum c: a single firm with 6. No population counts, weight 1."""
    return make_slice(stratum_id=list("aabbc"), y=[1.0, 3.0, 5.0, 9.0, 6.0])


def test_variance_of_a_stratified_total_is_the_textbook_formula(two_strata):
    # N²(1-f)s²/n: a: 400 * 0.8 * (20/3) / 4 = 533.33; b: 900 * 0.9 * 100 / 3 = 27000
    design = Design.from_slice(two_strata, pooled=False)
    assert design.variance(two_strata["y"].to_numpy()) == pytest.approx(1600 / 3 + 27000)


def test_variance_of_a_stratified_mean_divides_that_of_the_total_by_the_population(two_strata):
    # the total is 5 * 20 + 10 * 60 = 700, N is 50, so the mean is 14; V = 27533.33 / 2500, because the weights sum to
    # N in each stratum
    design = Design.from_slice(two_strata, pooled=False)
    mean = linearise_mean(two_strata["y"].to_numpy(), design.weight)
    assert mean.estimate == pytest.approx(14)
    assert design.variance(mean.influence) == pytest.approx((1600 / 3 + 27000) / 2500)


def test_degrees_of_freedom_are_firms_minus_strata(two_strata):
    assert Design.from_slice(two_strata, pooled=False).degrees_of_freedom == 7 - 2


def test_firms_outside_the_domain_count_as_zeros_and_not_as_absent(two_strata):
    # domain: the firms with 2 and 4. z = 10, 20, 0, 0 around 7.5: 6.25 + 156.25 + 2 * 56.25 = 275; 4/3 * 0.8 * 275 is
    # 293.33. Taken as a sample of two it would be 2/1 * 0.8 * 50 = 80.
    held = two_strata.assign(sample_n_stratum=[4] * 4 + [3] * 3).iloc[:2]
    design = Design.from_slice(held, pooled=False)
    assert design.variance(held["y"].to_numpy()) == pytest.approx(880 / 3)


def test_a_domain_taken_from_a_design_equals_a_slice_that_holds_only_the_domain(two_strata):
    held = two_strata.assign(sample_n_stratum=[4] * 4 + [3] * 3).iloc[[0, 1, 5]]
    taken = Design.from_slice(two_strata, pooled=False).take(np.array([0, 1, 5]))
    alone = Design.from_slice(held, pooled=False)
    values = held["y"].to_numpy()
    assert taken.variance(values) == pytest.approx(alone.variance(values), rel=1e-12)  # the same sums in another order
    assert taken.degrees_of_freedom == alone.degrees_of_freedom == 5


def test_strata_without_a_row_of_the_domain_give_no_degrees_of_freedom(two_strata):
    assert Design.from_slice(two_strata, pooled=False).take(np.array([0, 1])).degrees_of_freedom == 3


def test_a_stratum_whose_firms_all_answered_adds_no_variance(two_strata):
    taken_whole = two_strata.assign(pop_n_stratum=[4] * 4 + [30] * 3)
    design = Design.from_slice(taken_whole, pooled=False)
    assert design.variance(two_strata["y"].to_numpy()) == pytest.approx(27000)


def test_a_certainty_stratum_with_nonresponse_keeps_the_variance_of_its_nonrespondents():
    # all 5 firms were asked and 4 answered: f = 0.8; V = 0.2 * (4/3) * Σ(z - z̄)², z = 1.25 y, Σ = 1.5625 * 5
    firms = make_slice(pop_n_stratum=[5] * 4, certainty=True, weight_final=1.25, y=[1.0, 2.0, 3.0, 4.0])
    design = Design.from_slice(firms, pooled=False)
    assert design.variance(firms["y"].to_numpy()) == pytest.approx(0.2 * 4 / 3 * 1.5625 * 5)


def test_without_a_frame_there_is_no_finite_population_correction():
    firms = make_slice(y=[1.0, 2.0, 6.0])
    design = Design.from_slice(firms, pooled=False)
    assert not design.finite
    assert design.variance(firms["y"].to_numpy()) == pytest.approx(3 / 2 * 14)  # Σ(z - 3)² = 4 + 1 + 9


def test_a_lonely_firm_as_certainty_adds_nothing():
    # a: 2/1 * 2 = 4; b: 2/1 * 8 = 16
    firms = lonely_slice()
    assert Design.from_slice(firms, pooled=False, lonely="certainty").variance(firms["y"].to_numpy()) == pytest.approx(
        20
    )


def test_a_lonely_firm_by_average_adds_the_mean_of_the_other_strata():
    firms = lonely_slice()
    assert Design.from_slice(firms, pooled=False, lonely="average").variance(firms["y"].to_numpy()) == pytest.approx(30)


def test_a_lonely_firm_by_centre_is_measured_from_the_grand_mean():
    # the grand mean is 24 / 5 = 4.8, and (6 - 4.8)² = 1.44
    firms = lonely_slice()
    assert Design.from_slice(firms, pooled=False, lonely="centre").variance(firms["y"].to_numpy()) == pytest.approx(
        21.44
    )


@pytest.mark.parametrize("lonely", ["certainty", "average", "centre"])
def test_a_stratum_of_one_firm_that_is_its_whole_population_adds_nothing(lonely):
    firms = lonely_slice().assign(pop_n_stratum=[pd.NA] * 4 + [1])
    assert Design.from_slice(firms, pooled=False, lonely=lonely).variance(firms["y"].to_numpy()) == pytest.approx(20)


def test_one_firm_of_a_domain_in_a_larger_stratum_is_not_lonely():
    # z = 6 and one zero: 2/1 * (9 + 9) = 36
    firms = make_slice(sample_n_stratum=[2], y=[6.0])
    assert Design.from_slice(firms, pooled=False, lonely="certainty").variance(firms["y"].to_numpy()) == pytest.approx(
        36
    )


def test_pooled_waves_sum_a_firm_before_they_square():
    # sums per firm: 1 + 3 = 4, 2 + 2 = 4, 7; mean 5: 1 + 1 + 4 = 6; 3/2 * 6 = 9, although N is known per wave
    firms = make_slice(
        firm_id=["a", "b", "c", "a", "b"],
        wave=["2018"] * 3 + ["2020"] * 2,
        pop_n_stratum=[6] * 5,
        y=[1.0, 2.0, 7.0, 3.0, 2.0],
    )
    design = Design.from_slice(firms, pooled=True)
    assert design.variance(firms["y"].to_numpy()) == pytest.approx(9)
    assert design.degrees_of_freedom == 2
    assert design.firms == 3


def test_the_design_effect_of_a_simple_random_sample_is_one():
    firms = make_slice(pop_n_stratum=[40] * 4, weight_final=10.0, y=[1.0, 2.0, 4.0, 9.0])
    design = Design.from_slice(firms, pooled=False)
    assert design_effect(design, linearise_mean(firms["y"].to_numpy(), design.weight).influence) == pytest.approx(1)


def test_strata_that_differ_make_the_design_effect_small():
    # within the strata nothing varies, so the design leaves no variance at all
    firms = make_slice(stratum_id=list("aabb"), y=[1.0, 1.0, 9.0, 9.0])
    design = Design.from_slice(firms, pooled=False)
    assert design_effect(design, linearise_mean(firms["y"].to_numpy(), design.weight).influence) == 0


def test_the_kish_effect_is_one_for_equal_weights_and_grows_with_their_spread():
    assert kish_effect(np.full(5, 3.0)) == pytest.approx(1)
    assert kish_effect(np.array([1.0, 3.0])) == pytest.approx(2 * 10 / 16)


def test_a_missing_weight_is_reported_as_a_count():
    with pytest.raises(DataError, match="1 of 2 rows whose weight_final is missing"):
        Design.from_slice(make_slice(weight_final=[1.0, None], y=[1.0, 2.0]), pooled=False)


def test_more_firms_than_the_declared_sample_are_refused():
    with pytest.raises(DataError, match="stratum s: 3 firms, sample_n_stratum 2"):
        Design.from_slice(make_slice(sample_n_stratum=[2] * 3, y=[1.0, 2.0, 3.0]), pooled=False)


def test_more_respondents_than_the_population_are_refused():
    with pytest.raises(DataError, match="stratum s: 3 respondents, 2 in the frame"):
        Design.from_slice(make_slice(pop_n_stratum=[2] * 3, y=[1.0, 2.0, 3.0]), pooled=False)


def test_two_sizes_for_one_stratum_are_refused():
    with pytest.raises(DataError, match="sample_n_stratum must be one number per stratum"):
        Design.from_slice(make_slice(sample_n_stratum=[2, 3], y=[1.0, 2.0]), pooled=False)


def test_a_firm_in_two_strata_of_one_sample_is_refused_without_naming_it():
    with pytest.raises(DataError, match="another stratum_id") as refusal:
        Design.from_slice(make_slice(firm_id=["secret", "secret"], stratum_id=["a", "b"], y=[1.0, 2.0]), pooled=False)
    assert "secret" not in str(refusal.value)


def test_an_unknown_lonely_rule_is_refused_with_the_near_name():
    with pytest.raises(StudyError, match=r"design\.lonely: `center` .* Did you mean centre\?"):
        DesignRules(lonely="center")  # type: ignore[arg-type]


def test_an_unknown_design_key_is_refused_with_the_near_name():
    with pytest.raises(StudyError, match=r"design: unknown key `lonly`\. Did you mean lonely\?"):
        parse_design_rules({"lonly": "centre"})


def test_a_config_without_a_design_section_takes_the_defaults():
    assert parse_design_rules(None) == DesignRules()
