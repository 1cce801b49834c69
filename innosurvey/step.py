"""What every script runs in: a log, errors said plainly, and one line of history per step.

`with step(snakemake):` sends what is printed to the rule's log, lets a StudyError end the job with its short block
instead of a traceback, and appends to `<results>/logs/steps.jsonl` when the step began and ended, how long it took, how
long it computed and how much memory it used: the command line shows its progress from there.
"""

import gc
import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from innosurvey.errors import StudyError

SELDOM = (50_000, 20, 20)
"""How often Python looks for rings of objects that nobody uses: a step makes many objects, few rings, and ends soon.
The usual 700 costs the report's steps an eighth of their time.
"""


@contextmanager
def step(snakemake: Any) -> Iterator[None]:
    """Run one rule's work; a StudyError's block goes to the log and standard error, its exit code to the job."""
    log = Path(snakemake.log[0])
    log.parent.mkdir(parents=True, exist_ok=True)
    gc.set_threshold(*SELDOM)
    history = _History(log, snakemake.rule, dict(snakemake.wildcards.items()))
    history.note("begun")
    try:
        with open(log, "w", encoding="utf-8") as lines, redirect_stdout(lines), redirect_stderr(lines):
            yield
    except StudyError as error:
        _say(log, f"{error.kind} error in {snakemake.rule}:\n{error}\n")
        history.note("failed", kind=error.kind, exit_code=error.exit_code, message=str(error))
        sys.exit(error.exit_code)
    except Exception:
        _say(log, traceback.format_exc())
        history.note("failed", kind="bug", exit_code=1, message=traceback.format_exc(limit=-1).strip().splitlines()[-1])
        raise
    history.note("done")


class _History:
    """Appends one line of JSON per event; short appends by several jobs don't mix."""

    def __init__(self, log: Path, rule: str, wildcards: dict[str, str]) -> None:
        logs = next(parent for parent in log.parents if parent.name == "logs")
        self.path = logs / "steps.jsonl"
        self.log = log
        self.entry = {"rule": rule, "wildcards": wildcards, "run": os.environ.get("INNOSURVEY_RUN", "")}
        self.began = time.time() - time.process_time()  # imports count: they are most of a short step

    def note(self, event: str, **more: Any) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        entry = {
            **self.entry,
            "event": event,
            "seconds": round(time.time() - self.began, 3),
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),  # on a shared machine the truer figure
            "memory_mb": round(used.ru_maxrss / 1024, 1),
            "log": str(self.log),
            **more,
        }
        with open(self.path, "a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _say(log: Path, text: str) -> None:
    with open(log, "a", encoding="utf-8") as lines:
        lines.write(text)
    print(text, file=sys.stderr)
