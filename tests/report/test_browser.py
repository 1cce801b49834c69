"""The pages as a reader has them, in the system's Chromium: what buttons do, and that nobody is shut out."""

import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from innosurvey import codebook, files, study, yamlfile
from innosurvey.codebook.page import Content, codebook_page
from innosurvey.report.build import build_document
from innosurvey.report.document import Document
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.html import render_html
from innosurvey.report.outputs import Page, list_outputs
from innosurvey.report.words import languages, words_in
from innosurvey.setting import study_as_read

from .conftest import FONTS, LAYOUTS, ROOT, font_files, read_assets
from .made_up import made_up_context, made_up_tables

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ABSENT = [
    name
    for name, there in (
        ("playwright (make test-browser installs it)", find_spec("playwright")),
        ("axe (make test-browser installs it)", find_spec("axe_playwright_python")),
        ("Chromium (apt-get install chromium)", CHROMIUM),
    )
    if not there
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(ABSENT), reason=f"not here: {', '.join(ABSENT)}"),
]
WIDTHS = {"phone": 390, "tablet": 820, "desk": 1440}
LANGUAGES = languages()
FACES = {
    weight: (FONTS / f"NotoSansKR-{name}.ttf").read_bytes() for weight, name in (("400", "Regular"), ("700", "Bold"))
}
OTHER_PAGES = ("index.html", *(f"codebook.{language}.html" for language in LANGUAGES))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pages of a made-up study, one a language, the list of its files, and the codebook."""
    made = tmp_path_factory.mktemp("publish")
    documents = {}
    for language in LANGUAGES:
        tables, context = made_up_tables(), made_up_context()
        figures = draw_figures(tables, context, language, font_files())
        sections = {path.name: path.read_text(encoding="utf-8") for path in Path("workflow/report/sections").iterdir()}
        document = build_document(tables, figures, context, sections, language)
        page = render_html(document, read_assets(document, figures), LANGUAGES)
        (made / f"report.{language}.html").write_text(page, encoding="utf-8")
        (made / f"codebook.{language}.html").write_text(codebook_of_the_programme(language), encoding="utf-8")
        documents[language] = document
    (made / "index.html").write_text(list_of(made, documents), encoding="utf-8")
    return made


def list_of(made: Path, documents: dict[str, Document]) -> str:
    """Return the page that lists the files of a folder, and of each other kind one."""
    first = documents[LANGUAGES[0]]
    names = [*(path.name for path in made.iterdir()), f"tables/{first.tables()[0].id}.csv", "latex.en/_all.tex"]
    page = Page(
        layout=(ROOT / "workflow/outputs/page.html.j2").read_text(encoding="utf-8"),
        style=(LAYOUTS / "style.css").read_text(encoding="utf-8"),
        fonts=FACES,
    )
    return list_outputs({name: name.encode() for name in names}, documents, page, 10)


def codebook_of_the_programme(language: str) -> str:
    """Return the codebook page of the default study."""
    loaded = study.read(*study.BASE)
    dictionary = files.read_dictionary(ROOT / "resources/dictionary/variables.csv", loaded.variables)
    books = {
        wave: codebook.from_yaml(yamlfile.read(ROOT / source.codebook), dictionary)
        for wave, source in loaded.waves.items()
    }
    return codebook_page(
        Content(dictionary=dictionary, books=books, study=study_as_read(loaded)),
        language,
        yamlfile.read(ROOT / "workflow/codebook/words.yaml").data,
        (ROOT / "workflow/codebook/page.html.j2").read_text(encoding="utf-8"),
        FACES,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any, folder: Path) -> Iterator[Any]:
    """Return a function that opens a page; what it says on the console, throws or asks of any host fails the test."""
    opened, said = [], []

    def opening(language: str = "en", width: int = WIDTHS["desk"], theme: str = "light", name: str = "") -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, accept_downloads=True, locale="en-GB"
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: request.url.startswith(("http", "ws")) and said.append(request.url))
        page.goto((folder / (name or f"report.{language}.html")).as_uri())
        page.set_default_timeout(30_000)
        opened.append(context)
        return page

    yield opening
    for context in opened:
        context.close()
    assert said == []


def violations(page: Any) -> list[tuple[str, list[str]]]:
    """Return the rules of axe that a page breaks, each with the first places."""
    import axe_playwright_python

    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in found]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation(open_page: Any, language: str, theme: str):
    assert violations(open_page(language, theme=theme)) == []


def test_axe_finds_no_violation_on_a_phone(open_page: Any):
    assert violations(open_page(width=WIDTHS["phone"])) == []


@pytest.mark.parametrize("name", OTHER_PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDTHS["phone"], WIDTHS["desk"]], ids=["phone", "desk"])
def test_axe_finds_no_violation_in_the_list_of_files_and_the_codebook(
    open_page: Any, name: str, theme: str, width: int
):
    page = open_page(width=width, theme=theme, name=name)
    page.evaluate("for (const part of document.querySelectorAll('details.part')) part.open = true")
    assert violations(page) == []


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
@pytest.mark.parametrize("name", ["report.en.html", *OTHER_PAGES])
def test_the_page_itself_never_scrolls_sideways(open_page: Any, name: str, width: int):
    page = open_page(width=width, name=name)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_row_says_what_it_is_about_however_far_its_table_is_scrolled(open_page: Any):
    page = open_page(width=WIDTHS["phone"])
    box = page.evaluate_handle(
        "[...document.querySelectorAll('.box:has(tbody th)')].find(box => box.scrollWidth > 1.5 * box.clientWidth)"
    )
    box.evaluate("box => { box.scrollLeft = box.scrollWidth; }")
    gap = "(box) => box.querySelector('th[scope=row]').getBoundingClientRect().left - box.getBoundingClientRect().left"
    assert abs(box.evaluate(gap)) < 2


def test_a_number_tells_where_it_comes_from(open_page: Any):
    page = open_page()
    number = page.locator("td .n").first
    number.click()
    origin = page.locator("#trace")
    assert origin.is_visible()
    for name in ("trace_value", "trace_table", "trace_key", "trace_rule", "data_release"):
        assert words_in("en")[name] in origin.inner_text()
    page.keyboard.press("Escape")
    assert origin.is_hidden()
    assert number.evaluate("number => number === document.activeElement")


def test_the_keyboard_goes_through_the_numbers_of_a_table(open_page: Any):
    page = open_page()
    page.locator("td .n").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.className") == "n"
    page.keyboard.press("Enter")
    assert page.locator("#trace").is_visible()


def test_search_finds_words_and_goes_to_them(open_page: Any):
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("patent")
    hits = page.locator("#found button")
    assert hits.count() > 2
    assert re.search(r"\d", page.locator("#status").inner_text())
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(".hit").count() == 1
    assert page.locator(".hit").is_visible()
    assert page.locator("#found").is_hidden()


def test_search_says_that_it_finds_nothing(open_page: Any):
    page = open_page()
    page.locator("#search input").fill("qqqq")
    assert page.locator("#status").inner_text() == words_in("en")["found_nothing"]


def test_a_columns_head_sorts_its_table(open_page: Any):
    page = open_page()
    table = page.locator(".table table:has(button.sort)").first
    head = table.locator("thead tr:last-child th").nth(1)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"


def test_a_table_is_copied_with_tabs(open_page: Any):
    page = open_page()
    page.get_by_role("button", name=f"{words_in('en')['copy_table']}: ").first.click()
    page.wait_for_function("document.getElementById('status').textContent !== ''")
    copied = page.evaluate("navigator.clipboard.readText()")
    rows = [line.split("\t") for line in copied.splitlines()]
    assert len(rows) > 2
    assert len({len(row) for row in rows}) == 1


def test_a_table_is_saved_as_csv(open_page: Any):
    page = open_page()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"{words_in('en')['download_csv']}: ").first.click()
    saved = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert download.value.suggested_filename.endswith(".csv")
    assert len(saved.splitlines()) > 2
    assert "\u2212" not in saved


@pytest.mark.skipif(len(LANGUAGES) < 2, reason="the report has one language")
def test_the_switch_of_languages_keeps_the_place(open_page: Any):
    page = open_page()
    heading = page.locator("main h2[id]").nth(3)
    name = heading.get_attribute("id")
    heading.evaluate("heading => heading.scrollIntoView()")
    page.locator("a[data-language]").first.evaluate("link => link.click()")
    page.wait_for_url(f"**/report.*.html#{name}")
    assert page.evaluate("document.documentElement.lang") != "en"
    assert page.locator(f"[id='{name}']").evaluate("place => Math.abs(place.getBoundingClientRect().top) < innerHeight")


def test_the_theme_changes_and_stays(open_page: Any):
    page = open_page()
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.locator("#theme").click()
    page.locator("#theme").click()
    assert page.evaluate(paper) != before
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_print_shows_no_buttons(open_page: Any):
    page = open_page()
    page.emulate_media(media="print")
    assert page.locator(".tools").first.is_hidden()
    assert page.locator("#search").is_hidden()
