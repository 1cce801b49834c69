"""The parts that the jobs left behind, put together as the study's tidy estimates."""

from collections.abc import Sequence

import pandas as pd

from innosurvey import tables
from innosurvey.compare.families import FAMILIES, adjust_families


def gather(name: str, parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the table of this name, its parts in their order.

    One without parts (a study that can feed no model has no fits) is empty. P-values of comparisons are adjusted within
    their families, which span the parts. Parts without a row give their columns but not their dtypes.
    """
    filled = [part for part in parts if len(part)]
    table = pd.concat(filled or list(parts[:1]) or [tables.empty(name)], ignore_index=True)
    return adjust_families(table) if name in FAMILIES else table
