"""Cohorts of a multiple imputation: each draw is a survey of its own, in which firms may stand in other groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from innosurvey import draws as drawing
from innosurvey.cohorts.assign import Cohorts

Waves = Mapping[str, pd.DataFrame]
COUNTED = ["n", "weighted_n", "share"]
DESCRIBED = ["title", "variant", "version", "rule"]  # what is said of a group beside its counts


def assign_draws(waves: Waves, draws: Waves, assign: Callable[[Waves], Cohorts]) -> Cohorts:
    """Return what `assign` makes of the waves, or with draws (the tables `draws` by wave) of each draw, one below the
    other with a column `draw`.

    The tables of counts give the means over the draws. Without draws nothing is added.
    """
    numbers = sorted({int(draw) for table in draws.values() for draw in table[drawing.COLUMN].unique()})
    if not numbers:
        return assign(waves)
    parts = {number: assign(_drawn(waves, draws, number)) for number in numbers}
    return Cohorts(
        firms=_stacked({number: part.firms for number, part in parts.items()}),
        memberships=_stacked({number: part.memberships for number, part in parts.items()}),
        summary=_mean_of([part.summary for part in parts.values()]),
        definitions=_mean_of([part.definitions for part in parts.values()]),
        overlaps=_mean_of([part.overlaps for part in parts.values()]),
        availability=parts[numbers[0]].availability,
    )


def _drawn(waves: Waves, draws: Waves, number: int) -> dict[str, pd.DataFrame]:
    return {
        wave: drawing.with_draw(firms, draws[wave][draws[wave][drawing.COLUMN] == number])
        for wave, firms in waves.items()
    }


def _stacked(parts: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([part.assign(**{drawing.COLUMN: number}) for number, part in parts.items()], ignore_index=True)


def _mean_of(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return a table of counts with means over the draws; a row that a draw lacks (nobody unassigned) counts 0."""
    stacked = pd.concat(parts, ignore_index=True)
    keys = [name for name in stacked if name not in (*COUNTED, *DESCRIBED)]
    rows = stacked.drop_duplicates(keys)
    sums = stacked.groupby(keys, sort=False)[COUNTED].sum(min_count=1).loc[pd.MultiIndex.from_frame(rows[keys])]
    means = (sums.astype("float64") / len(parts)).set_axis(rows.index)
    mean = rows.assign(n=means["n"].round().astype("Int64"), weighted_n=means["weighted_n"], share=means["share"])
    return mean.reset_index(drop=True)
