"""The printed tables of the project for the report's tests: all that is real in the made-up study."""

from functools import cache
from typing import Any

import pandas as pd

from innosurvey.reference.declared import declared_reference
from innosurvey.reference.words import reference_words

from ..reference.make import OWN, ROOT, own_context


@cache
def printed_words() -> dict[str, Any]:
    """Return titles, sources and remarks of the printed tables."""
    section = {"folder": "resources/reference/series", "tables": list(OWN)}
    return reference_words(declared_reference(section, ROOT))


def printed_tables() -> dict[str, pd.DataFrame]:
    """Return the series, their checks and the ratios as the report reads them: blanks are missing."""
    context = own_context()
    found = {"series": context.series, "arithmetic": context.arithmetic, "ratios": context.ratios}
    return {name: table.replace("", pd.NA) for name, table in found.items()}
