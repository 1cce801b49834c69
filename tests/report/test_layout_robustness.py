"""Robustness in the report: tables, figures and sentences that follow the estimates."""

import pandas as pd
import pytest

from innosurvey.report.build import build_document
from innosurvey.report.choices import choice_words
from innosurvey.report.context import ReportContext
from innosurvey.report.disclosure import clear_tables
from innosurvey.report.document import as_json
from innosurvey.report.draft import Draft
from innosurvey.report.figures import specifications as drawn
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.figures.plans import figures_of
from innosurvey.report.figures.style import FigureStyle
from innosurvey.report.layout_robustness import curve_figures, extremes, main_answers_table, specification_tests_table
from innosurvey.report.lookup import Lookup
from innosurvey.report.words import words_in

from .conftest import font_files, read_templates
from .made_up import made_up_context
from .made_up_robustness import QUESTION, robustness_tables

MINIMUM_N = 10
CONTEXT = made_up_context(robustness={"rd": QUESTION})
ABOUT = ReportContext.from_mapping(CONTEXT)
STYLE = FigureStyle(context=ABOUT, language="en")
ASKED = ("rd", "all", "all")


def draft_of(tables):
    return Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=ABOUT, language="en", figures={})


def texts(table):
    """Return the cells of the rows below the question's title."""
    return [["".join(run.text for run in cell.runs) for cell in row.cells] for row in table.rows[1:]]


def prose(tables):
    templates = {name: text for name, text in read_templates().items() if name.startswith(("_", "52"))}
    figures = draw_figures(tables, CONTEXT, "en", font_files())
    return as_json(build_document(tables, figures, CONTEXT, templates, "en"))


@pytest.fixture
def tables():
    return robustness_tables()


def test_the_specifications_of_each_input_are_a_row(tables):
    rows = texts(specification_tests_table(draft_of(tables)))
    assert rows[0][1:] == ["4 of 4", "0.200", "0.100–0.300", "100\u00a0%", "100\u00a0%", "0.001", "0.001"]
    assert rows[1][3] == "−0.040 to 0.050"


def test_a_main_answer_stands_beside_what_it_hangs_on(tables):
    row = texts(main_answers_table(draft_of(tables)))[0]
    assert row[1].startswith("0.3000.222–0.378")
    assert row[2:] == ["0.280–0.350", "0.290–0.310", "0.240", "2.5"]


def test_an_industry_of_too_few_firms_is_never_left_out_in_print(tables):
    assert [row["left_out"] for row in extremes(draft_of(tables), input="rd_per_employee")] == ["trade", "mining"]
    frame = drawn.frame_leave_one_out(clear_tables(tables, MINIMUM_N), STYLE)
    assert "few" not in set(frame["left_out"])


def test_without_industries_the_table_has_no_such_column(tables):
    table = main_answers_table(draft_of({**tables, "leave_out": tables["leave_out"].head(0)}))
    assert [column.title for column in table.columns].count("Without an industry") == 0
    assert len(table.columns) == len(table.rows[1].cells)


def test_the_curve_goes_from_the_lowest_to_the_highest_and_marks_the_main_answer(tables):
    frame = drawn.frame_curve(ASKED, clear_tables(tables, MINIMUM_N), STYLE)
    ours = frame[frame["input"] == "rd_per_employee"]
    assert ours["estimate"].tolist() == [0.10, 0.20, 0.25, 0.30]
    assert ours["place"].tolist() == [1, 2, 3, 4]
    assert ours.loc[ours["main"], "estimate"].tolist() == [0.30]


def test_the_numbers_of_specifications_are_numbers_though_keys_are_text(tables):
    points = tables["specifications"]
    later = points.assign(number=points["number"] + 98)  # 99, 100, …: as text, 100 comes first
    frame = drawn.frame_curve(ASKED, clear_tables({"specifications": later}, MINIMUM_N), STYLE)
    assert frame.loc[frame["main"], "estimate"].tolist() == [0.30, 0.02]


