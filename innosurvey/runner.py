"""Running the workflow: what would run and why, and the run itself with its progress.

Snakemake is the engine. `plan` reads its dry run (`innosurvey.planned`); `build` has it run twice, first for the data
up to the slices and then for the rest (`innosurvey.engine`), because Snakemake compares contents only between
invocations: slices that come out as they were stop a change there. Progress is read from the history that each step
appends to (`innosurvey.step`), so the scripts run the same under plain `snakemake`.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innosurvey.configured import HANDED_OVER, Configured, to_hand_over
from innosurvey.planned import PlannedStep, planned_steps, steps_planned

PROGRAMS = ("snakemake", "innosurvey.engine")
"""How a process that is at work ends the words that started it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One call of the workflow: where, with which study file, raw folder and cores."""

    root: Path
    study: str
    study_file: Path | None = None
    raw: str | None = None
    cores: int | None = None

    @property
    def history(self) -> Path:
        """The file that steps append their history to."""
        return self.root / "results" / self.study / "logs" / "steps.jsonl"

    def command(self, *arguments: str, program: str = PROGRAMS[0]) -> list[str]:
        """Return the command line of Snakemake, or of another program for it, with this run's configuration."""
        command = [sys.executable, "-m", program, *arguments, "--nocolor", "--cores", str(self.cores or "all")]
        if self.study_file:
            command += ["--configfile", str(self.study_file)]
        if self.raw:
            command += ["--config", f"raw={self.raw}"]
        return command


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended: exit code, steps done, and the messages of the steps that failed."""

    exit_code: int
    steps: int
    failures: tuple[Mapping[str, Any], ...] = ()
    said: str = ""


def environment() -> dict[str, str]:
    """Return what a run finds around it. Its jobs keep their bytecode, even in a container whose programs are told not
    to: a hundred jobs would each compile the package again.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def plan(run: Run, target: str = "all") -> list[PlannedStep]:
    """Return the steps that a build would run, in the order of the flow; none when all is up to date."""
    output = _snakemake(run, target, "--dry-run")
    if output.returncode:
        raise RuntimeError(output.stdout)
    return list(planned_steps(output.stdout))


def build(run: Run, read: Configured, progress: Callable[[Mapping[str, Any]], None]) -> Outcome:
    """Build the study as it was read, whatever of it is due; `progress` is called with how many steps there are, as far
    as is known (`{"event": "planned", "steps": …}`; what the data change, they show when they are made), and with each
    event of the history.
    """
    handed_over = to_hand_over(read, run.study_file, run.raw)
    return _watched(run, handed_over, f"{os.getpid()}-{time.monotonic_ns()}", progress)


def steps_done(run: Run) -> list[dict[str, Any]]:
    """Return the events of the history in which a step was done, in their order."""
    return [event for event in _events(run.history, 0)[0] if event["event"] == "done"]


def steps_failed(run: Run) -> list[dict[str, Any]]:
    """Return the events of the history in which a step failed, in their order."""
    return [event for event in _events(run.history, 0)[0] if event["event"] == "failed"]


def seconds_by_rule(run: Run) -> dict[str, float]:
    """Return each rule's mean seconds per step in the history, for estimates of what is to come."""
    taken: dict[str, list[float]] = {}
    for event in steps_done(run):
        taken.setdefault(event["rule"], []).append(event["seconds"])
    return {rule: sum(seconds) / len(seconds) for rule, seconds in taken.items()}


def unlock_if_dead(run: Run) -> bool:
    """Remove the lock that a killed run left behind; False when there is none, or a Snakemake is at work there."""
    locks = run.root / ".snakemake" / "locks"
    if not (locks.is_dir() and any(locks.iterdir())) or _snakemake_is_running(run.root):
        return False
    _snakemake(run, "all", "--unlock")
    return True


def _snakemake_is_running(root: Path) -> bool:
    import psutil

    for process in psutil.process_iter(["cmdline", "cwd"]):
        words = process.info["cmdline"] or []
        if (
            process.pid != os.getpid()
            and any(word.endswith(PROGRAMS) for word in words[:3])
            and process.info["cwd"] == str(root)
        ):
            return True
    return False


def _snakemake(run: Run, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        run.command(*arguments), cwd=run.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def _watched(run: Run, handed_over: bytes, run_id: str, progress: Callable[[Mapping[str, Any]], None]) -> Outcome:
    """Run the engine, passing on the events of the history while it is at work."""
    log = run.history.with_name("snakemake.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    place = run.history.stat().st_size if run.history.exists() else 0
    failures: list[Mapping[str, Any]] = []
    steps = planned = 0
    with open(log, "w", encoding="utf-8") as lines:
        process = subprocess.Popen(
            run.command(HANDED_OVER, "all", program=PROGRAMS[1]),
            cwd=run.root,
            stdin=subprocess.PIPE,
            stdout=lines,
            stderr=subprocess.STDOUT,
            env={**environment(), "INNOSURVEY_RUN": run_id},
        )
        assert process.stdin is not None
        with suppress(BrokenPipeError), process.stdin:  # an engine that can't even start says why in its log
            process.stdin.write(handed_over)
        try:
            while True:
                ended = process.poll() is not None
                # Where all known steps are done, the next phase says how many it has.
                if steps >= planned and (known := steps_planned(log.read_text(encoding="utf-8"))) > planned:
                    progress({"event": "planned", "steps": known})
                    planned = known
                events, place = _events(run.history, place)
                for event in (event for event in events if event["run"] == run_id):
                    progress(event)
                    steps += event["event"] == "done"
                    failures += [event] if event["event"] == "failed" else []
                if ended:
                    break
                time.sleep(0.05)
        except KeyboardInterrupt:
            process.wait()
            raise
    said = log.read_text(encoding="utf-8")
    return Outcome(exit_code=_exit_code(process.returncode, failures), steps=steps, failures=tuple(failures), said=said)


def _exit_code(returncode: int, failures: list[Mapping[str, Any]]) -> int:
    """Return the worst failure's code: a bug (1) before the researcher's errors, these in the order of their codes."""
    if returncode == 0:
        return 0
    codes = {int(failure["exit_code"]) for failure in failures}
    return 1 if not codes or 1 in codes else min(codes)


def _events(history: Path, place: int) -> tuple[list[dict[str, Any]], int]:
    """Return the events of the whole lines from a place on, and the place behind the last of them: jobs write while we
    read, and the rest of a line that is being written comes with the next reading.
    """
    if not history.exists():
        return [], place
    with open(history, "rb") as content:
        content.seek(place)
        lines = content.read().split(b"\n")[:-1]
    events = [event for line in lines if (event := _event(line)) is not None]
    return events, place + sum(len(line) + 1 for line in lines)


def _event(line: bytes) -> dict[str, Any] | None:
    """Return the event of a line; None for one that a killed job left half-written."""
    try:
        return json.loads(line)
    except ValueError:
        return None
