"""The chapter on concepts: rules in words, definitions side by side, and sentences that follow the numbers."""

import pandas as pd

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.layout_concepts import (
    also_table,
    cohort_table,
    definitions_table,
    overlaps_table,
    patterns_table,
    terms_table,
)
from innosurvey.report.lookup import Lookup
from innosurvey.report.sections import render_section

from .conftest import read_templates
from .made_up import made_up_context
from .test_layout_tables import row_of, text

GROUPS = {"active": {"title": {"en": "Active"}}, "dormant": {"title": {"en": "Dormant"}}}
CONTEXT = made_up_context(
    cohorts={
        "wide": {
            "title": {"en": "By the wide rule"},
            "groups": GROUPS,
            "universe": "certified",
            "source": "The manual",
            "note": "Without `innovator`.",
        },
        "narrow": {"title": {"en": "By the narrow rule"}, "groups": GROUPS},
        "certificates": {"title": {"en": "Certificates"}, "groups": {g: {"title": {"en": g.upper()}} for g in "vi"}},
        "industry": {"title": {"en": "Industry"}, "groups": {"it": {}}, "codelist": "ciiu", "variables": ("code",)},
    },
    variables={"innovator": {"en": "Any innovation"}, "certified": {"en": "Certified"}, "code": {"en": "Code"}},
    definitions={
        "innovator": {"rule": "any(goods, services)", "note": ""},
        "class": {
            "rule": "",
            "note": "A note.",
            "codelist": "ksic10",
            "variables": ("harmonised", "code"),
            "digits": 2,
        },
    },
)


def draft_of(moves: dict[tuple[str, str], int]) -> Draft:
    """Return a draft of a study with these firms under the wide and the narrow rule."""
    total = sum(moves.values())
    numbers = {key: (n, 2.0 * n, 100 * n / total) for key, n in moves.items()}
    pairs = [("activity", "wide", a, "narrow", b, "all", *numbers[a, b]) for a, b in moves]
    patterns = [("activity", "definitions", f"wide={a}|narrow={b}", "all", "all", *numbers[a, b]) for a, b in moves]
    held = [
        ("certificates", "groups", p, "all", "all", n, 2.0 * n, n / 2) for p, n in (("i", 50), ("v", 90), ("v|i", 60))
    ]
    held += [("certificates", "also", b, a, "all", 60, 120.0, 40.0) for a, b in ("vi", "iv")]
    cohorts = [
        ("wide", "Wide", "", 2, "innovator", "active", "all", 700, 1400.0, 70.0),
        ("wide", "Wide", "", 2, None, "dormant", "all", 300, 600.0, 30.0),
        ("industry", "Industry", "", 1, "code is it in the code list ciiu", "it", "all", 300, 600.0, 30.0),
    ]
    numbered = ["wave", "n", "weighted_n", "share"]
    tables = {
        "definitions": pd.DataFrame(
            pairs, columns=["concept", "cohort_a", "group_a", "cohort_b", "group_b", *numbered]
        ),
        "overlaps": pd.DataFrame(patterns + held, columns=["about", "kind", "pattern", "base", *numbered]),
        "cohorts": pd.DataFrame(cohorts, columns=["cohort", "title", "variant", "version", "rule", "group", *numbered]),
    }
    context = ReportContext.from_mapping(CONTEXT)
    return Draft(lookup=Lookup(tables, context.sources, 10), context=context, language="en", figures={})


MOVES = {("active", "active"): 500, ("active", "dormant"): 110, ("dormant", "dormant"): 390}


def chapter(moves: dict[tuple[str, str], int]) -> str:
    return render_section("20_concepts.en.md.j2", read_templates(), draft_of(moves))


def test_a_cohort_says_its_version_whom_it_divides_where_it_comes_from_and_why():
    title = text(cohort_table(draft_of(MOVES)).rows[0].cells[0])
    assert title == "By the wide rule, version 2. Among: “Certified”. Source: The manual. Without “Any innovation”."


