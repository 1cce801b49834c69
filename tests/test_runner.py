from pathlib import Path

import pytest

from innosurvey import runner


def test_the_command_names_study_file_raw_folder_and_cores():
    run = runner.Run(root=Path("/x"), study="mine", study_file=Path("/s/mine.yaml"), raw="/raw", cores=3)
    command = run.command("all")
    assert command[1:4] == ["-m", "snakemake", "all"]
    assert command[command.index("--configfile") + 1] == "/s/mine.yaml"
    assert command[command.index("--config") + 1] == "raw=/raw"
    assert command[command.index("--cores") + 1] == "3"
    assert run.command("all", program="innosurvey.engine")[1:4] == ["-m", "innosurvey.engine", "all"]


@pytest.mark.parametrize(
    ("codes", "worst"),
    [([3], 3), ([3, 2], 2), ([3, 1], 1), ([], 1)],
)
def test_a_bug_outranks_what_the_researcher_can_mend(codes, worst):
    assert runner._exit_code(1, [{"exit_code": code} for code in codes]) == worst
    assert runner._exit_code(0, []) == 0


def test_a_line_that_is_being_written_is_read_when_it_is_whole(tmp_path):
    history = tmp_path / "steps.jsonl"
    history.write_bytes(b'{"event": "done"}\n{"eve')
    events, place = runner._events(history, 0)
    assert [event["event"] for event in events] == ["done"]
    history.write_bytes(b'{"event": "done"}\n{"event": "failed"}\n')
    assert runner._events(history, place)[0] == [{"event": "failed"}]


def test_a_line_that_a_killed_job_left_half_written_is_passed_over(tmp_path):
    history = tmp_path / "steps.jsonl"
    history.write_bytes(b'{"eve{"event": "done"}\n{"event": "done"}\n')
    assert len(runner._events(history, 0)[0]) == 1


def test_a_run_without_history_has_no_events(tmp_path):
    assert runner._events(tmp_path / "absent.jsonl", 0) == ([], 0)


def test_jobs_keep_their_bytecode_where_other_programs_are_told_not_to(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("HOME_OF_THE_STUDY", "here")
    kept = runner.environment()
    assert "PYTHONDONTWRITEBYTECODE" not in kept
    assert kept["HOME_OF_THE_STUDY"] == "here"


def test_an_engine_that_cannot_start_ends_the_run_with_what_it_said(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "PROGRAMS", ("snakemake", "no_such_engine"))
    run = runner.Run(root=tmp_path, study="mine")
    outcome = runner._watched(run, bytes(10**6), "1", lambda _: None)
    assert outcome.exit_code == 1
    assert "no_such_engine" in outcome.said
