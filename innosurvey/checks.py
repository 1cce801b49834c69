"""What can be checked before anything runs: files, codebooks, every cell of the raw files, and whether the files fit.

The steps up to the cohorts are taken in memory, as the workflow takes them; nothing is written.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from multiprocessing import get_context
from pathlib import Path
from typing import cast

import pandas as pd

from innosurvey import (
    certified,
    classes,
    clean,
    codebook,
    coverage,
    files,
    ingest,
    link,
    reach,
    tables,
    weight,
    yamlfile,
)
from innosurvey.certificate.prepare import prepare
from innosurvey.checks_of_configuration import check_edits, check_programme, check_reference
from innosurvey.clean.conditions import conditions_of
from innosurvey.cohorts.assign import place_firms
from innosurvey.cohorts.pool import with_bridge, with_design
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.datasets import read_dataset
from innosurvey.derive import DerivedSpec, parse_derived
from innosurvey.dictionary import Dictionary
from innosurvey.errors import StudyError
from innosurvey.harmonise.bridge import harmonise_waves
from innosurvey.harmonise.spec import parse_harmonise
from innosurvey.impute.answers import Surroundings, impute_answers
from innosurvey.impute.levels import Derivation
from innosurvey.impute.spec import parse_imputation
from innosurvey.keys import KeyCheck
from innosurvey.manifest import fail_if_another_file
from innosurvey.pooled import pool_designs
from innosurvey.screen.answers import screen_answers
from innosurvey.screen.spec import parse_screen
from innosurvey.screen.wave import Wave
from innosurvey.study import Source, Study, fail_if_absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing checked, what is wrong with it (None when nothing is), and what is worth knowing all the same."""

    what: str
    error: StudyError | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A finding, and the table that was read where nothing is wrong with it."""

    finding: Finding
    table: pd.DataFrame | None = None


def check_study(study: Study, root: Path) -> Iterator[Finding]:
    """Yield a finding for the configuration, one per raw file with its codebook, and one per wave for what follows.

    Files are read, and waves followed, side by side on the machine's cores.
    """
    dictionary = files.read_dictionary(root / "resources/dictionary/variables.csv", study.variables)
    checker = _Checker(study=study, dictionary=dictionary, root=root)
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        reading = {wave: pool.submit(checker.read_wave, wave) for wave in study.waves}
        registers = {register: pool.submit(checker.read_register, register) for register in study.registers}
        context = pool.submit(_found, "printed tables and their arithmetic", partial(check_reference, study, root))
        programme = pool.submit(
            _found, f"configuration of the study {study.name}", partial(check_programme, study, root)
        )
        edits = pool.submit(_found, "hard edits and localisation", partial(check_edits, study, dictionary))
        works = programme.result().error is None and edits.result().error is None
        linked = {name: table for name, read in registers.items() if (table := read.result().table) is not None}
        waves = {wave: table for wave, read in reading.items() if (table := read.result().table) is not None}
        complete = waves if len(linked) == len(study.registers) and works else {}
        followed = pool.map(partial(checker.follow, registers=linked), complete, complete.values())
        yield programme.result()
        yield from [edits.result()] if study.waves else []
        yield from [context.result()] if study.reference else []
        yield from pool.map(check_dataset, certified.used_data(study.programme.get("certificate")))
        yield from (read.result().finding for read in [*reading.values(), *registers.values()])
        weighted: dict[str, pd.DataFrame] = {}
        for wave, result in zip(complete, followed, strict=True):
            yield result.finding
            weighted |= {} if result.table is None else {wave: result.table}
    if not study.waves or programme.result().error is not None or len(waves) < len(study.waves):
        return
    all_weighted = len(weighted) == len(study.waves)
    harmonised = checker.harmonise(weighted if all_weighted else waves)
    if study.harmonise:
        yield harmonised.finding
    if all_weighted and harmonised.table is not None:
        assign = partial(checker.assign, weighted, harmonised.table)
        yield _found("cohorts: each group has firms, and each firm a group", assign)


def check_dataset(asked: certified.Asked) -> Finding:
    """Read a data set of the certificate and hold it against its contract; that it is not installed is a note."""
    spec = asked.spec
    what = f"certificate: data set {spec.id}, {spec.called}"
    try:
        raw = read_dataset(spec)
        prepare(raw, spec, "", asked.needs)
    except StudyError as error:
        return Finding(what=what, error=error)
    return Finding(what=what, notes=(f"not run: {raw}.",) if isinstance(raw, str) else ())


@dataclass(frozen=True, kw_only=True)
class _Checker:
    """Takes a study's files through the first steps."""

    study: Study
    dictionary: Dictionary
    root: Path

    @cached_property
    def derived(self) -> dict[str, DerivedSpec]:
        """Return the derived variables that the study declares."""
        return parse_derived(self.study.programme["derived"])

    @cached_property
    def codelists(self) -> dict[str, pd.DataFrame]:
        """Return the code lists that they look up."""
        return tables.read_codelists(sorted(map(str, (self.root / "resources/codelists").glob("*.csv"))))

    def read_wave(self, wave: str) -> Result:
        """Read one wave."""
        source = self.study.waves[wave]
        return self._read(f"wave {wave}", source, partial(ingest.ingest_survey, wave=wave))

    def read_register(self, register: str) -> Result:
        """Read one register."""
        return self._read(f"register {register}", self.study.registers[register], ingest.ingest_register)

    def follow(self, wave: str, table: pd.DataFrame, registers: Mapping[str, pd.DataFrame]) -> Result:
        """Link, edit, impute and weigh one wave."""
        what, notes = f"wave {wave}: linked, edited and weighted", list[str]()
        try:
            weighted = self._take_on(wave, table, registers, notes)
        except StudyError as error:
            return Result(finding=Finding(what=what, error=error, notes=tuple(notes)))
        return Result(finding=Finding(what=what, notes=tuple(notes)), table=weighted)

    def assign(self, waves: Mapping[str, pd.DataFrame], bridge: pd.DataFrame) -> None:
        """Place the firms in the cohorts."""
        place_firms(
            with_bridge(waves, bridge),
            specs=parse_cohorts(self.study.programme["cohorts"]),
            derived=self.derived,
            dictionary=self.dictionary,
            codelists=self.codelists,
            offers={
                wave: codebook.offers_of(yamlfile.read(self.root / source.codebook))
                for wave, source in self.study.waves.items()
            },
        )

    def harmonise(self, waves: Mapping[str, pd.DataFrame]) -> Result:
        """Bring the waves' codes to one revision, and find their prices."""
        what = "waves harmonised: codes, crosswalks, prices"
        try:
            return Result(finding=Finding(what=what), table=self._bridge(waves))
        except StudyError as error:
            return Result(finding=Finding(what=what, error=error))

    def _bridge(self, waves: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """Return the bridge between the waves, as far as the raw files have the codes."""
        spec = parse_harmonise(self.study.harmonise, self.study.waves)
        read = {column for table in waves.values() for column in table.columns}
        had = tuple(one for one in spec.classifications if {one.variable, one.revision} <= read)
        years = {wave: int(self._period(wave)[1][:4]) for wave in waves}
        files = {file: tables.read_codelist(self.root / file) for file in spec.files}
        return harmonise_waves(waves, replace(spec, classifications=had), files, years).bridge

    def _read(self, what: str, source: Source, read: Callable[..., ingest.Ingested]) -> Result:
        what = f"{what}: {source.file} with {source.codebook}"
        try:
            fail_if_absent(self.study, source, self.root)
            fail_if_another_file(self.study, source, self.root)
            ingested = read(self.root / self.study.raw_file(source), self._codebook(source))
        except StudyError as error:
            return Result(finding=Finding(what=what, error=error))
        return Result(finding=Finding(what=what), table=ingested.table)

    def _take_on(
        self, wave: str, table: pd.DataFrame, registers: Mapping[str, pd.DataFrame], notes: list[str]
    ) -> pd.DataFrame:
        """Return the wave's firms with their weights; `notes` gains what is worth knowing."""
        study, book = self.study, self._codebook(self.study.waves[wave])
        key_check = cast(KeyCheck, study.key_check)  # the schema allows no other
        links = link.parse_links({name: source.link for name, source in study.registers.items() if source.link})
        linked = link.link_registers(table, registers, links, self._period(wave), key_check)
        notes += [
            f"register {row.register}: no row of it holds for any of the {row.n} firms. "
            "Are the ids written alike, and do its years or dates reach the wave?"
            for row in linked.rates.itertuples()
            if row.stratum_id == "all" and row.linked == 0
        ]
        edits = clean.parse_edits(study.programme["edits"])
        doubt = clean.parse_localisation(study.programme.get("localisation"), self.dictionary)
        cleaned = clean.clean_survey(linked.firms, edits, self.dictionary, book.asked_if, doubt)
        self._screen(cleaned.firms)
        imputed = self._impute(cleaned.firms, book.asked_if)
        design = self._weigh(imputed, registers.get("frame"), key_check)
        return with_design({wave: imputed}, {wave: design}, pool_designs({wave: design}, {}))[wave]

    def _impute(self, firms: pd.DataFrame, asked_if: Mapping[str, str]) -> pd.DataFrame:
        """Impute the wave once; the wave before it only spares donors, and further draws only repeat the first."""
        programme = self.study.programme
        derivation = Derivation(self.derived, self.dictionary, self.codelists)
        conditions = conditions_of(clean.parse_edits(programme["edits"]), self.dictionary)
        around = Surroundings(conditions=conditions, asked_if=asked_if, derivation=derivation)
        return impute_answers(firms, replace(parse_imputation(programme.get("imputation")), multiple=1), around).firms

    def _weigh(self, firms: pd.DataFrame, frame: pd.DataFrame | None, key_check: KeyCheck) -> pd.DataFrame:
        """Weight the wave; replicate weights, which take long, only repeat what is checked here."""
        spec = weight.parse_weights(self.study.weights)
        totals = spec.calibrate.totals if spec.calibrate else None
        paths = [str(self.root / self.study.raw / totals)] if totals else []
        variables = classes.columns_of(
            firms, spec.variables, self.derived if totals else {}, self.dictionary, self.codelists if totals else {}
        )
        outside = weight.Outside(totals=tables.read_totals(paths), variables=variables)
        return weight.weight_sample(firms, frame, spec, key_check, outside).design

    def _screen(self, firms: pd.DataFrame) -> None:
        """Try every check. The wave stands for the wave before it, too: what has to fit is the kind of answers."""
        wave = Wave(
            firms=firms,
            previous=firms,
            dictionary=self.dictionary,
            derived=self.derived,
            codelists=self.codelists,
        )
        screen_answers(wave, parse_screen(self.study.programme.get("screen"), self.study.programme["edits"]))

    def _period(self, wave: str) -> tuple[str, str]:
        source = self.study.waves[wave]
        return coverage.period_of_wave(yamlfile.read(self.root / source.codebook), source)

    def _codebook(self, source: Source) -> codebook.Codebook:
        book = codebook.from_yaml(yamlfile.read(self.root / source.codebook), self.dictionary)
        return codebook.of_wave(book, **source.own)


def _found(what: str, check: Callable[[], tuple[str, ...] | None]) -> Finding:
    try:
        notes = check() or ()
    except StudyError as error:
        return Finding(what=what, error=error)
    return Finding(what=what, notes=notes)


def coverage_lines(study: Study, root: Path, *, listed: bool) -> list[str]:
    """Return what the study can feed, as text: a summary, or (`listed`) a line for everything.

    Nothing where the configuration could not work: a finding says so already; nor where there is no survey.
    """
    if not study.waves:
        return []
    try:
        dictionary = files.read_dictionary(root / "resources/dictionary/variables.csv", study.variables)
        found = reach.reach(study, dictionary, coverage.cover(study, root))
    except StudyError:
        return []
    waves = list(study.waves)
    return (reach.details(found, waves) if listed else []) + reach.summary(found, waves)
