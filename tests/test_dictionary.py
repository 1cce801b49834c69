import pytest

from innosurvey.dictionary import variable_from
from innosurvey.errors import StudyError


def test_the_dictionary_declares_every_canonical_variable_once(dictionary):
    assert len(dictionary) == 144
    assert dictionary["sales_t"].unit == "currency_million"
    assert dictionary["goal_attainment"].levels == ("exceeded", "near_full", "partial", "hardly", "none")


def test_every_variable_has_labels_in_english_and_korean(dictionary):
    assert [name for name, variable in dictionary.items() if not (variable.label_en and variable.label_ko)] == []


def test_a_study_adds_its_own_variables(dictionary):
    extended = dictionary.extended({"office_type": {"type": "enum", "levels": ["a", "b"]}}, "study")
    assert extended["office_type"].levels == ("a", "b")
    assert "office_type" not in dictionary


def test_an_enum_without_levels_is_refused():
    with pytest.raises(StudyError, match="variable x: an enum variable needs `levels`"):
        variable_from("x", {"type": "enum"}, "study")


def test_an_unknown_type_and_an_unknown_key_get_the_near_name():
    with pytest.raises(StudyError, match="Did you mean float"):
        variable_from("x", {"type": "floot"}, "study")
    with pytest.raises(StudyError, match="Did you mean levels"):
        variable_from("x", {"type": "enum", "level": ["a"]}, "study")


def test_a_bound_that_is_no_number_is_refused():
    with pytest.raises(StudyError, match="variable x, minimum: `low` is no number"):
        variable_from("x", {"type": "float", "minimum": "low"}, "study")
