"""Poisson with fixed effects and with the pre-sample mean: other ways to the same numbers, known truths, flags."""

import numpy as np
import pytest
import statsmodels.api as sm

from innosurvey.errors import StudyError
from innosurvey.models.covariance import cluster_sums, covariance_of
from innosurvey.models.engines import engine_of
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.kernels import fe_poisson
from innosurvey.models.margins import marginal_effects
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample
from innosurvey.models.spec import CovarianceSpec

# Both maximise the same likelihood to the last steps of an iteration.
ITERATED = {"rtol": 1e-6, "atol": 1e-8}
EFFECTS = (0.5, 0.3)
TWO_WAYS = ["firm_id", "wave"]


@pytest.fixture
def counts(make_firms):
    """Return firms with patents that rise with rd, cooperation, wave and what is particular to the firm, to which rd
    is related; some firms never patent.
    """

    def made(n=150, seed=8, waves=("2014", "2016", "2018", "2020")):
        firms = make_firms(n=n, waves=waves, seed=seed)
        random = np.random.default_rng(seed)
        particular = np.repeat(random.normal(size=n), len(waves))
        firms["rd"] = 0.5 * particular + random.normal(size=len(firms))
        index = EFFECTS[0] * firms["rd"] + EFFECTS[1] * firms["cooperation"].astype(float) + particular
        index += 0.2 * firms["wave"].map({wave: place for place, wave in enumerate(waves)})
        never = np.repeat(random.random(n) < 0.1, len(waves))
        firms["patents"] = np.where(never, 0, random.poisson(np.exp(index - 0.5)))
        return firms

    return made


@pytest.fixture
def estimate(make_model, counts):
    """Return the sample and the estimates of a model of patents."""

    def estimated(firms=None, **declared):
        declared = {"estimator": "fe_poisson", "outcome": "patents", "fixed_effects": ["firm_id"], **declared}
        spec = make_model(**{"regressors": ["rd", "cooperation"], **declared})
        sample = build_sample(spec, select_rows(spec, counts() if firms is None else firms))
        return sample, engine_of(spec.estimator)(sample)

    return estimated


def with_dummies(sample, used, weights=None):
    """Return the Poisson fit on the used rows with a dummy for each level of the effects."""
    codes = [np.unique(part[used], return_inverse=True)[1] for part in sample.grouping.effects]
    dummies = [np.eye(part.max() + 1)[part][:, int(place > 0) :] for place, part in enumerate(codes)]
    columns = np.column_stack([sample.exogenous.columns[used], *dummies])
    family = sm.families.Poisson()
    model = sm.GLM(
        sample.outcome[used], columns, family=family, freq_weights=None if weights is None else weights[used]
    )
    return model.fit(tol=1e-12, maxiter=200), columns


@pytest.mark.parametrize("effects", [["firm_id"], TWO_WAYS])
def test_slopes_likelihood_and_classical_errors_are_those_with_dummies(estimate, effects):
    sample, estimates = estimate(fixed_effects=effects)
    other, _ = with_dummies(sample, estimates.used)
    found = covariance_of(estimates, CovarianceSpec(type="classical"), sample.grouping).matrix
    np.testing.assert_allclose(estimates.params, other.params[:2], **ITERATED)
    np.testing.assert_allclose(found, other.cov_params()[:2, :2], **ITERATED)
    np.testing.assert_allclose(estimates.loglik, other.llf, **ITERATED)


@pytest.mark.parametrize("effects", [["firm_id"], TWO_WAYS])
def test_clustered_errors_are_those_with_dummies(estimate, effects):
    sample, estimates = estimate(fixed_effects=effects, covariance={"type": "cluster", "by": ["firm_id"]})
    other, columns = with_dummies(sample, estimates.used)
    firms = np.unique(sample.grouping.clusters[0][estimates.used], return_inverse=True)[1]
    sums = cluster_sums(columns * (sample.outcome[estimates.used] - other.fittedvalues)[:, None], firms)
    half = sums @ other.cov_params()
    count = firms.max() + 1
    expected = (half.T @ half)[:2, :2] * count / (count - 1)
    found = covariance_of(estimates, CovarianceSpec(type="cluster", by=("firm_id",)), sample.grouping)
    np.testing.assert_allclose(found.matrix, expected, **ITERATED)
    assert found.n_clusters == count


