"""From terms to named columns of numbers.

A factor becomes a series: numbers (booleans are 0 and 1), or levels for `C(x)`. A term becomes one column, or one for
each level but the first that the sample has, in the dictionary's order. Names say what a coefficient means:
`log(sales_t)`, `size_class[small]`, `cooperation:size_class[small]`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.terms import Factor, Term

CONSTANT = "const"
_MOST_NUMBERED_LEVELS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Columns side by side: their names, the term each comes from, and their values (rows × columns)."""

    names: tuple[str, ...]
    terms: tuple[str, ...]
    columns: Array

    def take(self, kept: Sequence[int]) -> Self:
        """Return the block with these columns only, in this order."""
        names = tuple(self.names[index] for index in kept)
        terms = tuple(self.terms[index] for index in kept)
        return type(self)(names=names, terms=terms, columns=self.columns[:, list(kept)])

    def spread(self, rows: Mask) -> "Block":
        """Return the block on more rows, those marked being its own and the others 0."""
        if rows.all():
            return self
        values = np.zeros((len(rows), self.columns.shape[1]))
        values[rows] = self.columns
        return Block(names=self.names, terms=self.terms, columns=values)

    def beside(self, other: "Block") -> "Block":
        """Return both blocks as one, the other's columns to the right."""
        if not other.names:
            return self
        values = np.column_stack([self.columns, other.columns])
        return Block(names=self.names + other.names, terms=self.terms + other.terms, columns=values)


def constant_block(rows: int) -> Block:
    """Return the column of ones."""
    return Block(names=(CONSTANT,), terms=(CONSTANT,), columns=np.ones((rows, 1)))


def block_of(terms: Iterable[Term], factors: dict[Factor, pd.Series], rows: int) -> Block:
    """Return the columns of the terms, from the values of their factors; no terms, no columns."""
    named = [(name, term.text, values) for term in terms for name, values in _columns(term, factors)]
    return Block(
        names=tuple(name for name, _, _ in named),
        terms=tuple(text for _, text, _ in named),
        columns=np.column_stack([values for _, _, values in named]) if named else np.empty((rows, 0)),
    )


def _columns(term: Term, factors: dict[Factor, pd.Series]) -> list[tuple[str, Array]]:
    columns = _factor_columns(term.factors[0], factors)
    for factor in term.factors[1:]:
        columns = [
            (f"{left}:{right}", left_values * right_values)
            for left, left_values in columns
            for right, right_values in _factor_columns(factor, factors)
        ]
    return columns


def _factor_columns(factor: Factor, factors: dict[Factor, pd.Series]) -> list[tuple[str, Array]]:
    series = factors[factor]
    if not factor.levels:
        return [(factor.name, series.to_numpy(dtype=float))]
    present = [level for level in series.cat.categories if (series == level).any()]
    return [(f"{factor.name}[{level}]", (series == level).to_numpy(dtype=float)) for level in present[1:]]


def factor_values(factor: Factor, firms: pd.DataFrame) -> pd.Series:
    """Return the factor on each row: floats, NaN where there is no value, or a category of text levels for `C(x)`.

    Raises NotEstimated if the column is no number and is not wrapped in `C()`, or is a measured number and is.
    """
    column = firms[factor.column]
    if factor.levels:
        return level_values(column, factor.variable)
    values = _numbers(column, factor.variable)
    for step, argument in factor.steps:
        values = _stepped(values, step, argument)
    return values


def _stepped(values: pd.Series, step: str, argument: float | None) -> pd.Series:
    """Return the values after one step; NaN where there is none. Tails are cut at quantiles of these rows."""
    if step == "winsor" and argument is not None:
        return values.clip(float(values.quantile(argument)), float(values.quantile(1 - argument)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(values.where(values > 0)) if step == "log" else np.log1p(values.where(values > -1))


def level_values(column: pd.Series, name: str) -> pd.Series:
    """Return the column as a category of text levels; NotEstimated if it is a measured number."""
    _fail_if_measured(column, name)
    return _levels(column)


def _numbers(column: pd.Series, name: str) -> pd.Series:
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_numeric_dtype(column.dtype):
        numbers = pd.Series(column.to_numpy(dtype=float, na_value=np.nan), index=column.index)
        return numbers.where(np.isfinite(numbers))
    raise NotEstimated(f"{name} is not a number; write C({name})")


def _fail_if_measured(column: pd.Series, name: str) -> None:
    """NotEstimated if the levels would be amounts: they stand in the names of terms, and would print firms' answers."""
    if isinstance(column.dtype, pd.CategoricalDtype) or not pd.api.types.is_numeric_dtype(column.dtype):
        return
    if pd.api.types.is_float_dtype(column.dtype) or column.nunique() > _MOST_NUMBERED_LEVELS:
        raise NotEstimated(f"{name} is a measured number; C() is for categories")


def _levels(column: pd.Series) -> pd.Series:
    """Return the column as a category of text, in the order of its categories, or sorted where it has none."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.rename_categories([str(level) for level in column.cat.categories])
    levels = sorted(column.dropna().unique())
    return column.astype(pd.CategoricalDtype(levels)).cat.rename_categories([str(level) for level in levels])
