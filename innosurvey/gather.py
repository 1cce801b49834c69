"""The parts that the jobs left behind, put together as the study's tidy estimates."""

from collections.abc import Mapping, Sequence

import pandas as pd

from innosurvey import tables
from innosurvey.compare.families import FAMILIES, adjust_families


def gather(parts: Mapping[str, Sequence[pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Return one table of each kind, its parts in their order.

    A kind without parts (a study that can feed no model has no fits) is an empty table. P-values of comparisons are
    adjusted within their families, which span the parts.
    """
    gathered = {name: _joined(name, frames) for name, frames in parts.items()}
    return {name: adjust_families(table) if name in FAMILIES else table for name, table in gathered.items()}


def _joined(name: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the frames one below the other; empty ones give their columns but not their dtypes."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled or list(frames[:1]) or [tables.empty(name)], ignore_index=True)
