"""Lists of places that people write: what is right in them, and what is said of what is wrong."""

import re

import pandas as pd
import pytest

from innosurvey.errors import DataError, StudyError
from innosurvey.regions.places import reachable, read_neighbours, read_places, read_tiles
from innosurvey.study import ROOT
from innosurvey.tables import read_codelist
from tests.regions.make import LOOKUP, REGIONS, ZONES, lists, pairs, places, spec

SEOUL = read_codelist(ROOT / "resources/codelists/seoul_gu.csv")["gu_en"].to_list()


def seoul(name: str) -> list:
    return read_codelist(ROOT / f"resources/regions/seoul_gu_{name}.csv").to_dict("records")


def near(*rows: tuple[str, str, str]) -> list[dict[str, str]]:
    """Return the square's neighbours with some rows added."""
    listed = [(one, two, "land") for one, two in pairs()]
    return [dict(zip(("region", "neighbour", "boundary"), row, strict=True)) for row in [*listed, *rows]]


def test_the_square_has_its_zones_and_neighbours():
    found = places()
    assert found.zones == ZONES
    assert found.neighbours["r11"] == ("r01", "r10", "r12", "r21")
    assert found.regions_of(pd.Series([" R01", None])).to_list()[0] == "r01"


def test_the_districts_of_seoul_have_neighbours_from_both_sides_and_one_tile_each():
    asked = spec(neighbours={"file": "seoul", "boundaries": ["land", "river"]})
    found = read_neighbours(seoul("neighbours"), asked, SEOUL)
    assert len(found) == 25
    assert all(one in found[two] for one in found for two in found[one])
    assert len(read_tiles(seoul("tiles"), "tiles", SEOUL)) == 25


def test_the_han_parts_seoul_where_the_river_makes_no_neighbours():
    with pytest.raises(
        DataError, match=r"no chain of neighbours leads from Jongno-gu to these regions:\n  - Yangcheon"
    ):
        read_neighbours(seoul("neighbours"), spec(neighbours={"file": "seoul", "boundaries": ["land"]}), SEOUL)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            ("r00", "r33", "land"),
            r"near.csv, row 50: r00 has the neighbour r33, but r33 does not have r00.*r33,r00,land",
        ),
        (("r00", "r00", "land"), r"near.csv, row 50: r00 is its own neighbour.*Take the row out"),
        (("r00", "r01", "land"), r"near.csv, row 50: r00 and r01 stand in an earlier row already"),
        (("r00", "rr33", "land"), r"near.csv, row 50: 'rr33' is no region of the code list. Did you mean r33\?"),
    ],
)
def test_a_wrong_row_of_neighbours_is_named_with_the_rule_and_the_remedy(row, message):
    with pytest.raises(DataError, match=f"(?s){message}"):
        read_neighbours(near(row), spec(), REGIONS)


def test_a_boundary_is_of_one_kind_from_both_sides():
    rows = near()
    rows[0]["boundary"] = "river"
    with pytest.raises(
        DataError, match=r"row 2: the boundary of r00 and r01 is river here and land from the other side"
    ):
        read_neighbours(rows, spec(), REGIONS)


def test_a_boundary_that_the_list_lacks_is_named_with_the_near_one():
    with pytest.raises(StudyError, match=r"near.csv has no boundary lnd. Did you mean land\?"):
        read_neighbours(near(), spec(neighbours={"file": "near.csv", "boundaries": ["lnd"]}), REGIONS)


def test_regions_that_no_chain_reaches_are_listed():
    rows = [row for row in near() if "r33" not in (row["region"], row["neighbour"])]
    with pytest.raises(DataError, match=r"no chain of neighbours leads from r00 to these regions:\n  - r33"):
        read_neighbours(rows, spec(), REGIONS)
    assert reachable({"a": ("b",), "b": ("a",), "c": ()}, "a") == {"a", "b"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"region": "r99"}, r"tiles.csv, row 2: 'r99' is no region of the code list"),
        ({"region": "r01"}, r"tiles.csv, row 3: r01 has a tile already"),
        ({"column": "2"}, r"tiles.csv, row 3: r01 lies on the tile of r00"),
        ({"column": "left"}, r"tiles.csv, row 2: column 'left' and row '1' are no whole numbers from 1"),
    ],
)
def test_a_wrong_tile_is_named_with_the_rule(change, message):
    rows = lists()["tiles.csv"].to_dict("records")
    rows[0] |= change
    with pytest.raises(DataError, match=message):
        read_tiles(rows, "tiles.csv", REGIONS)


def test_a_region_without_a_tile_is_listed():
    with pytest.raises(DataError, match=r"regions without a tile:\n  - r33"):
        read_tiles(lists()["tiles.csv"].to_dict("records")[:-1], "tiles.csv", REGIONS)


def read(**changes: pd.DataFrame):
    codes = lists()[LOOKUP.path]
    return read_places(spec(), LOOKUP, ZONES, {**lists(), LOOKUP.path: changes.get("codes", codes)})


def test_a_zone_without_regions_is_named():
    codes = lists()[LOOKUP.path]
    with pytest.raises(DataError, match=r"column zone: no region lies in se, of the cohort zone"):
        read(codes=codes.assign(zone=codes["zone"].replace("se", "sw")))


def test_a_region_in_no_zone_of_the_cohort_is_named_with_its_row():
    codes = lists()[LOOKUP.path]
    where = re.escape(f"{LOOKUP.path}, row 2 (r00)")
    with pytest.raises(DataError, match=rf"{where}: zone 'nww' is no group of the cohort zone. Did you mean nw\?"):
        read(codes=codes.assign(zone=codes["zone"].where(codes["name"] != "r00", "nww")))


def test_a_region_of_two_zones_is_named():
    codes = lists()[LOOKUP.path]
    twice = pd.concat([codes, pd.DataFrame({"code": ["X"], "name": ["r00"], "zone": ["se"]})])
    with pytest.raises(DataError, match=r"row 18 \(r00\): it lies in nw by another row, here in se"):
        read(codes=twice)


def test_too_few_regions_are_no_distribution():
    with pytest.raises(DataError, match=r"3 regions in the column name; a distribution needs 4"):
        read(codes=lists()[LOOKUP.path].head(3))


def test_a_column_that_is_lacking_is_named_with_the_near_one():
    with pytest.raises(DataError, match=r"near.csv, row 1: no column neighbour. Did you mean neighbor\?"):
        read_neighbours([{"region": "a", "neighbor": "b", "boundary": "land"}], spec(), REGIONS)
    with pytest.raises(DataError, match="the list has no rows"):
        read_neighbours([], spec(), REGIONS)
