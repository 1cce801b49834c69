"""Time and memory of the models' fast paths beside PanelOLS and pyfixest, all in one run.

`python benchmarks/models.py` fits the same models on the same simulated panel, each program in a process of its own and
on one thread, in turn and several times over, and writes benchmarks/models.md. pyfixest lives in an environment of its
own, since nothing of the pipeline needs it: ~/.cache/innosurvey-benchmark, made by the first run, or that of the Python
that BENCH_PYTHON names. Machines differ, and so does what else runs on them: the ratios within a round say more than
the seconds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
import machine  # noqa: E402  (the folder is no package)

PYFIXEST = "0.60.0"
TASKS_FILE = ROOT / "benchmarks" / "models_tasks.py"
ROWS = 1_000_000
ROWS_OF_LIKELIHOODS = 100_000
ROUNDS = 5
LIKELIHOODS = ("stage_heckman", "stage_tobit")
IN_A_LOOP = 256 / 8
"""The loop of the curve fits eight of the 256 regressions."""
TITLES = {
    "within": "Firm and wave effects, ten regressors, errors clustered by firm",
    "poisson": "Poisson with firm and wave effects, ten regressors, errors clustered by firm",
    "curve": "256 regressions (an input and every subset of eight controls), firm and wave effects, clustered",
    "stage_fe": "The models stage as a whole on the first of these models: rows counted by reason, columns checked",
    "stage_curve": "The curve from the firms to its table",
    "stage_heckman": "The models stage on Heckman's model by maximum likelihood, 100,000 rows",
    "stage_tobit": "The models stage on a Tobit, 100,000 rows",
}
RIVALS = {"within": ("linearmodels", "pyfixest"), "poisson": ("pyfixest",), "curve": ("pyfixest",)}
WANTED = {
    ("within", "linearmodels"): ("time", 10.0),
    ("within", "pyfixest"): ("time", 2.0),
    ("poisson", "pyfixest"): ("time", 4.0),
    ("curve", "pyfixest"): ("time", 40.0),
}
WANTED_MEMORY = 3.0
"""PanelOLS's memory over the pipeline's."""
Measured = dict[str, float | list[float]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--no-write", action="store_true", help="print only")
    chosen = options.parse_args()
    pythons = {"innosurvey": sys.executable, "linearmodels": sys.executable, "pyfixest": python_with_pyfixest()}
    before = machine.busy_seconds()
    rounds = [round_of(chosen.rows, pythons) for _ in range(chosen.rounds)]
    text = "\n".join([heading(chosen, machine.busy_seconds() - before), *table(rounds), "", *notes(rounds)])
    print(text)
    if not chosen.no_write:
        (ROOT / "benchmarks/models.md").write_text(text + "\n", encoding="utf-8")


def python_with_pyfixest() -> str:
    """Return the Python of an environment that has pyfixest, and make it if there is none."""
    if named := os.environ.get("BENCH_PYTHON"):
        return named
    folder = Path.home() / ".cache" / "innosurvey-benchmark"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", f"pyfixest=={PYFIXEST}"], check=True)
    return str(python)


def round_of(rows: int, pythons: dict[str, str]) -> dict[tuple[str, str], Measured]:
    """Return what each program took for each task, one after the other."""
    found = {}
    for task in TITLES:
        for program in ("innosurvey", *RIVALS.get(task, ())):
            size = min(rows, ROWS_OF_LIKELIHOODS) if task in LIKELIHOODS else rows
            found[task, program] = measured(pythons[program], f"{task}_{program}", size)
            print(f"{task} {program}: {found[task, program]['seconds']:.3f} s", file=sys.stderr, flush=True)
    return found


def measured(python: str, task: str, rows: int) -> Measured:
    """Run a task in a process of its own, on one thread and with the kernels that numpy chooses for the processor."""
    ours = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        ours.pop(name, None)
    threads = ("OPENBLAS", "OMP", "MKL", "NUMBA", "RAYON", "POLARS")
    ours |= {f"{name}_NUM_THREADS": "1" for name in threads}
    ours["POLARS_MAX_THREADS"] = "1"
    answer = subprocess.run(
        [python, str(TASKS_FILE), task, str(rows)], env=ours, cwd=ROOT, capture_output=True, text=True
    )
    if answer.returncode:
        sys.exit(f"{task}: {answer.stderr[-3000:]}")
    found = json.loads(answer.stdout.splitlines()[-1])
    if task == "curve_pyfixest":
        found["seconds"] *= IN_A_LOOP
    return found


def median(rounds: list[dict[tuple[str, str], Measured]], task: str, program: str, what: str) -> float:
    return statistics.median(float(each[task, program][what]) for each in rounds)


def ratio(rounds: list[dict[tuple[str, str], Measured]], task: str, rival: str, what: str) -> float:
    """Return the median over rounds of the rival's seconds or memory over ours in the same round."""
    return statistics.median(float(each[task, rival][what]) / float(each[task, "innosurvey"][what]) for each in rounds)


