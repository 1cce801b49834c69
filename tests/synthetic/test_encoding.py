import pandas as pd
import pytest

from innosurvey import codebook, yamlfile
from innosurvey.synthetic.encoding import codes_of, encode

BOOK = """
title: a small form
table: survey
missing: {"": missing, -9: refused}
value_maps:
  yes_no: {1: true, 2: false}
variables:
  firm_id: {column: id}
  sales_t: {column: q1, unit: thousand}
  inno_prd_goods: {column: q2, values: yes_no, missing: {9: refused}}
  barrier_staff: {column: q3, values: {1: 3, 2: 2, 3: 1, 4: 0}}
  coop_universities: {columns: {seoul_metro: q4a, domestic: q4b, abroad: q4c}, combine: multi, values: yes_no}
  exp_other: {columns: [q5a, q5b], combine: sum, unit: million}
  inno_pcs_procedures: {columns: [q6a, q6b], combine: any, values: yes_no}
  ksic_rev: {constant: "10", values: {10: "10"}}
"""


@pytest.fixture
def book(dictionary):
    return codebook.from_yaml(yamlfile.parse(BOOK, "book.yaml"), dictionary)


def raw(book, kinds=None, **answers):
    values = {
        "firm_id": "1",
        "sales_t": 1.5,
        "inno_prd_goods": True,
        "barrier_staff": 3,
        "coop_universities": "none",
        "exp_other": 10.0,
        "inno_pcs_procedures": False,
    }
    values |= answers
    frame = pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in values.items()})
    flags = pd.DataFrame({name: [(kinds or {}).get(name, "answered")] for name in values})
    return encode(frame, book, flags).iloc[0].to_dict()


def test_amounts_are_written_in_the_unit_of_the_file(book):
    assert raw(book, sales_t=1.5)["q1"] == 1500


def test_a_reversed_scale_is_written_reversed(book):
    assert raw(book, barrier_staff=3)["q3"] == 1


def test_each_level_of_a_multiple_choice_has_its_box(book):
    cells = raw(book, coop_universities="seoul_metro|abroad")
    assert [cells["q4a"], cells["q4b"], cells["q4c"]] == [1, 2, 1]


def test_no_level_at_all_ticks_no_box(book):
    cells = raw(book, coop_universities="none")
    assert [cells["q4a"], cells["q4b"], cells["q4c"]] == [2, 2, 2]


def test_two_parts_add_up_to_the_amount(book):
    cells = raw(book, exp_other=10.0)
    assert [cells["q5a"], cells["q5b"]] == [6, 4]


def test_one_of_two_questions_is_yes_where_any_is(book):
    assert 1 in (raw(book, inno_pcs_procedures=True)["q6a"], raw(book, inno_pcs_procedures=True)["q6b"])
    assert {raw(book, inno_pcs_procedures=False)["q6a"], raw(book, inno_pcs_procedures=False)["q6b"]} == {2}


def test_a_refusal_has_the_variables_own_code_before_the_files(book):
    refused = raw(book, kinds={"inno_prd_goods": "refused", "sales_t": "refused"})
    assert [refused["q2"], refused["q1"]] == [9, -9]


def test_what_was_not_asked_is_blank(book):
    assert raw(book, kinds={"barrier_staff": "not_asked"})["q3"] is None


def test_a_constant_needs_no_column(book):
    assert "10" not in raw(book).values()


def test_of_two_codes_with_one_meaning_the_first_is_written(book):
    assert codes_of(book.variables["barrier_staff"])[0.0] == 4
