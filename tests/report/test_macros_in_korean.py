"""Korean sentences: particles, lists and adjectives follow their words, and messages follow the data."""

import re

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.sections import render_section

from .conftest import read_templates
from .made_up import MINIMUM_N, made_up_context, made_up_tables

NAME = "10_x.ko.md.j2"
PHRASES = {
    "uses_clients": "고객 정보원 활용",
    "uses_suppliers": "공급업체 정보원 활용",
    "uses_universities": "대학 정보원 활용",
    "info_research": "연구기관 정보원의 중요도",
    "innovator": "혁신 도입",
    "sales_per_employee": "1인당 매출액",
    "patent_applications": "기업당 특허 출원 건수",
    "cooperation": "혁신 협력 수행",
}
GROUPS = {"failure": "실패 기업", "success": "성공 기업"}


def said(template: str, compare: pd.DataFrame | None = None, **changes: pd.DataFrame) -> str:
    """Return what a template says in Korean, without the marks of traces and of emphasis."""
    about = made_up_context()
    for item, phrase in PHRASES.items():
        about["items"][item]["phrase"] = {"ko": phrase}
    for group, phrase in GROUPS.items():
        about["cohorts"]["outcome_goal"]["groups"][group]["phrase"] = {"ko": phrase}
    context = ReportContext.from_mapping(about)
    tables = {**made_up_tables(), **changes}
    tables |= {} if compare is None else {"compare": compare}
    draft = Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="ko", figures={})
    macros = re.findall(
        r"(list_of|things|verdicts|headline|clearest|network_message|barrier_message|robustness)\(", template
    )
    imported = f'{{% from "_macros.ko.md.j2" import {", ".join(dict.fromkeys(macros))} %}}'
    text = render_section(NAME, {**read_templates(), NAME: imported + template}, draft)
    text = re.sub(r"\[([^\]]*)\]\(trace:\w+\)", r"\1", text).replace("\N{NO-BREAK SPACE}", " ")
    return text.replace("*", "").replace("\\", "").strip()


def compared(**differences: float) -> pd.DataFrame:
    """Return comparisons of failed with successful firms; a difference of nought is not clear."""
    like = made_up_tables()["compare"].query("cohort == 'outcome_goal' and wave == 'all'").iloc[0]
    rows = [
        {**like, "item": item, "difference": value, "p_adjusted": 0.0001 if value else 0.5, "statistic": "share"}
        for item, value in differences.items()
    ]
    return pd.DataFrame(rows)


ROWS = 'rows("compare", cohort="outcome_goal", wave="all")'


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{{ list_of(["고객", "대학"]) }}', "고객과 대학"),
        ('{{ list_of(["대학교", "고객"]) }}', "대학교와 고객"),
        ('{{ list_of(["고객", "대학", "연구소"]) }}', "고객, 대학, 연구소"),
        ('{{ list_of(["고객", "대학", "연구소"], "또는") }}', "고객, 대학 또는 연구소"),
        ('{{ list_of(["고객"]) }}', "고객"),
    ],
)
def test_two_words_are_joined_by_a_particle_more_by_commas(template, expected):
    assert said(template) == expected


def test_what_firms_do_is_a_share_whose_shared_words_stand_at_the_end():
    text = said(f"{{{{ verdicts({ROWS}) }}}}", compared(uses_clients=6.5, uses_suppliers=10.3, sales_per_employee=83))
    assert text == (
        "- 실패 기업은 성공 기업보다 고객(+6.5 %p)과 공급업체(+10.3 %p) 정보원 활용 비율이 높다(모두 p < 0.001). "
        "1인당 매출액(+83.0백만 원, p < 0.001)도 더 높다."
    )


def test_a_single_share_has_its_size_behind_the_word_for_shares():
    text = said(f"{{{{ verdicts({ROWS}) }}}}", compared(cooperation=-8.1))
    assert text == "- 실패 기업은 성공 기업보다 혁신 협력 수행 비율(−8.1 %p, p < 0.001)이 낮다."


