"""The one module that reads and writes texts and bytes: pages, figures, lists of them (`tables` has what is tabular).

A file is written under a temporary name and renamed: a run that dies leaves no half file. No heavy library is imported
here: a step that only renders starts in a third of the time.
"""

import csv
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from innosurvey.dictionary import Dictionary, from_rows


def read_files(folder: str | Path, without: Sequence[str] = ()) -> dict[str, bytes]:
    """Return the files below a folder by their path in it, except hidden ones and those of `without`."""
    folder = Path(folder)
    left_out = {Path(path).resolve() for path in without}
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.resolve() not in left_out}


def read_texts(paths: Sequence[str]) -> dict[str, str]:
    """Return UTF-8 files by their names."""
    return {Path(path).name: Path(path).read_text(encoding="utf-8") for path in paths}


def read_text(path: str | Path) -> str:
    """Return a UTF-8 file as it stands, line ends included."""
    return Path(path).read_bytes().decode("utf-8")


def read_bytes(path: str | Path) -> bytes:
    """Return a file's content."""
    return Path(path).read_bytes()


def write_text(text: str, path: str | Path) -> None:
    """Write UTF-8 text in one move."""
    write_bytes(text.encode("utf-8"), path)


def write_bytes(content: bytes, path: str | Path) -> None:
    """Write bytes in one move."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write several files or none: when one cannot be written, those before it are as they were."""
    before = {path: path.read_bytes() if path.exists() else None for path in contents}
    written: list[Path] = []
    try:
        for path, content in contents.items():
            written.append(path)
            write_bytes(content, path)
    except BaseException:
        for path in written:
            old = before[path]
            if old is None:
                path.unlink(missing_ok=True)
            else:
                write_bytes(old, path)
        raise


def write_files(contents: Mapping[str, bytes], folder: str | Path) -> None:
    """Write several files (name → content) into `folder`, which then holds these and no others."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        write_bytes(content, folder / name)
    for stale in sorted(
        path for path in folder.rglob("*") if path.is_file() and str(path.relative_to(folder)) not in contents
    ):
        if not stale.name.startswith("."):
            stale.unlink()


def write_listed(contents: Mapping[str, bytes], index: str | Path, folder: str | Path) -> None:
    """Write files into `folder` and list them with their checksums in `index`.

    A step that reads the files depends on the index: Snakemake compares files by content, but folders by time only.
    """
    write_files(contents, folder)
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())}
    write_text(json.dumps(listed, indent=1) + "\n", index)


def read_listed(index: str | Path) -> dict[str, bytes]:
    """Return the files that an index lists, from the folder of its name; an OSError for one that is gone or altered."""
    folder = Path(index).with_suffix("")
    contents = {}
    for name, checksum in json.loads(Path(index).read_text(encoding="utf-8")).items():
        contents[name] = (folder / name).read_bytes()
        if hashlib.sha256(contents[name]).hexdigest() != checksum:
            raise OSError(f"{folder / name} is not what {index} lists: remove the folder, and it is made again.")
    return contents


def read_dictionary(path: str | Path, study_variables: Mapping[str, Any] | None = None) -> Dictionary:
    """Return the data dictionary of the CSV at `path` with the study's own variables added."""
    with open(path, encoding="utf-8", newline="") as lines:
        declared = from_rows(csv.DictReader(lines), str(path))
    return declared.extended(study_variables or {}, "studies.<name>.variables")


class replacing:
    """Give a temporary path beside `path`; move it there on success, remove it on failure."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}.partial")

    def __enter__(self) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self.temporary

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            os.replace(self.temporary, self.path)
        else:
            self.temporary.unlink(missing_ok=True)
