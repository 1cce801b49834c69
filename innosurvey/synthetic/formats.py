"""Raw cells to bytes, in the formats and with the quirks that survey files come with.

No file holds a clock: the SPSS header's date is overwritten, Stata's time stamp and the workbook's properties are
fixed, and the workbook's archive is packed again with fixed dates.
"""

import csv
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd

STAMP = datetime(2023, 6, 30, 9, 0, 0)
"""When the files claim to have been made."""
SAV_DATE_AT = 92
"""Place of the creation date (9 bytes) and time (8 bytes) in the header of an SPSS file."""
MARK = "\ufeff"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def to_csv(raw: pd.DataFrame, encoding: str = "utf-8", line_end: str = "\n", mark: bool = False) -> bytes:
    """Return a CSV; None is a blank cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=line_end)
    writer.writerow(raw.columns)
    writer.writerows(["" if cell is None else cell for cell in row] for row in raw.itertuples(index=False))
    return ((MARK if mark else "") + out.getvalue()).encode(encoding)


def to_sav(
    raw: pd.DataFrame,
    labels: Mapping[str, str],
    value_labels: Mapping[str, Mapping[int, str]],
    missing: Mapping[str, Sequence[int]],
) -> bytes:
    """Return an SPSS file (zlib-compressed) with labels and user-missing codes; text columns are those that hold a
    text.
    """
    import pyreadstat

    columns = {name: _texts(raw[name]) if _is_text(raw[name]) else raw[name].astype("float64") for name in raw.columns}
    formats = {name: "F12.0" for name, cells in columns.items() if cells.dtype == "float64"}
    with tempfile.NamedTemporaryFile(suffix=".sav") as file:  # the writer knows paths only
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            file.name,
            column_labels=[labels[name] for name in raw.columns],
            variable_value_labels={
                name: {float(key): text for key, text in texts.items()} for name, texts in value_labels.items()
            },
            missing_ranges={name: list(codes) for name, codes in missing.items()},
            variable_format=formats,
            compress=True,
        )
        content = bytearray(file.read())
    content[SAV_DATE_AT : SAV_DATE_AT + 17] = STAMP.strftime("%d %b %y%H:%M:%S").encode("ascii")
    return bytes(content)


def to_dta(raw: pd.DataFrame, labels: Mapping[str, str], types: Mapping[str, str]) -> bytes:
    """Return a Stata file (version 118) with variable labels and the given numpy types."""
    out = io.BytesIO()
    typed = raw.astype({name: types[name] for name in raw.columns})
    typed.to_stata(out, write_index=False, version=118, time_stamp=STAMP, variable_labels=dict(labels), byteorder="<")
    return out.getvalue()


def to_xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """Return a workbook with the given rows per sheet."""
    os.environ["OPENPYXL_LXML"] = "False"  # it writes XML otherwise where lxml is installed; asked when it is imported
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "innosurvey"
    book.properties.created = STAMP
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return _packed_again(out.getvalue())


def _packed_again(content: bytes) -> bytes:
    """Return the archive with fixed dates in its entries and in the workbook's properties."""
    out = io.BytesIO()
    modified = f">{STAMP.isoformat()}Z</dcterms:modified>".encode()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in sorted(old.namelist()):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb">[^<]*</dcterms:modified>", modified, part)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, part)
    return out.getvalue()


def with_commas(cells: pd.Series) -> pd.Series:
    """Return numbers of four digits and more with thousands commas, as texts; other cells as they are."""
    written = [f"{cell:,}" if isinstance(cell, int | float) and abs(cell) >= 1000 else cell for cell in cells]
    return pd.Series(written, index=cells.index, dtype=object)


def with_full_width(cells: pd.Series, rows: Sequence[int]) -> pd.Series:
    """Return the cells with full-width digits in the given rows."""
    chosen = set(rows)
    return pd.Series(
        [
            str(cell).translate(FULL_WIDTH) if place in chosen and cell is not None else cell
            for place, cell in enumerate(cells)
        ],
        index=cells.index,
        dtype=object,
    )


def _is_text(cells: pd.Series) -> bool:
    return any(isinstance(cell, str) for cell in cells)


def _texts(cells: pd.Series) -> pd.Series:
    return pd.Series(["" if cell is None else str(cell) for cell in cells], index=cells.index, dtype=object)
