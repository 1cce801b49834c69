import pytest

from innosurvey.errors import StudyError
from tests.screen.make import make_firms, screened

RULE = {"kind": "soft", "variables": ["exp_rnd_in"], "rule": "exp_rnd_in <= sales_t"}


def test_an_answer_that_breaks_the_rule_is_a_suspect_and_an_open_rule_is_passed(dictionary):
    firms = make_firms(dictionary, exp_rnd_in=[5.0, 50.0, 50.0, None], sales_t=[10.0, 10.0, None, 10.0])
    found = screened(dictionary, RULE, firms)
    assert found.suspects["_source_row"].tolist() == [3]
    assert found.summary[["checked", "flagged", "treated"]].to_numpy().tolist() == [[2, 1, 0]]


def test_only_answered_variables_of_a_broken_rule_are_suspects(dictionary):
    rule = {"kind": "soft", "variables": ["emp_rnd", "exp_rnd_in"], "rule": "sales_t > 100"}
    firms = make_firms(dictionary, exp_rnd_in=[5.0], emp_rnd=[None], sales_t=[10.0])
    assert screened(dictionary, rule, firms).suspects["variable"].tolist() == ["exp_rnd_in"]


def test_a_rule_may_use_derived_variables_and_the_answers_of_the_wave_before(dictionary):
    rule = {
        "kind": "soft",
        "variables": ["sales_t"],
        "rule": "sales_per_head <= 3 * before_sales_per_head",
        "expected": "before_sales_t",
    }
    firms = make_firms(dictionary, sales_t=[100.0, 100.0, 900.0], employees_t=[10, 10, 10])
    before = make_firms(dictionary, "2018", sales_t=[90.0, 20.0], employees_t=[10, 10])
    found = screened(dictionary, rule, firms, before)
    assert found.suspects[["firm_id", "value_expected"]].to_numpy().tolist() == [["f1", 20.0]]
    assert found.summary["checked"].tolist() == [2]


def test_a_rule_that_is_no_yes_or_no_is_refused(dictionary):
    firms = make_firms(dictionary, exp_rnd_in=[5.0], sales_t=[10.0])
    with pytest.raises(StudyError, match="check: a rule must be yes or no"):
        screened(dictionary, {**RULE, "rule": "exp_rnd_in - sales_t"}, firms)


def test_treated_suspects_are_counted_as_such(dictionary):
    firms = make_firms(dictionary, exp_rnd_in=[50.0], sales_t=[10.0])
    found = screened(dictionary, {**RULE, "treatment": "impute"}, firms)
    assert found.suspects["treatment"].tolist() == ["impute"]
    assert found.summary["treated"].tolist() == [1]
