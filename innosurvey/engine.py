"""Snakemake, started once for several phases: `python -m innosurvey.engine data,all --cores 2 …`.

Each phase is a call of Snakemake's own command line, in one process: its libraries are loaded once. At its end a run
waits for one span of the limit on jobs per second, which is for clusters whose scheduler must be spared; where jobs run
on this machine there is none.
"""

import sys

from snakemake.cli import args_to_api, parse_args
from snakemake.exceptions import print_exception


def run(phases: list[str], arguments: list[str]) -> bool:
    """Run the phases one after the other, each a target of the workflow; False after the first that fails."""
    for phase in phases:
        parser, chosen = parse_args([phase, *arguments])
        if chosen.executor in (None, "local"):
            chosen.max_jobs_per_timespan = None
        if not args_to_api(chosen, parser):
            return False
    return True


def main() -> None:
    phases, *arguments = sys.argv[1:]
    try:
        done = run(phases.split(","), arguments)
    except Exception as error:
        print_exception(error)
        done = False
    sys.exit(0 if done else 1)


if __name__ == "__main__":
    main()
