"""Tables as WordprocessingML: head rows that repeat on every page, columns set by what stands in them, and no table
wider than its page.

The XML is put together as text: python-docx looks a table's columns up again for each of its cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from innosurvey.report.document import Cell, Table, TableRow
from innosurvey.report.widths import (
    BOLD,
    TALLEST_WHOLE,
    Room,
    heads_over,
    height_of,
    kept_apart,
    lines_of,
    rooms_of,
    shared_out,
)

MARGIN = 1134  # 20 mm, in twentieths of a point, as all distances here
PORTRAIT, LANDSCAPE = 11906 - 2 * MARGIN, 16838 - 2 * MARGIN
SIZES = (16, 15, 14, 13)
"""Sizes of letters in half points, the first that a table fits in is taken."""
SMALL_SIZES = (12, 11)
"""What is left for a table that not even a page on its side has room for."""
LETTER = 0.56
"""Width of a letter over its size."""
WIDEST_BOLD = 1.3
"""How much wider than a letter bold ones are in the widest fonts that stand in for the report's."""
AMPLE = 0.92
"""Part of the page's width that words may ask for, so that longer lines have room as well."""
SIDES = 120  # of a cell, together
GAP, GAP_IN_LETTERS = 120, 2.0  # before words that stand to the right of numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a table is set: does it lie on its side, the size of its letters (half points), its columns' widths."""

    landscape: bool
    size: int
    widths: tuple[int, ...]


def setting_of(table: Table) -> Setting:
    """Return the largest letters that let every word of a table stand in its column, upright if that can be; wide heads
    and some room for longer lines, too, where letters no smaller than usual allow it.
    """
    rooms, roomy = _rooms(table, BOLD), _rooms(table, WIDEST_BOLD)
    upright = [(False, size, PORTRAIT) for size in SIZES]
    on_its_side = [(True, size, LANDSCAPE) for size in (*SIZES, *SMALL_SIZES)]
    ways = [(way, roomy, AMPLE) for way in upright] + [(way, rooms, 1.0) for way in (*upright, *on_its_side)]
    for (landscape, size, width), asked, part in ways:
        if needed(asked, size) <= part * width:
            return Setting(landscape=landscape, size=size, widths=tuple(_set(asked, size, width)))
    return Setting(landscape=True, size=SMALL_SIZES[-1], widths=tuple(_set(rooms, SMALL_SIZES[-1], LANDSCAPE)))


def needed(rooms: Sequence[Room], size: int) -> float:
    """Return the width that the columns must have at a size of letters."""
    return sum(room.least * _letter(size) + SIDES for room in rooms)


def table_xml(table: Table, setting: Setting, title: str) -> str:
    """Return a table as WordprocessingML; `title` is what a reader who listens is told before."""
    made = _Rows(setting, kept_apart(table.columns))
    rows = [*made.heads(table), *made.body(table)]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in setting.widths)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/>'
        f'<w:tblW w:w="{sum(setting.widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="0"'
        f' w:noVBand="1"/><w:tblCaption w:val={quoteattr(title)}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


class _Rows:
    """Writes the rows of one table."""

    def __init__(self, setting: Setting, apart: Sequence[bool]) -> None:
        self._widths, self._size, self._apart = setting.widths, setting.size, apart

    def heads(self, table: Table) -> list[str]:
        """Return the head rows: one, or two where columns share a head."""
        rows = []
        if any(column.over for column in table.columns):
            cells, place = [], 0
            for words, span in heads_over(table.columns):
                cells.append(self._cell(_strong(words), place, span, side="center", below=bool(words)))
                place += span
            rows.append(_row(cells, head=True))
        titles = [
            self._cell(_strong(column.title), place, side=column.align, bottom=True, below=True)
            for place, column in enumerate(table.columns)
        ]
        return [*rows, _row(titles, head=True)]

    def body(self, table: Table) -> list[str]:
        """Return the other rows. A row stays with the next where the table stays whole, and a subtitle always does; the
        first two and the last two rows are never alone on a page.
        """
        whole = sum(map(height_of, table.rows)) <= TALLEST_WHOLE
        last, noted = len(table.rows) - 1, bool(table.notes or table.source)
        made = []
        for place, row in enumerate(table.rows):
            tied = whole or row.kind == "group" or place < 2 or place >= last - 1
            made.append(self._body_row(row, table, tied and (place < last or noted)))
        return made

    def _body_row(self, row: TableRow, table: Table, keep: bool) -> str:
        if row.kind == "group":
            words = _strong(" ".join(lines_of(row.cells[0])))
            return _row([self._cell(words, 0, len(table.columns), keep=keep, filled=True)])
        aligned = [column.align for column in table.columns]
        cells = [
            self._cell(self._runs(cell, row.kind), place, side=aligned[place], keep=keep)
            for place, cell in enumerate(row.cells)
        ]
        blanks = [self._cell("", place, keep=keep) for place in range(len(row.cells), len(table.columns))]
        return _row([*cells, *blanks])

    def _runs(self, cell: Cell, kind: str) -> str:
        first, *lower = lines_of(cell) or [""]
        soft = '<w:rPr><w:rStyle w:val="LowerLine"/></w:rPr>'
        small = f'<w:rPr><w:rStyle w:val="LowerLine"/><w:sz w:val="{self._size - 2}"/></w:rPr>'
        runs = _run(first, soft if kind == "foot" else "")
        texts = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lower)
        return runs + "".join(f"<w:r>{small}<w:br/>{text}</w:r>" for text in texts)

    def _cell(
        self,
        runs: str,
        place: int,
        span: int = 1,
        side: str = "left",
        keep: bool = True,
        bottom: bool = False,
        below: bool = False,
        filled: bool = False,
    ) -> str:
        width = sum(self._widths[place : place + span])
        line = '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="1B1F24"/>' if below else ""
        properties = (
            f'<w:tcW w:w="{width}" w:type="dxa"/>'
            + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
            + (f"<w:tcBorders>{line}</w:tcBorders>" if line else "")
            + ('<w:shd w:val="clear" w:color="auto" w:fill="F3F5F7"/>' if filled else "")
            + ('<w:vAlign w:val="bottom"/>' if bottom else "")
        )
        paragraph = (
            f'<w:pStyle w:val="Table{self._size}"/>'
            + ("<w:keepNext/>" if keep else "")
            + (f'<w:ind w:left="{GAP}"/>' if self._apart[place] and span == 1 else "")
            + (f'<w:jc w:val="{side}"/>' if side != "left" else "")
        )
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr>{paragraph}</w:pPr>{runs}</w:p></w:tc>"


def _row(cells: Sequence[str], head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _strong(words: str) -> str:
    return _run(words, '<w:rPr><w:rStyle w:val="Strong"/></w:rPr>')


def _run(words: str, properties: str) -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>' if words else ""


def _rooms(table: Table, bold: float) -> list[Room]:
    """Return the rooms of a table's columns, with what keeps words from numbers, where bold letters are so wide."""
    more = [GAP_IN_LETTERS if apart else 0.0 for apart in kept_apart(table.columns)]
    rooms = zip(rooms_of(table, bold), more, strict=True)
    return [Room(least=room.least + gap, longest=room.longest + gap) for room, gap in rooms]


def _letter(size: int) -> float:
    return size * 10 * LETTER


def _set(rooms: Sequence[Room], size: int, width: int) -> list[int]:
    """Return the widths of columns that fill the page; of a table that asks for more, narrower than they should be."""
    letters = shared_out(rooms, width / _letter(size), [SIDES / _letter(size)] * len(rooms))
    scale = width / sum(letters)
    return [int(each * scale) for each in letters]
