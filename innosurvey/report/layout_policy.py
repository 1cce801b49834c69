"""The policy frame as tables, one per stage, and the words of its recommendations."""

from collections.abc import Iterable, Sequence
from math import inf

from innosurvey.report.context import in_words, localised
from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_claims import claim_title, verdict_words
from innosurvey.report.layout_tables import bounds_runs, notes, ordered, subtitle
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import MISSING_MARK, SUPPRESSED_MARK, Number
from innosurvey.report.said import in_language
from innosurvey.report.wording import trimmed

DECIMALS = 1
NOT_ASKED = "not asked"
TOO_FEW = "fewer than"
"""How the frame's reasons begin where too few firms stand behind a number."""


def policy_title(draft: Draft, kind: str, name: str) -> str:
    """Return the title of a field, an instrument or a government (`kind` in the plural) of the frame."""
    return localised(draft.context.policy.get(kind, {}).get(name), draft.language) or in_words(name)


def recommendation_words(draft: Draft, name: str) -> tuple[str, str]:
    """Return a recommendation as its first sentence and the rest."""
    text = localised(draft.context.policy.get("recommendations", {}).get(name), draft.language) or in_words(name)
    first, stop, rest = text.partition(". ")
    return f"{first}{stop.strip()}", rest


def action_words(draft: Draft, action: str) -> str:
    """Return what a cell calls for, in words."""
    return draft.words[f"follows_{(action or 'no statement').replace(' ', '_')}"]


def policy_table(draft: Draft, group: str) -> Table | None:
    """Return the frame of one stage: field by field a row per barrier and instrument, the governments side by side."""
    found = draft.lookup.rows("policy", group=group)
    if not found:
        return None
    words = draft.words
    governments = ordered(row["government"] for row in draft.lookup.rows("policy") if row["government"])
    barriers = barrier_titles(draft)
    rows: list[TableRow] = []
    for field in ordered(row["field"] for row in found):
        rows.append(subtitle(policy_title(draft, "fields", field)))
        ours = [row for row in found if row["field"] == field]
        for place in ordered((row["barrier"], row["instrument"]) for row in ours):
            cells = {row["government"]: row for row in ours if (row["barrier"], row["instrument"]) == place}
            rows.append(cell_row(draft, cells, governments, barriers))
    reach = (Column(title=policy_title(draft, "governments", one), over=words["reach"]) for one in governments)
    return Table(
        id=f"policy-{group}",
        title=f"{words['title_policy']}: {draft.group_label(found[0]['cohort'], group)}",
        columns=(
            Column(title=words["barrier"], align="left"),
            Column(title=words["need"]),
            Column(title=words["instrument"], align="left"),
            *reach,
            Column(title=words["association"]),
            Column(title=words["follows"], align="left"),
            Column(title=words["priority"]),
        ),
        rows=tuple(rows),
        notes=(words["note_policy"], *absent_notes(draft, found), *notes(draft, found)),
        source=draft.source(("policy",)),
    )


def barrier_titles(draft: Draft) -> dict[str, str]:
    """Return the titles of the frame's barriers without the words that all of them share."""
    items = ordered(row["barrier"] for row in draft.lookup.rows("policy"))
    return dict(zip(items, trimmed([draft.label("item", item) for item in items]), strict=True))


def barrier_title(draft: Draft, item: str) -> str:
    """Return a barrier of the frame as its tables name it."""
    return barrier_titles(draft).get(item, draft.label("item", item))


def cell_row(draft: Draft, cells: dict[str, Row], governments: Sequence[str], barriers: dict[str, str]) -> TableRow:
    """Return one barrier with one instrument. `cells` are its cells by government, one without where none is asked."""
    first, ranked = next(iter(cells.values())), pressing(cells.values())
    instrument = policy_title(draft, "instruments", first["instrument"]) if first["instrument"] else ""
    return TableRow(
        cells=(
            text_cell(barriers[first["barrier"]]),
            part_cell(draft, first, "need", "estimate"),
            text_cell(instrument),
            *(part_cell(draft, cells.get(government, first), "reach", "estimate") for government in governments),
            association_cell(draft, first),
            action_cell(draft, ranked),
            priority_cell(draft, ranked[0]),
        )
    )


