import pandas as pd
import pytest

from innosurvey import codebook, yamlfile
from innosurvey.errors import DataError, StudyError
from innosurvey.ingest import ingest_register, ingest_survey

BOOK = """
value_maps: {yes_no: {1: true, 2: false}}
variables:
  firm_id: {column: id}
  inna_abandoned: {column: q1, values: yes_no}
  failure_stage: {column: q2, values: {1: planning, 2: development}, asked_if: inna_abandoned}
"""


@pytest.fixture
def ingest(dictionary, tmp_path):
    def make(text, book=BOOK):
        path = tmp_path / "wave.csv"
        path.write_text(text, encoding="utf-8")
        return ingest_survey(path, codebook.from_yaml(yamlfile.parse(book, "book.yaml"), dictionary), "2020")

    return make


def test_each_variable_is_followed_by_its_flag(ingest):
    table = ingest("id,q1,q2\n7,1,2\n").table
    assert list(table.columns) == [
        "_source_row", "wave", "firm_id",
        "inna_abandoned", "inna_abandoned_flag", "failure_stage", "failure_stage_flag",
    ]  # fmt: skip


def test_a_blank_is_not_asked_where_the_question_was_passed_over_and_missing_where_it_was_put(ingest):
    table = ingest("id,q1,q2\n1,1,\n2,2,\n3,1,2\n").table
    assert table["failure_stage_flag"].tolist() == ["missing", "not_asked", "observed"]


def test_rows_in_equal_rows_kept_and_dropped(ingest):
    ledger = ingest("id,q1,q2\n1,1,1\n,,\n2,2,\n").ledger.set_index("rule")["rows"]
    assert ledger.to_dict() == {"raw_rows": 3, "blank_row": 1, "typed_rows": 2}


def test_a_firm_that_stands_twice_is_refused_by_row_numbers_alone(ingest):
    with pytest.raises(DataError, match=r"rows 2, 4, column id: 2 rows share their firm id") as error:
        ingest("id,q1,q2\n777,1,1\n2,2,\n777,2,\n")
    assert "777" not in str(error.value)


def test_a_row_without_firm_id_is_refused(ingest):
    with pytest.raises(DataError, match="row 3, column id: no firm id"):
        ingest("id,q1,q2\n1,1,1\n,2,\n")


def test_all_problems_of_a_file_are_said_at_once_with_row_column_and_remedy(ingest):
    with pytest.raises(DataError) as error:
        ingest("id,q1,q2\n1,5,1\n2,1,9\n3,5,1\n")
    assert str(error.value).count("Remedy:") == 2
    assert "rows 2, 4, column q1: the code 5 has no meaning" in str(error.value)
    assert "row 3, column q2: the code 9 has no meaning" in str(error.value)


def test_a_register_has_the_types_that_its_codebook_declares(dictionary, tmp_path):
    book = (
        "table: register\nvariables:\n  firm_id: {column: no}\n  valid_from: {column: from, type: date}\n"
        "  amount: {column: won, type: float, unit: thousand}\n"
    )
    (tmp_path / "r.csv").write_text('no,from,won\n0012,2020-01-05,"2,500"\n', encoding="utf-8")
    register = ingest_register(tmp_path / "r.csv", codebook.from_yaml(yamlfile.parse(book, "b.yaml"), dictionary)).table
    assert register["firm_id"].tolist() == ["0012"]
    assert register["amount"].tolist() == [2.5]
    assert str(register["valid_from"].dtype) == "datetime64[s]"


