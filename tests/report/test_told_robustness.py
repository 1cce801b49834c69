"""What sentences tell of the robustness of answers."""

import pandas as pd
import pytest

from innosurvey.report.told_robustness import hinges, selection, spread, spreads

from .made_up_robustness import robustness_tables
from .made_up_rows import made_up_row
from .test_layout_robustness import draft_of

TOGETHER = {"median": 0.2, "share_positive": 1.0, "share_significant": 1.0, "p_median": 0.001, "suppressed": False}


def spread_of(**changes: object):
    return spread(made_up_row("specification_tests", {**TOGETHER, **changes}), 0.05)


@pytest.mark.parametrize(("share", "how_many"), [(1.0, "all"), (0.0, "none"), (0.5, "some")])
def test_all_none_or_some_estimates_are_positive_and_clear(share, how_many):
    assert spread_of(share_positive=share).positive == how_many
    assert spread_of(share_significant=share).clear == how_many


@pytest.mark.parametrize(("p", "together"), [(0.01, "against_chance"), (0.2, "chance"), (None, "")])
def test_together_specifications_speak_against_chance_or_are_what_it_can_bring(p, together):
    assert spread_of(p_median=p).together == together


def test_a_question_without_estimates_is_known_to_have_none():
    assert not spread_of(median=None).known


def test_each_question_has_its_inputs():
    found = spreads(draft_of(robustness_tables()))
    assert {curve: [told.row["input"] for told in rows] for curve, rows in found.items()} == {
        "rd": ["rd_per_employee", "cooperation"]
    }


def test_of_an_answer_that_is_not_clear_nothing_is_said_beyond_where_it_lies():
    clear, unclear = hinges(draft_of(robustness_tables()))
    assert (clear.without, len(clear.selection)) == ("stays", 1)
    assert (unclear.without, unclear.selection) == ("", ())
    assert len(unclear.ends) == 2


def without(**changes: float) -> str:
    """Return what becomes of the first answer where it is other without mining."""
    tables = robustness_tables()
    left_out: pd.DataFrame = tables["leave_out"]
    left_out.loc[left_out["left_out"] == "mining", list(changes)] = list(changes.values())
    return hinges(draft_of(tables))[0].without


def test_without_a_level_an_answer_turns_fades_or_stays():
    assert without(estimate=-0.1) == "turns"
    assert without(p=0.2) == "fades"
    assert without(p=0.01) == "stays"


def test_nothing_is_said_of_levels_where_none_was_left_out():
    tables = robustness_tables()
    del tables["leave_out"]
    assert [(one.ends, one.without) for one in hinges(draft_of(tables))] == [((), ""), ((), "")]


@pytest.mark.parametrize(
    ("uncontrolled", "needed", "explained", "way", "low_bar"),
    [
        (-0.1, 2.0, 0.5, "opposite", False),
        (0.1, -2.0, 0.5, "larger", False),
        (0.1, 0.5, 0.05, "little", False),
        (0.1, 2.0, 0.5, "much", False),
        (0.1, 2.0, 0.05, "much", True),
        (0.1, 2.0, None, "much", False),
    ],
)
def test_an_answer_stands_against_what_is_not_observed(uncontrolled, needed, explained, way, low_bar):
    cells = {"uncontrolled": uncontrolled, "controlled": 0.2, "selection_needed": needed, "r2_controlled": explained}
    told = selection(made_up_row("selection_bounds", {**cells, "suppressed": False}))
    assert (told.way, told.low_bar) == (way, low_bar)
