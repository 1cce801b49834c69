"""The one sandwich, against formulas and against what the libraries compute themselves."""

import numpy as np
import pytest
import statsmodels.api as sm
from linearmodels.iv import IV2SLS
from linearmodels.panel import PanelOLS

from innosurvey.models.covariance import Grouping, cluster_sums, covariance_of, intersection, sandwich
from innosurvey.models.engines import engine_of
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample
from innosurvey.models.spec import CovarianceSpec

# The same formula in another order of sums: rounding, and the last steps of an iteration for likelihoods.
SAME = {"rtol": 1e-7, "atol": 1e-12}
N, FIRMS, WAVES, K = 600, 200, 3, 3


@pytest.fixture
def prepare(make_model, make_firms):
    """A sample and its estimates."""

    def prepared(**declared):
        declared = {"regressors": ["rd", "cooperation"], **declared}
        spec = make_model(**declared)
        sample = build_sample(spec, select_rows(spec, make_firms()))
        return sample, engine_of(spec.estimator)(sample)

    return prepared


def clusters(*names, rule="stata"):
    return {"type": "cluster", "by": list(names), "small_sample": rule}


def test_classical_errors_are_those_of_statsmodels(prepare):
    sample, estimates = prepare()
    expected = sm.OLS(sample.outcome, sample.exogenous.columns).fit().cov_params()
    np.testing.assert_allclose(covariance_of(estimates, CovarianceSpec(type="classical")).matrix, expected, **SAME)


@pytest.mark.parametrize(("rule", "name"), [("none", "HC0"), ("stata", "HC1")])
def test_robust_errors_are_those_of_statsmodels(prepare, rule, name):
    sample, estimates = prepare()
    expected = sm.OLS(sample.outcome, sample.exogenous.columns).fit(cov_type=name).cov_params()
    found = covariance_of(estimates, CovarianceSpec(type="robust", small_sample=rule)).matrix
    np.testing.assert_allclose(found, expected, **SAME)


def test_one_way_clusters_are_those_of_statsmodels(prepare):
    sample, estimates = prepare(covariance=clusters("firm_id"))
    groups = {"groups": sample.grouping.clusters[0]}
    expected = sm.OLS(sample.outcome, sample.exogenous.columns).fit(cov_type="cluster", cov_kwds=groups).cov_params()
    found = covariance_of(estimates, CovarianceSpec(type="cluster", by=("firm_id",)), sample.grouping)
    np.testing.assert_allclose(found.matrix, expected, **SAME)
    assert (found.df, found.n_clusters) == (FIRMS - 1, FIRMS)


def test_two_way_clusters_are_both_less_their_intersection(prepare):
    sample, estimates = prepare(covariance=clusters("firm_id", "size_class"))
    firm, size = sample.grouping.clusters
    bread = np.linalg.inv(estimates.information)
    expected = np.zeros((K, K))
    for codes, sign in ((firm, 1), (size, 1), (firm * 10 + size, -1)):
        sums = np.array([estimates.scores[codes == code].sum(axis=0) for code in np.unique(codes)])
        factor = len(sums) / (len(sums) - 1) * (N - 1) / (N - K)
        expected += sign * factor * bread @ sums.T @ sums @ bread
    found = covariance_of(estimates, CovarianceSpec(type="cluster", by=("firm_id", "size_class")), sample.grouping)
    assert np.linalg.eigvalsh(expected).min() > 0
    np.testing.assert_allclose(found.matrix, expected, **SAME)


def test_two_way_clusters_without_a_factor_are_those_of_linearmodels(prepare):
    rule = clusters("firm_id", "size_class", rule="none")
    sample, estimates = prepare(covariance=rule)
    codes = np.column_stack(sample.grouping.clusters)
    fitted = IV2SLS(sample.outcome, sample.exogenous.columns, None, None).fit(cov_type="clustered", clusters=codes)
    parts = CovarianceSpec(type="cluster", by=("firm_id", "size_class"), small_sample="none")
    np.testing.assert_allclose(covariance_of(estimates, parts, sample.grouping).matrix, fitted.cov.to_numpy(), **SAME)


def test_the_rule_of_fewest_clusters_uses_the_smaller_number_throughout(prepare):
    sample, estimates = prepare(covariance=clusters("firm_id", "size_class"))

    def matrix(rule):
        spec = CovarianceSpec(type="cluster", by=("firm_id", "size_class"), small_sample=rule)
        return covariance_of(estimates, spec, sample.grouping).matrix

    np.testing.assert_allclose(matrix("fewest_clusters"), matrix("none") * 3 / 2 * (N - 1) / (N - K), **SAME)


def test_effects_within_clusters_are_not_counted_twice(prepare):
    sample, estimates = prepare(estimator="fe", fixed_effects=["firm_id", "wave"], covariance=clusters("firm_id"))
    slopes = 2
    frame = sample.keys.assign(y=sample.outcome, rd=sample.exogenous.columns[:, 0], co=sample.exogenous.columns[:, 1])
    frame = frame.assign(wave=frame["wave"].astype(int)).set_index(["firm_id", "wave"])
    fitted = PanelOLS(frame["y"], frame[["rd", "co"]], entity_effects=True, time_effects=True).fit(
        cov_type="clustered",
        cluster_entity=True,
        auto_df=False,
        count_effects=False,
        debiased=False,
        group_debias=False,
    )
    factor = FIRMS / (FIRMS - 1) * (N - 1) / (N - slopes - WAVES)
    found = covariance_of(estimates, CovarianceSpec(type="cluster", by=("firm_id",)), sample.grouping)
    np.testing.assert_allclose(found.matrix, fitted.cov.to_numpy() * factor, **SAME)