def test_a_code_that_spss_declares_missing_and_the_codebook_does_not_know_is_refused(dictionary, tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    raw = pd.DataFrame({"id": [1.0, 2.0, 3.0, 4.0], "turnover": [5.5, -99.0, -98.0, 9998.0]})
    ranges = {"turnover": [{"lo": -99, "hi": -90}, {"lo": 9998, "hi": 9998}]}
    pyreadstat.write_sav(raw, str(tmp_path / "wave.sav"), missing_ranges=ranges)
    book = (
        "variables:\n  firm_id: {column: id}\n  sales_t: {column: turnover, missing: {-99: refused, 9998: refused}}\n"
    )
    read = codebook.from_yaml(yamlfile.parse(book, "book.yaml"), dictionary)
    with pytest.raises(DataError, match=r"row 3, column turnover: the file declares -98 user-missing"):
        ingest_survey(tmp_path / "wave.sav", read, "2020")


def test_a_row_whose_id_is_a_declared_missing_code_is_dropped_on_request(ingest):
    book = BOOK.replace("{column: id}", "{column: id, missing: {Total: missing}}")
    ingested = ingest("id,q1,q2\n7,1,2\nTotal,,\n", "file: {rows_without_id: drop}\n" + book)
    assert ingested.table["firm_id"].tolist() == ["7"]
    assert ingested.ledger.set_index("rule").loc["row_without_id", "rows"] == 1


@pytest.mark.parametrize(
    ("book", "message"),
    [
        (BOOK.replace("firm_id: {column: id}", "employees_t: {column: id}"), "there is no `firm_id`"),
        ("table: register\nvariables: {firm_id: {column: id}}\n", "`table: register` in the codebook of the wave 2020"),
    ],
)
def test_a_codebook_that_is_none_of_a_wave_is_refused(ingest, book, message):
    with pytest.raises(StudyError, match=message):
        ingest("id,q1,q2\n7,1,2\n", book)


def test_cells_of_one_form_are_named_together_with_all_their_rows(ingest):
    with pytest.raises(DataError, match=r"rows 2, 3, column q1: the code of the form AAA"):
        ingest("id,q1,q2\n7,abc,\n8,xyz,\n9,1,1\n")


def test_a_skip_rule_with_a_variable_that_the_codebook_lacks_is_refused_even_in_any(ingest):
    book = BOOK.replace("asked_if: inna_abandoned", "asked_if: 'any(inna_abandoned, inna_abandond)'")
    with pytest.raises(StudyError, match=r"(?s)line \d+, asked_if.*Did you mean inna_abandoned\?"):
        ingest("id,q1,q2\n7,1,2\n", book)


POOLED = "id,year,q1,q2\n1,2018.0,1,1\n1,2020.0,2,\n,,,\n2,2020.0,1,2\n"


@pytest.fixture
def ingest_of_2020(dictionary, tmp_path):
    def make(text, **rows):
        path = tmp_path / "pooled.csv"
        path.write_text(text, encoding="utf-8")
        book = codebook.from_yaml(yamlfile.parse(BOOK, "book.yaml"), dictionary)
        own = {"column": "year", "is": 2020, **rows}
        return ingest_survey(path, codebook.of_wave(book, own, None), "2020")

    return make


def test_of_a_file_with_several_waves_a_wave_takes_its_own_rows_and_counts_the_others(ingest_of_2020):
    ingested = ingest_of_2020(POOLED)
    assert ingested.table["_source_row"].tolist() == [3, 5]
    rows = ingested.ledger.set_index("rule")["rows"].to_dict()
    assert rows == {"raw_rows": 4, "blank_row": 1, "row_of_another_wave": 1, "typed_rows": 2}


def test_several_codes_may_stand_for_one_wave(ingest_of_2020):
    ingested = ingest_of_2020("id,year,q1,q2\n1,w3a,1,1\n2,w3b,2,\n3,w4,2,\n", **{"is": ["w3a", "w3b"]})
    assert ingested.table["_source_row"].tolist() == [2, 3]


def test_a_wave_without_rows_is_refused_with_the_codes_that_the_file_has(ingest_of_2020):
    with pytest.raises(DataError, match=r"column year: no row has the code 2019\. It has 2018, 2020\."):
        ingest_of_2020(POOLED, **{"is": 2019})


def test_no_cells_are_listed_where_the_column_holds_something_else_than_waves(ingest_of_2020):
    firms = "".join(f"{number},{number},1,1\n" for number in range(3000, 3030))
    with pytest.raises(DataError, match=r"no row has the code 2020\. It has 30 others\.") as error:
        ingest_of_2020("id,year,q1,q2\n" + firms)
    assert "3001" not in str(error.value)


def test_a_firm_whose_row_tells_no_wave_is_refused(ingest_of_2020):
    with pytest.raises(DataError, match=r"row 6, column year: blank"):
        ingest_of_2020(POOLED + "3,,1,1\n")
