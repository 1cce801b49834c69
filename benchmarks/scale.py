"""Time and memory of the stages up to the weights for surveys of growing size, beside a floor in the same run.

`python benchmarks/scale.py 10000 100000` makes the surveys once (below ~/.cache/innosurvey-scale, or --folder), runs
ingest … weight through Snakemake on two cores from scratch, samples the memory of all its processes, and writes
benchmarks/scale.md. The floor does the least that anyone must: read the same files as text and write them as parquet,
two at a time, with pandas. Machines differ: the ratio to the floor and the growth say more than the seconds.
"""

import argparse
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
import machine  # noqa: E402  (the folder is no package)
import scale_data  # noqa: E402

LOG = ROOT / "results" / "scale.log"
CORES = 2
WAVES = ("2018", "2020", "2022")
SAMPLED_EVERY = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One command: its wall time and its processes' computing time (seconds), the largest sum of their resident memory
    (MB), and how many cores other work kept busy meanwhile.
    """

    seconds: float
    computing: float
    memory: float
    others: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("firms", nargs="*", type=int, default=[10_000, 100_000], help="firms a wave")
    options.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "innosurvey-scale")
    options.add_argument("--no-write", action="store_true", help="print only")
    options.add_argument("--floor-only", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.floor_only:
        return floor(chosen.floor_only)
    parts = []
    for firms in chosen.firms:
        overlay = scale_data.make(firms, chosen.folder)
        least = measured([sys.executable, __file__, "--floor-only", str(overlay.parent)])
        shutil.rmtree(ROOT / "results" / scale_data.NAME, ignore_errors=True)
        whole = measured(snakemake(overlay))
        parts.append((firms, least, whole, steps()))
        print(section(*parts[-1]), flush=True)
    text = "\n".join([heading(), *summary(parts), *(section(*part) for part in parts)])
    print("\n".join(summary(parts)))
    if not chosen.no_write:
        (ROOT / "benchmarks/scale.md").write_text(text, encoding="utf-8")


def snakemake(overlay: Path) -> list[str]:
    """Return the command that makes every wave's weights."""
    results = f"results/{scale_data.NAME}"
    targets = [f"{results}/estimates/weight/{wave}.csv" for wave in WAVES]
    return [sys.executable, "-m", "snakemake", *targets, "--cores", str(CORES), "--configfile", str(overlay)]


def floor(folder: Path) -> None:
    """Read each file as text and write it as parquet, two at a time."""
    with get_context("spawn").Pool(CORES) as pool:
        pool.map(_copy_as_parquet, sorted(folder.glob("*.csv")), chunksize=1)


def _copy_as_parquet(path: Path) -> None:
    import pandas as pd

    encoding = "cp949" if path.stem == "2020" else "utf-8"
    out = path.with_suffix(".parquet")
    pd.read_csv(path, dtype="str", keep_default_na=False, encoding=encoding).to_parquet(out, compression="zstd")
    out.unlink()


def measured(command: list[str]) -> Measured:
    """Run a command and watch the memory of its process tree."""
    began, before, busy, most = time.monotonic(), _computed(), machine.busy_seconds(), 0
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    LOG.parent.mkdir(exist_ok=True)
    with open(LOG, "w", encoding="utf-8") as log:
        process = psutil.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env=surroundings)
        while process.poll() is None:
            most = max(most, _resident(process))
            time.sleep(SAMPLED_EVERY)
    if process.returncode:
        sys.exit(LOG.read_text(encoding="utf-8")[-5000:])
    seconds, computing = time.monotonic() - began, _computed() - before
    others = max(0.0, machine.busy_seconds() - busy - computing) / seconds
    return Measured(seconds=seconds, computing=computing, memory=most / 2**20, others=others)


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _resident(process: psutil.Process) -> int:
    total = 0
    for part in [process, *process.children(recursive=True)]:
        try:
            total += part.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def steps() -> list[dict]:
    """Return the steps that ended, from the history of the run."""
    history = ROOT / "results" / scale_data.NAME / "logs" / "steps.jsonl"
    return [event for event in map(json.loads, history.read_text().splitlines()) if event["event"] == "done"]


def heading() -> str:
    return (
        "# From raw files to weights, by the number of firms\n\n"
        f"`python benchmarks/scale.py` on {CORES} cores of: {machine.described()}. Three waves "
        "as CSV with all variables, four registers and the frame; the sum of all processes' resident memory.\n"
    )


def summary(parts: list[tuple[int, Measured, Measured, list[dict]]]) -> list[str]:
    lines = [
        "| firms a wave | seconds | other work, cores | computing, s | MB | floor: computing, s | ratio to the floor "
        "| growth |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for place, (firms, least, whole, _) in enumerate(parts):
        growth = ""
        if place:
            before, _, smaller, _ = parts[place - 1]
            growth = f"{math.log(whole.computing / smaller.computing) / math.log(firms / before):.2f}"
        lines.append(
            f"| {firms:,} | {whole.seconds:.1f} | {whole.others:.1f} | {whole.computing:.1f} | {whole.memory:.0f} | "
            f"{least.computing:.1f} | {whole.computing / least.computing:.1f} | {growth} |"
        )
    return [
        *lines,
        "",
        "Computing: processor time of all processes. Other work on the machine (in cores kept busy meanwhile) makes it "
        "longer by a quarter or so, and the seconds by far more; on cores of their own the jobs end in about the "
        "computing time by the number of cores. The floor is measured right before, under the same load. Growth: the "
        "exponent of the computing time between two rows; 1 is linear.",
        "",
    ]


def section(firms: int, least: Measured, whole: Measured, ended: list[dict]) -> str:
    lines = [
        f"## {firms:,} firms a wave",
        "",
        f"{whole.seconds:.1f} s ({whole.computing:.1f} s computing), {whole.memory:.0f} MB; "
        f"floor {least.seconds:.1f} s ({least.computing:.1f} s computing), {least.memory:.0f} MB.",
        "",
        "| step | jobs | computing, s | longest, s | MB, largest |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for rule in dict.fromkeys(step["rule"] for step in ended):
        jobs = [step for step in ended if step["rule"] == rule]
        computing = [step["cpu_seconds"] for step in jobs]
        memory = max(step["memory_mb"] for step in jobs)
        lines.append(f"| {rule} | {len(jobs)} | {sum(computing):.1f} | {max(computing):.1f} | {memory:.0f} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
