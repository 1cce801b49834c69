"""What is asked, read and set otherwise."""

from dataclasses import replace

import pytest

from innosurvey import codebook, study, yamlfile
from innosurvey.changes.schema import compare_columns, settings_of, settings_that_differ
from innosurvey.dictionary import from_rows

DICTIONARY = from_rows(
    [
        {"variable": "firm_id", "type": "string", "label_en": "Firm"},
        {"variable": "exports", "type": "bool", "label_en": "Exports"},
        {"variable": "patents", "type": "int", "label_en": "Patents"},
    ],
    "variables.csv",
)
BOOK = """
title: A survey
table: survey
file: {format: csv}
variables:
  firm_id: {column: id}
"""


def book(*variables):
    text = BOOK + "".join(f"  {line}\n" for line in variables)
    return codebook.from_yaml(yamlfile.parse(text, "book.yaml"), DICTIONARY)


def compared(before, after):
    return compare_columns("survey 2020", book(*before), book(*after))


def test_a_variable_of_one_side_was_added_or_dropped():
    found = compared(["exports: {column: q1, values: {1: true, 0: false}}"], ["patents: {column: q2}"])
    assert (found.added, found.dropped) == (("patents",), ("exports",))


def test_a_variable_from_another_column_is_told_with_both_names():
    assert compared(["patents: {column: q2}"], ["patents: {column: q7}"]).renamed == ("patents: q2 → q7",)


def test_a_variable_whose_codes_mean_something_else_is_read_otherwise():
    before = ["exports: {column: q1, values: {1: true, 0: false}}"]
    assert compared(before, ["exports: {column: q1, values: {1: true, 2: false}}"]).recoded == ("exports",)


def test_the_same_codebook_differs_in_nothing():
    assert not compared(["patents: {column: q2}"], ["patents: {column: q2}"]).differ


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"disclosure": {"minimum_n": 10}}, {"disclosure": {"minimum_n": 20}}, ["disclosure.minimum_n: 10 → 20"]),
        ({"cohorts": {}}, {"cohorts": {"zone": {"kind": "partition"}}}, ["cohorts.zone: added"]),
        ({"cohorts": {"zone": {}}}, {"cohorts": {}}, ["cohorts.zone: dropped"]),
        ({"derived": {"rd": {"rule": "a / b"}}}, {"derived": {"rd": {"rule": "a / c"}}}, ["derived.rd.rule"]),
        ({"models": {"a": [1]}}, {"models": {"a": [1]}}, []),
    ],
)
def test_settings_that_differ_are_told_by_their_path(before, after, said):
    assert list(settings_that_differ({"programme": before}, {"programme": after})) == said


def test_the_day_of_a_release_the_files_and_a_new_wave_set_nothing_for_the_waves_before():
    now = study.read(*study.BASE)
    waves = {name: source for name, source in now.waves.items() if name != "2022"}
    then = replace(now, release="2021-06-30", waves=waves, files=())
    sides = [settings_of(one, then.waves, then.registers) for one in (then, now)]
    assert sides[0] == sides[1]
