"""Raw files of the formats that surveys come in, as frames of raw cells.

Every reader returns a frame whose columns are the raw file's and whose index is the row number as a person counts it:
in a CSV or Excel file the first line is 1; in SPSS, Stata and R files, which have no lines, the first case is 1.
Encoding, delimiter and header rows are detected where the codebook does not give them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from innosurvey.codebook import FileSpec
from innosurvey.errors import DataError, bullets, did_you_mean
from innosurvey.ingest.delimited import read_delimited
from innosurvey.ingest.header import HEADER_SEARCH_ROWS, clean_name, find_header

FORMATS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".sav": "spss",
    ".zsav": "spss",
    ".dta": "stata",
    ".rda": "rda",
    ".rdata": "rda",
}
USER_MISSING = "user_missing"
"""Attribute of an SPSS file's cells: column → ranges of codes that the file itself declares missing."""


def read_raw(path: Path, spec: FileSpec, expected: Sequence[str]) -> pd.DataFrame:
    """Return the raw file's cells; `expected` are the column names that the codebook uses.

    Raises DataError when the file is absent, empty, cut off, in another encoding or format, or lacks or repeats an
    expected column.
    """
    if not path.is_file():
        raise DataError(
            f"{path}: no such file.{_near_file(path)}\n"
            "Correct `file:` or `raw:` in the configuration, or give the folder with --raw."
        )
    if path.stat().st_size == 0:
        raise DataError(f"{path}: the file is empty (0 bytes).\nFetch it again from its source.")
    kind = spec.format or FORMATS.get(path.suffix.lower())
    if kind not in _READERS:
        raise DataError(
            f"{path}: unknown format `{kind or path.suffix}`.\n"
            f"Say `format:` under `file:` in the codebook: {', '.join(_READERS)}."
        )
    raw = _READERS[kind](path, spec, expected)
    if raw.empty:
        raise DataError(
            f"{path}: no rows below the header.\nThe file may have been cut off; fetch it again from its source."
        )
    _fail_if_columns_are_missing(path, raw, expected)
    return raw


def _read_excel(path: Path, spec: FileSpec, expected: Sequence[str]) -> pd.DataFrame:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
    except Exception as error:
        raise DataError(
            f"{path}: not a readable Excel workbook ({type(error).__name__}).\n"
            "The file may have been cut off; fetch it again, or save it as .xlsx."
        ) from None
    names = book.sheet_names
    sheet = names[spec.sheet - 1] if isinstance(spec.sheet, int) and 0 < spec.sheet <= len(names) else spec.sheet
    sheet = sheet or next((str(one.name) for one in book.sheets_metadata if _is_visible(one)), names[0])
    if sheet not in names:
        raise DataError(f"{path}: no sheet `{sheet}`.{did_you_mean(str(sheet), names)}\nIt has: {', '.join(names)}.")
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    while rows and all(cell == "" for cell in rows[-1]):
        rows.pop()
    texts = [[clean_name(cell) for cell in row] for row in rows[: HEADER_SEARCH_ROWS + 2]]
    header, columns = find_header(texts, spec.header_rows, expected)
    body = _without_footer(rows[header:], spec.footer_rows)
    return pd.DataFrame(body, columns=columns or None, index=range(header + 1, header + 1 + len(body)), dtype=object)


def _without_footer(rows: list[list[Any]], footer_rows: int) -> list[list[Any]]:
    """Return the rows above the last `footer_rows` that are not blank."""
    filled = [place for place, row in enumerate(rows) if any(cell != "" for cell in row)]
    return rows[: filled[-footer_rows]] if 0 < footer_rows <= len(filled) else rows


def _is_visible(sheet: Any) -> bool:
    """Return whether a sheet of cells is shown: what a person does not see is not read unasked."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet


def _read_spss(path: Path, spec: FileSpec, expected: Sequence[str]) -> pd.DataFrame:
    import pyreadstat

    def load() -> pd.DataFrame:
        frame, about = pyreadstat.read_sav(
            str(path), user_missing=True, apply_value_formats=False, encoding=spec.encoding
        )
        declared: Mapping[str, Any] = about.missing_ranges
        frame.attrs[USER_MISSING] = {
            clean_name(column): [(one["lo"], one["hi"]) for one in ranges] for column, ranges in declared.items()
        }
        return frame

    return _cases(path, load, "SPSS")


def _read_stata(path: Path, spec: FileSpec, expected: Sequence[str]) -> pd.DataFrame:
    import pyreadstat

    return _cases(
        path,
        lambda: pyreadstat.read_dta(str(path), user_missing=True, apply_value_formats=False, encoding=spec.encoding)[0],
        "Stata",
    )


def _read_rda(path: Path, spec: FileSpec, expected: Sequence[str]) -> pd.DataFrame:
    import pyreadr

    def load() -> pd.DataFrame:
        objects = pyreadr.read_r(str(path))
        name = spec.object or next(iter(objects))
        if name not in objects:
            raise DataError(f"{path}: no object `{name}`.{did_you_mean(name, objects)}\nIt has: {', '.join(objects)}.")
        return objects[name]

    return _cases(path, load, "R")


def _cases(path: Path, load: Callable[[], pd.DataFrame], program: str) -> pd.DataFrame:
    """Return a binary file's cases numbered from 1, or say that it can't be read."""
    try:
        frame = load()
    except DataError:
        raise
    except Exception as error:
        raise DataError(
            f"{path}: not a readable {program} file ({type(error).__name__}).\n"
            "The file may have been cut off; fetch it again from its source."
        ) from None
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    frame.columns = pd.Index([clean_name(column) for column in frame.columns])
    return frame


_READERS: dict[str, Callable[[Path, FileSpec, Sequence[str]], pd.DataFrame]] = {
    "csv": read_delimited, "excel": _read_excel, "spss": _read_spss, "stata": _read_stata, "rda": _read_rda,
}  # fmt: skip


def _fail_if_columns_are_missing(path: Path, raw: pd.DataFrame, expected: Iterable[str]) -> None:
    columns = list(raw.columns)
    lost = [name for name in expected if name not in columns]
    if lost:
        raise DataError(
            f"{path}: {len(lost)} columns that the codebook names are not in the file:\n"
            f"{bullets(f'{name}.{did_you_mean(name, columns)}' for name in lost)}\n"
            f"The file has {len(columns)} columns. Correct the codebook's `column:` entries, or its `header_rows:`, "
            "`delimiter:`, `encoding:`."
        )
    repeated = [name for name in dict.fromkeys(expected) if columns.count(name) > 1]
    if repeated:
        places = [str(place + 1) for place, name in enumerate(columns) if name == repeated[0]]
        raise DataError(
            f"{path}: the column `{repeated[0]}` stands {len(places)} times (positions {', '.join(places)}).\n"
            "Rename or remove all but one in the file."
        )


def _near_file(path: Path) -> str:
    if not path.parent.is_dir():
        return f" The folder {path.parent} does not exist."
    return did_you_mean(path.name, sorted(entry.name for entry in path.parent.iterdir()))
