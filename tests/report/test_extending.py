"""What a researcher adds is files: a section, and a language, stand in every form of the report without any code."""

import io
import re
import shutil
from pathlib import Path

import docx
import pandas as pd
import pypdfium2
import pytest

from innosurvey.report import words
from innosurvey.report.build import build_document
from innosurvey.report.document import Document, Paragraph, plain_text
from innosurvey.report.docx import render_docx
from innosurvey.report.figures import drawing, plans
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.html import render_html
from innosurvey.report.outputs import Page, list_outputs
from innosurvey.report.pdf import render_pdf

from .conftest import ROOT, font_files, read_assets
from .made_up import made_up_context

TOY = {
    "en": ("Toys", "We count {} toys.", "Toys by size"),
    "ko": ("장난감", "장난감은 {}개이다.", "규모별 장난감"),
}
NUMBER = '{{ value("describe", "n", cohort="all", wave="2018", item="innovator") | count }}'


def section(language: str) -> str:
    """Return the file of a toy chapter with a number, a heading and a table."""
    title, sentence, heading = TOY[language]
    table = f'{{{{ group_table("size_cis", items_of("barriers"), title="{title}") }}}}'
    return f"# {title}\n\n{sentence.format(NUMBER)}\n\n## {heading}\n\n{table}\n"


@pytest.fixture(scope="module", params=sorted(TOY))
def toy(request: pytest.FixtureRequest, tables: dict[str, pd.DataFrame], templates: dict[str, str]) -> Document:
    """The report with the toy chapter between the second and the third."""
    added = {f"17_toys.{language}.md.j2": section(language) for language in TOY}
    return build_document(tables, {}, made_up_context(), {**templates, **added}, request.param)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_section_stands_in_its_place_and_is_numbered(toy: Document):
    ids = [section.id for section in toy.sections]
    assert ids[2:5] == ["context", "toys", "concepts"]
    assert [section.number for section in toy.sections][2:5] == ["2", "3", "4"]
    assert [table.number for table in toy.tables()] == [str(n + 1) for n in range(len(toy.tables()))]


def test_a_section_s_number_is_traced(toy: Document):
    chapter = next(section for section in toy.sections if section.id == "toys")
    said = next(plain_text(block.inlines) for block in chapter.blocks if isinstance(block, Paragraph))
    assert said == TOY[toy.language][1].format("4,000")


def test_a_section_is_in_the_page_with_its_table(toy: Document):
    title, sentence, heading = TOY[toy.language]
    page = render_html(toy, read_assets(toy, {}))
    text = squeezed(re.sub(r"<[^>]+>", "", page))
    assert squeezed(f"3{title}") in text
    assert squeezed(sentence.format("4,000")) in text
    assert squeezed(heading) in text
    assert text.index(squeezed(sentence.format("4,000"))) < text.rindex(squeezed(toy.sections[4].title))


def test_a_section_is_in_the_word_file(toy: Document):
    title, sentence, heading = TOY[toy.language]
    word = docx.Document(io.BytesIO(render_docx(toy, read_assets(toy, {}))))
    lines = [paragraph.text for paragraph in word.paragraphs]
    assert f"3\N{EM SPACE}{title}" in lines
    assert lines.index(sentence.format("4,000")) < lines.index(heading) < len(lines)
    before, after = toy.sections[2], toy.sections[4]
    places = [lines.index(f"{one.number}\N{EM SPACE}{one.title}") for one in (before, after)]
    assert places[0] < lines.index(sentence.format("4,000")) < places[1]


def test_a_section_is_in_the_pdf(toy: Document):
    title, sentence, _ = TOY[toy.language]
    pdf = pypdfium2.PdfDocument(render_pdf(toy, read_assets(toy, {})))
    text = squeezed("".join(page.get_textpage().get_text_range() for page in pdf))
    assert squeezed(sentence.format("4,000")) in text
    assert [item.get_title() for item in pdf.get_toc() if item.level == 0][3].endswith(title)


@pytest.fixture
def toy_language(tmp_path: Path, templates: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A language xx whose files are the Korean ones again; its templates beside the others."""
    shutil.copytree(words.FOLDER, tmp_path / "words")
    (tmp_path / "words" / "xx.yaml").write_text(
        (words.FOLDER / "ko.yaml")
        .read_text(encoding="utf-8")
        .replace("language_name: 한국어", "language_name: 한글말"),
        encoding="utf-8",
    )
    monkeypatch.setattr(words, "FOLDER", tmp_path / "words")
    words.words_in.cache_clear()
    words.words_at.cache_clear()
    copied = {
        name.replace(".ko.", ".xx."): text.replace(".ko.md.j2", ".xx.md.j2")
        for name, text in templates.items()
        if ".ko." in name
    }
    yield {**templates, **copied}
    words.words_in.cache_clear()
    words.words_at.cache_clear()


def test_a_language_is_files_alone(toy_language: dict[str, str], tables: dict[str, pd.DataFrame], monkeypatch):
    monkeypatch.setattr(drawing, "figures_of", lambda _: {"size_curve": plans.FIGURES["size_curve"]})
    drawn = draw_figures(tables, made_up_context(), "xx", font_files())
    made = build_document(tables, drawn, made_up_context(title={"en": "T", "xx": "글"}), toy_language, "xx")
    korean = build_document(tables, {}, made_up_context(), toy_language, "ko")
    assert (made.title, made.language) == ("글", "xx")
    assert [one.title for one in made.sections] == [one.title for one in korean.sections]
    assert [figure.alt for figure in made.figures()]
    assets = read_assets(made, drawn)
    page = render_html(made, assets, ["en", "ko", "xx"])
    assert '<html lang="xx">' in page
    assert render_pdf(made, assets).startswith(b"%PDF")
    assert render_docx(made, assets).startswith(b"PK")
    assert "report.xx.html" in render_html(korean, read_assets(korean, {}), ["en", "ko", "xx"])
    assert 'lang="xx"' in list_outputs({"report.xx.html": b"page"}, {"ko": korean, "xx": made}, outputs_page(), 10)


def outputs_page() -> Page:
    return Page(
        layout=(ROOT / "workflow/outputs/page.html.j2").read_text(encoding="utf-8"),
        style=(ROOT / "workflow/report/style.css").read_text(encoding="utf-8"),
        fonts={weight: Path(file).read_bytes() for weight, file in zip(("700", "400"), font_files(), strict=True)},
    )
