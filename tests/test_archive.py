import hashlib
import json

import pytest

from innosurvey import archive
from innosurvey.access import Access
from innosurvey.errors import DisclosureError, StudyError
from tests.test_crate import made

RAW = "resources/raw/mine"


@pytest.fixture(scope="module")
def described():
    contents = {"Snakefile": b"rule all:", f"{RAW}/wave.csv": b"1", "config.yaml": b"study: mine"}
    return json.loads(archive.packed_crate(made(), contents, RAW))


def test_raw_files_that_are_not_open_stop_the_package_by_name_with_the_way_out():
    access = {
        "a.csv": Access(file="a.csv", open=False, how="apply to the office"),
        "b.csv": Access(file="b", open=True),
    }
    with pytest.raises(
        StudyError, match=r"1 raw files[\s\S]*a\.csv \(apply to the office\)[\s\S]*--without-data"
    ) as error:
        archive.fail_if_raw_files_are_kept_back(access, "", "mine")
    assert "b.csv" not in str(error.value)


@pytest.mark.parametrize("name", ["results/mine/logs/a.log", "results/mine/microdata/a.csv", "docs/firms.parquet"])
def test_what_lies_below_the_results_or_holds_rows_of_firms_never_goes_in(name):
    with pytest.raises(DisclosureError, match=name):
        archive.fail_if_confidential({name: b"x", "README.md": b"y"}, {})


def test_a_closed_raw_file_is_known_by_its_content_under_any_name():
    closed = {hashlib.sha256(b"rows").hexdigest(): "wave.csv"}
    with pytest.raises(DisclosureError, match=r"docs/example\.csv is the raw file wave\.csv"):
        archive.fail_if_confidential({"docs/example.csv": b"rows"}, closed)


def test_an_input_from_elsewhere_is_named_with_where_to_put_it():
    with pytest.raises(StudyError, match=r"book\.yaml[\s\S]*resources/codebooks"):
        archive.fail_if_inputs_lie_outside(["book.yaml"])


def test_in_a_package_published_files_inputs_and_the_workflow_are_files_of_the_crate(described):
    parts = {part["@id"] for entity in described["@graph"] if entity["@id"] == "./" for part in entity["hasPart"]}
    assert {"Snakefile", "config.yaml", f"{RAW}/wave.csv", "published/report.en.html"} <= parts
    assert not [id_ for id_ in parts if id_.startswith("#")]


def test_the_crate_of_a_package_points_at_nothing_that_it_does_not_describe(described):
    ids = {entity["@id"] for entity in described["@graph"]}
    pointed = {
        each["@id"]
        for entity in described["@graph"]
        for value in entity.values()
        for each in (value if isinstance(value, list) else [value])
        if isinstance(each, dict)
    }
    assert {id_ for id_ in pointed - ids if not id_.startswith("http")} == set()


def test_the_checksums_are_such_as_sha256sum_reads():
    line = archive.checksums_of({"a": b"1"}).decode()
    assert line == f"{hashlib.sha256(b'1').hexdigest()}  a\n"
