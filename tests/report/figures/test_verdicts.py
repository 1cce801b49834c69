"""The claims at a glance."""

import json

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.figures.style import FigureStyle
from innosurvey.report.figures.verdicts import MARKS, draw_claims_overview, frame_claims_overview

from ..made_up import made_up_context
from ..made_up_claims import CLAIMS, claims_tables

STYLE = FigureStyle(context=ReportContext.from_mapping(made_up_context()), language="en")


def overview(**tables: pd.DataFrame) -> pd.DataFrame:
    return frame_claims_overview({**claims_tables(), **tables}, STYLE).set_index("claim")


def test_every_claim_has_a_row_with_its_verdict_and_its_checks():
    found = overview()
    assert list(found.index) == list(CLAIMS)
    assert list(found["checks_agree"]) == [4, 2, 1, 0]


def test_an_effect_is_told_in_smallest_effects_that_matter_towards_the_claimed_sign():
    found = overview()
    assert found.loc["C1", "relative"] == pytest.approx(5.0)
    assert found.loc["C7", "relative"] == pytest.approx(0.5)
    assert found.loc["C7", ["relative_lower", "relative_upper"]].to_list() == pytest.approx([-1.0, 2.0])


def test_a_claim_that_could_not_be_estimated_has_no_effect():
    assert pd.isna(overview().loc["C9", "relative"])


def test_without_claims_there_is_no_overview():
    assert frame_claims_overview({"claims": claims_tables()["claims"].iloc[:0]}, STYLE).empty


def test_verdicts_differ_in_shape_as_in_colour():
    assert len({mark for mark, _, _ in MARKS.values()}) == len({edge + face for _, edge, face in MARKS.values()}) == 4


def test_an_effect_without_an_interval_is_drawn_as_a_point():
    hypotheses = claims_tables()["hypotheses"].assign(lower=None, upper=None).astype({"lower": float, "upper": float})
    frame = overview(hypotheses=hypotheses).reset_index()
    effects = draw_claims_overview(frame, STYLE).axes[-1]
    told = [line.get_xdata() for line in effects.lines if line.get_linewidth() > 1 and line.get_marker() == "None"]
    assert not told


def test_the_alternative_text_tells_verdicts_checks_and_effects(figures: dict[str, bytes]):
    alt = json.loads(figures["figures.en.json"])["claims_overview"]["alt"]
    assert "C1 Active firms do better: supported, Checks that agree 4 of 4" in alt.replace("  ", " ")
    assert "5.0 (4.0 – 6.0)" in alt
    assert "C9 Regions differ: not estimable" in alt.replace("  ", " ")
