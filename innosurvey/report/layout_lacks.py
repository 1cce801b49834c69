"""What the data don't hold, as a table that can be read: variables by theme, all else by its reason."""

import re
from collections.abc import Sequence

from innosurvey.report.document import Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_tables import ordered, subtitle
from innosurvey.report.lookup import Row
from innosurvey.report.wording import lower_first

AVAILABLE = ("true", "1", "yes")
TITLED = {"item": "item", "cohort": "cohort", "model": "model", "variable": "variable", "derived": "variable"}
# The dictionary names its variables by theme: what a name begins with, in the order in which it is tried.
THEMES = (
    ("barriers", ("barrier_", "high_")),
    ("support", ("support_", "rnd_grant")),
    ("cooperation", ("coop_", "cooperat", "partner_")),
    ("information", ("info_", "uses_")),
    (
        "management",
        ("mot_", "dept_", "acq_", "failure_", "goal_", "n_projects_", "developer_", "commercial", "technical_"),
    ),
    ("output", ("inno_", "inna_", "turn_", "ip_", "patent", "cost_reduction", "product_", "process_", "new_product")),
    ("input", ("rnd_", "exp_", "fin_", "act_", "emp_rnd", "research_")),
)


def availability_table(draft: Draft) -> Table | None:
    """Return what the study's data don't hold, with the reasons: one row per theme or reason, the names joined."""
    found = [row for row in draft.lookup.rows("availability") if row["available"].lower() not in AVAILABLE]
    rows: list[TableRow] = []
    for kind in ordered(row["kind"] for row in found):
        ours = [row for row in found if row["kind"] == kind]
        rows.append(subtitle(draft.label("kinds", kind)))
        rows.extend(by_theme(draft, ours) if kind == "variable" else by_reason(draft, ours))
    columns = tuple(Column(title=draft.words[head], align="left") for head in ("absent", "reason"))
    return (
        Table(
            id="availability",
            title=draft.words["title_availability"],
            columns=columns,
            rows=tuple(rows),
            source=draft.source(("availability",)),
        )
        if rows
        else None
    )


def by_theme(draft: Draft, rows: Sequence[Row]) -> list[TableRow]:
    """Return variables as one row per theme and reason."""
    keys = [(theme_of(row["id"]), row["reason"]) for row in rows]
    lines = []
    for theme, reason in ordered(keys):
        names = [title_of(draft, row) for row, key in zip(rows, keys, strict=True) if key == (theme, reason)]
        about = f"{draft.words[f'items_{theme}']}: {'; '.join(map(lower_first, names))}"
        lines.append(TableRow(cells=(text_cell(about), text_cell(reason))))
    return lines


def by_reason(draft: Draft, rows: Sequence[Row]) -> list[TableRow]:
    """Return what follows from lacking variables as one row per reason."""
    return [
        TableRow(
            cells=(
                text_cell("; ".join(title_of(draft, row) for row in rows if row["reason"] == reason)),
                text_cell(reason_in_words(draft, reason)),
            )
        )
        for reason in ordered(row["reason"] for row in rows)
    ]


def title_of(draft: Draft, row: Row) -> str:
    """Return the title of what is lacking; its id in words where it has none."""
    return draft.label(TITLED.get(row["kind"], row["kind"]), row["id"])


def theme_of(variable: str) -> str:
    """Return the theme of a variable by what its name begins with; `firm` when nothing fits."""
    return next((theme for theme, starts in THEMES if variable.startswith(starts)), "firm")


def reason_in_words(draft: Draft, reason: str) -> str:
    """Return a reason with the labels of the variables and cohorts that it names."""

    def label(match: re.Match[str]) -> str:
        name = match[0]
        if name in draft.context.variables:
            return f"“{draft.label('variable', name)}”"
        return f"“{draft.label('cohort', name)}”" if name in draft.context.cohorts else name

    return re.sub(r"[a-z]+[a-z0-9]*(?:_[a-z0-9]+)+", label, reason)
