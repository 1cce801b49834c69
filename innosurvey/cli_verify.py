"""Building a study a second time for `innosurvey verify`: where the project is copied, built and compared."""

import hashlib
import json
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from innosurvey import files, project, runner, verify
from innosurvey.errors import BaselineError, StudyError, bullets


def verify_study(run: runner.Run) -> str:
    """Build the study again in a temporary folder, compare the bytes, leave a stamp, and return what it says.

    StudyError where there is nothing to verify or the second build fails; BaselineError names the files that differ.
    """
    results = results_of(run)
    stamp = results / verify.STAMP
    first = _compared(results)
    stamp.unlink(missing_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="innosurvey again ") as folder:
        again = Path(folder) / "project"
        project.copy_project(run.root, again)
        _rebuild(run, again)
        second = _compared(again / "results" / run.study)
    seconds = round(time.monotonic() - began)
    found = verify.differences(first, second)
    if found:
        raise BaselineError(
            f"results/{run.study}: {len(found)} of {len(first)} files are not what a second build gives:\n"
            f"{bullets(found, limit=len(found))}\n"
            f"{platform.platform()}, Python {platform.python_version()}, {seconds} s. The same input must give the "
            "same bytes: look for a clock, an order of files, a random number without a seed, or another machine."
        )
    manifest = first["publish/manifest.json"]
    said = verify.Stamp(
        study=run.study,
        release=json.loads(manifest)["release"],
        manifest=hashlib.sha256(manifest).hexdigest(),
        verified=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        platform=platform.platform(),
        python=platform.python_version(),
        libraries={name: version(name) for name in verify.LIBRARIES},
        seconds=seconds,
        files=len(first),
    ).as_json()
    files.write_text(said, stamp)
    return verify.as_text(json.loads(said))


def validate_study(run: runner.Run) -> str:
    """Return that what is published is up to date, passed the last look and is whole; StudyError for what is not."""
    published = files.read_files(results_of(run) / "publish")
    found = verify.faults(published, json.loads(published[verify.MANIFEST]))
    if found:
        raise StudyError(
            f"results/{run.study}/publish: {len(found)} files are not as the last look left them:\n{bullets(found)}\n"
            f"Remove results/{run.study}/publish and run innosurvey report: it is published again."
        )
    checks = json.loads(published["checks.json"])
    return f"{len(published)} published files of {run.study} are whole; {len(checks)} checks passed."


def results_of(run: runner.Run) -> Path:
    """Return the folder of a study's results; StudyError where they are not built or not up to date."""
    results = run.root / "results" / run.study
    if not (results / "publish/manifest.json").is_file():
        raise StudyError(f"results/{run.study}: the study has not been built.\nRun innosurvey report first.")
    steps = runner.plan(run)
    if steps:
        raise StudyError(
            f"results/{run.study}: not up to date, {len(steps)} steps are due.\n"
            "innosurvey plan says which and why; run innosurvey report first."
        )
    return results


def stamp_of(results: Path) -> dict[str, Any] | None:
    """Return the stamp of the last verification; None where there is none of these results."""
    stamp, manifest = results / verify.STAMP, results / "publish" / verify.MANIFEST
    if not (stamp.is_file() and manifest.is_file()):
        return None
    said: dict[str, Any] = json.loads(files.read_bytes(stamp))
    return said if verify.is_of(said, files.read_bytes(manifest)) else None


def _compared(results: Path) -> dict[str, bytes]:
    folders = {part: files.read_files(results / part) for part in verify.COMPARED}
    return {f"{part}/{name}": content for part, contents in folders.items() for name, content in contents.items()}


def _rebuild(run: runner.Run, folder: Path) -> None:
    """Build the study in a copy of the project."""
    options = ["--cores", str(run.cores)] if run.cores else []
    if run.study_file:
        inside = run.study_file.is_relative_to(run.root)
        options += ["--study", str(folder / run.study_file.relative_to(run.root) if inside else run.study_file)]
    if run.raw:
        options += ["--raw", run.raw]
    done = subprocess.run(
        [sys.executable, "-m", "innosurvey.cli", "report", *options],
        cwd=folder,
        env={**runner.environment(), **verify.SURROUNDINGS, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-20:]).replace(str(folder), "…")
        raise StudyError(f"the second build of {run.study} failed (exit code {done.returncode}):\n{said}")
