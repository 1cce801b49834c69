"""LIML and GMM, and what is known of instruments: against linearmodels and published numbers, and on the flags."""

import numpy as np
import pandas as pd
import pytest
from linearmodels.datasets import mroz
from linearmodels.iv import IV2SLS, IVGMM, IVLIML

from innosurvey.models.covariance import covariance_of
from innosurvey.models.engines import engine_of
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample
from innosurvey.models.spec import CovarianceSpec

EFFECT = 0.5
SAME = {"rtol": 1e-7, "atol": 1e-10}


def make_instrumented(n=400, strength=1.0, seed=9, waves=("2014", "2016")):
    """Return firms whose rd shares a hidden cause with output and is moved by three instruments, the firms' errors
    unequal and related over the waves.
    """
    random = np.random.default_rng(seed)
    rows = n * len(waves)
    support, distance, talent = random.normal(size=(3, rows))
    hidden = random.normal(size=rows) + np.repeat(random.normal(size=n), len(waves))
    size = random.normal(size=rows)
    rd = strength * (support + 0.5 * distance) + 0.3 * size + hidden + random.normal(size=rows)
    spread = np.exp(0.4 * support)
    return pd.DataFrame(
        {
            "firm_id": np.repeat([f"F{number:04d}" for number in range(n)], len(waves)),
            "wave": np.tile(waves, n),
            "group": "all",
            "weight_final": random.uniform(1, 5, rows),
            "rd": rd,
            "staff": rd + random.normal(size=rows) + 2 * talent,
            "size": size,
            "support": support,
            "distance": distance,
            "talent": talent,
            "output": EFFECT * rd + size - hidden + spread * random.normal(size=rows),
        }
    )


@pytest.fixture
def declared():
    """A model with one endogenous term and three instruments, with what the test declares instead."""

    def made(**changes):
        return {
            "regressors": ["size"],
            "endogenous": ["rd"],
            "instruments": ["support", "distance", "talent"],
            "estimator": "iv2sls",
            **changes,
        }

    return made


@pytest.fixture
def estimate(make_model, declared):
    def estimated(firms=None, **changes):
        spec = make_model(**declared(**changes))
        sample = build_sample(spec, select_rows(spec, make_instrumented() if firms is None else firms))
        return sample, engine_of(spec.estimator)(sample)

    return estimated


@pytest.fixture
def diagnose(run, make_model, declared):
    """Return the diagnostics of a model by name."""

    def diagnosed(firms=None, **changes):
        results = run(make_model(**declared(**changes)), make_instrumented() if firms is None else firms)
        assert results.fits["status"].item() == "ok"
        return results.diagnostics.set_index("name")

    return diagnosed


def blocks(sample):
    return sample.outcome, sample.exogenous.columns, sample.endogenous.columns, sample.instruments.columns


def matrix(estimates, sample, **rule):
    return covariance_of(estimates, CovarianceSpec(**rule), sample.grouping).matrix


@pytest.mark.parametrize("weights", ["none", "final"])
@pytest.mark.parametrize("fuller", [0, 1])
def test_liml_and_its_classical_errors_are_those_of_linearmodels(estimate, fuller, weights):
    sample, estimates = estimate(estimator="liml", fuller=fuller, weights=weights)
    other = IVLIML(*blocks(sample), weights=sample.weights, fuller=fuller).fit(cov_type="unadjusted", debiased=True)
    np.testing.assert_allclose(estimates.params, other.params, **SAME)
    np.testing.assert_allclose(matrix(estimates, sample, type="classical"), other.cov, **SAME)


