"""The new file, read in the layouts in which the study's waves came, and what `file:` of its codebook has to say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from innosurvey.codebook import FileSpec
from innosurvey.draft import Source, read_source
from innosurvey.errors import DataError
from innosurvey.ingest.readers import FORMATS
from innosurvey.new_wave.fit import Fit, Known, fit

LAYOUT = ("encoding", "delimiter", "header_rows", "footer_rows", "sheet", "object")
"""What `file:` says of where the table is; the rest of it says how cells are written, and stays."""
PLAIN: Mapping[str, Any] = {"encoding": "utf-8", "delimiter": ",", "header_rows": (1,)}
"""What need not be said: it is found out, and the same, in any file."""
CLEAR = 0.9
"""A share of a codebook's columns at which no other layout is tried."""


def format_of(file: Path, spec: FileSpec) -> str | None:
    """Return the format of a file that is read so."""
    return spec.format or FORMATS.get(file.suffix.lower())


def fits_of(file: Path, said: FileSpec, waves: Sequence[Known]) -> list[Fit]:
    """Return how the codebook of each wave fits the file in the layout that suits it best.

    The layout is found out as a draft does it; where that is not clear, those of the waves are tried as well. DataError
    for a file that cannot be read in any.
    """
    sources: list[Source] = []
    errors: list[DataError] = []
    _try(file, said, sources, errors)
    fits = [fit(wave, source) for wave in waves for source in sources]
    if said == FileSpec() and max((one.share for one in fits), default=0.0) < CLEAR:
        for spec in dict.fromkeys(wave.book.file for wave in waves):
            if format_of(file, spec) == FORMATS.get(file.suffix.lower()):
                kept = {key: getattr(spec, key) for key in LAYOUT if key != "footer_rows"}
                _try(file, replace(FileSpec(), **kept), sources, [])
    if not sources:
        raise errors[0]
    return [max((fit(wave, source) for source in sources), key=lambda one: one.share) for wave in waves]


def file_section(fit: Fit, old: Mapping[str, Any], old_file: str) -> dict[str, Any]:
    """Return `file:` of the new codebook: as that of the old one, with the layout that was found where it differs."""
    spec, found = fit.source.spec, fit.source.found
    same_format = format_of(Path(old_file), fit.known.book.file) == spec.format
    new = dict(old)
    if "format" in old or spec.format != FORMATS.get(fit.source.path.suffix.lower()):
        new["format"] = spec.format
    for key in LAYOUT:
        value = found.get(key)
        if value is None or (key not in old and value == PLAIN.get(key)):
            new.pop(key, None)
        elif key == "footer_rows":
            new[key] = int(value)
        elif not (key == "sheet" and isinstance(old.get(key), int) and same_format):
            new[key] = list(value) if isinstance(value, tuple) else str(value)
    for key in ("decimal", "thousands"):
        if not same_format and key in found:
            new[key] = found[key]
    return new


def _try(file: Path, said: FileSpec, sources: list[Source], errors: list[DataError]) -> None:
    try:
        sources.append(read_source(file, said))
    except DataError as error:
        errors.append(error)
