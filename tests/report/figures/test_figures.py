import json
import re

import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.report.context import ReportContext
from innosurvey.report.drawn import DRAWN
from innosurvey.report.figures.districts import frame_quotient_map, luminance
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.figures.plans import FIGURES, figures_of
from innosurvey.report.figures.policy import frame_policy_frame
from innosurvey.report.figures.style import COLOURS, FigureStyle, wrapped

from ..conftest import font_files
from ..made_up import DISTRICTS, made_up_context, made_up_tables
from ..made_up_policy import made_up_frame


def test_every_figure_has_svg_png_csv_and_words(figures: dict[str, bytes]):
    words = json.loads(figures["figures.en.json"])
    known = figures_of(made_up_tables())
    assert set(words) == set(known) == {*FIGURES, "specification_curve-rd"}
    for name in known:
        assert figures[f"{name}.en.svg"].startswith(b"<?xml")
        assert figures[f"{name}.en.png"].startswith(b"\x89PNG")
        assert len(figures[f"{name}.csv"].splitlines()) > 1


def test_the_rule_that_draws_is_given_the_tables_of_the_figures_and_no_other():
    taken = {table for plan in figures_of(made_up_tables()).values() for table in plan.tables}
    assert taken | {"fits"} == DRAWN  # from the fits the counts behind coefficients


def test_the_same_tables_give_the_same_bytes(figures: dict[str, bytes]):
    assert draw_figures(made_up_tables(), made_up_context(), "en", font_files()) == figures


def test_no_figure_says_when_it_was_made(figures: dict[str, bytes]):
    assert not [name for name, content in figures.items() if b"dc:date" in content or b"Creation Time" in content]


def test_a_study_without_rows_has_no_figures():
    empty = {name: table.iloc[:0] for name, table in made_up_tables().items()}
    assert list(draw_figures(empty, made_up_context())) == ["figures.en.json"]


def test_alternative_text_is_made_from_the_data(figures: dict[str, bytes]):
    data = pd.read_csv(pd.io.common.BytesIO(figures["innovation_types.csv"]))
    alt = json.loads(figures["figures.en.json"])["innovation_types"]["alt"]
    assert all(f"{value:.1f}" in alt for value in data["estimate"])


def test_a_group_that_is_too_small_is_named_below_the_figure(figures: dict[str, bytes]):
    notes = json.loads(figures["figures.en.json"])["size_curve"]["notes"]
    assert any("Not shown, too few firms: 250 employees and more." in note for note in notes)


def test_the_map_of_quotients_has_each_region_once_and_says_what_is_hidden(figures: dict[str, bytes]):
    data = pd.read_csv(pd.io.common.BytesIO(figures["quotient_map.csv"]))
    assert sorted(data["group"]) == sorted(DISTRICTS)
    assert set(data[data["estimate"].isna()]["group"]) == {"Dobong-gu", "Nowon-gu"}


def test_a_study_without_tiles_has_no_map():
    context = made_up_context()
    style = FigureStyle(
        context=ReportContext.from_mapping({**context, "regions": {**context["regions"], "tiles": {}}}), language="en"
    )
    assert frame_quotient_map({"regions": made_up_tables()["regions"]}, style).empty
    tables = made_up_tables()
    assert "district_map.csv" not in draw_figures(tables, {**context, "regions": {}})


def test_sample_flow_sums_the_strata(figures: dict[str, bytes]):
    flow = pd.read_csv(pd.io.common.BytesIO(figures["sample_flow.csv"]), dtype={"wave": str}).set_index(
        ["wave", "step"]
    )["firms"]
    assert flow["2018", "Population of the frame"] == 5200 + 8100 + 240
    assert flow["2018", "In the raw file"] == 4061


def test_a_survey_without_a_frame_has_no_population_in_its_flow():
    tables = made_up_tables()
    tables["weights"] = tables["weights"].assign(population=100, sampled=100, responded=100)
    assert b"Population" not in draw_figures(tables, made_up_context())["sample_flow.csv"]


def test_the_flow_of_rows_needs_neither_frame_nor_registers_and_names_what_was_left_out():
    tables = made_up_tables()
    tables["weights"] = tables["weights"].assign(population=float("nan"))
    tables["link"] = tables["link"].iloc[:0]
    flow = pd.read_csv(
        pd.io.common.BytesIO(draw_figures(tables, made_up_context())["sample_flow.csv"]), dtype={"wave": str}
    )
    assert flow[flow["wave"] == "2018"]["step"].tolist() == [
        "In the raw file",
        "Left out: every column blank",
        "Left out: not a respondent",
        "Clean, in the analysis",
    ]


