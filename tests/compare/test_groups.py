"""Comparisons as declared and as a table: who against whom, adjusted in which family."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from innosurvey import tables
from innosurvey.compare import (
    COLUMNS,
    ComparisonSpec,
    adjust_families,
    benjamini_hochberg,
    compare_groups,
    parse_comparisons,
)
from innosurvey.describe import describe_all
from innosurvey.errors import StudyError
from tests.made_slices import MadeCohort, make_item, make_slice

ITEMS = [make_item(id="sales", variable="y"), make_item(id="exports", variable="exports_t")]
COHORTS = {"activity": ["active", "dormant", "unknown"]}


def entry(**settings: object) -> dict[str, object]:
    return {"cohort": "activity", "reference": "dormant", "items": ["sales"], "family": "output"} | settings


def make_spec(**settings: object) -> ComparisonSpec:
    defaults: dict[str, object] = {"id": "c", "cohort": "made", "reference": "r", "items": ("sales",), "family": "f"}
    return ComparisonSpec(**(defaults | settings))  # type: ignore[arg-type]


@pytest.fixture
def three_groups() -> pd.DataFrame:
    """40 firms each of g, h and r in two waves; g lies above r."""
    rng = np.random.default_rng(5)
    groups = np.tile(np.repeat(["g", "h", "r"], 40), 2)
    return make_slice(
        firm_id=[f"f{row:03d}" for row in range(120)] * 2,
        wave=np.repeat(["2018", "2020"], 120),
        group=groups,
        y=rng.normal(size=240) + 2 * (groups == "g"),
    )


def test_groups_left_out_are_all_the_others():
    (spec,) = parse_comparisons({"output": entry()}, ITEMS, COHORTS)
    assert spec.groups == ("active", "unknown")


def test_an_overlay_removes_a_comparison_with_null():
    assert parse_comparisons({"output": None}, ITEMS, COHORTS) == ()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"refrence": "dormant"}, r"compare\.output: unknown key `refrence`\. Did you mean reference\?"),
        ({"family": None}, r"compare\.output: `family` is missing\."),
        ({"cohort": "activty"}, r"there is no cohort 'activty'\. Did you mean activity\?"),
        ({"reference": "dormnt"}, r"cohort activity has no such groups:\n  - dormnt\. Did you mean dormant\?"),
        ({"groups": ["dormant"]}, r"dormant is both the reference and a group"),
        ({"items": ["sale"]}, r"items that `describe:` does not declare:\n  - sale\. Did you mean sales\?"),
        ({"items": "sales"}, r"items is not a list"),
        ({"items": ["sales", "sales"]}, r"items lists names twice: sales"),
    ],
)
def test_a_faulty_entry_is_refused_with_its_name_and_the_fault(settings, message):
    with pytest.raises(StudyError, match=message):
        parse_comparisons({"output": entry(**settings)}, ITEMS, COHORTS)


def test_the_same_test_in_two_families_is_refused():
    with pytest.raises(StudyError, match="first and second: sales of active against dormant"):
        parse_comparisons({"first": entry(), "second": entry(family="other", groups=["active"])}, ITEMS, COHORTS)


def test_the_columns_are_those_of_the_contract(three_groups):
    table = compare_groups([make_spec(items=("sales", "exports"))], ITEMS, three_groups)
    assert tuple(table.columns) == COLUMNS
    tables.fail_if_contract_is_broken("compare", table, "compare.csv")


def test_there_is_a_row_per_group_wave_and_item_and_for_all_waves(three_groups):
    table = compare_groups([make_spec(items=("sales", "exports"))], ITEMS, three_groups)
    rows = list(zip(table["group"], table["wave"], table["item"], strict=True))
    assert rows == [
        (g, wave, item) for g in ("g", "h") for wave in ("2018", "2020", "all") for item in ("sales", "exports")
    ]


def test_the_estimates_are_those_of_the_table_of_descriptions(three_groups):
    compared = compare_groups([make_spec()], ITEMS, three_groups)
    described = describe_all(ITEMS[:1], three_groups, MadeCohort(groups=["g", "h", "r"])).set_index(["group", "wave"])
    for row in compared.itertuples():
        assert row.estimate_group == described.loc[(row.group, row.wave), "estimate"]
        assert row.estimate_reference == described.loc[("r", row.wave), "estimate"]


def test_a_known_difference_is_found_and_a_null_one_is_not(three_groups):
    table = compare_groups([make_spec()], ITEMS, three_groups).set_index(["group", "wave"])
    assert table.loc[("g", "all"), "p_adjusted"] < 0.001
    assert table.loc[("g", "all"), "lower"] < 2 < table.loc[("g", "all"), "upper"]
    assert table.loc[("h", "all"), "p_adjusted"] > 0.05


def test_an_item_that_the_survey_lacks_is_a_row_with_a_reason(three_groups):
    table = compare_groups([make_spec(items=("exports",))], ITEMS, three_groups)
    assert set(table["status"]) == {"not estimated: the survey has no exports_t"}
    assert table[["difference", "se", "p", "p_adjusted"]].isna().all(axis=None)


def test_a_group_without_firms_is_a_row_with_a_reason(three_groups):
    table = compare_groups([make_spec(groups=("ghost",))], ITEMS, three_groups)
    assert set(table["status"]) == {"not estimated: no firm with a value in the group"}
    assert set(table["n_reference"]) == {40}


def test_an_item_that_is_not_declared_is_refused(three_groups):
    with pytest.raises(StudyError, match="items that `describe:` does not declare"):
        compare_groups([make_spec(items=("profit",))], ITEMS, three_groups)


def test_benjamini_and_hochberg_by_hand():
    # sorted 0.01, 0.02, 0.03, 0.5 times 4/1, 4/2, 4/3, 1: 0.04, 0.04, 0.04, 0.5
    np.testing.assert_allclose(benjamini_hochberg(np.array([0.5, 0.01, 0.03, 0.02])), [0.5, 0.04, 0.04, 0.04])


def test_benjamini_and_hochberg_as_scipy_does_it():
    p = np.random.default_rng(2).random(50) ** 3
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p))


def test_families_and_waves_are_adjusted_apart_and_untested_rows_do_not_count():
    table = pd.DataFrame(
        dict.fromkeys(COLUMNS)
        | {
            "family": ["a", "a", "a", "a", "b"],
            "wave": ["all", "all", "all", "2020", "all"],
            "p": [0.01, 0.04, np.nan, 0.03, 0.02],
        }
    )
    np.testing.assert_allclose(adjust_families(table)["p_adjusted"], [0.02, 0.04, np.nan, 0.03, 0.02])


def test_adjusting_a_gathered_table_again_spans_its_cohorts(three_groups):
    parts = [
        compare_groups([make_spec(cohort=cohort, groups=("g",))], ITEMS, three_groups) for cohort in ("one", "two")
    ]
    gathered = pd.concat(parts, ignore_index=True)
    gathered.loc[3:, "p"] = 0.9
    adjusted = adjust_families(gathered)
    np.testing.assert_allclose(adjusted["p_adjusted"][:3], 2 * adjusted["p"][:3])


def test_a_comparison_may_carry_a_title_and_a_note():
    (spec,) = parse_comparisons({"output": entry(title={"en": "Output"}, note="C1")}, ITEMS, COHORTS)
    assert (spec.title["en"], spec.note) == ("Output", "C1")
