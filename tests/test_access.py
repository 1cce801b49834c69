from dataclasses import replace

import pytest

from innosurvey import study
from innosurvey.access import access_of
from innosurvey.errors import StudyError


@pytest.fixture(scope="module")
def seoul():
    return study.read(*study.BASE)


def with_access(of, synthetic, **said):
    return access_of(replace(of, synthetic=synthetic, access=said))["frame.csv"]


def test_synthetic_data_may_be_passed_on_where_nothing_is_said(seoul):
    assert with_access(seoul, True).open


def test_real_data_may_not_be_passed_on_where_nothing_is_said(seoul):
    assert not with_access(seoul, False).open


def test_a_file_may_be_open_where_the_others_are_not(seoul):
    said = {"raw": "restricted", "files": {"frame.csv": {"raw": "open", "licence": "CC-BY-4.0"}}}
    entry = with_access(seoul, False, **said)
    assert (entry.open, entry.licence) == (True, "CC-BY-4.0")


def test_a_file_that_the_study_does_not_have_is_told_with_the_near_name(seoul):
    with pytest.raises(StudyError, match=r"frames\.csv.*Did you mean frame\.csv"):
        with_access(seoul, False, files={"frames.csv": {"raw": "open"}})


def test_the_colombian_files_are_declared_as_not_to_be_passed_on():
    colombia = study.read(*study.BASE, study.STUDIES / "colombia_edits.yaml")
    assert not any(entry.open for entry in access_of(colombia).values())
