"""`innosurvey changes`: what it refuses, on a small project of its own; what it finds is tested in tests/workflow."""

from innosurvey import cli_baseline
from innosurvey.errors import StudyError
from innosurvey.study import ROOT
from tests.test_cli_baseline import blessed, contents, project, refused, run

__all__ = ["blessed", "project"]


def test_a_study_without_release_is_refused_with_how_to_make_one(project):
    before = contents(project)
    said = refused(run("changes"), project, before)
    assert "seoul has no release yet" in said
    assert "innosurvey bless --study seoul --release NAME" in said


def test_a_study_without_a_survey_is_refused(project):
    before = contents(project)
    file = str(ROOT / "resources/studies/certificate.yaml")
    assert "has no survey" in refused(run("changes", "--study", file), project, before)


def test_a_release_that_is_not_there_is_refused_with_the_near_name(blessed):
    before = contents(blessed)
    assert "Did you mean 2023-06?" in refused(run("changes", "--against", "2023-07"), blessed, before)


def test_a_release_whose_commit_git_does_not_have_is_refused(blessed):
    path = blessed / "resources/baseline/seoul/2023-06/release.yaml"
    text = path.read_text(encoding="utf-8")
    commit = next(line for line in text.splitlines() if line.startswith("commit: "))
    path.write_text(text.replace(commit, f"commit: {'a' * 40}"), encoding="utf-8")
    before = contents(blessed)
    said = refused(run("changes", "--page", blessed / "page.html"), blessed, before)
    assert "release 2023-06: git does not have its commit aaaaaaaaaaaa." in said


def test_results_that_are_not_up_to_date_are_refused(blessed, monkeypatch):
    def due(chosen):
        raise StudyError("results/seoul: 2 steps are to be run.\nBuild them.")

    monkeypatch.setattr(cli_baseline, "fail_if_not_up_to_date", due)
    before = contents(blessed)
    assert "2 steps are to be run" in refused(run("changes"), blessed, before)
