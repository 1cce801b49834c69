"""What the summary tells."""

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.told_summary import (
    MOST_RECOMMENDATIONS,
    first_recommendations,
    is_lag_of,
    judged_claims,
    summary_answers,
    summary_links,
)

from .made_up import MINIMUM_N, made_up_context, made_up_tables
from .made_up_policy import made_up_frame


def draft_of(models: dict | None = None, **changes: pd.DataFrame) -> Draft:
    about = made_up_context() if models is None else made_up_context(models=models)
    context = ReportContext.from_mapping(about)
    tables = {**made_up_tables(), **changes}
    return Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="en", figures={})


def test_a_question_is_answered_by_the_first_cohort_that_the_study_has():
    table = made_up_tables()["compare"].query("cohort == 'activity_seoul'")
    both = pd.concat([table.assign(cohort="activity_oslo4"), table.assign(cohort="activity_office")])
    (answer,) = summary_answers(draft_of(compare=both))
    assert (answer.question, answer.several) == ("activity", False)
    assert {row["cohort"] for row in answer.rows} == {"activity_office"}


def test_an_answer_keeps_to_the_themes_of_its_question():
    answers = {answer.question: answer for answer in summary_answers(draft_of())}
    items = {row["item"] for row in answers["activity"].rows}
    assert items == {"sales_mean", "sales_per_employee", "export_share", "age_median"}
    assert "stages" not in answers  # the made-up stages are not compared on barriers
    assert answers["size"].several


def claims_of(*found: tuple[str, str, float, float]) -> pd.DataFrame:
    """Return claims.csv of claims with verdict, checks and how many agree."""
    return pd.DataFrame(found, columns=["claim", "verdict", "checks", "checks_agree"]).assign(
        n=500, family="f", p_adjusted=0.01
    )


def test_claims_stand_by_verdict_the_supported_first():
    table = claims_of(("A", "reversed", 3, 3), ("B", "supported", 3, 3), ("C", "reversed", 3, 3))
    told = [[claim.row["claim"] for claim in claims] for claims in judged_claims(draft_of(claims=table))]
    assert told == [["B"], ["A", "C"]]


@pytest.mark.parametrize(
    ("checks", "agree", "expected"),
    [(11, 11, "all"), (1, 1, "all"), (10, 9, "most"), (3, 2, "most"), (9, 4, "few"), (4, 0, "few"), (0, 0, "")],
)
def test_a_verdict_is_as_sure_as_its_checks_agree(checks, agree, expected):
    ((claim,),) = judged_claims(draft_of(claims=claims_of(("A", "supported", checks, agree))))
    assert claim.checks == expected


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("lag(innovator)", True),
        ("ame:lag(innovator, 2)", True),
        ("lag(innovator_kind)", False),
        ("innovator", False),
        ("lag(rd)", False),
    ],
)
def test_a_model_of_an_outcome_on_its_past_is_known_by_its_term(term, expected):
    assert is_lag_of(term, "innovator") == expected


def fitted(**terms: tuple[str, str, float]) -> Draft:
    """Return a draft with a model each of an outcome on one term with a p-value."""
    models = {
        name: {"regressors": [term], "outcome": outcome, "family": "knowledge"}
        for name, (outcome, term, _) in terms.items()
    }
    fit = made_up_tables()["fits"].iloc[0]
    coefficient = made_up_tables()["coefficients"].iloc[0]
    fits = [{**fit, "model": name, "outcome": outcome, "estimator": "ols"} for name, (outcome, _, _) in terms.items()]
    coefficients = [
        {**coefficient, "model": name, "outcome": outcome, "term": term, "estimate": 0.2, "p": p}
        for name, (outcome, term, p) in terms.items()
    ]
    return draft_of(models=models, fits=pd.DataFrame(fits), coefficients=pd.DataFrame(coefficients))


def test_outcomes_are_told_by_their_first_model_and_whether_a_link_is_clear():
    told = summary_links(fitted(one=("sales", "rd", 0.01), two=("sales", "staff", 0.5), three=("patents", "rd", 0.5)))
    assert [(link.outcome, [row["term"] for row in link.rows]) for link in told.clear] == [("sales", ["rd"])]
    assert told.unclear == ("patents",)


def test_models_of_an_outcome_on_its_own_past_are_left_to_their_chapter():
    told = summary_links(fitted(stays=("rd", "lag(rd)", 0.001), grows=("rd", "support", 0.01)))
    assert [[row["term"] for row in link.rows] for link in told.clear] == [["support"]]
    assert summary_links(fitted(stays=("rd", "lag(rd)", 0.001))).clear == ()


def recommended(*found: tuple[str, str, float]) -> pd.DataFrame:
    """Return recommendations.csv of texts that stand, with their field and the cells they ask for at least."""
    return pd.DataFrame(found, columns=["recommendation", "field", "least"]).assign(
        chosen="True", claim="C7", verdict="supported", groups="startup|mature", cells=2.0
    )


def test_each_field_has_a_recommendation_before_any_has_two():
    table = recommended(("a", "financing", 1), ("b", "financing", 1), ("c", "", 1), ("d", "incubation", 1))
    told = first_recommendations(draft_of(recommendations=table, policy=made_up_frame()))
    assert [one.row["recommendation"] for one in told] == ["a", "d", "c", "b"]


def test_only_the_first_few_recommendations_are_told():
    table = recommended(*((f"r{number}", f"field {number}", 1) for number in range(9)))
    assert len(first_recommendations(draft_of(recommendations=table))) == MOST_RECOMMENDATIONS


def test_stages_are_told_of_recommendations_that_ask_for_cells():
    table = recommended(("asks", "financing", 1), ("does_not", "incubation", 0))
    told = first_recommendations(draft_of(recommendations=table, policy=made_up_frame()))
    assert [one.groups for one in told] == [("startup", "mature"), ()]
