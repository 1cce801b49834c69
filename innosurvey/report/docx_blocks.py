"""Blocks as WordprocessingML: headings, paragraphs, lists, notices, captions, figures; tables are in `docx_tables.py`.

Word's own means do what they are there for: heading styles, the style and the running number of captions, bookmarks
that references and the table of contents lead to, the alternative text of pictures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from innosurvey.errors import StudyError
from innosurvey.report.document import (
    Block,
    BulletList,
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
    Section,
    Table,
    TracedNumber,
    plain_text,
    title_of,
)
from innosurvey.report.docx_tables import MARGIN, PORTRAIT, setting_of, table_xml
from innosurvey.report.words import words_in

EMU = 635  # of Word's drawings, in a twentieth of a point
TALLEST_PICTURE = 16838 - 2 * MARGIN - 4200  # leaves room for caption and notes
DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One block as XML; `landscape` when its page lies on its side, `block` what it was made of."""

    xml: str
    landscape: bool = False
    block: Block | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in the file: its relation and its width and height in pixels."""

    relation: str
    width: int
    height: int


class Writer:
    """Writes the blocks of one document. `picture` puts the picture of a figure into the file, `link` an address; both
    return what the XML names it by.
    """

    def __init__(self, document: Document, picture: Callable[[Figure], Picture], link: Callable[[str], str]) -> None:
        self._words = words_in(document.language)
        self._picture, self._link = picture, link
        self._document = document
        self._marks = {
            target: (place, name) for place, (target, name) in enumerate(bookmarks(document).items(), start=1)
        }
        self._placed = {"table": 0, "figure": 0}

    def front(self) -> list[Piece]:
        """Return the title page: title, what the report is, the warning, the contents."""
        said = self._document
        lines = [said.subtitle, f"{self._words['data_release']} {said.release_date}", said.attribution]
        made = [_paragraph("Title", _run(said.title)), *(_paragraph("Subtitle", _run(line)) for line in lines if line)]
        if said.synthetic:
            made.append(_paragraph("Notice", _run(self._words["synthetic_long"])))
        return [Piece(xml="".join(made) + self._contents())]

    def chapter(self, section: Section) -> list[Piece]:
        """Return a chapter: its title and its blocks."""
        title = _paragraph("Heading1", self._marked(section.id, _run(title_of(section))))
        heading = Heading(level=1, inlines=(), id=section.id)
        return [Piece(xml=title, block=heading), *(self._piece(block) for block in section.blocks)]

    def _piece(self, block: Block) -> Piece:
        if isinstance(block, Table):
            setting = setting_of(block)
            caption = f"{self._words['table']} {block.number}: {block.title}"
            xml = self._caption("table", block) + table_xml(block, setting, caption) + self._notes(block)
            return Piece(xml=xml, landscape=setting.landscape, block=block)
        return Piece(xml=self._upright(block), block=block)

    def _upright(self, block: Block) -> str:
        if isinstance(block, Heading):
            return _paragraph(f"Heading{min(block.level, DEEPEST)}", self._marked(block.id, self.runs(block.inlines)))
        if isinstance(block, Paragraph):
            return _paragraph("", self.runs(block.inlines))
        if isinstance(block, Notice):
            return _paragraph("Notice", self.runs(block.inlines))
        if isinstance(block, BulletList):
            return "".join(_paragraph("ListBullet", self.runs(item)) for item in block.items)
        if isinstance(block, Figure):
            return self._caption("figure", block) + self._drawing(block) + self._notes(block)
        raise TypeError(f"no block of a document: {type(block).__name__}")

    def runs(self, inlines: Sequence[Inline], style: str = "") -> str:
        """Return inlines as runs of text."""
        return "".join(self._inline(inline, style) for inline in inlines)

    def _inline(self, inline: Inline, style: str) -> str:
        if isinstance(inline, Emphasis):
            return self.runs(inline.inlines, "Strong" if inline.strong else style or "Emphasis")
        if isinstance(inline, Link):
            return (
                f'<w:hyperlink r:id="{self._link(inline.href)}">{self.runs(inline.inlines, "Hyperlink")}</w:hyperlink>'
            )
        if isinstance(inline, Reference):
            return self._jump(inline.target, _run(inline.text, "Hyperlink"))
        if isinstance(inline, TracedNumber):
            return _run(inline.text, "TracedNumber")
        return _run(inline.text, "Code" if isinstance(inline, Code) else style)

    def _jump(self, target: str, runs: str) -> str:
        if target not in self._marks:
            raise StudyError(
                f"The document refers to {target}, which it does not have.\n"
                "Make the document anew with write_document; a template's reference must name a table or figure in it."
            )
        return f'<w:hyperlink w:anchor="{self._marks[target][1]}" w:history="1">{runs}</w:hyperlink>'

    def _marked(self, target: str, runs: str) -> str:
        number, name = self._marks[target]
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'

    def _caption(self, kind: str, block: Table | Figure) -> str:
        """Return a caption; its number is a running one, where Word would count as the document does."""
        label = self._words[kind]
        self._placed[kind] += 1
        number = _run(block.number, "Strong")
        if block.number == str(self._placed[kind]):
            number = f'<w:fldSimple w:instr=" SEQ {escape(label)} \\* ARABIC ">{number}</w:fldSimple>'
        name = self._marked(f"{kind}.{block.id}", _run(f"{label} ", "Strong") + number)
        return _paragraph("Caption", name + _run(f"  {block.title}"))

    def _notes(self, block: Table | Figure) -> str:
        lines = [*block.notes, *([f"{self._words['source']}: {block.source}"] if block.source else [])]
        return _paragraph("LastNotes", _run(" ".join(lines)))

    def _drawing(self, figure: Figure) -> str:
        picture = self._picture(figure)
        width = min(PORTRAIT, TALLEST_PICTURE * picture.width / picture.height)
        across, down = int(width * EMU), int(width * EMU * picture.height / picture.width)
        place = self._placed["figure"]
        named = f'id="{place}" name="figure {place}" descr={quoteattr(figure.alt)} title={quoteattr(figure.title)}'
        blip = (
            f'<pic:blipFill><a:blip r:embed="{picture.relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        )
        shape = (
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{across}" cy="{down}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        )
        about = f'<pic:nvPicPr><pic:cNvPr id="{place}" name="{escape(figure.id)}.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        inline = (
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{across}" cy="{down}"/>'
            f'<wp:docPr {named}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f"<pic:pic>{about}{blip}{shape}</pic:pic></a:graphicData></a:graphic></wp:inline>"
        )
        return _paragraph("Picture", f"<w:r><w:drawing>{inline}</w:drawing></w:r>")

    def _contents(self) -> str:
        """Return the table of contents: a field with its entries; page numbers come when Word brings it up to date."""
        begin = (
            f'{_field("begin")}<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
        )
        entries = []
        for section in self._document.sections:
            entries.append(("TOC1", section.id, title_of(section)))
            inner = [block for block in section.blocks if isinstance(block, Heading) and block.level == 2]
            entries += [("TOC2", block.id, plain_text(block.inlines)) for block in inner]
        lines = [
            _paragraph(style, (begin + _field("separate") if place == 0 else "") + self._jump(target, _run(text)))
            for place, (style, target, text) in enumerate(entries)
        ]
        heading = _paragraph("TOCHeading", _run(self._words["contents"]))
        end = f'<w:p><w:pPr><w:pStyle w:val="SectionEnd"/></w:pPr>{_field("end")}</w:p>'
        gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        inside = heading + "".join(lines) + (end if lines else "")
        return f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def bookmarks(document: Document) -> dict[str, str]:
    """Return the name of a bookmark for each place that can be referred to: letters, digits, underscores alone."""
    names: dict[str, str] = {}
    for section in document.sections:
        headings = [block.id for block in section.blocks if isinstance(block, Heading)]
        for target in (section.id, *headings):
            names[target] = f"_Toc{len(names) + 1:08}"
    names |= {f"table.{table.id}": f"table_{place}" for place, table in enumerate(document.tables(), start=1)}
    figures = enumerate(document.figures(), start=1)
    return names | {f"figure.{figure.id}": f"figure_{place}" for place, figure in figures}


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _paragraph(style: str, runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>' if style else f"<w:p>{runs}</w:p>"


def _run(text: str, style: str = "") -> str:
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
