"""The commands that draft configuration: `innosurvey codebook draft`, `innosurvey study draft`.

They write proposals for a person to correct, never over a file that is there.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from innosurvey import study as studies
from innosurvey.errors import StudyError
from innosurvey.study import ROOT

VARIABLES = ROOT / "resources/dictionary/variables.csv"
VOCABULARY = ROOT / "resources/dictionary/vocabulary.yaml"


def with_plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """End a StudyError with its block and exit code instead of a traceback."""

    @wraps(command)
    def run(**options: Any) -> None:
        try:
            command(**options)
        except StudyError as error:
            click.echo(f"{error.kind} error: {error}", err=True)
            sys.exit(error.exit_code)

    return run


@click.group()
def codebook() -> None:
    """Draft codebooks of raw files."""


@click.group()
def study() -> None:
    """Draft study files."""


@codebook.command("draft")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Where to write it. Default: to the screen.")
@click.option(
    "--table",
    type=click.Choice(["survey", "register", "frame"]),
    default="survey",
    show_default=True,
    help="What the file is. Columns of a register keep names of their own.",
)
@click.option("--labels", type=click.Path(path_type=Path), default=None, help="A CSV or TSV: column name, label.")
@click.option(
    "--dictionary", type=click.Path(path_type=Path), default=VARIABLES, help="Variables to look for. Default: ours."
)
@click.option("--language", default=None, help="Look for words of en, ko, es or fr only. Default: all.")
@click.option("--period", default=None, metavar="YEAR-YEAR", help="Years that the answers are about.")
@click.option("--encoding", default=None, help="Encoding of a text file. Default: found out.")
@click.option("--delimiter", default=None, help="Delimiter of a text file. Default: found out.")
@click.option(
    "--header-rows", default=None, metavar="N[,N]", help="Rows that hold the column names. Default: found out."
)
@click.option("--sheet", default=None, help="Sheet of a workbook. Default: the largest that is shown.")
@click.option("--object", "object_", default=None, help="Object of an R file. Default: the first.")
@with_plain_errors
def draft_codebook(file: Path, out: Path | None, period: str | None, **said: Any) -> None:
    """Propose a codebook for the raw FILE: what is convincing is filled in, the rest stands as comments."""
    if out is not None:
        _fail_if_there(out)
    asked = {key: said.pop(key) for key in ("table", "labels", "dictionary", "language")}
    drafted = _drafted(file, _Request(**asked, period=_period(period)), layout_said(**said))
    if out is None:
        click.echo(drafted.text, nl=False)
    else:
        _write(drafted.text, out)
    click.echo(_summary(file, drafted), err=True)


@study.command("draft")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="The study's name: letters, digits, - and _.")
@click.option("--register", "registers", multiple=True, metavar="FILE", help="A file that is no wave; may be repeated.")
@click.option("--frame", default=None, metavar="FILE", help="The file that is the sampling frame.")
@click.option("--wave-column", default=None, metavar="COLUMN", help="Column that tells waves in one file apart.")
@click.option("--labels", type=click.Path(path_type=Path), default=None, help="A CSV or TSV: column name, label.")
@click.option("--country", default="ZZ", help="Two letters, such as CO.")
@click.option("--currency", default="XXX", help="Three letters, such as COP.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Default: resources/studies/NAME.yaml.")
@click.option("--codebooks", type=click.Path(path_type=Path), default=None, help="Default: resources/codebooks/NAME.")
@with_plain_errors
def draft_study(
    folder: Path, name: str, registers: tuple[str, ...], frame: str | None, labels: Path | None, **said: Any
) -> None:
    """Propose a study file for the raw files of FOLDER, and a codebook for each that has none yet."""
    from innosurvey.draft.study_page import Identity, study_page

    out = said["out"] or studies.STUDIES / f"{name}.yaml"
    _fail_if_there(out)
    _fail_if_no_name(name)
    books = said["codebooks"] or ROOT / "resources/codebooks" / name
    tables = dict.fromkeys(registers, "register") | ({frame: "frame"} if frame else {})
    files = _raw_files(folder, tables)
    asked = _Request(labels=labels, wave_column=said["wave_column"])
    booked = [
        wave
        for file in files
        for wave in _booked(file, books / f"{file.stem}.yaml", replace(asked, table=tables.get(file.name, "survey")))
    ]
    identity = Identity(name=name, raw=_from_root(folder), country=said["country"], currency=said["currency"])
    _write(study_page(identity, booked), out)
    click.echo(
        f"Next: correct the codebooks, then innosurvey check --study {name if out.parent == studies.STUDIES else out}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What a draft is asked for, beside the file."""

    table: str = "survey"
    labels: Path | None = None
    dictionary: Path = VARIABLES
    language: str | None = None
    period: tuple[str, str] | None = None
    wave_column: str | None = None


