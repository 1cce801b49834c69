"""What a model says of a firm, and how that moves with its indices.

A nonlinear model answers through indices x'b, one for each part of its parameters (each equation, each category), and
through ancillary parameters (sigma, rho, cut points). Marginal effects and their standard errors need the first and
second derivatives of the answer in these, row by row. Of any answer they can be taken by central differences of five
points. Moving the constant of a part moves its index on all
rows at once, so an engine need only say what it predicts, and no more calls are made than there are indices. A model
that knows its derivatives (`KnowsItsMoves`) is asked for them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from scipy.special import expit, ndtr

from innosurvey.models.arrays import Array
from innosurvey.models.estimates import Estimates
from innosurvey.models.matrix import CONSTANT, Block
from innosurvey.models.spec import MAIN

Designs = Mapping[str, Array]
"""The design of each equation by name; that of the model's own equation is `MAIN`."""
Link = Literal["logistic", "normal", "exponential"]

# In units in which the log-likelihood of a row changes by about one: five points are then right to about 1e-12, and
# rounding costs the second derivative about 1e-10.
_STEP = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The parameters of one index: which design they multiply, where they stand, and which of its columns they use."""

    equation: str
    where: slice
    columns: slice

    def design(self, designs: Designs) -> Array:
        """Return the columns that the parameters multiply."""
        return designs[self.equation][:, self.columns]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """How the answers move on each row: `first[h]` with handle h (n × m), `second[p, h]` with index p and handle h.

    Handles are the indices, in the order of the parts, and then the ancillary parameters.
    """

    first: tuple[Array, ...]
    second: Mapping[tuple[int, int], Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexMean:
    """The mean of an outcome as a function of one index: a probability, or an expected count. `offset` (n,) is added
    to the index of each row.
    """

    link: Link
    offset: Array | float = 0.0

    def __call__(self, params: Array, designs: Designs) -> Array:
        """Return the mean on each row (n × 1); parameters behind those of the design are ancillary."""
        design = designs[MAIN]
        return self.at(design @ params[: design.shape[1]] + self.offset)[0][:, None]

    def at(self, index: Array) -> tuple[Array, Array, Array]:
        """Return the mean at the index and its first and second derivative."""
        if self.link == "logistic":
            mean = expit(index)
            slope = mean * expit(-index)
            return mean, slope, slope * (1 - 2 * mean)
        if self.link == "normal":
            density = np.exp(-(index**2) / 2) / np.sqrt(2 * np.pi)
            return ndtr(index), density, -index * density
        mean = np.exp(index)
        return mean, mean, mean

    def moves(self, params: Array, designs: Designs) -> Moves:
        """Return how the mean moves with its index; other parameters are ancillary and move nothing."""
        design = designs[MAIN]
        _, slope, bend = self.at(design @ params[: design.shape[1]] + self.offset)
        still = np.zeros((len(design), 1))
        extra = range(len(params) - design.shape[1])
        second = {(0, 0): bend[:, None]} | {(0, 1 + place): still for place in extra}
        return Moves(first=(slope[:, None], *(still for _ in extra)), second=second)


@runtime_checkable
class KnowsItsMoves(Protocol):
    """A prediction that has its derivatives in closed form."""

    def moves(self, params: Array, designs: Designs) -> Moves:
        """Return the derivatives in each index and ancillary parameter."""
        ...


def parts_of(terms: Sequence[str], blocks: Mapping[str, Block]) -> tuple[Part, ...]:
    """Return the parts of the parameters, found by their names: `x`, `selection/x`, `<category>/x`."""
    found = []
    start = 0
    while start < len(terms):
        part = next((part for part in _candidates(terms, start, blocks) if part is not None), None)
        if part is None:
            start += 1
        else:
            found.append(part)
            start = part.where.stop
    return tuple(found)


def _candidates(terms: Sequence[str], start: int, blocks: Mapping[str, Block]) -> list[Part | None]:
    return [
        _part_at(terms, start, (equation, block.names, skipped), blocks)
        for equation, block in sorted(blocks.items(), reverse=True)
        for skipped in (0, 1)
        if skipped == 0 or block.names[:1] == (CONSTANT,)
    ]


def _part_at(
    terms: Sequence[str], start: int, asked: tuple[str, tuple[str, ...], int], blocks: Mapping[str, Block]
) -> Part | None:
    equation, names, skipped = asked
    names = names[skipped:]
    if not names or not terms[start].endswith(names[0]):
        return None
    prefix = terms[start].removesuffix(names[0])
    fits = prefix == f"{equation}/" if equation else prefix == "" or prefix.removesuffix("/") not in blocks
    stop = start + len(names)
    if not fits or tuple(terms[start:stop]) != tuple(prefix + name for name in names):
        return None
    return Part(equation=equation, where=slice(start, stop), columns=slice(skipped, skipped + len(names)))


def ancillary(parts: Sequence[Part], count: int) -> tuple[int, ...]:
    """Return where the parameters stand that belong to no index."""
    taken = {place for part in parts for place in range(part.where.start, part.where.stop)}
    return tuple(place for place in range(count) if place not in taken)


def moves_at(estimates: Estimates, parts: Sequence[Part], designs: Designs, curved: bool) -> Moves:
    """Return how the answers move on each row; second derivatives only if `curved`."""
    if isinstance(estimates.predict, KnowsItsMoves):
        return estimates.predict.moves(estimates.params, designs)
    handles = _handles(estimates, parts)

    def answer(params: Array) -> Array:
        assert estimates.predict is not None
        return estimates.predict(params, designs)

    first = tuple(_difference(answer, estimates.params, handle) for handle in handles)
    second: dict[tuple[int, int], Array] = {}
    for place in range(len(parts)) if curved else ():

        def slope_in_part(params: Array, handle: Array = handles[place]) -> Array:
            return _difference(answer, params, handle)

        for other, handle in enumerate(handles):
            known = second.get((other, place))
            second[place, other] = _difference(slope_in_part, estimates.params, handle) if known is None else known
    return Moves(first=first, second=second)


def _difference(answer: Callable[[Array], Array], params: Array, handle: Array) -> Array:
    """Return the derivative of the answer along the handle, a direction whose length says how far is near."""
    reach = _STEP * handle
    near = answer(params + reach) - answer(params - reach)  # differences first: what does not move has none
    far = answer(params + 2 * reach) - answer(params - 2 * reach)
    return np.asarray((8 * near - far) / (12 * _STEP * np.abs(handle).max()))


def _handles(estimates: Estimates, parts: Sequence[Part]) -> list[Array]:
    """Return the direction that moves each index by one on all rows, and that of each ancillary parameter; each is as
    long as it takes to change the log-likelihood of a row by about one.
    """
    unit = np.eye(len(estimates.params))
    loose = ancillary(parts, len(estimates.params))
    cuts = [place for place in loose if estimates.terms[place].startswith("cut[")]
    directions = []
    for part in parts:
        own = [place for place in range(part.where.start, part.where.stop) if _is_constant(estimates.terms[place])]
        # An ordered model has no constant: all its cut points moved down do the same.
        directions.append(unit[own[0]] if own else -unit[cuts].sum(axis=0))
    directions += [unit[place] for place in loose]
    n = len(estimates.scores)
    curvature = [abs(float(way @ estimates.information @ way)) / n for way in directions]
    return [way / np.sqrt(bend) if bend > 0 else way for way, bend in zip(directions, curvature, strict=True)]


def _is_constant(term: str) -> bool:
    return term == CONSTANT or term.endswith(f"/{CONSTANT}")
