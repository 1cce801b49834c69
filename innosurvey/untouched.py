"""Is everything as the last good run left it? Then Snakemake need not be started to learn that nothing is to be done.

After a run that ended well, path, size and time stamp of every file that can matter are noted: the project's code,
configuration and resources and the raw files (the inputs) as they were when it began, and all results. Where one
differs, or is new or gone, Snakemake decides, by content; a study whose files are all untouched is up to date.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from innosurvey import files
from innosurvey.certified import certificate_of
from innosurvey.planned import PlannedStep
from innosurvey.runner import Run, plan
from innosurvey.study import Study

PARTS = (
    "Snakefile",
    "config.yaml",
    "pyproject.toml",
    "requirements.lock",
    "profiles",
    "workflow",
    "scripts",
    "innosurvey",
    "resources",
)
"""What of the project a run can depend on."""
RESULTS = ("microdata", "estimates", "checks", "rendered", "publish")
NOTE = "untouched.json"


def is_untouched(run: Run, loaded: Study) -> bool:
    """Tell whether all files of a study are as its last good run left them."""
    try:
        return note_of(run).read_text(encoding="utf-8") == _note(inputs_of(run, loaded), results_of(run))
    except OSError:
        return False


def steps_due(run: Run, loaded: Study) -> list[PlannedStep]:
    """Return the steps that a build would run; Snakemake is asked only where a file was touched."""
    return [] if is_untouched(run, loaded) else plan(run)


def remember(run: Run, loaded: Study, inputs: str) -> None:
    """Note how a good run leaves all files of a study; `inputs` is their state when it began.

    Nothing is noted where a file was edited meanwhile: some steps had read it, others not.
    """
    if inputs == inputs_of(run, loaded):
        files.write_text(_note(inputs, results_of(run)), note_of(run))


def note_of(run: Run) -> Path:
    """Return the file that the state is noted in."""
    return run.root / "results" / run.study / "logs" / NOTE


def inputs_of(run: Run, loaded: Study) -> str:
    """Return the state of all that a run can depend on, and of what it was called with."""
    places = [*(run.root / part for part in PARTS), *(run.root / file for file in files_given(run, loaded))]
    return _state(places, str(run.study_file), str(run.raw))


def results_of(run: Run) -> str:
    """Return the state of all results."""
    return _state([run.root / "results" / run.study / part for part in RESULTS])


def _note(inputs: str, results: str) -> str:
    return json.dumps({"inputs": inputs, "results": results}) + "\n"


def _state(places: Iterable[Path], *called_with: str) -> str:
    """Return a checksum of the paths, sizes and times of all files at the places."""
    found = sorted({line for place in places for line in _stamps(place)})
    return hashlib.sha256("\n".join([*called_with, *found]).encode()).hexdigest()


def files_given(run: Run, loaded: Study) -> list[str]:
    """Return the files that may lie outside the project: raw files, data of a certificate, the study's own."""
    raw = [loaded.raw_file(source) for source in (*loaded.waves.values(), *loaded.registers.values())]
    data = [spec.file for spec in certificate_of(loaded).data.values() if spec.file]
    return [*raw, *data, *([str(run.study_file)] if run.study_file else [])]


def _stamps(place: Path) -> Iterator[str]:
    """Yield path, size and time stamp of a file, or of all files below a folder but Python's own."""
    try:
        entries = os.scandir(place) if place.is_dir() else None
        if entries is None:
            about = place.stat()
            yield f"{place}\t{about.st_size}\t{about.st_mtime_ns}"
            return
    except OSError:
        yield f"{place}\tgone"
        return
    with entries:
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _stamps(Path(entry.path))
            else:
                about = entry.stat()
                yield f"{entry.path}\t{about.st_size}\t{about.st_mtime_ns}"
