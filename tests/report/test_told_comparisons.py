"""What comparisons add up to, before any language words it."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup, Row
from innosurvey.report.told_comparisons import (
    DIRECTIONS,
    has_comparisons,
    pairs_among,
    themed,
    told_chapters,
    told_clearest,
    told_headline,
    told_holding,
    told_verdicts,
    turned_round,
)

from .made_up import MINIMUM_N, made_up_context, made_up_tables
from .made_up_rows import made_up_row

VERDICTS = ("higher", "lower", "unclear", "unavailable")
ITEMS = ("uses_clients", "sales_per_employee", "uses_suppliers", "export_share")  # a phrase makes the first a deed


def draft_of(**tables) -> Draft:
    about = made_up_context()
    about["items"]["uses_clients"]["phrase"] = {"en": "use clients"}
    about["items"]["uses_suppliers"]["phrase"] = {"en": "use suppliers"}
    context = ReportContext.from_mapping(about)
    return Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="en", figures={})


def compared(verdict: str, item: str, group: str = "a", effect: float = 0.3, reference: str = "z") -> Row:
    """Return one comparison with a verdict."""
    return made_up_row(
        "compare",
        {
            "cohort": "stages", "group": group, "reference": reference, "wave": "all", "item": item,
            "difference": {"higher": 1.0, "lower": -1.0, "unclear": 1.0}.get(verdict), "p": None,
            "p_adjusted": 0.5 if verdict == "unclear" else 0.01, "effect_size": effect, "suppressed": False,
        },
    )  # fmt: skip


def rows_of(*verdicts: str, group: str = "a") -> list[Row]:
    """Return comparisons of one pair with these verdicts, the effects from the smallest to the largest."""
    return [
        compared(verdict, item, group, 0.1 * (place + 1))
        for place, (verdict, item) in enumerate(zip(verdicts, ITEMS, strict=False))
    ]


def items(rows) -> list[str]:
    return [row["item"] for row in rows]


def test_pairs_stand_in_the_order_of_their_rows():
    pairs = pairs_among([*rows_of("higher", group="b"), *rows_of("higher", group="a")])
    assert [(pair.group, pair.reference) for pair in pairs] == [("b", "z"), ("a", "z")]


def test_a_statement_keeps_deeds_apart_from_what_firms_have():
    (one,) = told_verdicts(draft_of(), rows_of("higher", "higher", "higher")).statements
    assert one.higher
    assert (items(one.does), items(one.has)) == (["uses_clients", "uses_suppliers"], ["sales_per_employee"])


def test_what_is_higher_is_told_before_what_is_lower():
    told = told_verdicts(draft_of(), rows_of("lower", "higher"))
    assert [one.higher for one in told.statements] == [True, False]


def test_one_pair_tells_what_is_unclear_and_several_which_groups_are_alike():
    one = told_verdicts(draft_of(), rows_of("higher", "unclear"))
    several = told_verdicts(draft_of(), [*rows_of("higher", "unclear"), *rows_of("unclear", "unclear", group="b")])
    assert (items(one.unclear), one.alike) == (["sales_per_employee"], ())
    assert (several.unclear, several.alike, several.several_items) == ((), ("b",), True)


def test_at_most_some_are_told_but_one_in_each_direction():
    told = told_verdicts(draft_of(), rows_of("lower", "higher", "higher", "higher"), most=1)
    assert [(one.higher, items([*one.does, *one.has])) for one in told.statements] == [
        (True, ["export_share"]),
        (False, ["uses_clients"]),
    ]


def test_no_comparisons_have_nothing_to_tell():
    assert told_verdicts(draft_of(), []) is None


@given(st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=4), st.one_of(st.none(), st.integers(1, 3)))
def test_only_clear_rows_are_told_and_each_once(verdicts, most):
    told = told_verdicts(draft_of(), rows_of(*verdicts), most)
    said = [row["item"] for one in told.statements for row in (*one.does, *one.has)]
    clear = [item for verdict, item in zip(verdicts, ITEMS, strict=False) if verdict in DIRECTIONS]
    assert len(said) == len(set(said))
    assert set(said) <= set(clear)
    assert (most is not None) or sorted(said) == sorted(clear)


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        (("higher", "unclear"), "one"),
        (("higher",), "higher"),
        (("higher", "higher", "unclear"), "higher"),
        (("lower", "lower"), "lower"),
        (("higher", "lower"), "mixed"),
        (("unclear", "unavailable"), "unclear"),
    ],
)
def test_the_main_message_of_one_pair_follows_its_verdicts(verdicts, says):
    assert told_headline(draft_of(), rows_of(*verdicts)).says == says


@pytest.mark.parametrize(
    ("first", "second", "says", "apart"),
    [
        ("higher", "unclear", "some", ("a",)),
        ("higher", "lower", "all", ("a", "b")),
        ("unclear", "unclear", "none", ()),
    ],
)
def test_the_main_message_of_several_pairs_is_which_differ(first, second, says, apart):
    told = told_headline(draft_of(), [*rows_of(first), *rows_of(second, group="b")])
    assert (told.says, told.apart) == (says, apart)


def test_groups_with_the_same_clearest_difference_stand_together():
    rows = [
        compared("higher", "uses_clients", "a"),
        compared("higher", "sales_per_employee", "a", effect=0.1),
        compared("higher", "uses_clients", "b"),
        compared("lower", "uses_clients", "c"),
        compared("unclear", "uses_clients", "d", effect=0.9),
    ]
    told = told_clearest(draft_of(), rows)
    assert [(one.higher, one.does, [row["group"] for row in one.rows]) for one in told] == [
        (True, True, ["a", "b"]),
        (False, True, ["c"]),
    ]


@pytest.mark.parametrize(
    ("here", "there", "says"),
    [
        (("higher", "lower"), ("higher", "lower"), "all"),
        (("higher", "lower"), ("unclear", "unclear"), "none"),
        (("higher", "lower"), ("higher", "unclear"), "some"),
        (("higher", "unclear"), ("lower", "unclear"), "some"),
    ],
)
def test_another_definition_keeps_all_none_or_some(here, there, says):
    assert told_holding(draft_of(), rows_of(*here), rows_of(*there)).says == says


def test_another_definition_sorts_the_differences():
    told = told_holding(
        draft_of(),
        rows_of("higher", "higher", "higher", "unclear"),
        rows_of("higher", "unclear", "lower", "higher"),
    )
    assert [items(found) for found in (told.same, told.unclear, told.opposite, told.fresh)] == [
        [item] for item in ITEMS
    ]


def test_other_groups_or_several_are_not_held_against_each_other():
    here = rows_of("higher")
    assert told_holding(draft_of(), here, rows_of("higher", group="b")) is None
    assert told_holding(draft_of(), [*here, *rows_of("higher", group="b")], here) is None
    assert told_holding(draft_of(), rows_of("unclear"), rows_of("higher")) is None


def test_a_section_tells_its_first_definition_in_full():
    table = made_up_tables()["compare"].query("cohort in ('outcome_goal', 'activity_seoul')")
    second = table[table["cohort"] == "outcome_goal"].assign(cohort="outcome_oslo")
    both = draft_of(compare=pd.concat([table, second]))
    chapters = dict(told_chapters(both))
    assert list(chapters) == ["activity", "outcome"]
    assert [(one.cohort, one.first is None) for one in chapters["outcome"]] == [
        ("outcome_goal", True),
        ("outcome_oslo", False),
    ]


def test_cohorts_of_no_section_stand_among_the_others():
    table = made_up_tables()["compare"].query("cohort == 'size_cis'").assign(cohort="owners")
    draft = draft_of(compare=table)
    draft.context.comparisons["owners"] = {"cohort": "owners"}
    assert [name for name, _ in told_chapters(draft)] == ["others"]


def test_a_study_without_comparisons_has_no_chapter_on_them():
    assert not has_comparisons(draft_of())
    assert has_comparisons(draft_of(compare=made_up_tables()["compare"].query("cohort == 'certified'")))


def test_comparisons_stand_by_theme():
    found = themed(draft_of(), rows_of("higher", "higher", "higher"))
    assert [(named, [row["item"] for row in rows]) for _, named, rows in found] == [
        (["uses_clients", "uses_suppliers"], ["uses_clients", "uses_suppliers"]),
        (["sales_per_employee"], ["sales_per_employee"]),
    ]


@pytest.mark.parametrize(("factor", "told"), [(1, 0), (-1, 1)])
def test_what_turns_round_among_firms_of_the_same_composition_is_told(factor: int, told: int):
    tables = made_up_tables()
    chosen = {"cohort": "outcome_goal", "wave": "all", "item": "uses_clients", "group": "failure"}
    here = (tables["adjusted"][list(chosen)].astype("str") == pd.Series(chosen)).all(axis=1)
    tables["adjusted"].loc[here, "difference"] *= factor
    draft = draft_of(**tables)
    found = draft.lookup.rows("compare", **chosen)
    assert len(found) == 1
    assert len(turned_round(draft, found)) == told
