import dataclasses
import io
import re
import shutil
import subprocess
import zipfile

import docx
import pypdfium2
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from msgspec.structs import replace

from innosurvey.errors import StudyError
from innosurvey.report.assets import Assets
from innosurvey.report.document import (
    Cell,
    Column,
    Document,
    Heading,
    Paragraph,
    Reference,
    Run,
    Section,
    Table,
    TableRow,
    Text,
    plain_text,
    title_of,
)
from innosurvey.report.docx import render_docx, turned
from innosurvey.report.docx_blocks import Piece
from innosurvey.report.docx_tables import LANDSCAPE, PORTRAIT, setting_of
from innosurvey.report.widths import kept_apart
from innosurvey.report.words import languages, words_in

from .conftest import Made


@pytest.fixture(scope="module")
def content(document: Document, assets: Assets) -> bytes:
    return render_docx(document, assets)


@pytest.fixture(scope="module")
def word(content: bytes) -> WordDocument:
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def text(word: WordDocument) -> str:
    return " ".join(part.text or "" for part in word.element.iter(qn("w:t")))


def small(document: Document, *blocks, **changes) -> Document:
    """Return the document with one chapter of these blocks."""
    return replace(document, sections=(Section(id="one", title="One", number="1", blocks=blocks),), **changes)


def wide_table(columns: int) -> Table:
    runs = tuple(Cell(runs=(Run(text="1,234,567.890"),)) for _ in range(columns))
    heads = tuple(Column(title=f"Establishments {place}") for place in range(columns))
    return Table(id=f"wide{columns}", title="Wide", columns=heads, rows=(TableRow(cells=runs),), number="1")


def test_headings_are_words_own_in_the_documents_order(word: WordDocument, document: Document):
    found = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    wanted = []
    for section in document.sections:
        wanted.append(("Heading 1", title_of(section)))
        wanted += [
            (f"Heading {block.level}", plain_text(block.inlines))
            for block in section.blocks
            if isinstance(block, Heading)
        ]
    assert found == wanted


def test_every_figure_has_its_alternative_text(word: WordDocument, document: Document):
    told = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert told == [figure.alt for figure in document.figures()]


def test_every_figure_has_its_picture_where_word_looks_for_it(word: WordDocument, assets: Assets, document: Document):
    """As python-docx places one: the picture's fill holds the reference itself."""
    for shape, figure in zip(word.inline_shapes, document.figures(), strict=True):
        picture = shape._inline.graphic.graphicData.pic
        part = word.part.related_parts[picture.blipFill.blip.embed]
        assert part.blob == assets.figure(figure.id, document.language, "png")


def test_no_figure_is_wider_than_its_page(word: WordDocument):
    assert all(shape.width <= PORTRAIT * 635 for shape in word.inline_shapes)


def test_every_table_is_a_table_with_head_rows_that_repeat(word: WordDocument, document: Document):
    assert len(word.tables) == len(document.tables())
    for made, table in zip(word.tables, document.tables(), strict=True):
        heads = 2 if any(column.over for column in table.columns) else 1
        repeated = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in made.rows]
        assert repeated == [True] * heads + [False] * len(table.rows)


def test_every_row_of_a_table_is_as_wide_as_its_head(word: WordDocument):
    for table in word.tables:
        columns = len(table._tbl.tblGrid.findall(qn("w:gridCol")))
        assert {sum(cell.grid_span for cell in row._tr.tc_lst) for row in table.rows} == {columns}


def test_every_number_of_the_tables_is_there(word: WordDocument, document: Document):
    for made, table in zip(word.tables, document.tables(), strict=True):
        there = "\n".join(part.text or "" for part in made._tbl.iter(qn("w:t")))
        assert all(run.text in there for row in table.rows for cell in row.cells for run in cell.runs)


def test_captions_have_words_style_and_number(word: WordDocument, document: Document):
    captions = [p for p in word.paragraphs if p.style.name == "Caption"]
    assert len(captions) == len(document.tables()) + len(document.figures())
    assert all(p._p.findall(f".//{qn('w:fldSimple')}") for p in captions)


def test_the_contents_list_chapters_and_headings_and_lead_to_them(word: WordDocument, document: Document):
    entries = [p for p in word.element.iter(qn("w:p")) if (p.style or "").startswith("TOC") and p.style != "TOCHeading"]
    told = ["".join(t.text for t in p.iter(qn("w:t"))) for p in entries]
    assert told[:1] == [title_of(document.sections[0])]
    assert len(told) == len(document.sections) + sum(
        isinstance(block, Heading) and block.level == 2 for block in document.blocks()
    )
    assert any("TOC" in (part.text or "") for part in word.element.iter(qn("w:instrText")))


def test_every_link_inside_has_its_place_and_every_place_is_there_once(word: WordDocument):
    places = [mark.get(qn("w:name")) for mark in word.element.iter(qn("w:bookmarkStart"))]
    links = {link.get(qn("w:anchor")) for link in word.element.iter(qn("w:hyperlink"))} - {None}
    assert len(places) == len(set(places))
    assert links <= set(places)
    assert any(link.startswith(("table_", "figure_")) for link in links)


