"""Rows of the same firm some periods before: by the calendar, never by the order of rows."""

import numpy as np

from innosurvey.models.arrays import Array, Codes


def rows_before(firms: Codes, periods: Codes, lag: int = 1) -> Codes:
    """Return for each row the row of the same firm `lag` periods before, or -1 where there is none.

    Both are coded from 0, and no firm stands twice in a period.
    """
    rows = np.full((int(firms.max()) + 1, int(periods.max()) + 1), -1)
    rows[firms, periods] = np.arange(len(firms))
    return np.where(periods >= lag, rows[firms, periods - lag], -1)


def at(rows: Codes, values: Array) -> Array:
    """Return the values (rows, or rows × columns) at these rows, zero where there is none (-1)."""
    present = (rows >= 0).reshape(-1, *[1] * (values.ndim - 1))
    return np.where(present, values[rows], 0.0)
