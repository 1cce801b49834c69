"""Which causes there are: the release held against the present, on the default study."""

from dataclasses import replace

import pandas as pd
import pytest

from innosurvey import study
from innosurvey.changes import found
from innosurvey.changes.causes import CODE, CONFIGURATION, ENVIRONMENT, REVISION, UNITS
from innosurvey.changes.earlier import Earlier
from innosurvey.changes.sources import REGISTER, SURVEY, Changed, Named, Sources
from innosurvey.changes.units import Units
from tests.baseline.made import release

NOW = study.read(*study.BASE)
BASIS = release().basis
BOOK = NOW.waves["2020"].codebook
STILL = Units(entries=0, exits=0, both=9, amended=0)


def earlier(then=NOW, **basis):
    told = release()
    told = replace(told, basis=replace(told.basis, **basis))
    return Earlier(release=told, root=study.ROOT, study_file=None, study=then, raw_folders=())


def sources(*changed, added=()):
    return Sources(new={one.name: 100 for one in added}, added=tuple(added), changed=changed)


def changed(kind=SURVEY, name="2020", goes_with_it=False, has_wave=True, **units):
    table = pd.DataFrame({"wave": [], "firm_id": []} if has_wave else {"firm_id": []})
    return Changed(
        now=Named(kind=kind, name=name, source=NOW.waves["2020"]),
        file_then="innovation_2020.csv",
        before=table,
        after=table,
        units=replace(STILL, **units),
        codebook_goes_with_it=goes_with_it,
    )


def causes(then=None, now=BASIS, became=None):
    return found.causes_that_differ(NOW, study.ROOT, now, then or earlier(), became or sources())


def test_where_nothing_differs_there_is_no_cause():
    assert causes() == set()


@pytest.mark.parametrize(
    ("part", "cause"), [("environment", ENVIRONMENT), ("code", CODE), ("configuration", CONFIGURATION)]
)
def test_a_checksum_that_differs_is_a_cause(part, cause):
    others = {"resources/codelists/a.csv" if part == "configuration" else "a": "changed"}
    now = replace(BASIS, **{part: others})
    assert causes(earlier(**{part: dict.fromkeys(others, "then")}), now) == {cause}


@pytest.mark.parametrize(
    ("became", "expected"),
    [
        (sources(changed(amended=3)), {REVISION}),
        (sources(changed(other_columns=True)), {REVISION}),
        (sources(changed(entries=3)), {UNITS}),
        (sources(changed(exits=3, amended=1)), {REVISION, UNITS}),
        (sources(changed(REGISTER, "patents", has_wave=False, entries=3)), {REVISION}),
        (sources(changed()), {REVISION}),
        (sources(added=[Named(kind=SURVEY, name="2024", source=NOW.waves["2020"])]), {UNITS}),
    ],
)
def test_data_are_revised_or_have_other_units(became, expected):
    assert causes(became=became) == expected


def test_a_setting_that_differs_is_a_cause():
    programme = {**NOW.programme, "disclosure": {"minimum_n": 20}}
    assert causes(earlier(replace(NOW, programme=programme))) == {CONFIGURATION}


def test_a_comment_in_the_configuration_and_a_new_wave_are_none():
    waves = {name: source for name, source in NOW.waves.items() if name != "2022"}
    then = earlier(replace(NOW, waves=waves, release="2021-06-30"), configuration={"config.yaml": "b0"})
    assert causes(then) == set()


def test_a_configuration_that_the_present_code_cannot_read_is_told_by_its_checksum():
    assert causes(earlier(None, configuration={"config.yaml": "b0"})) == {CONFIGURATION}
    assert causes(earlier(None)) == set()


def test_a_codebook_that_goes_with_its_file_is_no_cause_of_its_own():
    then = earlier(configuration={BOOK: "then"})
    assert causes(then, became=sources(changed(amended=3))) == {CONFIGURATION, REVISION}
    assert causes(then, became=sources(changed(amended=3, goes_with_it=True))) == {REVISION}


def test_few_units_are_those_below_the_least_of_either_kind():
    assert sources(changed(entries=3, amended=50)).few(10)
    assert sources(changed(entries=30, amended=5)).few(10)
    assert sources(changed(entries=30), changed(name="2018", entries=2)).few(10)
    assert not sources(changed(entries=30, amended=50)).few(10)
    assert not sources(changed(amended=0)).few(10)
