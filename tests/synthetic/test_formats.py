import io
import zipfile

import pandas as pd
import pyreadstat
import pytest

from innosurvey.synthetic.formats import STAMP, to_csv, to_dta, to_sav, to_xlsx, with_commas, with_full_width

RAW = pd.DataFrame({"id": ["007", "008"], "q1": [1, None], "q2": ["가", None]}, dtype=object)


def test_a_csv_ends_its_lines_as_asked_and_leaves_blanks_blank():
    assert to_csv(RAW, encoding="cp949", line_end="\r\n").decode("cp949") == "id,q1,q2\r\n007,1,가\r\n008,,\r\n"


def test_a_marked_csv_begins_with_the_mark():
    assert to_csv(RAW, mark=True).startswith(b"\xef\xbb\xbfid")


@pytest.fixture
def sav(tmp_path):
    content = to_sav(
        RAW, {"id": "번호", "q1": "문항 1", "q2": "문항 2"}, {"q1": {1: "예", 9: "무응답"}}, {"q1": [8, 9]}
    )
    path = tmp_path / "small.sav"
    path.write_bytes(content)
    return content, pyreadstat.read_sav(str(path), user_missing=True)


def test_an_spss_file_keeps_texts_labels_and_missing_codes(sav):
    frame, meta = sav[1]
    assert frame["id"].tolist() == ["007", "008"]
    assert meta.column_names_to_labels["q1"] == "문항 1"
    assert meta.variable_value_labels["q1"] == {1.0: "예", 9.0: "무응답"}
    assert [entry["lo"] for entry in meta.missing_ranges["q1"]] == [8.0, 9.0]


def test_an_spss_file_carries_the_fixed_date(sav):
    assert sav[1][1].creation_time == STAMP


def test_a_stata_file_is_the_same_every_time():
    raw, labels, types = RAW[["q1"]].fillna(0), {"q1": "문항 1"}, {"q1": "int16"}
    assert to_dta(raw, labels, types) == to_dta(raw, labels, types)


def test_a_workbook_is_packed_without_clocks():
    content = to_xlsx({"시트": [["가", 1], [None, 2]]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert STAMP.isoformat().encode() in archive.read("docProps/core.xml")


def test_thousands_have_commas_and_hundreds_have_none():
    assert with_commas(pd.Series([999, 1000, -12345, "모름", None], dtype=object)).tolist() == [
        999,
        "1,000",
        "-12,345",
        "모름",
        None,
    ]


def test_full_width_digits_stand_in_the_chosen_rows_only():
    assert with_full_width(pd.Series([45, 45, None], dtype=object), [0, 2]).tolist() == ["４５", 45, None]
