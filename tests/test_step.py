import json
from types import SimpleNamespace

import pytest

from innosurvey.errors import DataError
from innosurvey.step import step


@pytest.fixture
def job(tmp_path):
    log = tmp_path / "results/seoul/logs/clean_survey/2018.log"
    wildcards = SimpleNamespace(items=lambda: [("wave", "2018")])
    return SimpleNamespace(
        log=[str(log)],
        rule="clean_survey",
        wildcards=wildcards,
        path=log,
        history=tmp_path / "results/seoul/logs/steps.jsonl",
    )


def events(job):
    return [json.loads(line) for line in job.history.read_text().splitlines()]


def test_a_step_leaves_its_time_and_memory_in_the_history(job):
    with step(job):
        print("a line for the log")
    begun, done = events(job)
    assert (begun["event"], done["event"], done["rule"], done["wildcards"]) == (
        "begun",
        "done",
        "clean_survey",
        {"wave": "2018"},
    )
    assert done["memory_mb"] > 1
    assert job.path.read_text() == "a line for the log\n"


def test_a_studys_error_ends_the_job_with_its_block_and_code_and_no_traceback(job, capsys):
    with pytest.raises(SystemExit) as leaving, step(job):
        raise DataError("wave.csv row 3: no firm id.")
    assert leaving.value.code == 3
    assert capsys.readouterr().err == "data error in clean_survey:\nwave.csv row 3: no firm id.\n\n"
    assert "Traceback" not in job.path.read_text()
    assert events(job)[-1]["exit_code"] == 3


def test_a_bug_keeps_its_traceback(job):
    with pytest.raises(ZeroDivisionError), step(job):
        raise ZeroDivisionError
    assert "Traceback" in job.path.read_text()
    assert events(job)[-1]["kind"] == "bug"
