"""Hypotheses on the coefficients of a fit: Wald's test, and the estimate of a single combination."""

from collections.abc import Callable
from math import inf

import numpy as np

from innosurvey.distributions import chi_squared_test, f_test
from innosurvey.errors import did_you_mean
from innosurvey.models.arrays import Array
from innosurvey.models.combinations import Combination
from innosurvey.models.covariance import Covariance
from innosurvey.models.estimates import Estimates, NotEstimated, Test

HYPOTHESIS = "hypothesis:"


def contrasts_of(combination: Combination, terms: tuple[str, ...]) -> tuple[Array, Array]:
    """Return the matrix R (equations × terms) and the values r of R b = r.

    Raises NotEstimated for a term that the fit does not have, such as a control that was dropped.
    """
    matrix = np.zeros((len(combination.equations), len(terms)))
    for row, equation in enumerate(combination.equations):
        for name, factor in equation.parts:
            if name not in terms:
                raise NotEstimated(f"hypothesis {combination.name}: no term {name}.{did_you_mean(name, terms)}")
            matrix[row, terms.index(name)] = factor
    return matrix, np.array([equation.value for equation in combination.equations])


def wald_test(name: str, combination: Combination, estimates: Estimates, covariance: Covariance) -> Test:
    """Return the test that all equations hold: F with the covariance's degrees of freedom, else chi-squared."""
    contrasts, values = contrasts_of(combination, estimates.terms)
    distance = contrasts @ estimates.params - values
    spread = contrasts @ covariance.matrix @ contrasts.T
    rank = int(np.linalg.matrix_rank(spread))
    if rank < len(distance):
        raise NotEstimated(f"hypothesis {combination.name}: its equations can't be told apart")
    statistic = float(distance @ np.linalg.solve(spread, distance))
    if covariance.df == inf:
        return Test(name=name, statistic=statistic, df=rank, p=chi_squared_test(statistic, rank))
    value = statistic / rank
    return Test(name=name, statistic=value, df=rank, df2=covariance.df, p=f_test(value, rank, covariance.df))


def zeros_test(name: str, slopes: Array, matrix: Array, df2: float, note: str = "") -> Test:
    """Return the test that all slopes, whose covariance is `matrix`, are zero: F with `df2`, else chi-squared.

    Raises NotEstimated if clusters are too few for a covariance of so many slopes.
    """
    fail_if_singular(matrix)
    statistic, df = float(slopes @ np.linalg.solve(matrix, slopes)), len(slopes)
    if df2 == inf:
        return Test(name=name, statistic=statistic, df=df, p=chi_squared_test(statistic, df), note=note)
    value = statistic / df
    return Test(name=name, statistic=value, df=df, df2=df2, p=f_test(value, df, df2), note=note)


def tested(name: str, test: Callable[[], Test]) -> Test:
    """Return the test, or where these rows can't support it a row with the reason: the fit stands without it."""
    try:
        return test()
    except NotEstimated as obstacle:
        return Test(name=name, statistic=float("nan"), note=f"not computed: {obstacle.reason}")
    except np.linalg.LinAlgError:
        return Test(name=name, statistic=float("nan"), note="not computed: a covariance is singular")


def fail_if_singular(matrix: Array) -> None:
    """NotEstimated if a covariance has no inverse, as with fewer clusters than slopes."""
    lengths = np.sqrt(np.diag(matrix))
    if not lengths.all() or np.linalg.matrix_rank(matrix / np.outer(lengths, lengths), tol=1e-10) < len(matrix):
        raise NotEstimated("too few clusters for its covariance")


def combined(combination: Combination, estimates: Estimates, covariance: Covariance) -> tuple[float, float]:
    """Return the estimate and the variance of a hypothesis of one equation: left side less right side."""
    contrasts, values = contrasts_of(combination, estimates.terms)
    row = contrasts[0]
    return float(row @ estimates.params - values[0]), float(row @ covariance.matrix @ row)
