"""What changed since a release, as tables: the causes, what each did to the headline numbers, and the units."""

from collections.abc import Sequence

from innosurvey.report.document import Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_claims import claim_title, hypothesis_title
from innosurvey.report.layout_tables import item_title, ordered, subtitle
from innosurvey.report.lookup import Row

BETWEEN = " · "
EVERY_WAVE = "all"
ESTIMATES = ("hypotheses", "describe")
"""The kinds of headline numbers, in their order."""


def cause_words(draft: Draft, cause: str) -> str:
    """Return a cause in words; several that can't be told apart are joined."""
    causes = [draft.words[f"cause_{one.replace(' ', '_')}"] for one in cause.split(" and ")]
    return draft.words["causes_together"].join(causes)


def causes_table(draft: Draft) -> Table | None:
    """Return a row per cause: the headline numbers that it moved, those it moved most, the verdicts that turned."""
    found = draft.lookup.rows("causes")
    rows = [
        TableRow(
            cells=(
                text_cell(cause_words(draft, row["cause"])),
                *(draft.cell(row[name], "count") for name in ("moved", "largest", "turns")),
            )
        )
        for row in found
    ]
    return _table(draft, "causes", ("cause", "numbers_moved", "moved_most", "verdicts_turned"), rows)


def changes_table(draft: Draft) -> Table | None:
    """Return the headline numbers over all waves that moved: before, what each cause added, after."""
    causes = ordered(row["cause"] for row in draft.lookup.rows("causes"))
    rows: list[TableRow] = []
    for kind in ESTIMATES:
        found = [row for row in draft.lookup.rows("changed_numbers", kind=kind) if is_told(row)]
        rows += [subtitle(draft.words[f"changes_of_{kind}"])] if found else []
        for number in ordered(row["number"] for row in found):
            rows.append(number_row(draft, [row for row in found if row["number"] == number]))
    heads = [Column(title=draft.words["headline_number"], align="left"), Column(title=draft.words["before"])]
    heads += [Column(title=cause_words(draft, cause)) for cause in causes]
    return _table(draft, "changed_numbers", (), rows, (*heads, Column(title=draft.words["after"])))


def is_told(row: Row) -> bool:
    """Return whether a number is shown: of what is told of all firms, only what holds over all waves."""
    return row["kind"] != "describe" or row["number"].split(BETWEEN)[0] == EVERY_WAVE


def number_row(draft: Draft, steps: Sequence[Row]) -> TableRow:
    """Return one number with its parts, which add up as they are shown."""
    decimals = int(float(steps[0]["decimals"]))
    return TableRow(
        cells=(
            text_cell(number_title(draft, steps[0])),
            draft.cell(steps[0]["before"], "estimate", decimals),
            *(draft.cell(row["part"], "signed", decimals) for row in steps),
            draft.cell(steps[-1]["after"], "estimate", decimals),
        )
    )


def number_title(draft: Draft, row: Row) -> str:
    """Return a headline number in words: the hypothesis, or the item."""
    parts = row["number"].split(BETWEEN)
    if row["kind"] == "hypotheses":
        return f"{parts[0]}  {hypothesis_title(draft, parts[0], parts[1])}"
    return item_title(draft, parts[1], row)


def turned(draft: Draft) -> list[Row]:
    """Return the steps in which a verdict turned."""
    return [
        row
        for row in draft.lookup.rows("changed_numbers", kind="claims")
        if row["verdict_before"] != row["verdict_after"]
    ]


def turn_words(draft: Draft, row: Row) -> tuple[str, str, str, str]:
    """Return claim, verdict before, verdict after and cause of a turn, in words."""
    before, after = (
        draft.words[f"verdict_{row[name].replace(' ', '_')}"] for name in ("verdict_before", "verdict_after")
    )
    return claim_title(draft, row["number"]), before, after, cause_words(draft, row["cause"])


def revisions_table(draft: Draft) -> Table | None:
    """Return how many units of each source came, left, were amended and stayed."""
    found = draft.lookup.rows("revisions")
    rows = [
        TableRow(
            cells=(
                text_cell(source_title(draft, row["source"])),
                *(draft.cell(row[name], "count") for name in ("came", "left", "amended", "stayed")),
            )
        )
        for row in found
    ]
    return _table(draft, "revisions", ("source", "units_came", "units_left", "units_amended", "units_stayed"), rows)


def source_title(draft: Draft, source: str) -> str:
    """Return a source in words: `survey 2020`, `register certificates`."""
    kind, name = source.split(" ", 1)
    title = draft.label("wave", name) if kind == "survey" else draft.label("register", name)
    return draft.words[f"source_{kind}"].format(name=title)


def _table(
    draft: Draft, name: str, heads: Sequence[str], rows: Sequence[TableRow], columns: Sequence[Column] = ()
) -> Table | None:
    if not rows:
        return None
    named = [
        Column(title=draft.words[head], align="left" if place == 0 else "right") for place, head in enumerate(heads)
    ]
    return Table(
        id=name,
        title=draft.words[f"title_{name}"],
        columns=(*named, *columns),
        rows=tuple(rows),
        notes=(draft.words[f"note_{name}"],),
        source=draft.source((name,)),
    )


TABLES = {"causes_table": causes_table, "changes_table": changes_table, "revisions_table": revisions_table}
"""What templates call, by name."""
