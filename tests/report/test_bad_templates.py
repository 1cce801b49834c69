"""What is wrong in a template, a word or a figure is named with its file, its line and what to do, in both languages.

Each case spoils one line of the report's own templates and builds the whole document: what a researcher does.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.report.build import build_document
from innosurvey.report.figures import drawing, plans
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.figures.plans import figures_of
from innosurvey.report.fonts import fail_if_glyphs_are_missing
from innosurvey.report.words import words_in

from .conftest import FONTS
from .made_up import made_up_context

LANGUAGES = ("en", "ko")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def refused(tables: dict[str, pd.DataFrame], templates: dict[str, str], language: str) -> Callable[..., str]:
    """Return what is said of a section of this text that stands first in the report, with these figures."""

    def message(text: str, figures: dict[str, bytes] | None = None) -> str:
        spoilt = {**templates, f"01_spoilt.{language}.md.j2": text}
        with pytest.raises(StudyError) as caught:
            build_document(tables, figures or {}, made_up_context(), spoilt, language)
        return str(caught.value)

    return message


CASES = {
    "an unknown table": ("{{ rows('describ') }}", "The report has no table describ. Did you mean describe?"),
    "an unknown column": ("{{ value('describe', 'estimat', cohort='all', wave='all', item='innovator') | share }}",
                          "Did you mean estimate?"),
    "an unknown key": ("{{ value('describe', 'n', cohrt='all') | count }}",
                       "Table describe has no column cohrt. Did you mean cohort?"),
    "an unknown value of a key": ("{{ value('describe', 'n', cohort='al', wave='all', item='innovator') | count }}",
                                  "Did you mean all?\nCorrect the key"),
    "two rows where one is asked": ("{{ value('describe', 'n', cohort='all', item='innovator') | count }}",
                                    "it found 4.\nThey are:"),
    "a syntax error": ("{% if waves %}\n\nNever closed.\n", "docs/howto-new-section.md"),
    "an open bracket": ("{{ waves | length ", "docs/howto-new-section.md"),
    "an undefined name": ("{{ rowz('describe') }}", "'rowz' is undefined. Did you mean rows?\nUse a name"),
    "an undefined field": ("{{ study.titel }}", "has no attribute 'titel'"),
    "a table placed twice": ("{{ cohort_table() }}{{ cohort_table() }}", "is placed twice.\nGive the second"),
    "a figure that was not drawn": ("{{ figure('size_curv') }}", "Figure size_curv was not drawn."),
    "a reference to what is not there": ("See {{ see('table', 'cohort') }}.", "Did you mean table.cohorts?"),
    "an unknown format": ("{{ waves | shar }}", "No filter named 'shar'"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_template_s_mistake_is_named_with_file_line_and_remedy(refused: Callable[..., str], language: str, case: str):
    line, said = CASES[case]
    message = refused(f"# Spoilt\n\nWords.\n{line}\n")
    number = 4 if case != "a syntax error" else r"\d"
    assert re.search(rf"01_spoilt\.{language}\.md\.j2, line {number}: ", message)
    assert said in message
    assert len(message.splitlines()) > 1


def test_an_unclosed_block_names_the_line_that_opened_it_or_the_end(refused: Callable[..., str]):
    message = refused("# Spoilt\n\n{% for wave in waves %}\n{{ wave }}\n")
    assert re.search(r"01_spoilt\.\w+\.md\.j2, line \d: Unexpected end of template", message)
    assert "whatever is opened is closed" in message


def test_markdown_that_the_report_has_no_place_for_names_its_file(refused: Callable[..., str], language: str):
    message = refused("# Spoilt\n\n1. A numbered list\n".replace("1", "{{ threshold() | length }}"))
    assert message.startswith(f"01_spoilt.{language}.md.j2: ")


def test_an_unknown_word_names_the_file_of_words_and_the_near_one(language: str):
    with pytest.raises(StudyError) as caught:
        words_in(language)["synthetic_shrt"]
    said = str(caught.value)
    assert f"workflow/report/words/{language}.yaml has no word synthetic_shrt. Did you mean synthetic_short?" in said
    assert "add the word to the file of every language" in said


def test_a_figure_without_alternative_text_stops_the_document_and_names_its_module(
    refused: Callable[..., str], language: str
):
    drawn = {"size_curve": {"title": "T", "alt": " ", "module": "innosurvey/report/figures/curves.py"}}
    message = refused(
        "# Spoilt\n\n\n{{ figure('size_curve') }}", {f"figures.{language}.json": json.dumps(drawn).encode()}
    )
    assert f"01_spoilt.{language}.md.j2, line 4: Figure size_curve has no alternative text." in message
    assert "alt_… in innosurvey/report/figures/curves.py" in message


def test_every_drawn_figure_says_in_which_module_its_words_are_made(tables: dict[str, pd.DataFrame]):
    modules = {plans.module_of(plan) for plan in figures_of(tables).values()}
    root = FONTS.parents[1]
    assert modules
    assert all((root / module).is_file() for module in modules)


def test_a_drawn_figure_carries_its_module_to_the_document(figures: dict[str, bytes]):
    about = json.loads(figures["figures.en.json"])
    assert about["size_curve"]["module"] == "innosurvey/report/figures/curves.py"


@pytest.fixture(scope="module")
def fonts() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(FONTS.glob("*.ttf"))}


def test_a_glyph_that_no_font_has_is_named_with_the_template_s_file_and_line(
    tables: dict[str, pd.DataFrame], templates: dict[str, str], language: str, fonts: dict[str, bytes]
):
    name = f"01_snow.{language}.md.j2"
    snowy = {**templates, name: "# Snow\n\nIt snows \N{SNOWMAN WITHOUT SNOW} here.\n"}
    document = build_document(tables, {}, made_up_context(), snowy, language)
    with pytest.raises(StudyError) as caught:
        fail_if_glyphs_are_missing(document, fonts, snowy)
    assert (
        f"in section snow: NotoSansKR-Bold.ttf has no glyph for it (“Snow It snows ⛄ here.”; {name}, line 3)"
        in str(caught.value)
    )
    assert "tools/make_fonts.py" in str(caught.value)


def test_a_glyph_of_the_configuration_is_shown_with_the_words_around_it(
    tables: dict[str, pd.DataFrame], templates: dict[str, str], language: str, fonts: dict[str, bytes]
):
    about = made_up_context(title={language: "Snow \N{SNOWMAN WITHOUT SNOW} in Seoul", "en": "Snow ⛄ in Seoul"})
    document = build_document(tables, {}, about, templates, language)
    with pytest.raises(StudyError, match=r"in the title page: .*“Snow ⛄ in Seoul"):
        fail_if_glyphs_are_missing(document, fonts, templates)


def test_a_drawing_that_says_nothing_stops_the_document(tables, templates, monkeypatch: pytest.MonkeyPatch):
    silent = replace(plans.FIGURES["size_curve"], alt=lambda *_: "")
    monkeypatch.setattr(drawing, "figures_of", lambda _: {"size_curve": silent})
    drawn = draw_figures(tables, made_up_context())
    with pytest.raises(StudyError, match="Figure size_curve has no alternative text"):
        build_document(tables, drawn, made_up_context(), templates)
