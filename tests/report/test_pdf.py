import io

import pytest
from pypdf import PdfReader

from innosurvey.errors import StudyError
from innosurvey.report.assets import Assets
from innosurvey.report.build import build_document
from innosurvey.report.document import Document
from innosurvey.report.pdf import render_pdf
from innosurvey.report.words import words_in

from .conftest import read_assets
from .made_up import made_up_context, made_up_tables


@pytest.fixture(scope="module")
def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


@pytest.fixture(scope="module")
def pages(reader: PdfReader) -> list[str]:
    return [page.extract_text() for page in reader.pages]


def test_the_report_has_its_pages(pages: list[str]):
    assert 12 <= len(pages) <= 48  # the chapter on robustness, with its four figures, is the last that came in


def test_every_page_says_that_the_microdata_are_synthetic(pages: list[str]):
    assert all(words_in("en")["synthetic_short"] in text for text in pages)


def test_every_chapter_is_in_the_text(pages: list[str], document: Document):
    text = " ".join(" ".join(pages).split())
    assert all(section.title in text for section in document.sections)


def test_the_text_never_says_nan_or_none(pages: list[str]):
    words = set(" ".join(pages).replace("(", " ").replace(")", " ").split())
    assert not words & {"nan", "None", "NaN", "inf"}


def test_the_pdf_carries_its_tables_and_its_trace(reader: PdfReader, document: Document):
    assert set(reader.attachments) == {f"attached/{table.id}.csv" for table in document.tables()} | {
        "attached/trace.csv"
    }


def test_the_pdf_is_tagged_and_says_its_language(reader: PdfReader):
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_the_pdf_is_dated_by_the_data_release(reader: PdfReader):
    assert str(reader.metadata.creation_date.date()) == "2024-06-30"


def test_the_same_document_gives_the_same_bytes_twice(document: Document, assets: Assets, pdf: bytes):
    assert render_pdf(document, assets) == pdf


def test_a_character_without_a_glyph_is_refused_with_its_section(templates: dict[str, str]):
    items = made_up_context()["items"]
    items["innovator"]["title"] = {"en": "Innovators \N{SNOWMAN WITHOUT SNOW}"}
    snowy = build_document(made_up_tables(), {}, made_up_context(items=items), templates)
    with pytest.raises(StudyError, match=r"U\+26C4\) in section"):
        render_pdf(snowy, read_assets(snowy, {}))
