"""Time and memory of every step of a build from scratch, set-up and no-op included.

Run with `make benchmark`: it writes benchmarks/steps.md and the README's table. Machines differ and are shared: read
the figures as orders of magnitude.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import machine  # the folder is no package

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- measured: make benchmark -->", "<!-- /measured -->"


def main() -> None:
    report = [sys.executable, "-m", "innosurvey.cli", "report"]
    subprocess.run([sys.executable, "-m", "innosurvey.cli", "clean"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    history = ROOT / "results/seoul/logs/steps.jsonl"
    build = timed(report)
    steps = [json.loads(line) for line in history.read_text().splitlines()]
    nothing = timed(report)
    check = timed([sys.executable, "-m", "innosurvey.cli", "check"])
    whole = [("report from scratch", build), ("nothing to do", nothing), ("check", check)]
    write_steps([step for step in steps if step["event"] == "done"], whole)
    write_readme(whole)


def timed(command: list[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def write_steps(steps: list[dict], whole: list[tuple[str, float]]) -> None:
    """Write the table of all steps: how often each rule ran, mean and longest time, largest memory."""
    lines = [
        "# Steps of a build from scratch",
        "",
        f"`make benchmark`, default study, on: {machine.described()}.",
        "",
        "| step | jobs | seconds, mean | seconds, longest | memory, MB |",
        "| --- | ---: | ---: | ---: | ---: |",
        *rows_by_rule(steps),
        "",
        "| command | seconds |",
        "| --- | ---: |",
        *(f"| {name} | {seconds:.1f} |" for name, seconds in whole),
        "",
    ]
    (ROOT / "benchmarks/steps.md").write_text("\n".join(lines), encoding="utf-8")


def rows_by_rule(steps: list[dict]) -> Iterator[str]:
    rules = dict.fromkeys(step["rule"] for step in steps)
    for rule in rules:
        seconds = [step["seconds"] for step in steps if step["rule"] == rule]
        memory = max(step["memory_mb"] for step in steps if step["rule"] == rule)
        yield f"| {rule} | {len(seconds)} | {sum(seconds) / len(seconds):.1f} | {max(seconds):.1f} | {memory:.0f} |"


def write_readme(whole: list[tuple[str, float]]) -> None:
    """Put the measured times between the README's marks."""
    table = [
        "| command | measured on 2 cores |",
        "| --- | ---: |",
        *(f"| {name} | {seconds:.0f} s |" for name, seconds in whole),
    ]
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    marked = f"{BEGIN}\n" + "\n".join(table) + f"\n{END}"
    readme.write_text(
        re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: marked, text, flags=re.DOTALL), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
