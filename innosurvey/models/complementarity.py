"""Do practices add to each other? Tests of super- and submodularity in a model's coefficients.

A model that declares `complementarity: [a, b]` has a 0/1 column for each exclusive combination of the practices but
none of them: `a_only`, `b_only`, `a_and_b`. Practices a and b are complements if doing both is worth more than the sum
of doing each, θ11 + θ00 - θ10 - θ01 > 0 (supermodularity: Topkis 1998; Milgrom and Roberts 1990), and substitutes if it
is worth less. With three practices the same must hold with and without the third: two inequalities for each pair, six
together.

Each side is put as a null hypothesis of inequalities, Rθ ≥ 0 or Rθ ≤ 0, and judged by the distance of the estimate from
it (Kodde and Palm 1986; Wolak 1989),

    D = min (θ̂ - θ)' V⁻¹ (θ̂ - θ)   subject to Rθ ≥ 0.

Under the null the tail of D lies between that of ½χ²(0) + ½χ²(1) and that of ½χ²(r - 1) + ½χ²(r), r the rank of R: the
bounds of Kodde and Palm. With one inequality both are the one-sided t test. A pair is called complements if substitutes
are rejected at the upper bound and complements are not rejected at the lower one; the other way round, substitutes;
otherwise it is undecided, as Mohnen and Röller (2005) do it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import inf

import numpy as np
import pandas as pd

from innosurvey.distributions import chi_squared_test
from innosurvey.models.arrays import Array
from innosurvey.models.estimates import NotEstimated, Test
from innosurvey.models.matrix import Block, Single
from innosurvey.models.terms import Factor

LEVEL = 0.05
State = frozenset[str]
"""The practices that a firm has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far an estimate is from a set of inequalities, and the bounds between which the p-value lies."""

    statistic: float
    rank: int
    p_lower: float
    p_upper: float


def states(practices: Sequence[str]) -> tuple[State, ...]:
    """Return the exclusive combinations of the practices: none, each alone, pairs, all."""
    sizes = range(len(practices) + 1)
    return tuple(frozenset(chosen) for size in sizes for chosen in combinations(practices, size))


def state_name(state: State, practices: Sequence[str]) -> str:
    """Return the name of a combination: `a_only`, `a_and_b`; empty for none, which is the base."""
    chosen = [practice for practice in practices if practice in state]
    return f"{chosen[0]}_only" if len(chosen) == 1 else "_and_".join(chosen)


def supermodular(practices: Sequence[str], pair: tuple[str, str]) -> Array:
    """Return the inequalities of a pair (one for each state of the other practices × combinations but none), as rows R
    with Rθ ≥ 0 for complements.
    """
    columns = {state: place for place, state in enumerate(states(practices)[1:])}
    others = [practice for practice in practices if practice not in pair]
    rows = []
    for has in product((False, True), repeat=len(others)):
        beside = frozenset(other for other, yes in zip(others, has, strict=True) if yes)
        row = np.zeros(len(columns))
        for sign, state in ((1, beside | set(pair)), (-1, beside | {pair[0]}), (-1, beside | {pair[1]}), (1, beside)):
            if state:
                row[columns[frozenset(state)]] += sign
        rows.append(row)
    return np.array(rows)


def combination_block(practices: Sequence[Factor], factors: Mapping[Factor, pd.Series]) -> Block:
    """Return a 0/1 column for each combination of the practices that firms have, but for none of them.

    Raises NotEstimated for a practice that is not yes or no.
    """
    has = {practice.name: factors[practice].to_numpy(dtype=float) for practice in practices}
    for name, values in has.items():
        if not np.isin(values, (0.0, 1.0)).all():
            raise NotEstimated(f"complementarity is between practices, yes or no; {name} has other values")
    names = tuple(has)
    written = f"complementarity({', '.join(names)})"
    columns = {}
    for state in states(names)[1:]:
        values = np.prod([has[name] if name in state else 1 - has[name] for name in names], axis=0)
        if values.any():
            columns[state_name(state, names)] = Single(values=values, factor=written, variable=written)
    stacked = [single.values for single in columns.values()] or [np.empty((len(factors[practices[0]]), 0))]
    return Block(
        names=tuple(columns),
        terms=(written,) * len(columns),
        columns=np.column_stack(stacked),
        recipes=tuple((name,) for name in columns),
        singles=columns,
    )


def complementarity_tests(
    practices: Sequence[str], names: Sequence[str], coefficients: Array, covariance: Array
) -> tuple[Test, ...]:
    """Return for each pair, and for all pairs jointly if there are several, a test of either null.

    `names` are those of the coefficients and of the rows of the covariance. If a combination has no coefficient,
    because no firm has it, or their covariance is singular, the pairs are a test without a number whose note says so.
    """
    wanted = [state_name(state, practices) for state in states(practices)[1:]]
    absent = [name for name in wanted if name not in names]
    pairs = list(combinations(practices, 2))
    asked = {f"{a} × {b}": supermodular(practices, (a, b)) for a, b in pairs}
    if len(pairs) > 1:
        asked["all pairs"] = np.vstack(list(asked.values()))
    if absent:
        return _untested(asked, f"no firm has {', '.join(absent)}, or there is no such coefficient")
    places = [list(names).index(name) for name in wanted]
    matrix = covariance[np.ix_(places, places)]
    if np.linalg.matrix_rank(matrix, hermitian=True) < len(matrix):
        return _untested(asked, "the covariance of the combinations is singular")
    return tuple(test for name, rows in asked.items() for test in pair_tests(name, rows, coefficients[places], matrix))


def _untested(asked: Iterable[str], why: str) -> tuple[Test, ...]:
    return tuple(
        Test(name=f"complementarity: {name}", statistic=float("nan"), note=f"not tested: {why}") for name in asked
    )


def pair_tests(name: str, rows: Array, estimate: Array, covariance: Array) -> Iterable[Test]:
    """Return the tests of Rθ ≥ 0 (complements) and of Rθ ≤ 0 (substitutes), either with the verdict of both."""
    complements = distance(rows, estimate, covariance)
    substitutes = distance(-rows, estimate, covariance)
    verdict = verdict_of(complements, substitutes)
    gaps = ", ".join(f"{gap:.3g}" for gap in rows @ estimate)
    for null, found in (("complements", complements), ("substitutes", substitutes)):
        bounds = f"p from {found.p_lower:.3g} to {found.p_upper:.3g}; " if found.rank > 1 else ""
        yield Test(
            name=f"complementarity: {name} (null {null})",
            statistic=found.statistic,
            df=float(found.rank),
            df2=inf,
            p=found.p_upper,
            note=f"{verdict}; {bounds}θ11 + θ00 - θ10 - θ01 = {gaps}",
        )


def verdict_of(complements: Distance, substitutes: Distance) -> str:
    """Return `complements`, `substitutes` or `undecided` from the distances from either null."""
    if substitutes.p_upper < LEVEL and complements.p_lower >= LEVEL:
        return "complements"
    if complements.p_upper < LEVEL and substitutes.p_lower >= LEVEL:
        return "substitutes"
    return "undecided"


def distance(rows: Array, estimate: Array, covariance: Array) -> Distance:
    """Return the distance of the estimate from Rθ ≥ 0 in the metric of its covariance.

    Solved in its dual, min over λ ≥ 0 of |C'R'λ + C⁻¹θ̂|² with V = CC': θ = θ̂ + VR'λ, and D = |C'R'λ|². Rows of R may
    depend on each other.
    """
    from scipy.optimize import nnls  # here, because it takes longer to load than a job's models to fit

    root = np.linalg.cholesky(covariance)
    multipliers, _ = nnls(root.T @ rows.T, -np.linalg.solve(root, estimate))
    statistic = float(np.sum((root.T @ rows.T @ multipliers) ** 2))
    rank = int(np.linalg.matrix_rank(rows))
    return Distance(
        statistic=statistic, rank=rank, p_lower=mixed_tail(statistic, 1), p_upper=mixed_tail(statistic, rank)
    )


def mixed_tail(statistic: float, df: int) -> float:
    """Return the tail of ½χ²(df - 1) + ½χ²(df), the bound of Kodde and Palm (1986); χ²(0) is zero."""
    if statistic <= 0:
        return 1.0
    below = chi_squared_test(statistic, df - 1) if df > 1 else 0.0
    return (below + chi_squared_test(statistic, df)) / 2
