"""Fixtures that all tests share: the repository, the real survey files where they are present, the data dictionary."""

import os
from pathlib import Path

import pytest

from innosurvey import files
from innosurvey.dictionary import Dictionary

ROOT = Path(__file__).resolve().parent.parent
os.environ["OPENPYXL_LXML"] = "False"  # as `innosurvey synthetic` has it, before a test imports openpyxl


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real survey files; the test is skipped where it is absent."""
    folder = Path(os.environ.get("INNOSURVEY_SHARED", ROOT.parent / "shared"))
    if not (folder / "data" / "colombia_edits").is_dir():
        pytest.skip(
            f"the real survey files are not here ({folder}/data/colombia_edits); set INNOSURVEY_SHARED to their folder"
        )
    return folder


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    """The project's data dictionary."""
    return files.read_dictionary(ROOT / "resources/dictionary/variables.csv")
