"""What is hidden must not follow from what is shown: counts of definitions side by side."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.report.disclosure import clear_tables
from innosurvey.report.linked import Count, is_safe, shown_counts

MINIMUM = 10


def tables_of(cells: dict[tuple[str, str], int]) -> dict[str, pd.DataFrame]:
    """Return the tables of two definitions `p` and `q` of one concept whose crossing holds these counts."""
    pairs = pd.DataFrame(
        [("c", "p", a, "q", b, "all", n, float(n), 1.0) for (a, b), n in cells.items() if n],
        columns=["concept", "cohort_a", "group_a", "cohort_b", "group_b", "wave", "n", "weighted_n", "share"],
    )
    patterns = pd.DataFrame(
        [("c", "definitions", f"p={a}|q={b}", "all", "all", n, float(n), 1.0) for (a, b), n in cells.items() if n],
        columns=["about", "kind", "pattern", "base", "wave", "n", "weighted_n", "share"],
    )
    margins = [
        (cohort, group, sum(n for key, n in cells.items() if key[side] == group))
        for side, cohort in enumerate(("p", "q"))
        for group in dict.fromkeys(key[side] for key in cells)
    ]
    cohorts = pd.DataFrame(
        [(c, c, "", 1, "", group, "all", n, float(n), 1.0) for c, group, n in margins],
        columns=["cohort", "title", "variant", "version", "rule", "group", "wave", "n", "weighted_n", "share"],
    )
    return {"definitions": pairs, "overlaps": patterns, "cohorts": cohorts}


def shown(tables: dict[str, pd.DataFrame], name: str = "definitions") -> dict[tuple[str, str], float]:
    table = clear_tables(tables, MINIMUM)[name].dropna(subset="n")
    return {(a, b): n for a, b, n in zip(table["group_a"], table["group_b"], table["n"], strict=True)}


def test_without_small_counts_everything_is_shown():
    cells = {("x", "x"): 50, ("x", "y"): 20, ("y", "x"): 30, ("y", "y"): 40}
    assert shown(tables_of(cells)) == cells


def test_a_small_cell_of_a_table_with_known_margins_takes_all_four_with_it():
    assert shown(tables_of({("x", "x"): 500, ("x", "y"): 4, ("y", "x"): 30, ("y", "y"): 200})) == {}


def test_of_a_larger_table_only_what_gives_the_small_cell_away_is_hidden():
    cells = dict(zip(product("abc", "abc"), (500, 40, 60, 70, 4, 30, 80, 90, 300), strict=True))
    found = shown(tables_of(cells))
    assert ("b", "b") not in found
    assert found[("a", "a")] == 500
    assert len(found) == 5  # a rectangle of four is hidden


def test_the_same_count_in_the_other_table_is_hidden_too():
    tables = clear_tables(tables_of({("x", "x"): 500, ("x", "y"): 4, ("y", "x"): 30, ("y", "y"): 200}), MINIMUM)
    assert tables["overlaps"]["n"].isna().all()


def test_firms_that_left_a_question_open_are_hidden_and_hide_nothing_else():
    cells = {("x", "x"): 500, ("x", "y"): 30, ("y", "y"): 200, ("unassigned", "y"): 1}
    assert shown(tables_of(cells)) == {key: n for key, n in cells.items() if n > 1}


def test_single_waves_are_not_shown():
    tables = tables_of({("x", "x"): 50, ("y", "y"): 40})
    tables["definitions"] = tables["definitions"].assign(wave="2018")
    assert shown(tables) == {}


def test_shares_are_hidden_with_their_counts():
    tables = clear_tables(tables_of({("x", "x"): 4, ("y", "y"): 40}), MINIMUM)["definitions"]
    assert tables["share"].isna().equals(tables["n"].isna())


def test_of_overlapping_groups_a_pair_does_not_give_a_small_pattern_away():
    n = {"v": 300, "i": 200, "m": 100, "v|i": 90, "v|m": 80, "i|m": 70, "v|i|m": 3}
    rows = [("c", "groups", pattern, "all", "all", count) for pattern, count in n.items()]
    both = {pair: sum(c for p, c in n.items() if set(pair) <= set(p.split("|"))) for pair in ("vi", "vm", "im")}
    rows += [("c", "also", pair[1], pair[0], "all", count) for pair, count in both.items()]
    overlaps = pd.DataFrame(rows, columns=["about", "kind", "pattern", "base", "wave", "n"])
    overlaps = overlaps.assign(weighted_n=overlaps["n"].astype(float), share=1.0)
    cleared = clear_tables({"overlaps": overlaps}, MINIMUM)["overlaps"].set_index(["kind", "pattern", "base"])["n"]
    assert pd.isna(cleared["groups", "v|i|m", "all"])
    for pair, other in (("vi", "v|i"), ("vm", "v|m"), ("im", "i|m")):
        assert pd.isna(cleared["also", pair[1], pair[0]]) or pd.isna(cleared["groups", other, "all"])


def test_a_count_between_bounds_as_wide_as_the_threshold_is_safe():
    part, total = np.array([1.0, 0.0]), np.array([[1.0, 1.0]])
    assert is_safe(part, total, np.array([11.0]), MINIMUM)
    assert not is_safe(part, total, np.array([9.0]), MINIMUM)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=6, max_size=6))
def test_no_small_cell_follows_from_what_is_shown(counts):
    n = np.array(counts, dtype=float)
    cells = [Count(table="definitions", row=place, parts=np.eye(6)[place]) for place in range(6)]
    rows = [
        Count(table="cohorts", row=f"r{row}", parts=np.repeat(np.arange(2) == row, 3).astype(float)) for row in (0, 1)
    ]
    columns = [Count(table="cohorts", row=f"c{c}", parts=np.tile(np.arange(3) == c, 2).astype(float)) for c in range(3)]
    margins = [
        Count(table=each.table, row=each.row, parts=each.parts, hidden=each.parts @ n < MINIMUM)
        for each in (*rows, *columns)
    ]
    known = shown_counts([*cells, *margins], n, MINIMUM)
    equations = np.array([count.parts for count in known]).reshape(len(known), 6)
    if any(count.table == "definitions" for count in known):
        for place in np.flatnonzero((n > 0) & (n < MINIMUM)):
            assert is_safe(np.eye(6)[place], equations, equations @ n, MINIMUM)


def test_a_table_without_its_patterns_is_not_shown():
    tables = tables_of({("x", "x"): 50, ("y", "y"): 40})
    del tables["overlaps"]
    assert shown(tables) == {}


@pytest.mark.parametrize("name", ["definitions", "overlaps"])
def test_an_unknown_number_in_these_tables_stops_the_report(name):
    tables = tables_of({("x", "x"): 50, ("y", "y"): 40})
    tables[name] = tables[name].assign(secret=1.0)
    with pytest.raises(Exception, match="no clearance rule covers: secret"):
        clear_tables(tables, MINIMUM)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=6, max_size=6))
def test_trying_several_together_shows_what_trying_one_by_one_shows(counts):
    n = np.array(counts, dtype=float)
    cells = [Count(table="definitions", row=place, parts=np.eye(6)[place]) for place in range(6)]
    total = Count(table="cohorts", row="all", parts=np.ones(6))
    small = [cell for cell in cells if 0 < cell.parts @ n < MINIMUM]
    one_by_one = [total] if n.sum() >= MINIMUM else []
    for cell in sorted((cell for cell in cells if cell.parts @ n >= MINIMUM), key=lambda cell: -(cell.parts @ n)):
        sums = np.array([count.parts for count in (*one_by_one, cell)])
        if all(is_safe(other.parts, sums, sums @ n, MINIMUM) for other in small):
            one_by_one.append(cell)
    shown = shown_counts([*cells, total], n, MINIMUM)
    assert {count.row for count in shown} == {count.row for count in one_by_one}
