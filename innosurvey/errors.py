"""Errors that a researcher can mend, told apart from bugs.

A `StudyError` prints as one short block: where it is, what is wrong, what to do. Its kinds carry the exit code of the
command line; everything that is not a `StudyError` is a bug of ours and keeps its traceback. Messages name files, rows,
columns, counts and codes, never a firm's answers.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class StudyError(Exception):
    """Something in the study's configuration that its researcher can mend. Exit code 2."""

    exit_code = 2
    kind = "configuration"


class DataError(StudyError):
    """Something in the study's data files. Exit code 3."""

    exit_code = 3
    kind = "data"


class DisclosureError(StudyError):
    """An output that would disclose a firm. Exit code 4."""

    exit_code = 4
    kind = "disclosure"


class BaselineError(StudyError):
    """Results that differ from their baseline beyond tolerance. Exit code 5."""

    exit_code = 5
    kind = "baseline"


def did_you_mean(name: str, known: Iterable[str], nearness: float = 0.6) -> str:
    """Return ` Did you mean x?`, or an empty string when nothing is near (`nearness`: 1 is the same name)."""
    near = get_close_matches(str(name), [str(candidate) for candidate in known], n=1, cutoff=nearness)
    return f" Did you mean {near[0]}?" if near else ""


def bullets(lines: Iterable[str], limit: int = 10) -> str:
    """Return the lines as a bulleted block, the first `limit` of them and a count of the rest."""
    lines = list(lines)
    shown = [f"  - {line}" for line in lines[:limit]]
    if len(lines) > limit:
        shown.append(f"  - … and {len(lines) - limit} more")
    return "\n".join(shown)
