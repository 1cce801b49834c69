"""Replicate weights: the sample drawn again."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.errors import StudyError
from tests.weight.make import make_frame, weigh_frame, weigh_given


def make_rows(answers: int = 30, silent: int = 10, rest: int = 60) -> list[tuple]:
    rows = []
    for stratum in ("a", "b"):
        rows += [(stratum, True, "complete", "x" if number % 3 else "y") for number in range(answers)]
        rows += [(stratum, True, "refusal", "x")] * silent + [(stratum, False, None, "x")] * rest
    return rows


FRAME = make_frame(make_rows(), ["gu"])
TAKE_ALL = make_frame([*make_rows(), *[("t", True, "complete", "y")] * 5], ["gu"])
R30 = [f"r_{number}" for number in range(1, 31)]
BOOTSTRAP = {"variance": "bootstrap", "replicates": 60, "seed": 3}


def weights_of(result) -> np.ndarray:
    return result.replicates.filter(like="r_").to_numpy()


def variance_of_total(result, y: np.ndarray) -> float:
    weights = weights_of(result)
    scale = result.replicates["scale"].to_numpy()[: weights.shape[1]]
    return float((scale * (weights.T @ y - result.design["weight_final"].to_numpy() @ y) ** 2).sum())


def test_no_replicates_are_made_where_none_are_asked_for():
    assert list(weigh_frame(FRAME).replicates.columns) == ["firm_id"]


@pytest.mark.parametrize("variance", ["bootstrap", "jackknife"])
def test_each_replicate_stands_for_the_whole_population(variance):
    # The response adjustment is done again in each, so that the firms in scope are all there.
    weights = weights_of(weigh_frame(FRAME, None, {**BOOTSTRAP, "variance": variance}))
    assert weights.sum(axis=0) == pytest.approx(np.full(60, 200.0))


def test_calibration_is_done_again_in_each_replicate():
    entry = {"calibrate": {"method": "raking", "margins": {"gu": {"by": ["gu"]}}}}
    result = weigh_frame(FRAME, entry, BOOTSTRAP)
    of_y = FRAME.set_index("firm_id").loc[result.design["firm_id"], "gu"].to_numpy() == "y"
    assert weights_of(result)[of_y].sum(axis=0) == pytest.approx(np.full(60, 20.0))


@pytest.mark.parametrize("variance", ["bootstrap", "jackknife"])
def test_strata_in_which_all_answered_do_not_vary(variance):
    result = weigh_frame(TAKE_ALL, None, {**BOOTSTRAP, "variance": variance})
    assert (weights_of(result)[(result.design["stratum_id"] == "t").to_numpy()] == 1).all()


def test_where_nothing_varies_replicates_have_the_final_weights_after_trimming_and_calibration_too():
    firms = pd.DataFrame(
        {"group": list("aabbb"), "stratum_id": "s", "pop_n_stratum": 5, "employees": [1.0, 2, 3, 4, 9]}
    )
    firms["weight_design"] = [1.0, 1.0, 1.0, 1.0, 20.0]
    calibrate = {"method": "linear", "margins": {"firms": {"by": ["group"]}, "staff": {"of": "employees"}}}
    totals = [("firms", "a", 3), ("firms", "b", 9), ("staff", "", 60)]
    design = {"variance": "bootstrap", "replicates": 3}
    result = weigh_given(firms, calibrate, totals, design, trim={"above": 4})
    final = result.design["weight_final"].to_numpy()
    assert (result.design["factor_trimming"] < 1).any()
    np.testing.assert_allclose(weights_of(result), np.tile(final[:, None], 3), rtol=1e-8)  # totals are met to 1e-10


def test_a_firm_is_raised_or_lowered_alike_in_all_its_waves():
    # n = 40 of N = 200, m = 40: w = 5 (1 + √0.8 √(40/39) (s - s̄) / 2); half of the firms are in the second wave, too
    first = make_frame([("a", True, "complete")] * 40 + [("a", False, None)] * 160)
    second = first.assign(wave="2020", firm_id=[f"f{number + 20}" for number in range(200)])
    design = {"variance": "bootstrap", "replicates": 30}
    weights = [weigh_frame(frame, None, design).replicates.set_index("firm_id")[R30] for frame in (first, second)]
    both = [f"f{number}" for number in range(20, 40)]
    signs = [np.sign(table - table.mean()).loc[both] for table in weights]
    pd.testing.assert_frame_equal(*signs)
    step = 5 * np.sqrt(0.8 * 40 / 39)
    spread = weights[0].max() - weights[0].min()
    assert spread.to_list() == pytest.approx([step] * 30)


@pytest.mark.parametrize("size", [2, 3, 30])
def test_no_weight_of_a_bootstrap_falls_to_zero(size):
    frame = make_frame([("a", True, "complete")] * size + [("a", False, None)] * 1000)
    assert (weights_of(weigh_frame(frame, None, {"variance": "bootstrap", "replicates": size})) > 0).all()


@pytest.mark.parametrize(("variance", "tolerance"), [("bootstrap", 0.35), ("jackknife", 0.35)])
def test_the_variance_of_a_total_is_near_the_linearised_one(variance, tolerance):
    # Taylor: Σ N² (1 - f) s² / n with f = n/N. With 60 replicates a variance is known to about √(2/60) = 18 %.
    frame = make_frame(make_rows(60, 20, 320), ["gu"])
    result = weigh_frame(frame, None, {**BOOTSTRAP, "variance": variance})
    y = np.random.default_rng(1).normal(10, 3, len(result.design))
    parts = pd.Series(y).groupby(result.design["stratum_id"].to_numpy()).var()
    expected = (400**2 * (1 - 60 / 400) * parts / 60).sum()
    assert variance_of_total(result, y) == pytest.approx(expected, rel=tolerance)


def test_draws_do_not_depend_on_the_order_of_rows():
    turned = weigh_frame(FRAME.iloc[::-1].reset_index(drop=True), None, BOOTSTRAP).replicates.set_index("firm_id")
    plain = weigh_frame(FRAME, None, BOOTSTRAP).replicates.set_index("firm_id")
    columns = [name for name in plain if name != "scale"]
    pd.testing.assert_frame_equal(plain[columns], turned.loc[plain.index, columns])


def test_another_seed_draws_others():
    plain, other = (weights_of(weigh_frame(FRAME, None, {**BOOTSTRAP, "seed": seed})) for seed in (3, 4))
    assert not np.allclose(plain, other)


def test_a_small_sample_leaves_one_firm_out_at_a_time():
    frame = make_frame([("a", True, "complete")] * 4 + [("a", False, None)] * 4)
    result = weigh_frame(frame, None, {"variance": "jackknife", "replicates": 4})
    # 8/4 = 2 each; without one, the other three stand for 8/3. Scale: (1 - 1/2) 3/4.
    assert np.sort(weights_of(result), axis=0).T.tolist() == [pytest.approx([0, 8 / 3, 8 / 3, 8 / 3])] * 4
    assert result.replicates["scale"].to_list() == pytest.approx([0.375] * 4)


def test_strata_with_fewer_firms_than_groups_keep_an_unbiased_jackknife():
    # Each firm of the small stratum is in one group of its own: its part of the variance is exactly N² (1-f) s²/n.
    rows = [("a", True, "complete")] * 5 + [("a", False, None)] * 5 + [("b", True, "complete")] * 40
    frame = make_frame(rows + [("b", False, None)] * 40)
    result = weigh_frame(frame, None, {"variance": "jackknife", "replicates": 20})
    y = np.where(result.design["stratum_id"] == "a", np.arange(45.0), 0.0)
    assert variance_of_total(result, y) == pytest.approx(10**2 * 0.5 * np.var(np.arange(5.0), ddof=1) / 5)


def test_more_replicates_than_firms_are_refused():
    with pytest.raises(StudyError, match="wave 2018 has 60 firms"):
        weigh_frame(FRAME, None, {**BOOTSTRAP, "replicates": 61})


def test_a_silly_number_of_replicates_is_refused():
    with pytest.raises(StudyError, match=r"design\.replicates is 1"):
        weigh_frame(FRAME, None, {**BOOTSTRAP, "replicates": 1})