def test_robust_errors_of_liml_are_those_of_its_own_moments(estimate):
    """linearmodels puts the fitted regressors into the meat, whose scores do not sum to zero: it differs by the share
    that κ is from one.
    """
    sample, estimates = estimate(estimator="liml")
    other = IVLIML(*blocks(sample)).fit(cov_type="robust")
    kappa = other.kappa
    regressors = np.column_stack(blocks(sample)[1:3])
    onto = np.column_stack([sample.exogenous.columns, sample.instruments.columns])
    fitted = onto @ np.linalg.lstsq(onto, regressors, rcond=None)[0]
    residuals = sample.outcome - regressors @ estimates.params
    moved = regressors - kappa * (regressors - fitted)
    bread = np.linalg.inv(moved.T @ regressors)
    meat = (moved * residuals[:, None]).T @ (moved * residuals[:, None])
    found = matrix(estimates, sample, type="robust", small_sample="none")
    np.testing.assert_allclose(found, bread @ meat @ bread, **SAME)
    np.testing.assert_allclose(found, other.cov, rtol=20 * (kappa - 1), atol=1e-5)


@pytest.mark.parametrize("estimator", ["iv2sls", "liml", "iv_gmm"])
@pytest.mark.parametrize("weights", ["none", "final"])
def test_the_moments_are_zero_at_the_estimate(estimate, estimator, weights):
    _, estimates = estimate(estimator=estimator, weights=weights)
    # Sums of 800 rows of order one.
    np.testing.assert_allclose(estimates.scores.sum(axis=0), 0, atol=1e-7)


def test_liml_of_as_many_instruments_as_terms_is_two_stage_least_squares(estimate):
    _, liml = estimate(estimator="liml", instruments=["support"])
    _, two_stage = estimate(instruments=["support"])
    np.testing.assert_allclose(liml.params, two_stage.params, rtol=1e-6)


@pytest.mark.parametrize("weights", ["none", "final"])
def test_gmm_and_its_robust_errors_are_those_of_linearmodels(estimate, weights):
    sample, estimates = estimate(estimator="iv_gmm", weights=weights)
    other = IVGMM(*blocks(sample), weights=sample.weights).fit(iter_limit=2, cov_type="robust")
    np.testing.assert_allclose(estimates.params, other.params, **SAME)
    np.testing.assert_allclose(matrix(estimates, sample, type="robust", small_sample="none"), other.cov, **SAME)


def test_gmm_with_clusters_weighs_by_them_as_linearmodels_does(estimate):
    sample, estimates = estimate(estimator="iv_gmm", covariance={"type": "cluster", "by": ["firm_id"]})
    codes = sample.grouping.clusters[0]
    model = IVGMM(*blocks(sample), weight_type="clustered", clusters=codes)
    other = model.fit(iter_limit=2, cov_type="clustered", clusters=codes)
    np.testing.assert_allclose(estimates.params, other.params, **SAME)
    found = matrix(estimates, sample, type="cluster", by=("firm_id",), small_sample="none")
    np.testing.assert_allclose(found, other.cov, **SAME)


def test_classical_errors_of_gmm_take_its_weight_as_right(estimate):
    """(X'Z S⁻¹ Z'X)⁻¹, S the moments' covariance at the residuals of 2SLS."""
    sample, estimates = estimate(estimator="iv_gmm")
    first = estimate()[1]
    regressors = np.column_stack(blocks(sample)[1:3])
    columns = np.column_stack([sample.exogenous.columns, sample.instruments.columns])
    scores = columns * (sample.outcome - regressors @ first.params)[:, None]
    cross = columns.T @ regressors
    expected = np.linalg.inv(cross.T @ np.linalg.solve(scores.T @ scores, cross))
    np.testing.assert_allclose(matrix(estimates, sample, type="classical"), expected, **SAME)


def test_gmm_is_more_certain_than_two_stage_least_squares_where_variances_differ(estimate):
    firms = make_instrumented(n=3000)
    errors = [
        np.sqrt(matrix(*reversed(estimate(firms, estimator=name)), type="robust")[-1, -1])
        for name in ("iv_gmm", "iv2sls")
    ]
    assert errors[0] < errors[1]


