"""What the data don't hold, as a table that can be read: variables by theme, all else by its reason."""

from collections.abc import Sequence

from innosurvey.report.context import localised
from innosurvey.report.document import Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_tables import ordered, subtitle
from innosurvey.report.lookup import Row
from innosurvey.report.reasons import lack_words
from innosurvey.report.said import in_language
from innosurvey.report.wording import lower_first

AVAILABLE = ("true", "1", "yes")
TITLED = {
    "item": "item",
    "cohort": "cohort",
    "region": "measure",
    "model": "model",
    "variable": "variable",
    "derived": "variable",
}
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
    columns = tuple(Column(title=draft.words[head], align="left") for head in ("absent", "absent_why"))
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
        title = draft.words[f"items_{theme}"]
        names = [title_of(draft, row) for row, key in zip(rows, keys, strict=True) if key == (theme, reason)]
        about = "; ".join(lower_first(without_theme(name, title)) for name in names)
        lines.append(TableRow(cells=(text_cell(title), text_cell(f"{in_language(reason, draft.language)}: {about}"))))
    return lines


def by_reason(draft: Draft, rows: Sequence[Row]) -> list[TableRow]:
    """Return what follows from lacking variables as one row per reason."""
    return [
        TableRow(
            cells=(
                text_cell("; ".join(title_of(draft, row) for row in rows if row["reason"] == reason)),
                text_cell(lack_words(draft, reason)),
            )
        )
        for reason in ordered(row["reason"] for row in rows)
    ]


def title_of(draft: Draft, row: Row) -> str:
    """Return the title of what is lacking; its id in words where it has none."""
    title = localised(draft.context.lacking.get(f"{row['kind']}.{row['id']}"), draft.language)
    return title or draft.label(TITLED.get(row["kind"], row["kind"]), row["id"])


def without_theme(name: str, theme: str) -> str:
    """Return a title without a theme in front of it: `Barrier: high cost` among the barriers is `High cost`."""
    front, colon, rest = name.partition(": ")
    return rest if colon and front.lower() in theme.lower() else name


def theme_of(variable: str) -> str:
    """Return the theme of a variable by what its name begins with; `firm` when nothing fits."""
    return next((theme for theme, starts in THEMES if variable.startswith(starts)), "firm")
