"""Which firms definitions place alike or differently."""

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.told_concepts import moves_say, told_concepts, told_moves, told_overlaps

from .made_up import MINIMUM_N, made_up_context

GROUPS = {"groups": {"in": {"title": "In"}, "out": {"title": "Out"}}}
COHORTS = {name: {"title": name, **GROUPS} for name in ("a", "b", "c", "d")} | {
    "other": {"title": "other", "groups": {"x": {"title": "X"}}}
}


def draft_of(**tables) -> Draft:
    context = ReportContext.from_mapping(made_up_context(cohorts=COHORTS))
    return Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="en", figures={})


def crossed(*cells: tuple[str, str, int], first: str = "a", second: str = "b") -> pd.DataFrame:
    """Return definitions.csv with these numbers of firms by the groups of both."""
    rows = [("thing", first, second, one, two, "all", n, float(n), "ok") for one, two, n in cells]
    names = ["concept", "cohort_a", "cohort_b", "group_a", "group_b", "wave", "n", "share", "status"]
    return pd.DataFrame(rows, columns=names)


def patterns(*found: tuple[str, str, str, float]) -> pd.DataFrame:
    """Return overlaps.csv of firms by kind, base, pattern and number; the share is the number."""
    rows = [("thing", kind, base, pattern, "all", n, n, "ok") for kind, base, pattern, n in found]
    return pd.DataFrame(rows, columns=["about", "kind", "base", "pattern", "wave", "n", "share", "status"])


def moving(*cells: tuple[str, str, int]) -> Draft:
    """Return a draft of two definitions with these numbers of firms by the groups of both."""
    parts = [("definitions", "all", f"a={one}|b={two}", n) for one, two, n in cells]
    return draft_of(definitions=crossed(*cells), overlaps=patterns(*parts))


STAY = (("in", "in", 500), ("out", "out", 400))


@pytest.mark.parametrize(
    ("cells", "says", "told"),
    [
        (STAY, "none", 0),
        ((*STAY, ("in", "out", 3)), "few", 0),
        ((*STAY, ("in", "out", 30)), "one", 1),
        ((*STAY, ("in", "out", 30), ("out", "in", 20)), "both", 2),
        ((*STAY, ("in", "out", 30), ("out", "in", 3)), "more", 1),
    ],
)
def test_moves_are_told_as_far_as_their_numbers_may_be(cells, says, told):
    found = told_moves(moving(*cells), "a", "b")
    assert (found.says, len(found.told)) == (says, told)


def test_moves_among_more_groups_are_all_told_one_by_one():
    assert moves_say(moved=2, told=2, groups=3) == "all"


def test_firms_outside_a_definition_do_not_move():
    found = told_moves(moving(*STAY, ("in", "outside", 40)), "a", "b")
    assert found.says == "none"


def test_definitions_with_other_groups_are_not_told_move_by_move():
    assert told_moves(draft_of(), "a", "other") is None


def test_many_definitions_are_set_side_by_side_at_once():
    pairs = [("a", "b"), ("a", "c"), ("b", "c"), ("a", "d")]
    tables = {
        "definitions": pd.concat([crossed(*STAY, first=first, second=second) for first, second in pairs]),
        "overlaps": patterns(
            ("definitions", "all", "a=in|b=in|c=in", 900),
            ("definitions", "all", "a=in|b=out|c=in", 80),
        ),
    }
    (concept,) = told_concepts(draft_of(**tables))
    assert (concept.name, concept.pairs, concept.all_at_once) == ("thing", tuple(pairs), True)
    assert [(cohort, group) for cohort, group, _ in concept.agreed] == [("a", "in")]


def test_two_definitions_are_set_pair_by_pair():
    (concept,) = told_concepts(draft_of(definitions=crossed(*STAY)))
    assert (concept.all_at_once, concept.agreed) == (False, ())


def test_overlaps_are_told_group_by_group_where_there_is_a_share():
    table = patterns(
        ("groups", "all", "in", 500),
        ("groups", "all", "in|out", 300),
        ("also", "in", "out", 300),
        ("also", "out", "in", 3),
    )
    ((cohort, also),) = told_overlaps(draft_of(overlaps=table))
    assert (cohort, [(base, [row["pattern"] for row in rows]) for base, rows in also]) == ("thing", [("in", ["out"])])