def test_weights_make_a_pseudo_likelihood(estimate):
    sample, estimates = estimate(weights="final", fixed_effects=TWO_WAYS)
    other, _ = with_dummies(sample, estimates.used, sample.weights)
    np.testing.assert_allclose(estimates.params, other.params[:2], **ITERATED)
    assert np.isnan(estimates.loglik)


@pytest.mark.parametrize("effects", [["firm_id"], TWO_WAYS])
def test_the_effects_explain_nothing_of_the_r2(estimate, effects):
    sample, estimates = estimate(fixed_effects=effects)
    codes = [np.unique(part[estimates.used], return_inverse=True)[1] for part in sample.grouping.effects]
    dummies = np.column_stack([np.eye(part.max() + 1)[part][:, int(place > 0) :] for place, part in enumerate(codes)])
    alone = sm.GLM(sample.outcome[estimates.used], dummies, family=sm.families.Poisson()).fit(tol=1e-12).llf
    assert estimates.r2 == pytest.approx(1 - estimates.loglik / alone, rel=1e-6)


def test_effects_of_firms_do_not_bias_the_slopes_that_pooling_overstates(estimate, counts):
    firms = counts(n=1500)
    within = estimate(firms, fixed_effects=TWO_WAYS)[1]
    pooled = estimate(firms, estimator="poisson", fixed_effects=[], controls=["C(wave)"])[1]
    # Standard errors about 0.012 and 0.025 on some 5,400 rows.
    np.testing.assert_allclose(within.params, EFFECTS, atol=0.1)
    assert pooled.params[1] > EFFECTS[0] + 0.15


def test_firms_that_are_always_zero_are_left_out_and_counted(run, make_model, counts):
    firms = counts()
    totals = firms.groupby("firm_id")["patents"].sum()
    model = make_model(estimator="fe_poisson", outcome="patents", fixed_effects=["firm_id"])
    fit = run(model, firms).fits.iloc[0]
    assert fit["warnings"] == f"{(totals == 0).sum()} levels of firm_id left out: the outcome is always zero"
    assert fit["n_firms"] == (totals > 0).sum()


def test_a_wave_that_is_always_zero_is_left_out_too(estimate, counts):
    firms = counts()
    firms.loc[firms["wave"] == "2020", "patents"] = 0
    _, estimates = estimate(firms, fixed_effects=TWO_WAYS)
    assert "1 levels of wave left out: the outcome is always zero" in estimates.warnings
    assert np.isfinite(estimates.params).all()


def test_scores_are_zero_where_a_firm_tells_nothing(estimate):
    _, estimates = estimate()
    assert not estimates.scores[~estimates.used].any()
    np.testing.assert_allclose(estimates.scores.sum(axis=0), 0, atol=1e-8)


def test_separation_is_found_and_named(estimate, counts):
    firms = counts().assign(idle=lambda rows: (rows["patents"] == 0) & (rows["rd"] > 0))
    with pytest.raises(NotEstimated, match="separation by idle"):
        estimate(firms, regressors=["rd", "idle"])


def test_separation_within_firms_is_found_though_firms_differ_in_level(estimate, counts):
    """Idle hours above the firm's usual ones, which are its own, foretell a zero."""
    firms = counts()
    usual = firms["firm_id"].str[1:].astype(int)
    firms["hours"] = usual + ((firms["patents"] == 0) & (firms["rd"] > 0))
    with pytest.raises(NotEstimated, match="separation by hours"):
        estimate(firms, regressors=["rd", "hours"])


def test_separation_by_a_wave_effect_and_a_regressor_is_found(estimate, counts):
    firms = counts().assign(idle=lambda rows: (rows["patents"] == 0) & (rows["rd"] > 0))
    with pytest.raises(NotEstimated, match="separation by idle"):
        estimate(firms, regressors=["rd", "idle"], fixed_effects=TWO_WAYS)


