"""The ledger as a table: what each rule did to rows and values, the waves side by side."""

from collections.abc import Sequence

from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_tables import notes, ordered, subtitle
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import Number

UNEVENTFUL = ("checked", "counted")  # how many rows a rule could be asked of, or are of other firms: not a change
Line = tuple[str, str]  # variable and action


def ledger_table(draft: Draft) -> Table | None:
    """Return rows by rule, variable and action, columns by wave: values where a rule changed values, else rows."""
    found = [row for row in draft.lookup.rows("ledger") if row["action"] not in UNEVENTFUL and row["rows"] > 0]
    if not found:
        return None
    waves = sorted({row["wave"] for row in found})
    rows: list[TableRow] = []
    for stage, rule in ordered((row["stage"], row["rule"]) for row in found):
        ours = [row for row in found if (row["stage"], row["rule"]) == (stage, rule)]
        rows.append(subtitle(f"{draft.label('stage', stage)}: {draft.label('rule', rule)}"))
        rows.extend(ledger_row(draft, line, ours, waves) for line in by_variable(ordered(map(line_of, ours))))
    words = draft.words
    heads = (Column(title=words["variable"], align="left"), Column(title=words["action"], align="left"))
    return Table(
        id="ledger",
        title=words["title_ledger"],
        columns=(*heads, *(Column(title=draft.label("wave", wave)) for wave in waves)),
        rows=tuple(rows),
        notes=(words["note_ledger"], *notes(draft, found)),
        source=draft.source(("ledger",)),
    )


def line_of(row: Row) -> Line:
    """Return what a ledger row is about."""
    return row["variable"], row["action"]


def by_variable(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with those of a variable together, the variables in the order of their first line."""
    variables = ordered(variable for variable, _ in lines)
    return sorted(lines, key=lambda line: variables.index(line[0]))


def ledger_row(draft: Draft, line: Line, rows: Sequence[Row], waves: Sequence[str]) -> TableRow:
    """Return one variable and action of a rule over the waves."""
    variable, action = line
    cells = []
    for wave in waves:
        numbers = [counted(row) for row in rows if line_of(row) == line and row["wave"] == wave]
        cells.append(Cell(runs=joined(draft, numbers)) if numbers else text_cell(""))
    name = draft.column_label(variable) if variable else draft.words["whole_rows"]
    return TableRow(cells=(text_cell(name), text_cell(draft.label("action", action)), *cells))


def counted(row: Row) -> Number:
    """Return the values that a rule changed, or the rows when it changed no value."""
    number: Number = row["cells"] if row["cells"] > 0 else row["rows"]
    return number


def joined(draft: Draft, numbers: Sequence[Number]) -> tuple[Run, ...]:
    """Return numbers one behind the other: a rule that ran twice has two."""
    runs: list[Run] = []
    for number in numbers:
        runs += [Run(text=" + ")] if runs else []
        runs.append(draft.run(number, "count"))
    return tuple(runs)
