import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.reasons import fit_words, lack_words

from .made_up import made_up_context, made_up_tables

VARIABLES = {
    "industry": {"en": "Industry"},
    "revision": {"en": "Revision"},
    "log_employees": {"en": "Employees (log)"},
    "product_innovation": {"en": "Product innovation"},
    "exporter": {"en": "Exporter"},
}


def draft_of(**about: object) -> Draft:
    """Return a draft that knows these variables."""
    context = ReportContext.from_mapping(made_up_context(variables=VARIABLES, **about))
    lookup = Lookup(made_up_tables(), context.sources, context.minimum_n)
    return Draft(lookup=lookup, context=context, language="en", figures={})


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "not estimated: separation by log_employees, industry[36]:revision[4], industry[40]:revision[3], "
            "industry[41]:revision[3]",
            "not estimated: some outcomes are foretold without error (separation) by employees (log), 3 levels of "
            "industry × revision",
        ),
        (
            "not estimated: constant outcome: product_innovation",
            "not estimated: the outcome is the same for all firms: product innovation",
        ),
        (
            "predicted(product_innovation) is nearly collinear with the regressors",
            "predicted product innovation is nearly collinear with the regressors",
        ),
        (
            "of the firms treated later, against those compared with",
            "of the firms treated later, against those compared with",
        ),
        ("industry[36]", "industry: 36"),
    ],
)
def test_a_fit_says_in_words_why_it_was_not_estimated(said: str, words: str):
    assert fit_words(draft_of(), said) == words


def test_a_reason_names_variables_and_models_by_their_titles():
    draft = draft_of(models={"on_size": {"title": {"en": "Innovation on size"}}})
    assert lack_words(draft, "on_size needs log_employees") == "“Innovation on size” needs “Employees (log)”"


@pytest.mark.parametrize("levels", ["3", "'local'", "'local' or 'both'"])
def test_an_answer_that_a_question_does_not_offer_is_said_to_be_one(levels: str):
    reason = f"the survey does not have {levels} of log_employees"
    assert lack_words(draft_of(), reason) == f"the survey does not have the answer {levels} to “Employees (log)”"
