"""What a release was made from, got back: the project from git, raw files from where they are kept."""

import hashlib
import subprocess
from dataclasses import replace

import pytest

from innosurvey.changes.earlier import Earlier, earlier_of, rules_differ
from innosurvey.errors import DataError, StudyError
from tests.baseline.made import release


def git(folder, *words):
    named = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    done = subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def with_raw(content):
    """Return a release that was made from a raw file of this content."""
    told = release()
    sums = {"wave.csv": hashlib.sha256(content).hexdigest()}
    return replace(told, basis=replace(told.basis, sources=sums))


@pytest.fixture
def project(tmp_path):
    """A project of two files in git, the second changed since the release."""
    folder = tmp_path / "project"
    (folder / "workflow/rules").mkdir(parents=True)
    (folder / "Snakefile").write_text("min_version\n", encoding="utf-8")
    (folder / "tiny.yaml").write_text("then: 1\n", encoding="utf-8")
    git(folder, "init")
    git(folder, "add", "-A")
    git(folder, "commit", "-m", "Then.")
    (folder / "tiny.yaml").write_text("now: 1\n", encoding="utf-8")
    return folder


def earlier(folder, **told):
    said = {"root": folder, "study_file": None, "study": None, "raw_folders": (folder,), "release": release()}
    return Earlier(**{**said, **told})


def got_back(project, file=None, commit=""):
    told = replace(release(), commit=commit or git(project, "rev-parse", "HEAD"))
    return earlier_of(told, project, file, (project,), project.parent / "then")


def test_the_project_is_got_back_as_it_was_committed(project):
    found = got_back(project, project / "tiny.yaml")
    assert found.study_file == project.parent / "then/tiny.yaml"
    assert found.study_file.read_text(encoding="utf-8") == "then: 1\n"


def test_a_commit_that_git_does_not_have_is_refused_with_the_way_to_get_it(project):
    with pytest.raises(StudyError, match=r"git does not have its commit 0{12}\.(.|\n)*git fetch"):
        got_back(project, commit="0" * 40)


def test_a_study_file_that_was_not_committed_is_refused(project):
    (project / "new.yaml").write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"new\.yaml: the commit of release 2023-06 does not have this study file"):
        got_back(project, project / "new.yaml")


def test_a_study_file_outside_the_project_must_be_the_one_of_the_release(project, tmp_path):
    outside = tmp_path / "outside.yaml"
    outside.write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"outside\.yaml"):
        got_back(project, outside)


def test_rules_of_the_workflow_that_were_edited_are_seen(project):
    found = got_back(project)
    assert not rules_differ(found, project)
    (project / "workflow/rules/link.smk").write_text("rule link:\n", encoding="utf-8")
    assert rules_differ(found, project)


def test_a_raw_file_is_taken_from_the_first_folder_that_has_it_as_it_was(tmp_path):
    for name, content in {"now": b"b", "before": b"a", "again": b"a"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "wave.csv").write_bytes(content)
    folders = tuple(tmp_path / name for name in ("empty", "now", "before", "again"))
    found = earlier(tmp_path, release=with_raw(b"a"), raw_folders=folders)
    assert found.raw_file("wave.csv") == tmp_path / "before/wave.csv"


@pytest.mark.parametrize(("content", "said"), [(None, "there is no file"), (b"b", "not the file")])
def test_a_raw_file_that_is_gone_or_another_one_is_refused_with_the_remedy(tmp_path, content, said):
    if content:
        (tmp_path / "wave.csv").write_bytes(content)
    with pytest.raises(DataError, match=rf"wave\.csv: {said}(.|\n)*--raw-before DIR"):
        earlier(tmp_path, release=with_raw(b"a")).raw_file("wave.csv")


def test_raw_files_of_a_study_that_the_present_code_cannot_read_are_looked_for_where_they_are_now(project):
    told = replace(release(), commit=git(project, "rev-parse", "HEAD"))
    found = earlier_of(told, project, None, (project / "raw",), project.parent / "then")
    assert found.study is None
    assert found.raw_folders == (project / "raw", project.parent / "then/raw")
