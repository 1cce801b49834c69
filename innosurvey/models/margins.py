"""Average marginal effects: by how much what a model predicts moves, on average over the firms of the sample.

What moves is a variable as the model writes it (`rd`, `log(sales)`), in all terms and equations in which it stands: in
products and squares, and, where it is written in two ways, in the other as well. For a number the effect is the mean
derivative; for a 0/1 variable the mean change from 0 to 1; for a level the mean change from the base level, the others
being 0. A product with a 0/1 factor has the mean cross-difference (Ai and Norton 2003), which in a nonlinear model is
not what its coefficient says.

Standard errors by the delta method, the firms taken as given. An effect is `ame:<term>`; where a model predicts several
things (the levels of its outcome), `ame[<prediction>]:<term>`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from innosurvey.models.arrays import Array
from innosurvey.models.estimates import Estimates
from innosurvey.models.matrix import Block, Single
from innosurvey.models.response import Designs, Moves, ancillary, moves_at, parts_of
from innosurvey.models.sample import Sample
from innosurvey.models.spec import MAIN

Blocks = Mapping[str, Block]


EFFECT = "ame:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Effects by name, their derivatives by the parameters (effects × parameters), and their covariance."""

    names: tuple[str, ...]
    values: Array
    jacobian: Array
    covariance: Array

    @classmethod
    def none(cls, matrix: Array) -> "Effects":
        """Return no effects, of parameters with this covariance."""
        nothing = np.zeros((0, len(matrix)))
        return cls(names=(), values=np.zeros(0), jacobian=nothing, covariance=np.zeros((0, 0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One side of an effect: its sign, the single columns that are set, and the one along which it is a derivative."""

    sign: float
    setting: tuple[tuple[str, float], ...] = ()
    along: str | None = None


def marginal_effects(estimates: Estimates, sample: Sample, matrix: Array) -> Effects:
    """Return the average marginal effects on the rows on which the model's own equation is observed.

    `matrix` is the covariance of the parameters. What the model predicts of nobody, or of everybody, whatever the
    parameters, has no effect.
    """
    main = sample.exogenous if estimates.own is None else estimates.own
    blocks = {MAIN: main} | {name: part.exogenous for name, part in sample.equations.items()}
    weights = np.ones(len(sample.outcome)) if sample.weights is None else sample.weights
    if sample.observed is not None:
        weights = weights * sample.observed
    if estimates.own is not None and estimates.used is not None:
        weights = weights[estimates.used]
    names, values, jacobian = _effects(estimates, _Average(estimates, blocks, weights / weights.sum()))
    covariance = jacobian @ matrix @ jacobian.T
    moving = np.flatnonzero(np.diag(covariance) != 0)
    return Effects(
        names=tuple(names[index] for index in moving),
        values=values[moving],
        jacobian=jacobian[moving],
        covariance=covariance[np.ix_(moving, moving)],
    )


def _effects(estimates: Estimates, average: "_Average") -> tuple[list[str], Array, Array]:
    names, values, gradients = [], [], []
    for name, scenarios in _asked(average.blocks):
        found = [average.of(scenario) for scenario in scenarios]
        signs = np.array([scenario.sign for scenario in scenarios])
        value = np.tensordot(signs, np.array([part for part, _ in found]), axes=1)
        gradient = np.tensordot(signs, np.array([part for _, part in found]), axes=1)
        for place, label in enumerate(_labels(estimates)):
            names.append(f"{EFFECT.removesuffix(':')}{label}:{name}")
            values.append(value[place])
            gradients.append(gradient[place])
    return names, np.array(values), np.array(gradients).reshape(len(names), len(estimates.params))


def _labels(estimates: Estimates) -> tuple[str, ...]:
    predicted = estimates.predicted
    return tuple(f"[{name}]" for name in predicted) if len(predicted) > 1 else ("",)


def _asked(blocks: Blocks) -> Iterator[tuple[str, tuple[Scenario, ...]]]:
    """Yield each effect's name with its scenarios: the variables one by one, then the products with a 0/1 factor."""
    singles = {name: single for block in blocks.values() for name, single in block.singles.items()}
    used = dict.fromkeys(name for block in blocks.values() for recipe in block.recipes for name in recipe)
    of_category = {name: _siblings(name, singles) for name in used}
    linked: set[str] = set()
    for name in used:
        if name in linked:
            continue
        linked.update(_written_otherwise(name, singles))
        yield name, _one(name, singles, of_category)
    recipes = [recipe for block in blocks.values() for recipe in block.recipes if len(set(recipe)) > 1]
    for first, second in dict.fromkeys(recipes):
        switches = [name for name in (first, second) if singles[name].is_switch]
        if switches and singles[first].variable != singles[second].variable:
            yield f"{first}:{second}", _two(first, second, singles, of_category)


def _one(name: str, singles: Mapping[str, Single], siblings: Mapping[str, tuple[str, ...]]) -> tuple[Scenario, ...]:
    if not singles[name].is_switch:
        return (Scenario(sign=1.0, along=name),)
    return tuple(
        Scenario(sign=sign, setting=tuple((other, float(other == name and sign > 0)) for other in siblings[name]))
        for sign in (1.0, -1.0)
    )


def _two(
    first: str, second: str, singles: Mapping[str, Single], siblings: Mapping[str, tuple[str, ...]]
) -> tuple[Scenario, ...]:
    pairs = product(_one(first, singles, siblings), _one(second, singles, siblings))
    return tuple(
        Scenario(sign=a.sign * b.sign, setting=a.setting + b.setting, along=a.along or b.along) for a, b in pairs
    )


def _siblings(name: str, singles: Mapping[str, Single]) -> tuple[str, ...]:
    """Return the levels of the category to which a column belongs, or the column alone."""
    factor = singles[name].factor
    return tuple(other for other, single in singles.items() if single.factor == factor)


def _written_otherwise(name: str, singles: Mapping[str, Single]) -> Iterable[str]:
    """Return the other ways in which the same variable stands in the model as a number."""
    own = singles[name]
    for other, single in singles.items():
        same = single.variable == own.variable and single.factor != own.factor
        if same and single.rate is not None and own.rate is not None:
            yield other


class _Average:
    """Averages over firms of what the estimates predict, and their derivatives by the parameters.

    How the predictions move is kept for each setting: all derivatives are taken at the firms as they are.
    """

    def __init__(self, estimates: Estimates, blocks: Blocks, shares: Array) -> None:
        self.estimates, self.blocks, self.shares = estimates, blocks, shares
        self.parts = parts_of(estimates.terms, blocks)
        self.loose = ancillary(self.parts, len(estimates.params))
        self._curved: dict[tuple[tuple[str, float], ...], Moves] = {}

    def of(self, scenario: Scenario) -> tuple[Array, Array]:
        """Return the mean prediction in the scenario, or its mean derivative along a column (m,), and the derivatives
        of either by the parameters (m × k).
        """
        setting = dict(scenario.setting)
        designs = {name: block.moved(setting) for name, block in self.blocks.items()}
        if scenario.along is None:
            return self._level(designs, moves_at(self.estimates, self.parts, designs, curved=False))
        if scenario.setting not in self._curved:
            self._curved[scenario.setting] = moves_at(self.estimates, self.parts, designs, curved=True)
        ways = {name: block.direction(scenario.along, setting) for name, block in self.blocks.items()}
        return self._slope(designs, ways, self._curved[scenario.setting])

    def _level(self, designs: Designs, moves: Moves) -> tuple[Array, Array]:
        assert self.estimates.predict is not None
        value = self.shares @ self.estimates.predict(self.estimates.params, designs)
        gradient = np.zeros((len(value), len(self.estimates.params)))
        for part, move in zip(self.parts, moves.first, strict=False):
            gradient[:, part.where] = (move * self.shares[:, None]).T @ part.design(designs)
        for place, move in zip(self.loose, moves.first[len(self.parts) :], strict=True):
            gradient[:, place] = self.shares @ move
        return value, gradient

    def _slope(self, designs: Designs, ways: Designs, moves: Moves) -> tuple[Array, Array]:
        value = np.zeros(moves.first[0].shape[1])
        gradient = np.zeros((len(value), len(self.estimates.params)))
        speeds = [part.design(ways) @ self.estimates.params[part.where] for part in self.parts]
        for part, speed, move in zip(self.parts, speeds, moves.first, strict=False):
            value += (self.shares * speed) @ move
            gradient[:, part.where] += (move * self.shares[:, None]).T @ part.design(ways)
        for (moved, handle), bend in moves.second.items():
            faster = bend * (self.shares * speeds[moved])[:, None]
            if handle < len(self.parts):
                gradient[:, self.parts[handle].where] += faster.T @ self.parts[handle].design(designs)
            else:
                gradient[:, self.loose[handle - len(self.parts)]] += faster.sum(axis=0)
        return value, gradient