def part_cell(draft: Draft, row: Row, part: str, kind: str) -> Cell:
    """Return need, reach or association with its interval on a second line, or why there is none."""
    number = row[part]
    if number.available:
        bounds = (row[f"{part}_lower"], row[f"{part}_upper"])
        runs = (draft.run(number, kind, DECIMALS), *bounds_runs(draft, bounds, DECIMALS, line=1))
        return Cell(runs=runs, order=f"{float(number):.10g}")
    if row[f"{part}_is"] == NOT_ASKED:
        return text_cell(draft.words["not_asked"])
    return text_cell(SUPPRESSED_MARK if f"{part}: {TOO_FEW}" in row["reason"] else MISSING_MARK)


def association_cell(draft: Draft, row: Row) -> Cell:
    """Return the association with its interval and, on a third line, its adjusted p-value."""
    cell = part_cell(draft, row, "association", "signed")
    if not (row["association"].available and row["p_adjusted"].available):
        return cell
    return Cell(runs=(*cell.runs, draft.run(row["p_adjusted"], "p", line=2)), order=cell.order)


def action_cell(draft: Draft, cells: Sequence[Row]) -> Cell:
    """Return what follows in words; a line per government where they differ, the most pressing first."""
    if len({row["action"] for row in cells}) == 1:
        return text_cell(action_words(draft, cells[0]["action"]))
    said = (
        draft.words["follows_for"].format(
            action=action_words(draft, row["action"]), government=government_title(draft, row)
        )
        for row in cells
    )
    return Cell(runs=tuple(Run(text=words, line=line) for line, words in enumerate(said)))


def government_title(draft: Draft, row: Row) -> str:
    """Return the title of a cell's government."""
    return policy_title(draft, "governments", row["government"])


def pressing(cells: Iterable[Row]) -> list[Row]:
    """Return cells by their priority, those without one last."""
    return sorted(cells, key=lambda row: float(row["priority"]) if row["priority"].available else inf)


def priority_cell(draft: Draft, row: Row) -> Cell:
    """Return the priority of a cell; nothing where it calls for nothing."""
    return draft.cell(row["priority"], "count") if row["priority"].available else text_cell("")


def absent_notes(draft: Draft, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the note that says why numbers are not shown; what is not asked says so in its cell."""
    reasons = ordered(part for row in rows for part in row["reason"].split("; ") if part and NOT_ASKED not in part)
    said = in_language("; ".join(reasons), draft.language)
    return (draft.words["note_policy_absent"].format(reasons=said),) if reasons else ()


def recommendations_table(draft: Draft) -> Table | None:
    """Return every declared recommendation: its claim, the verdicts and cells it looks for and found, and whether it is
    printed.
    """
    found = draft.lookup.rows("recommendations")
    if not found:
        return None
    words = draft.words
    heads = ("recommendation", "claim", "asked_for", "verdict", "frame_cells", "is_printed")
    return Table(
        id="recommendations",
        title=words["title_recommendations"],
        columns=tuple(Column(title=words[head], align="right" if head == "frame_cells" else "left") for head in heads),
        rows=tuple(recommendation_row(draft, row) for row in found),
        notes=(words["note_recommendations"],),
        source=draft.source(("recommendations",)),
    )


def recommendation_row(draft: Draft, row: Row) -> TableRow:
    """Return one recommendation with what it is chosen by."""
    asked = ", ".join(draft.words[f"verdict_{verdict.replace(' ', '_')}"] for verdict in row["verdicts"].split("|"))
    return TableRow(
        cells=(
            text_cell(recommendation_words(draft, row["recommendation"])[0]),
            text_cell(claim_title(draft, row["claim"])),
            text_cell(asked),
            text_cell(verdict_words(draft, row) if row["verdict"] else draft.words["no_such_claim"]),
            cells_cell(draft, row["cells"], row["least"]) if row["least"] != "" else text_cell(""),
            text_cell(draft.words["yes" if row["chosen"] == "True" else "no"]),
        )
    )


def cells_cell(draft: Draft, cells: Number, least: Number) -> Cell:
    """Return how many cells were found and, below, how many it takes."""
    runs = (draft.run(cells, "count"), Run(text=draft.words["it_takes"], line=1), draft.run(least, "count", line=1))
    return Cell(runs=runs, order=f"{float(cells):g}")
