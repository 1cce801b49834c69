"""Rankings and decompositions as tables."""

import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.document import Cell, Table
from innosurvey.report.draft import Draft
from innosurvey.report.layout_comparisons import comparison_table, note_of_families
from innosurvey.report.layout_contrasts import decomposition_table, ranking_rows, ranking_table
from innosurvey.report.lookup import Lookup

from .made_up import made_up_context, made_up_tables

MINIMUM_N = 10


def draft_of(**changes: object) -> Draft:
    tables = {**made_up_tables(), **changes}
    context = ReportContext.from_mapping(made_up_context())
    return Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="en", figures={})


@pytest.fixture
def draft() -> Draft:
    return draft_of()


def text(cell: Cell) -> str:
    return "|".join(
        "".join(run.text for run in cell.runs if run.line == line) for line in sorted({run.line for run in cell.runs})
    )


def column(table: Table, place: int) -> list[str]:
    return [text(row.cells[place]) for row in table.rows]


def test_a_ranking_goes_from_the_highest_down(draft: Draft):
    assert [row["item"] for row in ranking_rows(draft, "barriers", "all")] == [
        "high_own_funds", "high_staff", "high_partners",
    ]  # fmt: skip


def test_each_item_of_a_ranking_is_set_against_the_highest(draft: Draft):
    table = ranking_table(draft, "barriers", "all")
    assert column(table, 1) == ["30.0", "29.5", "10.0"]
    assert [cell.split("|")[0] for cell in column(table, 2)] == ["", "−0.5", "−20.0"]


def test_a_ranking_of_too_few_firms_is_no_table():
    few = draft_of(ranks=made_up_tables()["ranks"].assign(n=4))
    assert ranking_table(few, "barriers", "all") is None


def test_a_decomposition_tells_all_terms_then_each(draft: Draft):
    table = decomposition_table(draft, "certified_gap")
    assert column(table, 0)[1:] == ["All terms", "Employees (log)", "Constant"]
    assert [text(row.cells[2]).split("|")[0] for row in table.rows[1:]] == ["+5.0", "+5.0", ""]


def test_a_decomposition_that_a_study_lacks_is_no_table(draft: Draft):
    assert decomposition_table(draft, "nothing") is None


def test_the_difference_at_an_equal_composition_stands_beside_the_plain_one(draft: Draft):
    table = comparison_table(draft, "activity_seoul", ["innovator"])
    assert [one.title for one in table.columns][3:5] == ["Difference", "At equal composition"]
    assert any("alike in" in note for note in table.notes)


def test_a_statistic_that_is_not_adjusted_has_a_dash_there():
    tables = made_up_tables()
    for name in ("compare", "adjusted"):
        tables[name] = tables[name].query("cohort == 'activity_seoul'")
    ratios = tables["adjusted"].query("status != 'ok'")["item"].unique()
    table = comparison_table(draft_of(**tables), "activity_seoul")
    assert sum(cell == "–" for cell in column_of_items(table, 4)) == len(ratios)


def column_of_items(table: Table, place: int) -> list[str]:
    return [text(row.cells[place]) for row in table.rows if row.kind != "group"]


def test_several_groups_end_with_the_test_of_all_at_once(draft: Draft):
    table = comparison_table(draft, "stage_self", ["cooperation"])
    assert table.columns[-1].title == "All at once"
    assert text(table.rows[0].cells[-1]).startswith("p")


def test_the_note_names_the_family(draft: Draft):
    table = comparison_table(draft, "activity_seoul", ["innovator"])
    assert any("within the family" in note for note in table.notes)


def test_an_exact_test_shows_its_odds_below_the_effect():
    compare = made_up_tables()["compare"].assign(
        status="ok: exact test, unweighted", log_odds=-1.7, log_odds_lower=-3.3, log_odds_upper=-0.6
    )
    table = comparison_table(draft_of(compare=compare), "activity_seoul", ["innovator"])
    assert text(table.rows[0].cells[-1]).split("|")[1:] == ["−1.7", "−3.3 to −0.6"]


def test_several_families_are_told_apart(draft: Draft):
    assert note_of_families(draft, ["network", "barriers"]).endswith(
        "within each of the families “information network”, “barriers”."
    )


def test_both_estimates_of_a_comparison_have_the_decimals_of_the_larger():
    compare = made_up_tables()["compare"].query("cohort == 'certified' and item == 'rd_intensity' and wave == 'all'")
    table = comparison_table(
        draft_of(compare=compare.assign(estimate_group=0.72, estimate_reference=4.5)), "certified", ["rd_intensity"]
    )
    assert [text(cell).split("|")[0] for cell in table.rows[0].cells[1:3]] == ["0.7", "4.5"]
