"""Several raw columns to one variable, by the `combine` of its codebook."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.codebook import VariableSource
from innosurvey.dictionary import MULTI_NONE, MULTI_SEPARATOR

Parts = Sequence[pd.Series]


def combined(values: Parts, flags: Parts, source: VariableSource) -> tuple[pd.Series, pd.Series]:
    """Return values and flags of one column made of several; it is missing where all of its parts are."""
    if source.combine is None:
        return values[0], flags[0]
    some = reduce(or_, (part == "observed" for part in flags))
    return _COMBINERS[source.combine](values, source).where(some), flags[0].where(~some, "observed")


def _yes(parts: Parts) -> list[np.ndarray]:
    return [part.to_numpy(dtype=bool, na_value=False) for part in parts]


def _any(parts: Parts, source: VariableSource) -> pd.Series:
    return pd.Series(np.logical_or.reduce(_yes(parts)), index=parts[0].index, dtype="boolean")


def _multi(parts: Parts, source: VariableSource) -> pd.Series:
    """Join the levels whose column is true, in the dictionary's order; where all are false, `none` if it is a level."""
    empty = MULTI_NONE if MULTI_NONE in source.declared.levels else ""
    order = sorted(range(len(parts)), key=lambda place: source.declared.levels.index(source.column_levels[place]))
    chosen = np.column_stack(_yes(parts))
    first, codes = _different_rows(chosen)
    joined = [
        MULTI_SEPARATOR.join(source.column_levels[place] for place in order if row[place]) or empty
        for row in chosen[first]
    ]
    return pd.Series(pd.array(joined, dtype="str").take(codes), index=parts[0].index)


def _different_rows(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each different row of a table of yes and no stands first, and each row's place among them."""
    codes = np.zeros(len(table), dtype="int64")
    for column in table.T:  # numbered anew at each column, so that any number of columns has room
        codes = pd.factorize(codes * 2 + column)[0]
    return np.unique(codes, return_index=True)[1], codes


def _numeric(name: str) -> Any:
    return lambda parts, source: getattr(pd.concat(parts, axis=1), name)(axis=1)


def _first(parts: Parts, source: VariableSource) -> pd.Series:
    return reduce(lambda first, then: first.where(first.notna(), then), parts)


_COMBINERS: dict[str, Any] = {
    "any": _any, "multi": _multi, "sum": _numeric("sum"), "mean": _numeric("mean"), "max": _numeric("max"),
    "first": _first,
}  # fmt: skip
