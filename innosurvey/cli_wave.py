"""The command that adds a wave to a study: `innosurvey wave add`.

It reads all that it needs, works out what is to be written, and writes all of it or nothing.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from innosurvey import study as studies
from innosurvey.cli_draft import VARIABLES, VOCABULARY, layout_said, with_plain_errors
from innosurvey.errors import DataError, StudyError, did_you_mean
from innosurvey.study import ROOT, Source, Study

if TYPE_CHECKING:
    from innosurvey.dictionary import Dictionary
    from innosurvey.new_wave.fit import Fit, Known


@click.group()
def wave() -> None:
    """Add waves to a study."""


@wave.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1950, 2100), required=True, help="The last year that the wave asks about.")
@click.option("--study", "name", default=None, metavar="NAME|FILE", help="The study. Default: the one of config.yaml.")
@click.option("--like", default=None, metavar="WAVE", help="Wave whose codebook to take. Default: the nearest.")
@click.option("--raw", default=None, metavar="DIR", help="The folder of the raw files. Default: as the study says.")
@click.option("--encoding", default=None, help="Encoding of a text file. Default: found out.")
@click.option("--header-rows", default=None, metavar="N[,N]", help="Rows that hold the names. Default: found out.")
@click.option("--sheet", default=None, help="Sheet of a workbook. Default: found out.")
@with_plain_errors
def add_wave(file: Path, year: int, name: str | None, like: str | None, raw: str | None, **said: str | None) -> None:
    """Add the raw FILE as the wave of a year: its codebook, its entry in the study, its checksum."""
    from innosurvey import files
    from innosurvey.new_wave.fit import nearest
    from innosurvey.new_wave.reading import fits_of

    adding = _adding(file, year, name, raw)
    _fail_if_it_is_there(adding)
    waves = _known_waves(adding, like)
    fits = fits_of(file, layout_said(**said), waves)
    best = nearest(fits, str(file), like)
    contents, notes, points = _contents(adding, best)
    files.write_together(contents)
    _say(adding, best, fits, list(contents), notes, points, like)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Adding:
    """What is asked for: a file as the wave of a year, of a study whose configuration is in `texts` (path → text)."""

    file: Path
    year: int
    study: Study
    texts: Mapping[Path, str]
    dictionary: "Dictionary"

    @property
    def raw(self) -> Path:
        """Where the raw file is to be."""
        return ROOT / self.study.raw / self.file.name

    @property
    def declared_in(self) -> Path:
        """The file that has the study's waves: of those laid over each other the last."""
        from innosurvey import yamlfile

        found = [
            path
            for path, text in self.texts.items()
            if (yamlfile.parse(text, str(path)).data.get("studies") or {}).get(self.study.name, {}).get("waves")
        ]
        return found[-1]

    def last_year(self, source: Source) -> int:
        """Return the last year of a wave's period."""
        from innosurvey import coverage, yamlfile

        return int(coverage.period_of_wave(yamlfile.read(ROOT / source.codebook), source)[1][:4])


def _adding(file: Path, year: int, name: str | None, raw: str | None) -> _Adding:
    from innosurvey import files

    laid_over = studies.study_file(name) if name else None
    paths = [*studies.BASE, *([laid_over.resolve()] if laid_over else [])]
    loaded = studies.read(*paths, raw=str(Path(raw).resolve()) if raw else None)
    if not loaded.waves:
        raise StudyError(
            f"the study {loaded.name} has no wave yet, whose codebook could be taken.\n"
            "Draft the first: innosurvey study draft DIR --name NAME"
        )
    return _Adding(
        file=file,
        year=year,
        study=loaded,
        texts={path: files.read_text(path) for path in paths},
        dictionary=files.read_dictionary(VARIABLES, loaded.variables),
    )


def _fail_if_it_is_there(adding: _Adding) -> None:
    """Raise for a wave, a codebook or a raw file that is there already, and for a file that cannot be looked at."""
    from innosurvey.fingerprint import file_fingerprint
    from innosurvey.manifest import listed_files, manifest_path

    study, year = adding.study, adding.year
    if not adding.file.is_file():
        raise DataError(f"{adding.file}: no such file.{_near(adding.file)}\nCorrect the path of the new wave's file.")
    for name, source in study.waves.items():
        if name == str(year) or adding.last_year(source) == year:
            raise StudyError(
                f"{study.where('studies', study.name, 'waves', name)}the wave {name} is about {year} already "
                f"({source.file}).\nCorrect --year; or, for a corrected file of that wave, put it in the place of the "
                "old one."
            )
    checksum = file_fingerprint(adding.file)
    known = {name: file_fingerprint(ROOT / study.raw_file(source)) for name, source in study.waves.items()}
    known |= {entry["wave"]: entry["sha256"] for entry in listed_files(manifest_path(study.name, ROOT)).values()}
    twin = next((name for name, other in known.items() if other == checksum), None)
    if twin is not None:
        raise DataError(
            f"{adding.file}: it is the file of the wave {twin}, byte for byte.\n"
            "Give the new wave's file; several waves in one file are declared with `rows:` (docs/howto-new-wave.md)."
        )
    if adding.raw.exists() and not adding.raw.samefile(adding.file):
        raise StudyError(
            f"{adding.raw}: another file has this name, and is kept.\nRename the new file, or remove the old."
        )


