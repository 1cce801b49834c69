"""Printed tables as they are printed, what in them does not come out, and what follows from them."""

from collections.abc import Sequence

from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.formats import SPACE
from innosurvey.report.layout_tables import ordered, subtitle
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import Number
from innosurvey.report.printed import DERIVED, TO, PrintedWords

IN_DOUBT = f"{SPACE}[d]"
LARGE, NEARLY_WHOLE = 1000, 1e-6
LESS = f"<{SPACE}"


def words_of(draft: Draft) -> PrintedWords:
    """Return the words of the printed tables in the draft's language."""
    return PrintedWords(draft.context, draft.language)


def printed_table(draft: Draft, table: str) -> Table | None:
    """Return a table as printed."""
    found = draft.lookup.rows("series", table=table)
    if not found:
        return None
    named = words_of(draft)
    down = named.runs_down(table)
    across = "at" if down == "series" else "series"
    by_place = {(row[down], row[across]): row for row in found}
    places = ordered(row[across] for row in found)
    rows = [
        TableRow(
            cells=(
                text_cell(name_of(draft, down, rows_of_line)),
                *(printed_cell(draft, by_place.get((line, place))) for place in places),
            )
        )
        for line in ordered(row[down] for row in found)
        for rows_of_line in [[row for row in found if row[down] == line]]
    ]
    heads = [name_of(draft, across, [row for row in found if row[across] == place]) for place in places]
    return Table(
        id=f"printed-{table}",
        title=named.title(table),
        columns=(Column(title=named.head(table), align="left"), *(Column(title=head) for head in heads)),
        rows=tuple(rows),
        notes=printed_notes(draft, table, found),
        source=named.cited(table),
    )


def name_of(draft: Draft, part: str, rows: Sequence[Row]) -> str:
    """Return the name of a series with its unit, or of a place."""
    named, first = words_of(draft), rows[0]
    if part == "at":
        return named.at(first["table"], first["at"])
    title = named.series(first["table"], first["series"])
    units = {row["unit"] for row in rows}
    return named.with_unit(title, units.pop()) if len(units) == 1 else title


def printed_cell(draft: Draft, row: Row | None) -> Cell:
    """Return a printed number with the digits that it is printed with, marked where it is in doubt."""
    if row is None:
        return text_cell("")
    cell = draft.cell(row["value"], "estimate", int(float(row["decimals"])))
    return Cell(runs=(*cell.runs, *marks_of(row["doubt"])), order=cell.order)