def test_iterations_that_do_not_end_are_reported(run, make_model, counts, monkeypatch):
    monkeypatch.setattr(fe_poisson, "_ITERATIONS", 1)
    model = make_model(estimator="fe_poisson", outcome="patents", fixed_effects=["firm_id"])
    assert run(model, counts()).fits["status"].item() == "not estimated: no convergence after 1 iterations"


def test_a_regressor_that_varies_in_firms_of_zeros_only_is_named(estimate, counts):
    firms = counts()
    never = firms.groupby("firm_id")["patents"].transform("sum") == 0
    firms["pilot"] = never & (firms["wave"] == "2016")
    with pytest.raises(NotEstimated, match=r"collinear: pilot \(no variation within firm_id\)"):
        estimate(firms, regressors=["rd", "pilot"])


def test_an_outcome_of_zeros_alone_is_constant(run, make_model, counts):
    model = make_model(estimator="fe_poisson", outcome="patents", fixed_effects=["firm_id"])
    status = run(model, counts().assign(patents=0)).fits["status"].item()
    assert status == "not estimated: constant outcome: patents"


def test_a_negative_count_is_refused(run, make_model, counts):
    model = make_model(estimator="fe_poisson", outcome="output", fixed_effects=["firm_id"])
    assert "must not be negative" in run(model, counts()).fits["status"].item()


def test_the_unit_of_a_regressor_does_not_matter(estimate, counts):
    firms = counts().assign(scaled=lambda rows: rows["rd"] * 1e9)
    plain, scaled = (estimate(firms, regressors=[name])[1] for name in ("rd", "scaled"))
    np.testing.assert_allclose(scaled.params * 1e9, plain.params, **ITERATED)
    np.testing.assert_allclose(scaled.information / 1e18, plain.information, **ITERATED)


def presample(**declared):
    return {"estimator": "presample_poisson", "fixed_effects": [], "presample": {"waves": ["2014", "2016"]}, **declared}


def test_the_presample_mean_is_that_of_the_firms_earlier_outcome(estimate, counts):
    firms = counts()
    sample, estimates = estimate(firms, **presample())
    early = firms[firms["wave"].isin(["2014", "2016"])].groupby("firm_id")["patents"].mean()
    late = firms[~firms["wave"].isin(["2014", "2016"])]
    mean = late["firm_id"].map(early).to_numpy()
    zero = mean == 0
    columns = np.column_stack(
        [np.ones(len(late)), late["rd"], late["cooperation"].astype(float), np.log(np.where(zero, 1, mean)), zero]
    )
    other = sm.GLM(late["patents"].to_numpy(), columns, family=sm.families.Poisson()).fit(tol=1e-12)
    assert estimates.terms == ("const", "rd", "cooperation", "log(presample_mean)", "presample_zero")
    np.testing.assert_allclose(estimates.params, other.params, **ITERATED)
    np.testing.assert_array_equal(estimates.used, sample.keys["wave"].isin(["2018", "2020"]))


@pytest.mark.parametrize("weights", ["none", "final"])
def test_the_marginal_effects_beside_the_presample_mean_are_those_of_small_steps(estimate, counts, weights):
    sample, estimates = estimate(
        counts(), **presample(regressors=["rd", "cooperation", "rd:cooperation"], weights=weights)
    )
    used, k = estimates.used, 4
    columns, past = sample.exogenous.columns[used], estimates.own.columns[:, k:]
    shares = np.ones(len(columns)) if sample.weights is None else sample.weights[used]
    rd, cooperation = columns[:, 1], columns[:, 2]

    def mean(params, rd, cooperation):
        design = np.column_stack([np.ones(len(rd)), rd, cooperation, rd * cooperation, past])
        return np.average(np.exp(design @ params), weights=shares)

    def expected(params, step=1e-5):
        zeros, ones = np.zeros(len(rd)), np.ones(len(rd))
        slope = (mean(params, rd + step, cooperation) - mean(params, rd - step, cooperation)) / (2 * step)
        return np.array([slope, mean(params, rd, ones) - mean(params, rd, zeros)])

    covariance = np.linalg.inv(estimates.information)
    found = marginal_effects(estimates, sample, covariance)
    assert found.names == ("ame:rd", "ame:cooperation", "ame:rd:cooperation")
    # Central differences leave the square of their step and, of a second one, rounding over the step.
    np.testing.assert_allclose(found.values[:2], expected(estimates.params), rtol=1e-8)
    steps = 1e-4 * np.eye(len(estimates.params))
    moves = [(expected(estimates.params + one) - expected(estimates.params - one)) / 2e-4 for one in steps]
    errors = np.sqrt(np.diag(np.transpose(moves) @ covariance @ np.array(moves)))
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance))[:2], errors, rtol=1e-5)