def test_a_rule_stands_in_words_and_the_rest_is_called_all_others():
    table = cohort_table(draft_of(MOVES))
    assert row_of(table, "Active")[1] == "“Any innovation”"
    assert row_of(table, "Dormant")[1] == "all others"


def test_a_cohort_by_code_list_says_what_is_looked_up_and_a_note_where():
    table = cohort_table(draft_of(MOVES))
    assert row_of(table, "It")[1] == "looked up in a code list by “Code”"
    assert table.notes[0] == "Code lists: resources/codelists/ciiu.csv."


def test_a_question_that_the_survey_does_not_ask_is_said_to_be_lacking():
    draft = draft_of(MOVES)
    absent = pd.DataFrame({"kind": ["variable"], "id": ["goods"], "available": [False], "reason": ["not asked"]})
    tables = {"availability": absent}
    lacking = Draft(lookup=Lookup(tables, draft.context.sources, 10), context=draft.context, language="en", figures={})
    assert row_of(terms_table(lacking), "Any innovation")[1] == "any of: “Goods” (not asked); “Services”"


def test_the_terms_of_the_rules_are_explained():
    table = terms_table(draft_of(MOVES))
    assert row_of(table, "Any innovation")[1] == "any of: “Goods”; “Services”"
    assert row_of(table, "Class")[1] == "looked up in a code list by the first 2 digits of “Code”. A note."
    assert table.notes == ("Code lists: resources/codelists/ksic10.csv.",)


def test_the_groups_of_two_definitions_cross_with_shares_and_firms():
    table = definitions_table(draft_of(MOVES), "wide", "narrow")
    assert [column.title for column in table.columns] == ["By the wide rule", "Active", "Dormant"]
    assert row_of(table, "Active")[1:] == ["50.0|500", "11.0|110"]
    assert row_of(table, "Dormant")[1:] == ["", "39.0|390"]


def test_who_is_in_no_group_has_a_row_of_its_own_behind_the_others():
    table = definitions_table(draft_of({("outside", "active"): 40, **MOVES}), "wide", "narrow")
    assert [text(row.cells[0]) for row in table.rows] == ["Active", "Dormant", "Outside the definition"]


def test_a_pattern_whose_firms_are_hidden_stands_last_so_that_its_place_tells_nothing():
    moves = {("active", "active"): 4, ("active", "dormant"): 110, ("dormant", "dormant"): 390}
    table = patterns_table(draft_of(moves), "activity")
    assert [text(cell) for cell in table.rows[-1].cells] == ["Active", "Active", "[c]", "[c]"]


def test_overlaps_are_marked_group_by_group():
    assert [text(cell) for cell in overlaps_table(draft_of(MOVES), "certificates").rows[1].cells] == [
        "✓", "✓", "60", "30.0",
    ]  # fmt: skip


def test_of_the_firms_with_one_certificate_those_with_another():
    assert row_of(also_table(draft_of(MOVES), "certificates"), "V") == ["V", "", "40.0|60"]


def test_the_chapter_says_who_moves_one_way():
    assert (
        "of the firms are “Active” by the first and “Dormant” by the second; no firm moves the other way."
        in chapter(MOVES)
    )


def test_the_chapter_says_who_moves_both_ways():
    said = chapter({**MOVES, ("dormant", "active"): 90})
    assert "of the firms are “Active” by the first and “Dormant” by the second, [8.3 %](trace:" in said.replace(
        "\xa0", " "
    )
    assert "the other way round." in said


def test_the_chapter_says_that_nobody_moves():
    assert "no firm moves." in chapter({("active", "active"): 500, ("dormant", "dormant"): 390})


def test_the_chapter_tells_no_move_of_too_few():
    said = chapter({("active", "active"): 500, ("active", "dormant"): 4, ("dormant", "dormant"): 390})
    assert "the firms that move are too few to be told of." in said
