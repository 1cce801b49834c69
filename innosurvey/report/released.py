"""The release of the data: the only date that a published file carries."""

import re
from datetime import UTC, datetime

from innosurvey.errors import StudyError


def release_time(date: str) -> datetime:
    """Return the release date as the moment that files are stamped with; a `StudyError` for what is no date."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
            return datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        pass
    raise StudyError(f"report.context: release_date is {date!r}.\nWrite it as year-month-day, as 2024-06-30.")
