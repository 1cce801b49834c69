"""The sources of a study, the release's against the present ones: which are new, which are not as they were.

Both sides of a source are read through its present codebook, so that firms are compared and not codebooks. Where that
cannot read the old file, its codebook goes with the data: the old file is read by the old one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from innosurvey import codebook, files, ingest, tables, yamlfile
from innosurvey.changes.earlier import Earlier
from innosurvey.changes.units import Units, compare_units, firms_gone, keys_moved
from innosurvey.dictionary import Dictionary
from innosurvey.errors import StudyError
from innosurvey.fingerprint import file_fingerprint
from innosurvey.study import Source, Study

DICTIONARY = "resources/dictionary/variables.csv"
SURVEY, REGISTER = "survey", "register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A source of the study: a wave or a register, its name, and how it is set up."""

    kind: str
    name: str
    source: Source

    @property
    def table(self) -> str:
        """Where its ingested table stands, below a study's results."""
        return f"microdata/ingest/{self.kind}_{self.name}.parquet"

    @property
    def section(self) -> str:
        """The section of the study's configuration that has it."""
        return "waves" if self.kind == SURVEY else "registers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A source whose file is not the release's: the name of its file then, both readings, and the units compared."""

    now: Named
    file_then: str
    before: pd.DataFrame = field(repr=False)
    after: pd.DataFrame = field(repr=False)
    units: Units
    codebook_goes_with_it: bool

    @property
    def has_units(self) -> bool:
        """Whether who is in it is who is studied: a survey, or a list by wave; a register of events says of firms."""
        return "wave" in self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What became of a study's sources: the new ones with the number of their rows, and the changed ones."""

    new: Mapping[str, int]
    added: tuple[Named, ...]
    changed: tuple[Changed, ...]

    @property
    def is_revised(self) -> bool:
        """Whether units that were there before say anything else."""
        return any(one.units.is_revised or (one.units.moved and not one.has_units) for one in self.changed)

    @property
    def has_other_units(self) -> bool:
        """Whether units came or left."""
        return bool(self.added) or any(one.units.moved and one.has_units for one in self.changed)

    def few(self, least: int) -> bool:
        """Return whether in any source fewer units than `least` were amended, or came and left: numbers of one wave
        rest on one source."""
        counts = [count for one in self.changed for count in (one.units.amended, one.units.moved)]
        return any(0 < count < least for count in [*counts, *self.new.values()])

    def moved(self) -> set[str]:
        """Return the keys of the units that came into a survey or left it: what a frame says of them goes with that."""
        return _moved(self.changed)

    def gone(self) -> set[str]:
        """Return the ids of the firms that left a survey."""
        left = [firms_gone(one.before, one.after) for one in self.changed if one.now.kind == SURVEY]
        return set().union(*left)


def compare_sources(study: Study, earlier: Earlier, root: Path, results: Path, keep: Path) -> Sources:
    """Return what became of the sources; `keep` is a folder for the old readings. StudyError where an old file is not
    to be had."""
    then = earlier.release.basis.sources
    dictionary = files.read_dictionary(root / DICTIONARY, study.variables)
    added: list[Named] = []
    changed: list[Changed] = []
    for one in named_sources(study):
        old = file_then(one, earlier)
        if old is None:
            added.append(one)
        elif then[old] != file_fingerprint(root / study.raw_file(one.source)):
            before, goes_with_it = _before(one, earlier.raw_file(old), earlier.root, root, dictionary)
            tables.write(one.kind, before, keep / Path(one.table).name)  # read back as the present one is: of its types
            readings = tables.read(one.kind, keep / Path(one.table).name), tables.read(one.kind, results / one.table)
            changed.append(
                Changed(
                    now=one,
                    file_then=old,
                    before=readings[0],
                    after=readings[1],
                    units=compare_units(*readings, apart=_moved(changed)),
                    codebook_goes_with_it=goes_with_it,
                )
            )
    return Sources(
        added=tuple(added),
        changed=tuple(changed),
        new={f"{one.kind} {one.name}": len(tables.read(one.kind, results / one.table)) for one in added},
    )


def named_sources(study: Study) -> Iterator[Named]:
    """Yield the waves and registers of a study."""
    for kind, sources in ((SURVEY, study.waves), (REGISTER, study.registers)):
        for name, source in sources.items():
            yield Named(kind=kind, name=name, source=source)


def file_then(one: Named, earlier: Earlier) -> str | None:
    """Return the name of a source's file at the release; None where it had no such source."""
    known = earlier.release.basis.sources
    if earlier.study is None:
        return one.source.file if one.source.file in known else None
    sources: Mapping[str, Source] = getattr(earlier.study, one.section)
    return sources[one.name].file if one.name in sources else None


def _moved(changed: Iterable[Changed]) -> set[str]:
    surveys = [keys_moved(one.before, one.after) for one in changed if one.now.kind == SURVEY]
    return set().union(*surveys)


def _before(one: Named, raw: Path, then: Path, root: Path, dictionary: Dictionary) -> tuple[pd.DataFrame, bool]:
    """Return a source as it was, and whether its present codebook can't read it."""
    book = one.source.codebook
    try:
        return _read(one, raw, root / book, dictionary), False
    except StudyError:
        if not (then / book).is_file():
            raise
        return _read(one, raw, then / book, dictionary), True


def _read(one: Named, raw: Path, book: Path, dictionary: Dictionary) -> pd.DataFrame:
    """Return a raw file as a step would ingest it."""
    read = codebook.from_yaml(yamlfile.read(book, one.source.codebook), dictionary)
    if one.kind == REGISTER:
        return ingest.ingest_register(raw, read).table
    own: Mapping[str, Any] = one.source.own
    return ingest.ingest_survey(raw, codebook.of_wave(read, **own), one.name).table
