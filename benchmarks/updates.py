"""What an update costs, beside a build from scratch: nothing changed, one firm corrected, a sentence of the report, and
the split of an update with three causes into what each of them did.

`python benchmarks/updates.py` builds the default study from scratch in a copy of the project, then changes one thing
after the other there and builds again. Its rival where nothing changed is Snakemake alone, with as many jobs that only
write a word. It writes benchmarks/updates.md.
"""

import csv
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
import machine  # noqa: E402  (the folder is no package)
from place import copy_to, events_of, reword  # noqa: E402

STUDY, CORES = "seoul", 2
SURVEY, ENCODING = "resources/raw/seoul/innovation_2020.csv", "cp949"
DETAIL = "작성소요시간"  # minutes to fill in the form: a value that no estimate uses
PLACE, ELSEWHERE = "자치구", "서초구"  # the district: a value that one cohort and the regions use
DESCRIBED = "수출액"  # exports: a value that is described in all cohorts, and in no model
OUTCOME = "특허출원건수"  # patents applied for: described, and the outcome of some models
AMOUNT = "상용근로자수_2020"  # employees: a value that most estimates use
SENTENCE = ("workflow/report/sections/00_summary.en.md.j2", "The report rests on", "This report rests on")
CONFIGURATION = ("resources/dictionary/derived.yaml", "turn_new_mkt_pct + turn_new_ent_pct, 0)", "turn_new_mkt_pct, 0)")
CODE = ("innosurvey/items.py", 'return 100.0 if self.statistic == "share"', 'return 90.0 if self.statistic == "share"')
ESTIMATION = ("describe_cohort", "compare_groups", "fit_models", "ask_otherwise", "smooth_curves", "map_regions")
BARE = """
rule all:
    input: expand("made/{{number}}.txt", number=range({jobs}))
rule make:
    output: "made/{{number}}.txt"
    shell: "echo made > {{output}}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One build: what changed before it, seconds by the clock, and the rules of the steps that ran."""

    change: str
    seconds: float
    rules: Sequence[str]

    @property
    def estimations(self) -> int:
        """How many of the steps estimate."""
        return sum(rule in ESTIMATION for rule in self.rules)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = copy_to(ROOT, Path(folder) / "innosurvey")
        whole = built(place, "from scratch", lambda: None)
        ran = [
            built(place, "nothing", lambda: None),
            built(place, "every file touched", lambda: touch(place)),
            built(place, "a value of one firm that no estimate uses", lambda: change_cell(place, DETAIL)),
            built(place, "one that places the firm in one cohort (its district)", lambda: move_firm(place)),
            built(place, "one that is described (exports)", lambda: change_cell(place, DESCRIBED)),
            built(place, "one that some models explain (patents)", lambda: change_cell(place, OUTCOME)),
            built(place, "one that most estimates use (employees)", lambda: change_cell(place, AMOUNT)),
            built(place, "a sentence of the report", lambda: reword(place, *SENTENCE)),
        ]
        bare = bare_seconds(Path(folder) / "bare", len(whole.rules))
        split = split_seconds(place)
    text = "\n".join(
        [*heading(), *table(whole, ran), *rival(ran[:2], bare, len(whole.rules)), *of_split(split, whole), ""]
    )
    print(text)
    (ROOT / "benchmarks/updates.md").write_text(text, encoding="utf-8")


def built(place: Path, change: str, make: Callable[[], None]) -> Ran:
    """Return what a build in the copy took after a change."""
    make()
    known = len(events_of(place, STUDY))
    command = [sys.executable, "-m", "innosurvey.cli", "report", "--cores", str(CORES)]
    seconds = timed(command, place, {**os.environ, "PYTHONPATH": str(place)})
    done = [event["rule"] for event in events_of(place, STUDY)[known:] if event["event"] == "done"]
    return Ran(change=change, seconds=seconds, rules=done)


