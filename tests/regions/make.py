"""A square of sixteen made-up regions in four zones, and firms in them."""

import numpy as np
import pandas as pd

from innosurvey.codelists import LookupSpec
from innosurvey.design import DesignRules
from innosurvey.regions.places import Places, read_places
from innosurvey.regions.plan import Request
from innosurvey.regions.spec import RegionsSpec, parse_regions
from tests.made_slices import make_slice

SIDE = 4
REGIONS = tuple(f"r{row}{column}" for row in range(SIDE) for column in range(SIDE))
ZONES = ("nw", "ne", "sw", "se")
ZONE_OF = {name: ZONES[2 * (int(name[1]) > 1) + (int(name[2]) > 1)] for name in REGIONS}
LOOKUP = LookupSpec(variable="place", codelist="made", code="code", value="name")
RULES = DesignRules()
SECTION = {
    "cohort": "made",
    "zones": {"cohort": "zone", "column": "zone"},
    "neighbours": {"file": "near.csv"},
    "tiles": "tiles.csv",
    "measures": {
        "firms": {"title": {"en": "Firms"}},
        "certified": {"title": {"en": "Certified"}, "variable": "certified"},
        "active": {"title": {"en": "Active"}, "variable": "active", "among": "certified"},
    },
    "map": "certified",
    "permutations": 199,
    "seed": 1,
    "types": {
        "links": {
            "business": {"variables": ["clients", "suppliers"]},
            "university": {"variables": ["universities"]},
        },
        "least": 20,
        "groups": [2],
        "draws": 99,
    },
}


def spec(**changes: object) -> RegionsSpec:
    """Return the section with some of its entries changed."""
    found = parse_regions(SECTION | changes)
    assert found is not None
    return found


def pairs() -> list[tuple[str, str]]:
    """Return the regions that share a side, from both."""
    places = [(int(name[1]), int(name[2])) for name in REGIONS]
    return [(f"r{a}{b}", f"r{c}{d}") for a, b in places for c, d in places if abs(a - c) + abs(b - d) == 1]


def lists() -> dict[str, pd.DataFrame]:
    """Return the lists behind the regions, by their paths."""
    near = pd.DataFrame([(one, two, "land") for one, two in pairs()], columns=["region", "neighbour", "boundary"])
    tiles = pd.DataFrame([(name, str(int(name[2]) + 1), str(int(name[1]) + 1)) for name in REGIONS])
    codes = pd.DataFrame({"code": [name.upper() for name in REGIONS], "name": REGIONS})
    return {
        LOOKUP.path: codes.assign(zone=[ZONE_OF[name] for name in REGIONS]),
        "near.csv": near,
        "tiles.csv": tiles.set_axis(["region", "column", "row"], axis=1),
    }


def places(**changes: object) -> Places:
    """Return the places of the section."""
    return read_places(spec(**changes), LOOKUP, ZONES, lists())


def request(minimum_n: int = 3, **changes: object) -> Request:
    """Return a request for the section."""
    return Request(spec=spec(**changes), places=places(**changes), rules=RULES, minimum_n=minimum_n)


def firms(count: int = 1600, seed: int = 3) -> pd.DataFrame:
    """Return firms, a hundred in each region; certified ones are more frequent in the west, and firms there know their
    clients, those in the east universities.
    """
    chance = np.random.default_rng(seed)
    group = np.repeat(REGIONS, count // len(REGIONS))
    west = pd.Series(group).str[2].astype(int).to_numpy() < SIDE // 2
    certified = chance.random(count) < np.where(west, 0.6, 0.2)
    return make_slice(
        group=group,
        certified=pd.array(certified, dtype="boolean"),
        active=pd.array(chance.random(count) < 0.5, dtype="boolean"),
        clients=pd.array(chance.random(count) < np.where(west, 0.8, 0.3), dtype="boolean"),
        suppliers=pd.array(chance.random(count) < np.where(west, 0.8, 0.3), dtype="boolean"),
        universities=pd.array(chance.random(count) < np.where(west, 0.1, 0.5), dtype="boolean"),
        stratum_id=chance.choice(["s", "t"], count),
        weight_final=chance.uniform(1, 4, count),
    )
