"""The manifest of raw files."""

import pytest

from innosurvey import manifest
from innosurvey.errors import StudyError


def test_a_file_is_added_below_the_others(tmp_path):
    text = manifest.with_file("", "a.csv", "2020", "aa")
    text = manifest.with_file(text, "나.xlsx", "2022", "bb")
    path = tmp_path / "manifest.yaml"
    path.write_text(text, encoding="utf-8")
    assert manifest.listed_files(path) == {
        "a.csv": {"wave": "2020", "sha256": "aa"},
        "나.xlsx": {"wave": "2022", "sha256": "bb"},
    }


def test_no_manifest_lists_nothing(tmp_path):
    assert manifest.listed_files(tmp_path / "manifest.yaml") == {}


def test_an_entry_without_its_checksum_is_refused_by_its_line(tmp_path):
    path = tmp_path / "manifest.yaml"
    path.write_text("a.csv: {wave: '2020'}\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"line 1: `a.csv` needs `wave:` and `sha256:`"):
        manifest.listed_files(path)
