"""Which firms, themes and items the chapter on the state of firms tells."""

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.told_state import certificates_held, has_frame, items_told, state_cohort, state_themes

from .made_up import MINIMUM_N, made_up_context, made_up_tables


def draft_of(**changes) -> Draft:
    context = ReportContext.from_mapping(made_up_context())
    tables = {**made_up_tables(), **changes}
    return Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="en", figures={})


def without(table: str, **columns: str):
    """Return a made-up table without the rows that have these values."""
    found = made_up_tables()[table]
    for column, value in columns.items():
        found = found[found[column] != value]
    return found


def test_the_chapter_is_about_certified_firms_where_there_are_any():
    assert state_cohort(draft_of()) == "certified"
    assert state_cohort(draft_of(describe=without("describe", cohort="certified"))) == "all"


def test_the_certificates_held_are_those_with_a_share():
    assert [row["group"] for row in certificates_held(draft_of())] == ["venture", "innobiz", "mainbiz"]
    assert certificates_held(draft_of(cohorts=without("cohorts", cohort="certification"))) == []


def test_themes_stand_in_the_chapter_s_order_with_what_is_compared():
    themes = state_themes(draft_of())
    assert [theme.name for theme in themes] == [
        "economic",
        "input",
        "cooperation",
        "information",
        "output",
        "barriers",
        "support",
    ]
    assert {theme.name for theme in themes if theme.compared} == {"input", "output"}
    assert [theme.name for theme in themes if theme.by_certificate] == ["output"]


def test_a_theme_without_a_described_item_is_left_out():
    table = made_up_tables()["describe"]
    table = table[table["item"] != "support_any"]
    assert "support" not in [theme.name for theme in state_themes(draft_of(describe=table))]


def test_a_table_over_all_themes_takes_the_items_that_are_described():
    assert items_told(draft_of(describe=made_up_tables()["describe"]), "regions") == [
        "rnd_performer",
        "innovator",
        "product_innovation",
        "cooperates_universities",
        "uses_clients",
        "uses_universities",
        "support_any",
    ]
    assert items_told(draft_of(describe=without("describe", item="innovator")), "regions")[1] == "product_innovation"


def test_a_frame_is_known_by_its_population():
    weights = made_up_tables()["weights"]
    assert has_frame(draft_of())
    assert not has_frame(draft_of(weights=weights.assign(population=None)))
    assert not has_frame(draft_of(weights=weights.iloc[:0]))