def farthest(rounds: list[dict[tuple[str, str], Measured]], task: str, rival: str) -> tuple[float, float]:
    """Return the largest relative difference of the slopes, and of their standard errors."""
    ours, theirs = (np.array(rounds[0][task, program]["found"]) for program in ("innosurvey", rival))
    apart = np.abs(theirs / ours - 1)
    half = len(apart) // 2
    return float(apart[:half].max()), float(apart[half:].max())


def heading(chosen: argparse.Namespace, busy: float) -> str:
    return (
        "# The models' fast paths beside other programs\n\n"
        f"`python benchmarks/models.py`, one thread of: {machine.described()}. A simulated panel of "
        f"{chosen.rows:,} rows, of which one in ten is missing; {chosen.rounds} rounds of all programs in turn, each "
        "in a process of its own. Medians; ratios are taken within a round. Seconds: processor time, which waits for "
        f"nobody, while the machine's cores computed for {busy:.0f} s in all. Memory: what the fit adds at its peak to "
        "data and libraries.\n"
    )


def table(rounds: list[dict[tuple[str, str], Measured]]) -> list[str]:
    lines = [
        "| task | program | seconds | times ours | wanted | MB | times ours | slopes apart | errors apart |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for task in TITLES:
        for program in ("innosurvey", *RIVALS.get(task, ())):
            seconds, memory = (median(rounds, task, program, what) for what in ("seconds", "memory"))
            if program == "innosurvey":
                lines.append(f"| {task} | {program} | {seconds:.2f} | | | {memory:.0f} | | | |")
                continue
            slower, larger = (ratio(rounds, task, program, what) for what in ("seconds", "memory"))
            slopes, errors = farthest(rounds, task, program)
            wanted = WANTED[task, program][1]
            lines.append(
                f"| | {program} | {seconds:.2f} | {slower:.1f} | {wanted:g} | {memory:.0f} | {larger:.1f} "
                f"| {slopes:.0e} | {errors:.0e} |"
            )
    return lines


def notes(rounds: list[dict[tuple[str, str], Measured]]) -> list[str]:
    missed = [
        f"{task} beside {program}: {found:.1f} times instead of {wanted:g}"
        for (task, program), (_, wanted) in WANTED.items()
        if (found := ratio(rounds, task, program, "seconds")) < wanted
    ]
    memory = ratio(rounds, "within", "linearmodels", "memory")
    if memory < WANTED_MEMORY:
        missed.append(f"PanelOLS takes {memory:.1f} times the memory instead of {WANTED_MEMORY:g}")
    return [
        *(f"* **{name}**: {title}." for name, title in TITLES.items()),
        "",
        f"linearmodels: PanelOLS. pyfixest {PYFIXEST}: `feols` and `fepois` with `lean`, without copies. Its curve is "
        "a loop, of which eight regressions, one in 32, are timed and multiplied. Time is the quickest of three runs "
        "within a process, after one on a few rows, so that nothing is loaded or compiled in it; memory is "
        "that of the first. Standard errors differ by small-sample factors: PanelOLS and pyfixest have their own, and "
        "the kernel of the curve has none.",
        "",
        "What was wanted and is missed: " + "; ".join(missed) + "." if missed else "All that was wanted is reached.",
    ]


if __name__ == "__main__":
    main()