def _drafted(file: Path, request: _Request, layout: Any) -> Any:
    """Return the draft of one file."""
    from innosurvey import draft, files, yamlfile

    if not request.dictionary.is_file():
        raise StudyError(
            f"{request.dictionary}: no such dictionary.\nGive a CSV like resources/dictionary/variables.csv."
        )
    declared = files.read_dictionary(request.dictionary)
    words = draft.vocabulary_from(yamlfile.read(VOCABULARY).data, declared, request.language)
    source = draft.read_source(file, layout, request.labels)
    if request.wave_column and request.table == "survey":
        source = replace(source, waves=len(draft.wave_codes(source, request.wave_column)))
    return draft.draft_codebook(source, declared, words, request.table, request.period)


def layout_said(
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: str | None = None,
    sheet: str | None = None,
    object_: str | None = None,
) -> Any:
    """Return what the caller says of the file's layout."""
    from innosurvey.codebook import FileSpec

    rows = None
    if header_rows:
        if not all(part.strip().isdigit() and int(part) > 0 for part in header_rows.split(",")):
            raise StudyError(f"--header-rows {header_rows}: row numbers from 1, such as 4 or 4,5.")
        rows = tuple(int(part) for part in header_rows.split(","))
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    return FileSpec(encoding=encoding, delimiter=delimiter, header_rows=rows, sheet=sheet, object=object_)


def _period(said: str | None) -> tuple[str, str] | None:
    if said is None:
        return None
    years = said.split("-")
    if len(years) != 2 or not all(len(year) == 4 and year.isdigit() for year in years) or years[0] > years[1]:
        raise StudyError(f"--period {said}: the first and the last year, such as 2018-2020.")
    return f"{years[0]}-01-01", f"{years[1]}-12-31"


def _raw_files(folder: Path, named: Iterable[str]) -> list[Path]:
    """Return the data files of the folder; StudyError when there is none, or a named one is not there."""
    from innosurvey.errors import did_you_mean
    from innosurvey.ingest.readers import FORMATS

    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in FORMATS)
    if not files:
        raise StudyError(f"{folder}: no data files here.\nRead are {', '.join(sorted(FORMATS))}.")
    names = [path.name for path in files]
    for name in named:
        if name not in names:
            raise StudyError(f"{folder / name}: no such file.{did_you_mean(name, names)}")
    return files


def _booked(file: Path, path: Path, request: _Request) -> list[Any]:
    """Return a raw file with its codebook, which is drafted if it is not there yet; of a survey each wave in it."""
    from innosurvey import draft, yamlfile
    from innosurvey.codebook import period_of
    from innosurvey.draft.study_page import Booked

    if not path.exists():
        drafted = _drafted(file, request, layout_said())
        _write(drafted.text, path)
        click.echo(_summary(file, drafted))
    book = yamlfile.read(path)
    variables = [str(name) for name in book.data.get("variables") or {}]
    booked = Booked(
        file=file.name,
        codebook=_from_root(path),
        table=str(book.data.get("table", "survey")),
        period=period_of(book),
        weighted="weight_design" in variables,
        certified=any(name.startswith("cert") for name in variables),
    )
    if request.wave_column is None or booked.table != "survey":
        return [booked]
    codes = draft.wave_codes(draft.read_source(file, layout_said(), request.labels), request.wave_column)
    return [replace(booked, rows=(request.wave_column, code), period=draft.period_of_code(code)) for code in codes]


def _from_root(path: Path) -> str:
    full = path.resolve()
    return full.relative_to(ROOT).as_posix() if full.is_relative_to(ROOT) else str(full)


def _fail_if_there(path: Path) -> None:
    if path.exists():
        raise StudyError(f"{path}: there is a file already, and it is kept.\nRemove it, or give another --out.")


def _fail_if_no_name(name: str) -> None:
    if not name.replace("-", "_").isidentifier():
        raise StudyError(f"--name {name}: use letters, digits, - and _, since files are named after it.")


def _write(text: str, path: Path) -> None:
    from innosurvey import files

    files.write_text(text, path)
    click.echo(f"Wrote {path}")


def _summary(file: Path, drafted: Any) -> str:
    id_said = "" if "firm_id" in drafted.standing else " No column was found for firm_id: every file needs it."
    return (
        f"{file.name}: {drafted.columns} columns, {len(drafted.standing)} variables filled in, "
        f"{drafted.open} lines to be decided.{id_said}"
    )
