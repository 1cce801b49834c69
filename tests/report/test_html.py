import base64
import json
import re
from html.parser import HTMLParser

import pytest

from innosurvey.report.assets import Assets
from innosurvey.report.build import build_document
from innosurvey.report.document import Document
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.html import render_html
from innosurvey.report.words import languages, words_in

from .conftest import font_files, read_assets
from .made_up import made_up_context, made_up_tables

MEGABYTE = 1_000_000


class Outline(HTMLParser):
    """Collects what the tests ask about: tags with their attributes, and the visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    return parser


def test_every_number_of_the_page_is_in_the_trace(outline: Outline, page: str):
    shown = {attributes["data-t"] for tag, attributes in outline.tags if "data-t" in attributes}
    trace = json.loads(re.search(r'id="trace-data">(.*?)</script>', page, re.S)[1])
    assert len(shown) > 500
    assert shown <= {f"t{place}" for place in range(1, len(trace["rows"]) + 1)}


def test_every_trace_row_names_table_row_and_file(document: Document):
    assert all(row.table and row.key and row.file and row.text for row in document.trace)


def test_the_page_never_says_nan_or_none(outline: Outline):
    words = " ".join(outline.text)
    assert not re.search(r"\b(nan|None|NaN|inf|NA)\b", words)


def test_figures_have_alternative_text_with_numbers(outline: Outline):
    alts = [attributes["alt"] for tag, attributes in outline.tags if tag == "img"]
    assert len(alts) == 23
    assert all(len(alt) > 60 and re.search(r"\d", alt) for alt in alts)


def test_the_page_asks_for_nothing_from_elsewhere(outline: Outline, page: str):
    sources = [attributes.get("src") or attributes.get("href") or "" for _, attributes in outline.tags]
    pages = {f"report.{language}.html" for language in languages()}
    assert all(source.startswith(("data:", "#")) for source in sources if source and source not in pages)
    assert "url(http" not in page
    assert "@import" not in page


def test_the_page_is_small_enough_to_send(page: str):
    assert len(page.encode()) < 5 * MEGABYTE


def test_the_page_says_that_the_microdata_are_synthetic(outline: Outline):
    assert words_in("en")["synthetic_short"] in " ".join(outline.text)


def test_a_real_study_has_no_synthetic_notice(document: Document, templates: dict[str, str]):
    context = made_up_context(synthetic=False)
    real = build_document(made_up_tables(), {}, context, templates)
    words = render_html(real, read_assets(real, {}))
    assert (
        "synthetic"
        not in words.split("<body>")[1].split("<script")[0].replace("Synthetic survey, made for", "").lower()
    )


def test_the_page_has_its_landmarks_and_language(outline: Outline):
    tags = {tag for tag, _ in outline.tags}
    assert {"header", "nav", "main", "section", "h1", "h2"} <= tags
    assert ("html", {"lang": "en"}) in outline.tags


def test_every_id_is_there_once_and_every_link_inside_the_page_has_its_target(outline: Outline):
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    links = {
        attributes["href"] for tag, attributes in outline.tags if tag == "a" and attributes["href"].startswith("#")
    }
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)


def test_tables_have_captions_and_scoped_heads(outline: Outline):
    tables = sum(tag == "table" for tag, _ in outline.tags)
    assert tables > 20
    assert sum(tag == "caption" for tag, _ in outline.tags) == tables
    assert all("scope" in attributes for tag, attributes in outline.tags if tag == "th")


def test_words_are_escaped(templates: dict[str, str]):
    context = made_up_context(title="A <b>bold</b> & [odd] *title*")
    bold = build_document(made_up_tables(), {}, context, templates)
    assert "A &lt;b&gt;bold&lt;/b&gt; &amp; [odd] *title*" in render_html(bold, read_assets(bold, {}))


def test_the_same_study_gives_the_same_bytes_twice(page: str, templates: dict[str, str]):
    tables, context = made_up_tables(), made_up_context()
    figures = draw_figures(tables, context, "en", font_files())
    again = build_document(tables, figures, context, templates)
    assert render_html(again, read_assets(again, figures)) == page


def test_embedded_fonts_are_small(page: str, assets: Assets):
    fonts = re.findall(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", page)
    assert len(fonts) == 2
    assert all(len(base64.b64decode(font)) < 60_000 for font in fonts)
