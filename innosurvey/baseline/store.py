"""Where baselines stand: `resources/baseline/<study>/<release>/` with `statistics.csv.gz` and `release.yaml`.

A release is written once, all at once, and never over another. The list is compressed: a study has some hundred
thousand statistics. It is read only when its checksum is the one of `release.yaml`.
"""

import gzip
import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from innosurvey import files, tables
from innosurvey.baseline.release import Release, as_yaml, fail_if_no_name, from_yaml
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.fingerprint import file_fingerprint

FOLDER = Path("resources/baseline")
STATISTICS = "statistics.csv.gz"
RELEASE = "release.yaml"
CONTRACT = "statistics"


def releases(root: Path, study: str) -> list[Release]:
    """Return the study's releases, the oldest first; StudyError for one that can't be read."""
    paths = sorted((root / FOLDER / study).glob(f"[!.]*/{RELEASE}"))  # not what a run that died left behind
    texts = {path: files.read_texts([str(path)])[RELEASE] for path in paths}
    found = [from_yaml(text, _shown(path, root), study) for path, text in texts.items()]
    for path, release in zip(paths, found, strict=True):
        if release.name != path.parent.name:
            raise StudyError(
                f"{_shown(path, root)}: is of the release {release.name}, in the folder {path.parent.name}.\n"
                "The folder was renamed or copied: give it its name back."
            )
    return sorted(found, key=lambda release: (release.number, release.name))


def chosen(known: Sequence[Release], name: str | None, study: str) -> Release:
    """Return the release of a name, or the newest of those that are `known`, the oldest first; StudyError for a name
    that none has, and where two are the newest."""
    if name is not None:
        named = [release for release in known if release.name == name]
        if not named:
            names = [release.name for release in known]
            raise StudyError(
                f"{study} has no release {name}.{did_you_mean(name, names)}\nReleases: {', '.join(names) or 'none'}."
            )
        return named[0]
    newest = [release for release in known if release.number == known[-1].number]
    if len(newest) > 1:
        names = [release.name for release in newest]
        raise StudyError(
            f"{study}: {' and '.join(names)} are both release {newest[0].number}, blessed on two branches.\n"
            f"Say which to compare with: --against {names[-1]}"
        )
    return newest[0]


def fail_if_taken(root: Path, study: str, name: str) -> None:
    """Raise when a release can't have this name: it is none, or there is a folder of it."""
    fail_if_no_name(name)
    folder = root / FOLDER / study / name
    if folder.exists():
        raise StudyError(
            f"{_shown(folder, root)}: there is a release of this name, and it is kept.\nGive another --release."
        )


def write(statistics: pd.DataFrame, release: Release, root: Path) -> Path:
    """Store a release with its statistics and return its folder; StudyError where its name is taken.

    The same statistics and the same release make the same bytes. A run that dies leaves no folder of that name.
    """
    fail_if_taken(root, release.study, release.name)
    folder = root / FOLDER / release.study / release.name
    content = _packed(statistics, folder)
    signed = replace(release, statistics=hashlib.sha256(content).hexdigest())
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    try:
        files.write_files({STATISTICS: content, RELEASE: as_yaml(signed).encode("utf-8")}, partial)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def read(release: Release, root: Path) -> pd.DataFrame:
    """Return the statistics of a release; StudyError where they are not those that were blessed."""
    path = root / FOLDER / release.study / release.name / STATISTICS
    found = file_fingerprint(path)
    if found != release.statistics:
        what = "is not there" if found == "absent" else "is not what was blessed: it was edited or cut off"
        raise StudyError(
            f"{_shown(path, root)}: the file {what}, by its checksum in {RELEASE}.\n"
            f"Get it back with: git checkout -- {_shown(path, root)}"
        )
    return tables.read(CONTRACT, path)


def _packed(statistics: pd.DataFrame, folder: Path) -> bytes:
    tables.fail_if_contract_is_broken(CONTRACT, statistics, str(folder / STATISTICS))
    return gzip.compress(statistics.to_csv(index=False, lineterminator="\n").encode("utf-8"), mtime=0)


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
