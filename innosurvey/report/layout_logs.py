"""The tables of the study's logs: its assumptions with how sure and how weighty they are, its decisions with their
reasons, and what is known of its data.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from innosurvey.report.context import localised
from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.formats import date_in_words

RATINGS = ("high", "medium", "low")
Entry = Mapping[str, Any]


def assumptions_table(draft: Draft) -> Table | None:
    """Return the assumptions, first those on which most hangs and which are least sure."""
    entries = sorted(_entries(draft, "assumptions"), key=_risk)
    heads = ("assumption", "log_why", "log_rating", "log_matters")
    return _table(
        draft,
        "assumptions",
        heads,
        entries,
        lambda entry: (_lines(draft, entry, "why", "source"), _rating(draft, entry)),
    )


def decisions_table(draft: Draft) -> Table | None:
    """Return the decisions in the order in which they were taken."""
    entries = sorted(_entries(draft, "decisions"), key=lambda entry: str(entry["date"]))
    heads = ("decision", "log_reason", "log_owner", "log_matters")
    return _table(
        draft, "decisions", heads, entries, lambda entry: (_lines(draft, entry, "why"), _dated(draft, entry, "owner"))
    )


def data_log_table(draft: Draft) -> Table | None:
    """Return what is known of the data, in the order of the log."""
    heads = ("log_data", "log_impact", "log_source", "log_matters")
    entries = _entries(draft, "data_log")
    return _table(
        draft,
        "data_log",
        heads,
        entries,
        lambda entry: (_lines(draft, entry, "impact"), _dated(draft, entry, "source")),
    )


def _table(
    draft: Draft, log: str, heads: Sequence[str], entries: Sequence[Entry], middle: Callable[[Entry], tuple[Cell, Cell]]
) -> Table | None:
    """Return a log as a table: an entry's title and text, two cells of its own, and where it matters; None without
    entries.
    """
    if not entries:
        return None
    rows = [
        TableRow(cells=(_lines(draft, entry, "title", "text"), *middle(entry), _places(draft, entry)))
        for entry in entries
    ]
    return Table(
        id=log.replace("_", "-"),
        title=draft.words[f"title_{log}"],
        columns=tuple(Column(title=draft.words[head], align="left") for head in heads),
        rows=tuple(rows),
        source="",
    )


def _entries(draft: Draft, log: str) -> list[Entry]:
    return list((draft.context.logs.get(log) or {}).values())


def _risk(entry: Entry) -> tuple[int, int]:
    """Return what assumptions are sorted by: impact from high to low, then confidence from low to high."""
    return RATINGS.index(entry["impact"]), -RATINGS.index(entry["confidence"])


def _lines(draft: Draft, entry: Entry, *keys: str) -> Cell:
    """Return texts of an entry below each other."""
    return Cell(runs=tuple(Run(text=localised(entry[key], draft.language), line=line) for line, key in enumerate(keys)))


def _dated(draft: Draft, entry: Entry, key: str) -> Cell:
    """Return a text of an entry with its day below."""
    day = date_in_words(str(entry["date"]), draft.words)
    return Cell(runs=(Run(text=localised(entry[key], draft.language)), Run(text=day, line=1)))


def _rating(draft: Draft, entry: Entry) -> Cell:
    """Return how sure an assumption is and how much hangs on it."""
    said = (draft.words[f"rating_{entry[key]}"] for key in ("confidence", "impact"))
    return text_cell(" / ".join(said))


def _places(draft: Draft, entry: Entry) -> Cell:
    """Return where an entry matters: chapters in words, rules of the workflow by their names."""
    return text_cell(
        ", ".join(
            draft.words.get(f"chapter_{place}") or draft.words["log_step"].format(rule=place)
            for place in entry["matters"]
        )
    )


TABLES = {
    "assumptions_table": assumptions_table,
    "decisions_table": decisions_table,
    "data_log_table": data_log_table,
}
"""What the section templates call to place the logs."""
