"""Time and memory from the estimates to the report: every language, every format; then after one figure's words change.

`python benchmarks/report.py` builds the default study if it is not built, copies the project with its results, and in
the copy, on two cores, makes the report anew from the estimates: without the drawings of an earlier run and with them
(the best of three rounds), after the title of a figure has changed in one language, and after its code has. It writes
benchmarks/report.md.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
import machine  # noqa: E402  (the folder is no package)
from place import copy_to, events_of, reword  # noqa: E402

from innosurvey.runner import environment  # noqa: E402

STUDY = "seoul"
CORES, ROUNDS = 2, 3
WANTED_SECONDS, WANTED_MB = 25, 1000
TITLE = ("workflow/report/words/en.yaml", "title_sme_share: ", "title_sme_share: Again, ")
CODE = (
    "innosurvey/report/figures/gaps.py",
    "def draw_decomposition_bars",
    "CHANGED = True\n\n\ndef draw_decomposition_bars",
)
"""A file, and what in it becomes what: the title of the first figure, the module of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One call of the workflow: seconds by the clock, and the history of the steps that ran."""

    seconds: float
    steps: Sequence[dict[str, Any]]

    @property
    def processor(self) -> float:
        """Seconds that all steps computed."""
        return sum(step["cpu_seconds"] for step in self.steps)

    @property
    def memory(self) -> float:
        """Memory of the largest step, in MB."""
        return max((step["memory_mb"] for step in self.steps), default=0.0)


def main() -> None:
    subprocess.run([sys.executable, "-m", "innosurvey.cli", "report"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        place = copy_to(ROOT, Path(folder) / "innosurvey", STUDY)
        made = best(lambda: without(place, "kept/draw_figures", "rendered", "publish"))
        ran = {
            "the report from the estimates": made,
            "the last look, and publishing": measured(place, "all"),
            "the report with the drawings of an earlier run": best(lambda: without(place, "rendered", "publish")),
            "the report after a figure's title has changed in one language": reworded(place, *TITLE),
            "the report after a figure's code has changed": reworded(place, *CODE),
        }
    text = "\n".join([*heading(), *summary(ran), *steps_of(made), *steps_again(ran), ""])
    print(text)
    (ROOT / "benchmarks/report.md").write_text(text, encoding="utf-8")


def best(measure: Callable[[], Measured]) -> Measured:
    """Return the quickest of several rounds: the machine is shared."""
    return min((measure() for _ in range(ROUNDS)), key=lambda ran: ran.seconds)


def without(place: Path, *folders: str) -> Measured:
    """Remove folders of the results, and make the report."""
    for folder in folders:
        shutil.rmtree(place / "results" / STUDY / folder, ignore_errors=True)
    return measured(place, "report")


def reworded(place: Path, *change: str) -> Measured:
    """Change a file, and make the report."""
    reword(place, *change)
    return measured(place, "report")


def measured(place: Path, target: str) -> Measured:
    """Return how long the workflow takes to make a target in the copy, and its steps."""
    known = len(events_of(place, STUDY))
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "innosurvey.engine", target, "--cores", str(CORES)],
        cwd=place,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**environment(), "PYTHONPATH": str(place)},
    )
    seconds = time.perf_counter() - began
    events = events_of(place, STUDY)[known:]
    return Measured(seconds=seconds, steps=[event for event in events if event["event"] == "done"])


def heading() -> list[str]:
    return [
        "# From the estimates to the report",
        "",
        f"`python benchmarks/report.py`, default study, {CORES} cores, on: {machine.described()}; {machine.pace()}.",
        "",
        f"Wanted: all languages and formats in less than {WANTED_SECONDS} s, no process above {WANTED_MB} MB.",
        "",
    ]


def summary(ran: Mapping[str, Measured]) -> Iterator[str]:
    """Yield a row per call of the workflow."""
    yield "| what | steps | seconds | processor seconds | largest process, MB |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, each in ran.items():
        yield f"| {name} | {len(each.steps)} | {each.seconds:.1f} | {each.processor:.1f} | {each.memory:.0f} |"
    yield ""


def steps_of(made: Measured) -> Iterator[str]:
    """Yield a row per step of the whole report, in the order in which they ended."""
    yield "| step | seconds | processor seconds | memory, MB |"
    yield "| --- | ---: | ---: | ---: |"
    for step in made.steps:
        measures = f"{step['seconds']:.1f} | {step['cpu_seconds']:.1f} | {step['memory_mb']:.0f}"
        yield f"| {name_of(step)} | {measures} |"
    yield ""


def steps_again(ran: Mapping[str, Measured]) -> Iterator[str]:
    """Yield how long each step took after the changes."""
    for name, each in list(ran.items())[2:]:
        taken = ", ".join(f"{name_of(step)} {step['seconds']:.1f}" for step in each.steps)
        yield f"{name[0].upper()}{name[1:]}, seconds: {taken}."
        yield ""


def name_of(step: dict[str, Any]) -> str:
    """Return a step's rule with what it was about."""
    return " ".join([f"`{step['rule']}`", *map(str, step["wildcards"].values())])


if __name__ == "__main__":
    main()
