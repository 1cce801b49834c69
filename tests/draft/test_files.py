"""What a draft finds out about a file, and what it says of one that cannot be read."""

import pandas as pd
import pytest

from innosurvey import ingest
from innosurvey.codebook import FileSpec
from innosurvey.errors import DataError, StudyError
from tests.draft.make import WORDS, book_of, csv_file, drafted, rows


def read_back(path, made):
    return ingest.ingest_survey(path, book_of(made), "2020").table


def test_encoding_delimiter_decimal_notes_above_and_below_are_found_out(tmp_path):
    lines = "".join(f"{1000 + place};{1000 + place},5;{place % 40 + 1}\n" for place in range(50))
    above = "Encuesta de innovación;;\nMiles de euros;;\n\nid;ventas totales;número de empleados\n"
    text = f"{above}{lines}Fuente: la oficina\n"
    path = csv_file(tmp_path, text, encoding="cp1252")
    made = drafted(path)
    book = book_of(made)
    assert (book.file.delimiter, book.file.decimal, book.file.header_rows) == (";", ",", (4,))
    assert book.file.footer_rows == 1
    assert "unit: thousand" in made.text
    assert read_back(path, made)["sales_t"].iloc[0] == pytest.approx(1.0005)


def test_a_header_of_names_and_a_row_of_labels_make_one_name(tmp_path):
    text = "id,v1\nIdentifier,Number of employees\n" + rows(*range(3, 30))
    made = drafted(csv_file(tmp_path, text))
    assert book_of(made).file.header_rows == (1, 2)
    assert book_of(made).variables["employees_t"].columns == ("v1 / Number of employees",)


def test_the_largest_sheet_that_is_shown_is_taken(tmp_path):
    path = tmp_path / "survey_2020.xlsx"
    firms = pd.DataFrame({"id": range(100, 150), "number of employees": range(50)})
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"read": ["me"]}).to_excel(book, sheet_name="Notes", index=False)
        firms.to_excel(book, sheet_name="Data", index=False)
    assert "sheet: Data" in drafted(path).text


def test_stata_s_labels_and_extended_missing_values_are_taken(tmp_path):
    path = tmp_path / "survey.dta"
    import pyreadstat

    firms = pd.DataFrame({"id": range(100, 140), "q1": ["a", 1, 0, 1] * 10})
    pyreadstat.write_dta(
        firms,
        str(path),
        column_labels=["Enterprise id", "Ongoing innovation activities"],
        variable_value_labels={"q1": {1: "Yes", 0: "No", "a": "Refused"}},
        missing_user_values={"q1": ["a"]},
    )
    made = drafted(path)
    source = book_of(made).variables["inna_ongoing"]
    assert source.values == {"0": False, "1": True}
    assert source.missing[".a"] == "refused"
    assert (read_back(path, made)["inna_ongoing_flag"] == "refused").sum() == 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("1,2\n3,4\n5,6\n", "no row of column names"),
        ("id,a,b\n1,2,3\n4,5,6\n7,8\n", "It is the last row: the file may have been cut off"),
        ("id,a,a\n1,2,3\n", "column names stand more than once: a"),
        ("id,a\n", "no rows below the header"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(tmp_path, text, said):
    with pytest.raises(DataError, match=said):
        drafted(csv_file(tmp_path, text))


def test_a_wrong_encoding_names_the_row_and_a_better_one(tmp_path):
    path = csv_file(tmp_path, "번호,매출액\n1,2\n", encoding="cp949")
    with pytest.raises(DataError, match=r"row 1: not utf-8 text .*\n.*reads as cp949"):
        drafted(path, spec=FileSpec(encoding="utf-8"))


@pytest.mark.parametrize("name", ["survey.sav", "survey.dta", "survey.rda", "survey.xlsx"])
def test_a_broken_binary_file_is_said_to_be_broken(tmp_path, name):
    (tmp_path / name).write_bytes(b"not what it says it is")
    with pytest.raises(DataError, match="not a readable"):
        drafted(tmp_path / name)


def test_labels_of_another_file_are_taken_by_column_name(tmp_path):
    labels = csv_file(tmp_path, "Name\tLabel\nV1\tNumber of employees\n", "labels.tsv")
    made = drafted(csv_file(tmp_path, "id,v1\n" + rows(*range(30))), labels=labels)
    assert book_of(made).variables["employees_t"].columns == ("v1",)


def test_labels_that_are_not_there_are_an_error_with_the_form_they_need(tmp_path):
    with pytest.raises(StudyError, match="columns `name` and `label`"):
        drafted(csv_file(tmp_path, "id,v1\n1,2\n"), labels=tmp_path / "absent.tsv")


def test_the_same_file_gives_the_same_draft(tmp_path):
    path = csv_file(tmp_path, "id,number of employees\n" + rows(*range(30)))
    assert drafted(path).text == drafted(path, words=WORDS).text


@pytest.mark.parametrize(
    "name",
    [
        "1.50",
        "2020",
        "007",
        "true",
        "a: b",
        "a # b",
        "- a",
        "{a}",
        "a, b",
        "'q'",
        '"q"',
        "%",
        "예",
        "&a",
        "~",
        "x" * 90,
    ],
)
def test_a_column_of_any_name_is_read_back_by_its_name(tmp_path, name):
    import csv

    path = tmp_path / "survey_2020.csv"
    with open(path, "w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["id", name], *([place, place % 30] for place in range(60))])
    labels = tmp_path / "labels.csv"
    with open(labels, "w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["name", "label"], [name, "Number of employees"]])
    made = drafted(path, labels=labels, spec=FileSpec(header_rows=(1,)))
    assert book_of(made).variables["employees_t"].columns == (name,)


def test_a_sheet_that_is_called_by_a_year_is_its_name_and_not_its_place(tmp_path):
    path = tmp_path / "survey.xlsx"
    pd.DataFrame({"id": range(50), "total turnover": range(50)}).to_excel(path, sheet_name="2020", index=False)
    assert book_of(drafted(path)).file.sheet == "2020"


def test_codes_of_a_range_that_an_spss_file_declares_missing_are_named(tmp_path):
    import pyreadstat

    path = tmp_path / "survey_2020.sav"
    firms = pd.DataFrame({"id": range(40), "staff": [5.0, 7.0, 991.0, 993.0] * 10})
    pyreadstat.write_sav(
        firms,
        str(path),
        column_labels=["Enterprise id", "Number of employees"],
        missing_ranges={"staff": [{"lo": 990, "hi": 999}]},
    )
    made = drafted(path)
    assert set(book_of(made).variables["employees_t"].missing) == {"", "991", "993"}
    assert (read_back(path, made)["employees_t_flag"] == "missing").sum() == 20
