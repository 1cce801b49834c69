"""A raw file as it lies there: its cells, what it says of its columns, and how it is to be read.

SPSS and Stata files bring labels, the meaning of codes and user-missing codes; R files bring names only; of texts
(CSV, Excel) encoding, delimiter, sheet, header and decimal sign are found out. What was found out becomes the draft's
`file:` section, and the cells are those that the pipeline will read with it.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from innosurvey.codebook import FileSpec, code_text, name_on_one_line
from innosurvey.draft.layout import (
    DELIMITERS,
    ROWS_LOOKED_AT,
    best_delimiter,
    decimal_and_thousands,
    footer_rows,
    header_rows,
)
from innosurvey.draft.notation import Name
from innosurvey.errors import DataError, StudyError
from innosurvey.ingest.delimited import decode
from innosurvey.ingest.readers import FORMATS, USER_MISSING, read_raw

LABELLED = ("spss", "stata")
TAIL = 20
"""Rows at the end of a table that are searched for notes."""
_KEPT = ("format", "encoding", "delimiter", "header_rows", "footer_rows", "sheet", "object", "decimal", "thousands")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceColumn:
    """One raw column: name, label and question, its cells, what the file says of its codes and which are no answers."""

    name: str
    cells: pd.Series
    label: str = ""
    question: str = ""
    meanings: Mapping[str, str] = field(default_factory=dict)
    declared_missing: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What the column is recognised by: its label, or its name where it has none."""
        return self.label or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One raw file with its columns; `found` is what the codebook's `file:` says of it, `waves` how many it holds."""

    path: Path
    spec: FileSpec
    found: Mapping[str, Any]
    columns: tuple[SourceColumn, ...]
    notes: tuple[str, ...] = ()
    waves: int = 1

    @property
    def cells(self) -> pd.DataFrame:
        """All cells as one frame."""
        return pd.DataFrame({column.name: column.cells for column in self.columns})


def read_source(path: Path, said: FileSpec, labels: Path | None = None) -> Source:
    """Return the file; `said` is what the caller knows of its layout, `labels` a table of names and labels.

    DataError for a file that is absent, empty, cut off, in another encoding or format, or without column names.
    """
    kind = said.format or FORMATS.get(path.suffix.lower())
    spec = replace(said, format=kind)
    notes: tuple[str, ...] = ()
    if path.is_file() and path.stat().st_size:
        if kind == "csv":
            spec, notes = _csv_layout(path, spec)
        elif kind == "excel":
            spec, notes = _excel_layout(path, spec)
    raw = read_raw(path, spec, [])
    _fail_if_names_repeat(path, raw)
    if kind in ("csv", "excel"):
        texts = [cell.strip() for column in raw for cell in raw[column].head(ROWS_LOOKED_AT) if isinstance(cell, str)]
        decimal, thousands = decimal_and_thousands(texts)
        spec = replace(spec, decimal=decimal, thousands=thousands)
    about = _metadata(path, kind, spec) if kind in LABELLED else {}
    given = _labels(labels) if labels else {}
    ranges = raw.attrs.get(USER_MISSING, {})
    columns = tuple(
        _column(raw[name], about, given, _declared(raw[name], ranges.get(name, ()))) for name in raw.columns if name
    )
    found = {key: getattr(spec, key) for key in _KEPT if getattr(spec, key) not in (None, (), getattr(FileSpec(), key))}
    return Source(path=path, spec=spec, found=found, columns=columns, notes=notes)


def _csv_layout(path: Path, spec: FileSpec) -> tuple[FileSpec, tuple[str, ...]]:
    text = decode(path, spec.encoding)
    encoding = spec.encoding or next(
        (name for name in ("utf-8-sig", "utf-16", "cp949", "cp1252", "latin-1") if _is(path, text, name)), None
    )
    lines = text.splitlines(keepends=True)[: 4 * ROWS_LOOKED_AT]
    parted = {one: _rows(lines, one) for one in ([spec.delimiter] if spec.delimiter else DELIMITERS)}
    delimiter = best_delimiter(parted)
    header = spec.header_rows or header_rows(parted[delimiter], str(path))
    notes = tuple(cell for row in parted[delimiter][: min(header) - 1] for cell in row if cell.strip())
    encoding = {"utf-8-sig": "utf-8"}.get(encoding or "", encoding)
    footer = footer_rows(
        _rows(text.splitlines(keepends=True)[-TAIL:], delimiter), len(parted[delimiter][header[-1] - 1])
    )
    footer = spec.footer_rows or (footer if footer < TAIL else 0)
    return replace(spec, encoding=encoding, delimiter=delimiter, header_rows=header, footer_rows=footer), notes


def _is(path: Path, text: str, encoding: str) -> bool:
    """Tell whether the file reads as this text in the encoding; what Windows calls cp1252 reads as latin-1, too."""
    try:
        read = path.read_bytes().decode(encoding)
    except UnicodeError:
        return False
    return read == text or (encoding == "cp1252" and any("\x80" <= sign <= "\x9f" for sign in text))


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))[:ROWS_LOOKED_AT]
    except csv.Error:
        return []  # the reader will say what is wrong, and where


