"""Time of the default study's models as the jobs of a build, beside that of their fits alone, in one run.

`python benchmarks/programme.py` builds the default study if it is not built, then in turn and several times over
(a) fits all models one after another in one process, which has loaded what they need, on one thread, and
(b) makes Snakemake run the jobs of `fit_models` again, on one core and on two, less what it takes with nothing to do.
It writes benchmarks/programme.md. What the jobs add is starting Python and its libraries, reading and writing.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
import machine  # noqa: E402  (the folder is no package)

ROUNDS = 3
WANTED = 1.5
"""The jobs' time over that of the fits."""
CORES = (1, 2)
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""As in the jobs of a build."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--fits-alone", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.fits_alone:
        print(json.dumps(fits_alone()))
        return
    subprocess.run([sys.executable, "-m", "innosurvey.cli", "report"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    rounds = [round_of() for _ in range(chosen.rounds)]
    text = "\n".join([*heading(chosen.rounds, rounds), *table(rounds), ""])
    print(text)
    (ROOT / "benchmarks/programme.md").write_text(text, encoding="utf-8")


def fits_alone() -> dict[str, float]:
    """Return the seconds of all fits in this process, and how many fits and jobs there are."""
    from innosurvey import coverage, study, tables
    from innosurvey.models import plan
    from innosurvey.models.engines import engine_of
    from innosurvey.models.fit import fit_all

    read = study.read(*study.BASE)
    covered = coverage.cover(read, study.ROOT)
    planned = plan.plan_fits(covered.models, covered.groups, list(read.waves))
    folder = ROOT / "results" / read.name / "microdata/slices/models"
    slices = {batch: tables.read("slice", folder / f"{batch}.parquet") for batch in plan.batches(planned)}
    for item in planned:
        engine_of(item.spec.estimator)
    began, worked = time.perf_counter(), time.process_time()
    for batch, firms in slices.items():
        fit_all(plan.models_in(planned, batch), firms)
    seconds = {"seconds": time.perf_counter() - began, "processor": time.process_time() - worked}
    return {**seconds, "fits": len(planned), "jobs": len(slices)}


def round_of() -> dict[str, dict[str, float]]:
    """Return one measurement of each: the fits alone, and the jobs on one core and on two."""
    alone = [sys.executable, str(Path(__file__)), "--fits-alone"]
    ran = subprocess.run(alone, cwd=ROOT, check=True, capture_output=True, env={**os.environ, **ONE_THREAD})
    measured = {"fits": json.loads(ran.stdout)}
    for cores in CORES:
        idle, busy = snakemake(cores), snakemake(cores, "--forcerun", "fit_models", "--until", "fit_models")
        measured[f"jobs on {cores}"] = {key: busy[key] - idle[key] for key in busy}
    return measured


def snakemake(cores: int, *arguments: str) -> dict[str, float]:
    """Return the seconds, and the processor time, of one call of the workflow."""
    command = [sys.executable, "-m", "snakemake", *(arguments or ["--until", "fit_models"]), "--cores", str(cores)]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": time.perf_counter() - began, "processor": spent}


def heading(count: int, rounds: list[dict[str, dict[str, float]]]) -> list[str]:
    fits = rounds[0]["fits"]
    return [
        "# The programme of models and its fits",
        "",
        f"`python benchmarks/programme.py`, default study, {fits['fits']:.0f} fits in {fits['jobs']:.0f} jobs; "
        f"median of {count} rounds, on: {machine.described()}.",
        "",
        f"Wanted: as a build runs them (two cores), the jobs take at most {WANTED} of the time of the fits.",
        "",
    ]


def table(rounds: list[dict[str, dict[str, float]]]) -> list[str]:
    """Return a row per way of running, with the median seconds and the median of the rounds' ratios."""
    called = {"fits": "the fits, one after another in one process"}
    called |= {f"jobs on {cores}": f"the jobs of `fit_models`, {cores} at a time" for cores in CORES}
    lines = ["| what | seconds | processor seconds | of the fits' time |", "| --- | ---: | ---: | ---: |"]
    for key, name in called.items():
        seconds, spent = (statistics.median(each[key][unit] for each in rounds) for unit in ("seconds", "processor"))
        ratio = statistics.median(each[key]["seconds"] / each["fits"]["seconds"] for each in rounds)
        lines.append(f"| {name} | {seconds:.1f} | {spent:.1f} | {ratio:.2f} |")
    return lines


if __name__ == "__main__":
    main()
