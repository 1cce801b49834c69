"""What goes together in a model and what does not."""

import pytest

from innosurvey.errors import StudyError


def refuse(make_model, **changes):
    with pytest.raises(StudyError) as caught:
        make_model(**changes)
    return str(caught.value)


def test_fixed_effects_are_needed_by_fe(make_model):
    assert "needs fixed_effects" in refuse(make_model, estimator="fe")


def test_fixed_effects_are_not_ignored_by_others(make_model):
    assert "takes no fixed_effects" in refuse(make_model, fixed_effects=["firm_id"])


def test_instruments_are_not_ignored_by_others(make_model):
    assert "takes no instruments" in refuse(make_model, instruments=["support"])


@pytest.mark.parametrize("place", ["regressors", "controls", "endogenous"])
def test_an_instrument_that_is_also_on_the_right_hand_side_is_refused(make_model, place):
    parts = {"regressors": ["age"], "endogenous": ["rd"], "instruments": ["support"]}
    parts[place] = [*parts.get(place, []), "support"]
    assert "an instrument must not explain the outcome itself" in refuse(make_model, estimator="iv2sls", **parts)


def test_fewer_instruments_than_endogenous_terms_are_refused(make_model):
    message = refuse(make_model, estimator="iv2sls", regressors=[], endogenous=["rd", "age"], instruments=["support"])
    assert "2 endogenous terms need as many instruments" in message


def test_an_outcome_does_not_explain_itself(make_model):
    assert "explains itself through log(output)" in refuse(make_model, regressors=["log(output)"])


def test_weights_do_not_go_with_classical_errors(make_model):
    assert "wrong under weights" in refuse(make_model, weights="final", covariance="classical")


def test_a_category_is_no_outcome(make_model):
    assert "An outcome is one number" in refuse(make_model, outcome="C(size_class)")


def test_firms_are_no_terms_because_their_names_would_be_printed(make_model):
    assert "fixed_effects: [firm_id]" in refuse(make_model, controls=["C(firm_id)"])


def test_the_variables_are_those_of_all_parts(make_model):
    model = make_model(
        controls=["C(size_class)"], sample="age > 3", weights="final", covariance={"type": "cluster", "by": ["gu"]}
    )
    assert model.variables == ("output", "rd", "size_class", "gu", "weight_final", "age")


def test_a_better_worded_question_is_the_same_model_to_snakemake(make_model):
    assert repr(make_model(question="Does R&D pay?")) == repr(make_model(question={"en": "Does it?", "ko": "그런가?"}))
