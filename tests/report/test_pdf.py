"""The PDF in each language: what its pages say, and what a reader who listens or an archive finds in its structure."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
from msgspec.structs import replace

from innosurvey.report.document import Cell, Column, Document, Heading, Run, Section, Table, TableRow, plain_text
from innosurvey.report.pdf import render_pdf
from innosurvey.report.published import write_tables
from innosurvey.report.words import words_in

from .conftest import Made, read_assets
from .made_up import EMPTY

DC = "{http://purl.org/dc/elements/1.1/}"
PDF_A = "{http://www.aiim.org/pdfa/ns/id/}"
PDF_UA = "{http://www.aiim.org/pdfua/ns/id/}"


@pytest.fixture(scope="module")
def file(made: Made) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made.pdf))


@pytest.fixture(scope="module")
def pages(made: Made) -> list[str]:
    return pages_of(made.pdf)


@pytest.fixture(scope="module")
def tags(file: pikepdf.Pdf) -> list[tuple[str, pikepdf.Dictionary]]:
    """The structure's elements in reading order, each with its kind."""
    return list(tags_below(file.Root.StructTreeRoot))


def tags_below(element: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Dictionary]]:
    if isinstance(element, pikepdf.Array):
        for part in element:
            yield from tags_below(part)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            yield str(element.S).removeprefix("/"), element
        if "/K" in element:
            yield from tags_below(element.K)


def pages_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def squeezed(text: str) -> str:
    """Return a text without spaces: a line may break anywhere between Korean syllables."""
    return re.sub(r"[\s\u00ad\u200b]+", "", text)


def test_the_report_has_its_pages(pages: list[str]):
    assert 12 <= len(pages) <= 50  # the chapter on robustness, with its four figures, is the last that came in


def test_every_page_says_that_the_microdata_are_synthetic(pages: list[str], made: Made):
    said = squeezed(words_in(made.document.language)["synthetic_short"])
    assert all(said in squeezed(text) for text in pages)


def test_every_chapter_is_in_the_text(pages: list[str], made: Made):
    text = squeezed("".join(pages))
    assert all(squeezed(section.title) in text for section in made.document.sections)


def test_the_text_never_says_nan_or_none(pages: list[str]):
    words = set(re.split(r"[\s()]+", " ".join(pages)))
    assert not words & {"nan", "None", "NaN", "inf"}


def test_the_pdf_is_tagged_and_says_its_language(file: pikepdf.Pdf, made: Made):
    assert file.Root.MarkInfo.Marked
    assert not file.Root.MarkInfo.get("/Suspects", False)
    assert str(file.Root.Lang) == made.document.language
    with file.open_metadata() as about:
        assert about[f"{DC}language"] == {made.document.language}


def test_a_reader_shows_the_title_and_not_the_file_s_name(file: pikepdf.Pdf, made: Made):
    assert file.Root.ViewerPreferences.DisplayDocTitle
    assert str(file.docinfo["/Title"]) == made.document.title
    with file.open_metadata() as about:
        assert about[f"{DC}title"] == made.document.title


def test_the_pdf_says_that_it_is_an_archive_s_and_an_accessible_one(file: pikepdf.Pdf):
    with file.open_metadata() as about:
        assert (about[f"{PDF_A}part"], about[f"{PDF_A}conformance"]) == ("3", "A")
        assert about[f"{PDF_UA}part"] == "1"


def test_headings_are_those_of_the_document_and_skip_no_level(tags: list, made: Made):
    levels = [int(kind[1:]) for kind, _ in tags if re.fullmatch(r"H\d", kind)]
    contents, *rest = levels
    wanted = [
        level
        for section in made.document.sections
        for level in (1, *(block.level for block in section.blocks if isinstance(block, Heading)))
    ]
    assert contents == 1  # of the list of contents
    assert rest == wanted
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_figure_has_the_alternative_text_of_the_document(tags: list, made: Made):
    said = [str(element.get("/Alt", "")) for kind, element in tags if kind == "Figure"]
    assert said == [figure.alt for figure in made.document.figures()]
    assert all(said)


