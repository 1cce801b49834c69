"""The report's tables as an accessible workbook, by the guidance of the UK's Government Analysis Function on releasing
statistics in spreadsheets.

A cover, the contents, the notes, then a sheet for each table: its title in the first cell, what must be known below,
and one table with one row of heads: no merged cells, no blank ones, numbers as numbers.
"""

import io
import re
from collections.abc import Mapping, Sequence
from math import ceil

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from innosurvey.report.document import Document, Section, Table, title_of
from innosurvey.report.flat_tables import LOW_MARK, NONE_MARK, Entry, FlatTable, flat_table
from innosurvey.report.formats import SMALLEST_P
from innosurvey.report.numbers import MISSING_MARK, SUPPRESSED_MARK
from innosurvey.report.released import release_time
from innosurvey.report.widths import BOLD, letters_of
from innosurvey.report.words import words_in

FONT = {"font_name": "Arial", "font_size": 11, "font_scheme": ""}
STYLE = "Table Style Light 1"
LINE = 15.0  # height of a line in points
COVER, NARROWEST, WIDEST, LABELS = 100, 9, 24, 48
"""Widths of columns in letters: of the cover, at the least, at the most, and of the first at the most."""
MARKS = {
    SUPPRESSED_MARK: "mark_confidential",
    MISSING_MARK: "note_missing",
    NONE_MARK: "mark_none",
    LOW_MARK: "mark_low",
    "[E]": "note_use_with_caution",
    "[F]": "note_unreliable",
    "[d]": "note_doubt",
}
"""The marks that a cell may hold, and the words that explain them."""


