"""Whether regions sort into types: where they do, where they are alike, where only noise sorts them."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.regions.plan import map_regions
from innosurvey.regions.profiles import Profiles, combined
from innosurvey.regions.spec import Link, TypesSpec
from innosurvey.regions.types import adjusted_rand, best_groups, contrasts, groups_of, leaning, silhouette, types_of
from tests.regions.make import firms, request

LINKS = ("business", "university")


def profiles(estimates: object, error: float, df: int = 500) -> Profiles:
    """Return profiles of five regions whose numbers all have the same, independent error."""
    values = np.asarray(estimates, dtype=float)
    regions = tuple(f"z{number}" for number in range(len(values)))
    return Profiles(
        wave="all",
        regions=regions,
        links=LINKS,
        n={(region, link): 100 for region in regions for link in LINKS},
        estimates=values,
        covariance=np.eye(values.size) * error**2,
        df=df,
    )


def asked(**changes: object) -> TypesSpec:
    links = tuple(Link(id=link, title={"en": link}, variables=(link,)) for link in LINKS)
    return TypesSpec(**({"links": links, "draws": 199} | changes))  # type: ignore[arg-type]


TWO_KINDS = [[50, 10], [51, 10], [50, 11], [30, 30], [31, 30]]
DISTINCT_POINTS = np.array([[0.0, 0], [0, 1], [10, 0], [10, 1], [11, 0]])


def test_two_kinds_of_regions_are_told_apart():
    found = types_of(profiles(TWO_KINDS, error=1), asked(), seed=1)
    assert (found.verdict, found.group) == ("separable", (1, 1, 1, 2, 2))
    assert found.stability > 0.95
    assert leaning(profiles(TWO_KINDS, error=1), found) == {1: "business", 2: "university"}


def test_regions_that_differ_by_no_more_than_chance_are_alike():
    chance = np.random.default_rng(1)
    found = types_of(profiles(40 + chance.normal(size=(5, 2)), error=1), asked(), seed=1)
    assert found.verdict == "alike"
    assert found.p > 0.05


def test_regions_in_an_even_row_differ_and_make_no_types():
    found = types_of(profiles([[10 * step, 20] for step in range(5)], error=4), asked(), seed=1)
    assert found.p < 0.001
    assert found.verdict == "not separable"


def test_a_test_at_five_percent_is_wrong_in_five_percent():
    """400 surveys without any difference: 20 in the mean, at most 35 in all but one of a thousand."""
    chance = np.random.default_rng(2)
    rejected = [
        types_of(profiles(chance.normal(size=(5, 2)), error=1), asked(draws=1, groups=(2,)), seed=1).p < 0.05
        for _ in range(400)
    ]
    assert 7 <= sum(rejected) <= 35


def test_too_few_regions_are_not_tested():
    assert types_of(profiles([[1, 2], [3, 4]], error=1), asked(groups=(2,)), seed=1).verdict == "not tested"


def test_profiles_without_an_error_are_not_tested():
    assert types_of(profiles(TWO_KINDS, error=0), asked(), seed=1).verdict == "not tested"


def test_silhouette_by_hand():
    """On a line 0, 1 | 4, 6: widths 1 - 1/5, 1 - 1/4, 1 - 2/3.5, 1 - 2/5.5."""
    points = np.array([[0.0], [1.0], [4.0], [6.0]])
    expected = np.mean([1 - 1 / 5, 1 - 1 / 4, 1 - 2 / 3.5, 1 - 2 / 5.5])
    assert silhouette(points, np.array([1, 1, 2, 2])) == pytest.approx(expected)


def test_a_group_of_one_counts_as_nothing():
    assert silhouette(np.array([[0.0], [5.0], [6.0]]), np.array([1, 2, 2])) == pytest.approx((0 + 0.8 + 5 / 6) / 3)


def test_groups_are_numbered_as_they_come():
    assert groups_of(DISTINCT_POINTS[::-1], 2).tolist() == [1, 1, 1, 2, 2]


def test_the_number_of_groups_with_the_larger_silhouette_is_taken():
    group, width = best_groups(DISTINCT_POINTS, [2, 3])
    assert group.tolist() == [1, 1, 2, 2, 2]
    assert width == pytest.approx(silhouette(DISTINCT_POINTS, group))


def test_adjusted_rand_by_hand():
    """Hubert and Arabie's index of {1, 2}{3, 4} against {1, 2, 3}{4}: (1 - 2 · 3 / 6) / (2.5 - 1) = 0."""
    assert adjusted_rand(np.array([1, 1, 2, 2]), np.array([1, 1, 1, 2])) == pytest.approx(0)
    assert adjusted_rand(np.array([1, 1, 2, 2]), np.array([2, 2, 1, 1])) == 1


def test_the_contrasts_of_three_regions_and_two_links():
    assert contrasts(3, 2).tolist() == [
        [-1, 0, 1, 0, 0, 0],
        [0, -1, 0, 1, 0, 0],
        [-1, 0, 0, 0, 1, 0],
        [0, -1, 0, 0, 0, 1],
    ]


def test_draws_of_an_imputation_add_their_spread():
    """Rubin: T = mean U + (1 + 1/2) B; estimates 0 and 2 apart by 2 have B = 2."""
    one, two = profiles([[0, 0]], error=1), profiles([[2, 0]], error=1)
    found = combined([one, two])
    assert found.estimates.tolist() == [[1, 0]]
    assert np.diag(found.covariance) == pytest.approx([1 + 1.5 * 2, 1])


def test_the_made_up_zones_fall_into_west_and_east():
    found = map_regions(request(), firms())
    test = found["region_types"].set_index("wave").loc["all"]
    assert test["verdict"] == "separable"
    types = found["region_profiles"].query("wave == 'all'").drop_duplicates("region").set_index("region")
    assert types["type"].to_dict() == {"nw": "1", "ne": "2", "sw": "1", "se": "2"}
    assert types["leans_to"].to_dict() == {"nw": "business", "ne": "university", "sw": "business", "se": "university"}


def test_types_are_not_named_where_they_cannot_be_told_apart():
    made = firms()
    chance = np.random.default_rng(4)
    random = {
        name: pd.array(chance.random(len(made)) < 0.4, dtype="boolean")
        for name in ("clients", "suppliers", "universities")
    }
    found = map_regions(request(), made.assign(**random))
    assert set(found["region_types"]["verdict"]) == {"alike"}
    assert not found["region_profiles"]["type"].astype(bool).any()


def test_a_region_with_few_firms_has_no_profile_and_says_so():
    made = firms()
    few = made[~made["group"].isin(["r00", "r01", "r10", "r11"]) | (made.groupby("group").cumcount() < 4)]
    found = map_regions(request(), few.reset_index(drop=True))["region_profiles"]
    assert set(found[found["region"] == "nw"]["status"]) == {"not estimated: too few firms for a profile"}
