import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.terms import hidden_controls, is_of_interest, is_shown, term_words
from innosurvey.report.words import words_in

from .made_up import made_up_context

CONTEXT = ReportContext.from_mapping(
    made_up_context(
        variables={"rd_per_employee": {"en": "R&D per employee"}, "stage": {"en": "Stage"}, "wave": {"en": "Wave"}},
        models={"m": {"regressors": ["log1p(rd_per_employee)", "C(stage)"], "controls": ["size", "C(wave)"]}},
    )
)


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("rd_per_employee", "R&D per employee"),
        ("log1p(rd_per_employee)", "R&D per employee (log)"),
        ("ame:log(rd_per_employee)", "R&D per employee (log)"),
        ("stage[early_growth]", "Stage: Early growth"),
        ("size:stage[mature]", "Size × Stage: Mature"),
        ("const", "Constant"),
    ],
)
def test_a_term_is_said_in_words(term: str, words: str):
    assert term_words(term, CONTEXT, "en", words_in("en")) == words


def test_levels_of_a_control_are_not_listed_but_named():
    terms = ["log1p(rd_per_employee)", "wave[2020]", "wave[2022]", "stage[mature]"]
    assert [term for term in terms if is_shown(term, "m", CONTEXT)] == ["log1p(rd_per_employee)", "stage[mature]"]
    assert hidden_controls(terms, "m", CONTEXT) == [("wave",)]


def test_two_controls_by_their_cells_are_named_together():
    assert hidden_controls(["wave[2020]:stage[mature]", "wave[2022]:stage[mature]"], "other", CONTEXT) == [
        ("wave", "stage")
    ]


def test_a_model_is_about_its_regressors_not_its_controls():
    terms = ["const", "log1p(rd_per_employee)", "size", "stage[mature]", "ame:log1p(rd_per_employee)"]
    assert [term for term in terms if is_of_interest(term, "m", CONTEXT)] == [terms[1], terms[3], terms[4]]


def test_a_model_without_a_known_specification_is_about_all_its_terms():
    assert is_of_interest("size", "other", CONTEXT)