def render_xlsx(document: Document) -> bytes:
    """Return the tables of a report as workbook. The same document gives the same bytes.

    Raises `StudyError` for a release date that is none.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "default_format_properties": dict(FONT)}  # a copy: it is emptied
    with xlsxwriter.Workbook(out, options) as book:
        made = _Book(book, document)
        made.cover()
        made.contents()
        made.notes()
        for table in document.tables():
            made.table(table)
    return out.getvalue()


class _Book:
    """Writes one workbook; formats are made once."""

    def __init__(self, book: Workbook, document: Document) -> None:
        self._book, self._document, self._words = book, document, words_in(document.language)
        columns_of = {row.id: row.column for row in document.trace}
        self._flat = {table.id: flat_table(table, columns_of, self._words) for table in document.tables()}
        self._formats: dict[str, Format] = {}
        self._title = book.add_format(FONT | {"bold": True, "font_size": 14})
        self._bold = book.add_format(FONT | {"bold": True})
        self._head = book.add_format(FONT | {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
        self._right_head = book.add_format(
            FONT | {"bold": True, "text_wrap": True, "valign": "bottom", "align": "right", "bottom": 1}
        )
        self._wrapped = book.add_format(FONT | {"text_wrap": True, "valign": "top"})
        self._link = book.add_format(FONT | {"font_color": "#0B5A8A", "underline": 1, "valign": "top"})
        self._right = book.add_format(FONT | {"align": "right", "valign": "top"})
        book.set_size(24000, 14000)
        book.set_properties(
            {
                "title": self._words["workbook_title"].format(title=document.title),
                "subject": document.subtitle,
                "author": "innosurvey",
                "comments": document.attribution,
                "created": release_time(document.release_date).replace(tzinfo=None),
            }
        )
        book.set_custom_property("Language", self._words["language_tag"])

    def cover(self) -> None:
        """Write the first sheet: what this is, of which data, how to cite it, what the marks mean."""
        said, words = self._document, self._words
        sheet = self._sheet(words["sheet_cover"])
        about = {
            "attribution": said.attribution.rstrip(".") or said.title,
            "title": said.title,
            "release": said.release_date,
            "version": said.version,
            "study": said.study,
        }
        used = {entry.value for flat in self._flat.values() for row in flat.rows for entry in row}
        held = " ".join(str(value) for value in used if isinstance(value, str))
        marks = [words[key].format(limit=SMALLEST_P) for mark, key in MARKS.items() if mark in held]
        lines = [
            (words["workbook_title"].format(title=said.title), self._title),
            *((text, self._wrapped) for text in (said.subtitle, words["workbook_about"]) if text),
            (f"{words['data_release']}: {said.release_date}", self._wrapped),
            *([(words["synthetic_long"], self._wrapped)] if said.synthetic else []),
            (words["workbook_marks"], self._bold),
            *((mark, self._wrapped) for mark in marks),
            (words["workbook_cite"], self._bold),
            (words["workbook_citation"].format(**about), self._wrapped),
            (words["workbook_contact"], self._bold),
            (words["workbook_contact_text"].format(**about), self._wrapped),
        ]
        sheet.set_column(0, 0, COVER)
        for place, (text, style) in enumerate(lines):
            sheet.write_string(place, 0, text, style)
            _heighten(sheet, place, [text], [COVER])

    def contents(self) -> None:
        """Write the list of tables; each number leads to its sheet."""
        words = self._words
        heads = {words["table"]: 14, words["workbook_name"]: 80, words["chapter"]: 60}
        rows = [
            (self._name(table), table.title, title_of(section))
            for section, table in tables_by_chapter(self._document.sections)
        ]
        sheet = self._listing(words["sheet_contents"], words["sheet_contents"], "Contents", heads, rows)
        for place, (name, *_) in enumerate(rows, start=2):
            sheet.write_url(place, 0, f"internal:'{name}'!A1", self._link, name)

    def notes(self) -> None:
        """Write each note once, with the tables that it is below."""
        words = self._words
        below: dict[str, list[str]] = {}
        for table in self._document.tables():
            for note in table.notes:
                below.setdefault(note, []).append(table.number)
        heads = {words["note"]: 100, words["workbook_tables"]: 40}
        rows = [(note, ", ".join(numbers)) for note, numbers in below.items()]
        self._listing(words["sheet_notes"], words["workbook_notes"], "Notes", heads, rows)

    def table(self, table: Table) -> None:
        """Write the sheet of one table."""
        words, flat = self._words, self._flat[table.id]
        sheet = self._sheet(self._name(table))
        source = [f"{words['source']}: {table.source}"] if table.source else []
        warning = [words["synthetic_short"]] if self._document.synthetic else []
        lines = [words["workbook_sheet"].format(cover=words["sheet_cover"]), *warning, *table.notes, *source]
        sheet.write_string(0, 0, f"{words['table']} {table.number}: {table.title}", self._title)
        for place, line in enumerate(lines, start=1):
            sheet.write_string(place, 0, line)
        top = len(lines) + 2
        sheet.write_url(top - 1, 0, f"internal:'{words['sheet_contents']}'!A1", self._link, words["workbook_back"])
        self._grid(sheet, top, flat, re.sub(r"\W", "_", f"Table_{table.number}"))
        sheet.freeze_panes(top + 1, 1)

    def _grid(self, sheet: Worksheet, top: int, flat: FlatTable, name: str) -> None:
        widths = widths_of(flat)
        for down, row in enumerate(flat.rows, start=top + 1):
            for across, entry in enumerate(row):
                self._entry(sheet, down, across, entry)
            _heighten(sheet, down, [_as_shown(entry.value) for entry in row], widths)
        worded = [place == 0 or _is_text(flat, place) for place in range(len(flat.heads))]
        heads = [self._head if words else self._right_head for words in worded]
        self._tabled(sheet, top, len(flat.rows), list(zip(flat.heads, widths, heads, strict=True)), name)

    def _entry(self, sheet: Worksheet, down: int, across: int, entry: Entry) -> None:
        if isinstance(entry.value, float):
            sheet.write_number(down, across, entry.value, self._format(entry.format))
        else:
            right = across and _is_mark(entry.value)
            sheet.write_string(down, across, entry.value, self._right if right else self._wrapped)

    def _listing(
        self, name: str, title: str, id: str, heads: Mapping[str, int], rows: Sequence[Sequence[str]]
    ) -> Worksheet:
        """Return a sheet that is one list below its title; `heads` come with the widths of their columns."""
        sheet = self._sheet(name)
        sheet.write_string(0, 0, title, self._title)
        for down, row in enumerate(rows, start=2):
            for across, text in enumerate(row):
                sheet.write_string(down, across, text, self._wrapped)
            _heighten(sheet, down, row, list(heads.values()))
        self._tabled(sheet, 1, len(rows), [(head, width, self._head) for head, width in heads.items()], id)
        sheet.freeze_panes(2, 0)
        return sheet

    def _tabled(
        self, sheet: Worksheet, top: int, rows: int, heads: Sequence[tuple[str, float, Format]], name: str
    ) -> None:
        """Write heads, given with the widths and formats of their columns, and declare what is below them as a table of
        the spreadsheet, so that its heads are known as heads.
        """
        for across, (head, width, style) in enumerate(heads):
            sheet.set_column(across, across, width)
            sheet.write_string(top, across, head, style)
        _heighten(sheet, top, [head for head, *_ in heads], [width / BOLD for _, width, _ in heads])
        if rows:
            columns = [{"header": head, "header_format": style} for head, _, style in heads]
            about = {"name": name, "columns": columns, "style": STYLE, "autofilter": False}
            sheet.add_table(top, 0, top + rows, len(heads) - 1, about)

    def _sheet(self, name: str) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _format(self, shown: str) -> Format:
        if shown not in self._formats:
            self._formats[shown] = self._book.add_format(FONT | {"num_format": shown, "valign": "top"})
        return self._formats[shown]

    def _name(self, table: Table) -> str:
        """Return the name of a table's sheet."""
        return f"{self._words['table']}_{table.number}"


def tables_by_chapter(sections: Sequence[Section]) -> list[tuple[Section, Table]]:
    """Return the tables with the chapter that each stands in."""
    return [(section, block) for section in sections for block in section.blocks if isinstance(block, Table)]


def widths_of(flat: FlatTable) -> list[float]:
    """Return how wide the columns of a table are, in letters: longer texts are wrapped."""
    widths = []
    for place, head in enumerate(flat.heads):
        texts = [_as_shown(row[place].value) for row in flat.rows]
        words = [letters_of(word) * BOLD + 2 for word in head.split()]
        longest = max([*words, *(letters_of(text) + 2 for text in texts), NARROWEST])
        widths.append(min(longest, LABELS if place == 0 or _is_text(flat, place) else WIDEST))
    return widths


def _is_text(flat: FlatTable, place: int) -> bool:
    texts = [row[place].value for row in flat.rows if not _is_mark(row[place].value)]
    return bool(texts) and all(isinstance(text, str) for text in texts)


def _is_mark(value: float | str) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\[\w+\]", value) is not None


def _as_shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.3f}"


def _heighten(sheet: Worksheet, down: int, texts: Sequence[str], widths: Sequence[float]) -> None:
    """Give a row the height that its wrapped texts need: not every program looks for it."""
    lines = max(ceil(letters_of(text) / width) for text, width in zip(texts, widths, strict=True))
    if lines > 1:
        sheet.set_row(down, lines * LINE)
