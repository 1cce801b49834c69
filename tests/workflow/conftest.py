"""A small copy of the project, built once; each test changes its own copy of it and builds again."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from innosurvey import yamlfile

ROOT = Path(__file__).resolve().parent.parent.parent
TINY = """
# The default study with seven cohorts and two families of models, on a few firms, in one language.
report: {{languages: [en]}}
cohorts:
{removed_cohorts}
  certification: {{may_be_empty: true}}
  stage_self: {{may_be_empty: true}}
  size_cis: {{may_be_empty: true}}
compare:
{removed_comparisons}
models:
{removed_models}
robustness:
{removed_questions}
"""
COHORTS = ("all", "certified", "certification", "activity_oslo4", "size_cis", "zone", "gu")
MODELS = ("product_on_rd", "patents_on_rd", "productivity_on_innovation", "productivity_on_rd")
COMPARISONS = ("active_output_oslo4", "size_innovation")
COLOMBIA = "colombia_edits"
COLOMBIAN = {
    "cohorts": ("all", "activity_seoul", "size_cis", "industry_class"),
    "compare": ("size_innovation",),
    "models": ("product_on_rd", "process_on_rd", "productivity_on_innovation"),
    "robustness": (),
}


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code, what it printed, and the steps that ran."""

    code: int
    out: str
    err: str
    steps: tuple[str, ...]

    @property
    def rules(self) -> set[str]:
        """The rules that ran."""
        return {step.split(":")[0] for step in self.steps}


class Project:
    """A copy of the project in a folder of its own."""

    def __init__(self, folder: Path, study: str = "seoul") -> None:
        self.folder = folder
        self.study = study
        self.raw = folder / "resources/raw" / study

    def run(self, *arguments: str, **surroundings: str) -> Ran:
        """Run the command line in the project."""
        history = self.folder / "results" / self.study / "logs/steps.jsonl"
        before = history.stat().st_size if history.exists() else 0
        done = subprocess.run(
            [sys.executable, "-m", "innosurvey.cli", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(self.folder), **surroundings},
        )
        return Ran(code=done.returncode, out=done.stdout, err=done.stderr, steps=tuple(self._steps(history, before)))

    def report(self, **surroundings: str) -> Ran:
        """Build the small study."""
        return self.run("report", "--study", "tiny.yaml", **surroundings)

    def copy(self, folder: Path) -> "Project":
        """Return a copy with its results and Snakemake's memory, time stamps kept."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder, self.study)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file of the project."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    @staticmethod
    def _steps(history: Path, place: int) -> list[str]:
        if not history.exists():
            return []
        with open(history, encoding="utf-8") as lines:
            lines.seek(place)
            events = [json.loads(line) for line in lines]
        return [
            f"{event['rule']}:{','.join(event['wildcards'].values())}" for event in events if event["event"] == "done"
        ]


def contents(project: Project, part: str) -> dict[str, bytes]:
    """Return the files of a folder of the results by their path in it."""
    folder = project.folder / "results" / project.study / part
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def copy_of_the_project(folder: Path, study: str = "seoul") -> Project:
    """Copy what git tracks or would track; a study is yet to be brought."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return Project(folder, study)


def tiny_seoul(folder: Path) -> Project:
    """Copy the project, and give it a small survey and study file."""
    project = copy_of_the_project(folder)
    subprocess.run(
        [sys.executable, "-m", "innosurvey.cli", "synthetic", "--firms", "400"],
        cwd=folder, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(folder)},
    )  # fmt: skip
    (folder / "tiny.yaml").write_text(tiny_study(), encoding="utf-8")
    return project


def tiny_study() -> str:
    """Return the study file that removes most cohorts, comparisons and models, and all questions of robustness."""
    from innosurvey import study

    programme = study.read(*study.BASE).programme
    sections = (("cohorts", COHORTS), ("compare", COMPARISONS), ("models", MODELS), ("robustness", ()))
    removed = [
        "\n".join(f"  {name}: null" for name in programme[section] if name not in kept) for section, kept in sections
    ]
    models = "\n".join(f"  {name}: {{foreach: [all, certified]}}" for name in MODELS)
    text = TINY.format(
        removed_cohorts=removed[0],
        removed_comparisons=removed[1],
        removed_models=removed[2] + "\n" + models,
        removed_questions=removed[3],
    )
    return "\n".join(line for line in text.splitlines() if not line.startswith("  stage_self: {may"))


def tiny_colombia(folder: Path, survey: Path) -> Project:
    """Copy the project, and give it the Colombian survey and a small study file."""
    project = copy_of_the_project(folder, COLOMBIA)
    project.raw.mkdir(parents=True)
    for file in survey.glob("Estructura_*"):
        (project.raw / file.name).write_bytes(file.read_bytes())
    (folder / "tiny.yaml").write_text(tiny_colombian_study(), encoding="utf-8")
    return project


def tiny_colombian_study() -> str:
    """Return Colombia's study with few cohorts and models, and no questions of robustness."""
    from innosurvey import study

    file = study.STUDIES / f"{COLOMBIA}.yaml"
    programme, content = study.read(*study.BASE, file).programme, yamlfile.read(file).data
    for section, kept in COLOMBIAN.items():
        removed = {name: None for name in programme[section] if name not in kept}
        content[section] = {**(content.get(section) or {}), **removed}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def build(project: Project) -> None:
    ran = project.report()
    assert ran.code == 0, ran.out + ran.err


def folder_made_once(made: pytest.TempPathFactory, worker: str, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that one of the processes that run the tests makes; the others wait for it."""
    if worker == "master":
        folder = made.mktemp(name) / "project"
        make(folder)
        return folder
    folder = made.getbasetemp().parent / name / "project"
    ended = folder.parent / "ended.txt"
    try:
        folder.parent.mkdir()
    except FileExistsError:
        while not ended.exists():
            time.sleep(0.5)
        if said := ended.read_text(encoding="utf-8"):
            pytest.fail(said)
        return folder
    said = "the process that makes it was stopped"
    try:
        make(folder)
        said = ""
    except Exception as error:
        said = str(error)
        raise
    finally:
        ended.write_text(said, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Project:
    """The small study, built once from scratch."""
    return Project(folder_made_once(tmp_path_factory, worker_id, "built", lambda folder: build(tiny_seoul(folder))))


@pytest.fixture
def project(built: Project, tmp_path: Path) -> Project:
    """A copy of the built study that the test may change."""
    return built.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def built_colombia(tmp_path_factory: pytest.TempPathFactory, shared: Path, worker_id: str) -> Project:
    """A small study of the real Colombian survey, built once from scratch."""

    def make(folder: Path) -> None:
        build(tiny_colombia(folder, shared / "data" / COLOMBIA))

    return Project(folder_made_once(tmp_path_factory, worker_id, COLOMBIA, make), COLOMBIA)


@pytest.fixture
def colombia(built_colombia: Project, tmp_path: Path) -> Project:
    """A copy of the built Colombian study that the test may change."""
    return built_colombia.copy(tmp_path / "project")
