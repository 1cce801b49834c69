"""Estimates as tables: items by group, and groups as rows, all in the one table model of the document.

Every layout asks the lookup for rows, keeps what is there, and returns `None` when nothing is: a table without rows is
not placed, and the template says
nothing about it. Numbers become cells through the draft, which traces them.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.formats import MINUS, PERCENT_UNITS, SPACE
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import Number

ALL_WAVES = "all"
MARKS = {"use with caution": "[E]", "unreliable": "[F]"}  # the letters of Statistics Canada, whose bands they follow
Name = TypeVar("Name", str, tuple[str, str], tuple[str, str, str])


def describe_table(draft: Draft, cohort: str, items: Sequence[str], wave: str = ALL_WAVES) -> Table | None:
    """Return items by group of a cohort: the estimate and, below it, its interval."""
    found = draft.lookup.rows("describe", cohort=cohort, wave=wave, item=list(items))
    groups = ordered(row["group"] for row in found)
    if not found:
        return None
    by_place = {(row["item"], row["group"]): row for row in found}
    shown = decimals_by_item(draft, found)
    rows = [
        TableRow(
            cells=(
                item_cell(draft, item, row_of_item),
                *(estimate_cell(draft, by_place.get((item, group)), shown[item]) for group in groups),
            )
        )
        for item in items
        if (row_of_item := next((row for row in found if row["item"] == item), None)) is not None
    ]
    rows.extend(firms_row(draft, cohort, groups, wave))
    heads = tuple(Column(title=draft.group_label(cohort, group)) for group in groups)
    return Table(
        id=f"describe-{cohort}-{items[0]}",
        title=draft.label("cohort", cohort),
        columns=(Column(title=draft.words["indicator"], align="left"), *heads),
        rows=tuple(rows),
        notes=notes(draft, found, "note_interval"),
        source=draft.source(("describe",)),
    )


def firms_row(draft: Draft, cohort: str, groups: Sequence[str], wave: str) -> list[TableRow]:
    """Return a foot row with the firms of each group, if the cohorts table has them."""
    rows = {row["group"]: row for row in draft.lookup.rows("cohorts", cohort=cohort, wave=wave)}
    if not any(group in rows for group in groups):
        return []
    cells = (draft.cell(rows[group]["n"], "count") if group in rows else text_cell("") for group in groups)
    return [TableRow(cells=(text_cell(draft.words["observations"]), *cells), kind="foot")]


def group_table(draft: Draft, cohort: str, items: Sequence[str], wave: str = ALL_WAVES) -> Table | None:
    """Return a table with one row per group (districts, zones) and one column per item, without intervals."""
    found = [
        row
        for row in draft.lookup.rows("describe", cohort=cohort, wave=wave, item=list(items))
        if row["group"] != "all"
    ]
    if not found:
        return None
    present = [item for item in items if any(row["item"] == item for row in found)]
    by_place = {(row["group"], row["item"]): row for row in found}
    shown = decimals_by_item(draft, found)
    counts = {row["group"]: row for row in draft.lookup.rows("cohorts", cohort=cohort, wave=wave)}
    rows = []
    for group in ordered(row["group"] for row in found):
        n = draft.cell(counts[group]["n"], "count") if group in counts else text_cell("")
        rows.append(
            TableRow(
                cells=(
                    text_cell(draft.group_label(cohort, group)),
                    n,
                    *(bare_cell(draft, by_place.get((group, item)), shown[item]) for item in present),
                )
            )
        )
    heads = [
        Column(title=item_title(draft, item, next(row for row in found if row["item"] == item))) for item in present
    ]
    return Table(
        id=f"groups-{cohort}-{items[0]}",
        title=draft.label("cohort", cohort),
        columns=(
            Column(title=draft.label("cohort", cohort), align="left"),
            Column(title=draft.words["observations"]),
            *heads,
        ),
        rows=tuple(rows),
        notes=notes(draft, found),
        source=draft.source(("describe", "cohorts")),
    )


def decimals_by_item(draft: Draft, rows: Sequence[Row]) -> dict[str, int]:
    """Return each item's decimals: those that its largest estimate asks for, so that a row of a table is even."""
    largest: dict[str, float] = {}
    units = {row["item"]: draft.unit_of(row["item"], row) for row in rows}
    for row in rows:
        size = abs(float(row["estimate"])) if row["estimate"].available else 0.0
        largest[row["item"]] = max(size, largest.get(row["item"], 0.0))
    return {item: draft.decimals(item, units[item], size) for item, size in largest.items()}


