import pytest

from innosurvey.errors import StudyError
from innosurvey.reference.spec import parse_reference, reference_files

from .make import DECLARATION, declared, spec


def test_a_study_without_printed_tables_names_no_file():
    assert reference_files({}) == {}


def test_the_files_are_the_declaration_the_checks_and_a_table_each():
    files = reference_files({"folder": "printed/", "tables": ["staff"]})
    assert files == {
        "tables.yaml": "printed/tables.yaml",
        "checks.csv": "printed/checks.csv",
        "staff": "printed/staff.csv",
    }


def test_a_table_named_twice_is_refused():
    with pytest.raises(StudyError, match="tables lists names twice: staff"):
        reference_files({"folder": "printed", "tables": ["staff", "staff"]})


def test_the_unit_of_a_place_comes_before_that_of_a_series_and_of_the_table():
    text = DECLARATION.replace("sum: {title: {en: Sum}}", "sum: {title: {en: Sum}, unit: ratio}")
    table = spec(text).tables["staff"]
    assert [table.unit_of("share", "sum"), table.unit_of("share", "2001"), table.unit_of("large", "2001")] == [
        "ratio",
        "percent",
        "thousand",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("source: office", "source: ofice", "`ofice` is not one of office. Did you mean office?"),
        ("unit: thousand", "unit: thousands", "Did you mean thousand?"),
        ("    unit: thousand\n", "", "cells have no unit, the first is large at 2001"),
        ("head: {en: Quantity}", "heads: {en: Quantity}", "unknown key `heads`. Did you mean head?"),
        ("head: {en: Quantity}", "down: rows\n    head: {en: Quantity}", "`rows` is not one of series, at"),
        ("of: total", "of: totals", "ratios.staff_per_firm.of: `totals` is not one of"),
        ("table: staff, of", "table: stuff, of", "ratios.staff_per_firm.table: `stuff` is not one of staff"),
        ("      large: {", "      large firms: {", "`large firms` cannot stand in the address of a cell"),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_place(old, new, said):
    assert old in DECLARATION
    with pytest.raises(StudyError) as caught:
        spec(DECLARATION.replace(old, new, 1))
    assert said in str(caught.value)


def test_a_table_that_is_not_declared_is_named_with_the_near_one():
    with pytest.raises(StudyError, match="Did you mean staff"):
        parse_reference(declared(), ["staf"])


def test_ratios_of_tables_that_are_not_shown_are_left_out():
    text = DECLARATION.replace("ratios:", "  other: {source: office, number: '1', title: {en: O}, head: {en: Q}, "
                               "unit: count, series: {a: {}}, at: {b: {}}}\nratios:")  # fmt: skip
    assert spec(text, ("other",)).ratios == {}
