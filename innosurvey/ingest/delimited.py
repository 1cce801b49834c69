"""Delimited text files (CSV and its kin) as frames of raw cells.

Two ways lead to the same cells. `_rows_one_by_one` reads any file, knows each row, and says what is wrong with it.
`_columns_at_once` reads a large file whose rows and quotation marks are regular, column by column into categories, in
a tenth of the time and memory; where anything is irregular it declines, and the first way is taken.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innosurvey.codebook import FileSpec
from innosurvey.errors import DataError
from innosurvey.ingest.header import HEADER_SEARCH_ROWS, find_header

if TYPE_CHECKING:
    import pyarrow as pa

LARGE = 1_000_000
"""Bytes from which a file is read at once. Its header must stand within as many."""
BLOCK = 16 * 2**20
"""Bytes that are looked at together: of a large file little else is in memory than the file and its cells."""
MOST_DIFFER = 0.3
"""Share of different cells from which a column is kept as plain text."""
_QUOTE, _LINE_ENDS = ord('"'), b"\r\n"


def read_delimited(path: Path, spec: FileSpec, expected: Sequence[str]) -> pd.DataFrame:
    """Return the raw cells as text, numbered by row as a person counts (the first line is 1).

    Raises DataError for a file in another encoding, and for a row that has other cells than the header.
    """
    content = in_utf8(path, spec.encoding)
    delimiter = spec.delimiter or _sniff_delimiter(path, _beginning(content), expected)
    if len(content) > LARGE:
        found = _columns_at_once(content, spec, expected, delimiter)
        if found is not None:
            return found
    return _rows_one_by_one(path, content.decode(), spec, expected, delimiter)


def _beginning(content: bytes) -> str:
    return content[:LARGE].decode(errors="ignore")  # the last sign may be cut


def _rows_one_by_one(path: Path, text: str, spec: FileSpec, expected: Sequence[str], delimiter: str) -> pd.DataFrame:
    rows = _csv_rows(path, text, delimiter)
    header, names = find_header(rows, spec.header_rows, expected)
    body = rows[header:]
    numbers = range(header + 1, header + 1 + len(body))
    kept = [(number, row) for number, row in zip(numbers, body, strict=True) if "".join(row).strip() or len(row) > 1]
    kept = kept[: len(kept) - spec.footer_rows]
    for number, row in kept:
        if len(row) != len(names):
            last = " It is the last row: the file may have been cut off." if number == kept[-1][0] else ""
            raise DataError(
                f"{path} row {number}: {len(row)} cells where the header has {len(names)}.{last}\n"
                "Check the delimiter and quotes there, or fetch the file again from its source."
            )
    return pd.DataFrame([row for _, row in kept], columns=names, index=[number for number, _ in kept], dtype=object)


def _columns_at_once(content: bytes, spec: FileSpec, expected: Sequence[str], delimiter: str) -> pd.DataFrame | None:
    """Return the cells as categories of text; None for a file that is not regular enough to be read so."""
    head = _header(content, spec, expected, delimiter)
    if head is None or spec.footer_rows:
        return None
    header, names, begin = head
    end = len(content)
    while end > begin and content[end - 1] in _LINE_ENDS:
        end -= 1
    body = _Body(content=content, begin=begin, end=end)
    if len(names) < 2 or begin == end or not _is_regular(body, delimiter):
        return None
    columns = _parsed(body, delimiter, len(names))
    if columns is None:
        return None
    columns.index = pd.RangeIndex(header + 1, header + 1 + len(columns))
    columns.columns = pd.Index(names)
    return columns


def _header(
    content: bytes, spec: FileSpec, expected: Sequence[str], delimiter: str
) -> tuple[int, list[str], int] | None:
    """Return the rows up to and including the header, its names, and at which byte the file goes on; None if it is far
    down.
    """
    ends = [0]

    def lines() -> Iterator[str]:
        for line in io.StringIO(_beginning(content), newline=""):
            ends[-1] += len(line.encode())
            yield line

    needed = max(spec.header_rows) if spec.header_rows else HEADER_SEARCH_ROWS + 2
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines(), delimiter=delimiter):
            rows.append(row)
            ends.append(ends[-1])
            if len(rows) > needed:
                break
    except csv.Error:
        return None
    if len(content) > LARGE and len(rows) <= needed:
        return None
    header, names = find_header(rows[:needed], spec.header_rows, expected)
    return (header, names, ends[header - 1]) if 0 < header <= len(rows) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """The rows of a file, from one byte to another: they are copied nowhere."""

    content: bytes
    begin: int
    end: int

    def count(self, signs: bytes) -> int:
        """Return how often the signs stand there."""
        return self.content.count(signs, self.begin, self.end)

    def holds(self, signs: bytes) -> bool:
        """Return whether the signs stand there at all."""
        return self.content.find(signs, self.begin, self.end) >= 0

    def view(self) -> memoryview:
        """Return the bytes."""
        return memoryview(self.content)[self.begin : self.end]

    def places(self, sign: int) -> np.ndarray:
        """Return where a sign stands, found block by block."""
        signs = np.frombuffer(self.view(), dtype=np.uint8)
        blocks = range(0, len(signs), BLOCK)
        return np.concatenate([np.flatnonzero(signs[start : start + BLOCK] == sign) + start for start in blocks])


def _is_regular(body: _Body, delimiter: str) -> bool:
    """Return whether quotation marks enclose whole cells, lines end alike and none is blank: then no two readers
    differ.
    """
    if body.count(b"\r") != body.count(b"\r\n") or len(delimiter) != 1 or not delimiter.isascii():
        return False
    signs = np.frombuffer(body.view(), dtype=np.uint8)
    if signs[0] in _LINE_ENDS or body.holds(b"\n\n") or body.holds(b"\n\r"):
        return False  # a blank line is no firm, yet counts as a row
    quotes = body.places(_QUOTE)
    if len(quotes) % 2:
        return False
    bounds = np.zeros(256, dtype=bool)
    bounds[[_QUOTE, *_LINE_ENDS, ord(delimiter)]] = True
    opening, closing = quotes[::2], quotes[1::2]
    before, after = signs[np.maximum(opening - 1, 0)], signs[np.minimum(closing + 1, len(signs) - 1)]
    return bool((bounds[before] | (opening == 0)).all() and (bounds[after] | (closing == len(signs) - 1)).all())


def _parsed(body: _Body, delimiter: str, width: int) -> pd.DataFrame | None:
    """Return the cells of rows that all have `width` cells; None where one has not."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(place) for place in range(width)]
    text = pa.dictionary(pa.int32(), pa.string())
    try:
        table = arrow.read_csv(
            pa.BufferReader(body.view()),
            arrow.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names),
            arrow.ParseOptions(delimiter=delimiter, newlines_in_values=body.holds(b'"'), ignore_empty_lines=False),
            arrow.ConvertOptions(
                column_types=dict.fromkeys(names, text), null_values=[], strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return _without_long_dictionaries(table.unify_dictionaries()).to_pandas(split_blocks=True, self_destruct=True)


def _without_long_dictionaries(table: pa.Table) -> pa.Table:
    """Return the table with plain text where most cells differ: there categories cost more than they save."""
    import pyarrow as pa

    for place, column in enumerate(table.columns):
        if column.num_chunks and len(column.chunk(0).dictionary) > MOST_DIFFER * len(column):
            table = table.set_column(place, table.column_names[place], column.cast(pa.string()))
    return table


def _csv_rows(path: Path, text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of a text as lists of cells; a cell in quotes may hold line breaks and is in one row."""
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise DataError(
            f"{path} row {len(rows) + 1}: not readable as a delimited file ({error}).\n"
            "Look for a quotation mark that is not closed, or another `delimiter:` or `encoding:`."
        ) from None
    return rows


def decode(path: Path, encoding: str | None) -> str:
    """Return the file's text, decoded as `in_utf8` does."""
    return in_utf8(path, encoding).decode()


def in_utf8(path: Path, encoding: str | None) -> bytes:
    """Return the file in UTF-8. Without an encoding: what its byte order mark says, else UTF-8, cp949, then latin-1."""
    content = path.read_bytes()
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    candidates = (encoding,) if encoding else ("utf-16",) if marked else ("utf-8-sig", "cp949", "latin-1")
    for candidate in candidates:
        try:
            recoded = _recoded(content, "utf-8-sig" if candidate.lower().replace("-", "") == "utf8" else candidate)
            _fail_if_not_text(path, recoded, candidate)
            return recoded
        except LookupError:
            raise DataError(
                f"{path}: unknown encoding `{candidate}`.\n"
                "Use a name such as utf-8, cp949 or latin-1 under `file:` in the codebook."
            ) from None
        except UnicodeError:
            continue
    encoding = encoding or candidates[-1]
    row = content.count(b"\n", 0, error_position(content, encoding)) + 1
    others = [name for name in ("utf-8", "cp949") if name != encoding and _decodes(content, name)]
    hint = f"The file reads as {' and as '.join(others)}: set" if others else "Set"
    raise DataError(
        f"{path} row {row}: not {encoding} text (byte {error_position(content, encoding)} of the file).\n"
        f"{hint} `encoding:` under `file:` in the codebook."
    )


def _recoded(content: bytes, encoding: str) -> bytes:
    """Return the content in UTF-8, block by block: as text it would take up several times its size."""
    " ".encode(encoding)  # a LookupError for what is no encoding of text
    decoder = codecs.getincrementaldecoder(encoding)()
    starts = range(0, len(content), BLOCK)
    decoded = (decoder.decode(content[start : start + BLOCK], start + BLOCK >= len(content)) for start in starts)
    if encoding == "utf-8-sig":
        for _ in decoded:  # an error where it is not UTF-8
            pass
        return content.removeprefix(codecs.BOM_UTF8)
    return b"".join(block.encode() for block in decoded)


def _fail_if_not_text(path: Path, content: bytes, encoding: str) -> None:
    if b"\0" in content:
        raise DataError(
            f"{path}: not {encoding} text (it holds null bytes).\n"
            "Set `encoding: utf-16-le` or another under `file:` in the codebook; or `format:`, if it is no text file."
        )


def error_position(content: bytes, encoding: str) -> int:
    """Return the place of the first byte that `encoding` cannot read (0 when all can)."""
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _sniff_delimiter(path: Path, text: str, expected: Sequence[str]) -> str:
    """Return the delimiter that parts the expected names from one another; of equals the most frequent."""
    lines = text[:20_000]
    hits = {}
    for delimiter in (",", ";", "\t", "|"):
        _, names = find_header(_csv_rows(path, lines, delimiter), None, expected)
        hits[delimiter] = (len(set(expected).intersection(names)), lines.count(delimiter))
    return max(hits, key=lambda delimiter: hits[delimiter])


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
