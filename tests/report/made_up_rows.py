"""Rows made by hand, for tests of what is told of them."""

from collections.abc import Mapping
from typing import Any

from innosurvey.report.lookup import Row


def made_up_row(table: str, cells: Mapping[str, Any]) -> Row:
    """Return the one row of a table with these cells."""
    return Row(table, {name: [cell] for name, cell in cells.items()}, 0)
