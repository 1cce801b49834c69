"""What the certificate's sentences tell: how many tables and numbers met each verdict."""

from collections.abc import Callable
from typing import Any

from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Row


def vocabulary(draft: Draft) -> dict[str, Callable[..., Any]]:
    """Return what the chapter's templates call beside its tables."""
    return {"certified": lambda: by_verdict(draft)}


def by_verdict(draft: Draft) -> dict[str, Row]:
    """Return the counts of tables (`cases`) and `numbers` by verdict, those of all under `all`; nothing without a
    certificate.
    """
    return {row["verdict"]: row for row in draft.lookup.rows("certificate_counts")}