def test_the_language_is_said_also_for_korean_letters(content: bytes, word: WordDocument):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        styles = file.read("word/styles.xml").decode()
    assert '<w:lang w:val="en-GB" w:eastAsia="ko-KR"' in styles
    assert 'w:eastAsia="Noto Sans KR"' in styles
    assert word.core_properties.language == "en-GB"


def test_latin_words_of_a_korean_file_are_not_said_to_be_korean(korean: Made):
    with zipfile.ZipFile(io.BytesIO(render_docx(korean.document, korean.assets))) as file:
        assert '<w:lang w:val="en-GB" w:eastAsia="ko-KR"' in file.read("word/styles.xml").decode()
        assert "<dc:language>ko-KR</dc:language>" in file.read("docProps/core.xml").decode()


@pytest.mark.parametrize("language", languages())
def test_every_language_has_a_tag_that_word_knows(language: str):
    assert re.fullmatch(rf"{language}-[A-Z]{{2}}", words_in(language)["language_tag"])


def test_the_properties_are_the_documents(word: WordDocument, document: Document):
    about = word.core_properties
    assert about.title == document.title
    assert str(about.created.date()) == str(about.modified.date()) == document.release_date
    assert "python-docx" not in about.comments


def test_the_warning_stands_on_every_page_and_the_page_number_below(word: WordDocument):
    for section in word.sections:
        assert words_in("en")["synthetic_short"] in section.header.paragraphs[0].text
        fields = [field.get(qn("w:instr")).strip() for field in section.footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_a_real_study_has_its_title_where_the_warning_would_be(document: Document, assets: Assets):
    real = render_docx(small(document, synthetic=False), assets)
    header = docx.Document(io.BytesIO(real)).sections[0].header.paragraphs[0]
    assert (header.text, header.style.name) == (document.title, "Header")


def test_the_text_never_says_nan_or_none(text: str):
    assert not set(re.split(r"[\s()]+", text)) & {"nan", "None", "NaN", "inf"}


def test_the_same_document_gives_the_same_bytes_twice(content: bytes, document: Document, assets: Assets):
    assert render_docx(document, assets) == content


def test_a_figure_that_is_not_drawn_is_refused_by_name(document: Document, assets: Assets):
    with pytest.raises(StudyError, match=r"Figure file \w+\.en\.png is not there"):
        render_docx(document, dataclasses.replace(assets, figures={}))


def test_a_reference_to_nothing_is_refused(document: Document, assets: Assets):
    lost = Paragraph(inlines=(Reference(target="table.none", text="Table 7"),))
    with pytest.raises(StudyError, match=r"refers to table\.none"):
        render_docx(small(document, lost), assets)


def test_signs_of_xml_are_only_letters(document: Document, assets: Assets):
    odd = Paragraph(inlines=(Text(text='a < b & "c" > ]]>'),))
    made = docx.Document(io.BytesIO(render_docx(small(document, odd), assets)))
    assert made.paragraphs[-1].text == 'a < b & "c" > ]]>'


@pytest.mark.parametrize(("columns", "landscape"), [(3, False), (9, True)])
def test_a_table_too_wide_for_an_upright_page_lies_on_its_side(document, assets, columns, landscape):
    word = docx.Document(io.BytesIO(render_docx(small(document, wide_table(columns)), assets)))
    assert [section.page_width > section.page_height for section in word.sections][-1] is landscape
    widths = [int(col.get(qn("w:w"))) for col in word.tables[0]._tbl.tblGrid]
    assert sum(widths) <= (LANDSCAPE if landscape else PORTRAIT)


def test_letters_shrink_before_a_table_is_cut():
    sizes = [setting_of(wide_table(columns)).size for columns in (3, 10, 16)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0]


def test_a_heading_lies_beside_the_table_that_it_is_of_and_few_words_between_two_tables_do():
    heading, words = Heading(level=2, inlines=(), id="h"), Paragraph(inlines=())
    upright, lying = (lambda block: Piece(xml="", block=block)), Piece(xml="", landscape=True)
    pieces = [upright(words), upright(heading), lying, upright(words), lying, *[upright(words)] * 4, lying]
    assert [piece.landscape for piece in turned(pieces)] == [False, True, True, True, True, *[False] * 4, True]


@pytest.mark.slow
def test_libreoffice_opens_it_and_shows_every_chapter(content: bytes, document: Document, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed: nobody else opens Word files here")
    (tmp_path / "report.docx").write_bytes(content)
    own = f"-env:UserInstallation=file://{tmp_path}/profile"
    made = str(tmp_path / "report.docx")
    command = [office, own, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), made]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "report.pdf")]
    whole = " ".join(" ".join(pages).split())
    assert all(words_in("en")["synthetic_short"] in page for page in pages)
    assert all(section.title in whole for section in document.sections)


def test_words_to_the_right_of_numbers_are_kept_apart_from_them():
    label, number, words = Column(title="a", align="left"), Column(title="n"), Column(title="b", align="left")
    assert kept_apart([label, number, words, words]) == [False, False, True, False]
