"""The document as one self-contained HTML file: no request leaves the page.

Blocks become HTML here, escaped; the page around them is `layout.html.j2`. Fonts are cut down to the document's
characters and embedded, figures are data URIs with their alternative text, the trace is a JSON block that the script
reads when a number is chosen.
"""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from markupsafe import Markup

from innosurvey.kept import Kept
from innosurvey.layout import layout_of
from innosurvey.report.assets import BOLD, REGULAR, Assets
from innosurvey.report.document import (
    Block,
    BulletList,
    Cell,
    Code,
    Document,
    Emphasis,
    Figure,
    Heading,
    Inline,
    Link,
    Notice,
    Paragraph,
    Reference,
    Table,
    TableRow,
    TracedNumber,
)
from innosurvey.report.embedded import data_uri, packed_trace, script_json, svg_uri
from innosurvey.report.fonts import web_font
from innosurvey.report.words import words_in

TRACE_PLACES = ("value", "observations", "column", "key", "table", "file", "rule")
LONG = ' class="long"'
SHORT = 60
"""Characters of a text in a cell that a narrow column holds without falling apart into a word a line."""
SCRIPT_WORDS = ("copy_table", "copied", "download_csv", "found", "found_nothing")


def render_html(document: Document, assets: Assets, languages: Sequence[str] = (), kept: Kept | None = None) -> str:
    """Return the report as one HTML page; `languages` are all that the report is made in, whose pages lie beside this
    one; `kept` has the fonts of the run before. The same document, assets and languages give the same text.
    """
    faces = {weight: assets.font(name) for weight, name in (("400", REGULAR), ("700", BOLD))}
    sections = [
        (section, Markup("\n".join(block_html(block, document, assets) for block in section.blocks)))
        for section in document.sections
    ]
    words = words_in(document.language)
    return layout_of(assets.layout("layout.html.j2")).render(
        document=document,
        words=words,
        languages={code: words_in(code)["language_name"] for code in languages if code != document.language},
        sections=sections,
        headings={section.id: subheadings(section.blocks) for section in document.sections},
        fonts={weight: data_uri("font/woff", web_font(document, face, kept)) for weight, face in faces.items()},
        style=Markup(assets.layout("style.css")),
        script=Markup(assets.layout("script.js")),
        script_words=Markup(script_json({name: words[name] for name in SCRIPT_WORDS})),
        trace_places=TRACE_PLACES,
        trace=Markup(packed_trace(document.trace)),
    )


def subheadings(blocks: Sequence[Block]) -> list[tuple[str, str]]:
    """Return id and words of the level-2 headings; the words are HTML already."""
    return [
        (block.id, inline_html(block.inlines)) for block in blocks if isinstance(block, Heading) and block.level == 2
    ]


def block_html(block: Block, document: Document, assets: Assets) -> str:
    """Return one block as HTML."""
    if isinstance(block, Heading):
        return f'<h{block.level + 1} id="{block.id}">{inline_html(block.inlines)}</h{block.level + 1}>'
    if isinstance(block, Paragraph):
        return f"<p>{inline_html(block.inlines)}</p>"
    if isinstance(block, Notice):
        return f'<p class="notice">{inline_html(block.inlines)}</p>'
    if isinstance(block, BulletList):
        return "<ul>" + "".join(f"<li>{inline_html(item)}</li>" for item in block.items) + "</ul>"
    words = words_in(document.language)
    return table_html(block, words) if isinstance(block, Table) else figure_html(block, document, assets)


def inline_html(inlines: Sequence[Inline]) -> str:
    """Return inlines as HTML."""
    return "".join(one_inline(inline) for inline in inlines)


def one_inline(inline: Inline) -> str:
    """Return one inline as HTML; a traced number is a button that shows its origin."""
    if isinstance(inline, Emphasis):
        tag = "strong" if inline.strong else "em"
        return f"<{tag}>{inline_html(inline.inlines)}</{tag}>"
    if isinstance(inline, Link):
        return f'<a href="{escape(inline.href)}">{inline_html(inline.inlines)}</a>'
    if isinstance(inline, Reference):
        return f'<a href="#{escape(inline.target)}">{escape(inline.text)}</a>'
    if isinstance(inline, TracedNumber):
        return number_html(inline.text, inline.trace)
    return f"<code>{escape(inline.text)}</code>" if isinstance(inline, Code) else escape(inline.text)


