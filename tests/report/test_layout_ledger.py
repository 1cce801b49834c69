from innosurvey.report.layout_ledger import by_variable, ledger_table

from .test_layout_tables import row_of, text
from .test_wording import draft_of


def test_the_waves_stand_side_by_side_below_their_rule():
    table = ledger_table(draft_of())
    assert [column.title for column in table.columns][2:] == ["2018", "2020", "2022"]
    assert row_of(table, "Exports t")[2:] == ["24", "25", "26"]


def test_a_rule_that_changed_no_value_has_its_rows_counted():
    table = ledger_table(draft_of())
    dropped = [[text(cell) for cell in row.cells] for row in table.rows if text(row.cells[0]) == "whole rows"]
    assert dropped[0] == ["whole rows", "Read", "4,061", "4,062", "4,063"]


def test_the_lines_of_a_variable_stand_together():
    lines = [("sales", "corrected"), ("staff", "corrected"), ("sales", "blanked")]
    assert by_variable(lines) == [("sales", "corrected"), ("sales", "blanked"), ("staff", "corrected")]
