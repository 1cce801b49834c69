import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey import codebook, yamlfile
from innosurvey.ingest.cells import form_of, typed


@pytest.fixture
def column(dictionary):
    def make(entry, top="", **raw):
        book = codebook.from_yaml(yamlfile.parse(f"{top}\nvariables:\n  {entry}\n", "book.yaml"), dictionary)
        (source,) = book.variables.values()
        return typed(pd.DataFrame(raw, dtype=object), source, book.file)

    return make


def test_thousands_commas_and_full_width_digits_are_numbers(column):
    assert column("employees_t: {column: a}", a=["1,234", "４５", " 7 "]).values.tolist() == [1234, 45, 7]


def test_kinds_of_missing_stay_apart(column):
    found = column("employees_t: {column: a, missing: {-9: refused, -8: dont_know}}", a=["-9", "-8", "", "3"])
    assert found.flags.tolist() == ["refused", "dont_know", "missing", "observed"]
    assert found.values.isna().tolist() == [True, True, True, False]


def test_a_code_may_mean_that_the_question_was_not_asked(column):
    found = column("barrier_own_funds: {column: a, values: {0: not_asked, 1: 3, 3: 0}}", a=["0", "1", "3"])
    assert found.flags.tolist() == ["not_asked", "observed", "observed"]
    assert found.values.tolist()[1:] == [3, 0]


def test_an_unknown_code_is_a_problem_that_names_its_rows(column):
    (problem,) = column("inna_ongoing: {column: a, values: {1: true, 2: false}}", a=["1", "3", "3"]).problems
    assert problem.rows == (1, 2)
    assert "the code 3 has no meaning in the codebook, which knows 1, 2" in problem.what


def test_text_in_a_number_shows_only_its_form(column):
    (problem,) = column("employees_t: {column: a}", a=["삼성전자 12", "4"]).problems
    assert "AAAA 99" in problem.what
    assert "삼성" not in problem.what


def test_an_impossible_date_is_a_problem(column):
    (problem,) = column("obs_start: {column: a}", a=["2020-02-30", "2020-02-28"]).problems
    assert "a date of the form 9999-99-99 that no calendar has" in problem.what


@pytest.mark.parametrize("text", ["2020-03-01", "2020.03.01", "20200301", "2020/3/1", "2020년 3월 1일"])
def test_dates_in_the_usual_writings(column, text):
    assert column("obs_start: {column: a}", a=[text]).values.tolist() == [pd.Timestamp("2020-03-01")]


def test_any_is_true_if_one_is_false_if_all_that_are_answered_are_and_missing_if_none_is_answered(column):
    entry = "inno_pcs_production: {columns: [a, b], combine: any, values: {1: true, 2: false}}"
    found = column(entry, a=["1", "2", "2", ""], b=["2", "2", "", ""])
    assert found.values.tolist() == [True, False, False, pd.NA]
    assert found.flags.tolist() == ["observed", "observed", "observed", "missing"]


def test_a_sum_takes_a_blank_part_as_nothing_but_all_blank_as_missing(column):
    found = column("exp_other: {columns: [a, b], combine: sum, unit: thousand}", a=["1000", ""], b=["", ""])
    assert found.values.tolist()[0] == pytest.approx(1.0)
    assert found.flags.tolist() == ["observed", "missing"]


def test_several_columns_become_the_levels_of_one_multi_variable(column):
    entry = "coop_universities: {columns: {abroad: b, domestic: a}, combine: multi, values: {1: true, 2: false}}"
    assert column(entry, a=["1", "2", "1"], b=["1", "2", "2"]).values.tolist() == [
        "domestic|abroad",
        "none",
        "domestic",
    ]


def test_numbers_of_a_binary_file_match_codes_written_as_whole_numbers(column):
    found = column("inna_ongoing: {column: a, values: {1: true, 2: false}}", a=[1.0, 2.0, float("nan")])
    assert found.values.tolist() == [True, False, pd.NA]


