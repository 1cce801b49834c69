"""Small cells of a margin taken together.

A cell in which few firms answered makes large weights or none that meet its total. Where a margin says how many
answers a cell needs at `least`, the cells that have fewer are one cell; if that is still too small, the smallest of the
others joins it. The merged cell's total is the sum of theirs, so nothing of the population is lost.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from innosurvey.weight.margins import Margins
from innosurvey.weight.spec import CalibrationSpec

OTHERS = "others"


def with_small_cells_merged(margins: Margins, spec: CalibrationSpec, answers: np.ndarray) -> Margins:
    """Return the margins with small cells merged; `answers` are the rows of the firms that answered."""
    counts = np.asarray((margins.x[answers] != 0).sum(axis=0)).ravel()
    cells = margins.cells["cell"].to_numpy(dtype=object).copy()
    for margin in spec.margins:
        own = np.flatnonzero((margins.cells["margin"] == margin.name).to_numpy())
        joined = own[_small(counts[own], margin.least)]
        if len(joined) > 1:
            cells[joined] = OTHERS
    keys = pd.MultiIndex.from_arrays([margins.cells["margin"], cells])
    places, different = pd.factorize(keys)
    together = sparse.csr_array((np.ones(len(places)), (np.arange(len(places)), places)))
    merged = pd.DataFrame(
        {"margin": different.get_level_values(0), "cell": different.get_level_values(1).astype("str")}
    )
    return Margins(cells=merged.assign(total=together.T @ margins.totals), x=sparse.csr_array(margins.x @ together))


def _small(counts: np.ndarray, least: int) -> np.ndarray:
    """Return which cells are merged: those with too few answers, then the smallest until it is enough."""
    joined = counts < least
    if not joined.any():
        return joined
    for cell in np.argsort(counts, kind="stable"):
        if counts[joined].sum() >= least and joined.sum() > 1:
            break
        joined[cell] = True
    return joined
