"""How a study wants its coefficients shown: what stands below them, and stars."""

import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.document import Table
from innosurvey.report.draft import Draft
from innosurvey.report.layout_models import regression_tables
from innosurvey.report.lookup import Lookup
from innosurvey.report.widths import lines_of

from .made_up import MINIMUM_N, made_up_context, made_up_tables

TERM = "R&D per employee"


def knowledge_table(p: float | None = None, **regressions: object) -> Table:
    """Return the table of the made-up study's first family, where the coefficients of one term may have another p."""
    tables = made_up_tables()
    if p is not None:
        tables["coefficients"]["p"] = p
    context = ReportContext.from_mapping(made_up_context(regressions=regressions))
    draft = Draft(lookup=Lookup(tables, context.sources, MINIMUM_N), context=context, language="en", figures={})
    return regression_tables(draft, "knowledge")[0]


def first_cell(table: Table) -> list[str]:
    return next(lines_of(row.cells[1]) for row in table.rows if "".join(lines_of(row.cells[0])).startswith(TERM))


def test_without_a_word_standard_errors_stand_below_and_there_are_no_stars():
    table = knowledge_table(p=0.001)
    assert first_cell(table)[1].startswith("(")
    assert not any("*" in line for row in table.rows for cell in row.cells for line in lines_of(cell))
    assert "Standard errors in parentheses below the coefficients." in table.notes


def test_intervals_stand_below_where_the_study_wants_them():
    table = knowledge_table(below="interval")
    assert "–" in first_cell(table)[1] or " to " in first_cell(table)[1]
    assert "95 % confidence intervals below the estimates." in table.notes
    assert not any("Standard errors in parentheses" in note for note in table.notes)


@pytest.mark.parametrize(
    ("p", "stars"), [(0.0099, "***"), (0.01, "**"), (0.0499, "**"), (0.05, "*"), (0.0999, "*"), (0.1, ""), (0.7, "")]
)
def test_stars_mark_what_lies_below_a_level(p, stars):
    estimate = first_cell(knowledge_table(p=p, stars=True))[0]
    assert estimate.lstrip("\N{MINUS SIGN}0123456789.") == stars


def test_a_note_says_what_the_stars_mean():
    assert "*** p < 0.01, ** p < 0.05, * p < 0.10." in knowledge_table(stars=True).notes
