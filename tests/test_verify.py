import hashlib
import json

import pytest

from innosurvey import verify


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"a": b"1"}, {"a": b"1"}, []),
        ({"a": b"1"}, {"a": b"2"}, ["a: other bytes of the same size"]),
        ({"a": b"1"}, {"a": b"11"}, ["a: of another size"]),
        ({"a": b"1"}, {}, ["a: not in the second build"]),
        ({}, {"a": b"1"}, ["a: only in the second build"]),
    ],
)
def test_each_file_that_differs_is_told_with_the_kind_of_difference_alone(first, second, said):
    assert verify.differences(first, second) == said


def test_a_stamp_is_of_the_results_whose_manifest_it_has():
    stamp = {"manifest": hashlib.sha256(b"{}").hexdigest()}
    assert verify.is_of(stamp, b"{}")
    assert not verify.is_of(stamp, b"{ }")


def test_a_stamp_says_when_on_what_and_with_which_versions():
    stamp = verify.Stamp(
        study="s", release="2024-06-30", manifest="0", verified="2024-07-01 10:00 UTC", platform="Linux",
        python="3.12.1", libraries={"numpy": "2.4.1"}, seconds=90, files=12,
    )  # fmt: skip
    said = verify.as_text(json.loads(stamp.as_json()))
    assert "Verified on 2024-07-01 10:00 UTC: 12 files" in said
    assert "Linux, Python 3.12.1; numpy 2.4.1" in said


def test_published_files_that_are_gone_altered_or_strange_are_told():
    listed = {"files": [{"file": name, "sha256": hashlib.sha256(b"1").hexdigest()} for name in ("a", "b")]}
    assert verify.faults({"a": b"2", "c": b"1", "manifest.json": b""}, listed) == [
        "b: not there",
        "c: not in the manifest",
        "a: altered",
    ]
