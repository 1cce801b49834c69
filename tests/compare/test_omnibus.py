"""All groups of a cohort at once."""

import numpy as np
import pytest

from innosurvey.compare.groups import compared
from innosurvey.compare.omnibus import eta, omnibus_rows
from innosurvey.compare.spec import ComparisonSpec
from tests.compare.make import firms, material


def spec(*items: str, **settings: object) -> ComparisonSpec:
    return ComparisonSpec(**{"id": "c", "cohort": "made", "reference": "b", "items": items, "family": "f", **settings})


def of(table, item, wave="2020"):
    return table[(table["item"] == item) & (table["wave"] == wave)].iloc[0]


def test_of_two_groups_walds_f_is_the_square_of_students_t():
    two = material(firms().query("group != 'c'").reset_index(drop=True))
    pair = of(compared([spec("sales")], two), "sales")
    assert of(omnibus_rows([spec("sales")], ("a", "b"), two), "sales")["value"] == pytest.approx(pair["t"] ** 2)


def test_of_two_groups_a_shares_f_is_near_the_square_of_students_t():
    two = material(firms().query("group != 'c'").reset_index(drop=True))
    pair = of(compared([spec("innovates")], two), "innovates")
    found = of(omnibus_rows([spec("innovates")], ("a", "b"), two), "innovates")
    assert (found["df1"], found["test"]) == (pytest.approx(1), "rao_scott")
    assert found["value"] == pytest.approx(pair["t"] ** 2, rel=0.15)


def test_cramers_v_of_a_table_by_hand():
    """Shares 3/4 and 1/4 of four firms each: φ² = (0.125 / 0.25)²."""
    table = firms(12).assign(weight_final=1.0, stratum_id="s", yes=[1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    table["sample_n_stratum"] = table["pooled_stratum_n"] = 8
    two = material(table.query("group != 'c'").reset_index(drop=True))
    assert of(omnibus_rows([spec("innovates")], ("a", "b"), two), "innovates")["effect_size"] == pytest.approx(0.5)


def test_eta_is_one_where_groups_are_all_there_is():
    made = material(firms().assign(y=lambda table: table["group"].map({"a": 1.0, "b": 2.0, "c": 4.0})))
    sides = [made.observe("sales", made.settings[0], group) for group in "abc"]
    assert eta(sides) == pytest.approx(1)


def test_a_group_without_firms_is_left_out_and_named():
    found = of(omnibus_rows([spec("sales")], ("a", "b", "c", "ghost"), material()), "sales")
    assert (found["groups"], found["status"]) == (3, "ok: without ghost")


def test_one_group_alone_is_not_tested():
    found = of(omnibus_rows([spec("sales")], ("a", "ghost"), material()), "sales")
    assert found["status"] == "not tested: fewer than two groups with estimates"
    assert np.isnan(found["p"])


def test_shares_that_nobody_reaches_are_not_tested():
    found = of(omnibus_rows([spec("innovates")], ("a", "b", "c"), material(firms().assign(yes=0.0))), "innovates")
    assert found["status"] == "not tested: no sampling variation"


def test_few_firms_in_a_group_are_said():
    few = firms().groupby("group").head(20).reset_index(drop=True)
    few["sample_n_stratum"] = few["pooled_stratum_n"] = few.groupby("stratum_id")["firm_id"].transform("size")
    found = of(omnibus_rows([spec("innovates")], ("a", "b", "c"), material(few)), "innovates")
    assert found["status"].startswith("ok: approximate")


def test_an_item_of_two_comparisons_belongs_to_the_family_of_the_first():
    asked = [spec("sales"), spec("sales", "exports", id="d", reference="c", family="g")]
    found = omnibus_rows(asked, ("a", "b", "c"), material())
    assert list(found.query("wave == 'all'")["family"]) == ["f", "g"]
