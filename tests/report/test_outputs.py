import hashlib
import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from innosurvey.errors import StudyError
from innosurvey.report.document import Document
from innosurvey.report.outputs import KINDS, Page, list_outputs, outputs_of, size_in_words
from innosurvey.validate.published import _all_are_listed

from ..test_architecture import RULES
from .conftest import FONTS, LAYOUTS, ROOT

VOID = {"meta", "link", "br", "img", "input"}


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(
        layout=(ROOT / "workflow/outputs/page.html.j2").read_text(encoding="utf-8"),
        style=(LAYOUTS / "style.css").read_text(encoding="utf-8"),
        fonts={
            "400": (FONTS / "NotoSansKR-Regular.ttf").read_bytes(),
            "700": (FONTS / "NotoSansKR-Bold.ttf").read_bytes(),
        },
    )


@pytest.fixture(scope="module")
def published(document: Document) -> dict[str, bytes]:
    table, figure = document.tables()[0], document.figures()[0]
    names = [
        "report.en.html", "report.en.pdf", "report.en.docx", "document.en.json", "codebook.en.html", "codebook.ko.html",
        "datapackage.json", "tables.en.xlsx", "tables.json", "tables/trace.csv", f"tables/{table.id}.csv",
        "figures.en.json", "figures.en/figures.en.json", f"figures.en/{figure.id}.en.svg",
        f"figures.en/{figure.id}.csv",
        "latex.en.json", "latex.en/_all.tex", "latex.en/_preamble.tex", f"latex.en/{table.id}.tex",
    ]  # fmt: skip
    return {name: name.encode() for name in names}


@pytest.fixture(scope="module")
def text(published: dict[str, bytes], document: Document, page: Page) -> str:
    return list_outputs(published, {"en": document}, page, 10)


class Outline(HTMLParser):
    """Collects tags with their attributes, and fails where one is closed that is not the last that was opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


@pytest.fixture(scope="module")
def outline(text: str) -> Outline:
    return Outline(text)


def rows_of(outline: Outline) -> dict[str, str]:
    return {about["data-file"]: about["data-sha256"] for tag, about in outline.tags if "data-file" in about}


def test_every_published_file_is_listed_with_its_checksum(outline: Outline, published: dict[str, bytes]):
    rows = rows_of(outline)
    assert {name: hashlib.sha256(content).hexdigest() for name, content in published.items()}.items() <= rows.items()


def test_the_list_has_itself_and_what_is_made_after_it(outline: Outline, published: dict[str, bytes]):
    assert set(rows_of(outline)) - set(published) == {
        "index.html", "checks.json", "workflow.smk", "ro-crate-metadata.json", "manifest.json",
    }  # fmt: skip


def test_files_of_an_earlier_last_look_are_not_read(published: dict[str, bytes]):
    again = outputs_of({**published, "checks.json": b"old", "manifest.json": b"old", "index.html": b"old"})
    assert again == outputs_of(published)


def test_a_file_that_no_step_makes_is_refused_by_name(published: dict[str, bytes]):
    with pytest.raises(StudyError, match=r"notes\.txt"):
        outputs_of({**published, "notes.txt": b"x"})


def test_the_last_look_finds_the_list_complete(published: dict[str, bytes], text: str):
    made = {name: content for name, content in published.items() if not name.endswith((".docx", ".xlsx"))}
    files = {**made, "index.html": text.encode()}
    check = _all_are_listed(files)
    assert check.found == tuple(
        f"index.html lists {name}, which is not there" for name in ("report.en.docx", "tables.en.xlsx")
    )


def test_no_heading_of_a_page_in_two_languages_repeats_another(document: Document, page: Page):
    made = list_outputs({"tables.json": b""}, {"en": document, "ko": replace(document, language="ko")}, page, 10)
    headings = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", made)
    assert len(headings) == len(set(headings)) == 3


def test_every_kind_is_made_by_a_rule_of_the_workflow():
    assert {kind.rule for kind in KINDS} <= set(RULES)


def test_every_rule_that_publishes_has_a_kind():
    outputs = {name: rule.partition("    output:\n")[2].partition("    log:\n")[0] for name, rule in RULES.items()}
    rendering = {name for name, text in outputs.items() if "<results>/rendered/" in text}
    assert rendering == {kind.rule for kind in KINDS}


def test_tables_and_figures_have_their_titles(text: str, document: Document):
    table, figure = document.tables()[0], document.figures()[0]
    for words in (f"Table {table.number}: {table.title}", f"Figure {figure.number}: {figure.title}"):
        assert words.replace("&", "&amp;").replace("'", "&#39;") in text


def test_tables_stand_in_the_order_of_the_report(document: Document, page: Page):
    ids = [table.id for table in document.tables()]
    assert ids != sorted(ids)
    made = list_outputs({f"tables/{id}.csv": b"n" for id in ids}, {"en": document}, page, 10)
    assert re.findall(r'data-file="tables/(.*?)\.csv"', made) == ids


def test_a_row_says_format_size_release_rule_and_status(text: str, document: Document):
    row = re.search(r'data-file="report\.en\.docx".*?</tr>', text, re.DOTALL)[0]
    for words in ("Word, English", "1\N{NO-BREAK SPACE}kB", document.release_date, "render_docx", "cleared"):
        assert words in row


def test_the_page_asks_for_nothing_and_needs_no_script(outline: Outline, text: str):
    assert not [tag for tag, about in outline.tags if tag in ("script", "link", "img", "iframe") or "src" in about]
    assert "url(http" not in text
    assert "default-src 'none'" in text


def test_the_page_has_its_landmarks_labels_and_language(outline: Outline):
    tags = [tag for tag, _ in outline.tags]
    assert {"header", "main", "article", "section", "h1", "h2", "h3"} <= set(tags)
    assert ("html", {"lang": "en"}) in outline.tags
    assert all("scope" in about for tag, about in outline.tags if tag == "th")
    ids = [about["id"] for _, about in outline.tags if "id" in about]
    labels = {about["aria-labelledby"] for _, about in outline.tags if "aria-labelledby" in about}
    assert len(ids) == len(set(ids))
    assert labels <= set(ids)


def test_every_link_leads_to_a_file_of_the_list_or_into_the_page(outline: Outline):
    links = {about["href"] for tag, about in outline.tags if tag == "a"}
    assert links - {"#content"} <= set(rows_of(outline))


def test_the_page_says_that_the_microdata_are_synthetic(text: str):
    assert "Synthetic microdata" in text


def test_the_page_fits_a_narrow_screen_and_a_dark_one(text: str):
    assert "prefers-color-scheme: dark" in text
    assert "width=device-width" in text
    assert "@media (max-width: 58rem)" in text


def test_words_are_escaped(published: dict[str, bytes], document: Document, page: Page):
    made = list_outputs(published, {"en": replace(document, title="<b> & co")}, page, 10)
    assert "&lt;b&gt; &amp; co" in made
    Outline(made)


@pytest.mark.parametrize(("size", "words"), [(12, "1 kB"), (12_400, "12 kB"), (3_449_000, "3.4 MB")])
def test_a_size_is_told_in_round_numbers(size, words):
    assert size_in_words(size) == words.replace(" ", "\N{NO-BREAK SPACE}")


def test_the_same_files_give_the_same_text_twice(published, document: Document, page: Page, text: str):
    assert list_outputs(published, {"en": document}, page, 10) == text