def _excel_layout(path: Path, spec: FileSpec) -> tuple[FileSpec, tuple[str, ...]]:
    """Return the sheet with the most filled rows among those that are shown, and its header."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(path))
        shown = [
            str(one.name)
            for one in book.sheets_metadata
            if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
        ]
        if isinstance(spec.sheet, str) and not spec.sheet.isdigit() and spec.sheet not in book.sheet_names:
            return spec, ()  # the reader will say which there are
        asked = [spec.sheet] if isinstance(spec.sheet, str) and spec.sheet in book.sheet_names else shown
        sheets = {name: book.get_sheet_by_name(str(name)).to_python(skip_empty_area=False) for name in asked}
    except Exception:
        return spec, ()  # the reader will say what is wrong
    name = max(sheets, key=lambda one: len(sheets[one]) * max((len(row) for row in sheets[one][:50]), default=0))
    rows = [[str(cell) for cell in row] for row in sheets[name][:ROWS_LOOKED_AT]]
    header = spec.header_rows or header_rows(rows, f"{path}, sheet {name}")
    notes = tuple(cell for row in rows[: min(header) - 1] for cell in row if cell.strip())
    tail = [[str(cell) for cell in row] for row in sheets[name][-TAIL:]]
    footer = spec.footer_rows or footer_rows(tail, len(rows[header[-1] - 1]))
    return replace(spec, sheet=Name(name), header_rows=header, footer_rows=footer if footer < TAIL else 0), notes


def _metadata(path: Path, kind: str, spec: FileSpec) -> dict[str, SourceColumn]:
    """Return what an SPSS or Stata file says of its columns, by name."""
    import pyreadstat

    read = pyreadstat.read_sav if kind == "spss" else pyreadstat.read_dta
    _, about = read(str(path), metadataonly=True, user_missing=True, encoding=spec.encoding)
    return {
        name_on_one_line(name): SourceColumn(
            name=name,
            cells=pd.Series(dtype=object),
            label=name_on_one_line(about.column_names_to_labels.get(name) or ""),
            meanings=_meanings(about.variable_value_labels.get(name, {})),
        )
        for name in about.column_names
    }


def _meanings(labels: Mapping[Any, str]) -> dict[str, str]:
    return {code_text(code): name_on_one_line(text) for code, text in labels.items() if str(text).strip()}


def _declared(cells: pd.Series, ranges: Sequence[tuple[Any, Any]]) -> tuple[str, ...]:
    """Return the codes that an SPSS file declares user-missing: single ones, and of a range those that are there."""
    codes = [low for low, high in ranges if low == high]
    spans = [(low, high) for low, high in ranges if low != high and not isinstance(low, str)]
    if spans:
        numbers = pd.to_numeric(cells, errors="coerce").dropna().unique()
        codes += [number for number in sorted(numbers) for low, high in spans if low <= number <= high]
    return tuple(dict.fromkeys(code_text(code) for code in codes))


def _column(
    cells: pd.Series,
    about: Mapping[str, SourceColumn],
    given: Mapping[str, tuple[str, str]],
    declared_missing: tuple[str, ...],
) -> SourceColumn:
    name = Name(cells.name)
    known = about.get(name, SourceColumn(name=name, cells=cells))
    label, question = given.get(name.casefold(), ("", ""))
    extended = _extended_missing(cells)
    return replace(
        known,
        name=name,
        cells=cells.map(lambda cell: f".{cell}" if isinstance(cell, str) else cell) if extended else cells,
        label=label or known.label,
        question=question,
        meanings={f".{code}" if code in extended else code: text for code, text in known.meanings.items()},
        declared_missing=(*declared_missing, *(f".{letter}" for letter in extended)),
    )


def _extended_missing(cells: pd.Series) -> tuple[str, ...]:
    """Return the letters among numbers: Stata's extended missing values `.a` to `.z`, as its reader gives them."""
    if cells.dtype != object:
        return ()
    texts = {cell for cell in cells.unique() if isinstance(cell, str)}
    numbers = any(isinstance(cell, float | int) for cell in cells.dropna().unique())
    return tuple(sorted(texts)) if numbers and all(len(text) == 1 and "a" <= text <= "z" for text in texts) else ()


def _labels(path: Path) -> dict[str, tuple[str, str]]:
    """Return column name → its label and question, of a table with the columns name, label and perhaps question."""
    if not path.is_file():
        raise StudyError(f"{path}: no such file of labels.\nGive a CSV or TSV with the columns `name` and `label`.")
    lines = decode(path, None).splitlines()
    rows = list(csv.reader(lines, delimiter="\t" if "\t" in (lines or [""])[0] else ","))
    heads = [head.strip().casefold() for head in rows[0]] if rows else []
    places = {key: heads.index(key) for key in ("name", "label", "question") if key in heads}
    if not rows or len(rows[0]) < 2:
        raise DataError(f"{path}: not a table of labels.\nGive a CSV or TSV with the columns `name` and `label`.")
    name, label = (places["name"], places["label"]) if {"name", "label"} <= set(places) else (0, 1)
    body = [row + [""] * (max(name, label, places.get("question", 0)) + 1 - len(row)) for row in rows]
    return {
        row[name].strip().casefold(): (
            name_on_one_line(row[label]),
            name_on_one_line(row[places["question"]]) if "question" in places else "",
        )
        for row in (body[1:] if "name" in places else body)
    }


def _fail_if_names_repeat(path: Path, raw: pd.DataFrame) -> None:
    names = [str(name) for name in raw.columns if name]
    repeated = list(dict.fromkeys(name for name in names if names.count(name) > 1))
    if repeated:
        raise DataError(
            f"{path}: {len(repeated)} column names stand more than once: {', '.join(repeated[:5])}.\n"
            "Rename them in the file, or say with --header-rows which rows hold the names (two rows make one name)."
        )
