"""The waves of one file: what the column that tells them apart holds, and the years that its codes speak for."""

import re

import pandas as pd

from innosurvey.codebook import code_text
from innosurvey.draft.readers import Source
from innosurvey.errors import DataError, did_you_mean
from innosurvey.ingest.cells import BLANK

MOST_WAVES = 20
REFERENCE_YEARS = 3
"""How many years a survey of innovation asks about, where the file says only one."""
_YEAR = re.compile(r"(?:19|20)\d{2}")


def wave_codes(source: Source, column: str) -> list[str]:
    """Return the codes of the waves in a file; DataError for a column that is absent, blank, or holds too many."""
    cells = {one.name: one.cells for one in source.columns}
    if column not in cells:
        raise DataError(f"{source.path}: there is no column {column}.{did_you_mean(column, cells)}")
    codes = sorted({code_text(cell) for cell in pd.unique(cells[column].dropna())} - set(BLANK))
    if not 0 < len(codes) <= MOST_WAVES:
        raise DataError(
            f"{source.path}, column {column}: it holds {len(codes)} different codes, which can't be waves.\n"
            "Name the column that says of which wave a row is."
        )
    return codes


def years_up_to(year: int) -> tuple[str, str]:
    """Return the first and last day of the period that a survey of that year usually asks about."""
    return f"{year - REFERENCE_YEARS + 1}-01-01", f"{year}-12-31"


def period_of_code(code: str) -> tuple[str, str] | None:
    """Return the period that a wave's code speaks for: of a year the years up to it; None for other codes."""
    return years_up_to(int(code)) if _YEAR.fullmatch(code) else None
