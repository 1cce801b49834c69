"""The design over the waves: strata, populations, and the variance of a sum over overlapping samples."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from innosurvey.design import Design
from innosurvey.errors import DataError
from innosurvey.pooled import corrections_of, pool_designs
from innosurvey.sample import full_sample
from tests.made_slices import make_slice


def listing(**strata: str) -> pd.DataFrame:
    """Return firms by stratum, one letter each."""
    rows = [(firm, stratum) for stratum, firms in strata.items() for firm in firms]
    return pd.DataFrame(rows, columns=["firm_id", "stratum_id"], dtype="str")


def of_waves(*parts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(2018 + 2 * place): part for place, part in enumerate(parts)}


def test_a_firm_belongs_to_the_stratum_in_which_the_frame_first_listed_it():
    # x answers in the second wave as one of b, but the first frame had it in a already
    pooled = pool_designs(of_waves(listing(a="p"), listing(b="xq")), of_waves(listing(a="px", b="q"), listing(b="xq")))
    assert dict(zip(pooled["firm_id"], pooled["pooled_stratum"], strict=True)) == {"p": "a", "q": "b", "x": "a"}


def test_without_a_frame_it_is_the_stratum_of_the_first_answer_and_no_population_is_known():
    pooled = pool_designs(of_waves(listing(a="p"), listing(b="pq")), {})
    assert pooled["pooled_stratum"].to_list() == ["a", "b"]
    assert pooled[["listed_1_1", "listed_1_2", "listed_2_2"]].isna().all(axis=None)


def test_a_wave_without_a_frame_leaves_every_population_unknown():
    pooled = pool_designs(of_waves(listing(a="p"), listing(a="q")), of_waves(listing(a="pqr"), listing()))
    assert pooled["listed_1_1"].isna().all()


def test_distinct_firms_are_counted_once_and_the_listed_by_pairs_of_waves():
    pooled = pool_designs(of_waves(listing(a="pq"), listing(a="qr")), of_waves(listing(a="pqrst"), listing(a="qrsu")))
    counts = ["pooled_stratum_n", "listed_1_1", "listed_1_2", "listed_2_2"]
    assert pooled[counts].drop_duplicates().to_numpy().tolist() == [[3, 5, 3, 4]]


def factors(answered: list[pd.DataFrame], listed: list[pd.DataFrame]) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the corrections of a single stratum, and its smallest fraction."""
    pooled = pool_designs(of_waves(*answered), of_waves(*listed))
    present = np.column_stack([pooled["firm_id"].isin(part["firm_id"]) for part in answered])
    return corrections_of(pooled, present, np.zeros(len(pooled), dtype=int))


def test_a_panel_of_the_same_firms_has_one_fraction():
    found, smallest = factors([listing(a="pq")] * 2, [listing(a="pqrst")] * 2)
    np.testing.assert_allclose(found[0], 1 - 2 / 5)
    assert smallest.tolist() == [2 / 5]


def test_independent_samples_have_no_covariance():
    # half of four firms each time, a quarter both times: 1 - 1/2 · 1/2 / (1/4) = 0
    found, _ = factors([listing(a="pq"), listing(a="pr")], [listing(a="pqrs")] * 2)
    np.testing.assert_allclose(found[0], [[0.5, 0], [0, 0.5]], atol=1e-12)  # atol: an eigendecomposition's rounding


def test_samples_that_avoid_each_other_count_as_independent():
    found, _ = factors([listing(a="pqr"), listing(a="rst")], [listing(a="pqrst")] * 2)  # 1 - 0.36 / 0.2 < 0
    np.testing.assert_allclose(found[0], [[0.4, 0], [0, 0.4]], atol=1e-12)


def test_a_stratum_taken_whole_in_every_wave_has_no_variance():
    found, smallest = factors([listing(a="pq"), listing(a="pqr")], [listing(a="pq"), listing(a="pqr")])
    np.testing.assert_allclose(found, 0, atol=1e-12)
    assert smallest.tolist() == [1]


