"""Differences at an equal composition."""

import numpy as np
import pytest

from innosurvey.compare.adjusted import adjusted, within_cells
from innosurvey.compare.spec import ComparisonSpec
from innosurvey.design import Design
from tests.compare.make import firms, material
from tests.made_slices import make_slice


def spec(*items: str, **settings: object) -> ComparisonSpec:
    return ComparisonSpec(
        **{"id": "c", "cohort": "made", "reference": "b", "groups": ("a",), "items": items, "family": "f", **settings}
    )


def first(table):
    return table[table["wave"] == "2020"].iloc[0]


def test_by_hand_it_is_the_mean_of_the_cells_differences_weighted_by_their_information():
    """Cell p: a 3, b 1 and 2, difference 1.5, w g̃² = 2/3; cell q: a 8 and 6, b 4, difference 3, the same weight."""
    design = Design.from_slice(make_slice(y=range(6)), pooled=False)
    found = within_cells(
        np.array([3.0, 1, 2, 8, 6, 4]), np.array([1.0, 0, 0, 1, 1, 0]), np.array([0, 0, 0, 1, 1, 1]), design
    )
    assert found.slope.estimate == pytest.approx(2.25)
    assert found.raw == pytest.approx(17 / 3 - 7 / 3)


def test_a_difference_that_is_all_composition_vanishes():
    found = first(adjusted([spec("sales")], material()))
    assert found["difference_raw"] > 1
    assert found["lower"] < 0 < found["upper"]


def test_what_a_comparison_adjusts_for_goes_before_what_the_study_does():
    found = first(adjusted([spec("sales", adjust_for=("stratum_id",))], material()))
    assert found["adjust_for"] == "stratum_id"
    assert found["difference"] == pytest.approx(found["difference_raw"], rel=0.1)


def test_overlap_is_the_weighted_share_of_firms_in_cells_of_both_groups():
    table = firms().query("not (group == 'b' and industry == 'i')").reset_index(drop=True)
    pair = table[table["group"].isin(["a", "b"])]
    alone = pair["weight_final"][pair["industry"] == "i"].sum() / pair["weight_final"].sum()
    assert first(adjusted([spec("sales")], material(table)))["overlap"] == pytest.approx(100 * (1 - alone))


def test_groups_that_share_no_cell_are_not_adjusted():
    found = first(adjusted([spec("sales")], material(firms().assign(industry=lambda table: table["group"]))))
    assert found["status"] == "not adjusted: no cell holds firms of both groups"


@pytest.mark.parametrize(
    ("item", "settings", "status"),
    [
        ("productivity", {}, "not adjusted: a ratio is of no firm alone"),
        ("sales", {"adjust_for": ("branch",)}, "not adjusted: the survey has no branch"),
        ("absent", {}, "not estimated: the survey has no nothing"),
        ("sales", {"groups": ("ghost",)}, "not estimated: no firm with a value in the group"),
    ],
)
def test_what_cannot_be_adjusted_is_a_row_with_a_reason(item, settings, status):
    found = first(adjusted([spec(item, **settings)], material()))
    assert found["status"] == status
    assert np.isnan(found["difference"])


def test_firms_without_a_cell_are_left_out_of_both_differences():
    table = firms()
    table.loc[table.index[:5], "industry"] = None
    assert first(adjusted([spec("sales")], material(table)))["n_group"] == 75
