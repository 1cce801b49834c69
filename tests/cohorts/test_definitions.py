"""Definitions side by side: who moves between them, and which groups firms are in at once."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cohorts.make import assign, make_wave

NARROW = {
    "concept": "size",
    "variant": "narrow",
    "groups": {"small": "employees_t < 50"},
    "otherwise": "large",
    "may_be_empty": True,
}
WIDE = {**NARROW, "variant": "wide", "groups": {"small": "employees_t < 250"}}
AMONG_VENTURES = {**WIDE, "variant": "ventures", "universe": "cert_venture"}
SIZES = {"narrow": NARROW, "wide": WIDE}
CERTIFICATES = {
    "kind": "overlapping",
    "groups": {"venture": "cert_venture", "innobiz": "cert_innobiz"},
    "may_be_empty": True,
}


def cells(result, wave: str = "all", value: str = "n") -> dict[tuple[str, str], float]:
    found = result.definitions.query("wave == @wave")
    return dict(zip(zip(found["group_a"], found["group_b"], strict=True), found[value], strict=True))


def patterns(result, kind: str, value: str = "n") -> dict[str, float]:
    found = result.overlaps.query("wave == 'all' and kind == @kind")
    return dict(zip(found["pattern"], found[value], strict=True))


def test_a_firm_that_moves_stands_off_the_diagonal():
    result = assign({"2018": make_wave("2018", employees_t=[5, 60, 300])}, SIZES)
    assert cells(result) == {("small", "small"): 1, ("large", "small"): 1, ("large", "large"): 1}


def test_the_share_of_a_move_is_of_the_weighted_firms():
    wave = make_wave("2018", employees_t=[5, 60]).assign(weight_final=[1.0, 3.0])
    assert cells(assign({"2018": wave}, SIZES), value="share") == {("small", "small"): 25, ("large", "small"): 75}


def test_who_is_outside_one_definition_or_open_under_the_other_is_counted_as_such():
    wave = make_wave("2018", employees_t=[5, 60, None, None], cert_venture=[True, False, True, False])
    found = cells(assign({"2018": wave}, {"narrow": NARROW, "ventures": AMONG_VENTURES}))
    assert found == {
        ("small", "small"): 1,
        ("large", "outside"): 1,
        ("unassigned", "unassigned"): 1,
        ("unassigned", "outside"): 1,
    }


def test_firms_outside_both_definitions_are_not_counted():
    cohorts = {"a": AMONG_VENTURES, "b": {**AMONG_VENTURES, "groups": {"small": "employees_t < 10"}}}
    result = assign({"2018": make_wave("2018", employees_t=[5, 60], cert_venture=[True, False])}, cohorts)
    assert cells(result) == {("small", "small"): 1}


def test_a_pair_is_counted_in_the_waves_that_have_both_definitions():
    waves = {
        "2018": make_wave("2018", employees_t=[5]),
        "2020": make_wave("2020", employees_t=[5, 60], cert_venture=[True, True]),
    }
    result = assign(waves, {"narrow": NARROW, "ventures": AMONG_VENTURES})
    assert result.definitions["wave"].unique().tolist() == ["2020", "all"]
    assert sum(cells(result).values()) == 2


def test_a_wave_without_one_of_three_definitions_is_not_asked_for_it():
    waves = {
        "2018": make_wave("2018", employees_t=[5]),
        "2020": make_wave("2020", employees_t=[60], cert_venture=[True]),
    }
    result = assign(waves, {**SIZES, "ventures": AMONG_VENTURES})
    assert patterns(result, "definitions") == {
        "narrow=small|wide=small|ventures=not_asked": 1,
        "narrow=large|wide=small|ventures=small": 1,
    }


def test_a_concept_with_one_definition_has_no_moves():
    result = assign({"2018": make_wave("2018", employees_t=[5])}, {"narrow": NARROW})
    assert result.definitions.empty
    assert result.overlaps.empty


def test_the_pattern_of_overlapping_groups_names_all_that_a_firm_is_in():
    wave = make_wave("2018", cert_venture=[True, True, False, False], cert_innobiz=[True, False, True, False])
    result = assign({"2018": wave}, {"c": CERTIFICATES})
    assert patterns(result, "groups") == {"venture|innobiz": 1, "venture": 1, "innobiz": 1}


def test_of_the_firms_in_one_group_those_in_another_are_a_share_of_the_first():
    wave = make_wave("2018", cert_venture=[True, True, True, False], cert_innobiz=[True, False, False, True])
    found = assign({"2018": wave}, {"c": CERTIFICATES}).overlaps.query("wave == 'all' and kind == 'also'")
    shares = dict(zip(zip(found["base"], found["pattern"], strict=True), found["share"], strict=True))
    assert shares == {
        ("venture", "innobiz"): pytest.approx(100 / 3),  # one of three
        ("innobiz", "venture"): 50,
    }


def test_an_open_certificate_leaves_the_pattern_open():
    wave = make_wave("2018", cert_venture=[True, True], cert_innobiz=[None, False])
    result = assign({"2018": wave}, {"c": CERTIFICATES})
    assert patterns(result, "groups") == {"unassigned": 1, "venture": 1}
    assert pd.isna(patterns(result, "groups", "share")["unassigned"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(0, 400)), st.sampled_from([True, False, None])),
        min_size=1,
        max_size=25,
    )
)
def test_the_margins_of_the_moves_are_the_counts_of_each_definition(firms):
    wave = make_wave("2018", employees_t=[staff for staff, _ in firms], cert_venture=[held for _, held in firms])
    result = assign({"2018": wave}, {**SIZES, "ventures": AMONG_VENTURES})
    counted = result.summary.set_index(["cohort", "group", "wave"])["n"]
    for side in ("a", "b"):
        table = result.definitions[result.definitions[f"group_{side}"] != "outside"]
        margins = table.groupby([f"cohort_{side}", "cohort_b" if side == "a" else "cohort_a", f"group_{side}", "wave"])
        for (cohort, _, group, when), n in margins["n"].sum().items():
            assert counted[cohort, group, when] == n


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(4)))
def test_the_tables_do_not_depend_on_the_order_of_the_firms(order):
    wave = make_wave("2018", employees_t=[5, 60, 300, None], cert_venture=[True, False, True, None])
    cohorts = {**SIZES, "ventures": AMONG_VENTURES}
    straight, mixed = assign({"2018": wave}, cohorts), assign({"2018": wave.iloc[list(order)]}, cohorts)
    pd.testing.assert_frame_equal(straight.definitions, mixed.definitions)
    pd.testing.assert_frame_equal(straight.overlaps, mixed.overlaps)
