"""What a gap between two groups is made of."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.compare.decompose import decomposed
from innosurvey.compare.material import Material
from innosurvey.compare.spec import DecompositionSpec
from tests.compare.make import ITEMS, RULES, firms, material
from tests.made_slices import make_slice

DRAWS = 300


def spec(**settings: object) -> DecompositionSpec:
    defaults = {"id": "d", "cohort": "made", "group": "a", "reference": "b", "outcomes": ("sales",)}
    return DecompositionSpec(**{**defaults, "terms": ("industry", "size"), **settings})


def parts(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["wave"] == "2020"].set_index(["part", "term"])


def test_by_hand_levels_and_returns_add_up_to_the_gap():
    """a: y = 1 + 2x at x = 1..12 (mean 6.5, gap's ȳ 14); b: y = 3 + x at x = 0..11 (mean 5.5, ȳ 8.5)."""
    x = np.concatenate([np.arange(1.0, 13), np.arange(0.0, 12)])
    table = make_slice(group=["a"] * 12 + ["b"] * 12, size=x, y=np.where(np.arange(24) < 12, 1 + 2 * x, 3 + x))
    table["y"] += np.tile([0.5, -0.5, -0.5, 0.5], 6)  # sums to zero, and to zero with x: the lines stay what they are
    found = parts(decomposed([spec(terms=("size",), coefficients="reference")], material(table)))["estimate"]
    assert found["gap", ""] == pytest.approx(5.5)
    assert found["explained", "size"] == pytest.approx(1.0)
    assert found["unexplained", "size"] == pytest.approx(6.5)
    assert found["unexplained", "constant"] == pytest.approx(-2.0)


@pytest.mark.parametrize("coefficients", ["group", "reference", "pooled", "weighted"])
def test_the_parts_of_the_terms_add_up_to_the_whole(coefficients):
    found = parts(decomposed([spec(coefficients=coefficients)], material()))["estimate"]
    for part in ("explained", "unexplained"):
        assert found[part].drop("").sum() == pytest.approx(found[part, ""])
    assert found["explained", ""] + found["unexplained", ""] == pytest.approx(found["gap", ""])


def test_the_part_of_a_category_does_not_depend_on_which_level_comes_first():
    renamed = firms().assign(industry=lambda table: table["industry"].map({"i": "z", "j": "y", "k": "x"}))
    one, two = (parts(decomposed([spec()], material(table))) for table in (firms(), renamed))
    assert two["estimate"].to_numpy() == pytest.approx(one["estimate"].to_numpy())
    assert two["se"].to_numpy() == pytest.approx(one["se"].to_numpy())


def test_a_gap_of_composition_is_explained():
    found = parts(decomposed([spec()], material()))
    assert found.loc[("explained", ""), "share_of_gap"] > 70
    assert found.loc[("unexplained", ""), "lower"] < 0 < found.loc[("unexplained", ""), "upper"]


def test_a_level_that_one_group_lacks_is_left_out_and_named():
    table = firms().query("not (group == 'b' and industry == 'k')").reset_index(drop=True)
    found = parts(decomposed([spec()], material(table)))
    assert set(found["status"]) == {"ok: without industry k, which one group lacks"}


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"outcomes": ("absent",)}, "not estimated: the survey has no nothing"),
        ({"terms": ("branch",)}, "not estimated: the survey has no branch"),
        ({"group": "ghost"}, "not estimated: no firms with outcome and terms in one group"),
        ({"terms": ("size", "twice")}, "not estimated: the terms are collinear in the group"),
    ],
)
def test_what_cannot_be_taken_apart_is_a_row_with_a_reason(settings, status):
    table = firms().assign(twice=lambda table: 2 * table["size"])
    found = parts(decomposed([spec(**settings)], material(table)))
    assert list(found.index) == [("gap", ""), ("explained", ""), ("unexplained", "")]
    assert set(found["status"]) == {status}


def test_few_firms_are_not_taken_apart():
    few = firms(24).assign(sample_n_stratum=24, pooled_stratum_n=24)
    assert parts(decomposed([spec(terms=("size",))], material(few)))["status"].iloc[0] == (
        "not estimated: fewer than 12 firms in the group"
    )


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say():
    """Of simple samples of 150 firms; regressors are drawn anew each time. Three binomial errors of 300 draws: 3.8."""
    hits: dict[str, int] = {"explained": 0, "unexplained": 0}
    for draw in range(DRAWS):
        rng = np.random.default_rng(draw)
        is_a = np.arange(300) < 150
        size = rng.normal(loc=np.where(is_a, 1.0, 0.0))
        y = 1 + size * np.where(is_a, 2.0, 1.0) + rng.normal(size=300)
        table = make_slice(group=np.where(is_a, "a", "b"), size=size, y=y)
        made = Material.of(table, ITEMS, RULES)
        found = parts(decomposed([spec(terms=("size",), coefficients="reference")], made))
        for part, truth in (("explained", 1.0), ("unexplained", 1.0)):
            hits[part] += found.loc[(part, ""), "lower"] <= truth <= found.loc[(part, ""), "upper"]
    assert all(abs(100 * count / DRAWS - 95) < 3.8 for count in hits.values()), hits
