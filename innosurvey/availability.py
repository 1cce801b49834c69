"""What a study lacks, as the table `availability`. Apart from `coverage`, so that the step that writes it does not run
again for an edit there. Imports nothing heavy: the Snakefile asks at every start.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """An item, comparison, ranking, decomposition, measure of regions, model, claim or part of the policy frame that
    cannot be had, and why.

    Variables, derived variables and cohorts are judged on the data, by wave.
    """

    kind: str
    id: str
    reason: str


def as_availability(judged: "pd.DataFrame", lacks: Iterable[Lack]) -> "pd.DataFrame":
    """Return the table `availability`: what was judged on the data, then the lacking items, comparisons and models."""
    import pandas as pd

    rows = [{"kind": lack.kind, "id": lack.id, "available": False, "reason": lack.reason} for lack in lacks]
    return pd.concat([judged, pd.DataFrame(rows, columns=judged.columns)], ignore_index=True) if rows else judged
