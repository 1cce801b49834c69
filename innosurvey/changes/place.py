"""A copy of the project with its results, in which causes are taken back one after another and built again.

The results come along with what Snakemake knows of them, so that only what a cause touches is run again; and of that
only what the headline numbers need.
"""

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from innosurvey import files, project, runner, study, tables, yamlfile
from innosurvey.changes.causes import CODE, CONFIGURATION, REVISION, UNITS, Link
from innosurvey.changes.earlier import Earlier
from innosurvey.changes.sources import SURVEY, Sources, named_sources
from innosurvey.changes.units import revised, revised_register
from innosurvey.errors import StudyError

PARTS = {
    CODE: ("Snakefile", "innosurvey", "scripts", "workflow", "profiles"),
    CONFIGURATION: ("config.yaml", "resources"),
}
"""What of the project each cause is made of."""
DESCRIBED = {"describe": "estimates/describe/all.csv"}
JUDGED = {"claims": "estimates/claims.csv", "hypotheses": "estimates/hypotheses.csv"}
HEADLINES = {**DESCRIBED, **JUDGED}
"""The tables that have the headline numbers, by their contract."""
RESULTS = ("microdata", "estimates", "kept")
MEMORY = (".snakemake/metadata", ".snakemake/innosurvey-code.json")


def headline_tables(results: Path) -> dict[str, pd.DataFrame]:
    """Return the tables that have the headline numbers."""
    return {name: tables.read(name, results / path) for name, path in HEADLINES.items() if (results / path).is_file()}


class Place:
    """The copy. What was taken back stays so: each state is built on the one before."""

    def __init__(self, run: runner.Run, loaded: study.Study, earlier: Earlier, sources: Sources, folder: Path) -> None:
        self.study = loaded
        self.earlier = earlier
        self.sources = sources
        self.root = folder
        self.results = folder / "results" / run.study
        project.copy_project(run.root, folder)
        for part in (*(f"results/{run.study}/{part}" for part in RESULTS), *MEMORY):
            _copy(run.root / part, folder / part)
        inside = run.study_file is not None and run.study_file.is_relative_to(run.root)
        file = folder / run.study_file.relative_to(run.root) if run.study_file and inside else run.study_file
        self.run = replace(run, root=folder, study_file=file)
        self.described, self.judged = (
            [f"results/{run.study}/{path}" for path in paths.values() if (self.results / path).is_file()]
            for paths in (DESCRIBED, JUDGED)
        )

    def take_back(self, link: Link, revision_stays: bool) -> None:
        """Take a link's causes back; units alone where the revision of the others stays for now."""
        for cause in link.causes:
            if cause in PARTS:
                self._take_from_release(PARTS[cause])
            if cause == CONFIGURATION:
                self._take_study_from_release()
        if UNITS in link.causes and revision_stays:
            self._leave_new_sources_out()
            self._revise_known_units()
        elif {UNITS, REVISION} & set(link.causes):
            self._leave_new_sources_out()
            self._take_data_from_release()

    def build(self) -> dict[str, pd.DataFrame]:
        """Build the tables with the headline numbers and return them; StudyError where a step fails."""
        self._snakemake(["data", *self.described])
        if self.judged:  # equal data stop a change here: contents count between invocations only
            self._snakemake(self.judged)
        try:
            return headline_tables(self.results)
        except tables.ContractBreach as error:
            raise StudyError(f"tables of another form: {str(error).splitlines()[0]}") from None

    def _snakemake(self, targets: Sequence[str]) -> None:
        done = subprocess.run(
            self.run.command(*targets),
            cwd=self.root,
            env={**runner.environment(), "PYTHONPATH": str(self.root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StudyError(self._what_failed() or "the workflow can't be planned with it")

    def _what_failed(self) -> str:
        """Return the step that failed last and the first line of what it said."""
        failed = runner.steps_failed(self.run)
        return f"{failed[-1]['rule']}: {failed[-1]['message'].splitlines()[0]}" if failed else ""

    def _take_from_release(self, parts: Iterable[str]) -> None:
        """Put parts of the project as they were in place of those that are; never the raw files."""
        for part in parts:
            if part == "resources":
                below = [path.name for root in (self.root, self.earlier.root) for path in (root / part).iterdir()]
                self._take_from_release(f"{part}/{name}" for name in {*below} - {"raw", "baseline", "changes"})
                continue
            _remove(self.root / part)
            _copy(self.earlier.root / part, self.root / part)

    def _take_study_from_release(self) -> None:
        """Put the study's file and the raw files under their names of then."""
        if self.earlier.study_file:
            _copy(self.earlier.study_file, self._file_on_top())
        then = self.earlier.study
        if then is None:
            return
        for one in named_sources(then):
            path = self._raw_folder(then) / one.source.file
            if not path.exists():
                _copy(self.earlier.raw_file(one.source.file), path)

    def _leave_new_sources_out(self) -> None:
        """Take the entries of new waves and registers out of the configuration."""
        if not self.sources.added:
            return
        without: dict[str, Any] = {"waves": {}, "registers": {}}
        for one in self.sources.added:
            without[one.section][one.name] = None
        path = self._file_on_top()
        merged = study.merge(yamlfile.read(path).data, {"studies": {self.study.name: without}})
        files.write_text(yaml.safe_dump(merged, sort_keys=False, allow_unicode=True), path)

    def _file_on_top(self) -> Path:
        """Return the copy of the file that has the last word on the study; one outside the project is copied first."""
        file = self.run.study_file
        if file and not file.is_relative_to(self.root):
            _copy(file, self.root / file.name)
            self.run = replace(self.run, study_file=self.root / file.name)
        return self.run.study_file or self.root / "config.yaml"

    def _take_data_from_release(self) -> None:
        """Put the raw files of the release in place of the changed ones, with the codebooks that go with them."""
        folder = self._raw_folder(self.study)
        for one in self.sources.changed:
            _copy(self.earlier.raw_file(one.file_then), folder / one.now.source.file)
            if one.codebook_goes_with_it:
                book = one.now.source.codebook
                _copy(self.earlier.root / book, self.root / book)

    def _revise_known_units(self) -> None:
        """Write the ingested tables of the known units with their present values: Snakemake runs on from there."""
        moved, gone = self.sources.moved(), self.sources.gone()
        for one in self.sources.changed:
            if one.has_units:
                table = revised(one.before, one.after, () if one.now.kind == SURVEY else moved)
            else:
                table = revised_register(one.before, one.after, gone)
            tables.write(one.now.kind, table, self.results / one.now.table)

    def _raw_folder(self, of: study.Study) -> Path:
        """Return the folder of the raw files in the copy; one outside the project is copied first, and named."""
        if self.run.raw and Path(self.run.raw).is_relative_to(self.root):
            return Path(self.run.raw)
        folder = self.root / of.raw
        if not folder.resolve().is_relative_to(self.root.resolve()):
            folder = self.root / "raw of the release"
            for one in named_sources(self.study):
                _copy(self.root / self.study.raw_file(one.source), folder / one.source.file)
            self.run = replace(self.run, raw=str(folder))
        return folder


def _copy(of: Path, to: Path) -> None:
    """Copy a file or folder, where there is one."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if of.is_dir():
        shutil.copytree(of, to, dirs_exist_ok=True)
    elif of.exists():
        shutil.copy2(of, to)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
