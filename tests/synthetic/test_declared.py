import pytest

from innosurvey.synthetic import seoul_codebooks
from innosurvey.synthetic.certificates import VENTURE_TYPES
from innosurvey.synthetic.declared import by_level, by_variable, declared, levels, levels_but_none
from innosurvey.synthetic.truth import load_truth


def test_levels_are_the_dictionary_s_in_its_order(dictionary):
    assert levels("lifecycle_self") == dictionary["lifecycle_self"].levels
    assert levels_but_none("coop_group") == ("seoul_metro", "domestic", "abroad")


def test_shares_by_a_level_that_the_dictionary_has_not_stop_the_generator():
    with pytest.raises(ValueError, match="shares of rnd_unit"):
        by_level("rnd_unit", {"institute": 0.5, "lab": 0.5})
    with pytest.raises(ValueError, match="no support_"):
        by_variable("support_", {"tax": 0.1, "gifts": 0.1})


def test_parameters_name_levels_and_variables_of_the_dictionary():
    truth = load_truth("claimed")
    assert {kind for shares in VENTURE_TYPES.values() for kind in shares} <= set(levels("cert_venture_type"))
    assert set(truth["success"]["goal_shares"]) == set(levels("goal_attainment"))
    assert set(truth["population"]["lifecycle"]) == set(levels("lifecycle_self"))
    assert set(truth["population"]["group"]) == set(levels("group_type")) - {"independent"}
    by_variable("coop_", truth["network"]["partners"])
    by_variable("info_", truth["network"]["sources"])
    for shares in truth["barriers"]["high_shares"].values():
        by_variable("barrier_", shares)


def test_the_waves_ask_nothing_that_the_dictionary_does_not_declare():
    books = seoul_codebooks(declared())
    assert {name for wave in ("2018", "2020", "2022") for name in books[wave].variables} <= set(declared())
