"""The section `regions:` as a spec: what is taken, what is refused, what a study can feed of it."""

import copy

import pytest

from innosurvey.errors import StudyError
from innosurvey.regions.feed import regions_had
from innosurvey.regions.spec import parse_regions
from tests.regions.make import LOOKUP, SECTION, spec

VARIABLES = ("certified", "active", "clients", "suppliers", "universities")
LOOKUPS = {"made": LOOKUP, "zone": None}


def test_the_variables_of_measures_and_links_are_named_once():
    assert spec().variables == VARIABLES
    assert spec().files == ("near.csv", "tiles.csv")


def test_a_study_without_regions_has_no_spec():
    assert parse_regions(None) is None
    assert regions_had(None, LOOKUPS, VARIABLES, VARIABLES) == (None, {})


def test_a_measure_set_to_null_is_taken_out():
    measures = SECTION["measures"] | {"active": None}
    assert [measure.id for measure in spec(measures=measures).measures] == ["firms", "certified"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"chort": "x"}, r"unknown key `chort`. Did you mean cohort\?"),
        ({"cohort": None}, r"`cohort` is missing"),
        ({"zones": {"cohort": "zone"}}, r"regions.zones: `column` is missing"),
        ({"measures": {"a": {"variable": "x", "among": "b"}}, "map": None}, r"no measure b is declared above it"),
        ({"measures": {"a": {"level": "x"}}, "map": None}, r"`among` and `level` need a `variable`"),
        ({"map": "firms"}, r"regions.map: firms is no measure with a location quotient"),
        ({"permutations": 9}, r"regions.permutations: 9 is no whole number from 99"),
        ({"zones": None}, r"zones are asked for, but none are declared"),
    ],
)
def test_a_mistake_is_said_with_its_place(changes, message):
    with pytest.raises(StudyError, match=message):
        spec(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"by": "towns"}, r"regions.types.by: `towns` is not one of zones, regions"),
        ({"groups": [1]}, r"a type needs another beside it"),
        ({"alpha": 5}, r"regions.types.alpha: 5 is not between 0 and 1"),
        ({"links": {"a": {"variable": "x"}}}, r"unknown key `variable`. Did you mean variables\?"),
    ],
)
def test_a_mistake_in_types_is_said_with_its_place(changes, message):
    with pytest.raises(StudyError, match=message):
        spec(types=SECTION["types"] | changes)


def test_what_a_study_lacks_is_listed_with_its_reason_and_the_rest_is_had():
    had, lacks = regions_had(SECTION, LOOKUPS, ("clients", "universities", "active"), VARIABLES)
    assert [measure.id for measure in had.measures] == ["firms"]
    assert lacks == {"certified": "needs certified", "active": "needs certified"}
    assert [link.variables for link in had.types.links] == [("clients",), ("universities",)]
    assert had.map == ""


def test_a_study_without_the_regions_lists_all_of_them():
    assert regions_had(SECTION, {"zone": None}, VARIABLES, VARIABLES) == (None, {"regions": "needs the cohort made"})
    assert regions_had(SECTION, {"made": LOOKUP}, VARIABLES, VARIABLES) == (None, {"regions": "needs the cohort zone"})


def test_types_need_two_kinds_of_links():
    had, lacks = regions_had(SECTION, LOOKUPS, ("certified", "active", "clients"), VARIABLES)
    assert had.types is None
    assert lacks == {"types": "needs suppliers, universities"}


def test_a_variable_that_nobody_declares_is_refused_with_the_near_one():
    section = copy.deepcopy(SECTION)
    section["measures"]["certified"]["variable"] = "certifid"
    with pytest.raises(StudyError, match=r"regions uses .*\n  - certifid. Did you mean certified\?"):
        regions_had(section, LOOKUPS, VARIABLES, VARIABLES)


def test_regions_that_rules_give_are_refused():
    with pytest.raises(StudyError, match=r"regions.cohort: the groups of made are given by rules, not by a code list"):
        regions_had(SECTION, {"made": None, "zone": None}, VARIABLES, VARIABLES)
