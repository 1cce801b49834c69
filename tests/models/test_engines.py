"""The engines: known truths recovered, and the same numbers by another way."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.iv import IV2SLS

from innosurvey.models.engines import engine_of
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample

# Two algorithms for one least-squares problem differ by rounding; an iteration stops a little before.
ROUNDING = {"rtol": 1e-9, "atol": 1e-10}
ITERATED = {"rtol": 1e-6, "atol": 1e-7}
EFFECT = 0.5


@pytest.fixture
def estimate(make_model, make_firms):
    """Return the sample and the estimates of a model on simulated firms."""

    def estimated(firms=None, **declared):
        spec = make_model(**{"regressors": ["rd", "cooperation"], "controls": ["C(size_class)"], **declared})
        sample = build_sample(spec, select_rows(spec, make_firms() if firms is None else firms))
        return sample, engine_of(spec.estimator)(sample)

    return estimated


def dummies(codes):
    return np.eye(codes.max() + 1)[codes]


@pytest.mark.parametrize("weights", ["none", "final"])
def test_least_squares_solves_the_normal_equations(estimate, weights):
    sample, estimates = estimate(weights=weights)
    design = sample.exogenous.columns
    weighted = design * (np.ones(len(design)) if sample.weights is None else sample.weights)[:, None]
    expected = np.linalg.solve(weighted.T @ design, weighted.T @ sample.outcome)
    np.testing.assert_allclose(estimates.params, expected, **ROUNDING)


@pytest.mark.parametrize("weights", ["none", "final"])
def test_least_squares_is_that_of_linearmodels(estimate, weights):
    sample, estimates = estimate(weights=weights)
    design = sample.exogenous.columns
    other = IV2SLS(sample.outcome, design, None, None, weights=sample.weights).fit(cov_type="unadjusted", debiased=True)
    np.testing.assert_allclose(estimates.params, other.params, **ROUNDING)
    np.testing.assert_allclose(estimates.r2, other.rsquared, **ROUNDING)
    if sample.weights is None:
        classical = estimates.rss / (len(design) - design.shape[1]) * np.linalg.inv(estimates.information)
        np.testing.assert_allclose(classical, other.cov, **ROUNDING)


@pytest.mark.parametrize("weights", ["none", "final"])
@pytest.mark.parametrize("effects", [["firm_id"], ["firm_id", "wave"], ["size_class", "wave"]])
def test_fixed_effects_are_least_squares_with_dummies(estimate, make_firms, effects, weights):
    firms = make_firms(n=60).drop(index=[3, 8, 50]).reset_index(drop=True)
    sample, estimates = estimate(firms, estimator="fe", fixed_effects=effects, controls=[], weights=weights)
    design = np.column_stack([sample.exogenous.columns, *(dummies(codes) for codes in sample.grouping.effects)])
    root = np.sqrt(np.ones(len(design)) if sample.weights is None else sample.weights)
    expected = np.linalg.lstsq(design * root[:, None], sample.outcome * root, rcond=None)[0][:2]
    np.testing.assert_allclose(estimates.params, expected, **ROUNDING)


def test_fixed_effects_recover_an_effect_that_least_squares_overstates(estimate, make_firms):
    firms = make_firms(n=1000)
    within = estimate(firms, estimator="fe", fixed_effects=["firm_id", "wave"])[1].params[0]
    pooled = estimate(firms)[1].params[1]
    # The standard error within 1,000 firms is about 0.02; what is particular to the firm adds cov / var = 0.5 to the
    # pooled slope.
    assert abs(within - EFFECT) < 0.06
    assert abs(pooled - (EFFECT + 0.5)) < 0.06


def test_two_stage_least_squares_recovers_what_an_instrument_identifies(estimate, make_firms):
    firms = make_firms(n=1000, waves=["2014"])
    random = np.random.default_rng(9)
    hidden, support = random.normal(size=(2, len(firms)))
    firms["support"] = support
    firms["rd"] = support + hidden + random.normal(size=len(firms))
    firms["output"] = EFFECT * firms["rd"] - 2 * hidden + random.normal(size=len(firms))
    _, estimates = estimate(
        firms, estimator="iv2sls", regressors=["cooperation"], endogenous=["rd"], instruments=["support"]
    )
    # Standard error about sqrt(5 / 1000) = 0.07; least squares is off by -2 / 3.
    assert estimates.terms[-1] == "rd"
    assert abs(estimates.params[-1] - EFFECT) < 0.2


def test_two_stage_least_squares_is_two_stages_of_least_squares(estimate):
    sample, estimates = estimate(
        estimator="iv2sls", outcome="output", regressors=[], endogenous=["rd"], instruments=["cooperation", "patents"]
    )
    first = np.column_stack([sample.exogenous.columns, sample.instruments.columns])
    fitted = first @ np.linalg.lstsq(first, sample.endogenous.columns, rcond=None)[0]
    second = np.column_stack([sample.exogenous.columns, fitted])
    np.testing.assert_allclose(estimates.params, np.linalg.lstsq(second, sample.outcome, rcond=None)[0], **ROUNDING)


def test_a_logit_recovers_the_effect_it_was_made_with(estimate, make_firms):
    _, estimates = estimate(make_firms(n=2000), estimator="logit", outcome="innovator")
    # Standard error of the slope on 6,000 rows: about 0.02.
    assert abs(estimates.params[1] - EFFECT) < 0.08


def test_a_poisson_model_recovers_the_effect_it_was_made_with(estimate, make_firms):
    _, estimates = estimate(make_firms(n=2000), estimator="poisson", outcome="patents")
    # Standard error of the slope on 6,000 counts: about 0.008.
    assert abs(estimates.params[1] - EFFECT) < 0.03


def test_a_logit_is_that_of_statsmodels(estimate):
    sample, estimates = estimate(estimator="logit", outcome="innovator")
    other = sm.Logit(sample.outcome, sample.exogenous.columns).fit(disp=0)
    np.testing.assert_allclose(estimates.params, other.params, **ITERATED)
    np.testing.assert_allclose([estimates.loglik, estimates.r2], [other.llf, other.prsquared], **ITERATED)
    np.testing.assert_allclose(np.linalg.inv(estimates.information), other.cov_params(), **ITERATED)


def test_a_poisson_model_is_that_of_statsmodels(estimate):
    sample, estimates = estimate(estimator="poisson", outcome="patents")
    other = sm.Poisson(sample.outcome, sample.exogenous.columns).fit(disp=0)
    np.testing.assert_allclose(estimates.params, other.params, **ITERATED)
    np.testing.assert_allclose(estimates.loglik, other.llf, **ITERATED)


@pytest.mark.parametrize(("estimator", "outcome"), [("logit", "innovator"), ("poisson", "patents")])
def test_a_weight_of_two_is_a_row_that_stands_twice(estimate, make_firms, estimator, outcome):
    firms = make_firms(n=60)
    doubled = firms.iloc[:90].assign(wave=lambda rows: rows["wave"] + "again")
    twice = estimate(firms=pd.concat([firms, doubled], ignore_index=True), estimator=estimator, outcome=outcome)[1]
    firms["weight_final"] = np.where(np.arange(len(firms)) < 90, 2.0, 1.0)
    once = estimate(firms=firms, estimator=estimator, outcome=outcome, weights="final")[1]
    np.testing.assert_allclose(once.params, twice.params, **ITERATED)


@pytest.mark.parametrize("weights", ["none", "final"])
@pytest.mark.parametrize(("estimator", "outcome"), [("ols", "output"), ("logit", "innovator"), ("poisson", "patents")])
def test_scores_sum_to_zero_at_the_estimate(estimate, estimator, outcome, weights):
    _, estimates = estimate(estimator=estimator, outcome=outcome, weights=weights)
    # The gradient is what the iterations drive to zero; 1e-5 of 600 rows of order one.
    np.testing.assert_allclose(estimates.scores.sum(axis=0), 0, atol=1e-5)


def test_a_weighted_likelihood_is_a_pseudo_likelihood_and_is_not_reported(estimate):
    assert np.isnan(estimate(estimator="logit", outcome="innovator", weights="final")[1].loglik)


def test_regressors_that_reproduce_the_outcome_are_found_out(estimate, make_firms):
    firms = make_firms().assign(copy=lambda rows: 2 * rows["output"] + 1)
    with pytest.raises(NotEstimated, match="reproduce the outcome exactly"):
        estimate(firms, regressors=["copy"])


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_the_unit_of_a_regressor_does_not_matter(estimate, make_firms, unit):
    firms = make_firms().assign(scaled=lambda rows: rows["rd"] * unit)
    _, plain = estimate(firms, regressors=["rd"])
    _, scaled = estimate(firms, regressors=["scaled"])
    np.testing.assert_allclose(scaled.params[1] * unit, plain.params[1], **ROUNDING)


def test_an_edit_to_any_engine_is_seen_by_the_step_that_fits_models():
    """Engines are imported by their names in the registry, which a fingerprint of the text can't follow."""
    from innosurvey.fingerprint import reached_modules
    from innosurvey.models.estimators import ESTIMATORS
    from innosurvey.study import ROOT

    reached = {path.relative_to(ROOT).as_posix() for path in reached_modules(ROOT / "scripts/fit_models.py", ROOT)}
    engines = {f"innosurvey/models/engines/{kind.engine.split(':')[0]}.py" for kind in ESTIMATORS.values()}
    assert engines - reached == set()
