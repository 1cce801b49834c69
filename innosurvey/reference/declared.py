"""Reading the declaration of a study's printed tables before anything runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from innosurvey import yamlfile
from innosurvey.reference.spec import CHECKS, DECLARED, ReferenceSpec, parse_reference, reference_files
from innosurvey.study import fail_if_reference_absent


def declared_reference(section: Mapping[str, Any], root: Path) -> ReferenceSpec | None:
    """Return what is declared of the tables of a study's section `reference:`; None where it has none.

    StudyError for a file that is not there and for a declaration that could not work.
    """
    files = reference_files(section)
    for file in files.values():
        fail_if_reference_absent(file, root, "reference")
    if not files:
        return None
    chosen = [name for name in files if name not in (DECLARED, CHECKS)]
    return parse_reference(yamlfile.read(root / files[DECLARED]).data, chosen, files[DECLARED])
