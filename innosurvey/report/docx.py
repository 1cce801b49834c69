"""The document as Word file: real headings, captions, contents, tables and alternative texts, for those who edit or
listen.

python-docx holds the package together (parts, pictures, properties); styles are those of `styles.xml.j2`, the body is
XML from `docx_blocks.py` and `docx_tables.py`. Pages with tables too wide for an upright page lie on their side.
"""

import io
from collections.abc import Sequence
from itertools import groupby

import docx
import jinja2
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree

from innosurvey.report.assets import FONT_FAMILY, Assets
from innosurvey.report.document import Document, Heading, Paragraph
from innosurvey.report.docx_blocks import Picture, Piece, Writer
from innosurvey.report.docx_tables import MARGIN, PORTRAIT, SIZES, SMALL_SIZES
from innosurvey.report.released import release_time
from innosurvey.report.words import ENGLISH, words_in
from innosurvey.report.zipped import repacked

FALL_BACKS = "Malgun Gothic,Apple SD Gothic Neo,Noto Sans CJK KR,Arial"
"""Fonts that a reader's machine has when it lacks the report's: Windows, macOS, Linux."""
EAST_ASIAN = ("ko", "ja", "zh")
"""Languages whose words may break anywhere: numbers and Latin words among them would too, were they not said to be
English.
"""
KOREAN = "ko-KR"
TOP = 1474
PAPER = (11906, 16838)  # A4
BETWEEN = 3
"""Paragraphs between two tables on their side that lie on their side, too."""
LEFT_OUT = ("stylesWithEffects", "customXml", "thumbnail", "extended-properties")
"""Parts of python-docx's own template that say nothing of the report."""


def render_docx(document: Document, assets: Assets) -> bytes:
    """Return the report as Word file. The same document and assets give the same bytes.

    Raises `StudyError` for a figure that is not drawn, and for a release date that is none.
    """
    file = docx.Document()
    _prepare(file, document, assets)
    writer = Writer(
        document,
        lambda figure: _picture(file, assets.figure(figure.id, document.language, "png")),
        lambda href: str(file.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)),
    )
    pieces = [*writer.front(), *(piece for section in document.sections for piece in writer.chapter(section))]
    body = file.element.body
    places = [copy for copy in body.sectPr if copy.tag in (qn("w:headerReference"), qn("w:footerReference"))]
    references = "".join(etree.tostring(place, encoding="unicode") for place in places)
    filled = parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'a', 'pic')}>{body_xml(pieces, references)}</w:body>")
    file.element.replace(body, filled)
    out = io.BytesIO()
    file.save(out)
    return repacked(out.getvalue(), {"word/fontTable.xml": fonts_xml()})


def fonts_xml() -> bytes:
    """Return the list of fonts: the report's, and those that stand in for it."""
    font = (
        f'<w:font w:name="{FONT_FAMILY}"><w:altName w:val="{FALL_BACKS}"/><w:charset w:val="81"/>'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}\n<w:fonts {nsdecls('w')}>{font}</w:fonts>".encode()


def body_xml(pieces: Sequence[Piece], references: str) -> str:
    """Return the pieces with the ends of the sections in which pages stand upright or lie on their side; `references`
    name header and footer.
    """
    runs = [(lies, list(run)) for lies, run in groupby(turned(pieces), key=lambda piece: piece.landscape)]
    parts = []
    for place, (lies, run) in enumerate(runs):
        parts += [piece.xml for piece in run]
        end = _section_end(lies, references)
        last = place == len(runs) - 1
        parts.append(end if last else f'<w:p><w:pPr><w:pStyle w:val="SectionEnd"/>{end}</w:pPr></w:p>')
    return "".join(parts)


