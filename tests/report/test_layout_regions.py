"""Regions in the report: tables under their zones, sentences that follow the numbers, nothing that is withheld."""

import re

import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.disclosure import clear_tables
from innosurvey.report.document import Cell
from innosurvey.report.draft import Draft
from innosurvey.report.layout_regions import concentration_table, profiles_table, quotients_table, regions_table
from innosurvey.report.lookup import Lookup
from innosurvey.report.sections import render_section

from .conftest import read_templates
from .made_up import MINIMUM_N, made_up_context, made_up_tables
from .made_up_regions import PLACES, made_up_concentration, made_up_profiles, made_up_regions, made_up_types


def draft_of(**changes: object) -> Draft:
    """Return a draft of the made-up study with some tables changed."""
    context = ReportContext.from_mapping(made_up_context())
    tables = {**made_up_tables(), **changes}
    return Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="en", figures={})


def said(**changes: object) -> str:
    """Return what the chapter says of regions, without links and marks."""
    text = render_section("30_state.en.md.j2", read_templates(), draft_of(**changes))
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)|```place.*?```", r"\1", text, flags=re.DOTALL)
    return text[text.index("## Regional distribution") :].replace("\\", "").replace("*", "")


def text(cell: Cell) -> str:
    return "|".join(
        "".join(run.text for run in cell.runs if run.line == line) for line in sorted({run.line for run in cell.runs})
    )


def test_regions_stand_below_their_zones_and_the_zones_at_the_foot():
    table = regions_table(draft_of())
    assert [row.kind for row in table.rows].count("group") == 2
    assert [text(row.cells[0]) for row in table.rows if row.kind == "foot"] == ["North", "South"]
    assert len([row for row in table.rows if row.kind == "body"]) == len(PLACES)


def test_the_frames_firms_have_a_column_of_their_own_and_no_share():
    table = regions_table(draft_of())
    heads = [(column.over, column.title) for column in table.columns]
    assert heads[1] == ("Firms in the sampling frame", "firms")
    assert ("Firms in the sampling frame", "% of all") not in heads


def test_a_quotient_that_is_clearly_not_one_is_marked():
    rows = {text(row.cells[0]): text(row.cells[1]) for row in quotients_table(draft_of()).rows if row.kind == "body"}
    assert rows["Jung-gu"] == "1.40*|1.26–1.54"
    assert rows["Mapo-gu"] == "1.00|0.90–1.10"
    assert (rows["Dobong-gu"], rows["Nowon-gu"]) == ("[c]", "[c]")


def test_what_is_withheld_is_cleared_though_enough_firms_stand_behind_it():
    cleared = clear_tables({"regions": made_up_regions()}, MINIMUM_N)["regions"]
    nowon = cleared[(cleared["region"] == "Nowon-gu") & (cleared["measure"] == "certified")]
    assert nowon["suppressed"].all()
    assert nowon[["n", "estimate", "lower", "p"]].isna().all(axis=None)


def test_moran_has_its_p_values_in_the_row_of_its_measure():
    table = concentration_table(draft_of())
    assert [column.title for column in table.columns][-4:] == [
        "Moran's I",
        "p, neighbours alike",
        "p, alike or unlike",
        "Adjusted p",
    ]
    assert [text(cell) for cell in table.rows[1].cells[-4:]] == ["0.300", "0.005", "0.010", "0.010"]


def test_profiles_have_a_column_for_the_type_only_where_types_can_be_told():
    assert [column.title for column in profiles_table(draft_of()).columns][-1] == "Type"
    without = profiles_table(draft_of(region_profiles=made_up_profiles(typed=False)))
    assert "Type" not in [column.title for column in without.columns]


def test_a_study_without_regions_has_no_such_tables():
    lacking = {name: made_up_tables()[name].iloc[:0] for name in ("regions", "concentration", "region_profiles")}
    draft = draft_of(**lacking)
    layouts = (regions_table, quotients_table, concentration_table, profiles_table)
    assert [layout(draft) for layout in layouts] == [None] * 4


def test_the_region_that_stands_out_is_named_and_no_other():
    assert "Certified SMEs are clearly more frequent among the firms of Jung-gu (1.40)" in said()


def test_regions_that_do_not_stand_out_are_not_named():
    regions = made_up_regions()
    text = said(regions=regions.assign(p_adjusted=regions["p_adjusted"].mask(regions["p_adjusted"].notna(), 0.6)))
    assert "Certified SMEs: no region is clearly apart" in text


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.01, "They do in certified SMEs (0.30, p = 0.010)"),
        (0.5, "No: in all firms and certified SMEs the regions lie"),
    ],
)
def test_the_sentence_on_neighbours_follows_the_p_value(p, words):
    assert words in said(concentration=made_up_concentration(alike=p)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("verdict", "p", "words"),
    [
        ("separable", 0.001, "fall into 2 types that hold against the sampling error"),
        ("not separable", 0.001, "they do not fall into types"),
        ("alike", 0.4, "cannot be told apart"),
        ("not tested", None, "It cannot be asked here"),
    ],
)
def test_the_sentence_on_types_follows_the_verdict(verdict, p, words):
    text = said(region_types=made_up_types(verdict, p), region_profiles=made_up_profiles(verdict == "separable"))
    assert words in text
    assert ("North stands out by universities" in text) == (verdict == "separable")
