"""The manifest of a study's raw files: which file, by its checksum, a wave was registered with.

It stands in `resources/raw/<study>/manifest.yaml`, wherever the raw files are, and holds no data. A file that it does
not list is not looked at.
"""

from collections.abc import Mapping
from pathlib import Path

from innosurvey import yamlfile
from innosurvey.draft.notation import scalar
from innosurvey.errors import DataError, StudyError
from innosurvey.fingerprint import file_fingerprint
from innosurvey.study import Source, Study

HEADING = (
    "# Raw files of the study by their checksums (SHA-256): `innosurvey check` says when one is not the file that was\n"
    "# registered. Written by `innosurvey wave add`.\n"
)


def manifest_path(study: str, root: Path) -> Path:
    """Return where a study's manifest stands."""
    return root / "resources/raw" / study / "manifest.yaml"


def listed_files(path: Path) -> dict[str, Mapping[str, str]]:
    """Return file → its wave and checksum, nothing where there is no manifest; StudyError for one that is no list."""
    if not path.is_file():
        return {}
    read = yamlfile.read(path)
    for file, entry in read.data.items():
        if not isinstance(entry, dict) or not {"wave", "sha256"} <= set(entry):
            raise StudyError(
                f"{read.where(str(file))}: `{file}` needs `wave:` and `sha256:`.\nCorrect the manifest, or remove it."
            )
    return read.data


def with_file(text: str, file: str, wave: str, checksum: str) -> str:
    """Return the manifest with one file more."""
    text = text or HEADING
    end = "" if text.endswith("\n") else "\n"
    return f'{text}{end}{scalar(file)}: {{wave: "{wave}", sha256: "{checksum}"}}\n'


def fail_if_another_file(study: Study, source: Source, root: Path) -> None:
    """Raise when a raw file is not the one that was registered."""
    path = manifest_path(study.name, root)
    entry = listed_files(path).get(source.file)
    found = file_fingerprint(root / study.raw_file(source)) if entry else ""
    if entry and entry["sha256"] != found:
        raise DataError(
            f"{study.raw_file(source)}: it is not the file that was registered for the wave {entry['wave']}: its "
            f"checksum is another than that in {path}.\n"
            f'Put the registered file back; or, if the owner corrected it, set there `sha256: "{found}"`.'
        )
