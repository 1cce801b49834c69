"""Snakemake, started once for a whole build: `python -m innosurvey.engine all --cores 2 …`.

A build has two phases: the data up to the slices, then the target. Each is a call of Snakemake's own command line, in
one process: its libraries are loaded once. The study is read once, too (`innosurvey.configured`): who starts the engine
hands it over on the standard input, and says so with `HANDED_OVER` as first argument.

At its end a run waits for one span of the limit on jobs per second, which is for clusters whose scheduler must be
spared; where jobs run on this machine there is none.
"""

import atexit
import os
import sys
from typing import NoReturn

from innosurvey.warm import warm_python

DATA = "data"
"""The target of the first phase: Snakemake compares contents only between calls, so that slices which come out as they
were stop a change there.
"""


def build(target: str, arguments: list[str]) -> bool:
    """Make a target of the workflow; False after a phase that fails."""
    return call(DATA, arguments) and call(target, arguments)


def call(target: str, arguments: list[str]) -> bool:
    """Call Snakemake for a target; False where it fails."""
    from snakemake.cli import args_to_api, parse_args

    parser, chosen = parse_args([target, *arguments])
    if chosen.executor in (None, "local"):
        chosen.max_jobs_per_timespan = None
    return bool(args_to_api(chosen, parser))


def main() -> None:
    arguments = sys.argv[1:]
    try:
        with warm_python():  # first of all: while it loads the steps' libraries, this process loads its own
            from innosurvey.configured import HANDED_OVER, take_over

            if arguments[0] == HANDED_OVER:
                take_over(sys.stdin.buffer.read())
                del arguments[0]
            done = build(arguments[0], arguments[1:])
    except Exception as error:
        from snakemake.exceptions import print_exception

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
