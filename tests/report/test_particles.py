"""Korean particles follow the word before them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.errors import StudyError
from innosurvey.report.particles import with_particle, without_object_particle


@pytest.mark.parametrize(
    ("text", "forms", "wanted"),
    [
        ("기업", "은/는", "기업은"),
        ("활동 기업", "이/가", "활동 기업이"),
        ("비율", "을/를", "비율을"),
        ("점수", "을/를", "점수를"),
        ("대학", "과/와", "대학과"),
        ("벤처", "과/와", "벤처와"),
    ],
)
def test_a_word_decides_by_its_last_syllable(text, forms, wanted):
    assert with_particle(text, forms) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("비율", "비율로"), ("대학", "대학으로"), ("벤처", "벤처로"), ("7", "7로"), ("3", "3으로")],
)
def test_a_final_l_takes_ro(text, wanted):
    assert with_particle(text, "으로/로") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("R&D", "R&D가"),
        ("SRL", "SRL이"),
        ("10", "10이"),
        ("2", "2가"),
        ("12.3 %", "12.3 %가"),
        ("+1.2 %p", "+1.2 %p가"),
    ],
)
def test_numbers_letters_and_signs_are_read_in_korean(text, wanted):
    assert with_particle(text, "이/가") == wanted


def test_brackets_and_quotes_are_passed_over():
    assert with_particle("비율(12.3 %, p < 0.001)", "이/가") == "비율(12.3 %, p < 0.001)이"
    assert with_particle("“매출(로그)”", "은/는") == "“매출(로그)”은"


def test_markdown_is_passed_over():
    assert with_particle("비율([12.3 %](trace:t1))", "이/가").endswith("(trace:t1))이")
    assert with_particle("**[표](see:table.a)**", "은/는").endswith("**는")
    assert with_particle("[13](trace:t4)", "은/는") == "[13](trace:t4)은"


def test_a_text_in_brackets_alone_is_read():
    assert with_particle("(대학)", "은/는") == "(대학)은"


@pytest.mark.parametrize("forms", ["", "은", "/는", "은/"])
def test_a_particle_needs_both_forms(forms):
    with pytest.raises(StudyError, match="both forms"):
        with_particle("기업", forms)


@given(st.text(), st.sampled_from(["은/는", "이/가", "을/를", "과/와", "으로/로"]))
def test_any_text_gets_one_of_the_forms(text, forms):
    assert with_particle(text, forms) in [text + form for form in forms.split("/")]


@pytest.mark.parametrize(
    ("words", "noun"),
    [
        ("자체 자금 부족을", "자체 자금 부족"),
        ("공급업체를", "공급업체"),
        ("가을", "가을"),
        ("을", "을"),
        ("Staff", "Staff"),
        ("", ""),
    ],
)
def test_a_label_loses_the_object_particle_of_the_verb_that_was_cut(words, noun):
    assert without_object_particle(words) == noun