def test_a_grid_shows_only_choices_that_differ(tables):
    frame = drawn.frame_curve(ASKED, clear_tables(tables, MINIMUM_N), STYLE)
    assert drawn.choice_rows(frame) == [
        ("controls", "firm"), ("controls", "none"), ("weights", "none"), ("weights", "weight_final"),
    ]  # fmt: skip


def test_each_question_has_a_figure_and_each_group_it_is_asked_of(tables):
    both = {"cohort": "size", "group": "10 to 49"}
    asked = [{"curve": f"q{number}"} for number in range(5)] + [both]
    more = {name: pd.concat([table.assign(**one) for one in asked]) for name, table in tables.items()}
    names = [*(f"specification_curve-q{number}" for number in range(5)), "specification_curve-rd-size-10_to_49"]
    assert [name for name in figures_of(more) if name.startswith("specification_curve")] == names
    drafted = Draft(
        lookup=Lookup(more, {}, MINIMUM_N), context=ABOUT, language="en", figures={name: {} for name in names}
    )
    assert curve_figures(drafted, "q4") == ["specification_curve-q4"]
    assert curve_figures(drafted, "rd") == ["specification_curve-rd-size-10_to_49"]
    frame = drawn.frame_curve(("rd", *both.values()), clear_tables(more, MINIMUM_N), STYLE)
    assert drawn.curve_title(frame, STYLE) == "Every specification: Output on R&D (10 to 49)"


def test_the_figure_of_a_question_stands_in_its_section(tables):
    assert '"specification_curve-rd"' in prose(tables)


def test_alternative_text_tells_the_curve(tables):
    frame = drawn.frame_curve(ASKED, clear_tables(tables, MINIMUM_N), STYLE)
    assert "R&D per employee: 4 specifications, from 0.100 to 0.300, 4 of them positive, 4 clear" in drawn.alt_curve(
        frame, STYLE
    )


def test_the_same_estimates_draw_the_same_bytes(tables):
    assert draw_figures(tables, CONTEXT, "en", font_files()) == draw_figures(tables, CONTEXT, "en", font_files())


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("controls", "firm", "Size and age"),
        ("weights", "none", "No weights"),
        ("weights", "weight_final", "Weights of the survey"),
        ("estimator", "fe: firm_id + wave", "Within firm, wave"),
        ("estimator", "logit", "Logit"),
        ("covariance", "cluster: firm_id", "Clustered by firm"),
        ("sample", "small_firms", "Small firms"),
    ],
)
def test_choices_are_called_as_the_study_or_the_house_calls_them(kind, name, words):
    assert choice_words(ABOUT, "en", words_in("en"), ("rd", kind, name)) == words


def test_sentences_follow_the_estimates(tables):
    text = prose(tables)
    assert "All estimates are positive; each is clear by itself" in text
    assert "speak against chance" in text
    assert "are what chance can bring" in text
    assert "and stays clear" in text


def test_turned_round_the_sentences_are_turned_round():
    text = prose(robustness_tables(-1))
    assert "All estimates are negative; each is clear by itself" in text
    assert "All estimates are positive" not in text


def test_an_answer_that_fades_without_an_industry_is_told(tables):
    fading = tables["leave_out"]["left_out"].eq("trade")
    text = prose({**tables, "leave_out": tables["leave_out"].assign(p=tables["leave_out"]["p"].mask(fading, 0.3))})
    assert "is no longer clear without trade" in text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"selection_needed": 0.4}, "it is not robust to that"),
        ({"selection_needed": -3.0}, "controls make it larger, not smaller"),
        ({"uncontrolled": -0.2}, "without controls its sign is the opposite"),
        ({"r2_controlled": 0.01}, "a low bar: what is observed explains"),
    ],
)
def test_selection_on_what_is_not_observed_is_told_as_it_is(tables, changed, words):
    assert words in prose({**tables, "selection_bounds": tables["selection_bounds"].assign(**changed)})


def test_a_study_without_questions_has_no_chapter():
    assert "How robust the answers are" not in prose(
        {name: table.head(0) for name, table in robustness_tables().items()}
    )