def test_before_names_the_first_wave_of_the_sample(estimate):
    _, by_list = estimate(**presample())
    _, before = estimate(**presample(presample={"before": 2018}))
    np.testing.assert_array_equal(before.params, by_list.params)


def test_presample_rows_need_no_regressors(estimate, counts):
    firms = counts()
    bare = firms.copy()
    bare.loc[bare["wave"].isin(["2014", "2016"]), "rd"] = np.nan
    np.testing.assert_array_equal(estimate(bare, **presample())[1].params, estimate(firms, **presample())[1].params)


def test_firms_without_a_past_are_left_out_and_counted(estimate, counts):
    firms = counts().query("firm_id >= 'F0020' or wave > '2016'").reset_index(drop=True)
    _, estimates = estimate(firms, **presample())
    assert estimates.warnings == ("20 firms left out: no outcome in the pre-sample waves",)


def test_no_presample_wave_in_the_data_is_no_estimate(estimate):
    with pytest.raises(NotEstimated, match="no firm has an outcome in the pre-sample waves 1999"):
        estimate(**presample(presample={"waves": [1999]}))


def test_an_unknown_first_wave_is_named(estimate):
    with pytest.raises(NotEstimated, match="presample: no row of the wave 2030"):
        estimate(**presample(presample={"before": 2030}))


def test_the_presample_waves_must_be_declared(make_model):
    with pytest.raises(StudyError, match=r"needs `presample`\. Its keys: waves, before"):
        make_model(estimator="presample_poisson", outcome="patents")


def test_a_misspelt_key_of_the_presample_waves_suggests_the_near_one(make_model):
    with pytest.raises(StudyError, match="Did you mean waves"):
        make_model(estimator="presample_poisson", outcome="patents", presample={"wave": [2014]})


def test_a_regressor_without_variation_after_the_past_is_named(estimate, counts):
    firms = counts().assign(early=lambda rows: rows["wave"] == "2014")
    with pytest.raises(NotEstimated, match=r"collinear: early \(no variation after the pre-sample waves\)"):
        estimate(firms, **presample(regressors=["rd", "early"]))


def test_a_wave_before_the_sample_is_dropped_from_the_controls(estimate):
    _, estimates = estimate(**presample(controls=["C(wave)"]))
    assert "wave[2016]" not in estimates.terms
    assert any(note.startswith("dropped wave[2016]") for note in estimates.warnings)


def test_the_past_of_a_firm_takes_the_place_of_its_effect(estimate, counts):
    """A long past leaves little of what is particular to a firm, to which rd is related."""
    waves = tuple(str(year) for year in range(1990, 2022))
    firms = counts(n=400, waves=waves)
    firms["patents"] = np.random.default_rng(1).poisson(
        np.exp(EFFECTS[0] * firms["rd"] + np.repeat(np.random.default_rng(8).normal(size=400), len(waves)) - 0.5)
    )
    _, with_past = estimate(firms, **presample(presample={"before": "2018"}, regressors=["rd"]))
    late = firms[firms["wave"] >= "2018"].reset_index(drop=True)
    _, without = estimate(late, estimator="poisson", fixed_effects=[], regressors=["rd"])
    # Standard error about 0.02; the past is a mean of 28 waves.
    assert abs(with_past.params[1] - EFFECTS[0]) < 0.1
    assert without.params[1] > EFFECTS[0] + 0.15


def test_a_presample_fit_counts_the_rows_that_it_used(run, make_model, counts):
    model = make_model(estimator="presample_poisson", outcome="patents", presample={"waves": ["2014", "2016"]})
    assert run(model, counts()).fits["n"].item() == 2 * 150
