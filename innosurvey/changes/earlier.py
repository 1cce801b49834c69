"""What a release was made from: its code and configuration from git, its raw files from where they are still kept."""

import io
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from innosurvey import study
from innosurvey.baseline.release import Release
from innosurvey.errors import DataError, StudyError
from innosurvey.fingerprint import file_fingerprint

RULES = ("Snakefile", "workflow/rules")
"""Code that no fingerprint of a step covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A release, the folder with the project as it was then, and its study where the present code can read it.

    `study_file` is what the study was laid over config.yaml from, `raw_folders` where its raw files may be.
    """

    release: Release
    root: Path
    study_file: Path | None
    study: study.Study | None
    raw_folders: tuple[Path, ...]

    def raw_file(self, name: str) -> Path:
        """Return the raw file of this name that the release was made from; DataError where no folder has it."""
        wanted = self.release.basis.sources[name]
        for folder in self.raw_folders:
            if file_fingerprint(folder / name) == wanted:
                return folder / name
        there = [folder for folder in self.raw_folders if (folder / name).is_file()]
        raise DataError(
            f"{name}: {'not the file' if there else 'there is no file'} that release {self.release.name} was made "
            f"from (sha256 {wanted[:12]}…).\nGive the folder with the raw files as they were: --raw-before DIR."
        )


def earlier_of(release: Release, root: Path, file: Path | None, raw_folders: tuple[Path, ...], to: Path) -> Earlier:
    """Put the project as it was at a release into the folder `to`; StudyError where git does not have its commit."""
    _extract(release, root, to)
    study_file = _study_file(release, root, file, to)
    loaded = _study_of(to, study_file)
    # where the present code can't read the study of then, its files are looked for where they are now
    inside = [folder.relative_to(root) for folder in raw_folders if folder.is_relative_to(root)]
    committed = dict.fromkeys(to / folder for folder in ([loaded.raw] if loaded else inside))
    return Earlier(
        release=release, root=to, study_file=study_file, study=loaded, raw_folders=(*raw_folders, *committed)
    )


def rules_differ(earlier: Earlier, root: Path) -> bool:
    """Return whether the rules of the workflow are not those of the release."""
    return any(_checksums(earlier.root / part) != _checksums(root / part) for part in RULES)


def _checksums(place: Path) -> dict[str, str]:
    paths = [place, *place.rglob("*.smk")] if place.is_dir() else [place]
    return {path.relative_to(place).as_posix(): file_fingerprint(path) for path in paths if path.is_file()}


def _study_file(release: Release, root: Path, file: Path | None, to: Path) -> Path | None:
    """Return the study's file as it was at the release; StudyError where that is not to be had."""
    if file is None:
        return None
    if file.is_relative_to(root):
        then = to / file.relative_to(root)
        if then.is_file():
            return then
    elif release.basis.configuration.get(file.name) == file_fingerprint(file):
        return file
    raise StudyError(
        f"{file.name}: the commit of release {release.name} does not have this study file.\n"
        "Say the study by the file that it was released with; keep that file in the project, under git."
    )


def _extract(release: Release, root: Path, to: Path) -> None:
    done = subprocess.run(
        ["git", "archive", "--format=tar", release.commit], cwd=root, capture_output=True, check=False
    )
    if done.returncode:
        raise StudyError(
            f"release {release.name}: git does not have its commit {release.commit[:12]}.\n"
            "Fetch it (git fetch --unshallow, or the branch that it was made on), or compare with another release: "
            "--against NAME"
        )
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as packed:
        packed.extractall(to, filter="data")


def _study_of(root: Path, file: Path | None) -> study.Study | None:
    """Return the study as a folder of the project has it; None where the present code can't read it."""
    below = [root / path.relative_to(study.ROOT) for path in study.BASE]
    try:
        return study.read(*[path for path in below if path.is_file()], *([file] if file else []))
    except StudyError:
        return None
