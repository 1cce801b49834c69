"""R&D, innovation, productivity in one: truths recovered, the Jacobian of all stages, and errors that know of it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.models.covariance import sandwich
from innosurvey.models.engines.cdm import stages_of
from innosurvey.models.kernels import cdm, cdm_check
from innosurvey.models.kernels.batch import Design, fit_batch
from innosurvey.models.kernels.binary import probit_likelihood
from innosurvey.models.kernels.biprobit import biprobit_likelihood
from innosurvey.models.kernels.index import indexes, scores_of
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample
from tests.made_innovators import CHAIN, SECOND, make_chain

RESEARCH = {
    "selection/const": 0.2, "selection/size": 0.5, "selection/competition": 0.3, "selection/market": 0.5,
    "intensity/const": 1, "intensity/size": 0.4, "intensity/competition": -0.3, "intensity/sigma": 1,
    "intensity/rho": 0.5,
}  # fmt: skip
KNOWLEDGE = {
    "knowledge/const": -0.8, "knowledge/predicted(rd)": 0.8, "knowledge/size": 0.2, "knowledge/knowhow": 0.6,
}  # fmt: skip
PRODUCTIVITY = {"const": 1, "predicted(product)": 0.5, "size": 0.1, "capital": 0.4}
KINDS = {
    "probit": {},
    "logit of a share": {"knowledge": CHAIN["knowledge"] | {"outcome": "share"}, "knowledge_link": "logit"},
    "biprobit": SECOND,
    "biprobit, joint": {**SECOND, "innovation_terms": "joint"},
}


@pytest.fixture
def fit(run, make_model):
    """Fit a chain; return its row, its coefficients by term, and its diagnostics by name."""

    def fitted(firms, **declared):
        results = run(make_model(**{**CHAIN, **declared}), firms)
        coefficients = results.coefficients.set_index("term")[["estimate", "se"]]
        return results.fits.iloc[0], coefficients, results.diagnostics.set_index("name")

    return fitted


@pytest.fixture
def sampled(make_model):
    """Return the sample of a chain."""

    def sample(firms, **declared):
        spec = make_model(**{**CHAIN, **declared})
        return build_sample(spec, select_rows(spec, firms))

    return sample


@pytest.fixture
def stages(sampled):
    """Return the stages of a chain, and all of them stacked."""

    def found(firms, **declared):
        parts = stages_of(sampled(firms, **declared))
        return parts.chain, cdm.stacked(parts.chain, parts.research, parts.innovation)

    return found


def assert_recovered(coefficients, truth):
    """Fail if a truth lies more than four standard errors off: one sound estimate in 16,000 does."""
    for term, value in truth.items():
        estimate, error = coefficients.loc[term]
        assert abs(estimate - value) < 4 * error, term
        assert error < 0.3, term


@pytest.mark.parametrize("weights", ["none", "final"])
def test_the_whole_chain_is_recovered(fit, weights):
    row, coefficients, _ = fit(make_chain(), weights=weights)
    assert row["status"] == "ok"
    assert row["warnings"] == ""
    assert row["gradient_norm"] < 1e-6  # a millionth of a standard error
    assert_recovered(coefficients, RESEARCH | KNOWLEDGE | PRODUCTIVITY)


def test_two_innovations_are_recovered_with_their_correlation(fit):
    _, coefficients, _ = fit(make_chain(), **SECOND)
    truth = {
        "second_knowledge/const": -0.6, "second_knowledge/predicted(rd)": 0.5, "second_knowledge/knowhow": -0.6,
        "knowledge/rho": 0.4, "predicted(process)": 0.3,
    }  # fmt: skip
    assert_recovered(coefficients, RESEARCH | KNOWLEDGE | PRODUCTIVITY | truth)


def test_combinations_of_two_innovations_may_explain_productivity(fit):
    _, coefficients, _ = fit(make_chain(n=20_000), **SECOND, innovation_terms="joint")
    # Without a gain from doing both, both give what each gives.
    assert_recovered(
        coefficients, {"predicted(both)": 0.8, "predicted(first only)": 0.5, "predicted(second only)": 0.3}
    )


def test_a_share_is_explained_by_a_fractional_logit(fit):
    _, coefficients, _ = fit(make_chain(), **KINDS["logit of a share"])
    assert_recovered(coefficients, KNOWLEDGE)


def test_terms_stand_from_productivity_back_to_research(fit):
    _, coefficients, _ = fit(make_chain())
    assert tuple(coefficients.index) == (*PRODUCTIVITY, *KNOWLEDGE, *sorted_research())


def sorted_research():
    intensity = [term for term in RESEARCH if term.startswith("intensity")]
    selection = [term for term in RESEARCH if term.startswith("selection")]
    return [*intensity[:-2], *selection, *intensity[-2:]]


def moments(chain, params, sizes):
    """Return the summed moments of all stages, each stage fed by the parameters of those before."""
    research, innovation, productivity = np.split(params, np.cumsum(sizes)[:-1])
    likelihood, designs = chain.research()
    first = scores_of(likelihood(indexes(designs, research)), designs, chain.weights)
    designs = chain.innovation_designs(cdm.predicted_rd(chain, research))
    second = scores_of(chain.innovation_likelihood()(indexes(designs, innovation)), designs, chain.weights)
    fitted, _ = chain.innovation(indexes(designs, innovation))
    third = np.column_stack([*fitted, chain.productivity_design])
    w = np.ones(len(third)) if chain.weights is None else chain.weights
    last = third.T @ (w * (chain.productivity - third @ productivity))
    return np.concatenate([first.sum(axis=0), second.sum(axis=0), last])


@pytest.mark.parametrize("weights", ["none", "final"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_jacobian_is_the_derivative_of_all_moments(stages, kind, weights):
    # With a column in intensity that is in neither of the others nothing is zero by a first-order condition.
    intensity = CHAIN["intensity"] | {"regressors": ["size", "competition", "market"]}
    chain, found = stages(make_chain(n=800), **KINDS[kind], intensity=intensity, weights=weights)
    shifts = 1e-5 * np.eye(len(found.params))
    differences = [
        (moments(chain, found.params - shift, found.sizes) - moments(chain, found.params + shift, found.sizes)) / 2e-5
        for shift in shifts
    ]
    np.testing.assert_allclose(found.scores.sum(axis=0), 0, atol=1e-8)
    # Entries are sums over 800 rows, up to a thousand; central differences with this step leave about 1e-10 of that.
    np.testing.assert_allclose(found.jacobian, np.array(differences).T, rtol=1e-6, atol=1e-5)


def test_the_first_stage_is_heckmans_model_by_itself(fit, run, make_model):
    _, chain, _ = fit(make_chain(), covariance={"type": "robust", "small_sample": "none"})
    heckman = make_model(
        estimator="heckman",
        outcome="rd",
        regressors=CHAIN["intensity"]["regressors"],
        selection=CHAIN["selection"],
        covariance={"type": "robust", "small_sample": "none"},
    )
    alone = run(heckman, make_chain()).coefficients.set_index("term")[["estimate", "se"]]
    alone.index = [term if term.startswith("selection") else f"intensity/{term}" for term in alone.index]
    # The same maximum, and an inverse of a larger matrix.
    pd.testing.assert_frame_equal(chain.loc[alone.index], alone, rtol=1e-9, check_names=False)


def test_the_second_stage_of_two_outcomes_reports_rho_as_biprobit_does(fit, run, make_model):
    firms = make_chain()
    _, chain, _ = fit(firms, **SECOND, covariance={"type": "robust", "small_sample": "none"})
    alone = make_model(
        estimator="biprobit",
        outcome="product",
        regressors=["competition", "size", "knowhow"],
        second="process",
        covariance={"type": "robust", "small_sample": "none"},
    )
    found = run(alone, firms).coefficients.set_index("term").loc["rho"]
    # Predicted R&D combines size and competition, so that the fit is the same; the chain's error knows of the
    # first stage as well, which hardly moves rho.
    assert chain.loc["knowledge/rho", "estimate"] == pytest.approx(found["estimate"], abs=1e-7)
    assert chain.loc["knowledge/rho", "se"] == pytest.approx(found["se"], rel=0.01)


def test_errors_that_ignore_generated_regressors_are_too_small(stages):
    _, found = stages(make_chain(n=5000))
    whole = np.linalg.inv(found.jacobian)
    stacked = np.sqrt(np.diag(sandwich(whole, found.scores)))
    for stage in (1, 2):
        own = slice(sum(found.sizes[:stage]), sum(found.sizes[: stage + 1]))
        naive = np.sqrt(np.diag(sandwich(np.linalg.inv(found.jacobian[own, own]), found.scores[:, own])))
        fitted = own.start  # what the stage before has fitted stands first
        assert stacked[fitted] > 1.05 * naive[0]


def test_the_errors_are_those_of_estimates_from_many_samples(fit):
    terms = ["predicted(product)", "knowledge/predicted(rd)", "intensity/competition"]
    found = [fit(make_chain(n=800, seed=seed))[1].loc[terms] for seed in range(100)]
    spread = pd.concat([part["estimate"] for part in found], axis=1).std(axis=1)
    mean = pd.concat([part["se"] for part in found], axis=1).median(axis=1)
    # The spread of 100 estimates is known to 7 %: three of that.
    np.testing.assert_allclose(mean / spread, 1, atol=0.21)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bootstrap_by_weights_finds_the_same_errors(stages, kind):
    chain, found = stages(make_chain(n=2000), **KINDS[kind])
    errors = np.sqrt(np.diag(sandwich(np.linalg.inv(found.jacobian), found.scores)))
    drawn = cdm_check.bootstrap(chain, found, np.arange(2000), 200, np.random.default_rng(2))
    assert np.isfinite(drawn).all()
    ratios = cdm_check.ratios(drawn, errors)
    # 200 draws know a spread to 5 %; rho's likelihood is skewed at 2,000 firms, which only the bootstrap sees.
    assert np.median(ratios) == pytest.approx(1, abs=0.07)
    assert ((ratios > 0.8) & (ratios < 1.3)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_draw_of_the_bootstrap_is_a_fit_with_its_weights(stages, kind):
    chain, found = stages(make_chain(n=1000), **KINDS[kind])
    drawn = cdm_check.bootstrap(chain, found, np.arange(1000), 2, np.random.default_rng(2))
    weights = np.random.default_rng(2).exponential(size=(2, 1000))[1]
    sums = moments(replace(chain, weights=weights), drawn[1], found.sizes)
    np.testing.assert_allclose(
        sums, 0, atol=1e-4
    )  # a millionth of what such sums vary by, about the root of a thousand


def test_a_draw_without_a_maximum_is_no_estimate():
    size = np.random.default_rng(2).normal(size=200)
    design = Design(shared=np.column_stack([np.ones(200), size]))
    foretold = (size > 0).astype(float)
    noisy = (size + np.random.default_rng(3).normal(size=200) > 0).astype(float)
    weights = np.random.default_rng(2).exponential(size=(3, 200))
    start = np.zeros((3, 2))
    assert np.isnan(fit_batch(probit_likelihood(foretold), [design], start, weights)).all()
    assert np.isfinite(fit_batch(probit_likelihood(noisy), [design], start, weights)).all()


def test_a_draw_that_runs_off_does_not_take_the_others_along():
    first, second = (np.random.default_rng(seed).random(200) < 0.5 for seed in (1, 2))
    design = Design(shared=np.ones((200, 1)))
    weights = np.random.default_rng(2).exponential(size=(3, 200))
    weights[1, first & second] = 0.0  # nobody has both: rho runs to -1
    likelihood = biprobit_likelihood(first.astype(float), second.astype(float))
    found = fit_batch(likelihood, [design, design, design], np.zeros((3, 3)), weights)
    alone = fit_batch(likelihood, [design, design, design], np.zeros((2, 3)), weights[[0, 2]])
    assert np.isfinite(alone).all()
    np.testing.assert_allclose(found[[0, 2]], alone, atol=1e-7)


def test_draws_whose_correlation_runs_to_its_bound_are_left_out(stages):
    chain, found = stages(make_chain(n=100), **SECOND)
    drawn = cdm_check.bootstrap(chain, found, np.arange(100), 60, np.random.default_rng(1))
    kept = drawn[np.isfinite(drawn).all(axis=1)]
    assert 0 < len(kept) < 60
    assert (np.abs(np.tanh(kept[:, found.sizes[0] - 1])) < 0.999).all()


def test_a_check_by_bootstrap_is_a_diagnostic_for_each_stage(fit):
    _, _, tests = fit(make_chain(), bootstrap_check=100, covariance={"type": "cluster", "by": ["firm_id"]})
    assert [name.rpartition(": ")[2] for name in tests.index] == ["research", "knowledge", "productivity"]
    assert tests["statistic"].between(0.9, 1.1).all()
    assert tests["note"].str.contains("100 draws, 0 without convergence").all()


def test_firms_seen_twice_are_no_more_than_once_under_clusters(fit):
    firms = make_chain(n=1000)
    twice = pd.concat([firms, firms.assign(wave="2021")])
    rule = {"type": "cluster", "by": ["firm_id"], "small_sample": "none"}
    _, once, _ = fit(firms, covariance=rule)
    _, both, _ = fit(twice, covariance=rule)
    np.testing.assert_allclose(both, once, rtol=1e-7)  # iterations of either end within 1e-9


def test_the_chain_needs_no_intensity_of_firms_without_research(fit):
    row, _, _ = fit(make_chain())
    assert row["n"] == len(make_chain())


def test_firms_without_research_need_what_predicts_it(fit):
    firms = make_chain()
    firms.loc[(firms["performs"] == 0) & (firms.index < 200), "competition"] = np.nan
    row, _, _ = fit(firms, selection={"outcome": "performs", "regressors": ["size", "market"]})
    assert row["status"] == "ok"
    assert row["n"] == firms["competition"].notna().sum()


def test_predictions_beyond_all_that_is_observed_are_flagged(fit):
    firms = make_chain()
    firms.loc[(firms["performs"] == 0) & (firms.index < 300), "competition"] += 20
    row, _, _ = fit(firms, selection={"outcome": "performs", "regressors": ["size", "market"]})
    assert "predicted(rd) lies outside all that is observed for 4% of firms" in row["warnings"]


def test_no_exclusion_from_intensity_is_flagged(fit):
    row, _, _ = fit(make_chain(), selection={"outcome": "performs", "regressors": ["size", "competition"]})
    assert "no exclusion restriction" in row["warnings"]


def test_predicted_research_that_knowledge_already_has_is_not_estimated(fit):
    row, _, _ = fit(make_chain(), knowledge={"outcome": "product", "regressors": ["size", "competition"]})
    assert row["status"] == "not estimated: predicted(rd) adds nothing to the regressors of knowledge"


def test_a_fitted_innovation_that_productivity_nearly_has_is_flagged(fit):
    row, _, _ = fit(make_chain(), regressors=["size", "competition", "knowhow"])
    assert "predicted(product) is nearly collinear with the regressors of productivity (R² 0.9" in row["warnings"]


def test_separation_of_innovation_is_named(fit):
    firms = make_chain().assign(lab=lambda table: ((table["product"] == 1) & (table["size"] > 0)).astype(float))
    row, _, _ = fit(firms, knowledge={"outcome": "product", "regressors": ["size", "lab"]})
    assert row["status"] == "not estimated: separation in the knowledge equation by lab"


def test_an_innovation_that_implies_the_other_leaves_rho_unidentified(fit):
    firms = make_chain().assign(process=lambda table: table["process"] * table["product"])
    row, _, _ = fit(firms, **SECOND)
    assert row["status"].startswith("not estimated: rho is not identified")


def test_classical_errors_are_refused(make_model):
    with pytest.raises(StudyError, match="classical"):
        make_model(**CHAIN, covariance="classical")
