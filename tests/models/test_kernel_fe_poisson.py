"""Poisson with firm effects by the concentrated likelihood, against the likelihood with a dummy for each firm."""

import numpy as np
import pytest
import statsmodels.api as sm

from innosurvey.models.kernels import fe_poisson

EFFECTS = np.array([0.4, -0.2, 0.1])
# Both maximise the same likelihood to the last steps of an iteration.
ITERATED = {"rtol": 1e-7, "atol": 1e-8}


def panel(firms=80, seed=5):
    """Return outcome, design and firm codes of an unbalanced panel in no order; some firms are always zero."""
    random = np.random.default_rng(seed)
    codes = random.permutation(np.repeat(np.arange(firms), random.integers(2, 7, firms)))
    particular = random.normal(size=firms)
    design = random.normal(size=(len(codes), 3)) + 0.7 * particular[codes, None]
    outcome = random.poisson(np.exp(design @ EFFECTS + particular[codes])).astype(float)
    return outcome, design, codes


def with_dummies(outcome, design, codes, weights=None):
    """Return the fit with a dummy for each firm that is not always zero, the rows it uses, and all its columns."""
    used = (np.bincount(codes, weights=outcome) > 0)[codes]
    levels, codes = np.unique(codes[used], return_inverse=True)
    columns = np.column_stack([design[used], np.eye(len(levels))[codes]])
    shares = None if weights is None else weights[used]
    model = sm.GLM(outcome[used], columns, family=sm.families.Poisson(), freq_weights=shares)
    return model.fit(tol=1e-12, maxiter=200), used, columns


@pytest.mark.parametrize("weighted", [False, True])
def test_slopes_and_likelihood_are_those_with_a_dummy_for_each_firm(weighted):
    outcome, design, codes = panel()
    weights = np.random.default_rng(2).uniform(0.5, 2, len(codes)) if weighted else None
    found = fe_poisson.fit(outcome, design, codes, weights)
    expected, _, _ = with_dummies(outcome, design, codes, weights)
    assert found.converged
    np.testing.assert_allclose(found.params, expected.params[:3], **ITERATED)
    np.testing.assert_allclose(found.loglik, expected.llf, **ITERATED)


def test_the_information_inverts_to_the_slopes_covariance_with_dummies():
    outcome, design, codes = panel()
    found = fe_poisson.fit(outcome, design, codes)
    expected, _, _ = with_dummies(outcome, design, codes)
    np.testing.assert_allclose(np.linalg.inv(found.information), expected.cov_params()[:3, :3], **ITERATED)


def test_the_sandwich_of_the_scores_is_that_with_dummies():
    outcome, design, codes = panel()
    found = fe_poisson.fit(outcome, design, codes)
    expected, used, columns = with_dummies(outcome, design, codes)
    scores = columns * (outcome[used] - expected.fittedvalues)[:, None]
    bread = expected.cov_params()
    halves = np.linalg.inv(found.information) @ found.scores.T
    np.testing.assert_allclose(halves @ halves.T, (bread @ scores.T @ scores @ bread)[:3, :3], **ITERATED)


def test_scores_sum_to_zero_at_the_maximum():
    found = fe_poisson.fit(*panel())
    # Sums of about 300 rows of order one; Newton's last step leaves rounding only.
    np.testing.assert_allclose(found.scores.sum(axis=0), 0, atol=1e-10)


def test_firms_that_are_always_zero_change_no_slope():
    outcome, design, codes = panel()
    extra = np.repeat([codes.max() + 1, codes.max() + 2], 3)
    more = (np.append(outcome, np.zeros(6)), np.vstack([design, np.ones((6, 3))]), np.append(codes, extra))
    np.testing.assert_allclose(fe_poisson.fit(*more).params, fe_poisson.fit(outcome, design, codes).params, rtol=1e-12)
    assert not fe_poisson.fit(*more).scores[-6:].any()


def test_a_weight_of_two_is_a_row_that_stands_twice():
    outcome, design, codes = panel()
    weights = np.where(np.arange(len(codes)) < 100, 2.0, 1.0)
    twice = np.append(np.arange(len(codes)), np.arange(100))
    once = fe_poisson.fit(outcome, design, codes, weights)
    np.testing.assert_allclose(
        once.params, fe_poisson.fit(outcome[twice], design[twice], codes[twice]).params, **ITERATED
    )


def test_what_is_particular_to_a_firm_does_not_bias_the_slopes():
    outcome, design, codes = panel(firms=3000)
    # Standard errors are about 0.006 with 13,500 rows of mean 2 and more.
    np.testing.assert_allclose(fe_poisson.fit(outcome, design, codes).params, EFFECTS, atol=0.03)


def test_a_far_origin_and_a_large_unit_leave_the_range_of_numbers_in_place():
    outcome, design, codes = panel()
    moved = fe_poisson.fit(outcome, design * 1e4 + 1e7, codes)
    # The firm means of 1e7 keep nine digits of what is left of the columns.
    np.testing.assert_allclose(moved.params * 1e4, fe_poisson.fit(outcome, design, codes).params, rtol=1e-6)


def test_columns_that_separate_zeros_from_the_rest_do_not_converge():
    outcome, design, codes = panel()
    design[:, 0] = outcome == 0
    assert not fe_poisson.fit(outcome, design, codes).converged


def test_columns_that_are_collinear_within_firms_do_not_converge():
    outcome, design, codes = panel()
    design[:, 2] = design[:, 1] + codes
    assert not fe_poisson.fit(outcome, design, codes).converged
