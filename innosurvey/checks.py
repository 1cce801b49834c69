"""What can be checked before anything runs: files, codebooks, every cell of the raw files, and whether the files fit.

The steps up to the weights are taken in memory, as the workflow takes them; nothing is written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

import pandas as pd

from innosurvey import clean, codebook, compare, coverage, describe, ingest, link, tables, weight, yamlfile
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.design import parse_design_rules
from innosurvey.dictionary import Dictionary
from innosurvey.errors import StudyError
from innosurvey.keys import KeyCheck
from innosurvey.study import Source, Study, fail_if_absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing checked, and what is wrong with it (None when nothing is)."""

    what: str
    error: StudyError | None = None


def check_study(study: Study, root: Path) -> Iterator[Finding]:
    """Yield a finding for the configuration, one per raw file with its codebook, and one per wave for what follows."""
    dictionary = tables.read_dictionary(root / "resources/dictionary/variables.csv", study.variables)
    checker = _Checker(study=study, dictionary=dictionary, root=root)
    yield _found(f"configuration of the study {study.name}", partial(_check_programme, study, dictionary, root))
    for wave, source in study.waves.items():
        yield _found(f"wave {wave}: {source.file} with {source.codebook}", partial(checker.read_wave, wave))
    for register, source in study.registers.items():
        yield _found(
            f"register {register}: {source.file} with {source.codebook}", partial(checker.read_register, register)
        )
    if len(checker.registers) == len(study.registers):
        for wave in checker.waves:
            yield _found(f"wave {wave}: linked, edited and weighted", partial(checker.follow, wave))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checker:
    """Takes a study's files through the first steps, and keeps what could be read."""

    study: Study
    dictionary: Dictionary
    root: Path
    waves: dict[str, pd.DataFrame] = field(default_factory=dict)
    registers: dict[str, pd.DataFrame] = field(default_factory=dict)

    def read_wave(self, wave: str) -> None:
        source = self.study.waves[wave]
        fail_if_absent(self.study, source, self.root)
        ingested = ingest.ingest_survey(self.root / self.study.raw_file(source), self._codebook(source), wave)
        self.waves[wave] = ingested.table

    def read_register(self, register: str) -> None:
        source = self.study.registers[register]
        fail_if_absent(self.study, source, self.root)
        ingested = ingest.ingest_register(self.root / self.study.raw_file(source), self._codebook(source))
        self.registers[register] = ingested.table

    def follow(self, wave: str) -> None:
        """Link, edit and weigh one wave."""
        study, book = self.study, self._codebook(self.study.waves[wave])
        key_check = cast(KeyCheck, study.key_check)  # the schema allows no other
        links = link.parse_links({name: source.link for name, source in study.registers.items() if source.link})
        period = coverage.period_of_wave(self.root / study.waves[wave].codebook)
        linked = link.link_registers(self.waves[wave], self.registers, links, period, key_check)
        edits = clean.parse_edits(study.programme["edits"])
        cleaned = clean.clean_survey(linked.firms, edits, self.dictionary, book.asked_if)
        weight.weight_sample(cleaned.firms, self.registers.get("frame"), weight.parse_weights(study.weights), key_check)

    def _codebook(self, source: Source) -> codebook.Codebook:
        return codebook.from_yaml(yamlfile.read(self.root / source.codebook), self.dictionary)


def _found(what: str, check: Callable[[], None]) -> Finding:
    try:
        check()
    except StudyError as error:
        return Finding(what=what, error=error)
    return Finding(what=what)


def _check_programme(study: Study, dictionary: Dictionary, root: Path) -> None:
    """Read every section of the programme as the steps will."""
    covered = coverage.cover(study, root)
    items = describe.parse_items(study.programme["describe"])
    compare.parse_comparisons(study.programme.get("compare"), items, known_groups(study, covered))
    clean.parse_edits(study.programme["edits"])
    link.parse_links({name: source.link for name, source in study.registers.items() if source.link})
    weight.parse_weights(study.weights)
    parse_design_rules(study.programme["design"])


def known_groups(study: Study, covered: coverage.Coverage) -> dict[str, tuple[str, ...]]:
    """Return the groups of every declared cohort, those that the study cannot feed included."""
    declared = {
        name: tuple(group.name for group in spec.groups)
        for name, spec in parse_cohorts(study.programme["cohorts"]).items()
    }
    return {**declared, **covered.groups}