def pooled_variance(waves: list[pd.DataFrame], listed: list[pd.DataFrame] | None, values: dict[str, list]) -> float:
    """Return the variance of the sum of the answering firms' values (a list by wave)."""
    sizes = [part.assign(sample_n_stratum=len(part), pop_n_stratum=pd.NA, weight_final=1.0) for part in waves]
    pooled = pool_designs(of_waves(*waves), of_waves(*listed) if listed else {})
    margins = of_waves(*[part[["firm_id"]] for part in waves])
    sample = full_sample(of_waves(*sizes), margins, pooled=pooled)
    rows = [(firm, wave, values[firm][place]) for place, (wave, part) in enumerate(of_waves(*waves).items())
            for firm in part["firm_id"]]  # fmt: skip
    firms = make_slice(**dict(zip(("firm_id", "wave", "y"), zip(*rows, strict=True), strict=True)))
    return Design.from_frame(firms, sample.pooled()).variance(firms["y"].to_numpy())


VALUES = {"p": [1.0, 2.0], "q": [4.0, 3.0], "r": [-2.0, -4.0], "s": [-3.0, -1.0]}


def test_without_a_frame_the_firms_sums_vary():
    # sums 3, 7, -6 of three firms: mean 4/3, squares 9 + 49 + 36 - 16/3; times 3/2
    waves = [listing(a="pqr")] * 2
    assert pooled_variance(waves, None, VALUES) == pytest.approx(1.5 * (94 - 16 / 3))


def test_a_panel_takes_off_its_fraction_of_the_population():
    waves, listed = [listing(a="pqr")] * 2, [listing(a="pqrs")] * 2
    assert pooled_variance(waves, listed, VALUES) == pytest.approx(0.25 * pooled_variance(waves, None, VALUES))


def test_the_finite_population_is_taken_off_by_pairs_of_waves():
    # p, q then q, r of four: f = 1/2, both 1/4: c = 1/2 and 0. Wave 1: 1, 4, 0 (mean 5/3), wave 2: 0, 3, -4 (mean -1/3)
    found = pooled_variance([listing(a="pq"), listing(a="qr")], [listing(a="pqrs")] * 2, VALUES)
    assert found == pytest.approx(1.5 * 0.5 * ((17 - 25 / 3) + (25 - 1 / 3)))


def test_over_all_samples_of_a_rotating_panel_the_variance_is_about_right():
    """Six firms, a third of them drawn once more: each pair of samples of four that share three."""
    rng = np.random.default_rng(3)
    names = "abcdef"
    level = rng.normal(0, 1, 6)
    values = {name: [level[place] + rng.normal(0, 0.4), level[place] + rng.normal(0, 0.4)]
              for place, name in enumerate(names)}  # fmt: skip
    means = np.mean(list(values.values()), axis=0)
    centred = {name: [y - mean for y, mean in zip(both, means, strict=True)] for name, both in values.items()}
    listed = [listing(h=names)] * 2
    found, sums = [], []
    for one in combinations(names, 4):
        for two in combinations(names, 4):
            if len(set(one) & set(two)) == 3:
                sums.append(sum(centred[firm][0] for firm in one) + sum(centred[firm][1] for firm in two))
                found.append(pooled_variance([listing(h="".join(one)), listing(h="".join(two))], listed, centred))
    assert np.mean(found) == pytest.approx(np.var(sums), rel=0.15)  # n / (n - 1) is of the five, not of the four


def test_a_pooled_design_of_other_firms_is_refused():
    waves = of_waves(listing(a="pq").assign(sample_n_stratum=2, pop_n_stratum=pd.NA, weight_final=1.0))
    with pytest.raises(DataError, match="pooled design holds 1 firms"):
        full_sample(waves, {"2018": waves["2018"][["firm_id"]]}, pooled=pool_designs(of_waves(listing(a="p")), {}))
