import openpyxl
import pytest

from innosurvey.codebook import FileSpec
from innosurvey.errors import DataError
from innosurvey.ingest.readers import find_header, read_raw


@pytest.fixture
def raw_file(tmp_path):
    def make(content, name="survey.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def test_rows_are_numbered_as_a_person_counts_them(raw_file):
    raw = read_raw(raw_file("id,a\n1,x\n2,y\n"), FileSpec(), ["id", "a"])
    assert list(raw.index) == [2, 3]


def test_a_title_and_notes_above_the_header_are_passed_over(raw_file):
    raw = read_raw(raw_file("Survey 2020,,\nnotes,,\n\nid,a,b\n1,x,y\n"), FileSpec(delimiter=","), ["id", "a"])
    assert raw["a"].tolist() == ["x"]
    assert list(raw.index) == [5]


def test_a_header_of_two_rows_joins_group_and_item(raw_file):
    rows = [["notes"], ["id", "R&D", ""], ["", "own", "bought"], ["1", "2", "3"]]
    assert find_header(rows, None, ["R&D / own", "R&D / bought"]) == (3, ["id", "R&D / own", "R&D / bought"])


def test_utf8_with_a_mark_and_cp949_are_detected(raw_file):
    for encoding in ("utf-8-sig", "utf-8", "cp949"):
        raw = read_raw(raw_file("번호,종사자수\n1,5\n".encode(encoding)), FileSpec(), ["번호", "종사자수"])
        assert raw["종사자수"].tolist() == ["5"]


def test_a_wrong_declared_encoding_names_the_row_and_the_encoding_that_fits(raw_file):
    path = raw_file("id,a\n1,가\n".encode("cp949"))
    with pytest.raises(DataError, match=r"survey.csv row 2: not utf-8 text .*\nThe file reads as cp949"):
        read_raw(path, FileSpec(encoding="utf-8"), ["id"])


def test_an_absent_file_gets_the_near_name(raw_file):
    path = raw_file("id\n1\n")
    with pytest.raises(DataError, match=r"no such file. Did you mean survey.csv\?"):
        read_raw(path.with_name("survy.csv"), FileSpec(), ["id"])


def test_an_empty_file_is_refused(raw_file):
    with pytest.raises(DataError, match="the file is empty"):
        read_raw(raw_file(""), FileSpec(), ["id"])


def test_a_header_without_rows_is_refused(raw_file):
    with pytest.raises(DataError, match="no rows below the header"):
        read_raw(raw_file("id,a\n"), FileSpec(), ["id"])


def test_a_row_that_is_cut_off_is_named(raw_file):
    with pytest.raises(
        DataError, match=r"row 3: 1 cells where the header has 2. It is the last row: the file may have been cut off"
    ):
        read_raw(raw_file("id,a\n1,x\n2"), FileSpec(), ["id"])


def test_a_renamed_column_gets_the_near_name(raw_file):
    with pytest.raises(
        DataError, match=r"1 columns that the codebook names are not in the file:\n  - sales. Did you mean sale\?"
    ):
        read_raw(raw_file("id,sale\n1,x\n"), FileSpec(), ["id", "sales"])


def test_a_column_that_stands_twice_is_named_with_its_positions(raw_file):
    with pytest.raises(DataError, match=r"the column `a` stands 2 times \(positions 2, 3\)"):
        read_raw(raw_file("id,a,a\n1,x,y\n"), FileSpec(), ["id", "a"])


@pytest.mark.parametrize("name", ["x.sav", "x.dta", "x.rda", "x.xlsx"])
def test_a_binary_file_that_is_cut_off_is_refused(raw_file, name):
    with pytest.raises(DataError, match="not a readable"):
        read_raw(raw_file(b"$FL2 nothing that a program wrote", name), FileSpec(), ["id"])


def test_an_unknown_format_names_the_known_ones(raw_file):
    with pytest.raises(DataError, match=r"unknown format `.pdf`.\n.*csv, excel, spss, stata, rda"):
        read_raw(raw_file("x", "x.pdf"), FileSpec(), ["id"])


def test_an_unknown_sheet_gets_the_near_name(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "firms"
    book.active.append(["id"])
    book.active.append([1])
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(DataError, match=r"no sheet `firm`. Did you mean firms\?"):
        read_raw(tmp_path / "x.xlsx", FileSpec(sheet="firm"), ["id"])


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp949"])
def test_an_encoding_is_detected_by_its_mark_or_by_what_can_be_read(raw_file, encoding):
    name = "직원수" if encoding == "cp949" else "años"
    raw = read_raw(raw_file(f"id;{name}\n1;5\n".encode(encoding)), FileSpec(), ["id", name])
    assert raw[name].tolist() == ["5"]


def test_utf16_without_a_mark_asks_for_the_encoding(raw_file):
    with pytest.raises(DataError, match=r"null bytes(?s:.)*utf-16-le"):
        read_raw(raw_file("id;a\n1;5\n".encode("utf-16-le")), FileSpec(), ["id", "a"])


def test_the_delimiter_is_the_one_that_parts_the_expected_names(raw_file):
    text = "id;note;sales\n1;a, b, c, d, e;1,5\n2;f, g, h, i, j;2,5\n"
    assert read_raw(raw_file(text), FileSpec(), ["id", "sales"])["sales"].tolist() == ["1,5", "2,5"]


def test_a_cell_with_a_line_break_is_in_one_row_and_a_blank_line_is_none(raw_file):
    raw = read_raw(raw_file('id,a\n1,"x\ny"\n\n   \n2,z\n'), FileSpec(), ["id", "a"])
    assert raw["a"].tolist() == ["x\ny", "z"]
    assert list(raw.index) == [2, 5]


def test_a_quotation_mark_that_is_never_closed_is_said(raw_file):
    with pytest.raises(DataError, match=r"quotation mark|cut off"):
        read_raw(raw_file('id,a\n1,"x\n' + "2,y\n" * 50_000), FileSpec(), ["id", "a"])


def test_a_hidden_sheet_is_not_read_unasked(tmp_path):
    book = openpyxl.Workbook()
    book.active.title, book.active.sheet_state = "lists", "hidden"
    for row in (["id", "a"], [1, 2]):
        book.active.append(row)
    shown = book.create_sheet("firms")
    for row in (["id", "Sales\n in  2020"], [1, 7]):
        shown.append(row)
    book.active = 1
    book.save(tmp_path / "survey.xlsx")
    raw = read_raw(tmp_path / "survey.xlsx", FileSpec(), ["id", "Sales in 2020"])
    assert raw["Sales in 2020"].tolist() == [7.0]


def test_notes_below_the_table_are_left_out_where_the_codebook_counts_them(raw_file):
    text = "id,a\n1,x\n2,y\n\nSource: the office\n* estimated\n\n"
    assert read_raw(raw_file(text), FileSpec(footer_rows=2), ["id", "a"])["id"].tolist() == ["1", "2"]


def test_notes_below_the_table_of_a_workbook_are_left_out_where_the_codebook_counts_them(tmp_path):
    book = openpyxl.Workbook()
    for row in (["id", "a"], [1, 2], [3, 4], [], ["Source: the office"]):
        book.active.append(row)
    book.save(tmp_path / "survey.xlsx")
    raw = read_raw(tmp_path / "survey.xlsx", FileSpec(footer_rows=1), ["id", "a"])
    assert [value for value in raw["a"] if value != ""] == [2.0, 4.0]