def test_every_table_is_tagged_with_its_heads(tags: list, made: Made):
    counted = Counter(kind for kind, _ in tags)
    assert counted["Table"] == len(made.document.tables())
    heads = sum(len(table.columns) for table in made.document.tables())
    assert counted["TH"] >= heads


def test_the_bookmarks_are_the_chapters(file: pikepdf.Pdf, made: Made):
    with file.open_outline() as outline:
        chapters = [str(item.title) for item in outline.root]
    assert [squeezed(title) for title in chapters] == [
        squeezed(section.number + section.title) for section in made.document.sections
    ]


def test_the_pdf_carries_its_tables_and_its_trace_as_data(file: pikepdf.Pdf, made: Made):
    published = write_tables(made.document)
    assert set(published) == {f"{table.id}.csv" for table in made.document.tables()} | {"trace.csv"}
    carried = {name.removeprefix("attached/"): attached for name, attached in file.attachments.items()}
    assert {name: attached.get_file().read_bytes() for name, attached in carried.items()} == published
    assert {str(attached.obj.AFRelationship) for attached in carried.values()} == {"/Data"}
    assert {str(attached.obj.F) for attached in carried.values()} == {str(one.F) for one in file.Root.AF}


def test_every_font_is_embedded_and_is_ours(file: pikepdf.Pdf):
    fonts = [made for made in file.objects if isinstance(made, pikepdf.Dictionary) and made.get("/Type") == "/Font"]
    parts = [font for font in fonts if "/DescendantFonts" not in font]
    assert {str(font.BaseFont).split("+")[1] for font in fonts} == {"NotoSansKR-Regular", "NotoSansKR-Bold"}
    assert all("/FontFile2" in font.FontDescriptor for font in parts)


def test_words_can_be_found_and_copied(file: pikepdf.Pdf, made: Made, pages: list[str]):
    text = squeezed("".join(pages))
    headings = [plain_text(block.inlines) for block in made.document.blocks() if isinstance(block, Heading)]
    assert [words for words in headings if squeezed(words) not in text] == []


def test_the_pdf_is_dated_by_the_data_release(file: pikepdf.Pdf):
    assert str(file.docinfo["/CreationDate"]).startswith("D:20240630")


def test_the_same_document_gives_the_same_bytes_twice(made: Made):
    assert render_pdf(made.document, made.assets) == made.pdf


def with_rows(count: int, size_of_last: int = 1) -> Document:
    """A document of one table, whose last row has this many lines."""
    lines = tuple(Run(text=f"line {number} of the last", line=number) for number in range(size_of_last))
    rows = [TableRow(cells=(Cell(runs=(Run(text=f"row {number}."),)), Cell(runs=()))) for number in range(count - 1)]
    table = Table(
        id="long",
        title="Long",
        number="1",
        columns=(Column(title="What", align="left"), Column(title="n")),
        rows=(*rows, TableRow(cells=(Cell(runs=lines), Cell(runs=(Run(text="1"),))))),
        notes=("This is the note.",),
    )
    section = Section(id="s", number="1", title="One", blocks=(table,))
    return replace(EMPTY, sections=(section,))


@pytest.mark.parametrize("count", range(44, 54))
def test_the_notes_of_a_table_stand_below_its_last_two_rows_on_their_page(count: int):
    document = with_rows(count)
    noted = next(text for text in pages_of(render_pdf(document, read_assets(document, {}))) if "the note" in text)
    assert "line 0 of the last" in noted
    assert f"row {count - 2}." in noted


@pytest.mark.parametrize("count", range(44, 54))
def test_a_row_does_not_break(count: int):
    document = with_rows(count, size_of_last=4)
    found = [text.count("of the last") for text in pages_of(render_pdf(document, read_assets(document, {})))]
    assert sorted(found)[-1] == 4
