import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.document import Cell, Table
from innosurvey.report.draft import Draft
from innosurvey.report.layout_comparisons import comparison_table
from innosurvey.report.layout_models import regression_tables
from innosurvey.report.layout_tables import describe_table, group_table
from innosurvey.report.lookup import Lookup

from .made_up import MINIMUM_N, made_up_context, made_up_tables


@pytest.fixture
def draft() -> Draft:
    context = ReportContext.from_mapping(made_up_context())
    return Draft(
        lookup=Lookup(made_up_tables(), context.sources, MINIMUM_N), context=context, language="en", figures={}
    )


def text(cell: Cell) -> str:
    return "|".join(
        "".join(run.text for run in cell.runs if run.line == line) for line in sorted({run.line for run in cell.runs})
    )


def row_of(table: Table, label: str) -> list[str]:
    return next([text(cell) for cell in row.cells] for row in table.rows if text(row.cells[0]).startswith(label))


def test_a_descriptive_cell_holds_the_estimate_and_below_it_its_interval(draft: Draft):
    table = describe_table(draft, "certified", ["innovator"])
    described = (
        made_up_tables()["describe"].query("cohort == 'certified' and wave == 'all' and item == 'innovator'").iloc[0]
    )
    expected = f"{described['estimate']:.1f}|{described['lower']:.1f}–{described['upper']:.1f}"
    assert row_of(table, "Innovators")[1] == expected


def test_the_firms_of_each_group_stand_below(draft: Draft):
    assert row_of(describe_table(draft, "certified", ["innovator"]), "Observations")[1:] == ["8,100", "3,900"]


def test_a_unit_stands_behind_the_title_unless_the_title_says_it(draft: Draft):
    table = describe_table(draft, "all", ["sales_mean", "rd_intensity"])
    labels = [text(row.cells[0]) for row in table.rows]
    assert labels[:2] == ["Sales per firm, mean (million KRW)", "R&D expenditure in percent of sales"]


def test_a_suppressed_group_shows_its_mark_and_the_note_says_what_it_means(draft: Draft):
    table = describe_table(draft, "size_cis", ["innovator"])
    assert row_of(table, "Innovators")[-1] == "[c]"
    assert "[c]: confidential, fewer than 10 firms." in table.notes


def test_a_suppressed_cell_has_no_trace_and_nothing_to_sort_by(draft: Draft):
    table = describe_table(draft, "size_cis", ["innovator"])
    cell = table.rows[0].cells[-1]
    assert (cell.order, [run.trace for run in cell.runs]) == ("", [""])


def test_a_layout_without_rows_is_no_table(draft: Draft):
    assert describe_table(draft, "certified", ["nothing"]) is None
    assert comparison_table(draft, "gu", ["innovator"]) is None
    assert group_table(draft, "sme_eu", ["innovator"]) is None


def test_a_comparison_row_has_both_estimates_difference_interval_p_and_effect(draft: Draft):
    table = comparison_table(draft, "activity_seoul", ["innovator"])
    assert [column.title for column in table.columns][1:] == [
        "Active",
        "Dormant",
        "Difference",
        "At equal composition",
        "Adjusted p",
        "Effect size",
    ]
    cells = row_of(table, "Innovators")
    assert cells[3].startswith("+")
    assert "–" in cells[3]
    assert cells[5] == "<0.001"


def test_several_groups_stand_side_by_side_against_their_reference(draft: Draft):
    table = comparison_table(draft, "stage_self", ["cooperation"])
    heads = ["Maturity (reference)", "Start-up", "Early growth", "High growth", "Decline", "All at once"]
    assert [column.title for column in table.columns][1:] == heads
    assert [cell.count("|") for cell in row_of(table, "Firms that cooperate in innovation")[1:]] == [0, 3, 3, 3, 3, 1]


def test_themes_are_subtitles_of_a_comparison(draft: Draft):
    table = comparison_table(draft, "outcome_goal")
    subtitles = [text(row.cells[0]) for row in table.rows if row.kind == "group"]
    assert subtitles == ["Cooperation", "Information network", "Barriers"]


def test_an_exact_test_is_marked(draft: Draft):
    tables = made_up_tables()
    tables["compare"]["status"] = "ok: exact test, unweighted"
    exact = Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=draft.context, language="en", figures={})
    table = comparison_table(exact, "activity_seoul", ["innovator"])
    assert text(table.rows[0].cells[0]).endswith("†")
    assert any("exact test" in note for note in table.notes)


def test_models_stand_in_columns_with_standard_errors_in_parentheses(draft: Draft):
    (table,) = regression_tables(draft, "knowledge")
    assert len(table.columns) == 3
    first = row_of(table, "R&D per employee")[1]
    assert first.split("|")[1][0] + first[-1] == "()"