def number_html(text: str, trace: str) -> str:
    """Return a traced number; the script makes it a button, so that a page without scripts has no buttons that do
    nothing.
    """
    return f'<span class="n" data-t="{trace}">{escape(text)}</span>'


def table_html(table: Table, words: Mapping[str, str]) -> str:
    """Return a table in a box of its own that scrolls sideways."""
    caption = f"<b>{words['table']} {table.number}</b> {escape(table.title)}"
    rows = "\n".join(row_html(row, len(table.columns)) for row in table.rows if row.kind != "foot")
    feet = "\n".join(row_html(row, len(table.columns)) for row in table.rows if row.kind == "foot")
    foot = f"<tfoot>{feet}</tfoot>" if feet else ""
    notes = notes_html(table.notes, table.source, words)
    label = escape(f"{words['table']} {table.number}: {table.title}")
    return (
        f'<div class="table" id="table.{table.id}"><div class="box" role="region" tabindex="0" aria-label="{label}">'
        f"<table><caption><span>{caption}</span></caption>{head_html(table)}<tbody>{rows}</tbody>{foot}</table></div>{notes}</div>"
    )


def head_html(table: Table) -> str:
    """Return the head: one row, or two where columns share a head."""
    cells = "".join(f'<th scope="col" class="{column.align}">{escape(column.title)}</th>' for column in table.columns)
    if not any(column.over for column in table.columns):
        return f"<thead><tr>{cells}</tr></thead>"
    spans = [(over, len(list(columns))) for over, columns in groupby(table.columns, key=lambda column: column.over)]
    over = "".join(
        f'<th scope="colgroup" colspan="{width}" class="over">{escape(text)}</th>'
        if text
        else f'<td colspan="{width}"></td>'
        for text, width in spans
    )
    return f"<thead><tr>{over}</tr><tr>{cells}</tr></thead>"


def row_html(row: TableRow, width: int) -> str:
    """Return one row; a group row is a head across the table."""
    if row.kind == "group":
        head = f'<span class="across">{cell_text(row.cells[0])}</span>'
        return f'<tr class="group"><th scope="rowgroup" colspan="{width}">{head}</th></tr>'
    first, *others = row.cells
    cells = "".join(f"<td{order_of(cell)}>{cell_text(cell)}</td>" for cell in others)
    return f'<tr><th scope="row"{LONG if is_long(first) else ""}>{cell_text(first)}</th>{cells}</tr>'


def order_of(cell: Cell) -> str:
    """Return what a cell is sorted by, and its class: numbers stand right, long texts get room to be read in."""
    numeric = bool(cell.order) or any(run.trace or run.text in ("[c]", "[x]") for run in cell.runs)
    order = f' data-o="{cell.order}"' if cell.order else ""
    if numeric or not cell.runs[0].text:
        return order
    return f'{order} class="left{" long" if is_long(cell) else ""}"'


def is_long(cell: Cell) -> bool:
    """True for a cell with a text that wants room."""
    return any(len(run.text) > SHORT for run in cell.runs)


def cell_text(cell: Cell) -> str:
    """Return the runs of a cell, line by line."""
    lines = [list(runs) for _, runs in groupby(cell.runs, key=lambda run: run.line)]
    texts = [
        "".join(number_html(run.text, run.trace) if run.trace else escape(run.text) for run in line) for line in lines
    ]
    return texts[0] + "".join(f"<small>{text}</small>" for text in texts[1:])


def figure_html(figure: Figure, document: Document, assets: Assets) -> str:
    """Return a figure with its alternative text, embedded."""
    words = words_in(document.language)
    image = svg_uri(assets.figure(figure.id, document.language, "svg"))
    caption = f"<b>{words['figure']} {figure.number}</b> {escape(figure.title)}"
    return (
        f'<figure id="figure.{figure.id}"><figcaption>{caption}</figcaption>'
        f'<div class="box" role="region" tabindex="0" aria-label="{escape(figure.title)}">'
        f'<img src="{image}" alt="{escape(figure.alt)}"></div>'
        f"{notes_html(figure.notes, figure.source, words)}</figure>"
    )


def notes_html(notes: Sequence[str], source: str, words: Mapping[str, str]) -> str:
    """Return the notes and the source below a table or figure."""
    lines = [escape(note) for note in notes]
    if source:
        lines.append(f"{escape(words['source'])}: <code>{escape(source)}</code>")
    return f'<p class="notes">{" ".join(lines)}</p>' if lines else ""
