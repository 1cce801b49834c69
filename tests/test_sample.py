"""Variances that need the whole sample: calibrated weights, and replicate weights."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.compare import ComparisonSpec, compare_groups
from innosurvey.describe import describe_all
from innosurvey.design import Design, DesignRules
from innosurvey.errors import DataError
from innosurvey.linearise import linearise_mean
from innosurvey.sample import FullSample, Replicates, full_sample, inverse_of
from tests.made_slices import MadeCohort, make_item, make_slice

SAMPLED = ["firm_id", "stratum_id", "pop_n_stratum", "sample_n_stratum", "weight_final"]


def calibrated(firms: pd.DataFrame, g_weight: object = 1.0, **x: object) -> FullSample:
    """Return the sample of one wave, calibrated on the columns of x."""
    tables = {"2020": firms[SAMPLED]}
    return full_sample(tables, {"2020": firms[["firm_id"]].assign(g_weight=g_weight, **x)})


def design_within(firms: pd.DataFrame, sample: FullSample, wave: str = "2020") -> Design:
    return Design.from_frame(firms, sample.of_wave(wave))


def replicated(firms: pd.DataFrame, weights: np.ndarray, scales: object) -> FullSample:
    """Return the sample of one wave with replicate weights, one column each."""
    names = [f"r_{place + 1}" for place in range(weights.shape[1])]
    scale = pd.Series(np.broadcast_to(scales, len(names))).reindex(range(len(firms)))
    table = pd.concat([firms["firm_id"], pd.DataFrame(weights, columns=names), scale.rename("scale")], axis=1)
    tables = {"2020": firms[SAMPLED]}
    return full_sample(tables, {"2020": firms[["firm_id"]]}, {"2020": table})


def delete_one(firms: pd.DataFrame) -> tuple[np.ndarray, float]:
    """Return the jackknife of a simple random sample: each replicate leaves a firm out; its scale is (n - 1) / n."""
    n = len(firms)
    return firms["weight_final"].to_numpy()[:, None] * (1 - np.eye(n)) * n / (n - 1), (n - 1) / n


def test_the_total_of_a_variable_that_the_weights_are_calibrated_on_has_no_error():
    y = np.array([1.0, 3.0, 5.0, 9.0])
    firms = make_slice(stratum_id=list("aabb"), weight_final=[2.0, 3.0, 2.0, 4.0], y=y)
    design = design_within(firms, calibrated(firms, x_1=y))
    assert design.variance(y) == pytest.approx(0, abs=1e-20)
    assert Design.from_slice(firms, pooled=False).variance(y) > 1


def test_firms_outside_the_domain_count_with_what_the_calibration_expects_of_them():
    # u = 2, 4, 0, 0 on x = 1, 0, 1, 0: B = 2/2 = 1, e = 1, 4, -1, 0 around 1: 0 + 9 + 4 + 1 = 14, times 4/3
    firms = make_slice(y=[2.0, 4.0, 6.0, 8.0])
    sample = calibrated(firms, x_1=[1.0, 0.0, 1.0, 0.0])
    domain = firms.iloc[:2]
    assert design_within(domain, sample).variance(domain["y"].to_numpy()) == pytest.approx(14 * 4 / 3)


def test_the_regression_has_the_weights_before_calibration_and_the_error_those_after():
    # before: d = 1, 1, 2; B = (1·1 + 1·4 + 2·1) / 4 = 1.75 on x = 1; after: w = 2, 1, 2 (g = 2, 1, 1)
    # z = w e = -1.5, 2.25, -1.5, mean -0.25: 1.5625 + 6.25 + 1.5625 = 9.375, times 3/2
    firms = make_slice(weight_final=[2.0, 1.0, 2.0], y=[1.0, 4.0, 1.0])
    sample = calibrated(firms, g_weight=[2.0, 1.0, 1.0], x_1=1.0)
    assert design_within(firms, sample).variance(firms["y"].to_numpy()) == pytest.approx(9.375 * 1.5)


def test_a_stratum_without_a_firm_of_the_domain_adds_variance_once_weights_are_calibrated():
    # u = 1, 2, 0, 0 on x = 1, 0, 1, 0 over two strata: B = 1/2; e = 0.5, 2 | -0.5, 0: 2 (2 · 0.75²) + 2 (2 · 0.25²)
    firms = make_slice(stratum_id=list("aabb"), y=[1.0, 2.0, 3.0, 4.0])
    sample = calibrated(firms, x_1=[1.0, 0.0, 1.0, 0.0])
    design = design_within(firms.iloc[:2], sample)
    assert design.variance(np.array([1.0, 2.0])) == pytest.approx(4 * 0.75**2 + 4 * 0.25**2)
    assert design.degrees_of_freedom == 1  # those of the domain's strata, as without calibration


@given(seed=st.integers(0, 10_000))
def test_redundant_margins_change_nothing(seed):
    rng = np.random.default_rng(seed)
    cells = pd.get_dummies(rng.choice(list("pqr"), 30), dtype=float).to_numpy()
    branch = (rng.random(30) < 0.5).astype(float)
    employees = rng.lognormal(3, 2, 30)
    firms = make_slice(stratum_id=rng.choice(list("ab"), 30), weight_final=rng.uniform(1, 9, 30))
    lean = {f"x_{k}": column for k, column in enumerate([*cells.T, branch, employees])}
    full = lean | {"x_8": 1 - branch, "x_9": np.ones(30), "x_10": 1000 * employees}
    y = rng.lognormal(size=30)
    variances = [design_within(firms, calibrated(firms, **x)).variance(y) for x in (lean, full)]
    assert variances[0] == pytest.approx(variances[1], rel=1e-7)  # the generalised inverse of a singular matrix


@given(seed=st.integers(0, 10_000))
def test_residuals_are_those_of_weighted_least_squares(seed):
    rng = np.random.default_rng(seed)
    x, before, g = rng.lognormal(size=(25, 3)), rng.uniform(1, 9, 25), rng.uniform(0.5, 2, 25)
    firms = make_slice(weight_final=before * g, y=rng.normal(size=25))
    calibration = calibrated(firms, g, **dict(zip(("x_1", "x_2", "x_3"), x.T, strict=True))).of_wave("2020").calibration
    y, root = firms["y"].to_numpy(), np.sqrt(before)
    fitted = x @ np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0]
    # two ways of solving the same equations: rounding
    np.testing.assert_allclose(calibration.residuals(before * g * y), before * g * (y - fitted), rtol=1e-7, atol=1e-9)


def test_without_calibration_variables_the_sample_changes_nothing():
    firms = make_slice(stratum_id=list("aabb"), pop_n_stratum=[20, 20, 30, 30], y=[1.0, 3.0, 5.0, 9.0])
    sample = full_sample({"2020": firms[SAMPLED]}, {"2020": firms[["firm_id"]]})
    with_sample = describe_all([make_item()], firms, MadeCohort(), sample=sample)
    pd.testing.assert_frame_equal(with_sample, describe_all([make_item()], firms, MadeCohort()))


def test_pooled_waves_are_calibrated_each_on_its_own_and_summed_by_firm():
    # 2018: y = 1, 3 on x = 1, 1: e = -1, 1; 2020: y = 2, 6: e = -2, 2; by firm a: -3, b: 3; 2 (9 + 9)
    firms = make_slice(firm_id=list("abab"), wave=["2018"] * 2 + ["2020"] * 2, y=[1.0, 3.0, 2.0, 6.0])
    waves = dict(iter(firms.groupby("wave")))
    sample = full_sample(
        {wave: part[SAMPLED] for wave, part in waves.items()},
        {wave: part[["firm_id"]].assign(g_weight=1.0, x_1=1.0) for wave, part in waves.items()},
    )
    design = Design.from_frame(firms, sample.pooled())
    assert design.variance(firms["y"].to_numpy()) == pytest.approx(36)


def test_a_firms_stratum_in_the_pooled_sample_is_that_of_the_first_wave():
    firms = make_slice(firm_id=list("abab"), wave=["2018"] * 2 + ["2020"] * 2, stratum_id=["s", "t", "t", "t"])
    waves = {wave: part[SAMPLED] for wave, part in firms.groupby("wave")}
    frame = full_sample(waves, {wave: part[["firm_id"]] for wave, part in waves.items()}).pooled()
    assert frame.sizes.tolist() == [1, 1]


def test_a_firm_that_the_sample_lacks_is_refused_without_naming_it():
    firms = make_slice(firm_id=["a", "secret"], y=[1.0, 2.0])
    with pytest.raises(DataError, match="1 of 2 rows that the sample of its wave lacks") as refusal:
        design_within(firms, calibrated(firms.iloc[:1], x_1=1.0))
    assert "secret" not in str(refusal.value)


def test_tables_of_different_runs_are_refused():
    firms = make_slice(y=[1.0, 2.0, 3.0])
    with pytest.raises(DataError, match="calibration of wave 2020 holds 2 firms, the design table 3"):
        full_sample({"2020": firms[SAMPLED]}, {"2020": firms[["firm_id"]].iloc[:2]})


def test_the_order_of_the_tables_does_not_matter():
    firms = make_slice(weight_final=[1.0, 2.0, 3.0, 4.0], y=[1.0, 4.0, 2.0, 9.0])
    margins = firms[["firm_id"]].assign(g_weight=1.0, x_1=[1.0, 0.0, 1.0, 1.0])
    samples = [full_sample({"2020": firms[SAMPLED]}, {"2020": table}) for table in (margins, margins.iloc[::-1])]
    variances = [design_within(firms, sample).variance(firms["y"].to_numpy()) for sample in samples]
    assert variances[0] == pytest.approx(variances[1], rel=1e-12)  # sums in another order


def test_a_cell_that_no_firm_is_in_takes_no_part():
    crossed = np.array([[4.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(inverse_of(crossed), [[0.25, 0], [0, 0]])


def test_the_jackknife_of_a_mean_is_its_textbook_error():
    # s² / n = (4 + 1 + 0 + 9 ... )/…: numpy's variance over n
    firms = make_slice(weight_final=10.0, y=[1.0, 2.0, 4.0, 9.0, 4.0])
    sample = replicated(firms, *delete_one(firms))
    table = describe_all([make_item()], firms, MadeCohort(), DesignRules(variance="jackknife"), sample)
    row = table[table["wave"] == "2020"].iloc[0]
    assert row["se"] == pytest.approx(np.sqrt(np.var(firms["y"], ddof=1) / 5))


def test_the_jackknife_of_a_difference_goes_through_both_groups_at_once():
    rng = np.random.default_rng(8)
    firms = make_slice(group=rng.choice(["g", "r"], 60), y=rng.normal(size=60))
    sample = replicated(firms, *delete_one(firms))
    spec = ComparisonSpec(id="c", cohort="made", reference="r", items=("item",), family="f")
    table = compare_groups([spec], [make_item()], firms, DesignRules(variance="jackknife"), sample)
    weights, _ = delete_one(firms)
    y, g = firms["y"].to_numpy(), (firms["group"] == "g").to_numpy()
    means = [(weights[side] * y[side, None]).sum(axis=0) / weights[side].sum(axis=0) for side in (g, ~g)]
    deviations = means[0] - means[1] - (y[g].mean() - y[~g].mean())
    assert table[table["wave"] == "2020"]["se"].item() == pytest.approx(np.sqrt(59 / 60 * (deviations**2).sum()))


def test_the_jackknife_of_a_median_comes_from_that_of_the_share_below_it():
    # of a jackknifed share the error is Taylor's, so that of the median is Woodruff's, too
    firms = make_slice(y=np.random.default_rng(9).lognormal(size=101))
    sample, item = replicated(firms, *delete_one(firms)), make_item(statistic="median")
    by_jackknife = describe_all([item], firms, MadeCohort(), sample=sample)["se"].iloc[0]
    assert by_jackknife == pytest.approx(describe_all([item], firms, MadeCohort())["se"].iloc[0])


def test_pooled_waves_stay_with_linearisation_where_the_jackknife_draws_each_wave_by_itself():
    firms = make_slice(y=[1.0, 2.0, 4.0, 9.0])
    rules, sample = DesignRules(variance="jackknife"), replicated(firms, np.ones((4, 2)), 1.0)
    with_replicates = describe_all([make_item()], firms, MadeCohort(), rules, sample)
    pooled = with_replicates[with_replicates["wave"] == "all"]["se"].iloc[0]
    assert pooled == describe_all([make_item()], firms, MadeCohort()).query("wave == 'all'")["se"].iloc[0]


def two_waves() -> tuple[pd.DataFrame, FullSample]:
    """Return two waves of a, b and of b, c with two replicates each, of scale 1/2."""
    firms = make_slice(firm_id=list("abbc"), wave=["2018"] * 2 + ["2020"] * 2, y=[1.0, 3.0, 2.0, 6.0])
    weights = np.array([[0.5, 1.5], [1.5, 0.5], [1.5, 0.5], [0.5, 1.5]])
    by_wave = dict(iter(firms.groupby("wave")))
    tables = {
        wave: part[["firm_id"]].assign(r_1=weights[part.index, 0], r_2=weights[part.index, 1], scale=0.5)
        for wave, part in by_wave.items()
    }
    designs = {wave: part[SAMPLED] for wave, part in by_wave.items()}
    return firms, full_sample(designs, {wave: part[["firm_id"]] for wave, part in by_wave.items()}, tables)


def test_pooled_waves_are_replicated_together_where_a_firm_is_drawn_alike_in_all():
    # The mean is 12/4 = 3. In the first replicate b counts one and a half in both waves, a and c count half:
    # (0.5 + 4.5 + 3 + 3) / 4 = 2.75; in the second (1.5 + 1.5 + 1 + 9) / 4 = 3.25: V = (0.25² + 0.25²) / 2.
    firms, sample = two_waves()
    table = describe_all([make_item()], firms, MadeCohort(), DesignRules(variance="bootstrap"), sample)
    assert table[table["wave"] == "all"]["se"].iloc[0] == pytest.approx(0.25)


def test_a_pooled_total_is_the_average_of_the_waves_in_each_replicate_too():
    # Totals 4 and 8, half their sum 6; in the replicates (0.5 + 4.5 + 3 + 3) / 2 = 5.5 and 6.5.
    firms, sample = two_waves()
    rules = DesignRules(variance="bootstrap")
    table = describe_all([make_item(statistic="total")], firms, MadeCohort(), rules, sample)
    assert table[table["wave"] == "all"]["se"].iloc[0] == pytest.approx(0.5)


def test_a_wave_in_which_all_firms_answered_has_no_replicates_and_no_error():
    firms = make_slice(y=[1.0, 2.0, 4.0], pop_n_stratum=[3, 3, 3])
    keys = {"2020": firms[["firm_id"]]}
    sample = full_sample({"2020": firms[SAMPLED]}, keys, keys)
    table = describe_all([make_item()], firms, MadeCohort(), DesignRules(variance="jackknife"), sample)
    assert table[table["wave"] == "2020"]["se"].iloc[0] == 0


def test_the_variance_from_replicates_by_hand():
    assert Replicates(weights=np.ones((1, 2)), scales=np.array([0.5, 0.25])).variance(np.array([2.0, 4.0])) == 6


def test_a_replicate_without_a_firm_of_the_domain_is_stood_for_by_the_others():
    replicates = Replicates(weights=np.ones((1, 3)), scales=np.full(3, 0.5))
    assert replicates.variance(np.array([2.0, np.nan, 2.0])) == pytest.approx(6)  # 0.5 · (4 + 4) · 3/2


def test_the_linearised_values_of_a_mean_sum_to_zero_under_the_weights():
    firms = make_slice(weight_final=[1.0, 2.0, 5.0], y=[1.0, 4.0, 2.0])
    weight = firms["weight_final"].to_numpy()
    assert (weight * linearise_mean(firms["y"].to_numpy(), weight).influence).sum() == pytest.approx(0)
