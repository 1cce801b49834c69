import dataclasses
import os

import pytest

from innosurvey import study, untouched
from innosurvey.planned import PlannedStep
from innosurvey.runner import Run

SEOUL = study.read(*study.BASE)


@pytest.fixture
def run(tmp_path):
    """A project with a file of each kind that a run can depend on, after a good run."""
    made = Run(root=tmp_path, study="seoul")
    for name in (
        "config.yaml",
        "innosurvey/step.py",
        "resources/codebooks/a.yaml",
        "results/seoul/publish/report.en.html",
        "results/seoul/microdata/slices/all.parquet",
        *map(SEOUL.raw_file, SEOUL.waves.values()),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("as it was")
    untouched.remember(made, SEOUL, untouched.inputs_of(made, SEOUL))
    return made


def test_what_a_good_run_left_is_untouched(run):
    assert untouched.is_untouched(run, SEOUL)


def test_snakemake_is_asked_what_is_due_only_where_a_file_was_touched(run, monkeypatch):
    due = PlannedStep(rule="publish_outputs", about="", reason="has not been made yet", follows=False)
    monkeypatch.setattr(untouched, "plan", lambda _: [due])
    assert untouched.steps_due(run, SEOUL) == []
    (run.root / "config.yaml").write_text("as it is now")
    assert untouched.steps_due(run, SEOUL) == [due]


def test_a_study_that_was_never_built_is_not(tmp_path):
    assert not untouched.is_untouched(Run(root=tmp_path, study="seoul"), SEOUL)


@pytest.mark.parametrize(
    "name", ["config.yaml", "innosurvey/step.py", "results/seoul/publish/report.en.html", "resources/codebooks/a.yaml"]
)
def test_a_file_with_another_content_is_touched(run, name):
    (run.root / name).write_text("as it is now")
    assert not untouched.is_untouched(run, SEOUL)


def test_a_file_that_is_edited_during_a_run_is_touched(run):
    inputs = untouched.inputs_of(run, SEOUL)
    (run.root / "config.yaml").write_text("edited while the steps ran")
    untouched.remember(run, SEOUL, inputs)
    assert not untouched.is_untouched(run, SEOUL)


def test_an_older_copy_of_the_same_size_is_seen(run):
    os.utime(run.root / SEOUL.raw_file(SEOUL.waves["2018"]), (1, 1))
    assert not untouched.is_untouched(run, SEOUL)


def test_a_result_that_is_gone_is_seen(run):
    (run.root / "results/seoul/microdata/slices/all.parquet").unlink()
    assert not untouched.is_untouched(run, SEOUL)


def test_a_new_file_is_seen(run):
    (run.root / "workflow").mkdir()
    (run.root / "workflow/new.css").write_text("")
    assert not untouched.is_untouched(run, SEOUL)


def test_logs_and_bytecode_do_not_count(run):
    for name in ("results/seoul/logs/steps.jsonl", "innosurvey/__pycache__/step.pyc"):
        (run.root / name).parent.mkdir(parents=True, exist_ok=True)
        (run.root / name).write_text("")
    assert untouched.is_untouched(run, SEOUL)


def test_another_study_file_or_raw_folder_is_another_run(run, tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("")
    assert not untouched.is_untouched(dataclasses.replace(run, study_file=mine), SEOUL)
    assert not untouched.is_untouched(dataclasses.replace(run, raw="elsewhere"), SEOUL)


def test_a_study_file_outside_the_project_is_looked_at(run, tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("a")
    own = dataclasses.replace(run, study_file=mine)
    untouched.remember(own, SEOUL, untouched.inputs_of(own, SEOUL))
    assert untouched.is_untouched(own, SEOUL)
    mine.write_text("b: 1")
    assert not untouched.is_untouched(own, SEOUL)
