import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from innosurvey.report.document import Cell, Column, Document, Run, Section, Table, TableRow
from innosurvey.report.latex import ALL, MOST_LINES, PREAMBLE, wrapped, write_latex
from innosurvey.report.tex import tex
from innosurvey.report.widths import letters_of, lines_of

from .made_up import EMPTY

MARK = re.compile(r"\\(begin|end)\{(\w+)\}")


@pytest.fixture(scope="module")
def files(document: Document) -> dict[str, str]:
    return {name: content.decode() for name, content in write_latex(document).items()}


def written(document: Document, *tables: Table, **changes) -> dict[str, str]:
    """Return the files of a document that has these tables alone."""
    sections = (Section(id="one", title="One", number="1", blocks=tables),)
    made = write_latex(replace(document, sections=sections, **changes))
    return {name: content.decode() for name, content in made.items()}


def table(*rows: TableRow, columns: int = 2, **about) -> Table:
    heads = tuple(Column(title=f"c{place}", align="left" if place == 0 else "right") for place in range(columns))
    return Table(**{"id": "t", "title": "T", "columns": heads, "rows": rows, "number": "1"} | about)


def row(*texts: str, kind: str = "body") -> TableRow:
    lines = [text.split("\n") for text in texts]
    cells = [Cell(runs=tuple(Run(text=text, line=line) for line, text in enumerate(each))) for each in lines]
    return TableRow(cells=tuple(cells), kind=kind)


def fail_if_unbalanced(text: str) -> None:
    """Assert that braces and environments close in the order in which they open."""
    code = re.sub(r"^%.*$", "", text, flags=re.MULTILINE)
    depth = 0
    for sign in re.sub(r"\\[\\{}%&#_$]", "", code):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    open_ones: list[str] = []
    for kind, name in MARK.findall(code):
        if kind == "begin":
            open_ones.append(name)
        else:
            assert open_ones.pop() == name
    assert open_ones == []


def rows_of(text: str) -> list[str]:
    """Return the rows of the table's body."""
    start = "\\endlastfoot" if "\\endlastfoot" in text else "\\midrule"
    body = text[text.index(start) : text.rindex("\\bottomrule")]
    return [line for line in body.split("\n") if line.endswith(("\\\\", "\\\\*"))]


def test_every_table_has_its_file(files: dict[str, str], document: Document):
    assert set(files) == {f"{table.id}.tex" for table in document.tables()} | {PREAMBLE, ALL}


def test_every_file_is_balanced(files: dict[str, str]):
    for text in files.values():
        fail_if_unbalanced(text)


def test_every_row_has_as_many_cells_as_the_table_columns(files: dict[str, str], document: Document):
    for table in document.tables():
        for line in rows_of(files[f"{table.id}.tex"]):
            spans = sum(int(width) - 1 for width in re.findall(r"\\multicolumn\{(\d+)\}", line))
            assert len(re.findall(r"(?<!\\)&", line)) + spans == len(table.columns) - 1


def test_every_number_is_there(files: dict[str, str], document: Document):
    for table in document.tables():
        text = files[f"{table.id}.tex"]
        assert all(
            tex(line) in text
            for row in table.rows
            for cell in row.cells
            for line in lines_of(cell)
            if any(run.trace for run in cell.runs)
        )


def test_notes_and_source_stand_below(files: dict[str, str], document: Document):
    for table in document.tables():
        text = files[f"{table.id}.tex"]
        below = text[text.rindex("\\bottomrule") :]
        assert all(tex(note) in below for note in table.notes)
        assert tex(table.source) in below


def test_each_says_that_the_microdata_are_synthetic_and_no_real_study_does(files: dict[str, str], document: Document):
    assert all("Synthetic microdata" in text for name, text in files.items() if name not in (PREAMBLE, ALL))
    real = written(document, table(row("a", "1")), synthetic=False, title="Real")
    assert "ynthetic" not in real["t.tex"]


def test_a_standard_error_stands_in_the_row_below_on_the_same_page(document: Document):
    made = written(document, table(row("R&D", "0.476\n(0.040)")))["t.tex"]
    assert "R\\&D & 0.476 \\\\*\n & (0.040) \\\\\n" in made


def test_a_mark_in_brackets_is_no_height_of_a_row(document: Document):
    made = written(document, table(row("a", "1"), row("[c]", "*")))["t.tex"]
    assert "{[}c{]} & {*} \\\\" in made


def test_a_long_table_goes_over_pages_and_repeats_its_heads(document: Document):
    made = written(document, table(*[row("a", "1")] * (MOST_LINES[False] + 1), notes=("Note.",)))["t.tex"]
    assert "\\begin{longtable}" in made
    assert "\\endhead" in made
    assert "\\begin{tabular}" not in made


def test_a_wide_table_lies_on_its_side(document: Document):
    made = written(document, table(row(*["1,234,567.89"] * 9), columns=9))["t.tex"]
    assert "\\begin{sidewaystable}" in made


def test_a_foot_is_set_off_by_a_rule(document: Document):
    made = written(document, table(row("a", "1"), row("n", "9", kind="foot"), row("p", "2", kind="foot")))["t.tex"]
    assert made.count("\\midrule") == 2


def test_korean_words_ask_for_their_package(document: Document):
    assert "kotex" in written(document, table(row("혁신", "1")))[PREAMBLE]
    assert "kotex" not in written(document, table(row("a", "1")))[PREAMBLE]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80), st.integers(5, 40))
def test_wrapped_lines_keep_every_word(words, width):
    lines = wrapped(words, width)
    assert " ".join(lines).split() == words.split()
    assert all(letters_of(line) <= 2 * width or " " not in line for line in lines)


@given(st.lists(st.lists(st.text(max_size=30), min_size=2, max_size=2), min_size=1, max_size=4))
def test_whatever_the_cells_say_the_file_stays_balanced(texts):
    made = written(EMPTY, table(*[row(*cells) for cells in texts]))["t.tex"]
    fail_if_unbalanced(made)
    assert len(rows_of(made)) >= len(texts)


def test_the_text_never_says_nan_or_none(files: dict[str, str]):
    words = set(re.split(r"[\s(){}&]+", " ".join(files.values())))
    assert not words & {"nan", "None", "NaN", "inf"}


def test_the_same_document_gives_the_same_bytes_twice(files: dict[str, str], document: Document):
    assert {name: content.decode() for name, content in write_latex(document).items()} == files


@pytest.mark.slow
def test_latex_sets_all_tables_without_an_error(files: dict[str, str], tmp_path):
    engine = shutil.which("pdflatex")
    if engine is None:
        pytest.skip("no LaTeX (pdflatex) is installed: balance and escapes are tested without it")
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    run = subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", ALL], cwd=tmp_path, capture_output=True, timeout=300
    )
    assert run.returncode == 0, run.stdout[-2000:]
