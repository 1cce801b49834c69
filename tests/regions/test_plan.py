"""All tables together: their contracts, what is withheld of them, several imputations, the same bytes."""

import numpy as np
import pandas as pd
import pytest

from innosurvey import tables
from innosurvey.kept import Kept
from innosurvey.regions import types
from innosurvey.regions.plan import map_regions
from tests.regions.make import firms, request

LISTED = pd.DataFrame({"wave": ["2020"] * 4, "place": ["R00", "R00", "R33", "R12"]})


def test_the_tables_keep_their_contracts():
    for name, table in map_regions(request(minimum_n=10), firms(), listed=LISTED).items():
        tables.fail_if_contract_is_broken(name, table, name)


def test_the_tables_of_a_slice_without_firms_keep_their_contracts():
    for name, table in map_regions(request(), firms().iloc[:0]).items():
        tables.fail_if_contract_is_broken(name, table, name)


def test_a_survey_without_neighbours_has_no_moran_and_one_without_types_no_profiles():
    found = map_regions(request(neighbours=None, types=None), firms())
    assert "moran" not in set(found["concentration"]["statistic"])
    assert found["region_profiles"].empty
    assert found["region_types"].empty


def test_a_survey_without_zones_has_regions_alone():
    links = {"a": {"variables": ["clients"]}, "b": {"variables": ["universities"]}}
    types = {"by": "regions", "links": links, "draws": 99, "groups": [2]}
    found = map_regions(request(zones=None, types=types), firms())
    assert set(found["regions"]["level"]) == {"region"}
    assert set(found["region_types"]["level"]) == {"region"}


def test_single_waves_are_withheld():
    table = map_regions(request(), firms())["regions"]
    assert table[table["wave"] != "all"]["withheld"].all()
    assert not table[table["wave"] == "all"]["withheld"].any()


def test_what_is_withheld_does_not_move_what_is_told_of_the_whole():
    """Two regions with few certified firms: whichever of them has more, the published indices stay the same."""
    made = firms()
    here = made["group"].isin(["r00", "r01"]) & made["certified"]
    few = made[~here | (made[here].groupby("group").cumcount() < 8).reindex(made.index, fill_value=False)]
    few = few.assign(weight_final=1.0)
    asked = request(minimum_n=10, types=None, measures={"certified": {"variable": "certified"}}, map=None)
    one = map_regions(asked, few)["concentration"]
    certified = few.index[(few["group"] == "r00") & few["certified"]][:3]
    two = map_regions(asked, few.assign(group=few["group"].mask(few.index.isin(certified), "r01")))["concentration"]
    told = one["wave"] == "all"
    assert (one[told]["merged"].max(), one[told & (one["statistic"] == "moran")]["regions"].item()) == (2, 14)
    assert one[told]["estimate"].to_numpy() == pytest.approx(two[told]["estimate"].to_numpy())


def test_the_same_firms_give_the_same_bytes():
    one, two = (map_regions(request(), firms(), listed=LISTED) for _ in range(2))
    assert all(one[name].to_csv() == two[name].to_csv() for name in one)


def test_the_order_of_the_rows_does_not_matter():
    made = firms()
    shuffled = made.sample(frac=1, random_state=1).reset_index(drop=True)
    one, two = (map_regions(request(types=None), each)["regions"] for each in (made, shuffled))
    assert one["estimate"].to_numpy(dtype=float) == pytest.approx(two["estimate"].to_numpy(dtype=float), nan_ok=True)


def test_imputations_that_agree_are_one_survey():
    made = firms()
    twice = pd.concat([made.assign(draw=1), made.assign(draw=2)], ignore_index=True)
    one, two = map_regions(request(), made), map_regions(request(), twice)
    for name in ("regions", "concentration"):
        assert (two[name]["fmi"].dropna() == 0).all()
        tables.fail_if_contract_is_broken(name, two[name], name)
    assert two["regions"]["se"].to_numpy(dtype=float) == pytest.approx(
        one["regions"]["se"].to_numpy(dtype=float), nan_ok=True
    )
    assert two["region_types"]["verdict"].tolist() == one["region_types"]["verdict"].tolist()


def test_imputations_that_differ_are_less_sure():
    made = firms()
    other = made.assign(certified=made["certified"] ^ (np.arange(len(made)) % 9 == 0))
    twice = pd.concat([made.assign(draw=1), other.assign(draw=2)], ignore_index=True)
    found = map_regions(request(types=None), twice)["regions"]
    assert found[found["statistic"] == "quotient"]["fmi"].max() > 0


def test_types_that_the_run_before_found_are_not_found_again(monkeypatch: pytest.MonkeyPatch):
    first = Kept()
    made = map_regions(request(), firms(), kept=first)["region_types"]
    monkeypatch.setattr(types, "types_of", lambda *_: pytest.fail("found again"))
    again = map_regions(request(), firms(), kept=Kept(before=first.now))["region_types"]
    pd.testing.assert_frame_equal(again, made)
