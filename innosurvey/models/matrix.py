"""From terms to named columns of numbers.

A factor becomes a series: numbers (booleans are 0 and 1), or levels for `C(x)`. A term becomes one column, or one for
each level but the first that the sample has, in the dictionary's order. The product of two categories that do not stand
alone beside it is one category, whose levels are the cells; if both stand alone, its columns are how the cells differ
from what these add up to (as in R). Names say what a coefficient means: `log(sales_t)`, `size_class[small]`,
`cooperation:size_class[small]`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Self

import numpy as np
import pandas as pd

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.terms import Factor, Term

CONSTANT = "const"
_MOST_NUMBERED_LEVELS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """A column of one factor, of which products are made: its values, the factor it writes, and the variable behind.

    `rate` is how fast it moves with the variable, None where that is not known or it is a level of a category.
    """

    values: Array
    factor: str
    variable: str
    rate: Array | None = None

    @property
    def is_switch(self) -> bool:
        """Whether it is 0 or 1 on all rows."""
        return bool(np.isin(self.values, (0.0, 1.0)).all())

    def on(self, rows: Mask) -> "Single":
        """Return the column on the marked rows alone."""
        return replace(self, values=self.values[rows], rate=None if self.rate is None else self.rate[rows])

    def spread(self, rows: Mask) -> "Single":
        """Return the column on more rows, 0 on those that are not marked."""
        rate = None if self.rate is None else _spread(self.rate, rows)
        return replace(self, values=_spread(self.values, rows), rate=rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Columns side by side: their names, the term each comes from, and their values (rows × columns).

    `recipes` says of which `singles` each column is the product (the constant: of none), so that the columns can be
    made again with a variable moved; without recipes (firm means, changes) they can't.
    """

    names: tuple[str, ...]
    terms: tuple[str, ...]
    columns: Array
    recipes: tuple[tuple[str, ...], ...] = ()
    singles: Mapping[str, Single] = field(default_factory=dict)

    def take(self, kept: Sequence[int]) -> Self:
        """Return the block with these columns only, in this order."""
        return replace(
            self,
            names=tuple(self.names[index] for index in kept),
            terms=tuple(self.terms[index] for index in kept),
            recipes=tuple(self.recipes[index] for index in kept) if self.recipes else (),
            columns=self.columns[:, list(kept)],
        )

    def on(self, rows: Mask) -> Self:
        """Return the block on the marked rows alone."""
        singles = {name: single.on(rows) for name, single in self.singles.items()}
        return replace(self, columns=self.columns[rows], singles=singles)

    def spread(self, rows: Mask) -> Self:
        """Return the block on more rows, those marked being its own and the others 0."""
        if rows.all():
            return self
        singles = {name: single.spread(rows) for name, single in self.singles.items()}
        return replace(self, columns=_spread(self.columns, rows), singles=singles)

    def beside(self, other: "Block") -> "Block":
        """Return both blocks as one, the other's columns to the right."""
        if not other.names:
            return self
        known = len(self.recipes) == len(self.names) and len(other.recipes) == len(other.names)
        return Block(
            names=self.names + other.names,
            terms=self.terms + other.terms,
            columns=np.column_stack([self.columns, other.columns]),
            recipes=self.recipes + other.recipes if known else (),
            singles={**self.singles, **other.singles},
        )

    def moved(self, setting: Mapping[str, float]) -> Array:
        """Return the columns with these singles set to a value on all rows."""
        columns = self.columns.copy()
        for index, recipe in enumerate(self.recipes):
            if any(name in setting for name in recipe):
                columns[:, index] = _product(recipe, self.singles, setting)
        return columns

    def direction(self, along: str, setting: Mapping[str, float]) -> Array:
        """Return by how much each column moves per unit of a single (rows × columns), others as `setting` says.

        What else is written of the same variable moves with it.
        """
        speeds = {name: self._speed(name, along) for name in self.singles}
        ways = np.zeros_like(self.columns)
        for index, recipe in enumerate(self.recipes):
            for place, name in enumerate(recipe):
                speed = speeds[name]
                if speed is not None:
                    ways[:, index] += speed * _product(recipe[:place] + recipe[place + 1 :], self.singles, setting)
        return ways

    def _speed(self, name: str, along: str) -> Array | float | None:
        """Return how fast one single moves with another: not at all (None) unless they write the same variable."""
        if name == along:
            return 1.0
        single, moving = self.singles[name], self.singles.get(along)
        if moving is None or single.variable != moving.variable or single.rate is None or moving.rate is None:
            return None
        return single.rate / moving.rate


