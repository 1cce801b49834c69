"""Where a study's record of what changed is kept, for the report to tell; read at every start, and light."""

from pathlib import Path

RECORDED = ("causes", "changed_numbers", "revisions")
"""The tables of a record, by their contracts."""


def place_of(study: str, table: str) -> str:
    """Return the path of a recorded table in the project."""
    return f"resources/changes/{study}/{table}.csv"


def files_of(root: Path, study: str) -> dict[str, str]:
    """Return the files of a study's record, as paths below `root`; none where nothing is recorded."""
    files = {name: place_of(study, name) for name in RECORDED}
    return files if all((root / file).is_file() for file in files.values()) else {}