def turned(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces so that what belongs to a table on its side lies beside it: the headings before it, and a few
    paragraphs between two such tables.
    """
    lies = [piece.landscape for piece in pieces]
    for place in range(len(pieces) - 1, 0, -1):
        if lies[place] and isinstance(pieces[place - 1].block, Heading):
            lies[place - 1] = True
    start = 0
    for upright, run in groupby(range(len(pieces)), key=lambda place: not lies[place]):
        places = list(run)
        few = len(places) <= BETWEEN and all(isinstance(pieces[at].block, (Heading, Paragraph)) for at in places)
        if upright and few and start and places[-1] < len(pieces) - 1:
            lies[places[0] : places[-1] + 1] = [True] * len(places)
        start += len(places)
    return [Piece(xml=piece.xml, landscape=lying, block=piece.block) for piece, lying in zip(pieces, lies, strict=True)]


def _section_end(landscape: bool, references: str) -> str:
    width, height = reversed(PAPER) if landscape else PAPER
    side = ' w:orient="landscape"' if landscape else ""
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz w:w="{width}" w:h="{height}"{side}/>'
        f'<w:pgMar w:top="{TOP}" w:right="{MARGIN}" w:bottom="{MARGIN}" w:left="{MARGIN}" w:header="567" w:footer="567"'
        ' w:gutter="0"/></w:sectPr>'
    )


def _picture(file: WordDocument, content: bytes) -> Picture:
    relation, image = file.part.get_or_add_image(io.BytesIO(content))
    return Picture(relation=relation, width=image.px_width, height=image.px_height)


def _prepare(file: WordDocument, document: Document, assets: Assets) -> None:
    """Put in what is not content: styles, fonts, languages, properties, header and footer."""
    tag = words_in(document.language)["language_tag"]
    for part in (file.part, file.part.package):
        for relation in [name for name, each in part.rels.items() if each.reltype.endswith(LEFT_OUT)]:
            del part.rels[relation]
    _put_styles(file, assets.layout("styles.xml.j2"), tag)
    _put_languages(file, tag)
    about, released = file.core_properties, release_time(document.release_date).replace(tzinfo=None)
    about.title, about.subject, about.language = document.title, document.subtitle, tag
    about.author = about.last_modified_by = "innosurvey"
    about.comments, about.keywords, about.version = document.attribution, document.study, document.version
    about.created = about.modified = released
    about.revision = 1
    _put_header(file, document)


def _put_styles(file: WordDocument, layout: str, tag: str) -> None:
    """Put the report's styles in place of those that python-docx brings, and leave it the one list that they use."""
    template = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined).from_string(layout)
    is_east_asian = tag.startswith(EAST_ASIAN)
    styles = template.render(
        font=FONT_FAMILY,
        latin_tag=words_in(ENGLISH)["language_tag"] if is_east_asian else tag,
        east_asian_tag=tag if is_east_asian else KOREAN,
        text_width=PORTRAIT,
        table_sizes=(*SIZES, *SMALL_SIZES),
        bullet=1,
    )
    root = file.styles.element
    root[:] = list(parse_xml(styles.encode()))
    numbering = file.part.numbering_part.element
    first = next(number for number in numbering.iterchildren(qn("w:num")) if number.get(qn("w:numId")) == "1")
    kept = first.find(qn("w:abstractNumId")).get(qn("w:val"))
    for each in list(numbering):
        if each is not first and each.get(qn("w:abstractNumId")) != kept:
            numbering.remove(each)


def _put_languages(file: WordDocument, tag: str) -> None:
    """Say in the settings which language is written, and that Word need not imitate an older one."""
    settings = file.settings.element
    for element in settings.iter(qn("w:themeFontLang")):
        element.set(qn("w:val"), tag)
        element.set(qn("w:eastAsia"), KOREAN)
    for element in settings.iter(qn("w:compatSetting")):
        if element.get(qn("w:name")) == "compatibilityMode":
            element.set(qn("w:val"), "15")


def _put_header(file: WordDocument, document: Document) -> None:
    """Write the warning above and the page number below; sections that come later take them over."""
    words, section = words_in(document.language), file.sections[0]
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    header.style = "Warning" if document.synthetic else "Header"
    header.add_run(words["synthetic_short"] if document.synthetic else document.title)
    footer.style = "Footer"
    footer.add_run(f"{document.title}   ·   ")
    _add_field(footer, "PAGE")
    footer.add_run(f" {words['page_of']} ")
    _add_field(footer, "NUMPAGES")


def _add_field(paragraph: WordParagraph, name: str) -> None:
    field = f'<w:fldSimple {nsdecls("w")} w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))
