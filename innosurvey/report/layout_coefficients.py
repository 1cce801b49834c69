"""A coefficient in a table of models, as the study wants it shown: what stands below it, and stars."""

from collections.abc import Sequence

from innosurvey.report.document import Cell, Run
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.formats import digits
from innosurvey.report.layout_tables import interval_runs, notes
from innosurvey.report.lookup import Row

STARS = ((0.01, "***"), (0.05, "**"), (0.1, "*"))
"""What marks a coefficient whose p-value is below a level, where `report.regressions` asks for it."""


def coefficient_cell(draft: Draft, row: Row | None) -> Cell:
    """Return a coefficient with, on the line below, its standard error in parentheses or its interval, as the study
    wants it; empty where the model lacks the term.
    """
    if row is None:
        return text_cell("")
    if not row["estimate"].available:
        return draft.cell(row["estimate"], "estimate", 3)
    runs = [draft.run(row["estimate"], "estimate", 3), *star_runs(draft, row)]
    if draft.context.has_intervals:
        runs += interval_runs(draft, row, 3, line=1)
    elif row["se"].available:
        runs += [Run(text="(", line=1), draft.run(row["se"], "estimate", 3, line=1), Run(text=")", line=1)]
    return Cell(runs=tuple(runs), order=f"{float(row['estimate']):.10g}")


def star_runs(draft: Draft, row: Row) -> list[Run]:
    """Return the stars of a coefficient; none where the study wants none, or nothing is to be marked."""
    if not draft.context.has_stars or not row["p"].available:
        return []
    stars = next((stars for level, stars in STARS if float(row["p"]) < level), "")
    return [Run(text=stars)] if stars else []


def coefficient_notes(draft: Draft, fits: Sequence[Row]) -> tuple[str, ...]:
    """Return the notes that say what stands below and behind the coefficients, and those of the fits."""
    said = notes(draft, fits, "note_interval" if draft.context.has_intervals else "note_errors")
    if not draft.context.has_stars:
        return said
    levels = ", ".join(f"{stars} p < {digits(level, 2, draft.style)}" for level, stars in STARS)
    return (*said, draft.words["note_stars"].format(levels=levels))