def timed(command: Sequence[str], place: Path, surroundings: dict[str, str]) -> float:
    """Return the seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run(command, cwd=place, env=surroundings, check=True, capture_output=True)
    return time.perf_counter() - began


def touch(place: Path) -> None:
    """Give every file of the project a new time stamp."""
    for path in place.rglob("*"):
        if path.is_file() and not {"results", ".snakemake"} & set(path.parts):
            path.touch()


def change_cell(place: Path, column: str) -> None:
    """Add one to the first whole number of a column of the survey of 2020."""
    rows = rows_of(place)
    where = rows[0].index(column)
    row = next(row for row in rows[1:] if row[where].isascii() and row[where].isdigit())
    row[where] = str(int(row[where]) + 1)
    write(rows, place)


def move_firm(place: Path) -> None:
    """Put the first firm of the survey of 2020 in another district."""
    rows = rows_of(place)
    where = rows[0].index(PLACE)
    next(row for row in rows[1:] if row[where] != ELSEWHERE)[where] = ELSEWHERE
    write(rows, place)


def rows_of(place: Path) -> list[list[str]]:
    """Return the rows of the survey of 2020, the head first."""
    return list(csv.reader(io.StringIO((place / SURVEY).read_bytes().decode(ENCODING), newline="")))


def write(rows: list[list[str]], place: Path) -> None:
    """Write the survey of 2020."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    (place / SURVEY).write_bytes(text.getvalue().encode(ENCODING))


def bare_seconds(place: Path, jobs: int) -> float:
    """Return the seconds that Snakemake alone takes to find nothing to do among as many jobs; the best of three."""
    place.mkdir()
    (place / "Snakefile").write_text(BARE.format(jobs=jobs), encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "--cores", str(CORES), "--quiet"]
    timed(command, place, dict(os.environ))
    return min(timed(command, place, dict(os.environ)) for _ in range(3))


def split_seconds(place: Path) -> float:
    """Return the seconds that it takes to split an update of data, configuration and code, built already."""
    surroundings = {**os.environ, "PYTHONPATH": str(place)}
    told = [sys.executable, "-m", "innosurvey.cli"]
    commit(place, "init")
    timed([*told, "bless", "--release", "first", "--who", "B", "--why", "To compare with."], place, surroundings)
    commit(place, "add", "-A")
    change_cell(place, AMOUNT)
    reword(place, *CONFIGURATION)
    reword(place, *CODE)
    built(place, "all three", lambda: None)
    return timed([*told, "changes", "--cores", str(CORES)], place, surroundings)


def commit(place: Path, *first: str) -> None:
    """Commit the whole project, after a first command."""
    named = ["-c", "user.name=B", "-c", "user.email=b@example.org"]
    for words in (first, ("add", "-A"), ("commit", "-m", "As it is.")):
        subprocess.run(["git", *named, *words], cwd=place, check=True, capture_output=True)


def heading() -> list[str]:
    return [
        "# What an update costs",
        "",
        f"`python benchmarks/updates.py`, default study, {CORES} cores, on: {machine.described()}; {machine.pace()}.",
        "",
        "Wanted: one firm corrected at most a quarter of a build from scratch, and a tenth of the estimations where "
        "one cohort is touched; a sentence in less than 15 s; where nothing changed at most 1.5 of what Snakemake "
        "alone takes.",
        "",
    ]


def table(whole: Ran, ran: Sequence[Ran]) -> Iterator[str]:
    """Yield a row per change."""
    yield "| what changed | seconds | of a build from scratch | steps | of them estimations |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for each in (whole, *ran):
        share = f"{100 * each.seconds / whole.seconds:.0f} %"
        steps = f"{len(each.rules)} of {len(whole.rules)} | {each.estimations} of {whole.estimations}"
        yield f"| {each.change} | {each.seconds:.1f} | {share} | {steps} |"
    yield ""


def rival(ran: Sequence[Ran], bare: float, jobs: int) -> Iterator[str]:
    """Yield how the builds with nothing to do compare with Snakemake alone."""
    yield f"Snakemake alone finds nothing to do among {jobs} jobs in {bare:.1f} s."
    for each in ran:
        yield f"Changed: {each.change}: {each.seconds / bare:.2f} of that."


def of_split(seconds: float, whole: Ran) -> Iterator[str]:
    """Yield how the split of an update compares with a build from scratch."""
    yield ""
    yield (
        f"An update of one firm, a definition and the code, built: its headline numbers are split into what each cause "
        f"did in {seconds:.1f} s, {seconds / whole.seconds:.2f} of a build from scratch (wanted: less than 4)."
    )


if __name__ == "__main__":
    main()
