"""The printed context in the report: tables as printed, what does not come out, rows worked out beside them."""

import json

import pandas as pd
import pytest

from innosurvey.report.build import build_document
from innosurvey.report.document import Document, Notice, Table, plain_text
from innosurvey.report.formats import MINUS
from innosurvey.report.widths import lines_of

from ..reference.make import own_context
from .conftest import read_templates
from .made_up import made_up_context, made_up_tables


def table_of(document: Document, name: str) -> list[list[str]]:
    """Return the rows of a table as the page shows them, below one for its head."""
    table = next(table for table in document.tables() if table.id == name)
    rows = [[" ".join(lines_of(cell)).replace(MINUS, "-") for cell in row.cells] for row in table.rows]
    width = len(table.columns)
    return [[column.title for column in table.columns], *(row + [""] * (width - len(row)) for row in rows)]


def row_of(document: Document, name: str, first: str) -> list[str]:
    return next(row for row in table_of(document, name) if row[0].startswith(first))


def test_the_context_stands_early_and_says_that_its_numbers_are_facts(document: Document):
    sections = [section.id for section in document.sections]
    assert sections.index("context") == sections.index("data") + 1
    context = next(section for section in document.sections if section.id == "context")
    notice = plain_text(next(block for block in context.blocks if isinstance(block, Notice)).inlines)
    assert "facts as printed, unlike the microdata of the other chapters, which are synthetic" in notice


def test_every_table_of_the_context_names_its_source_and_number(document: Document):
    tables = [table for table in document.tables() if table.id.startswith(("printed-", "ratios-", "corrections-"))]
    assert len(tables) == 12
    for table in tables:
        if table.id not in ("printed-kim_text", "printed-assumed"):
            assert ", Table " in table.source, table.id


def test_a_printed_table_has_its_numbers_as_printed(document: Document):
    assert row_of(document, "printed-kim_2", "SMEs in all employment (%)")[1:] == [
        "75.3",
        "83.9",
        "86.7",
        "87.0",
        "86.5",
    ]
    assert row_of(document, "printed-kim_4", "Patent applications")[-3:] == ["", "", "5,026"]


def test_a_number_in_doubt_is_printed_as_it_is_and_marked(document: Document):
    assert row_of(document, "printed-spru_1", "1970-74")[1:] == [
        *("24.5", "14.0", "11.4\u00a0[d]", "37.9\u00a0[d]"),
        *("9.2\u00a0[d]", "3.3\u00a0[d]", "2.6\u00a0[d]", "720\u00a0[d]"),
    ]


def test_the_inconsistencies_are_the_13_and_then_those_within_rounding(document: Document):
    rows = [row for row in table_of(document, "inconsistencies")[1:] if row[1]]
    assert len(rows) == 13 + 3
    assert [row[1:] for row in rows if row[0].startswith("Jobs created by SMEs")] == [["275", "2,756", "-2,481"]]
    assert [row[1:] for row in rows if row[0].startswith("SMEs in all businesses, 2004")] == [
        ["99.8", "99.87", "-0.07"]
    ]


def test_all_76_checks_are_published_with_their_verdicts(document: Document):
    rows = [row for row in table_of(document, "arithmetic")[1:] if row[1]]
    assert len(rows) == 76
    assert {row[4] for row in rows} == {"yes", "within rounding", "no"}


def test_the_wrong_row_stands_beside_the_one_worked_out(document: Document):
    assert row_of(document, "corrections-spru_1", "1970-74, worked out")[1:] == [
        "24.5", "14.0", "12.2", "34.0", "10.1", "2.9", "2.3", "656",
    ]  # fmt: skip
    assert row_of(document, "corrections-spru_1", "1950-54, worked out")[-1] == "359"


def test_ratios_stand_below_what_they_are_made_of_and_beside_what_the_text_states(document: Document):
    rows = [row[0] for row in table_of(document, "ratios-kim_4")]
    assert rows.index("As printed") < rows.index("Grants (million KRW)") < rows.index("Computed from them")
    place = rows.index("Grant per project, million KRW")
    assert table_of(document, "ratios-kim_4")[place][-1] == "12.9"
    assert table_of(document, "ratios-kim_4")[place + 1][-1] == "<\u00a010\u00a0[d]"


def test_a_study_without_printed_tables_has_neither_chapter_nor_annex(figures: dict[str, bytes]):
    tables = {name: table for name, table in made_up_tables().items() if name not in ("series", "arithmetic", "ratios")}
    words = json.loads(figures["figures.en.json"])
    left = {name: about for name, about in words.items() if not set(about["tables"]) & {"series", "ratios"}}
    drawn = {**figures, "figures.en.json": json.dumps(left).encode()}
    document = build_document(tables, drawn, made_up_context(reference={}), read_templates(), "en")
    assert not {"context", "printed"} & {section.id for section in document.sections}
    assert not [block for block in document.blocks() if isinstance(block, Table) and "series.csv" in block.source]


@pytest.mark.parametrize(
    "without",
    [
        ("spru_1",),
        ("kim_2",),
        ("kim_3",),
        ("kim_4",),
        ("kim_5",),
        ("kim_6",),
        ("kim_3", "kim_4"),
        ("kim_text", "assumed"),
    ],
)
def test_the_chapter_speaks_of_what_is_shown_alone(without):
    """A study that shows some of the tables has a chapter about these, and no error."""
    from innosurvey.report.figures.drawing import draw_figures

    context = own_context(without=without)
    found = {"series": context.series, "arithmetic": context.arithmetic, "ratios": context.ratios}
    tables = made_up_tables() | {name: table.replace("", pd.NA) for name, table in found.items()}
    words = made_up_context()["reference"]
    kept = {name: about for name, about in words["tables"].items() if name.removeprefix("derived_") not in without}
    about = made_up_context(reference={**words, "tables": kept})
    chapters = {name: text for name, text in read_templates().items() if name.startswith(("_", "15_", "92_"))}
    document = build_document(tables, draw_figures(tables, about), about, chapters, "en")
    assert not [table.id for table in document.tables() if table.id.removeprefix("printed-") in without]
