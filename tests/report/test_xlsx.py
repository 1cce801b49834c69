import io

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.workbook import Workbook

from innosurvey.report.document import Document, title_of
from innosurvey.report.flat_tables import Entry, number_of
from innosurvey.report.words import words_in
from innosurvey.report.xlsx import render_xlsx

WORDS = words_in("en")


@pytest.fixture(scope="module")
def content(document: Document) -> bytes:
    return render_xlsx(document)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def grid_of(sheet) -> tuple[int, int, int]:
    """Return the row of the heads, the last row and the last column of a sheet's one table."""
    (table,) = sheet.tables.values()
    low_column, low_row, high_column, high_row = openpyxl.utils.range_boundaries(table.ref)
    assert low_column == 1
    return low_row, high_row, high_column


def entry_in(cell) -> Entry:
    """Return what a cell holds, as it was handed over."""
    if isinstance(cell.value, str):
        return Entry(value=cell.value)
    return Entry(value=float(cell.value), format=cell.number_format)


def table_sheets(book: Workbook, document: Document):
    return [(book[f"Table_{table.number}"], table) for table in document.tables()]


def test_cover_contents_and_notes_come_first_then_a_sheet_for_each_table(book: Workbook, document: Document):
    assert book.sheetnames == ["Cover", "Contents", "Notes", *[f"Table_{table.number}" for table in document.tables()]]
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_the_cover_says_what_it_is_of_which_release_and_what_its_marks_mean(book: Workbook, document: Document):
    said = [row[0].value for row in book["Cover"].iter_rows()]
    assert document.title in said[0]
    assert f"Data release: {document.release_date}" in said
    assert WORDS["synthetic_long"] in said
    assert any(line.startswith("[c]:") for line in said)
    assert all(said), "no blank row"


def test_each_entry_of_the_contents_leads_to_its_sheet(book: Workbook, document: Document):
    rows = list(book["Contents"].iter_rows(min_row=3))
    assert [row[1].value for row in rows] == [table.title for table in document.tables()]
    assert [row[0].hyperlink.location for row in rows] == [f"'Table_{table.number}'!A1" for table in document.tables()]
    assert {row[2].value for row in rows} <= {title_of(section) for section in document.sections}


def test_the_title_stands_in_the_first_cell_and_notes_and_source_above_the_heads(book: Workbook, document: Document):
    for sheet, table in table_sheets(book, document):
        head, _, _ = grid_of(sheet)
        above = [sheet.cell(row, 1).value for row in range(1, head)]
        assert above[0] == f"Table {table.number}: {table.title}"
        assert set(table.notes) <= set(above)
        assert all(above), "no blank row"
        assert not table.source or f"Source: {table.source}" in above


def test_a_table_has_one_row_of_different_heads_and_no_blank_cell(book: Workbook, document: Document):
    for sheet, _ in table_sheets(book, document):
        head, last, width = grid_of(sheet)
        heads = [sheet.cell(head, column).value for column in range(1, width + 1)]
        assert len(set(heads)) == len(heads)
        cells = [cell.value for row in sheet.iter_rows(min_row=head, max_row=last, max_col=width) for cell in row]
        assert all(value not in (None, "") for value in cells)
        assert (sheet.max_row, sheet.max_column) == (last, width)
        assert not sheet.merged_cells.ranges


def test_heads_and_first_column_stay_in_view(book: Workbook, document: Document):
    for sheet, _ in table_sheets(book, document):
        assert sheet.freeze_panes == f"B{grid_of(sheet)[0] + 1}"


def test_every_number_of_the_tables_is_in_its_sheet_with_its_decimals(book: Workbook, document: Document):
    for sheet, table in table_sheets(book, document):
        head, _, _ = grid_of(sheet)
        cells = [cell for row in sheet.iter_rows(min_row=head + 1) for cell in row]
        there = {entry_in(cell) for cell in cells}
        texts = " ".join(str(entry.value) for entry in there if isinstance(entry.value, str))
        for run in (run for row in table.rows for cell in row.cells for run in cell.runs if run.trace):
            assert number_of(run) in there or run.text in texts, f"{table.id}: {run.text}"


def test_each_note_is_listed_once_with_its_tables(book: Workbook, document: Document):
    rows = [(row[0].value, row[1].value) for row in book["Notes"].iter_rows(min_row=3)]
    wanted: dict[str, list[str]] = {}
    for table in document.tables():
        for note in table.notes:
            wanted.setdefault(note, []).append(table.number)
    assert rows == [(note, ", ".join(numbers)) for note, numbers in wanted.items()]


def test_the_properties_are_the_documents(book: Workbook, document: Document):
    assert document.title in book.properties.title
    assert str(book.properties.created.date()) == document.release_date
    assert [prop.value for prop in book.custom_doc_props.props] == ["en-GB"]


def test_no_cell_says_nan_or_none(book: Workbook):
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not values & {"nan", "None", "NaN", "inf"}


def test_a_real_study_is_not_called_synthetic(document: Document):
    real = openpyxl.load_workbook(io.BytesIO(render_xlsx(replace(document, synthetic=False))))
    assert WORDS["synthetic_long"] not in [row[0].value for row in real["Cover"].iter_rows()]


def test_the_same_document_gives_the_same_bytes_twice(content: bytes, document: Document):
    assert render_xlsx(document) == content