def _spread(values: Array, rows: Mask) -> Array:
    more = np.zeros((len(rows), *values.shape[1:]))
    more[rows] = values
    return more


def _product(recipe: Sequence[str], singles: Mapping[str, Single], setting: Mapping[str, float]) -> Array | float:
    """Return the product of singles, with some of them set to a value; of none, it is 1."""
    values: Array | float = 1.0
    for name in recipe:
        values = values * (setting[name] if name in setting else singles[name].values)
    return values


def constant_block(rows: int) -> Block:
    """Return the column of ones."""
    return Block(names=(CONSTANT,), terms=(CONSTANT,), columns=np.ones((rows, 1)), recipes=((),))


def block_of(
    terms: Iterable[Term], factors: dict[Factor, pd.Series], rows: int, alone: Collection[Factor] = ()
) -> Block:
    """Return the columns of the terms, from the values of their factors; no terms, no columns.

    `alone` are the categories that stand alone in the same equation.
    """
    singles: dict[str, Single] = {}
    named: list[tuple[tuple[str, ...], str]] = []
    for term in terms:
        cells = term.has_cells(alone)
        parts = [_cells(term, factors)] if cells else [_singles(factor, factors) for factor in term.factors]
        for part in parts:
            singles |= part
        named += [(recipe, term.text) for recipe in product(*parts)]
    columns = [_product(recipe, singles, {}) for recipe, _ in named]
    return Block(
        names=tuple(":".join(recipe) for recipe, _ in named),
        terms=tuple(text for _, text in named),
        columns=np.column_stack(columns) if columns else np.empty((rows, 0)),
        recipes=tuple(recipe for recipe, _ in named),
        singles=singles,
    )


def _singles(factor: Factor, factors: dict[Factor, pd.Series]) -> dict[str, Single]:
    """Return the columns of one factor by name: one, or one for each level but the first."""
    series = factors[factor]
    if not factor.levels:
        values = series.to_numpy(dtype=float)
        own = Single(values=values, factor=factor.text, variable=factor.column, rate=_rate(factor, values))
        return {factor.name: own}
    present = [level for level in series.cat.categories if (series == level).any()]
    return {
        f"{factor.name}[{level}]": Single(
            values=(series == level).to_numpy(dtype=float), factor=factor.text, variable=factor.column
        )
        for level in present[1:]
    }


def _cells(term: Term, factors: dict[Factor, pd.Series]) -> dict[str, Single]:
    """Return a column for each cell of two categories but the first that the sample has."""
    first, second = (factors[factor] for factor in term.factors)
    one, other = (factor.name for factor in term.factors)
    present = [
        (f"{one}[{level}]:{other}[{beside}]", ((first == level) & (second == beside)).to_numpy(dtype=float))
        for level, beside in product(first.cat.categories, second.cat.categories)
    ]
    present = [(name, values) for name, values in present if values.any()]
    variable = ":".join(factor.column for factor in term.factors)
    return {name: Single(values=values, factor=term.text, variable=variable) for name, values in present[1:]}


def _rate(factor: Factor, values: Array) -> Array | None:
    """Return the derivative of the factor by its variable, from the factor; None if it is not a plain or a log."""
    if not factor.steps:
        return np.ones_like(values)
    return np.exp(-values) if factor.steps in ((("log", None),), (("log1p", None),)) else None


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
