"""Comparisons as tables: one pair of groups in full, several groups side by side against their reference.

With one pair, each item has its row: both estimates, the difference and that at an equal composition with their
intervals, the adjusted p and the effect size. With several, each group has a column of differences, with interval, p
and the difference at an equal composition below; the estimates of the reference stand first, the test of all groups
at once last.
"""

from collections.abc import Mapping, Sequence

from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_tables import ALL_WAVES, interval_runs, item_title, notes, ordered, subtitle
from innosurvey.report.lookup import Row
from innosurvey.report.wording import evidence, lower_first

NONE = "–"
Adjusted = Mapping[tuple[str, str], Row]


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
    adjusted = adjusted_rows(draft, cohort, found, wave)
    heads, rows = (
        pair_layout(draft, cohort, found, adjusted)
        if len(pairs) == 1
        else group_layout(draft, cohort, found, adjusted, wave)
    )
    return Table(
        id=f"compare-{cohort}-{items[0]}" if items else f"compare-{cohort}",
        title=title_of(draft, cohort, pairs),
        columns=(Column(title=draft.words["indicator"], align="left"), *(Column(title=head) for head in heads)),
        rows=tuple(rows),
        notes=(*notes(draft, found, *asked(found, len(pairs))), *notes_of_tests(draft, found, adjusted)),
        source=draft.source(("compare", *(("adjusted",) if adjusted else ()))),
    )


def asked(found: Sequence[Row], pairs: int) -> list[str]:
    """Return the names of the notes that a table of comparisons needs."""
    exact = any("exact" in row["status"] for row in found)
    return [
        *(["note_effect"] if pairs == 1 else ["note_differences", "note_omnibus"]),
        *(["note_exact"] if exact else []),
        *(["note_log_odds"] if exact and pairs == 1 else []),
    ]


def notes_of_tests(draft: Draft, found: Sequence[Row], adjusted: Adjusted) -> list[str]:
    """Return which families the p-values are adjusted in, and what the second difference holds constant."""
    said = [note_of_families(draft, ordered(row["family"] for row in found))]
    held = ordered(row["adjust_for"] for row in adjusted.values())
    for names in held:
        variables = ", ".join(lower_first(draft.label("variable", name)) for name in names.split("|"))
        said.append(draft.words["note_composition"].format(variables=variables))
    return said


def note_of_families(draft: Draft, families: Sequence[str]) -> str:
    """Return in which family, or in each of which families, p-values are adjusted."""
    names = draft.words["between_families"].join(family_title(draft, family) for family in families)
    return draft.words["note_family" if len(families) == 1 else "note_families"].format(families=names)


def family_title(draft: Draft, family: str) -> str:
    """Return the name of a family of tests as it stands inside a sentence."""
    return lower_first(draft.label("family", family))


def adjusted_rows(draft: Draft, cohort: str, found: Sequence[Row], wave: str) -> dict[tuple[str, str], Row]:
    """Return the rows of differences at an equal composition by item and group, those that have one."""
    items, references = [row["item"] for row in found], [row["reference"] for row in found]
    rows = draft.lookup.rows("adjusted", cohort=cohort, wave=wave)
    return {
        (row["item"], row["group"]): row
        for row in rows
        if row["item"] in items and row["reference"] in references and row["status"].startswith("ok")
    }


