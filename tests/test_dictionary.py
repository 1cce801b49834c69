import pytest

from innosurvey.dictionary import variable_from
from innosurvey.errors import StudyError


def test_the_dictionary_declares_every_canonical_variable_once(dictionary):
    assert len(dictionary) == 146
    assert dictionary["sales_t"].unit == "currency_million"
    assert dictionary["goal_attainment"].levels == ("exceeded", "near_full", "partial", "hardly", "none")


def test_each_of_the_78_entries_of_the_canonical_schema_is_declared(dictionary, root):
    import csv
    import re

    with open(root / "tests/cases/canonical_entries.csv", encoding="utf-8", newline="") as lines:
        entries = list(csv.DictReader(lines))
    names = [(name, row["type"]) for row in entries for name in expanded(row["entry"]) if not name.startswith("<")]
    assert len(entries) == 78
    harmonised = {"ksic_harmonised", "price_t", "price_t1", "price_t2"}  # added by the stage that brings waves together
    capital = {"paid_in_capital_t", "tangible_assets_t"}  # the SME definition of 2002, the production function
    assert {name for name, _ in names} == set(dictionary) - harmonised - capital
    # support_* are one level of government or both: an enum here; a wave is the key of a file, a text
    differing = {name for name, kind in names if kind != dictionary[name].type}
    assert {re.sub(r"^support_.*", "support", name) for name in differing} <= {"support", "wave"}


def expanded(entry):
    """Return the columns of an entry: `a;b`, `a_t;_t1` and `a_{b,c}` stand for several."""
    import re

    several = re.fullmatch(r"(.*)\{(.*)\}", entry)
    if several:
        return [several[1] + end for end in several[2].split(",")]
    first, *others = entry.split(";")
    return [first, *(first.removesuffix("_t") + other if other.startswith("_") else other for other in others)]


def test_the_status_of_every_entry_is_said(dictionary):
    assert {variable.status for variable in dictionary.values()} == {"verified", "unverified"}


def test_an_entry_without_a_cis_name_or_with_an_unverified_one_is_not_verified(dictionary):
    doubtful = [
        name
        for name, variable in dictionary.items()
        if "unverified" in variable.cis_name + variable.cis_name_old or not (variable.cis_name or variable.cis_name_old)
    ]
    assert [name for name in doubtful if dictionary[name].status == "verified"] == []


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