@pytest.mark.parametrize("estimator", ["liml", "iv_gmm"])
def test_an_effect_is_recovered_that_least_squares_misses(estimate, estimator):
    _, estimates = estimate(make_instrumented(n=2000), estimator=estimator)
    # Standard error about 0.03; least squares is off by -2 / 4.
    assert abs(estimates.params[-1] - EFFECT) < 0.12


def test_two_way_clusters_serve_instruments_too(estimate):
    waves = tuple(str(year) for year in range(2000, 2012))
    rule = {"type": "cluster", "by": ["firm_id", "wave"], "small_sample": "none"}
    sample, estimates = estimate(make_instrumented(n=60, waves=waves), covariance=rule)
    codes = np.column_stack(sample.grouping.clusters)
    other = IV2SLS(*blocks(sample)).fit(cov_type="clustered", clusters=codes)
    found = matrix(estimates, sample, type="cluster", by=("firm_id", "wave"), small_sample="none")
    np.testing.assert_allclose(found, other.cov, **SAME)


def test_sargan_basmann_and_the_test_of_endogeneity_are_those_of_linearmodels(estimate, diagnose):
    sample, _ = estimate()
    other = IV2SLS(*blocks(sample)).fit(cov_type="unadjusted")
    found = diagnose(covariance="classical")
    assert found.loc["overidentification: Sargan", "statistic"] == pytest.approx(other.sargan.stat)
    assert found.loc["overidentification: Basmann", "statistic"] == pytest.approx(other.basmann.stat)
    wu = other.wu_hausman()
    test = found.loc["Durbin-Wu-Hausman"]
    assert (test["statistic"], test["df"], test["df2"]) == (pytest.approx(wu.stat), 1, wu.df_denom)


def test_hansens_j_is_that_of_gmm(estimate, diagnose):
    sample, _ = estimate()
    other = IVGMM(*blocks(sample)).fit(iter_limit=2)
    test = diagnose(covariance="robust").loc["overidentification: Hansen J"]
    assert (test["statistic"], test["df"]) == (pytest.approx(other.j_stat.stat), 2)


def test_hansens_j_with_clusters_is_that_of_clustered_gmm(estimate, diagnose):
    rule = {"type": "cluster", "by": ["firm_id"]}
    sample, _ = estimate(covariance=rule)
    model = IVGMM(*blocks(sample), weight_type="clustered", clusters=sample.grouping.clusters[0])
    test = diagnose(covariance=rule).loc["overidentification: Hansen J"]
    assert test["statistic"] == pytest.approx(model.fit(iter_limit=2).j_stat.stat)


def test_instruments_that_move_the_outcome_themselves_are_found_out(diagnose):
    firms = make_instrumented(n=1000)
    firms["output"] += 0.5 * firms["distance"]
    assert diagnose(firms).loc["overidentification: Hansen J", "p"] < 0.001
    assert diagnose().loc["overidentification: Hansen J", "p"] > 0.001


def test_exact_identification_leaves_nothing_to_test(diagnose):
    assert not [name for name in diagnose(instruments=["support"]).index if name.startswith("overidentification")]


def test_anderson_and_rubins_test_is_that_of_the_instruments_in_the_reduced_form(estimate, diagnose):
    sample, _ = estimate()
    outcome, exogenous, _, instruments = blocks(sample)
    both = np.column_stack([exogenous, instruments])
    left, right = (
        np.sum((outcome - part @ np.linalg.lstsq(part, outcome, rcond=None)[0]) ** 2) for part in (exogenous, both)
    )
    test = diagnose(covariance="classical").loc["Anderson-Rubin: rd = 0"]
    df2 = len(outcome) - both.shape[1]
    assert (test["statistic"], test["df2"]) == (pytest.approx((left - right) / 3 / (right / df2)), df2)


