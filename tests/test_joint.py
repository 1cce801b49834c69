"""The joint covariance is the matrix of the variances that the design knows."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtr

from innosurvey.design import Design
from innosurvey.joint import covariance, joint_covariance, wald_f
from innosurvey.linearise import Linearised
from innosurvey.sample import full_sample
from tests.independent import samples
from tests.made_slices import make_slice

RULES = ("certainty", "average", "centre")


def values(count: int) -> np.ndarray:
    return np.random.default_rng(3).normal(size=(count, 3))


def lonely_slice() -> pd.DataFrame:
    """Three strata, two of a single firm; of stratum a two firms are outside the slice."""
    return make_slice(
        stratum_id=list("aaabc"), sample_n_stratum=[5, 5, 5, 1, 1], pop_n_stratum=[20, 20, 20, 6, 9],
        weight_final=[4.0, 4.0, 4.0, 6.0, 9.0],
    )  # fmt: skip


def calibrated_design() -> Design:
    """A sample of one wave with calibrated weights."""
    firms = samples.stratified(1)
    table = pd.DataFrame(
        {
            "firm_id": firms["firm_id"], "wave": "2020", "stratum_id": firms["stratum"], "weight_final": firms["w"],
            "pop_n_stratum": firms["N"], "sample_n_stratum": firms.groupby("stratum")["w"].transform("size"),
            "pooled_stratum": firms["stratum"], "pooled_stratum_n": 1,
        }
    )  # fmt: skip
    margins = table[["firm_id", "stratum_id", "weight_final"]].assign(g_weight=1.0, x_1=1.0, x_2=firms["known"])
    return Design.from_frame(table, full_sample({"2020": table}, {"2020": margins}).of_wave("2020"))


def fail_unless_variances_agree(design: Design) -> None:
    columns = values(design.weight.size)
    found = covariance(design, columns)
    for one in range(3):
        assert found[one, one] == pytest.approx(design.variance(columns[:, one]), rel=1e-9)
        for two in range(one):
            together = design.variance(columns[:, one] + columns[:, two])
            apart = design.variance(columns[:, one] - columns[:, two])
            assert found[one, two] == pytest.approx((together - apart) / 4, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("lonely", RULES)
def test_it_holds_the_variances_under_every_rule_for_single_firms(lonely):
    fail_unless_variances_agree(Design.from_slice(lonely_slice(), pooled=False, lonely=lonely))


def test_it_holds_the_variances_of_calibrated_weights():
    fail_unless_variances_agree(calibrated_design())


def test_it_holds_the_variances_of_pooled_waves_from_a_finite_population():
    rows = pd.DataFrame({"firm_id": ["a", "b", "c", "d", "b", "c", "e", "f"], "wave": ["1"] * 4 + ["2"] * 4})
    table = make_slice(**rows, weight_final=2.5, stratum_id="s", pop_n_stratum=10, sample_n_stratum=4)
    firms = sorted(set(rows["firm_id"]))
    units = pd.DataFrame({"firm_id": firms, "pooled_stratum": "s", "pooled_stratum_n": 6}).assign(
        listed_1_1=10, listed_1_2=8, listed_2_2=10
    )
    by_wave = {wave: part.reset_index(drop=True) for wave, part in table.groupby("wave")}
    margins = {wave: part[["firm_id", "stratum_id", "weight_final"]] for wave, part in by_wave.items()}
    fail_unless_variances_agree(Design.from_frame(table, full_sample(by_wave, margins, pooled=units).pooled()))


def test_estimates_without_replicates_are_taken_by_linearisation():
    design = Design.from_slice(lonely_slice(), pooled=False)
    columns = values(design.weight.size)
    estimates = [Linearised(estimate=0.0, influence=column) for column in columns.T]
    assert joint_covariance(design, estimates) == pytest.approx(covariance(design, columns))


def test_walds_f_of_one_contrast_is_the_square_of_students_t():
    found = wald_f(np.array([3.0, 1.0]), np.array([[1.0, -1.0]]), np.diag([0.5, 0.5]), df=20)
    assert (found.value, found.df1, found.df2) == (pytest.approx(4.0), 1, 20)
    assert found.p == pytest.approx(2 * stdtr(20, -2.0))


def test_contrasts_that_follow_from_each_other_or_outnumber_the_firms_are_not_tested():
    estimates, twice = np.array([3.0, 1.0]), np.array([[1.0, -1.0], [2.0, -2.0]])
    assert wald_f(estimates, twice, np.eye(2), df=20) is None
    assert wald_f(estimates, np.eye(2), np.eye(2), df=1) is None
