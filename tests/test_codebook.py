import pytest

from innosurvey import codebook, yamlfile
from innosurvey.errors import StudyError


@pytest.fixture
def read(dictionary):
    return lambda text: codebook.from_yaml(yamlfile.parse(text, "book.yaml"), dictionary)


def test_a_value_map_by_name_gives_codes_as_text(read):
    book = read(
        "value_maps: {yes_no: {1: true, 2.0: false}}\nvariables:\n  inna_ongoing: {column: Q1, values: yes_no}\n"
    )
    assert book.variables["inna_ongoing"].values == {"1": True, "2": False}


def test_money_is_brought_to_the_dictionarys_million(read):
    book = read("variables:\n  sales_t: {column: Q1, unit: thousand}\n")
    assert book.variables["sales_t"].factor == pytest.approx(0.001)


def test_missing_codes_of_the_file_and_of_the_variable_add_up(read):
    book = read("missing: {-9: refused}\nvariables:\n  employees_t: {column: Q1, missing: {-8: dont_know}}\n")
    assert book.variables["employees_t"].missing == {"-9": "refused", "-8": "dont_know"}


def test_raw_columns_are_listed_once_each_in_order(read):
    book = read(
        "variables:\n  firm_id: {column: K}\n  exp_other: {columns: [B, A], combine: sum}\n  sales_t: {column: A}\n"
    )
    assert book.raw_columns == ("K", "B", "A")


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("sale_t: {column: Q1}", r": `sale_t` is not a variable of the dictionary. Did you mean sales_t\?"),
        ("sales_t: {colum: Q1}", r": unknown key `colum`. Did you mean column\?"),
        ("sales_t: {column: Q1, constant: 3}", "give exactly one of column, columns, constant"),
        ("exp_other: {columns: [A, B]}", "several `columns` need `combine"),
        ("exp_other: {columns: [A, B], combine: summ}", r"combine: `summ` is not one of .* Did you mean sum\?"),
        ("inna_ongoing: {column: A}", "say with `values:` what its codes mean"),
        ("inna_ongoing: {column: A, values: yesno}", "no value map `yesno`"),
        (
            "inna_ongoing: {column: A, values: {1: perhaps}}",
            "`perhaps` is neither true, false nor a kind of missing",
        ),
        (
            "rnd_unit: {column: A, values: {1: instiute}}",
            r"level: `instiute` is not one of .* Did you mean institute\?",
        ),
        (
            "sales_t: {column: A, missing: {9: refusal}}",
            r"kind of missing: `refusal` is not one of .* Did you mean refused\?",
        ),
        ("sales_t: {column: A, unit: thousands}", r"unit: `thousands` is not one of .* Did you mean thousand\?"),
        ("employees_t: {column: A, unit: thousand}", "`unit` is for amounts of money"),
        ("inna_ongoing: {column: A, values: {1: true, '1': false}}", "the code 1 stands twice"),
        ("inna_ongoing: {column: A, values: {1.0: true, '1': false}}", "the code 1 stands twice"),
        ("inna_ongoing: {column: A, values: {1: true, 9: false}, missing: {9: missing}}", "says that 9 is no answer"),
        ("inna_ongoing: {column: A, values: [1, 2]}", "expected `key: value` entries, not list"),
        ("employees_t: {column: [A, B]}", "a column is one name"),
        ("employees_t: {columns: A, combine: sum}", r"expected a list, such as \[a, b\]"),
        ("emp_tertiary_pct: {column: A, multiply: ten}", "`multiply: ten` is no factor"),
        ("employees_t: {constant: [1, 2]}", "`constant` is one value"),
        ("coop_group: {columns: [A], combine: multi, values: {1: true}}", "takes a map level → column"),
    ],
)
def test_a_variable_that_could_not_work_is_refused_with_place_and_near_name(read, variable, message):
    with pytest.raises(StudyError, match=rf"book\.yaml line 2\b.*{message}"):
        read(f"variables:\n  {variable}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file: {fromat: csv}\nvariables: {sales_t: {column: A}}\n", r"line 1: unknown key `fromat`.+mean format\?"),
        ("titel: x\nvariables: {sales_t: {column: A}}\n", r"unknown key `titel`. Did you mean title\?"),
        ("file: csv\nvariables: {sales_t: {column: A}}\n", "expected `key: value` entries, not str"),
        ("file: {decimal: ',', thousands: ','}\nvariables: {sales_t: {column: A}}\n", "are the same character"),
        ("file: {header_rows: first}\nvariables: {sales_t: {column: A}}\n", "row numbers from 1"),
        ("file: {encoding: 1252}\nvariables: {sales_t: {column: A}}\n", "`encoding: 1252` is no name"),
        ("file: {delimiter: tab}\nvariables: {sales_t: {column: A}}\n", "`delimiter` is one character"),
        ("file: {footer_rows: some}\nvariables: {sales_t: {column: A}}\n", "how many rows of notes"),
        ("file: {dates: dym}\nvariables: {sales_t: {column: A}}\n", "`dym` is not one of ymd, dmy, mdy"),
        ("period: [2015, 2017]\nvariables: {sales_t: {column: A}}\n", "a pair of days"),
        ("period: [2015-01-01, 2017-13-31]\nvariables: {sales_t: {column: A}}\n", "a pair of days"),
        ("period: [2018-01-01, 2017-12-31]\nvariables: {sales_t: {column: A}}\n", "ends on 2017-12-31, before it"),
        ("missing: refused\nvariables: {sales_t: {column: A}}\n", "expected `key: value` entries, not str"),
        ("title: x\n", "the section `variables:` is missing"),
    ],
)
def test_a_codebook_that_could_not_work_is_refused(read, text, message):
    with pytest.raises(StudyError, match=message):
        read(text)


def test_a_columns_name_may_be_copied_with_its_line_breaks(read):
    book = read('variables:\n  sales_t: {column: "Sales\\n in  2020"}\n')
    assert book.raw_columns == ("Sales in 2020",)


def test_a_file_wide_missing_code_that_a_variable_calls_an_answer_is_refused(read):
    with pytest.raises(StudyError, match="says that 9 is no answer"):
        read("missing: {9: missing}\nvariables:\n  inna_ongoing: {column: A, values: {1: true, 9: false}}\n")