@pytest.mark.parametrize(("colour", "expected"), [((1, 1, 1, 1), 1.0), ((0, 0, 0, 1), 0.0)])
def test_luminance_of_white_and_black(colour: tuple, expected: float):
    assert luminance(colour) == pytest.approx(expected)


def test_series_colours_differ():
    assert len(set(COLOURS)) == len(COLOURS)


def test_labels_break_at_spaces():
    assert wrapped("Importance of research institutions", 14) == "Importance of\nresearch\ninstitutions"


def test_figures_speak_the_study_s_titles():
    style = FigureStyle(context=ReportContext.from_mapping(made_up_context()), language="en")
    assert style.item("innovator") == "Innovators of any type"
    assert not re.search("_", style.group("stage_self", "early_growth"))


def test_the_policy_grid_has_the_largest_barrier_and_the_most_used_instrument(figures: dict[str, bytes]):
    grid = pd.read_csv(pd.io.common.BytesIO(figures["policy_frame.csv"]), keep_default_na=False)
    startup = grid[(grid["group"] == "startup") & (grid["field"] == "financing")]
    assert startup["barrier"].tolist() == ["high_own_funds", "high_own_funds"]
    assert startup[["government", "reach"]].to_numpy().tolist() == [["central", "15"], ["local", "5"]]


def test_the_policy_grid_shows_no_number_of_too_few_firms(figures: dict[str, bytes]):
    grid = pd.read_csv(pd.io.common.BytesIO(figures["policy_frame.csv"]), keep_default_na=False)
    declining = grid[(grid["group"] == "decline") & (grid["field"] == "financing")].set_index("government")
    assert declining.loc["local", "reach"] == ""
    assert declining["barrier"].tolist() == ["high_external_finance", "high_external_finance"]
    alt = json.loads(figures["figures.en.json"])["policy_frame"]["alt"]
    assert "Decline – Financing: Lack of external finance is a high barrier 24.0 %" in alt
    assert "The city not shown" in alt
    assert "Incubation: Lack of innovation capability is a high barrier 15.0 %, not asked" in alt


def test_the_governments_of_the_policy_grid_stand_in_one_order_whichever_instruments_they_are_shown_with():
    frame = made_up_frame()
    other = frame[frame["instrument"] == "loan"].assign(instrument="equity")
    other.loc[other["government"] == "central", "reach"] = 40.0
    style = FigureStyle(context=ReportContext.from_mapping(made_up_context()), language="en")
    grid = frame_policy_frame({"policy": pd.concat([frame, other], ignore_index=True)}, style)
    startup = grid[(grid["group"] == "startup") & (grid["field"] == "financing")]
    assert startup[["government", "instrument"]].to_numpy().tolist() == [["central", "equity"], ["local", "loan"]]


def test_items_of_a_group_that_are_too_small_are_named_below_the_figure():
    tables = made_up_tables()
    small = (tables["describe"]["cohort"] == "outcome_goal") & (tables["describe"]["group"] == "failure")
    small &= tables["describe"]["item"] == "high_staff"
    tables["describe"] = tables["describe"].assign(n=tables["describe"]["n"].mask(small, 1))
    notes = json.loads(draw_figures(tables, made_up_context())["figures.en.json"])["barrier_profile"]["notes"]
    (note,) = [note for note in notes if note.startswith("Not shown")]
    assert note.startswith("Not shown, too few firms: Failed (Lack of qualified staff")


def test_a_korean_label_breaks_after_half_as_many_signs():
    assert wrapped("대학 대학 대학", 10) == "대학 대학\n대학"
    assert wrapped("ab ab ab", 10) == "ab ab ab"


def test_a_character_that_the_fonts_lack_is_an_error_with_the_figure_and_a_remedy():
    context = made_up_context()
    for cohort in context["cohorts"].values():
        for group in cohort["groups"].values():
            group["title"] = {"en": "\N{SNOWMAN WITHOUT SNOW}"}
    said = r"Figure \w+ \(en\) shows a character that the report's fonts lack[\s\S]*make_fonts"
    with pytest.raises(StudyError, match=said):
        draw_figures(made_up_tables(), context, "en", font_files())
