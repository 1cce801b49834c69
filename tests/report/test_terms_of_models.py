"""Terms of models in words."""

import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.terms import is_of_interest, is_shown, parts_of, prediction_words, term_words
from innosurvey.report.words import words_in

VARIABLES = {"rd": {"en": "R&D"}, "coop": {"en": "Cooperation"}, "size": {"en": "Size"}}
MODELS = {
    "m": {"regressors": ["log(rd)", "rd:coop"]},
    "pair": {"regressors": [], "complementarity": ["rd", "coop"]},
    "chain": {"regressors": ["rd"]},
}


@pytest.fixture
def context():
    return ReportContext.from_mapping(
        {"study": "s", "title": {"en": "S"}, "release_date": "2020-01-01", "synthetic": True, "attribution": "a",
         "version": "1", "variables": VARIABLES, "models": MODELS}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("rd", "R&D"),
        ("log(rd)", "R&D (log)"),
        ("lag(rd)", "R&D a wave before"),
        ("lag(log1p(rd), 2)", "R&D (log) 2 waves before"),
        ("mean(log(rd))", "Firm mean of R&D (log)"),
        ("selection/rd", "R&D"),
        ("ame[both]:rd", "R&D"),
        ("size[very_large]", "Size: Very large"),
        ("rd:coop", "R&D × Cooperation"),
        ("rd_only", "Only R&D"),
        ("rd_and_coop", "R&D and cooperation"),
        ("knowledge/predicted(rd)", "Predicted R&D"),
        ("att[t+1]", "Effect, waves from the first support: +1"),
        ("cut[low|high]", "Between Low and High"),
        ("hypothesis:no_input", "Hypothesis: no input"),
        ("const", "Constant"),
    ],
)
def test_a_term_is_said_in_words(context, term, said):
    assert term_words(term, context, "en", words_in("en")) == said


@pytest.mark.parametrize(
    ("term", "parts"),
    [
        ("rd", ("", "", "rd")),
        ("selection/rd", ("", "selection", "rd")),
        ("ame:log(rd)", ("", "", "log(rd)")),
        ("ame[mean]:size[a/b]", ("mean", "", "size[a/b]")),
        ("q25/rd", ("", "q25", "rd")),
    ],
)
def test_a_name_comes_apart_into_prediction_equation_and_term(term, parts):
    assert parts_of(term) == parts


def test_levels_of_a_control_are_not_listed_but_effects_over_time_are(context):
    assert not is_shown("size[large]", "m", context)
    assert not is_shown("mean(size[large])", "m", context)
    assert is_shown("att[t-1]", "m", context)


@pytest.mark.parametrize(
    ("term", "model", "expected"),
    [
        ("log(rd)", "m", True),
        ("ame:log(rd)", "m", True),
        ("mean(log(rd))", "m", True),
        ("mean(size)", "m", False),
        ("coop", "m", False),
        ("sigma", "m", False),
        ("const", "m", False),
        ("att", "m", True),
        ("rd_and_coop", "pair", True),
        ("coop", "pair", False),
        ("predicted(rd)", "chain", True),
        ("hypothesis:same", "m", True),
    ],
)
def test_a_reader_is_told_what_the_model_was_made_for(context, term, model, expected):
    assert is_of_interest(term, model, context) is expected


def test_a_prediction_without_words_of_its_own_is_said_by_its_name():
    assert prediction_words("high", words_in("en")) == "Average marginal effects: High"


def test_the_mean_of_a_regressor_is_what_a_model_between_firms_is_about(context):
    assert is_of_interest("mean(log(rd))", "m", context)
    assert not is_of_interest("mean(size)", "m", context)


def test_a_level_is_called_as_the_cohort_of_its_variable_calls_it():
    context = ReportContext.from_mapping(
        {"study": "s", "title": {"en": "S"}, "release_date": "2020-01-01", "synthetic": True, "variables": VARIABLES,
         "cohorts": {"size": {"groups": {"big": {"title": {"en": "Large firms"}}}}}}
    )  # fmt: skip
    assert term_words("size[big]", context, "en", words_in("en")) == "Size: Large firms"
