"""The likelihoods of levels and counts, and the linear programme of quantiles, against statsmodels and by hand."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit
from statsmodels.datasets import engel
from statsmodels.miscmodels.ordinal_model import OrderedModel

from innosurvey.models.kernels.multinomial import fit_multinomial
from innosurvey.models.kernels.nb2 import fit_nb2, nb2_derivatives, rows_loglik
from innosurvey.models.kernels.ordered import fit_ordered, probabilities
from innosurvey.models.kernels.quantile import bandwidth, fit_quantile

# Both solve the same equations by Newton's method; what is left is rounding.
SAME = {"rtol": 1e-8, "atol": 1e-9}
ROWS = 1500


@pytest.fixture(scope="module")
def design():
    random = np.random.default_rng(5)
    # One column in large units: an engine must not mind.
    return np.column_stack([random.normal(size=ROWS), random.random(ROWS) < 0.4, 1e3 * random.normal(size=ROWS)])


@pytest.fixture(scope="module")
def codes(design):
    latent = design @ [0.5, 0.3, 5e-4] + np.random.default_rng(6).logistic(size=ROWS)
    return np.digitize(latent, [-1.0, 0.0, 1.5])


@pytest.fixture(scope="module")
def counts(design):
    means = np.exp(0.3 + design @ [0.5, 0.3, 5e-4])
    return np.random.default_rng(7).negative_binomial(2, 2 / (2 + means)).astype(float)


def derivative(function, at):
    """Return the Jacobian of a gradient by central differences."""
    steps = np.diag(1e-5 * np.maximum(np.abs(at), 1e-3))
    return np.array([(function(at + step) - function(at - step)) / (2 * step.sum()) for step in steps])


@pytest.mark.parametrize(("tail", "distribution"), [("logistic", "logit"), ("normal", "probit")])
def test_an_ordered_model_is_that_of_statsmodels_in_natural_cut_points(design, codes, tail, distribution):
    found = fit_ordered(design, codes, tail, np.ones(ROWS))
    other = OrderedModel(codes, design, distr=distribution).fit(method="newton", disp=0, maxiter=100)
    cuts = other.model.transform_threshold_params(other.params)[1:-1]
    assert found.converged
    np.testing.assert_allclose(found.params, [*other.params[:3], *cuts], **SAME)
    np.testing.assert_allclose(found.loglik, other.llf, rtol=1e-12)
    # statsmodels' covariance comes from a numerical Hessian; slopes are the same in both parametrisations.
    np.testing.assert_allclose(np.linalg.inv(found.information)[:3, :3], other.cov_params()[:3, :3], rtol=1e-4)


def test_an_ordered_model_with_two_levels_is_a_logit(design, codes):
    found = fit_ordered(design, (codes > 1).astype(int), "logistic", np.ones(ROWS))
    other = sm.Logit(codes > 1, sm.add_constant(design)).fit(disp=0)
    np.testing.assert_allclose(found.params, [*other.params[1:], -other.params[0]], **SAME)
    np.testing.assert_allclose(np.diag(np.linalg.inv(found.information))[:3], other.bse[1:] ** 2, rtol=1e-8)


@pytest.mark.parametrize("tail", ["logistic", "normal"])
def test_probabilities_far_out_keep_their_digits(tail):
    chances = probabilities(np.array([1.0, -1.0, 1.0]), np.array([[-30.0], [0.0], [30.0]]), tail)
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, rtol=1e-14)
    assert (chances > 0).all()
    if tail == "logistic":
        np.testing.assert_allclose(chances[2, 1], expit(-29.0) - expit(-31.0), rtol=1e-12)


def test_a_multinomial_logit_is_that_of_statsmodels(design, codes):
    columns = sm.add_constant(design)
    found = fit_multinomial(columns, codes, np.ones(ROWS))
    other = sm.MNLogit(codes, columns).fit(disp=0, maxiter=100, method="newton")
    np.testing.assert_allclose(found.params, other.params.T.ravel(), **SAME)
    np.testing.assert_allclose(np.linalg.inv(found.information), other.cov_params(), rtol=1e-7)
    np.testing.assert_allclose(found.loglik, other.llf, rtol=1e-12)


@pytest.mark.parametrize("fit", ["ordered", "multinomial", "nb2"])
def test_a_weight_of_two_is_a_row_that_stands_twice(design, codes, counts, fit):
    weights = np.where(np.arange(ROWS) < 400, 2.0, 1.0)
    again = np.append(np.arange(ROWS), np.arange(400))

    def params(rows, weights):
        columns = sm.add_constant(design[rows])
        if fit == "ordered":
            return fit_ordered(design[rows], codes[rows], "logistic", weights).params
        if fit == "multinomial":
            return fit_multinomial(columns, codes[rows], weights).params
        return fit_nb2(columns, counts[rows], weights, np.zeros(4)).params

    np.testing.assert_allclose(params(np.arange(ROWS), weights), params(again, np.ones(len(again))), **SAME)


def test_a_negative_binomial_model_is_that_of_statsmodels(design, counts):
    columns = sm.add_constant(design)
    found = fit_nb2(columns, counts, np.ones(ROWS), np.array([0.3, 0.0, 0.0, 0.0]))
    other = sm.NegativeBinomial(counts, columns).fit(disp=0, method="newton", maxiter=100)
    np.testing.assert_allclose(found.params, other.params, **SAME)
    np.testing.assert_allclose(np.linalg.inv(found.information), other.cov_params(), rtol=1e-7)
    np.testing.assert_allclose(found.loglik, other.llf, rtol=1e-12)


@pytest.mark.parametrize("alpha", [1e-6, 1e-3, 0.5, 20.0])
def test_the_derivatives_of_the_negative_binomial_are_those_of_small_steps(design, counts, alpha):
    columns, ones = sm.add_constant(design), np.ones(ROWS)
    at = np.array([0.3, 0.4, 0.2, 4e-4, alpha])
    scores, information = nb2_derivatives(at, columns, counts, ones)
    slope = derivative(lambda p: rows_loglik(p, columns, counts).sum()[None], at)[:, 0]
    curvature = derivative(lambda p: nb2_derivatives(p, columns, counts, ones)[0].sum(axis=0), at)
    scale = np.sqrt(np.abs(np.diag(information)))  # far from the maximum the curvature may turn
    # A step of 1e-5 of the parameter leaves about 1e-10 of its square, and rounding of the sum over the step.
    np.testing.assert_allclose(scores.sum(axis=0) / scale, slope / scale, rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(curvature / np.outer(scale, scale), -information / np.outer(scale, scale), atol=1e-5)


@pytest.mark.parametrize("tau", [0.1, 0.5, 0.8])
def test_a_quantile_has_no_better_neighbour_among_those_of_statsmodels(design, tau):
    columns = sm.add_constant(design)
    outcome = columns @ [1, 0.5, 0.3, 1e-3] + np.random.default_rng(8).normal(size=ROWS)
    found = fit_quantile(columns, outcome, tau, np.ones(ROWS))
    other = sm.QuantReg(outcome, columns).fit(q=tau, p_tol=1e-8, max_iter=5000)
    residuals = outcome - columns @ other.params
    # statsmodels reweights towards the same plane and stops a little above it.
    assert found.loss <= residuals @ (tau - (residuals < 0))
    np.testing.assert_allclose(found.params, other.params, rtol=1e-4, atol=1e-4)


def test_the_scores_of_a_quantile_sum_to_zero_and_k_rows_lie_on_its_plane(design):
    columns = sm.add_constant(design)
    outcome = columns @ [1, 0.5, 0.3, 1e-3] + np.random.default_rng(8).normal(size=ROWS)
    weights = np.random.default_rng(9).uniform(0.5, 2, ROWS)
    found = fit_quantile(columns, outcome, 0.3, weights)
    lengths = np.abs(columns).sum(axis=0)
    np.testing.assert_allclose(found.scores.sum(axis=0) / lengths, 0, atol=1e-12)
    assert (np.abs(outcome - columns @ found.params) < 1e-10).sum() == 4


def test_many_rows_have_the_plane_that_all_of_them_have(design, monkeypatch):
    columns, random = sm.add_constant(design), np.random.default_rng(10)
    outcome = columns @ [1, 0.5, 0.3, 1e-3] + random.normal(size=ROWS) * (1 + columns[:, 2])
    weights = random.uniform(0.5, 2, ROWS)
    at_once = fit_quantile(columns, outcome, 0.3, weights)
    monkeypatch.setattr("innosurvey.models.kernels.quantile._MANY_ROWS", 100)
    # A narrow band leaves rows on the wrong side at first, which must be found and freed.
    monkeypatch.setattr("innosurvey.models.kernels.quantile._BAND", 0.05)
    in_parts = fit_quantile(columns, outcome, 0.3, weights)
    np.testing.assert_allclose(in_parts.params, at_once.params, rtol=1e-11)
    np.testing.assert_allclose(in_parts.scores, at_once.scores, atol=1e-8)


def test_the_median_of_a_constant_is_the_median():
    found = fit_quantile(np.ones((5, 1)), np.array([1.0, 2.0, 4.0, 8.0, 16.0]), 0.5, np.ones(5))
    assert found.params == pytest.approx([4.0], rel=1e-12)


def test_a_weighted_median_is_where_half_of_the_weight_lies():
    found = fit_quantile(np.ones((3, 1)), np.array([1.0, 2.0, 3.0]), 0.5, np.array([5.0, 1.0, 1.0]))
    assert found.params == pytest.approx([1.0], rel=1e-12)


def test_food_expenditure_of_belgian_households():
    """Koenker and Bassett (1982); quantreg's example: 81.48225, 0.56018, printed with five digits."""
    firms = engel.load_pandas().data
    columns = sm.add_constant(firms["income"].to_numpy())
    found = fit_quantile(columns, firms["foodexp"].to_numpy(), 0.5, np.ones(len(firms)))
    assert found.params == pytest.approx([81.48225, 0.56018], abs=6e-6)


def test_the_bandwidth_is_that_of_quantreg():
    # bandwidth.rq(0.5, 100) and (0.25, 235) of R's quantreg 5.94, printed with twelve digits.
    assert bandwidth(100, 0.5) == pytest.approx(0.209316046947, rel=1e-11)
    assert bandwidth(235, 0.25) == pytest.approx(0.109040112955, rel=1e-11)
