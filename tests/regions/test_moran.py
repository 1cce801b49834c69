"""Whether neighbours are alike: by hand, by another program, and what must not change it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.regions.moran import index, moran, weights
from innosurvey.study import ROOT
from innosurvey.tables import read_codelist
from tests.regions.make import REGIONS, places

NEIGHBOURS = places().neighbours
WEIGHT = weights(NEIGHBOURS, REGIONS)
VALUES = st.lists(st.integers(-50, 50), min_size=16, max_size=16).filter(lambda values: len(set(values)) > 1)


def test_moran_of_a_row_of_four_by_hand():
    """Values 1, 2, 3, 4 in a row: z = (-3, -1, 1, 3) / 2, Wz = (-1, -1, 1, 1) / 2, I = (3 + 1 + 1 + 3) / 20."""
    row = {"a": ("b",), "b": ("a", "c"), "c": ("b", "d"), "d": ("c",)}
    assert index(np.array([1.0, 2.0, 3.0, 4.0]), weights(row, tuple("abcd"))) == pytest.approx(0.4)


def test_a_chessboard_is_as_unlike_as_can_be():
    board = np.array([(int(name[1]) + int(name[2])) % 2 for name in REGIONS], dtype=float)
    assert index(board, WEIGHT) == pytest.approx(-1)


def test_two_halves_are_alike_and_chance_does_not_make_them():
    halves = {name: float(name[2] in "01") for name in REGIONS}
    found = moran(halves, NEIGHBOURS, 999, seed=1)
    assert found.index > 0.5
    assert found.expected == pytest.approx(-1 / 15)
    assert found.p_greater <= 0.005
    assert found.p_greater <= found.p_two_sided


def test_the_seed_makes_the_p_value():
    values = {name: float(number % 5) for number, name in enumerate(REGIONS)}
    assert moran(values, NEIGHBOURS, 99, seed=1) == moran(values, NEIGHBOURS, 99, seed=1)


def test_p_is_uniform_where_values_lie_at_random():
    """Over 200 random maps the share of p below 0.2 is 0.2 within three standard errors (0.028)."""
    chance = np.random.default_rng(0)
    found = [
        moran(dict(zip(REGIONS, chance.normal(size=16), strict=True)), NEIGHBOURS, 99, seed=number).p_two_sided
        for number in range(200)
    ]
    assert np.mean(np.array(found) < 0.2) == pytest.approx(0.2, abs=0.085)


def test_a_region_without_a_value_is_taken_out_of_the_weights_of_its_neighbours():
    without = weights(NEIGHBOURS, [name for name in REGIONS if name != "r00"])
    assert without.sum(axis=1) == pytest.approx(np.ones(15))
    values = {name: float(number) for number, name in enumerate(REGIONS) if name != "r00"}
    assert moran(values, NEIGHBOURS, 99, seed=1).regions == 15


def test_few_regions_and_equal_values_have_no_index():
    few = {name: float(number) for number, name in enumerate(REGIONS[:5])}
    assert moran(few, NEIGHBOURS, 99, seed=1).status.startswith("not estimated: fewer than 8 regions")
    same = dict.fromkeys(REGIONS, 2.0)
    assert moran(same, NEIGHBOURS, 99, seed=1).status == "not estimated: all regions have the same value"


@settings(max_examples=60, deadline=None)
@given(VALUES, st.floats(0.1, 10), st.floats(-100, 100), st.permutations(range(16)))
def test_moran_does_not_change_with_unit_origin_and_names(values, unit, origin, order):
    plain = np.array(values, dtype=float)
    renamed = WEIGHT[np.ix_(order, order)]
    assert index(unit * plain + origin, WEIGHT) == pytest.approx(index(plain, WEIGHT), abs=1e-7)
    assert index(plain[list(order)], renamed) == pytest.approx(index(plain, WEIGHT), abs=1e-7)


def made_up_map(name: str, districts: list[str]) -> dict[str, float]:
    """Return the values of a map of tests/reference/moran.py."""
    values = {
        "letters": [float(len(district)) for district in districts],
        "order": [float(place) for place in range(25)],
        "waves": [float(np.sin(place)) for place in range(25)],
        "few": [float(place % 7) if place % 6 else np.nan for place in range(25)],
    }
    return dict(zip(districts, values[name], strict=True))


@pytest.mark.parametrize("name", ["letters", "order", "waves", "few"])
def test_another_program_finds_the_same(name):
    """esda's I to ten digits; p-values of 9,999 permutations each differ by less than four standard errors, 0.03."""
    listed = read_codelist(ROOT / "resources/regions/seoul_gu_neighbours.csv")
    near = {str(one): tuple(part["neighbour"]) for one, part in listed.groupby("region", sort=False)}
    expected = pd.read_csv(ROOT / "tests/reference/moran.csv").set_index("map").loc[name]
    found = moran(made_up_map(name, list(near)), near, 9999, seed=3)
    assert (found.index, found.expected) == (pytest.approx(expected["index"]), pytest.approx(expected["expected"]))
    assert found.p_greater == pytest.approx(expected["p_greater"], abs=0.03)
    assert found.p_two_sided == pytest.approx(expected["p_two_sided"], abs=0.03)
