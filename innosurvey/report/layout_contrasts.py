"""Rankings of items and decompositions of gaps as tables."""

from collections.abc import Sequence

from innosurvey.report.document import Cell, Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_comparisons import note_of_families, with_interval
from innosurvey.report.layout_tables import ALL_WAVES, interval_runs, item_title, notes, ordered, subtitle
from innosurvey.report.lookup import Row


def ranking_rows(draft: Draft, ranking: str, group: str, wave: str = ALL_WAVES) -> list[Row]:
    """Return one row per item, each against the item that stands highest, the highest first (its row is against the
    one that follows); items without an estimate are left out.
    """
    rows = [
        row
        for row in draft.lookup.rows("ranks", ranking=ranking, group=group, wave=wave)
        if row["estimate"].available and row["difference"].available
    ]
    if not rows:
        return []
    top = max(rows, key=lambda row: float(row["estimate"]))["item"]
    below = sorted((row for row in rows if row["other"] == top), key=lambda row: -float(row["estimate"]))
    first = [row for row in rows if row["item"] == top and below and row["other"] == below[0]["item"]]
    return [*first, *below]


def ranking_table(draft: Draft, ranking: str, group: str, wave: str = ALL_WAVES) -> Table | None:
    """Return the items of a group from the highest down, each with its difference from the highest."""
    found = ranking_rows(draft, ranking, group, wave)
    if not found:
        return None
    cohort = found[0]["cohort"]
    rows = []
    for place, row in enumerate(found):
        decimals = draft.decimals(row["item"], draft.unit_of(row["item"], row), float(row["estimate"]))
        test = (
            (text_cell(""), text_cell(""))
            if place == 0
            else (with_interval(draft, row, decimals), draft.cell(row["p_adjusted"], "p_bare"))
        )
        name = text_cell(item_title(draft, row["item"], row) + ("†" if "exact" in row["status"] else ""))
        rows.append(TableRow(cells=(name, draft.cell(row["estimate"], "estimate", decimals), *test)))
    words = ("figure_estimate", "below_the_highest", "p_adjusted")
    family = note_of_families(draft, [found[0]["family"]])
    exact = ["note_exact"] if any("exact" in row["status"] for row in found) else []
    return Table(
        id=f"rank-{ranking}-{group}",
        title=draft.words["title_ranking"].format(
            ranking=ranking_title(draft, ranking), group=draft.group_label(cohort, group)
        ),
        columns=(
            Column(title=draft.words["indicator"], align="left"),
            *(Column(title=draft.words[word]) for word in words),
        ),
        rows=tuple(rows),
        notes=(*notes(draft, found, "note_ranking", *exact), family),
        source=draft.source(("ranks",)),
    )


def ranking_title(draft: Draft, ranking: str) -> str:
    """Return the title of a ranking."""
    return draft.label("ranking", ranking)


def decomposition_table(draft: Draft, decomposition: str, wave: str = ALL_WAVES) -> Table | None:
    """Return each outcome's gap with what the terms explain and what they don't, in all and term by term."""
    found = [
        row
        for row in draft.lookup.rows("decompositions", decomposition=decomposition, wave=wave)
        if row["estimate"].available
    ]
    if not found:
        return None
    rows: list[TableRow] = []
    for outcome in ordered(row["outcome"] for row in found):
        ours = [row for row in found if row["outcome"] == outcome]
        rows.append(subtitle(item_title(draft, outcome, ours[0])))
        rows.extend(outcome_rows(draft, ours))
    first = found[0]
    sides = [draft.group_label(first["cohort"], first[side]) for side in ("group", "reference")]
    pair = draft.words["pair"].format(group=sides[0], reference=sides[1])
    heads = ("gap", "explained", "unexplained", "explained_share")
    return Table(
        id=f"decompose-{decomposition}",
        title=f"{draft.words['title_decomposition']}: {pair}",
        columns=(Column(title=draft.words["term"], align="left"), *(Column(title=draft.words[head]) for head in heads)),
        rows=tuple(rows),
        notes=notes(draft, found, "note_decomposition"),
        source=draft.source(("decompositions",)),
    )


def outcome_rows(draft: Draft, rows: Sequence[Row]) -> list[TableRow]:
    """Return the rows of one outcome: all terms together with the gap, then each term."""
    by_place = {(row["part"], row["term"]): row for row in rows}
    decimals = gap_decimals(draft, rows)
    shown = []
    for term in ordered(row["term"] for row in rows):
        name = draft.words["all_terms"] if not term else term_title(draft, term)
        explained = by_place.get(("explained", term))
        share = draft.cell(explained["share_of_gap"], "estimate", 0) if explained else text_cell("")
        cells = [part_cell(draft, by_place.get((part, term)), decimals) for part in ("gap", "explained", "unexplained")]
        shown.append(TableRow(cells=(text_cell(name), *cells, share)))
    return shown


def gap_decimals(draft: Draft, rows: Sequence[Row]) -> int:
    """Return the decimals of an outcome's parts: one more than its unit asks for, as parts are small."""
    gap = next((float(row["estimate"]) for row in rows if row["part"] == "gap"), 1.0)
    outcome = rows[0]["outcome"]
    return max(1, draft.decimals(outcome, draft.unit_of(outcome), gap))


def term_title(draft: Draft, term: str) -> str:
    """Return the title of a term of a decomposition."""
    return draft.words["constant"] if term == "constant" else draft.label("variable", term)


def part_cell(draft: Draft, row: Row | None, decimals: int) -> Cell:
    """Return a part with its interval below; empty where a term has no such part."""
    if row is None:
        return text_cell("")
    runs = (draft.run(row["estimate"], "signed", decimals), *interval_runs(draft, row, decimals, line=1))
    return Cell(runs=runs, order=f"{float(row['estimate']):.10g}")
