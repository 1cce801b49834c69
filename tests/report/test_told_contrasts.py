"""What contrasts, rankings and gaps say."""

import itertools

import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup, Row
from innosurvey.report.told_contrasts import (
    lacks_say,
    network_says,
    told_gaps,
    told_lacks,
    told_network,
    told_ranking,
    told_rankings,
)

from .made_up import MINIMUM_N, made_up_context, made_up_tables
from .made_up_rows import made_up_row

WAYS = ("higher", "lower", "mixed", "unclear")


def draft_of(**tables) -> Draft:
    context = ReportContext.from_mapping(made_up_context())
    return Draft(
        lookup=Lookup({**made_up_tables(), **tables}, {}, MINIMUM_N), context=context, language="en", figures={}
    )


def compared(item: str, difference: float, p: float = 0.01) -> Row:
    return made_up_row(
        "compare",
        {
            "cohort": "outcome_goal", "group": "failure", "reference": "success", "wave": "all", "item": item,
            "difference": difference, "p": p, "p_adjusted": p, "suppressed": False,
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("industry", "research", "says"),
    [
        ("higher", "lower", "to_industry"),
        ("lower", "higher", "to_research"),
        ("lower", "lower", "thinner"),
        ("higher", "higher", "wider"),
        ("unclear", "unclear", "alike"),
        ("unclear", "lower", "weak_research"),
        ("mixed", "lower", "weak_research"),
        ("higher", "unclear", "strong_industry"),
        ("lower", "unclear", "no_leaning"),
    ],
)
def test_a_network_is_judged_by_both_its_sides(industry, research, says):
    assert network_says(industry, research) == says


@pytest.mark.parametrize(
    ("capacity", "money", "says"),
    [
        ("higher", "lower", "capacity"),
        ("higher", "unclear", "capacity"),
        ("lower", "higher", "money"),
        ("higher", "higher", "both"),
        ("unclear", "unclear", "alike"),
        ("lower", "unclear", "not_more"),
        ("mixed", "higher", "mixed"),
    ],
)
def test_what_firms_lack_is_judged_by_capacity_and_money(capacity, money, says):
    assert lacks_say(capacity, money) == says


def test_every_two_ways_have_a_message():
    for ways in itertools.product(WAYS, WAYS):
        assert network_says(*ways)
        assert lacks_say(*ways)


def test_a_contrast_needs_items_on_both_sides():
    industry, research = compared("uses_clients", 1), compared("uses_universities", -1)
    told = told_network(draft_of(), [industry, research])
    assert (told.group, told.first, told.second, told.says) == ("failure", "higher", "lower", "to_industry")
    assert told_network(draft_of(), [industry]) is None
    assert told_lacks(draft_of(), [industry, research]) is None


def ranked(*p: float) -> list[Row]:
    """Return a ranking whose items below the first lie below it with these p-values."""
    names = ("high_own_funds", "high_staff", "high_capability", "high_market_info", "high_external_finance", "high_x")
    return [
        made_up_row(
            "ranks",
            {
                "cohort": "all", "group": "all", "item": item, "estimate": 30.0 - place,
                "difference": -1.0 if place else 1.0, "p": value, "p_adjusted": value, "suppressed": False,
            },
        )
        for place, (item, value) in enumerate(zip(names, (0.01, *p), strict=False))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("p", "says", "top", "others"),
    [
        ((0.01, 0.01), "one", 1, 2),
        ((0.5,), "two", 2, 0),
        ((0.5, 0.5), "none", 3, 0),
        ((0.5, 0.01), "few", 2, 1),
        ((0.5, 0.5, 0.5, 0.5, 0.01), "many", 5, 1),
    ],
)
def test_a_ranking_says_how_many_share_the_top(p, says, top, others):
    told = told_ranking(draft_of(), ranked(*p))
    assert (told.says, len(told.top), told.others) == (says, top, others)


def test_the_titles_of_a_ranking_lose_what_they_share():
    told = told_ranking(draft_of(), ranked(0.5, 0.5))
    assert [title for title, _ in told.top] == ["Own funds", "Qualified staff", "Innovation capability"]


def test_rankings_are_told_group_by_group():
    assert [(name, group, len(rows)) for name, group, rows in told_rankings(draft_of())] == [("barriers", "all", 3)]
    assert told_rankings(draft_of(ranks=made_up_tables()["ranks"].iloc[:0])) == []


def gap_of(gap: float, explained: float, p: tuple[float, float, float] = (0.01, 0.01, 0.01)):
    table = made_up_tables()["decompositions"].query("term == ''").copy()
    table["estimate"] = [gap, explained, gap - explained]
    table["p"] = list(p)
    draft = draft_of(decompositions=table)
    (told,) = told_gaps(draft, draft.lookup.rows("decompositions"))
    return told


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (gap_of(20, 5), (True, True, "part", True)),
        (gap_of(-20, 5), (True, False, "opposite", True)),
        (gap_of(-20, -5), (True, False, "part", True)),
        (gap_of(20, 5, (0.01, 0.5, 0.5)), (True, True, "none", False)),
        (gap_of(20, 5, (0.5, 0.01, 0.01)), (False, True, "part", True)),
    ],
)
def test_a_gap_is_told_by_what_is_explained_of_it(told, expected):
    assert (told.clear, told.above, told.explained, told.rest_clear) == expected


def test_a_gap_without_an_estimate_is_not_told():
    table = made_up_tables()["decompositions"].assign(estimate=float("nan"))
    draft = draft_of(decompositions=table)
    assert told_gaps(draft, draft.lookup.rows("decompositions", term="")) == []
