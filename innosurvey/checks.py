"""What can be checked before anything runs: files, codebooks, and every cell of the raw files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from innosurvey import clean, codebook, compare, coverage, describe, ingest, link, tables, weight, yamlfile
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.design import parse_design_rules
from innosurvey.dictionary import Dictionary
from innosurvey.errors import StudyError
from innosurvey.study import Source, Study, fail_if_absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing checked, and what is wrong with it (None when nothing is)."""

    what: str
    error: StudyError | None = None


def check_study(study: Study, root: Path) -> Iterator[Finding]:
    """Yield a finding for the configuration, then one per raw file with its codebook."""
    dictionary = tables.read_dictionary(root / "resources/dictionary/variables.csv", study.variables)
    yield _found(f"configuration of the study {study.name}", partial(_check_programme, study, dictionary, root))
    for wave, source in study.waves.items():
        yield _found(
            f"wave {wave}: {source.file} with {source.codebook}",
            partial(_check_wave, study, source, wave, dictionary, root),
        )
    for register, source in study.registers.items():
        yield _found(
            f"register {register}: {source.file} with {source.codebook}",
            partial(_check_register, study, source, dictionary, root),
        )


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


def _check_wave(study: Study, source: Source, wave: str, dictionary: Dictionary, root: Path) -> None:
    fail_if_absent(study, source, root)
    wave_codebook = codebook.from_yaml(yamlfile.read(root / source.codebook), dictionary)
    ingest.ingest_survey(root / study.raw_file(source), wave_codebook, wave)


def _check_register(study: Study, source: Source, dictionary: Dictionary, root: Path) -> None:
    fail_if_absent(study, source, root)
    register_codebook = codebook.from_yaml(yamlfile.read(root / source.codebook), dictionary)
    ingest.ingest_register(root / study.raw_file(source), register_codebook)