def title_of(draft: Draft, cohort: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Return the cohort's title with what is compared with what."""
    group, reference = pairs[0]
    others = draft.group_label(cohort, group) if len(pairs) == 1 else draft.words["each_group"]
    against = draft.words["pair"].format(group=others, reference=draft.group_label(cohort, reference))
    return f"{draft.label('cohort', cohort)}: {against}"


def pair_layout(
    draft: Draft, cohort: str, found: Sequence[Row], adjusted: Adjusted
) -> tuple[list[str], list[TableRow]]:
    """Return heads and rows of one pair of groups in full."""
    names = [draft.group_label(cohort, found[0][side]) for side in ("group", "reference")]
    words = ["difference", *(["at_equal_composition"] if adjusted else []), "p_adjusted", "effect_size"]
    rows: list[TableRow] = []
    for theme, items in themes_of(draft, found):
        rows.extend(theme)
        rows.extend(comparison_row(draft, row, adjusted) for item in items for row in found if row["item"] == item)
    return [*names, *(draft.words[word] for word in words)], rows


def group_layout(
    draft: Draft, cohort: str, found: Sequence[Row], adjusted: Adjusted, wave: str
) -> tuple[list[str], list[TableRow]]:
    """Return heads and rows of several groups against one reference: its estimates, a column per group, all groups."""
    groups = ordered(row["group"] for row in found)
    by_place = {(row["item"], row["group"]): row for row in found}
    whole = {row["item"]: row for row in draft.lookup.rows("omnibus", cohort=cohort, wave=wave)}
    rows: list[TableRow] = []
    for theme, items in themes_of(draft, found):
        rows.extend(theme)
        for item in items:
            ours = [by_place[item, group] for group in groups if (item, group) in by_place]
            decimals = decimals_of(draft, ours[0])
            cells = [
                difference_cell(draft, by_place.get((item, group)), decimals, adjusted.get((item, group)))
                for group in groups
            ]
            first = draft.cell(ours[0]["estimate_reference"], "estimate", decimals)
            last = [omnibus_cell(draft, whole.get(item))] if whole else []
            rows.append(TableRow(cells=(label_of(draft, ours), first, *cells, *last)))
    reference = draft.words["reference_group"].format(group=draft.group_label(cohort, found[0]["reference"]))
    heads = [reference, *(draft.group_label(cohort, group) for group in groups)]
    return [*heads, *([draft.words["all_at_once"]] if whole else [])], rows


def themes_of(draft: Draft, found: Sequence[Row]) -> list[tuple[list[TableRow], list[str]]]:
    """Return the items theme by theme, each theme with its subtitle; one theme alone has none."""
    themes = item_themes(draft, found)
    return [([subtitle(title)] if len(themes) > 1 and title else [], items) for title, items in themes]


def item_themes(draft: Draft, found: Sequence[Row]) -> list[tuple[str, list[str]]]:
    """Return the themes of comparisons, each with its title and items; a section tells one after the other."""
    items = ordered(row["item"] for row in found)
    theme = {item: draft.context.items[item].theme if item in draft.context.items else "" for item in items}
    return [
        (
            draft.words.get(f"items_{name}", name.capitalize()) if name else "",
            [item for item in items if theme[item] == name],
        )
        for name in ordered(theme.values())
    ]


def comparison_row(draft: Draft, row: Row, adjusted: Adjusted) -> TableRow:
    """Return one comparison as a table row."""
    decimals = decimals_of(draft, row)
    equal = adjusted.get((row["item"], row["group"]))
    return TableRow(
        cells=(
            label_of(draft, [row]),
            draft.cell(row["estimate_group"], "estimate", decimals),
            draft.cell(row["estimate_reference"], "estimate", decimals),
            with_interval(draft, row, decimals),
            *([with_interval(draft, equal, decimals) if equal else text_cell(NONE)] if adjusted else []),
            draft.cell(row["p_adjusted"], "p_bare"),
            effect_cell(draft, row),
        )
    )


def with_interval(draft: Draft, row: Row, decimals: int) -> Cell:
    """Return a difference with its interval below; a mark where there is none."""
    if not row["difference"].available:
        return draft.cell(row["difference"], "signed", decimals)
    runs = (draft.run(row["difference"], "signed", decimals), *interval_runs(draft, row, decimals, line=1))
    return Cell(runs=runs, order=f"{float(row['difference']):.10g}")


def effect_cell(draft: Draft, row: Row) -> Cell:
    """Return the effect size; below that of an exact test the log odds ratio with its interval."""
    cell = draft.cell(row["effect_size"], "signed", 2)
    if "log_odds" not in row or not row["log_odds"].available:
        return cell
    lower, upper = (draft.run(row[f"log_odds_{side}"], "signed", 1, 2) for side in ("lower", "upper"))
    odds = (draft.run(row["log_odds"], "signed", 1, 1), lower, Run(text=draft.words["to"], line=2), upper)
    return Cell(runs=(*cell.runs, *odds), order=cell.order)


def omnibus_cell(draft: Draft, row: Row | None) -> Cell:
    """Return the adjusted p of the test of all groups, its effect size below."""
    if row is None or not row["p_adjusted"].available:
        return text_cell(NONE)
    runs = [draft.run(row["p_adjusted"], "p")]
    if row["effect_size"].available:
        runs.append(draft.run(row["effect_size"], "estimate", 2, 1))
    return Cell(runs=tuple(runs), order=f"{float(row['p_adjusted']):.10g}")


def label_of(draft: Draft, rows: Sequence[Row]) -> Cell:
    """Return the title of an item, marked where a test was exact."""
    mark = "†" if any("exact" in row["status"] for row in rows) else ""
    return text_cell(item_title(draft, rows[0]["item"], rows[0]) + mark)


def decimals_of(draft: Draft, row: Row) -> int:
    """Return the decimals of a comparison, also of one that has no estimate to show."""
    decimals = draft.decimals_of_pair(row)
    return 1 if decimals is None else decimals


def difference_cell(draft: Draft, row: Row | None, decimals: int, equal: Row | None) -> Cell:
    """Return a difference with its interval, its p and the difference at an equal composition on lines of their own; a
    mark where there is none.
    """
    if row is None:
        return text_cell("")
    cell = with_interval(draft, row, decimals)
    if not row["difference"].available:
        return cell
    runs = list(cell.runs)
    if evidence(row).available:
        runs.append(draft.run(evidence(row), "p", line=2))
    if equal is not None and equal["difference"].available:
        runs += [Run(text=draft.words["equal"], line=3), draft.run(equal["difference"], "signed", decimals, 3)]
    return Cell(runs=tuple(runs), order=cell.order)
