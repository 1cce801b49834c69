"""Which causes there are between a release and the present, and what of the schema and the settings differs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from innosurvey import codebook, files, yamlfile
from innosurvey.baseline.release import Basis
from innosurvey.changes.causes import CODE, CONFIGURATION, ENVIRONMENT, REVISION, UNITS
from innosurvey.changes.earlier import Earlier, rules_differ
from innosurvey.changes.schema import Columns, compare_columns, settings_of
from innosurvey.changes.sources import DICTIONARY, Sources, named_sources
from innosurvey.codebook import Codebook
from innosurvey.dictionary import Dictionary
from innosurvey.errors import StudyError
from innosurvey.fingerprint import file_fingerprint
from innosurvey.study import Study


def causes_that_differ(study: Study, root: Path, now: Basis, earlier: Earlier, sources: Sources) -> set[str]:
    """Return which causes there are: what the release rests on, held against what the present results rest on."""
    then = earlier.release.basis
    differs = {
        ENVIRONMENT: then.environment != now.environment,
        CODE: then.code != now.code or rules_differ(earlier, root),
        CONFIGURATION: configuration_differs(study, now, earlier, sources),
        REVISION: sources.is_revised or (bool(sources.changed) and not sources.has_other_units),
        UNITS: sources.has_other_units,
    }
    return {cause for cause, differing in differs.items() if differing}


def configuration_differs(study: Study, now: Basis, earlier: Earlier, sources: Sources) -> bool:
    """Return whether a setting, codebook or list is not as it was, but for what goes with new or changed files.

    The study's files are compared by what they set: a comment, or the entry of a new wave, sets nothing for the others.
    Where the present code can't read those of the release, they count as a change when their checksums differ.
    """
    before, after = settings_of_both(study, earlier)
    if before != after:
        return True
    then = earlier.release.basis.configuration
    read = {Path(file.name).name for file in study.files} if earlier.study else set()
    with_data = {one.now.source.codebook for one in sources.changed if one.codebook_goes_with_it}
    return any(
        checksum != now.configuration.get(name)
        for name, checksum in then.items()
        if Path(name).name not in read and name not in with_data
    )


def settings_of_both(study: Study, earlier: Earlier) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the settings of the release and the present ones, each with the sources that both have; nothing where the
    present code can't read those of the release."""
    if earlier.study is None:
        return {}, {}
    waves = earlier.study.waves.keys() & study.waves.keys()
    registers = earlier.study.registers.keys() & study.registers.keys()
    return settings_of(earlier.study, waves, registers), settings_of(study, waves, registers)


def columns_that_differ(study: Study, root: Path, earlier: Earlier) -> list[Columns]:
    """Return by source what its codebook has anew, no longer, or otherwise; sources without such are left out."""
    then = {(one.kind, one.name): one.source for one in named_sources(earlier.study)} if earlier.study else {}
    found = []
    for one in named_sources(study):
        old = then.get((one.kind, one.name))
        if old is None or earlier.study is None:
            continue
        before, after = earlier.root / old.codebook, root / one.source.codebook
        if before.is_file() and file_fingerprint(before) != file_fingerprint(after):
            book_then, book_now = _book(before, earlier.root, earlier.study), _book(after, root, study)
            if book_then and book_now:
                found.append(compare_columns(f"{one.kind} {one.name}", book_then, book_now))
    return [columns for columns in found if columns.differ]


def _book(path: Path, root: Path, of: Study) -> Codebook | None:
    """Return a codebook as a project has it; None where it is not of a form that the present code reads."""
    try:
        dictionary: Dictionary = files.read_dictionary(root / DICTIONARY, of.variables)
        return codebook.from_yaml(yamlfile.read(path), dictionary)
    except StudyError:
        return None
