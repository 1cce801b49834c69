"""Regressions on subsets from one table of cross-products, against each regression by itself."""

from itertools import combinations

import numpy as np
import pytest

from innosurvey.models.absorb import absorb
from innosurvey.models.kernels.crossproducts import Subset, fit_subsets

# The same least-squares problem by another algebra: rounding.
EXACT = {"rtol": 1e-9, "atol": 1e-12}
OUTCOMES = (5, 6)
INPUT = 2


def panel(seed):
    """Return five regressors and two outcomes of an unbalanced panel in no order, weights, and firm and wave codes."""
    random = np.random.default_rng(seed)
    firm = random.permutation(np.repeat(np.arange(60), random.integers(2, 6, 60)))
    wave = random.integers(0, 4, len(firm))
    columns = random.normal(size=(len(firm), 7)) + random.normal(size=60)[firm, None]
    columns[:, 1] = columns[:, 0] + 0.003 * columns[:, 1]  # poorly conditioned together
    columns[:, :5] *= [1.0, 1.0, 1e3, 1.0, 1e-3]
    columns[:, 5] += columns[:, 0] + 1e-3 * columns[:, INPUT]
    return columns, random.uniform(0.5, 2, len(firm)), (firm, wave)


def every_subset():
    """Return the regressions of both outcomes on the input and every choice of the other columns."""
    others = [column for column in range(5) if column != INPUT]
    choices = [choice for size in range(5) for choice in combinations(others, size)]
    return [Subset(outcome=y, columns=(*choice, INPUT), asked=INPUT) for y in OUTCOMES for choice in choices]


def by_itself(columns, subset, weights, clusters):
    """Return slope, entry of the bread, residual sum of squares and squared influences of one regression, by QR."""
    root = np.ones(len(columns)) if weights is None else np.sqrt(weights)
    design, outcome = (columns[:, part] * root.reshape(-1, *[1] * where) for part, where in
                       ((list(subset.columns), 1), (subset.outcome, 0)))  # fmt: skip
    q, r = np.linalg.qr(design)
    slopes = np.linalg.solve(r, q.T @ outcome)
    residuals = outcome - design @ slopes
    influence = (q @ np.linalg.inv(r).T * residuals[:, None])[:, -1]
    sums = [[influence[codes == code].sum() for code in np.unique(codes)] for codes in clusters]
    inverse = np.linalg.inv(r)[-1]
    squares = [influence @ influence, *(np.square(each).sum() for each in sums)]
    return [slopes[-1], inverse @ inverse, residuals @ residuals, *squares]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("weighted", [False, True])
def test_each_regression_is_that_fitted_by_itself(seed, weighted):
    columns, weights, codes = panel(seed)
    weights = weights if weighted else None
    within = absorb(columns, codes, weights)
    subsets = every_subset()
    found = fit_subsets(within, subsets, weights, codes)
    expected = np.array([by_itself(within, subset, weights, codes) for subset in subsets]).T
    table = np.vstack([found.params, found.bread, found.rss, found.squares, found.cluster_squares])
    np.testing.assert_allclose(table, expected, **EXACT)


def test_slopes_and_clusters_of_three_rows_by_hand():
    # y on x through the origin: x'y / x'x = (2 + 0 + 3) / 3 = 5 / 3; residuals 1/3, -5/3, 4/3; the last two are one
    # cluster: (x e) sums are 1/3 and -1/3, each divided by x'x = 3.
    columns = np.array([[1.0, 2.0], [1.0, 0.0], [1.0, 3.0]])
    found = fit_subsets(columns, [Subset(outcome=1, columns=(0,), asked=0)], None, [np.array([0, 1, 1])])
    np.testing.assert_allclose(found.params, [5 / 3])
    np.testing.assert_allclose(found.squares, [(1 + 25 + 16) / 81])
    np.testing.assert_allclose(found.cluster_squares, [[2 / 81]])


def test_influences_that_are_kept_are_those_of_the_first_clusters():
    columns, weights, (firm, wave) = panel(2)
    subsets = every_subset()
    found = fit_subsets(columns, subsets, weights, (wave, firm), keep=True)
    assert found.influences is not None
    np.testing.assert_allclose((found.influences**2).sum(axis=0), found.cluster_squares[0])
    # At the estimate the influences of all rows sum to zero; these are of order one in units of a thousandth.
    np.testing.assert_allclose(found.influences.sum(axis=0), 0, atol=1e-12)


def test_collinear_columns_have_no_number():
    columns, _, _ = panel(1)
    columns[:, 3] = columns[:, 2] + columns[:, 0]
    found = fit_subsets(
        columns, [Subset(outcome=5, columns=(0, 2, 3), asked=2), Subset(outcome=5, columns=(0,), asked=0)]
    )
    assert np.isnan(found.params[0])
    assert np.isfinite(found.params[1])
    assert found.condition[0] > 1e6


def test_a_column_without_variation_has_no_number():
    columns, _, (firm, _) = panel(1)
    columns[:, 3] = firm
    within = absorb(columns, [firm])
    found = fit_subsets(within, [Subset(outcome=5, columns=(0, 3), asked=0)])
    assert np.isnan(found.params[0])
