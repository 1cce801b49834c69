"""What can be checked before anything runs: files, codebooks, and every cell of the raw files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from innosurvey import codebook, expressions, ingest, tables, yamlfile
from innosurvey.dictionary import Dictionary
from innosurvey.errors import DataError, StudyError, did_you_mean
from innosurvey.study import Source, Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing checked, and what is wrong with it (None when nothing is)."""

    what: str
    error: StudyError | None = None


def check_study(study: Study, root: Path) -> Iterator[Finding]:
    """Yield a finding per raw file with its codebook; the configuration itself was checked when it was loaded."""
    dictionary = tables.read_dictionary(root / "resources/dictionary/variables.csv", study.variables)
    yield Finding(what=f"configuration of the study {study.name}")
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


def fail_if_absent(study: Study, source: Source, root: Path) -> None:
    """Raise when a source's codebook or raw file is not there, with the near name."""
    if not (root / source.codebook).is_file():
        raise StudyError(
            f"{source.codebook}: no such codebook.{_near_file(root / source.codebook)}\n"
            "Correct `codebook:` in the study's configuration."
        )
    path = root / study.raw_file(source)
    if not path.is_file():
        raise DataError(
            f"{study.raw_file(source)}: no such raw file.{_near_file(path)}\n"
            "Correct `raw:` or `file:` in the study's configuration, or give the folder with --raw."
        )


def _near_file(path: Path) -> str:
    """Return the hint at a file of the same folder with a near name, or an empty text."""
    return did_you_mean(path.name, sorted(entry.name for entry in path.parent.glob("*")))


def _found(what: str, check: Callable[[], None]) -> Finding:
    try:
        check()
    except StudyError as error:
        return Finding(what=what, error=error)
    return Finding(what=what)


def _check_wave(study: Study, source: Source, wave: str, dictionary: Dictionary, root: Path) -> None:
    fail_if_absent(study, source, root)
    wave_codebook = codebook.from_yaml(yamlfile.read(root / source.codebook), dictionary)
    for variable in wave_codebook.variables.values():
        if variable.asked_if is not None:
            expressions.fail_if_unknown_names(
                variable.asked_if, list(wave_codebook.variables), f"{variable.where}, asked_if"
            )
    ingest.ingest_survey(root / study.raw_file(source), wave_codebook, wave)


def _check_register(study: Study, source: Source, dictionary: Dictionary, root: Path) -> None:
    fail_if_absent(study, source, root)
    register_codebook = codebook.from_yaml(yamlfile.read(root / source.codebook), dictionary)
    ingest.ingest_register(root / study.raw_file(source), register_codebook)