def test_a_model_by_group_has_a_table_of_its_own_with_a_row_for_each_group(draft: Draft):
    table = regression_tables(draft, "productivity")[1]
    assert [text(row.cells[0]) for row in table.rows] == ["Venture", "Inno-Biz", "Main-Biz"]
    assert [column.title for column in table.columns][-2:] == ["Observations", "Firms"]


def test_the_cohorts_of_a_model_stand_below_one_another_under_their_names(draft: Draft):
    tables = made_up_tables()
    fits, coefficients = tables["fits"], tables["coefficients"]
    again = [part[part["group"] == "venture"].assign(cohort="zone", group="centre") for part in (fits, coefficients)]
    tables |= {"fits": pd.concat([fits, again[0]]), "coefficients": pd.concat([coefficients, again[1]])}
    twice = Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=draft.context, language="en", figures={})
    table = regression_tables(twice, "productivity")[1]
    assert [text(row.cells[0]) for row in table.rows if row.kind == "group"] == ["Certificates", "Zones of Seoul"]
    assert table.columns[0].title == "Group"


def test_the_footer_has_observations_firms_and_the_kind_of_fit(draft: Draft):
    (table,) = regression_tables(draft, "knowledge")
    feet = {text(row.cells[0]): text(row.cells[1]) for row in table.rows if row.kind == "foot"}
    assert feet["Observations"] == "9,120"
    assert feet["Pseudo-R² (McFadden)"] == "0.183"
    assert "Clusters" not in feet  # as many as firms


def test_what_all_columns_share_is_said_in_a_note(draft: Draft):
    (table,) = regression_tables(draft, "knowledge")
    assert "Estimator: Logit." in table.notes
    assert "Standard errors: cluster(firm_id)." in table.notes


def test_dummies_of_controls_are_named_in_a_note_not_listed(draft: Draft):
    (table,) = regression_tables(draft, "knowledge")
    assert not any("C(" in text(row.cells[0]) for row in table.rows)
    assert "Also in the model, not shown: Wave." in table.notes


def test_groups_as_rows_have_items_as_columns(draft: Draft):
    table = group_table(draft, "zone", ["innovator", "cooperation"])
    assert [len(row.cells) for row in table.rows] == [4] * 5


def test_the_decimals_of_a_row_are_even(draft: Draft):
    cells = row_of(describe_table(draft, "certified", ["age_median"]), "Age")
    assert {len(cell.split("|")[0].split(".")[1]) for cell in cells[1:]} == {1}


@pytest.fixture
def doubtful() -> Draft:
    """A draft whose estimates are good in one group, to be used with caution in another and unreliable in a third."""
    tables, context = made_up_tables(), ReportContext.from_mapping(made_up_context())
    verdicts = {"micro": "good", "small": "use with caution", "medium": "unreliable", "large": "unreliable"}
    tables["describe"] = tables["describe"].assign(reliability=tables["describe"]["group"].map(verdicts))
    lookup = Lookup(tables, context.sources, MINIMUM_N)
    return Draft(lookup=lookup, context=context, language="en", figures={})


def test_an_estimate_that_is_not_to_be_relied_on_carries_a_mark(doubtful: Draft):
    cells = row_of(describe_table(doubtful, "size_cis", ["innovator"]), "Innovators")[1:4]
    first_lines = [cell.split("|")[0] for cell in cells]
    assert [line[-4:] for line in first_lines[1:]] == ["\xa0[E]", "\xa0[F]"]
    assert "[" not in first_lines[0]


def test_the_notes_say_what_the_marks_mean(doubtful: Draft):
    notes = describe_table(doubtful, "size_cis", ["innovator"]).notes
    assert {"[E]: use with caution.", "[F]: too uncertain to be relied on."} <= set(notes)


def test_the_verdict_on_a_hidden_number_is_hidden_with_it(doubtful: Draft):
    assert row_of(describe_table(doubtful, "size_cis", ["innovator"]), "Innovators")[-1] == "[c]"
    (row,) = doubtful.lookup.rows("describe", cohort="size_cis", wave="all", item="innovator", group="large")
    assert row["reliability"] == ""


def test_a_table_of_good_estimates_says_nothing_of_reliability(doubtful: Draft):
    table = describe_table(doubtful, "certified", ["innovator"])
    assert not any("caution" in note for note in table.notes)


def test_a_table_over_all_waves_says_that_the_jackknife_is_not_where_its_errors_come_from():
    context = ReportContext.from_mapping(made_up_context(variance="jackknife"))
    lookup = Lookup(made_up_tables(), context.sources, MINIMUM_N)
    draft = Draft(lookup=lookup, context=context, language="en", figures={})
    linearised = draft.words["note_linearised"]
    assert linearised in describe_table(draft, "certified", ["innovator"]).notes
    assert linearised not in describe_table(draft, "certified", ["innovator"], wave="2020").notes


def test_under_linearisation_there_is_nothing_to_say_of_it(draft: Draft):
    assert draft.words["note_linearised"] not in describe_table(draft, "certified", ["innovator"]).notes