def test_a_constant_is_the_same_for_every_firm(column):
    assert column('ksic_rev: {constant: "10", values: {10: "10"}}', a=["x", "y"]).values.tolist() == ["10", "10"]


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_survives_any_writing(number):
    from innosurvey.codebook import FileSpec, VariableSource
    from innosurvey.dictionary import Variable

    source = VariableSource(name="x", declared=Variable(variable="x", type="int"), columns=("a",))
    full_width = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    raw = pd.DataFrame({"a": [str(number), f"{number:,}", full_width, f" {number} "]}, dtype=object)
    assert typed(raw, source, FileSpec()).values.tolist() == [number] * 4


@given(st.text(max_size=30))
def test_the_form_of_a_cell_holds_none_of_its_letters_and_digits(text):
    assert all(sign in "A9…" or not sign.isalnum() for sign in form_of(text))


COMMA = 'file: {decimal: ","}'


def test_a_decimal_comma_makes_the_point_part_thousands(column):
    typed = column("sales_t: {column: A}", COMMA, A=["1.234,5", "12,5", "−3", "1 234,5"])
    assert typed.values.tolist() == [1234.5, 12.5, -3.0, 1234.5]
    assert not typed.problems


def test_a_number_that_the_file_holds_as_a_number_knows_no_decimal_comma(column):
    assert column("sales_t: {column: A}", COMMA, A=[1.5, 1.234]).values.tolist() == [1.5, 1.234]
    assert column("sales_t: {constant: 1.234}", COMMA, A=[1]).values.tolist() == [1.234]


@pytest.mark.parametrize(("top", "cell"), [("", "1,5"), ("", "12,34"), ("", "1 2"), (COMMA, "1.5"), (COMMA, "1,234.5")])
def test_a_separator_that_parts_no_thousands_is_a_problem_and_not_another_number(column, top, cell):
    (problem,) = column("sales_t: {column: A}", top, A=[cell]).problems
    assert "where a number is expected" in problem.what
    assert "`decimal:`" in problem.remedy


@pytest.mark.parametrize("cell", ["-9", "-9.0", "-09", "−9", -9, -9.0])
def test_a_missing_code_is_known_in_any_writing_of_the_number(column, cell):
    typed = column("sales_t: {column: A, missing: {-9: refused}}", A=[cell])
    assert typed.flags.tolist() == ["refused"]


@pytest.mark.parametrize("cell", ["1", "1.0", "01", 1, 1.0])
def test_a_code_is_known_in_any_writing_of_the_number(column, cell):
    assert column("inna_ongoing: {column: A, values: {1: true, 0: false}}", A=[cell]).values.tolist() == [True]


def test_a_code_of_an_identifier_is_taken_to_the_letter(column):
    typed = column("firm_id: {column: A, missing: {0: missing}}", A=["000", "0"])
    assert typed.flags.tolist() == ["observed", "missing"]


def test_an_extended_missing_value_of_stata_is_written_as_stata_shows_it(column):
    typed = column("employees_t: {column: A, missing: {.a: refused, .b: dont_know}}", A=["a", "b", 7.0])
    assert typed.flags.tolist() == ["refused", "dont_know", "observed"]


@pytest.mark.parametrize(("order", "text"), [("dmy", "31.12.2020"), ("mdy", "12/31/2020"), ("dmy", "2020-12-31")])
def test_dates_may_begin_with_day_or_month_where_the_codebook_says_so(column, order, text):
    typed = column("obs_end: {column: A}", f"file: {{dates: {order}}}", A=[text])
    assert typed.values.tolist() == [pd.Timestamp("2020-12-31")]


def test_a_date_in_another_order_is_a_problem_that_names_the_key(column):
    (problem,) = column("obs_end: {column: A}", A=["31.12.2020"]).problems
    assert "`dates: dmy`" in problem.remedy


@pytest.mark.parametrize(("cell", "shown"), [("77", "code 77 has"), ("홍길동", "form AAA"), ("Kim", "form AAA")])
def test_an_unknown_code_is_shown_and_a_name_is_not(column, cell, shown):
    (problem,) = column("inna_ongoing: {column: A, values: {1: true}}", A=[cell]).problems
    assert shown in problem.what
