"""Comparisons as tables: one pair of groups in full, several groups side by side against their reference.

With one pair, each item has its row: both estimates, the difference, its interval, the adjusted p and the effect size.
With several, each group has a column of differences, with interval and p below; the estimates of the reference stand
first.
"""

from collections.abc import Sequence

from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_tables import ALL_WAVES, interval_runs, item_title, notes, ordered, subtitle
from innosurvey.report.lookup import Row
from innosurvey.report.wording import evidence


def comparison_table(
    draft: Draft, cohort: str, items: Sequence[str] | None = None, wave: str = ALL_WAVES
) -> Table | None:
    """Return the comparisons of a cohort's groups with their reference, all or those of some items; themes as
    subtitles.
    """
    found = [row for row in draft.lookup.rows("compare", cohort=cohort, wave=wave) if not items or row["item"] in items]
    if not found:
        return None
    pairs = ordered((row["group"], row["reference"]) for row in found)
    heads, rows = pair_layout(draft, cohort, found) if len(pairs) == 1 else group_layout(draft, cohort, found)
    asked = ["note_adjusted", *(["note_effect"] if len(pairs) == 1 else ["note_differences"])]
    if any("exact" in row["status"] for row in found):
        asked.append("note_exact")
    return Table(
        id=f"compare-{cohort}",
        title=title_of(draft, cohort, pairs),
        columns=(Column(title=draft.words["indicator"], align="left"), *(Column(title=head) for head in heads)),
        rows=tuple(rows),
        notes=notes(draft, found, *asked),
        source=draft.source(("compare",)),
    )


def title_of(draft: Draft, cohort: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Return the cohort's title with what is compared with what."""
    group, reference = pairs[0]
    others = draft.group_label(cohort, group) if len(pairs) == 1 else draft.words["each_group"]
    against = draft.words["pair"].format(group=others, reference=draft.group_label(cohort, reference))
    return f"{draft.label('cohort', cohort)}: {against}"


def pair_layout(draft: Draft, cohort: str, found: Sequence[Row]) -> tuple[list[str], list[TableRow]]:
    """Return heads and rows of one pair of groups in full."""
    names = [draft.group_label(cohort, found[0][side]) for side in ("group", "reference")]
    heads = [*names, *(draft.words[word] for word in ("difference", "interval", "p_adjusted", "effect_size"))]
    rows: list[TableRow] = []
    for theme, items in themes_of(draft, found):
        rows.extend(theme)
        rows.extend(comparison_row(draft, row) for item in items for row in found if row["item"] == item)
    return heads, rows


def group_layout(draft: Draft, cohort: str, found: Sequence[Row]) -> tuple[list[str], list[TableRow]]:
    """Return heads and rows of several groups against one reference: its estimates, and a column per group."""
    groups = ordered(row["group"] for row in found)
    by_place = {(row["item"], row["group"]): row for row in found}
    rows: list[TableRow] = []
    for theme, items in themes_of(draft, found):
        rows.extend(theme)
        for item in items:
            ours = [by_place[item, group] for group in groups if (item, group) in by_place]
            decimals = decimals_of(draft, ours[0])
            cells = (difference_cell(draft, by_place.get((item, group)), decimals) for group in groups)
            first = draft.cell(ours[0]["estimate_reference"], "estimate", decimals)
            rows.append(TableRow(cells=(label_of(draft, ours), first, *cells)))
    reference = draft.words["reference_group"].format(group=draft.group_label(cohort, found[0]["reference"]))
    return [reference, *(draft.group_label(cohort, group) for group in groups)], rows


def themes_of(draft: Draft, found: Sequence[Row]) -> list[tuple[list[TableRow], list[str]]]:
    """Return the items theme by theme, each theme with its subtitle; one theme alone has none."""
    items = ordered(row["item"] for row in found)
    theme = {item: draft.context.items[item].theme if item in draft.context.items else "" for item in items}
    names = ordered(theme.values())
    return [
        (
            [subtitle(draft.words.get(f"items_{name}", name.capitalize()))] if len(names) > 1 and name else [],
            [item for item in items if theme[item] == name],
        )
        for name in names
    ]


def comparison_row(draft: Draft, row: Row) -> TableRow:
    """Return one comparison as a table row."""
    decimals = decimals_of(draft, row)
    return TableRow(
        cells=(
            label_of(draft, [row]),
            draft.cell(row["estimate_group"], "estimate", decimals),
            draft.cell(row["estimate_reference"], "estimate", decimals),
            draft.cell(row["difference"], "signed", decimals),
            interval_cell(draft, row, decimals),
            draft.cell(row["p_adjusted"], "p_bare"),
            draft.cell(row["effect_size"], "signed", 2),
        )
    )


def label_of(draft: Draft, rows: Sequence[Row]) -> Cell:
    """Return the title of an item, marked where a test was exact."""
    mark = "†" if any("exact" in row["status"] for row in rows) else ""
    return text_cell(item_title(draft, rows[0]["item"], rows[0]) + mark)


def decimals_of(draft: Draft, row: Row) -> int:
    """Return the decimals of a comparison: those that its group's estimate asks for."""
    number = row["estimate_group"]
    return draft.decimals(row["item"], draft.unit_of(row["item"], row), float(number)) if number.available else 1


def interval_cell(draft: Draft, row: Row, decimals: int) -> Cell:
    """Return an interval as a cell of its own; empty marks collapse into one."""
    runs = interval_runs(draft, row, decimals, line=0)
    return Cell(runs=runs) if runs else draft.cell(row["lower"], "estimate", decimals)


def difference_cell(draft: Draft, row: Row | None, decimals: int) -> Cell:
    """Return a difference with its interval and its p on lines of their own; a mark where there is none."""
    if row is None:
        return text_cell("")
    if not row["difference"].available:
        return draft.cell(row["difference"], "signed", decimals)
    runs: list[Run] = [draft.run(row["difference"], "signed", decimals), *interval_runs(draft, row, decimals, line=1)]
    if evidence(row).available:
        runs.append(draft.run(evidence(row), "p", line=2))
    return Cell(runs=tuple(runs), order=f"{float(row['difference']):.10g}")
