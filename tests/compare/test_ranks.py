"""Items against other items among the same firms."""

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_rel

from innosurvey.compare.ranks import exact_p, ranked
from innosurvey.compare.spec import RankingSpec
from tests.compare.make import firms, material


def spec(**settings: object) -> RankingSpec:
    return RankingSpec(
        **{"id": "r", "cohort": "made", "items": ("innovates", "exports"), "family": "f", "groups": ("a",), **settings}
    )


def first(table):
    return table[table["wave"] == "2020"].iloc[0]


def plain(count: int):
    """Firms of one group in one stratum without weights."""
    table = firms(count).assign(group="a", weight_final=1.0, stratum_id="s", pooled_stratum="s")
    table["sample_n_stratum"] = table["pooled_stratum_n"] = count
    return table


def test_in_a_simple_sample_the_test_is_the_paired_t_test():
    table = plain(120)
    found = first(ranked([spec()], material(table)))
    wanted = ttest_rel(100 * table["yes"], 100 * table["other"])
    assert (found["t"], found["p"]) == (pytest.approx(wanted.statistic), pytest.approx(wanted.pvalue))


def test_the_other_way_round_is_the_same_test_with_the_other_sign():
    one, two = (row for _, row in ranked([spec()], material()).query("wave == '2020'").iterrows())
    assert (one["item"], one["other"]) == (two["other"], two["item"])
    assert (one["difference"], one["t"], one["lower"]) == (-two["difference"], -two["t"], -two["upper"])
    assert (one["estimate"], one["p"], one["se"]) == (two["estimate_other"], two["p"], two["se"])


def test_few_firms_are_tested_exactly_by_those_that_say_yes_to_one_alone():
    table = plain(21)
    found = first(ranked([spec()], material(table)))
    up, down = int((table["yes"] > table["other"]).sum()), int((table["yes"] < table["other"]).sum())
    assert found["status"] == "ok: exact test, unweighted"
    assert found["p"] == pytest.approx(binomtest(up, up + down).pvalue)


def test_firms_that_never_differ_have_a_p_of_one():
    made = material(plain(21).assign(other=lambda table: table["yes"]))
    sides = tuple(made.observe(name, made.settings[0], "a") for name in ("innovates", "exports"))
    assert exact_p(sides) == 1


def test_only_firms_that_answered_both_count():
    table = firms()
    table.loc[table.index[:5], "other"] = np.nan
    assert first(ranked([spec()], material(table)))["n"] == 75


def test_an_item_can_be_set_against_named_others():
    found = ranked([spec(items=("innovates",), against=("exports",))], material())
    assert set(zip(found["item"], found["other"], strict=True)) == {("innovates", "exports")}


def test_an_absent_item_is_a_row_with_a_reason():
    found = first(ranked([spec(items=("sales", "absent"))], material()))
    assert found["status"] == "not estimated: the survey has no nothing"