def _known_waves(adding: _Adding, like: str | None) -> "list[Known]":
    """Return the waves whose codebooks may be taken; those that are still to be decided are left out."""
    from innosurvey import codebook, draft, yamlfile
    from innosurvey.new_wave.fit import Known
    from innosurvey.new_wave.years import Years

    if like is not None and like not in adding.study.waves:
        waves = adding.study.waves
        raise StudyError(f"--like {like}: no such wave.{did_you_mean(like, waves)}\nWaves: {', '.join(waves)}.")
    found = []
    for name, source in adding.study.waves.items():
        read = yamlfile.read(ROOT / source.codebook, source.codebook)
        if read.data.get("decide") and name != like:
            continue
        book = codebook.of_wave(codebook.from_yaml(read, adding.dictionary), **source.own)
        first, last = book.period or (f"{adding.last_year(source)}-01-01",) * 2
        raw = ROOT / adding.study.raw_file(source)
        before = draft.read_source(raw, book.file) if raw.is_file() else None
        years = Years(first=int(first[:4]), last=int(last[:4]), new=adding.year)
        found.append(Known(wave=name, book=book, years=years, before=before))
    if not found:
        raise StudyError(
            "the codebooks of all waves are still to be decided.\nDecide them: innosurvey check lists how."
        )
    return found


def _contents(adding: _Adding, best: "Fit") -> tuple[dict[Path, bytes], tuple[str, ...], Mapping[str, str]]:
    """Return what is to be written, by path; what changed without a doubt; and what is to be decided."""
    from innosurvey import draft, files, yamlfile
    from innosurvey.fingerprint import file_fingerprint
    from innosurvey.manifest import manifest_path, with_file
    from innosurvey.new_wave.added import Old, add
    from innosurvey.new_wave.needs import needs_of
    from innosurvey.new_wave.study_text import with_wave

    study, wave = adding.study, str(adding.year)
    source = study.waves[best.known.wave]
    period = best.known.years.period(best.known.book.period or (f"{best.known.years.last}-01-01",) * 2)
    old = Old(
        text=files.read_text(ROOT / source.codebook),
        read=yamlfile.read(ROOT / source.codebook, source.codebook),
        file=source.file,
        rows=source.rows,
    )
    words = draft.vocabulary_from(yamlfile.read(VOCABULARY).data, adding.dictionary)
    needs = needs_of(study, best.known.wave, period, adding.dictionary, ROOT)
    added = add(best, old, adding.dictionary, words, needs)
    book = (ROOT / source.codebook).parent / f"{wave}.yaml"
    if book.exists():
        raise StudyError(f"{book}: there is a codebook already, and it is kept.\nRemove it, or add the wave by hand.")
    entry = {"file": adding.file.name, "codebook": (Path(source.codebook).parent / book.name).as_posix(), **added.own}
    years = {name: adding.last_year(other) for name, other in study.waves.items()} | {wave: adding.year}
    declared = adding.declared_in
    configuration = with_wave(adding.texts[declared], _shown(declared), study.name, wave, entry, years)
    _fail_if_no_study({**adding.texts, declared: configuration}, wave)
    manifest = manifest_path(study.name, ROOT)
    listed = files.read_text(manifest) if manifest.is_file() else ""
    contents = {
        book: added.codebook.encode(),
        declared: configuration.encode(),
        manifest: with_file(listed, adding.file.name, wave, file_fingerprint(adding.file)).encode(),
    }
    if not adding.raw.exists():
        contents = {adding.raw: files.read_bytes(adding.file), **contents}
    return contents, added.notes, added.points


def _fail_if_no_study(texts: Mapping[Path, str], wave: str) -> None:
    """Raise where the configuration with the new wave is none that the workflow would take."""
    from innosurvey import yamlfile

    merged: dict[str, Any] = {}
    for path, text in texts.items():
        studies.merge(merged, yamlfile.parse(text, _shown(path)).data)
    loaded = studies.load(merged)
    if wave not in loaded.waves:
        raise StudyError(f"the wave {wave} did not come to stand in the study {loaded.name}.\nAdd it by hand.")


def _say(
    adding: _Adding,
    best: "Fit",
    fits: "list[Fit]",
    written: list[Path],
    notes: tuple[str, ...],
    points: Mapping[str, str],
    like: str | None,
) -> None:
    """Say what was written and why, what is to be decided, and what comes next."""
    others = [one.said() for one in fits if one is not best]
    chosen = "asked for with --like" if like else "the nearest"
    why = f" ({'; '.join(others)})" if others else ""
    click.echo(f"Codebook of {best.said()} are in {adding.file.name}: {chosen}{why}.")
    for path in written:
        click.echo(f"Wrote {_shown(path)}")
    for note in notes:
        click.echo(f"  {note}")
    click.echo(f"To be decided ({len(points)}):" if points else "Nothing is left to decide.")
    for about, says in points.items():
        click.echo(f"  - {about}: {says}")
    option = "" if adding.study.name == _default_study(adding) else f" --study {_study_said(adding)}"
    click.echo("\nNext:")
    if points:
        click.echo(f"  decide the points in {_shown(written[1] if len(written) > 3 else written[0])}, then")
    for command in ("check", "plan", "report"):
        click.echo(f"  innosurvey {command}{option}")


def _default_study(adding: _Adding) -> str:
    from innosurvey import yamlfile

    return str(yamlfile.parse(adding.texts[studies.ROOT / "config.yaml"], "config.yaml").data.get("study"))


def _study_said(adding: _Adding) -> str:
    path = list(adding.texts)[-1]
    return path.stem if path.parent == studies.STUDIES else _shown(path)


def _near(file: Path) -> str:
    return did_you_mean(file.name, os.listdir(file.parent)) if file.parent.is_dir() else ""


def _shown(path: Path) -> str:
    full = path.resolve()
    return full.relative_to(ROOT).as_posix() if full.is_relative_to(ROOT) else str(full)
