"""The terms of a decomposition as columns: numbers as they are, categories by all their levels.

A regression needs the levels less one; what is shown are coefficients of all levels that sum to zero, so that no level
is a base (Yun 2005). `shown_by_fitted` turns the one into the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

CONSTANT = "constant"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """`fitted` (rows × coefficients) are regressed on, `shown` (rows × columns) have the constant first and all levels
    of a category; `owners` names the term of each shown column.
    """

    fitted: np.ndarray
    shown: np.ndarray
    shown_by_fitted: np.ndarray
    owners: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Return the terms in their order, the constant last."""
        return [*dict.fromkeys(name for name in self.owners if name != CONSTANT), CONSTANT]

    def of(self, term: str) -> np.ndarray:
        """Return 1 for each shown column of a term, else 0."""
        return np.array([float(owner == term) for owner in self.owners])


def design_terms(firms: pd.DataFrame, names: Sequence[str]) -> Terms:
    """Return the terms of rows that have a value of each."""
    fitted, shown, owners = [np.ones(len(firms))], [np.ones(len(firms))], [CONSTANT]
    turned: list[dict[int, float]] = [{0: 1.0}]
    for name in names:
        if is_numeric_dtype(firms[name].dtype):
            column = firms[name].to_numpy(dtype=float)
            turned.append({len(fitted): 1.0})
            fitted.append(column)
            shown.append(column)
            owners.append(name)
            continue
        levels = levels_of(firms[name])
        own_levels = firms[name].astype("str").to_numpy()
        dummies = [np.where(own_levels == level, 1.0, 0.0) for level in levels]
        own = range(len(fitted), len(fitted) + len(levels) - 1)
        mean = {place: 1 / len(levels) for place in own}
        turned[0] |= mean  # the constant takes the mean of the levels' coefficients, the base's being zero
        for number in range(len(levels)):
            turned.append({place: (1.0 if place == own.start + number - 1 else 0.0) - 1 / len(levels) for place in own})
        fitted.extend(dummies[1:])
        shown.extend(dummies)
        owners.extend([name] * len(levels))
    matrix = np.zeros((len(shown), len(fitted)))
    for row, entries in enumerate(turned):
        for place, value in entries.items():
            matrix[row, place] = value
    return Terms(
        fitted=np.column_stack(fitted), shown=np.column_stack(shown), shown_by_fitted=matrix, owners=tuple(owners)
    )


def levels_of(values: pd.Series) -> list[str]:
    """Return the levels that the rows have, sorted."""
    return sorted(values.astype("str").unique())


def levels_of_one_group(firms: pd.DataFrame, names: Sequence[str], groups: np.ndarray) -> list[tuple[str, str]]:
    """Return (variable, level) of the categories' levels that one of two groups has no firm of."""
    found = []
    for name in names:
        if not is_numeric_dtype(firms[name].dtype):
            present = pd.crosstab(firms[name].astype("str").to_numpy(), groups)
            found += [(name, str(level)) for level in present.index[(present == 0).any(axis=1)]]
    return found if len(set(groups)) == 2 else []
