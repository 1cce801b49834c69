"""The state of the firms as tables: one set of items over the groups of several cohorts, and one group over the
waves.
"""

from collections.abc import Callable, Sequence
from functools import partial

from innosurvey.groupings import EVERYONE
from innosurvey.report.document import Cell, Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_tables import (
    ALL_WAVES,
    bare_cell,
    decimals_by_item,
    estimate_cell,
    item_cell,
    item_title,
    notes,
    ordered,
    subtitle,
)
from innosurvey.report.lookup import Row

NOBODY = "not estimated: no firm with a value"
"""What a description says of an item that a wave did not ask for."""


def state_table(draft: Draft, cohorts: Sequence[str], items: Sequence[str]) -> Table | None:
    """Return the groups of cohorts one below the other, and the waves last, with one column per item."""
    blocks = [(draft.label("cohort", cohort), groups_of(draft, cohort, items)) for cohort in cohorts]
    blocks.append((draft.words["wave"], waves_of(draft, items)))
    found = [row for _, lines in blocks for _, _, rows in lines for row in rows]
    if not found:
        return None
    present = [item for item in items if any(row["item"] == item for row in found)]
    shown = decimals_by_item(draft, found)
    table: list[TableRow] = []
    for title, lines in blocks:
        if lines:
            table.append(subtitle(title))
        for name, count, rows in lines:
            by_item = {row["item"]: row for row in rows}
            cells = (bare_cell(draft, by_item.get(item), shown[item]) for item in present)
            table.append(TableRow(cells=(text_cell(name), count, *cells)))
    firsts = {item: next(row for row in found if row["item"] == item) for item in present}
    return Table(
        id=f"state-{items[0]}",
        title=draft.words["title_state"],
        columns=(
            Column(title=draft.words["group"], align="left"),
            Column(title=draft.words["observations"]),
            *(Column(title=item_title(draft, item, firsts[item])) for item in present),
        ),
        rows=tuple(table),
        notes=notes(draft, found),
        source=draft.source(("describe", "cohorts")),
    )


Lines = list[tuple[str, Cell, list[Row]]]  # name, firms, the rows of the items


def groups_of(draft: Draft, cohort: str, items: Sequence[str]) -> Lines:
    """Return the groups of a cohort over all waves."""
    described = draft.lookup.rows("describe", cohort=cohort, wave=ALL_WAVES, item=list(items))
    found = [row for row in described if row["group"] != EVERYONE]
    counts = draft.lookup.rows("cohorts", cohort=cohort, wave=ALL_WAVES)
    return lines_by(draft, "group", found, counts, partial(draft.group_label, cohort))


def waves_of(draft: Draft, items: Sequence[str]) -> Lines:
    """Return all firms wave by wave."""
    described = draft.lookup.rows("describe", cohort=EVERYONE, group=EVERYONE, item=list(items))
    found = [row for row in described if row["wave"] != ALL_WAVES]
    counts = draft.lookup.rows("cohorts", cohort=EVERYONE, group=EVERYONE)
    return lines_by(draft, "wave", found, counts, partial(draft.label, "wave"))


def lines_by(draft: Draft, key: str, found: Sequence[Row], counts: Sequence[Row], title: Callable[[str], str]) -> Lines:
    """Return one line for each value of a key: its title, its firms by the `counts`, its rows among those `found`."""
    firms = {row[key]: row for row in counts}
    return [
        (
            title(value),
            draft.cell(firms[value]["n"], "count") if value in firms else text_cell(""),
            [row for row in found if row[key] == value],
        )
        for value in ordered(row[key] for row in found)
    ]


def waves_table(draft: Draft, cohort: str, group: str, items: Sequence[str]) -> Table | None:
    """Return the items of one group, the waves side by side: the estimate and, below it, its interval."""
    found = draft.lookup.rows("describe", cohort=cohort, group=group, item=list(items))
    waves = [wave for wave in ordered(row["wave"] for row in found) if wave != ALL_WAVES]
    if len(waves) < 2:
        return None
    by_place = {(row["item"], row["wave"]): row for row in found}
    shown = decimals_by_item(draft, found)
    columns = [*waves, ALL_WAVES]
    rows = [
        TableRow(
            cells=(
                item_cell(draft, item, next(row for row in found if row["item"] == item)),
                *(estimate_cell(draft, by_place.get((item, wave)), shown[item]) for wave in columns),
            )
        )
        for item in items
        if any(row["item"] == item for row in found)
    ]
    nobody = any(row.suppressed and row["status"] == NOBODY for row in found)
    return Table(
        id=f"waves-{cohort}-{group}",
        title=draft.words["title_waves"].format(group=draft.group_label(cohort, group)),
        columns=(
            Column(title=draft.words["indicator"], align="left"),
            *(Column(title=draft.label("wave", wave)) for wave in columns),
        ),
        rows=tuple(rows),
        notes=(*notes(draft, found, "note_interval"), *([draft.words["note_nobody"]] if nobody else [])),
        source=draft.source(("describe",)),
    )
