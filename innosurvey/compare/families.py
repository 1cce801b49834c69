"""Many tests at once: p-values adjusted within a declared family and wave."""

import numpy as np
import pandas as pd

from innosurvey.multiplicity import benjamini_hochberg

FAMILIES = ("compare", "unweighted", "omnibus", "omnibus_unweighted", "ranks", "ranks_unweighted", "adjusted")
"""The tables that have families. A family is one of a table: the weighted tests are not adjusted for the unweighted."""


def adjust_families(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `p_adjusted` computed from `p` within each family and wave.

    Run it again after comparisons of several cohorts have been put together, because a family may span them.
    """
    adjusted = comparisons.assign(p_adjusted=np.nan)
    tested = comparisons[comparisons["p"].notna()]
    for _, tests in tested.groupby(["family", "wave"], sort=True):
        adjusted.loc[tests.index, "p_adjusted"] = benjamini_hochberg(tests["p"].to_numpy(dtype=float))
    return adjusted
