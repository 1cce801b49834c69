"""The summary: how sure, which links, what follows, in either language."""

import re

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.sections import render_section

from .conftest import read_templates
from .made_up import MINIMUM_N, made_up_context, made_up_tables
from .test_told_summary import claims_of, recommended


def summary(language: str = "en", **changes: pd.DataFrame) -> list[str]:
    """Return the paragraphs and bullets of the summary, without the marks of traces and of emphasis."""
    context = ReportContext.from_mapping(made_up_context())
    lookup = Lookup({**made_up_tables(), **changes}, context.sources, MINIMUM_N)
    draft = Draft(lookup=lookup, context=context, language=language, figures={})
    text = render_section(f"00_summary.{language}.md.j2", read_templates(), draft)
    text = re.sub(r"\[([^\]]*)\]\(trace:\w+\)", r"\1", text).replace("*", "").replace("\\", "")
    return [line.removeprefix("- ").strip() for line in text.splitlines() if line.strip()]


def one(said: list[str], beginning: str) -> str:
    (found,) = [text for text in said if text.startswith(beginning)]
    return found


@pytest.mark.parametrize(
    ("checks", "agree", "english", "korean"),
    [
        (11, 11, "(all 11 checks)", "(점검 11건 모두 일치)"),
        (2, 2, "(both checks)", "(점검 2건 모두 일치)"),
        (1, 1, "(its one check)", "(점검 1건 일치)"),
        (10, 9, "(9 of 10 checks agree)", "(점검 10건 중 9건 일치)"),
        (9, 4, "(fragile: 4 of 9 checks agree)", "(취약: 점검 9건 중 4건 일치)"),
        (0, 0, "barrier.", "barrier."),
    ],
)
def test_each_verdict_says_how_many_checks_agree(checks, agree, english, korean):
    claims = claims_of(("C7", "supported", checks, agree))
    assert english in one(summary(claims=claims), "Supported: Funds are the top barrier")
    assert korean in one(summary("ko", claims=claims), "지지됨: Funds are the top barrier")


def test_outcomes_without_a_clear_link_share_a_sentence():
    unclear = made_up_tables()["coefficients"].assign(p=0.5)
    names = ("product innovation", "process innovation", "sales per employee (log)")
    english = one(summary(coefficients=unclear), "No such link is told of ")
    assert english == f"No such link is told of {names[0]}, {names[1]} or {names[2]}."
    assert one(summary("ko", coefficients=unclear), "Product innovation, ").endswith("에서는 제시할 만한 관련이 없다.")


def test_recommendations_stand_as_their_first_sentence_with_their_stages():
    texts = recommended(("funds", "financing", 1), ("no_list", "", 0))
    assert "Reach more firms (start-up and maturity)." in summary(recommendations=texts)
    assert "Go by the frame." in summary(recommendations=texts)
    assert "Reach more firms(Start-up와 Maturity)." in summary("ko", recommendations=texts)


def test_a_study_without_recommendations_has_no_words_on_policy():
    none = made_up_tables()["recommendations"].iloc[:0]
    assert not [text for text in summary(recommendations=none) if "policy" in text]
    assert not [text for text in summary("ko", recommendations=none) if "정책" in text]


def test_several_groups_are_told_against_their_reference():
    said = one(summary(), "Do larger firms innovate more?")
    assert "Against firms of the group “50 to 249 employees”, " in said
    assert said.endswith("firms of the group “250 employees and more” no clear difference shows.")


def test_groups_that_do_not_differ_are_said_not_to():
    alike = made_up_tables()["compare"].assign(p_adjusted=0.5)
    assert "No group differs clearly from" in one(summary(compare=alike), "Do larger firms")
    assert "뚜렷한 차이를 보이는 집단은 없다." in one(summary("ko", compare=alike), "규모가 큰 기업이")