def printed_notes(draft: Draft, table: str, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the note of a table, and of the mark where one of its numbers has it."""
    marked = draft.words["note_doubt"] if any(row["doubt"] for row in rows) else ""
    return tuple(filter(None, (words_of(draft).note(table), marked)))


def inconsistencies_table(draft: Draft) -> Table | None:
    """Return the printed figures that do not come out, by source: printed, as it should be, how far off, remark.

    First those that nothing explains, then those that rounding can explain.
    """
    found = draft.lookup.rows("arithmetic", against="printed", adds_up=["no", "rounding"])
    if not found:
        return None
    named, words = words_of(draft), draft.words
    rows: list[TableRow] = []
    for verdict, table in ordered(
        (row["adds_up"], row["table"]) for verdict in ("no", "rounding") for row in found if row["adds_up"] == verdict
    ):
        explained = f": {words['adds_up_rounding']}" if verdict == "rounding" else ""
        rows.append(subtitle(f"{named.cited(table)}{explained}"))
        rows.extend(
            TableRow(cells=check_cells(draft, row, named.remark(row["check"])))
            for row in found
            if (row["adds_up"], row["table"]) == (verdict, table)
        )
    return Table(
        id="inconsistencies",
        title=words["title_inconsistencies"],
        columns=check_columns(draft),
        rows=tuple(rows),
        notes=(words["note_inconsistencies"],),
        source=draft.source(("arithmetic",)),
    )


def arithmetic_table(draft: Draft) -> Table | None:
    """Return every check of the printed tables with its verdict."""
    found = draft.lookup.rows("arithmetic")
    if not found:
        return None
    named, words = words_of(draft), draft.words
    rows: list[TableRow] = []
    for table in ordered(row["table"] for row in found):
        rows.append(subtitle(named.cited(table)))
        rows.extend(
            TableRow(cells=(*check_cells(draft, row), text_cell(words[f"adds_up_{row['adds_up']}"])))
            for row in found
            if row["table"] == table
        )
    return Table(
        id="arithmetic",
        title=words["title_arithmetic"],
        columns=(*check_columns(draft), Column(title=words["adds_up"], align="left")),
        rows=tuple(rows),
        notes=(words["note_arithmetic"],),
        source=draft.source(("arithmetic",)),
    )


def check_columns(draft: Draft) -> tuple[Column, ...]:
    """Return the heads of what a check compares."""
    numbers = ("printed", "by_arithmetic", "off_by")
    return (
        Column(title=draft.words["checked_figure"], align="left"),
        *(Column(title=draft.words[head]) for head in numbers),
    )


def check_cells(draft: Draft, row: Row, remark: str = "") -> tuple[Cell, ...]:
    """Return the figure, below it what it is held against and a remark; the printed and the computed number, and their
    difference.
    """
    named = words_of(draft)
    title = named.with_unit(named.cell(row["cell"]), row["unit"])
    rule = draft.words[f"rule_of_{row['rule']}"].format(cells=named.cells(row["cells"]))
    as_printed = int(float(row["decimals"]))
    decimals = max(as_printed, decimals_for(row["computed"]))
    return (
        Cell(runs=(Run(text=title), Run(text=rule, line=1), *([Run(text=remark, line=2)] if remark else []))),
        draft.cell(row["printed"], "estimate", as_printed),
        draft.cell(row["computed"], "estimate", decimals),
        draft.cell(row["difference"], "signed", decimals),
    )


def decimals_for(number: Number) -> int:
    """Return the decimals of a computed number: none for a whole or a large one, else up to two."""
    value = float(number)
    whole = abs(value - round(value)) < NEARLY_WHOLE
    return 0 if whole or abs(value) >= LARGE else 1 if abs(value) >= LARGE / 10 else 2


def ratios_table(draft: Draft, table: str) -> Table | None:
    """Return what a programme put in and got out as printed, and below it the ratios, over the periods."""
    found = draft.lookup.rows("ratios", table=table)
    if not found:
        return None
    named, words = words_of(draft), draft.words
    places = [at for at in ordered(row["at"] for row in found) if TO not in at]
    own = {(row["series"], row["at"]): row for row in draft.lookup.rows("series", table=table)}
    rows = [subtitle(words["printed_numbers"])]
    for name in ordered(name for row in found for name in (row["per"], row["of"])):
        line = [own.get((name, at)) for at in places]
        title = name_of(draft, "series", [row for row in line if row is not None])
        rows.append(TableRow(cells=(text_cell(title), *(printed_cell(draft, row) for row in line), text_cell(""))))
    rows.append(subtitle(words["computed_ratios"]))
    for name in ordered(row["ratio"] for row in found):
        rows.extend(ratio_rows(draft, name, places, [row for row in found if row["ratio"] == name]))
    heads = [*(named.at(table, at) for at in places), words["all_periods"]]
    marked = any(row["doubt"] or row["stated_doubt"] for row in found)
    return Table(
        id=f"ratios-{table}",
        title=words["title_ratios"].format(table=named.title(table)),
        columns=(Column(title=words["ratio"], align="left"), *(Column(title=head) for head in heads)),
        rows=tuple(rows),
        notes=(words["note_ratios"], *([words["note_doubt"]] if marked else [])),
        source=f"{named.cited(table)}; {draft.source(('ratios',))}",
    )


def ratio_rows(draft: Draft, name: str, places: Sequence[str], found: Sequence[Row]) -> list[TableRow]:
    """Return one ratio over the periods and over all of them, and below it what the text states of it."""
    by_place = {row["at"]: row for row in found}
    over_all = next((row for row in found if TO in row["at"]), None)
    cells = [ratio_cell(draft, by_place.get(at)) for at in places]
    rows = [TableRow(cells=(text_cell(words_of(draft).ratio(name)), *cells, ratio_cell(draft, over_all)))]
    if over_all is not None and over_all["stated"].available:
        stated = draft.cell(over_all["stated"], "estimate", 0)
        runs = (Run(text=LESS), *stated.runs, *marks_of(over_all["stated_doubt"]))
        blank = [text_cell("") for _ in places]
        rows.append(TableRow(cells=(text_cell(draft.words["stated"]), *blank, Cell(runs=runs, order=stated.order))))
    return rows


def ratio_cell(draft: Draft, row: Row | None) -> Cell:
    """Return a ratio, marked where a number that it is made of is in doubt."""
    if row is None:
        return text_cell("")
    cell = draft.cell(row["value"], "estimate", 1)
    return Cell(runs=(*cell.runs, *marks_of(row["doubt"])), order=cell.order)


def marks_of(doubt: str) -> tuple[Run, ...]:
    """Return the mark of a number in doubt."""
    return (Run(text=IN_DOUBT),) if doubt else ()


def corrections_table(draft: Draft, table: str) -> Table | None:
    """Return the rows of a table that are printed wrongly, each beside what the rest of the table gives for it."""
    derived = draft.lookup.rows("series", table=f"{DERIVED}{table}")
    if not derived:
        return None
    named, words = words_of(draft), draft.words
    printed = {(row["series"], row["at"]): row for row in draft.lookup.rows("series", table=table)}
    worked_out = {(row["series"], row["at"]): row for row in derived}
    series = ordered(row["series"] for row in printed.values())
    rows = [
        TableRow(
            cells=(
                text_cell(words[kind].format(at=named.at(table, at))),
                *(printed_cell(draft, cells.get((name, at))) for name in series),
            )
        )
        for at in ordered(row["at"] for row in derived)
        for kind, cells in (("as_printed", printed), ("as_derived", worked_out))
    ]
    heads = [named.series(table, name) for name in series]
    return Table(
        id=f"corrections-{table}",
        title=words["title_corrections"].format(table=named.title(table)),
        columns=(Column(title=named.head(table), align="left"), *(Column(title=head) for head in heads)),
        rows=tuple(rows),
        notes=printed_notes(draft, table, list(printed.values())),
        source=named.cited(table),
    )
