"""The tables of the quality report: indicators by concept with the waves side by side, non-response by variable, and
what the study itself says of a concept."""

from collections.abc import Sequence

from innosurvey.report.context import localised
from innosurvey.report.document import Cell, Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_annex import number_or_blank
from innosurvey.report.layout_tables import notes, ordered, subtitle
from innosurvey.report.lookup import Row

MOST = 20
"""Variables in the table of non-response; the estimates have them all."""
KINDS = {"percent": "estimate", "count": "count", "factor": "estimate"}
"""How a unit's numbers are written."""
SMALL = 1  # a rate below this, in per cent, needs a second decimal
Line = tuple[str, str, str]


def quality_table(draft: Draft, concepts: Sequence[str] = ()) -> Table | None:
    """Return the indicators of the concepts (all, if none is named) as rows, the waves as columns."""
    asked = {"concept": list(concepts)} if concepts else {}
    found = [row for row in draft.lookup.rows("quality", **asked) if row["value"].available]
    if not found:
        return None
    waves = ordered(row["wave"] for row in found)
    rows: list[TableRow] = []
    for concept in ordered(row["concept"] for row in found):
        ours = [row for row in found if row["concept"] == concept]
        rows.append(subtitle(concept_title(draft, concept)))
        rows.extend(indicator_row(draft, line, ours, waves) for line in ordered(map(line_of, ours)))
    heads = (Column(title=draft.words["indicator"], align="left"), *(Column(title=wave_head(draft, w)) for w in waves))
    what = [draft.label("concept", concept) for concept in ordered(row["concept"] for row in found)]
    return Table(
        id="quality" if not concepts else f"quality-{concepts[0]}",
        title=f"{draft.words['title_quality']}: {', '.join(what)}" if concepts else draft.words["title_quality"],
        columns=heads,
        rows=tuple(rows),
        notes=notes(draft, found),
        source=draft.source(("quality",)),
    )


def wave_head(draft: Draft, wave: str) -> str:
    """Return the head of a wave's column; all waves together have a word of their own."""
    return draft.words["all_waves"] if wave == "all" else draft.label("wave", wave)


def concept_title(draft: Draft, concept: str) -> str:
    """Return a concept's code and name."""
    return f"{concept} {draft.label('concept', concept)}"


def line_of(row: Row) -> Line:
    """Return what a row of the table is about."""
    return row["indicator"], row["variable"], row["group"]


def indicator_row(draft: Draft, line: Line, rows: Sequence[Row], waves: Sequence[str]) -> TableRow:
    """Return one indicator over the waves."""
    indicator, variable, group = line
    title = draft.label("indicator", indicator)
    of_what = [draft.column_label(variable)] if variable else []
    of_what += [draft.label("quality_group", group)] if group else []
    by_wave = {row["wave"]: row for row in rows if line_of(row) == line}
    cells = [indicator_cell(draft, by_wave.get(wave)) for wave in waves]
    return TableRow(cells=(text_cell(": ".join([title, ", ".join(of_what)]) if of_what else title), *cells))


def indicator_cell(draft: Draft, row: Row | None) -> Cell:
    """Return an indicator's number as its unit has it; an empty cell where the wave has none."""
    if row is None:
        return text_cell("")
    kind = KINDS[row["unit"]]
    small = row["unit"] == "factor" or 0 < abs(float(row["value"])) < SMALL
    return draft.cell(row["value"], kind, None if kind == "count" else 2 if small else 1)


def nonresponse_table(draft: Draft) -> Table | None:
    """Return the variables with the highest weighted rate of item non-response in any wave, the waves side by side."""
    found = [row for row in draft.lookup.rows("nonresponse") if row["item_nonresponse_weighted"].available]
    worst: dict[str, float] = {}
    for row in found:
        rates = [float(row[name]) for name in ("item_nonresponse_weighted", "imputation_rate_weighted")]
        worst[row["variable"]] = max(*rates, worst.get(row["variable"], 0.0))
    named = [name for name in sorted(worst, key=lambda name: (-worst[name], name)) if worst[name] > 0][:MOST]
    if not named:
        return None
    waves = ordered(row["wave"] for row in found)
    by_place = {(row["variable"], row["wave"]): row for row in found}
    words = draft.words
    heads = [
        Column(title=f"{draft.label('wave', wave)}: {words[head]}")
        for wave in waves
        for head in ("item_nonresponse", "imputed_share")
    ]
    rows = [
        TableRow(
            cells=(
                text_cell(draft.label("variable", name)),
                *rate_cells(draft, [by_place.get((name, w)) for w in waves]),
            )
        )
        for name in named
    ]
    return Table(
        id="nonresponse",
        title=words["title_nonresponse"],
        columns=(Column(title=words["variable"], align="left"), *heads),
        rows=tuple(rows),
        notes=(words["note_nonresponse"], *notes(draft, found)),
        source=draft.source(("nonresponse",)),
    )


