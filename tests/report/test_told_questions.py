"""The chapter on models as it goes: its questions, and for which groups a link is clear."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup, Row
from innosurvey.report.told_questions import MOST_NAMED, chapter, links, questions, ways

from .made_up import MINIMUM_N, made_up_context
from .made_up_rows import made_up_row

ASKING = {"question": "Does it?", "family": "f", "outcome": "log(sales)", "regressors": ["staff"]}


def fit(model: str, group: str = "all", **changes: object) -> dict:
    cohort = "all" if group == "all" else "size"
    return {"model": model, "family": "f", "cohort": cohort, "group": group, "estimator": "ols", "outcome": "sales",
            "n": 500, "n_firms": 400, "status": "ok", "warnings": "", **changes}  # fmt: skip


def draft_of(fits: list[dict], models: dict[str, dict], **tables: list[dict]) -> Draft:
    context = ReportContext.from_mapping(made_up_context(models=models))
    found = {"fits": pd.DataFrame(fits), **{name: pd.DataFrame(rows) for name, rows in tables.items()}}
    return Draft(lookup=Lookup(found, {}, MINIMUM_N), context=context, language="en", figures={})


def test_a_check_and_a_model_without_a_question_ask_nothing():
    models = {"a": ASKING, "b": {**ASKING, "check_of": "a"}, "c": {"family": "f"}}
    assert [one.model for one in questions(draft_of([fit(name) for name in models], models), "f")] == ["a"]


def test_a_question_is_told_of_all_firms_and_asked_by_the_groups_of_its_cohorts():
    fits = [fit("a"), fit("a", "small"), fit("a", "large", status="not estimated: too few")]
    (one,) = questions(draft_of(fits, {"a": ASKING}), "f")
    assert ([row["group"] for row in one.fits], one.cohorts, one.lacking) == (["all"], ("size",), True)


def test_a_question_that_only_one_group_answers_is_told_of_that():
    (one,) = questions(draft_of([fit("a", "small")], {"a": ASKING}), "f")
    assert [row["group"] for row in one.fits] == ["small"]


def test_only_the_first_chain_explains_what_it_predicts():
    fits = [fit("a"), fit("b", estimator="cdm"), fit("c", estimator="cdm")]
    found = questions(draft_of(fits, dict.fromkeys(("a", "b", "c"), ASKING)), "f")
    assert [one.chain for one in found] == [False, True, False]


def test_only_the_first_model_that_compares_firms_alike_says_so():
    balance = [{"model": name, "cohort": "all", "group": "all", "covariate": "size"} for name in ("b", "c")]
    draft = draft_of([fit("a"), fit("b"), fit("c")], dict.fromkeys(("a", "b", "c"), ASKING), balance=balance)
    assert [one.compares for one in questions(draft, "f")] == [False, True, False]


def test_the_chapter_knows_the_scales_of_its_outcomes_and_nothing_of_what_was_not_estimated():
    fits = [fit("a", outcome="log(sales)"), fit("b", family="g", outcome="sales_growth", status="not estimated")]
    about = chapter(draft_of(fits, {}))
    assert (about.families, about.logs, about.growth) == (("f",), True, False)


def coefficient(group: str, estimate: float, p: float, term: str = "staff") -> dict:
    return {"model": "a", "cohort": "size", "group": group, "outcome": "sales", "term": term, "estimate": estimate,
            "p": p, "suppressed": False}  # fmt: skip


def test_the_links_of_a_question_are_those_of_its_own_equation_and_scale():
    rows = [coefficient("small", 0.2, 0.001, term) for term in ("staff", "ame:staff", "selection/staff", "const")]
    draft = draft_of([fit("a", "small")], {"a": ASKING}, coefficients=rows)
    (question,) = questions(draft, "f")
    assert [one.term for one in links(draft, question)] == ["staff"]


def rows_of(*told: tuple[float, float]) -> list[Row]:
    return [made_up_row("coefficients", coefficient(str(place), *one)) for place, one in enumerate(told)]


UP, DOWN, UNCLEAR = (0.2, 0.0001), (-0.2, 0.0001), (0.2, 0.9)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([UP] * 3, [(True, "all", 0)]),
        ([UP] * 2 + [UNCLEAR] * 8, [(True, "named", 2)]),
        ([UP] * 8 + [UNCLEAR] * 2, [(True, "all_but", 2)]),
        ([UP] * 7 + [UNCLEAR] * 5, [(True, "most", 0)]),
        ([UP] * 5 + [UNCLEAR] * 7, [(True, "some", 0)]),
        ([UP, DOWN], [(True, "named", 1), (False, "named", 1)]),
        ([UNCLEAR] * 3, []),
    ],
)
def test_few_groups_are_named_and_many_are_not(rows, expected):
    found = ways(rows_of(*rows), 0.05)
    assert [(way.positive, way.extent, len(way.named)) for way in found] == expected


@given(st.lists(st.sampled_from([UP, DOWN, UNCLEAR]), max_size=20))
def test_no_more_groups_are_named_than_a_sentence_bears(rows):
    assert all(len(way.named) <= MOST_NAMED for way in ways(rows_of(*rows), 0.05))
