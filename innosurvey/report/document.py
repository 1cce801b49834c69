"""The document model: what a report says, free of how a page looks.

A document is sections of blocks: headings, paragraphs, lists, notices, tables, figures. A paragraph is made of inlines,
and a number in it is an inline of its
own that names its trace row. Renderers (HTML, PDF; others later) read nothing else. The model goes to JSON and back
without loss.
"""

from typing import Any

import msgspec

from innosurvey.errors import StudyError
from innosurvey.report.numbers import TraceRow
from innosurvey.report.part import Part


class Text(Part, frozen=True, kw_only=True):
    """Plain words."""

    text: str


class Code(Part, frozen=True, kw_only=True):
    """A name as a machine has it: a variable, a rule."""

    text: str


class TracedNumber(Part, frozen=True, kw_only=True):
    """A number in prose and the id of its trace row."""

    text: str
    trace: str


class Emphasis(Part, frozen=True, kw_only=True):
    """Stressed inlines; `strong` is bold."""

    inlines: tuple["Inline", ...]
    strong: bool = False


class Link(Part, frozen=True, kw_only=True):
    """A link to another place on the web."""

    inlines: tuple["Inline", ...]
    href: str


class Reference(Part, frozen=True, kw_only=True):
    """A reference to a table or figure of this document, as `Table 3`."""

    target: str
    text: str = ""


Inline = Text | Code | TracedNumber | Emphasis | Link | Reference


class Heading(Part, frozen=True, kw_only=True):
    """A heading below the section's title; level 2 or deeper."""

    level: int
    inlines: tuple[Inline, ...]
    id: str


class Paragraph(Part, frozen=True, kw_only=True):
    """A paragraph of inlines."""

    inlines: tuple[Inline, ...]


class BulletList(Part, frozen=True, kw_only=True):
    """A list; each item is a line of inlines."""

    items: tuple[tuple[Inline, ...], ...]


class Notice(Part, frozen=True, kw_only=True):
    """A paragraph that must not be overlooked."""

    inlines: tuple[Inline, ...]


class Run(Part, frozen=True, kw_only=True):
    """A piece of a table cell: a text, its trace row when it is a number; `line` is the line of the cell that it stands
    on."""

    text: str
    trace: str = ""
    line: int = 0


class Cell(Part, frozen=True, kw_only=True):
    """One table cell. `order` is what sorting goes by: empty for text, a number as text for a number."""

    runs: tuple[Run, ...]
    order: str = ""


class Column(Part, frozen=True, kw_only=True):
    """One table column; columns with the same `over` share a head above theirs."""

    title: str
    align: str = "right"
    over: str = ""


class TableRow(Part, frozen=True, kw_only=True):
    """One table row: `body`, or `group` (one cell across, a subtitle), or `foot`."""

    cells: tuple[Cell, ...]
    kind: str = "body"


class Table(Part, frozen=True, kw_only=True):
    """A table as every renderer shows it, and as it is published as CSV."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    number: str = ""


class Figure(Part, frozen=True, kw_only=True):
    """A figure: the files it is drawn in, and the words for those who don't see it."""

    id: str
    title: str
    alt: str
    notes: tuple[str, ...] = ()
    source: str = ""
    number: str = ""
    wide: bool = True


Block = Heading | Paragraph | BulletList | Notice | Table | Figure


class Section(Part, frozen=True, kw_only=True):
    """One chapter: its title, its number (`""`, `1`, `A`) and its blocks."""

    id: str
    title: str
    number: str
    blocks: tuple[Block, ...]


class Document(Part, frozen=True, kw_only=True):
    """One report in one language, with the trace of its numbers."""

    study: str
    title: str
    subtitle: str
    language: str
    synthetic: bool
    attribution: str
    release_date: str
    version: str
    sections: tuple[Section, ...]
    trace: tuple[TraceRow, ...]

    def blocks(self) -> list[Block]:
        """Return every block of every section, in order."""
        return [block for section in self.sections for block in section.blocks]

    def tables(self) -> list[Table]:
        """Return the tables, in order."""
        return [block for block in self.blocks() if isinstance(block, Table)]

    def figures(self) -> list[Figure]:
        """Return the figures, in order."""
        return [block for block in self.blocks() if isinstance(block, Figure)]


def as_json(document: Document) -> str:
    """Return the document as JSON; each object names its kind in `is`. The same document gives the same text."""
    return msgspec.json.encode(document).decode()


def as_mapping(part: Part) -> dict[str, Any]:
    """Return the kind of a part of the model and its fields; what these hold is not changed."""
    return {"is": type(part).__name__, **msgspec.structs.asdict(part)}


def from_json(text: str) -> Document:
    """Return the document that `as_json` wrote; anything else is a `StudyError`."""
    try:
        return msgspec.json.decode(text, type=Document)
    except msgspec.DecodeError as error:
        raise StudyError(f"This JSON is not a report document: {error}.\nMake it anew with build_document.") from None


def plain_text(inlines: tuple[Inline, ...]) -> str:
    """Return inlines as words alone."""
    return "".join(
        plain_text(inline.inlines) if isinstance(inline, (Emphasis, Link)) else inline.text for inline in inlines
    )


def title_of(section: Section) -> str:
    """Return the title of a chapter with its number."""
    return f"{section.number}\N{EM SPACE}{section.title}" if section.number else section.title