def estimate_cell(draft: Draft, row: Row | None, decimals: int) -> Cell:
    """Return an estimate with its interval on a second line; a mark where there is none."""
    if row is None or not row["estimate"].available:
        return bare_cell(draft, row, decimals)
    first = draft.run(row["estimate"], "estimate", decimals)
    runs = (first, *reliability_runs(row), *interval_runs(draft, row, decimals, line=1))
    return Cell(runs=runs, order=f"{float(row['estimate']):.10g}")


def bare_cell(draft: Draft, row: Row | None, decimals: int) -> Cell:
    """Return an estimate alone; a mark where there is none."""
    if row is None:
        return text_cell("")
    cell = draft.cell(row["estimate"], "estimate", decimals)
    return Cell(runs=(*cell.runs, *reliability_runs(row)), order=cell.order)


def reliability_runs(row: Row) -> tuple[Run, ...]:
    """Return the mark of an estimate that is not to be relied on without thought; none where it is good, or hidden."""
    mark = MARKS.get(row["reliability"]) if "reliability" in row and row["estimate"].available else None
    return (Run(text=f"{SPACE}{mark}"),) if mark else ()


def interval_runs(draft: Draft, row: Row, decimals: int, line: int) -> tuple[Run, ...]:
    """Return `lower to upper` of a row as pieces of a cell; none when a bound is missing."""
    return bounds_runs(draft, (row["lower"], row["upper"]), decimals, line)


def bounds_runs(draft: Draft, bounds: tuple[Number, Number], decimals: int, line: int) -> tuple[Run, ...]:
    """Return `lower to upper` as pieces of a cell; none when a bound is missing."""
    if not all(bound.available for bound in bounds):
        return ()
    lower, upper = (draft.run(bound, "estimate", decimals, line) for bound in bounds)
    between = draft.words["to" if MINUS in lower.text + upper.text else "between_bounds"]
    return lower, Run(text=between, line=line), upper


def item_cell(draft: Draft, item: str, row: Row) -> Cell:
    """Return the name of an item with its unit, as the first cell of a row."""
    return text_cell(item_title(draft, item, row))


def item_title(draft: Draft, item: str, row: Row) -> str:
    """Return the title of an item with its unit behind it, unless the title says it already."""
    title, unit = draft.label("item", item), draft.unit_of(item, row)
    words = draft.unit_words(unit)
    said = not words or words.lower() in title.lower() or (unit.lower() in PERCENT_UNITS and "percent" in title.lower())
    return title if said else draft.words["printed_with_unit"].format(title=title, unit=words)


def notes(draft: Draft, rows: Sequence[Row], *names: str) -> tuple[str, ...]:
    """Return the notes of a table: those asked for, the marks that it shows, and where its errors come from if that is
    not what the study declares.
    """
    asked = list(names)
    if any(row.suppressed for row in rows):
        asked.append("note_suppressed")
    if any("status" in row and not row["status"].startswith("ok") and not row.suppressed for row in rows):
        asked.append("note_missing")
    over_all = any("se" in row and "wave" in row and row["wave"] == ALL_WAVES for row in rows)
    if over_all and draft.context.variance == "jackknife":
        asked.append("note_linearised")
    marked = {row["reliability"] for row in rows if "reliability" in row and row["estimate"].available}
    asked.extend(f"note_{verdict.replace(' ', '_')}" for verdict in MARKS if verdict in marked)
    return (*(draft.words[name].format(minimum=draft.context.minimum_n) for name in asked), *caveats(draft, rows))


def caveats(draft: Draft, rows: Sequence[Row]) -> list[str]:
    """Return what must be known of the cohorts and items that the rows show, each note with those it is about."""
    about: dict[str, list[str]] = {}
    for kind in ("cohort", "item"):
        for name in ordered(str(row[kind]) for row in rows if kind in row):
            if note := draft.context.caveat(kind, name, draft.language):
                about.setdefault(note, []).append(draft.label(kind, name))
    return [f"{'; '.join(titles)}: {note}" for note, titles in about.items()]


def subtitle(text: str) -> TableRow:
    """Return a row that titles those below it."""
    return TableRow(cells=(text_cell(text),), kind="group")


def ordered(values: Iterable[Name]) -> list[Name]:
    """Return the distinct values in their order."""
    return list(dict.fromkeys(values))
