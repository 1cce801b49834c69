"""The chapter on models in sentences: each says what the coefficients say, none is written for one outcome."""

import re

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.sections import render_section

from .conftest import read_templates
from .made_up import MINIMUM_N, made_up_context

TEMPLATES = {
    name: text for name, text in read_templates().items() if name.startswith(("50_models", "_macros", "_models"))
}
RD, PERFORMER = "log1p(rd_per_employee)", "rnd_performer"
WAVES = tuple(f"w{number}" for number in range(20))


def fit(estimator: str = "ols", group: str = "all", outcome: str = "product_innovation") -> dict:
    counts = {"n": 500, "n_firms": 400, "n_clusters": 400, "vcov": "robust", "small_sample": "stata"}
    return {"model": "m", "family": "knowledge", "cohort": "all" if group == "all" else "wave", "group": group,
            "estimator": estimator, "outcome": outcome, **counts, "r2": 0.1, "loglik": None,
            "status": "ok", "warnings": ""}  # fmt: skip


def coefficient(term: str, estimate: float, p: float, group: str = "all", outcome: str = "product_innovation") -> dict:
    bounds = {"se": 0.1, "df": 100.0, "statistic": 1.0, "lower": estimate - 0.2, "upper": estimate + 0.2}
    return {"model": "m", "cohort": "all" if group == "all" else "wave", "group": group, "outcome": outcome,
            "term": term, "estimate": estimate, "p": p, **bounds}  # fmt: skip


def said(fits: list[dict], coefficients: list[dict], language: str = "en", **model: object) -> str:
    """Return the chapter's text without the marks of traces."""
    terms = list(dict.fromkeys(row["term"].split("/")[-1] for row in coefficients))
    about = {"title": "M", "question": "Does it?", "family": "knowledge", "regressors": terms, **model}
    context = ReportContext.from_mapping(made_up_context(models={"m": about}))
    tables = {"fits": pd.DataFrame(fits), "coefficients": pd.DataFrame(coefficients)}
    draft = Draft(lookup=Lookup(tables, context.sources, MINIMUM_N), context=context, language=language, figures={})
    text = render_section(f"50_models.{language}.md.j2", TEMPLATES, draft)
    return re.sub(r"\[([^\]]*)\]\(trace:\w+\)", r"\1", text).replace("\N{NO-BREAK SPACE}", " ")


def on_rd(performer: float, each: float, p: float = 0.001) -> str:
    return said(
        [fit()],
        [coefficient(PERFORMER, performer, p), coefficient(RD, each, p)],
        sample="innovation_active_oslo4",
    )


NEGATIVE_FIRST, POSITIVE_FIRST = "A negative first beside a positive second", "A positive first beside a negative"


@pytest.mark.parametrize(
    ("performer", "each", "p", "told"),
    [
        (-0.2, 0.1, 0.001, {NEGATIVE_FIRST, "low for another reason, too"}),
        (0.2, -0.1, 0.001, {POSITIVE_FIRST}),
        (-0.2, -0.1, 0.001, {"low for a reason of its own"}),
        (0.2, 0.1, 0.001, set()),
        (-0.2, 0.1, 0.4, set()),
    ],
)
def test_opposite_signs_of_doing_r_and_d_and_of_its_amount_are_explained_where_they_stand(performer, each, p, told):
    text = on_rd(performer, each, p)
    known = {NEGATIVE_FIRST, POSITIVE_FIRST, "low for another reason, too", "low for a reason of its own"}
    assert {words for words in known if words in text} == told


def by_wave(p_of_first: float) -> str:
    rows = [coefficient(RD, 0.3, p_of_first if place == 0 else 0.5, wave) for place, wave in enumerate(WAVES)]
    return said([fit(group=wave) for wave in WAVES], rows)


def test_one_group_of_many_is_clear_only_when_their_number_is_allowed_for():
    assert "no clear link shows in any group" in by_wave(0.03)
    assert "a clear link shows with" in by_wave(0.001)


@pytest.mark.parametrize(
    ("p", "words"),
    [
        ((0.001, 0.001), "+0.200 and +0.200, each clear"),
        ((0.001, 0.4), "some of them clear"),
        ((0.4, 0.4), "none clear"),
    ],
)
def test_a_model_of_quantiles_says_where_its_links_are_clear(p, words):
    rows = [coefficient(f"q{quantile}/{RD}", 0.2, one) for quantile, one in zip(("25", "75"), p, strict=True)]
    assert words in said([fit("quantile")], rows)


@pytest.mark.parametrize(
    ("estimate", "p", "words"),
    [(0.2, 0.01, "higher with"), (-0.2, 0.01, "lower with"), (0.2, 0.4, "no clear link with")],
)
def test_a_chain_is_told_from_its_first_link(estimate, p, words):
    rows = [
        coefficient("knowledge/predicted(log_rd_per_employee)", estimate, p, outcome="sales"),
        coefficient("predicted(product_innovation)", 0.3, 0.01, outcome="sales"),
    ]
    text = said([fit("cdm", outcome="sales")], rows, knowledge={"outcome": "product_innovation"})
    assert f"Stage by stage: product innovation is {words}" in text


def test_between_firms_is_told_beside_within_firms():
    text = said([fit("mundlak")], [coefficient(RD, 0.1, 0.01), coefficient(f"mean({RD})", 0.2, 0.01)])
    assert "firm mean of" in text
    assert "The firm mean says how the link between firms differs" in text


@pytest.mark.parametrize(
    ("estimates", "words"),
    [
        (
            ((0.2, 0.01), (-0.2, 0.02)),
            "R(+0.200, p = 0.010)과 양(+)의 관련, S(−0.200, p = 0.020)와 음(−)의 관련이 있다.",
        ),
        (((0.2, 0.01), (0.2, 0.4)), "R(+0.200, p = 0.010)과 양(+)의 관련이 있고, S와는 뚜렷한 관련이 없다."),
        (((0.2, 0.4), (0.2, 0.4)), "R, S와 뚜렷한 관련이 없다."),
    ],
)
def test_korean_says_the_same_with_the_particles_that_the_words_ask_for(estimates, words):
    rows = [coefficient(term, *estimate) for term, estimate in zip(("r", "s"), estimates, strict=True)]
    assert words in said([fit()], rows, "ko")


def test_korean_says_in_which_groups_a_link_is_clear():
    rows = [coefficient(RD, 0.3, 0.001 if place == 0 else 0.5, wave) for place, wave in enumerate(WAVES)]
    assert "뚜렷한 관련을 보이는 항은" in said([fit(group=wave) for wave in WAVES], rows, "ko")
    rows = [coefficient(RD, 0.3, 0.5, wave) for wave in WAVES]
    assert "어느 집단에서도 뚜렷한 관련이 없다" in said([fit(group=wave) for wave in WAVES], rows, "ko")