@pytest.mark.parametrize("rule", ["classical", "robust", {"type": "cluster", "by": ["firm_id"]}])
def test_the_ends_of_the_interval_are_just_not_rejected(run, make_model, declared, rule):
    """At either end of the set the test of the instruments on output less the effect of rd has p = 5 %."""
    firms = make_instrumented()
    note = run(make_model(**declared(covariance=rule)), firms).diagnostics.set_index("name")["note"]
    ends = note["Anderson-Rubin: rd = 0"].split(": ")[1].strip("[]").split(", ")
    for end in map(float, ends):
        shifted = firms.assign(output=firms["output"] - end * firms["rd"])
        test = run(make_model(**declared(covariance=rule)), shifted).diagnostics.set_index("name")
        # The note prints four digits.
        assert test.loc["Anderson-Rubin: rd = 0", "p"] == pytest.approx(0.05, abs=0.002)


def test_the_interval_holds_the_truth_in_nineteen_of_twenty_samples_though_instruments_are_weak(diagnose):
    """Where the first stage has an F of about one, in 100 samples."""
    held = 0
    for seed in range(100):
        firms = make_instrumented(n=60, strength=0.1, seed=seed, waves=("2014",))
        firms["output"] -= EFFECT * firms["rd"]
        held += diagnose(firms, covariance="classical").loc["Anderson-Rubin: rd = 0", "p"] > 0.05
    # A test that is exact but for the unequal variances: 95, with a standard deviation of 2.2.
    assert 88 <= held <= 100


def test_a_weak_first_stage_is_said_and_its_interval_may_be_unbounded(run, make_model, declared):
    firms = make_instrumented(n=60, strength=0.02, waves=("2014",))
    results = run(make_model(**declared(instruments=["support"])), firms)
    found = results.diagnostics.set_index("name")
    assert "(weak, below 10)" in results.fits["warnings"].item()
    assert found.loc["first-stage F: rd", "note"] == "weak, below 10"
    assert found.loc["effective F: rd", "note"].startswith("not above 23.1")
    assert found.loc["Anderson-Rubin: rd = 0", "note"] == "95% set of effects: all values"


def test_the_effective_f_is_the_first_stage_f_under_classical_errors_and_not_under_others(diagnose):
    classical, robust = diagnose(covariance="classical"), diagnose(covariance="robust")
    names = ["first-stage F: rd", "effective F: rd"]
    assert classical.loc[names[0], "statistic"] == pytest.approx(classical.loc[names[1], "statistic"])
    assert robust.loc[names[0], "statistic"] != pytest.approx(robust.loc[names[1], "statistic"], rel=1e-3)


def test_with_one_endogenous_term_underidentification_is_the_first_stage(diagnose):
    found = diagnose(covariance={"type": "robust", "small_sample": "none"})
    rank = found.loc["underidentification: Kleibergen-Paap rk Wald"]
    first = found.loc["first-stage F: rd"]
    # Without a factor both are Wald's chi-squared of the three instruments.
    assert (rank["statistic"], rank["df"]) == (pytest.approx(first["statistic"]), 3)


def test_underidentification_has_no_factor_for_small_samples(diagnose):
    found = diagnose(covariance="robust")
    rank = found.loc["underidentification: Kleibergen-Paap rk Wald", "statistic"]
    # The first stage's F has n / (n - K) in its covariance: 800 rows, and a constant, size and three instruments.
    assert rank == pytest.approx(3 * found.loc["first-stage F: rd", "statistic"] * 800 / 795)


def test_two_terms_that_one_instrument_moves_are_underidentified_though_each_first_stage_is_strong(diagnose):
    firms = make_instrumented(n=1000)
    firms["staff"] = firms["rd"] + np.random.default_rng(1).normal(size=len(firms))
    found = diagnose(firms, endogenous=["rd", "staff"], covariance="robust")
    assert found.loc["first-stage F: rd", "statistic"] > 100
    assert found.loc["first-stage F: staff", "statistic"] > 100
    rank = found.loc["underidentification: Kleibergen-Paap rk Wald"]
    assert rank["df"] == 2
    assert rank["p"] > 0.001


def test_two_terms_that_two_instruments_move_are_identified(diagnose):
    rank = diagnose(endogenous=["rd", "staff"]).loc["underidentification: Kleibergen-Paap rk Wald"]
    assert rank["p"] < 1e-6