@pytest.mark.parametrize(
    ("difference", "item", "ending"),
    [
        (0.5, "patent_applications", "가 많다."),
        (-0.5, "patent_applications", "가 적다."),
        (0.5, "info_research", "가 높다."),
        (-0.5, "info_research", "가 낮다."),
    ],
)
def test_numbers_of_things_are_many_and_all_else_is_high(difference, item, ending):
    assert said(f"{{{{ verdicts({ROWS}) }}}}", compared(**{item: difference})).endswith(ending)


def test_items_without_a_size_are_shortened_by_a_dot():
    text = said(f"{{{{ verdicts({ROWS}) }}}}", compared(uses_clients=0, uses_universities=0, info_research=0))
    assert text == (
        "- 실패 기업과 성공 기업 사이에는 고객·대학 정보원 활용 비율과 연구기관 정보원의 중요도에서 뚜렷한 차이가 없다."
    )


@pytest.mark.parametrize(
    ("differences", "message"),
    [
        ({"uses_clients": 1, "cooperation": 1}, "모두 실패 기업이 성공 기업보다 높다."),
        ({"uses_clients": -1, "cooperation": -1}, "모두 실패 기업이 성공 기업보다 낮다."),
        ({"uses_clients": 1, "cooperation": -1}, "높은 지표도 있고 낮은 지표도 있다."),
        ({"uses_clients": 1, "cooperation": 0}, "한 가지 지표에서만 뚜렷한 차이를 보인다."),
        ({"uses_clients": 0, "cooperation": 0}, "실패 기업과 성공 기업 사이에는 뚜렷한 차이가 없다."),
    ],
)
def test_the_main_message_follows_the_differences(differences, message):
    assert said(f"{{{{ headline({ROWS}) }}}}", compared(**differences)).endswith(message)


@pytest.mark.parametrize(
    ("industry", "research", "sentence", "message"),
    [
        (1, -1, "더 의존하고, 연구기관 정보원에는 덜 의존한다.", "산업계로 기울어 있다."),
        (-1, 1, "덜 의존하고, 연구기관 정보원에는 더 의존한다.", "연구기관으로 기울어 있다."),
        (-1, -1, "덜 의존하고, 연구기관 정보원에도 덜 의존한다.", "일부만 확인된다."),
        (0, 0, "차이가 없고, 연구기관 정보원 의존에도 뚜렷한 차이가 없다.", "구별되지 않는다."),
        (1, 0, "더 의존하고, 연구기관 정보원 의존에는 뚜렷한 차이가 없다.", "산업계와의 강한 연계이다."),
    ],
)
def test_the_message_on_networks_follows_both_directions(industry, research, sentence, message):
    text = said(f"{{{{ network_message({ROWS}) }}}}", compared(uses_clients=industry, uses_universities=research))
    assert text.startswith("성공 기업과 비교하면 실패 기업은 산업계 정보원")
    assert sentence in text
    assert text.endswith(message)


@pytest.mark.parametrize(
    ("capacity", "money", "message"),
    [
        (1, -1, "부족한 것은 자금보다 역량이다."),
        (0, 1, "부족한 것은 역량보다 자금이다."),
        (1, 1, "역량과 자금이 모두 부족하다."),
        (0, 0, "두 집단이 구별되지 않는다."),
        (-1, 0, "더 부족하지 않다."),
    ],
)
def test_the_message_on_barriers_follows_both_directions(capacity, money, message):
    text = said(f"{{{{ barrier_message({ROWS}) }}}}", compared(high_staff=capacity, high_own_funds=money))
    assert text.endswith(message)


def test_another_definition_says_what_holds_and_what_does_not():
    here = compared(uses_clients=1, cooperation=1, info_research=1)
    there = compared(uses_clients=1, cooperation=0, info_research=-1)
    both = pd.concat([here, there.assign(cohort="other")])
    call = f'{{{{ robustness({ROWS}, rows("compare", cohort="other", wave="all")) }}}}'
    assert said(call, both).endswith(
        "고객 정보원 활용 비율은 여전히 뚜렷하고 방향이 같다. 혁신 협력 수행 비율은 더 이상 뚜렷하지 않다. "
        "연구기관 정보원의 중요도는 방향이 반대이다."
    )