@pytest.mark.parametrize(("estimator", "outcome", "family"), [
    ("logit", "innovator", sm.families.Binomial()), ("poisson", "patents", sm.families.Poisson()),
])  # fmt: skip
def test_clusters_of_likelihoods_are_those_of_statsmodels_but_for_the_factor(prepare, estimator, outcome, family):
    sample, estimates = prepare(estimator=estimator, outcome=outcome, covariance=clusters("firm_id"))
    kwds = {"groups": sample.grouping.clusters[0], "use_correction": False}
    model = sm.GLM(sample.outcome, sample.exogenous.columns, family=family)
    expected = model.fit(cov_type="cluster", cov_kwds=kwds).cov_params() * FIRMS / (FIRMS - 1)
    found = covariance_of(estimates, CovarianceSpec(type="cluster", by=("firm_id",)), sample.grouping)
    np.testing.assert_allclose(found.matrix, expected, **SAME)
    assert found.df == np.inf


def test_cluster_sums_add_the_rows_of_each_cluster():
    scores = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]])
    np.testing.assert_array_equal(cluster_sums(scores, np.array([1, 0, 1])), [[2, 20], [4, 40]])


def test_the_intersection_numbers_the_combinations_that_occur():
    assert intersection([np.array([0, 0, 1, 1]), np.array([0, 2, 0, 0])]).tolist() == [0, 1, 2, 2]


def test_few_clusters_are_said(prepare):
    sample, estimates = prepare(covariance=clusters("wave"))
    found = covariance_of(estimates, CovarianceSpec(type="cluster", by=("wave",)), sample.grouping)
    assert "fewer than 30 clusters (3)" in found.warnings


def test_one_cluster_is_none(prepare):
    _, estimates = prepare()
    grouping = Grouping(clusters=(np.zeros(N, dtype=int),))
    with pytest.raises(NotEstimated, match="one cluster only"):
        covariance_of(estimates, CovarianceSpec(type="cluster", by=("country",)), grouping)


@pytest.mark.parametrize(("kind", "name"), [("hc0", "HC0"), ("hc1", "HC1"), ("hc2", "HC2"), ("hc3", "HC3")])
def test_leverages_correct_the_scores_as_in_statsmodels(prepare, kind, name):
    sample, estimates = prepare()
    expected = sm.OLS(sample.outcome, sample.exogenous.columns).fit(cov_type=name).cov_params()
    np.testing.assert_allclose(covariance_of(estimates, CovarianceSpec(type=kind)).matrix, expected, **SAME)


def test_within_firms_there_are_no_leverages_to_correct_with(prepare):
    sample, estimates = prepare(estimator="fe", fixed_effects=["firm_id"])
    with pytest.raises(NotEstimated, match="hc3 needs leverages"):
        covariance_of(estimates, CovarianceSpec(type="hc3"), sample.grouping)


@pytest.fixture
def surveyed(make_firms):
    """One wave of 200 firms drawn from two strata of 400 and 250 firms."""
    firms = make_firms(waves=["2018"])
    large = np.arange(len(firms)) < 80
    strata = {"stratum_id": np.where(large, "L", "S"), "sample_n_stratum": np.where(large, 80, 120)}
    return firms.assign(**strata, pop_n_stratum=np.where(large, 400, 250), weight_final=np.where(large, 5.0, 250 / 120))


def test_the_survey_design_is_that_of_the_scores_totals(make_model, surveyed):
    """Σ_h (1 - f_h) n_h / (n_h - 1) Σ (z - z̄_h)² of z = the scores times (X'WX)⁻¹, written out."""
    spec = make_model(weights="final", covariance="survey")
    sample = build_sample(spec, select_rows(spec, surveyed))
    estimates = engine_of("ols")(sample)
    values = estimates.scores @ np.linalg.inv(estimates.information)
    expected = np.zeros((2, 2))
    for stratum, population in (("L", 400), ("S", 250)):
        part = values[(surveyed["stratum_id"] == stratum).to_numpy()]
        centred = part - part.mean(axis=0)
        expected += (1 - len(part) / population) * len(part) / (len(part) - 1) * centred.T @ centred
    found = covariance_of(estimates, spec.covariance, sample.grouping)
    np.testing.assert_allclose(found.matrix, expected, **SAME)
    assert found.df == 200 - 2 - 1


def test_a_jacobian_that_is_not_symmetric_stands_on_both_sides():
    scores = np.random.default_rng(1).normal(size=(50, 2))
    jacobian = np.array([[2.0, 0.0], [0.7, 3.0]])
    bread = np.linalg.inv(jacobian)
    np.testing.assert_allclose(sandwich(bread, scores), bread @ scores.T @ scores @ bread.T, **SAME)
