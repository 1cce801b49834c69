"""Items along a variable as lines with bands."""

import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.disclosure import clear_tables
from innosurvey.report.figures import bands
from innosurvey.report.figures.style import FigureStyle

from .. import made_up
from ..made_up_contrasts import made_up_curves

STYLE = FigureStyle(context=ReportContext.from_mapping(made_up.made_up_context()), language="en")


@pytest.fixture
def frame():
    return bands.frame_smooth_curves(clear_tables({"curves": made_up_curves()}, 10), STYLE)


def test_points_with_too_few_firms_are_not_drawn(frame):
    assert sorted(set(frame["at"])) == [5, 50]


def test_no_line_is_drawn_through_a_single_point():
    lone = made_up_curves().query("at == 5")
    assert bands.frame_smooth_curves(clear_tables({"curves": lone}, 10), STYLE).empty


def test_a_study_without_curves_has_no_such_figure():
    assert bands.frame_smooth_curves({}, STYLE).empty


def test_the_whole_of_the_highest_band_is_within_the_panel(frame):
    (axis,) = bands.draw_smooth_curves(frame, STYLE).axes
    low, high = axis.get_ylim()
    assert low == 0
    assert high >= frame["upper"].max()


def test_the_text_in_place_of_the_figure_tells_each_line_from_its_first_value_to_its_last(frame):
    said = bands.alt_smooth_curves(frame, STYLE)
    assert "40.5 % at 5, 45.0 % at 50" in said
    assert "20.5 % at 5, 25.0 % at 50" in said
