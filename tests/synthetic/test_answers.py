"""The hard edits hold on the answers before anything is injected."""

import pandas as pd
import pytest

from innosurvey import expressions

BLOCKS = {
    "turn": ("turn_new_mkt_pct", "turn_new_ent_pct", "turn_unchanged_pct"),
    "fin": ("fin_own", "fin_gov_grant", "fin_gov_loan", "fin_bank", "fin_equity", "fin_other"),
    "acq": ("acq_own_pct", "acq_joint_pct", "acq_outsourced_pct", "acq_imported_pct"),
}
NEVER_ABOVE = [
    ("exports_t", "sales_t"),
    ("emp_rnd", "employees_t"),
    ("n_projects_tech_success", "n_projects_tried"),
    ("n_projects_commercialised", "n_projects_tech_success"),
]


@pytest.fixture(scope="module", params=["2018", "2020", "2022"])
def wave(request, world):
    return request.param, world.waves[request.param].true


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_shares_sum_to_a_hundred(wave, block):
    shares = wave[1][list(block)].dropna().astype(float)
    assert (shares.sum(axis=1) == 100).all()


@pytest.mark.parametrize(("part", "whole"), NEVER_ABOVE)
def test_a_part_never_exceeds_its_whole(wave, part, whole):
    pair = wave[1][[part, whole]].dropna().astype(float)
    assert (pair[part] <= pair[whole]).all()


def test_research_money_goes_with_research_in_house(wave):
    answers = wave[1]
    assert ((answers["exp_rnd_in"].astype(float) > 0) == (answers["rnd_inhouse"] != "none")).all()
    assert ((answers["exp_rnd_out"].astype(float) > 0) == answers["rnd_contracted"].astype(bool)).all()


def test_no_firm_is_founded_after_the_period(wave):
    name, answers = wave
    assert (answers["founding_year"].astype(int) <= int(name)).all()


def test_every_firm_has_sales_and_employees(wave):
    assert (wave[1][["sales_t", "employees_t"]].astype(float) > 0).all(axis=None)


def test_a_question_is_answered_where_its_skip_rule_asks_it_and_nowhere_else(wave, codebooks):
    name, answers = wave
    firms = answers.infer_objects()
    bools = [column for column, source in codebooks[name].variables.items() if source.declared.type == "bool"]
    firms = firms.astype({column: "boolean" for column in bools if column in firms})
    numbers = [
        column for column, source in codebooks[name].variables.items() if source.declared.type in ("int", "float")
    ]
    firms = firms.assign(**{column: pd.to_numeric(firms[column]) for column in numbers if column in firms})
    for column, source in codebooks[name].variables.items():
        if source.asked_if:
            asked = expressions.evaluate(source.asked_if, firms).fillna(False).astype(bool)
            assert (answers[column].notna() == asked).all(), column


def test_levels_are_those_of_the_dictionary(wave, dictionary):
    for column in wave[1].columns:
        levels = dictionary[column].levels
        if levels:
            found = set("|".join(wave[1][column].dropna()).split("|")) - {""}
            assert found <= set(levels), column


def test_money_is_whole_thousands_in_2018_and_whole_millions_later(wave):
    name, answers = wave
    sales = answers["sales_t"].astype(float) * (1000 if name == "2018" else 1)
    assert (abs(sales - sales.round()) < 1e-6).all()


def test_sales_agree_over_the_waves(world):
    earlier, later = (world.waves[name].true.set_index("firm_id") for name in ("2018", "2020"))
    both = earlier.index.intersection(later.index)
    assert len(both) > 100
    # 2018 is asked about in both waves; the later form rounds to a million
    assert (later.loc[both, "sales_t2"].astype(float) - earlier.loc[both, "sales_t"].astype(float)).abs().max() <= 1
