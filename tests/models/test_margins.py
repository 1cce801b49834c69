"""Average marginal effects of a logit."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from innosurvey.models.engines import engine_of
from innosurvey.models.margins import average_marginal_effects
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample


@pytest.fixture
def effects(make_model, make_firms):
    def computed(firms=None, **declared):
        spec = make_model(estimator="logit", outcome="innovator", **declared)
        sample = build_sample(spec, select_rows(spec, make_firms() if firms is None else firms))
        estimates = engine_of("logit")(sample)
        return sample, estimates, average_marginal_effects(estimates, sample.exogenous, sample.weights)

    return computed


def test_effects_and_their_errors_are_those_of_statsmodels(effects):
    sample, estimates, (names, found, jacobian) = effects(regressors=["rd", "cooperation"])
    margins = sm.Logit(sample.outcome, sample.exogenous.columns).fit(disp=0).get_margeff(dummy=True)
    errors = np.sqrt(np.diag(jacobian @ np.linalg.inv(estimates.information) @ jacobian.T))
    assert names == ("rd", "cooperation")
    # Two optimisers stop at slightly different points.
    np.testing.assert_allclose(found, margins.margeff, rtol=1e-6)
    np.testing.assert_allclose(errors, margins.margeff_se, rtol=1e-5)


def test_a_level_is_compared_with_the_base_level(effects):
    _, estimates, (names, found, _) = effects(regressors=["C(size_class)"])
    base, small, large = estimates.params
    probability = 1 / (1 + np.exp(-np.array([base, base + small, base + large])))
    assert names == ("size_class[small]", "size_class[large]")
    np.testing.assert_allclose(found, probability[1:] - probability[0], rtol=1e-10)


@pytest.mark.parametrize("weights", ["none", "final"])
def test_the_derivatives_are_those_of_small_steps(effects, weights):
    sample, estimates, (_, found, jacobian) = effects(regressors=["rd", "C(size_class)"], weights=weights)
    step = 1e-6
    for index in range(len(estimates.params)):
        moved = estimates.params.copy()
        moved[index] += step
        ahead = average_marginal_effects(_with(estimates, moved), sample.exogenous, sample.weights)[1]
        # A forward difference with step 1e-6 is right to about 1e-6.
        np.testing.assert_allclose((ahead - found) / step, jacobian[:, index], atol=1e-5)


def test_terms_in_products_have_no_effect_of_their_own(effects):
    _, _, (names, _, _) = effects(regressors=["rd", "cooperation", "rd:cooperation", "patents"])
    assert names == ("patents",)


def _with(estimates, params):
    return replace(estimates, params=params)
