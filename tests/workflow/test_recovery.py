"""A run that is killed leaves nothing broken behind: the next one removes its lock, says so, and finishes."""

import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow


def test_the_run_after_a_killed_one_picks_up(project):
    assert project.run("clean").code == 0
    killed = subprocess.Popen(
        [sys.executable, "-m", "innosurvey.cli", "report", "--study", "tiny.yaml"],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(project.folder)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for(project.folder / "results/seoul/microdata/link/firms_2018.parquet")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert list((project.folder / ".snakemake/locks").iterdir())

    again = project.report()
    assert again.code == 0, again.out + again.err
    assert "its lock" in again.out
    assert project.report().steps == ()


def wait_for(path, seconds=60):
    """Wait until a file is there; the test fails when it does not come."""
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"{path} did not come"
        time.sleep(0.02)
