"""The document model: what a report says, free of how a page looks.

A document is sections of blocks: headings, paragraphs, lists, notices, tables, figures. A paragraph is made of inlines,
and a number in it is an inline of its
own that names its trace row. Renderers (HTML, PDF; others later) read nothing else. The model goes to JSON and back
without loss.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from innosurvey.errors import StudyError
from innosurvey.report.numbers import TraceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A name as a machine has it: a variable, a rule."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedNumber:
    """A number in prose and the id of its trace row."""

    text: str
    trace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Emphasis:
    """Stressed inlines; `strong` is bold."""

    inlines: tuple["Inline", ...]
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to another place on the web."""

    inlines: tuple["Inline", ...]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference to a table or figure of this document, as `Table 3`."""

    target: str
    text: str = ""


Inline = Text | Code | TracedNumber | Emphasis | Link | Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading below the section's title; level 2 or deeper."""

    level: int
    inlines: tuple[Inline, ...]
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of inlines."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletList:
    """A list; each item is a line of inlines."""

    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A paragraph that must not be overlooked."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of a table cell: a text, its trace row when it is a number; `line` is the line of the cell that it stands
    on."""

    text: str
    trace: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One table cell. `order` is what sorting goes by: empty for text, a number as text for a number."""

    runs: tuple[Run, ...]
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One table column; columns with the same `over` share a head above theirs."""

    title: str
    align: str = "right"
    over: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One table row: `body`, or `group` (one cell across, a subtitle), or `foot`."""

    cells: tuple[Cell, ...]
    kind: str = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as every renderer shows it, and as it is published as CSV."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure: the files it is drawn in, and the words for those who don't see it."""

    id: str
    title: str
    alt: str
    notes: tuple[str, ...] = ()
    source: str = ""
    number: str = ""
    wide: bool = True


Block = Heading | Paragraph | BulletList | Notice | Table | Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One chapter: its title, its number (`""`, `1`, `A`) and its blocks."""

    id: str
    title: str
    number: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
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


KINDS: Mapping[str, type] = {
    kind.__name__: kind
    for kind in (
        Text,
        Code,
        TracedNumber,
        Emphasis,
        Link,
        Reference,
        Heading,
        Paragraph,
        BulletList,
        Notice,
        Run,
        Cell,
        Column,
        TableRow,
        Table,
        Figure,
        Section,
        Document,
        TraceRow,
    )
}


FIELDS: Mapping[type, tuple[str, ...]] = {kind: tuple(item.name for item in fields(kind)) for kind in KINDS.values()}


def as_json(document: Document) -> str:
    """Return the document as JSON; each object names its kind in `is`. The same document gives the same text."""
    return json.dumps(document, default=as_mapping, ensure_ascii=False, separators=(",", ":"))


def as_mapping(value: Any) -> dict[str, Any]:
    """Return a dataclass of the model as what `json` writes in its place; what it holds is not changed."""
    return {"is": type(value).__name__, **{name: getattr(value, name) for name in FIELDS[type(value)]}}


def from_json(text: str) -> Document:
    """Return the document that `as_json` wrote; anything else is a `StudyError`."""
    document = json.loads(text, object_hook=from_mapping)
    if not isinstance(document, Document):
        raise StudyError(
            "This JSON is not a report document: its outermost object is of another kind.\n"
            "Make it anew with build_document."
        )
    return document


def from_mapping(mapping: dict[str, Any]) -> Any:
    """Return the dataclass that a mapping with `is` stands for; `json` has made those of what it holds."""
    kind = KINDS[mapping.pop("is")]
    for name, item in mapping.items():
        if isinstance(item, list):
            mapping[name] = tuples(item)
    return kind(**mapping)


def tuples(values: list[Any]) -> tuple[Any, ...]:
    """Return a list, and the lists in it, as tuples."""
    return tuple(tuples(item) if isinstance(item, list) else item for item in values)


def plain_text(inlines: tuple[Inline, ...]) -> str:
    """Return inlines as words alone."""
    return "".join(
        plain_text(inline.inlines) if isinstance(inline, (Emphasis, Link)) else inline.text for inline in inlines
    )


def title_of(section: Section) -> str:
    """Return the title of a chapter with its number."""
    return f"{section.number}\N{EM SPACE}{section.title}" if section.number else section.title
