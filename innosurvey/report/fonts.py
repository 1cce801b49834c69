"""The report's fonts: does every character have a glyph, and the few glyphs that an HTML page needs.

Neither a browser nor typst says that a glyph is missing: the one takes another font, the other prints a box. So the
characters of a document are checked against the vendored fonts before anything is rendered.
"""

import io
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial

from fontTools import subset
from fontTools.ttLib import TTFont

from innosurvey.errors import StudyError, bullets
from innosurvey.kept import Kept
from innosurvey.report.document import (
    BulletList,
    Document,
    Figure,
    Heading,
    Notice,
    Paragraph,
    Section,
    Table,
    plain_text,
)
from innosurvey.report.words import languages, words_in

ASCII = "".join(map(chr, range(0x20, 0x7F)))
INVISIBLE = "\n\u200b"
AROUND = 20  # characters before and behind one without a glyph that a message repeats


@lru_cache(maxsize=4)
def characters_of(font: bytes) -> frozenset[int]:
    """Return the code points that a font has glyphs for."""
    return frozenset(TTFont(io.BytesIO(font), lazy=True).getBestCmap())


def fail_if_glyphs_are_missing(
    document: Document, fonts: Mapping[str, bytes], templates: Mapping[str, str] | None = None
) -> None:
    """Raise a `StudyError` that names each character without a glyph, the section that has it and the words around it,
    and file and line of `templates`, the section files by name, where one of them has it.
    """
    missing: list[str] = []
    for name, font in sorted(fonts.items()):
        known = characters_of(font)
        for place, text in texts_of(document):
            lost = sorted(sign for sign in set(text) if ord(sign) not in known and sign not in INVISIBLE)
            missing.extend(
                f"{sign!r} (U+{ord(sign):04X}) in {place}: {name} has no glyph for it (“{words_around(sign, text)}”"
                f"{typed_in(sign, templates or {})})"
                for sign in lost
            )
    if missing:
        raise StudyError(
            f"The report's fonts lack characters that it uses:\n{bullets(dict.fromkeys(missing))}\n"
            "Write it with other characters where it stands (template, configuration, data), "
            "or add them to the fonts with tools/make_fonts.py."
        )


def words_around(sign: str, text: str) -> str:
    """Return the words on both sides of the first such character."""
    place = text.index(sign)
    return " ".join(text[max(0, place - AROUND) : place + AROUND].split())


def typed_in(sign: str, templates: Mapping[str, str]) -> str:
    """Return `; file, line n` of the first template that has a character; empty where none has it."""
    for name, template in sorted(templates.items()):
        if sign in template:
            return f"; {name}, line {template[: template.index(sign)].count(chr(10)) + 1}"
    return ""


def texts_of(document: Document) -> Iterator[tuple[str, str]]:
    """Yield every text of a document with the place that it stands in."""
    yield (
        "the title page",
        " ".join((document.title, document.subtitle, document.attribution, document.release_date, document.version)),
    )
    yield "the fixed words", " ".join(words_in(document.language).values())
    yield "the names of the languages", " ".join(words_in(language)["language_name"] for language in languages())
    for section in document.sections:
        yield f"section {section.id}", " ".join(texts_of_section(section))
    yield (
        "the trace",
        " ".join(f"{row.table} {row.column} {row.key} {row.file} {row.rule} {row.value}" for row in document.trace),
    )


def texts_of_section(section: Section) -> Iterator[str]:
    """Yield the texts of a section's blocks."""
    yield section.title
    for block in section.blocks:
        if isinstance(block, (Heading, Paragraph, Notice)):
            yield plain_text(block.inlines)
        elif isinstance(block, BulletList):
            yield from (plain_text(item) for item in block.items)
        elif isinstance(block, Figure):
            yield from (block.title, block.alt, *block.notes, block.source)
        elif isinstance(block, Table):
            yield from texts_of_table(block)


def texts_of_table(table: Table) -> Iterator[str]:
    """Yield the texts of a table."""
    yield from (table.title, *table.notes, table.source)
    yield from (f"{column.title} {column.over}" for column in table.columns)
    yield from (run.text for row in table.rows for cell in row.cells for run in cell.runs)


def web_font(document: Document, font: bytes, kept: Kept | None = None) -> bytes:
    """Return a font cut down to the document's characters, as WOFF; the same document gives the same bytes."""
    return cut_down(font, "".join(text for _, text in texts_of(document)), kept)


def cut_down(font: bytes, text: str, kept: Kept | None = None) -> bytes:
    """Return a font cut down to the characters of a text and ASCII, as WOFF: WOFF2 is a fifth smaller, of 50 kB, and
    takes four times as long to write. What `kept` has of the run before is not cut again.
    """
    characters = "".join(sorted({*text, *ASCII}))
    return (kept or Kept()).of(partial(_with_characters, font, characters), font, characters)


def _with_characters(font: bytes, characters: str) -> bytes:
    options = subset.Options()
    options.flavor = "woff"
    options.layout_features = ["kern", "tnum", "ccmp"]
    face = TTFont(io.BytesIO(font), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(face)
    face.flavor = "woff"
    out = io.BytesIO()
    face.save(out)
    return out.getvalue()
