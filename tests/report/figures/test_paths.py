"""The chain from R&D to productivity as a path diagram."""

import json

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.figures.paths import GAP, Card, columns_of, draw_cdm_path, frame_cdm_path, placed, side_of
from innosurvey.report.figures.style import FigureStyle

from ..made_up import made_up_context, made_up_tables


def style_of(**changes: object) -> FigureStyle:
    return FigureStyle(context=ReportContext.from_mapping(made_up_context(**changes)), language="en")


def links() -> pd.DataFrame:
    return frame_cdm_path(made_up_tables(), style_of())


def cards() -> dict[str, Card]:
    return placed(columns_of(links(), style_of()))


def test_each_equation_has_its_inputs_and_what_it_takes_from_an_earlier_one():
    found = links()[["equation", "outcome", "source", "term"]].itertuples(index=False, name=None)
    assert list(found) == [
        ("productivity", "log_sales_per_employee", "product_innovation", "predicted(product_innovation)"),
        ("productivity", "log_sales_per_employee", "", "export_share"),
        ("knowledge", "product_innovation", "log_rd_per_employee", "predicted(log_rd_per_employee)"),
        ("knowledge", "product_innovation", "", "cooperation"),
        ("intensity", "log_rd_per_employee", "", "support_any"),
        ("selection", "rnd_performer", "", "support_any"),
        ("selection", "rnd_performer", "", "uses_clients"),
    ]


def test_a_link_is_clear_by_the_studys_limit():
    tables = made_up_tables()
    tables["coefficients"]["p"] = 0.04
    assert frame_cdm_path(tables, style_of())["clear"].all()
    assert not frame_cdm_path(tables, style_of(confidence=0.99))["clear"].any()


@pytest.mark.parametrize(
    ("estimate", "clear", "side"), [(0.1, True, "up"), (-0.1, True, "down"), (0.1, False, "unclear")]
)
def test_a_link_points_up_or_down_only_if_it_is_clear(estimate, clear, side):
    assert side_of(estimate, clear) == side


def test_a_study_without_a_chain_has_no_path():
    tables = made_up_tables()
    tables["coefficients"] = tables["coefficients"][tables["coefficients"]["model"] != "chain"]
    assert frame_cdm_path(tables, style_of()).empty


def test_cards_of_a_stage_stand_above_one_another_and_stages_beside_one_another():
    found = cards()
    assert found["selection"].bottom == pytest.approx(found["intensity"].top + GAP)
    assert found["intensity"].left < found["knowledge"].left < found["productivity"].left


def test_what_follows_stands_level_with_the_amount_of_r_and_d():
    found = cards()
    assert found["knowledge"].middle == pytest.approx(found["intensity"].middle)
    assert min(card.bottom for card in found.values()) > 0


def test_several_chains_have_a_titled_panel_each():
    one = links()
    figure = draw_cdm_path(pd.concat([one, one.assign(model="product_on_rd")]), style_of())
    assert [axis.get_title() for axis in figure.axes] == ["Chain", "Product on rd"]


def test_the_alternative_text_tells_every_link(figures: dict[str, bytes]):
    alt = json.loads(figures["figures.en.json"])["cdm_path"]["alt"]
    assert all(f"{estimate:.3f}".replace("-", "−") in alt for estimate in links()["estimate"])