def rate_cells(draft: Draft, rows: Sequence[Row | None]) -> list[Cell]:
    """Return two weighted rates for each wave; empty cells where the wave did not ask."""
    cells = []
    for row in rows:
        for name in ("item_nonresponse_weighted", "imputation_rate_weighted"):
            cells.append(text_cell("") if row is None else number_or_blank(draft, row[name], "estimate"))
    return cells


def weighting_table(draft: Draft) -> Table | None:
    """Return how the weights changed step by step: their total, their range and what their inequality costs."""
    columns = (
        ("firms", "count", None),
        ("total", "count", None),
        ("lowest", "estimate", 2),
        ("median", "estimate", 2),
        ("highest", "estimate", 2),
        ("deff", "estimate", 2),
    )
    found = draft.lookup.rows("weighting")
    rows = [
        TableRow(
            cells=(
                text_cell(draft.label("wave", row["wave"])),
                text_cell(draft.label("step", row["step"])),
                *(draft.cell(row[name], kind, decimals) for name, kind, decimals in columns),
            )
        )
        for row in found
    ]
    left = [Column(title=draft.words[head], align="left") for head in ("wave", "step")]
    heads = (*left, *(Column(title=draft.words[name]) for name, _, _ in columns))
    return of_rows(draft, "weighting", heads, rows, found)


def calibration_table(draft: Draft) -> Table | None:
    """Return, by wave and margin, the cell that was farthest from its total before calibration."""
    found = draft.lookup.rows("calibration")
    rows = []
    for wave, margin in ordered((row["wave"], row["margin"]) for row in found):
        cells = [row for row in found if (row["wave"], row["margin"]) == (wave, margin) and row["response"].available]
        if cells:
            rows.append(margin_row(draft, wave, margin, cells))
    titles = ("wave", "margin", "cell", "target", "before_calibration", "calibrated")
    heads = tuple(Column(title=draft.words[name], align="left" if n < 3 else "right") for n, name in enumerate(titles))
    return of_rows(draft, "calibration", heads, rows, found, draft.words["note_calibration"])


def margin_row(draft: Draft, wave: str, margin: str, cells: Sequence[Row]) -> TableRow:
    """Return the cell of a margin whose total the weights missed most before calibration, relative to it."""
    far = max(cells, key=lambda row: abs(float(row["response"]) / float(row["target"]) - 1) if row["target"] > 0 else 0)
    numbers = (draft.cell(far[name], "count") for name in ("target", "response", "calibrated"))
    what = (
        draft.label("wave", wave),
        draft.label("margin", margin),
        draft.words.get(f"cell_{far['cell']}", far["cell"]),
    )
    return TableRow(cells=(*map(text_cell, what), *numbers))


def screen_table(draft: Draft) -> Table | None:
    """Return how many answers each soft edit and outlier rule points at, the waves side by side."""
    found = draft.lookup.rows("screen")
    waves = ordered(row["wave"] for row in found)
    by_place = {(row["rule"], row["variable"], row["wave"]): row for row in found}
    flagged = {(row["rule"], row["variable"]) for row in found if row["flagged"] > 0}
    rows = [
        TableRow(
            cells=(
                text_cell(draft.label("rule", rule)),
                text_cell(draft.label("variable", variable)),
                *(count_cell(draft, by_place.get((rule, variable, wave))) for wave in waves),
            )
        )
        for rule, variable in ordered((row["rule"], row["variable"]) for row in found)
        if (rule, variable) in flagged
    ]
    left = [Column(title=draft.words[head], align="left") for head in ("rule", "variable")]
    heads = (*left, *(Column(title=draft.label("wave", wave)) for wave in waves))
    return of_rows(draft, "screen", heads, rows, found)


def count_cell(draft: Draft, row: Row | None) -> Cell:
    """Return how many answers a rule points at; an empty cell where it had nothing to look at."""
    return text_cell("") if row is None or not row["checked"] > 0 else draft.cell(row["flagged"], "count")


def of_rows(
    draft: Draft, name: str, heads: Sequence[Column], rows: Sequence[TableRow], found: Sequence[Row], *said: str
) -> Table | None:
    """Return a table of the quality report with its title, notes and source; none without rows."""
    if not rows:
        return None
    return Table(
        id=name,
        title=draft.words[f"title_{name}"],
        columns=tuple(heads),
        rows=tuple(rows),
        notes=(*said, *notes(draft, found)),
        source=draft.source((name,)),
    )


def statements_table(draft: Draft) -> Table | None:
    """Return what the study itself says under the concepts of the quality report."""
    rows = [
        TableRow(cells=(text_cell(concept_title(draft, concept)), text_cell(localised(said, draft.language))))
        for concept, said in draft.context.quality.items()
    ]
    if not rows:
        return None
    words = draft.words
    heads = (Column(title=words["concept"], align="left"), Column(title=words["statement"], align="left"))
    return Table(id="statements", title=words["title_statements"], columns=heads, rows=tuple(rows), notes=(), source="")
