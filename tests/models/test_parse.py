"""Reading models from the configuration."""

import pytest

from innosurvey.errors import StudyError
from innosurvey.models import estimators
from innosurvey.models import parse as parse_module
from innosurvey.models.estimators import EquationKind, Estimator, Option
from innosurvey.models.parse import parse_models
from innosurvey.models.spec import Least, Weighting

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
    assert "models.growth.estimator: `logistic` is not one of ols, fe, " in message
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


def test_an_option_of_another_estimator_is_refused_with_those_that_take_it(monkeypatch):
    with_options(monkeypatch)
    assert "estimator ols takes no cuts" in refuse(cuts=[0.5])
    assert "Estimators that take it: made_up" in refuse(cuts=[0.5])


def with_options(monkeypatch):
    """Register an estimator with a further equation and options, as later ones have."""
    made_up = Estimator(
        engine="linear:fit_ols",
        called="a made-up model",
        where="first_stage",
        equations={
            "first_stage": EquationKind(outcome="binary"),
            "second_stage": EquationKind(outcome=None, inherited=True),
        },
        options={
            "cuts": Option(kind="numbers", default=(0.5,), least=0, most=1),
            "ways": Option(kind="choice", default="two", choices=("one", "two")),
            "cut_off": Option(kind="flag", default=False),
        },
    )
    monkeypatch.setitem(estimators.ESTIMATORS, "made_up", made_up)
    monkeypatch.setattr(parse_module, "EQUATION_KEYS", ("first_stage", "second_stage"))
    monkeypatch.setattr(parse_module, "OPTION_KEYS", tuple(made_up.options))


SELECTION = {"outcome": "exporter", "regressors": ["age"]}


def test_an_equation_is_read_with_its_own_terms_and_another_takes_over_the_models(monkeypatch):
    with_options(monkeypatch)
    model = parse(estimator="made_up", controls=["age"], first_stage=SELECTION)
    assert [(equation.name, [term.text for term in equation.terms]) for equation in model.equations] == [
        ("first_stage", ["exporter", "age"]),
        ("second_stage", ["rd", "age"]),
    ]
    assert model.main.where == "first_stage"


def test_an_equation_that_is_missing_is_asked_for(monkeypatch):
    with_options(monkeypatch)
    assert "estimator made_up needs `first_stage`" in refuse(estimator="made_up")


def test_an_equation_without_its_parts_is_refused(monkeypatch):
    with_options(monkeypatch)
    assert "first_stage: `outcome` is missing" in refuse(estimator="made_up", first_stage={"regressors": ["age"]})
    assert "first_stage: `regressors` are missing" in refuse(estimator="made_up", first_stage="exporter")
    assert "unknown key `regressor`" in refuse(estimator="made_up", first_stage={**SELECTION, "regressor": ["age"]})


def test_options_have_their_defaults(monkeypatch):
    with_options(monkeypatch)
    model = parse(estimator="made_up", first_stage=SELECTION, ways="one")
    assert model.settings == {"cuts": (0.5,), "ways": "one", "cut_off": False}


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"cuts": [1.5]}, "cuts: give a number from 0 up to 1, not 1.5"),
        ({"cuts": ["a"]}, "cuts: give a number from 0 up to 1, not 'a'"),
        ({"ways": "three"}, "ways: `three` is not one of one, two"),
        ({"cut_off": "yes"}, "cut_off: write true or false"),
    ],
)
def test_an_option_outside_what_it_may_be_is_refused(monkeypatch, declared, message):
    with_options(monkeypatch)
    assert message in refuse(estimator="made_up", first_stage=SELECTION, **declared)


def test_a_model_without_regressors_is_refused_unless_it_says_so():
    assert "regressors are missing" in refuse(regressors=None)
    assert parse(regressors=[]).regressors == ()


def test_weights_of_a_column_need_their_type():
    assert parse(weights={"column": "count", "type": "frequency"}).weights == Weighting(
        column="count", kind="frequency"
    )
    assert "`type` is missing" in refuse(weights={"column": "count"})
    assert "`freq` is not one of survey, frequency" in refuse(weights={"column": "count", "type": "freq"})


def test_the_least_sample_is_declared():
    assert parse(least={"firms": 5}).least == Least(firms=5, df=10)
    assert "least.firms: give a whole number from 1, not 0" in refuse(least={"firms": 0})
