"""What sentences tell of the changes since a release: which causes there are, and which verdicts turned with them."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from innosurvey.report.draft import Draft, escaped
from innosurvey.report.layout_changes import cause_words, turn_words, turned
from innosurvey.report.lookup import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseTold:
    """One cause: its row and its name in words."""

    row: Row
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesTold:
    """The release that is compared with, the causes in the order in which they are added, and the verdicts that turned,
    each with what it was, what it is and the cause, in words."""

    release: str
    causes: tuple[CauseTold, ...]
    turns: tuple[tuple[str, ...], ...]


def changes_told(draft: Draft) -> ChangesTold | None:
    """Return what changed; None where nothing is recorded of these results."""
    rows = draft.lookup.rows("causes")
    if not rows:
        return None
    return ChangesTold(
        release=rows[0]["release"],
        causes=tuple(CauseTold(row=row, title=escaped(cause_words(draft, row["cause"]))) for row in rows),
        turns=tuple(tuple(map(escaped, turn_words(draft, row))) for row in turned(draft)),
    )


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the chapter's template calls."""
    return {"changes_told": partial(changes_told, draft)}
