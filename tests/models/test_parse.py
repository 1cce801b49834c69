"""Reading models from the configuration."""

import pytest

from innosurvey.errors import StudyError
from innosurvey.models.parse import parse_models

MODEL = {"family": "knowledge", "estimator": "ols", "outcome": "output", "regressors": ["rd"]}


def parse(sets=None, **changes):
    return parse_models({"growth": {**MODEL, **changes}}, sets)[0]


def refuse(sets=None, **changes):
    with pytest.raises(StudyError) as caught:
        parse(sets, **changes)
    return str(caught.value)


def test_a_model_without_foreach_runs_on_everyone_with_robust_errors():
    model = parse()
    assert (model.foreach, model.covariance.type, model.covariance.small_sample) == (("all",), "robust", "stata")


def test_an_entry_that_is_null_was_taken_out_by_a_study():
    assert parse_models({"growth": None}) == ()


def test_an_unknown_key_suggests_the_near_name():
    assert "models.growth: unknown key `regresors`. Did you mean regressors?" in refuse(regresors=["rd"])


def test_an_unknown_estimator_suggests_the_near_name():
    message = refuse(estimator="logistic")
    assert "models.growth.estimator: `logistic` is not one of ols, fe, iv2sls, logit, poisson." in message
    assert "Did you mean logit?" in message


def test_clusters_without_by_are_refused_with_the_remedy():
    message = refuse(covariance={"type": "cluster"})
    assert "`by` is missing" in message
    assert "Add `by: [firm_id]`" in message


def test_by_without_clusters_is_refused():
    assert "`by` belongs to type 'cluster'" in refuse(covariance={"type": "robust", "by": ["firm_id"]})


def test_a_set_stands_for_its_terms():
    model = parse({"firm": ["log_employees", "C(size_class)"]}, controls="$firm")
    assert [term.text for term in model.controls] == ["log_employees", "C(size_class)"]


def test_a_set_may_stand_among_terms_and_name_another_set():
    model = parse({"all": ["$size", "age"], "size": ["log_employees"]}, controls=["C(wave)", "$all"])
    assert [term.text for term in model.controls] == ["C(wave)", "log_employees", "age"]


def test_an_unknown_set_suggests_the_near_name():
    assert "there is no set $frm. Did you mean firm?" in refuse({"firm": ["age"]}, controls="$frm")


def test_a_set_that_contains_itself_is_refused():
    assert "a → b → a" in refuse({"a": ["$b"], "b": ["$a"]}, controls="$a")


def test_a_control_that_is_asked_about_is_a_regressor_only():
    model = parse({"firm": ["rd", "age"]}, controls="$firm")
    assert [term.text for term in model.controls] == ["age"]


def test_a_term_listed_twice_is_refused():
    assert "listed more than once: rd" in refuse(regressors=["rd", "rd"])


def test_a_sample_that_is_no_expression_is_refused():
    assert "models.growth.sample" in refuse(sample="employees_t >=")


def test_a_missing_part_is_named():
    with pytest.raises(StudyError, match=r"models\.growth: `outcome` is missing"):
        parse_models({"growth": {"family": "a", "estimator": "ols", "regressors": ["rd"]}})


def test_a_family_that_can_not_name_a_file_is_refused():
    assert "models.growth.family" in refuse(family="a/b")


def test_a_check_names_the_model_that_it_asks_otherwise():
    models = {"growth": MODEL, "growth_weighted": {**MODEL, "weights": "final", "check_of": "growth"}}
    assert [spec.check_of for spec in parse_models(models)] == ["", "growth"]


def test_a_check_of_a_model_that_was_taken_out_is_refused_with_the_near_name():
    models = {"growth": MODEL, "size": None, "growth_weighted": {**MODEL, "check_of": "grwth"}}
    with pytest.raises(StudyError, match=r"there is no model grwth\. Did you mean growth"):
        parse_models(models)
