"""Snakemake, started once for a whole build: `python -m innosurvey.engine all --cores 2 …`.

A build is a dry run, which says how many steps are planned and ends it where there are none, and two phases: the data
up to the slices, then the target. Each is a call of Snakemake's own command line, in one process: its libraries and the
study (`innosurvey.configured`) are loaded once. At its end a run waits for one span of the limit on jobs per second,
which is for clusters whose scheduler must be spared; where jobs run on this machine there is none.
"""

import atexit
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NoReturn

from snakemake.cli import args_to_api, parse_args
from snakemake.exceptions import print_exception

from innosurvey.planned import planned_steps
from innosurvey.warm import warm_python

DATA = "data"
"""The target of the first phase: Snakemake compares contents only between calls, so that slices which come out as they
were stop a change there.
"""


def build(target: str, arguments: list[str]) -> bool:
    """Make a target of the workflow; False after a phase that fails."""
    with tempfile.TemporaryFile() as output:
        with _said_to(output):
            planned = call(target, [*arguments, "--dry-run"])
        output.seek(0)
        said = output.read().decode("utf-8", errors="replace")
    if not planned:
        sys.stderr.write(said)
        return False
    steps = len(list(planned_steps(said)))
    print(f"innosurvey: {steps} steps are planned", flush=True)
    return not steps or (call(DATA, arguments) and call(target, arguments))


def call(target: str, arguments: list[str]) -> bool:
    """Call Snakemake for a target; False where it fails."""
    parser, chosen = parse_args([target, *arguments])
    if chosen.executor in (None, "local"):
        chosen.max_jobs_per_timespan = None
    return bool(args_to_api(chosen, parser))


@contextmanager
def _said_to(file: BinaryIO) -> Iterator[None]:
    """Send all that is printed to a file, also by what holds the streams already."""
    streams = {number: os.dup(number) for number in (1, 2)}
    try:
        for number in streams:
            os.dup2(file.fileno(), number)
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, stream in streams.items():
            os.dup2(stream, number)
            os.close(stream)


def main() -> None:
    target, *arguments = sys.argv[1:]
    try:
        with warm_python():
            done = build(target, arguments)
    except Exception as error:
        print_exception(error)
        done = False
    end(0 if done else 1)


def end(code: int) -> NoReturn:
    """End this process at once: taking the workflow's objects apart one by one takes half a second."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