def test_the_least_canonical_correlation_gives_cragg_and_donald(estimate, diagnose):
    sample, _ = estimate(endogenous=["rd", "staff"])
    _, exogenous, endogenous, instruments = blocks(sample)
    ends, moves = (
        part - exogenous @ np.linalg.lstsq(exogenous, part, rcond=None)[0] for part in (endogenous, instruments)
    )
    fitted = moves @ np.linalg.lstsq(moves, ends, rcond=None)[0]
    least = np.linalg.eigvals(np.linalg.solve(ends.T @ ends, fitted.T @ fitted)).real.min()
    found = diagnose(endogenous=["rd", "staff"], covariance="classical")
    expected = len(ends) * least / (1 - least)
    assert found.loc["underidentification: Cragg-Donald Wald", "statistic"] == pytest.approx(expected)


@pytest.mark.parametrize("estimator", ["iv2sls", "liml", "iv_gmm"])
def test_instruments_that_do_not_move_the_term_at_all_are_refused(estimate, estimator):
    firms = make_instrumented()
    design = np.column_stack([np.ones(len(firms)), firms["size"], firms["rd"]])
    firms["idle"] = firms["talent"] - design @ np.linalg.lstsq(design, firms["talent"], rcond=None)[0]
    with pytest.raises(NotEstimated, match="underidentified: the instruments do not move"):
        estimate(firms, estimator=estimator, instruments=["idle"])


def test_more_instruments_than_firms_are_said(run, make_model, declared):
    waves = tuple(str(year) for year in range(2000, 2012))
    firms = make_instrumented(n=32, waves=waves)
    random = np.random.default_rng(1)
    names = [f"z{number}" for number in range(33)]
    firms[names] = random.normal(size=(len(firms), 33)) + firms[["support"]].to_numpy()
    warnings = run(make_model(**declared(instruments=names)), firms).fits["warnings"].item()
    assert "more instruments (33) than firms (32)" in warnings


def test_fewer_clusters_than_moments_leave_gmm_without_a_weight(estimate):
    with pytest.raises(NotEstimated, match="fewer clusters than moments"):
        estimate(estimator="iv_gmm", covariance={"type": "cluster", "by": ["wave"]})


def test_what_can_not_be_computed_says_why(diagnose):
    firms = make_instrumented()
    found = diagnose(firms, covariance={"type": "cluster", "by": ["wave"]})
    assert found.loc["overidentification: Hansen J", "note"] == "not computed: too few clusters for its covariance"
    assert np.isnan(found.loc["first-stage F: rd", "statistic"])


def test_wages_by_education_in_the_textbook(diagnose):
    """Wooldridge, Introductory Econometrics, examples 15.5 and 15.8: 428 women. First stage F = 55.40; with the
    husband's education as a third instrument n R² = 1.11 for two restrictions, p = .574.
    """
    women = mroz.load().reset_index(drop=True)
    women = women.assign(firm_id=[f"{number:04d}" for number in range(len(women))], wave="1", group="all")
    model = {
        "outcome": "lwage", "regressors": ["exper", "expersq"], "endogenous": ["educ"], "covariance": "classical",
    }  # fmt: skip
    two = diagnose(women, **model, instruments=["motheduc", "fatheduc"])
    three = diagnose(women, **model, instruments=["motheduc", "fatheduc", "huseduc"])
    assert two.loc["first-stage F: educ", "statistic"] == pytest.approx(55.40, abs=0.006)
    sargan = three.loc["overidentification: Sargan"]
    # The book multiplies a rounded R² by 428.
    assert (sargan["statistic"], sargan["p"]) == (pytest.approx(1.11, abs=0.01), pytest.approx(0.574, abs=0.003))
    # Example 15.7: the first stage's residual has t = 1.67, so that t² = 2.79.
    assert two.loc["Durbin-Wu-Hausman", "statistic"] == pytest.approx(1.67**2, abs=0.02)
