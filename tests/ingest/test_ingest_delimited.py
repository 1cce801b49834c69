"""Large text files read at once: the same cells as row by row, or none."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.codebook import FileSpec
from innosurvey.errors import DataError
from innosurvey.ingest import delimited
from innosurvey.ingest.delimited import _columns_at_once, _rows_one_by_one, decode, read_delimited

NAMES = ["id", "a", "b"]
AS_DETECTED = FileSpec()
HEADER = ",".join(NAMES) + "\n"
CELLS = st.text(alphabet='x7 ,"\n\r가.', max_size=4)


def at_once(text: str, spec: FileSpec = AS_DETECTED) -> pd.DataFrame | None:
    return _columns_at_once(text.encode(), spec, NAMES, ",")


def one_by_one(text: str) -> pd.DataFrame:
    return _rows_one_by_one(Path("survey.csv"), text, FileSpec(), NAMES, ",")


def cells_of(frame: pd.DataFrame) -> dict:
    return {"rows": list(frame.index), "names": list(frame.columns), "cells": frame.astype(object).to_numpy().tolist()}


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_a_writer_of_csv_wrote_is_read_alike(rows):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    found = at_once(HEADER + out.getvalue())
    assert found is None or cells_of(found) == cells_of(one_by_one(HEADER + out.getvalue()))


@settings(deadline=None)
@given(st.text(alphabet='x7,"\n\r 가', max_size=30))
def test_any_text_is_read_alike_or_left_to_the_careful_way(body):
    found = at_once(HEADER + body)
    if found is not None:
        assert cells_of(found) == cells_of(one_by_one(HEADER + body))


def test_quotes_line_breaks_in_cells_and_blank_lines_at_the_end_are_regular():
    text = HEADER + '1,"x, ""y""\nz",2\n3,,4\n\n\n'
    found = at_once(text)
    assert found is not None
    assert cells_of(found) == {"rows": [2, 3], "names": NAMES, "cells": [["1", 'x, "y"\nz', "2"], ["3", "", "4"]]}


@pytest.mark.parametrize(
    "body",
    ["1,2\n", "1,2,3\n\n4,5,6\n", '1,"2,3\n', '1,x"y",3\n', '1,"x"y,3\n', "1,2,3\r4,5,6\n", ""],
    ids=["short row", "blank line", "open quote", "quote within", "text behind a quote", "two line ends", "no rows"],
)
def test_what_is_irregular_is_left_to_the_careful_way(body):
    assert at_once(HEADER + body) is None


def test_notes_below_the_table_are_left_to_the_careful_way():
    assert at_once(HEADER + "1,2,3\n", FileSpec(footer_rows=1)) is None


def test_a_title_above_the_header_counts_as_a_row():
    found = at_once("Survey\n\n" + HEADER + "1,2,3\n" * 50)
    assert found is not None
    assert list(found.index[:2]) == [4, 5]


def test_a_column_of_many_different_cells_is_plain_text_and_one_of_few_is_not():
    found = at_once(HEADER + "".join(f"{row},x,\n" for row in range(100)))
    assert found is not None
    assert [str(found[name].dtype) for name in NAMES] == ["str", "category", "category"]


def test_a_large_file_that_is_cut_off_names_the_row(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "LARGE", 100)
    path = tmp_path / "survey.csv"
    path.write_text(HEADER + "1,2,3\n" * 200 + "4,5")
    with pytest.raises(DataError, match=r"row 202: 2 cells where the header has 3\. It is the last row"):
        read_delimited(path, FileSpec(), NAMES)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
def test_a_large_file_is_read_in_its_encoding(tmp_path, monkeypatch, encoding):
    monkeypatch.setattr(delimited, "LARGE", 1000)
    path = tmp_path / "survey.csv"
    path.write_bytes((HEADER + "1,가,3\r\n" * 500).encode(encoding))
    read = read_delimited(path, FileSpec(), NAMES)
    assert (len(read), read["a"].iloc[-1], str(read["a"].dtype)) == (500, "가", "category")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_sign_that_the_end_of_a_block_cuts_is_read_whole(tmp_path, monkeypatch, encoding):
    monkeypatch.setattr(delimited, "BLOCK", 7)
    path = tmp_path / "survey.csv"
    path.write_bytes("이름,가나다\n".encode(encoding))
    assert decode(path, None) == "이름,가나다\n"


def test_a_sign_that_the_end_of_the_file_cuts_is_named_by_its_row(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_bytes("id\n가".encode()[:-1])
    with pytest.raises(DataError, match="row 2: not utf-8 text"):
        decode(path, "utf-8")


def test_an_encoding_of_no_text_is_an_unknown_one(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_bytes(b"id\n")
    with pytest.raises(DataError, match="unknown encoding `hex`"):
        decode(path, "hex")
