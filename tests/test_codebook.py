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
    ("text", "message"),
    [
        ("variables:\n  sale_t: {column: Q1}\n", r"book.yaml line 2: `sale_t` is not a variable of the dictionary. Did you mean sales_t\?"),
        ("variables:\n  sales_t: {colum: Q1}\n", r"line 2: unknown key `colum`. Did you mean column\?"),
        ("variables:\n  sales_t: {column: Q1, constant: 3}\n", "give exactly one of"),
        ("variables:\n  exp_other: {columns: [A, B]}\n", "several `columns` need `combine"),
        ("variables:\n  exp_other: {columns: [A, B], combine: summ}\n", r"combine `summ` is not one of .* Did you mean sum\?"),
        ("variables:\n  inna_ongoing: {column: A}\n", "say with `values:` what its codes mean"),
        ("variables:\n  inna_ongoing: {column: A, values: yesno}\n", "no value map `yesno`"),
        ("variables:\n  inna_ongoing: {column: A, values: {1: perhaps}}\n", "`perhaps` is neither true, false nor a kind of missing"),
        ("variables:\n  rnd_unit: {column: A, values: {1: instiute}}\n", r"level `instiute` is not one of .* Did you mean institute\?"),
        ("variables:\n  sales_t: {column: A, missing: {9: refusal}}\n", r"kind of missing `refusal` is not one of .* Did you mean refused\?"),
        ("variables:\n  sales_t: {column: A, unit: thousands}\n", r"unit `thousands` is not one of .* Did you mean thousand\?"),
        ("variables:\n  employees_t: {column: A, unit: thousand}\n", "`unit` is for amounts of money"),
        ("variables:\n  coop_group: {columns: [A], combine: multi, values: {1: true}}\n", "takes a map level → column"),
        ("file: {fromat: csv}\nvariables: {sales_t: {column: A}}\n", r"line 1: unknown key `fromat`. Did you mean format\?"),
        ("titel: x\nvariables: {sales_t: {column: A}}\n", r"unknown key `titel`. Did you mean title\?"),
        ("title: x\n", "the section `variables:` is missing"),
    ],
)  # fmt: skip
def test_what_could_not_work_is_refused_with_place_and_near_name(read, text, message):
    with pytest.raises(StudyError, match=message):
        read(text)
