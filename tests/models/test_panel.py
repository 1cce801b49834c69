"""Random effects, firm means, between, first differences: closed forms, the libraries, known truths, flags."""

import numpy as np
import pandas as pd
import pytest
from linearmodels.panel import BetweenOLS, FirstDifferenceOLS, RandomEffects

from innosurvey.models.covariance import covariance_of
from innosurvey.models.engines import engine_of
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample
from innosurvey.models.spec import CovarianceSpec

# One least-squares problem by two algorithms.
ROUNDING = {"rtol": 1e-8, "atol": 1e-10}
EFFECT = 0.5
ESTIMATORS = ["random_effects", "mundlak", "between", "first_difference"]


@pytest.fixture
def estimate(make_model, make_firms):
    """Return the sample and the estimates of a model on simulated firms."""

    def estimated(firms=None, **declared):
        spec = make_model(**{"regressors": ["rd", "cooperation"], **declared})
        sample = build_sample(spec, select_rows(spec, make_firms() if firms is None else firms))
        return sample, engine_of(spec.estimator)(sample)

    return estimated


@pytest.fixture
def unbalanced(make_firms):
    """A panel with firms of one, two and three waves, in no order."""
    firms = make_firms(n=80)
    return firms.drop(index=[0, 1, 7, 33, 100, 170]).sample(frac=1, random_state=3).reset_index(drop=True)


def as_panel(sample):
    """Return outcome and columns as linearmodels wants them."""
    index = pd.MultiIndex.from_arrays([pd.factorize(sample.keys["firm_id"])[0], sample.periods])
    return pd.Series(sample.outcome, index=index), pd.DataFrame(
        sample.exogenous.columns, index=index, columns=list(sample.exogenous.names)
    )


def errors(estimates, sample, **rule):
    return np.sqrt(np.diag(covariance_of(estimates, CovarianceSpec(**rule), sample.grouping).matrix))


def unused_are_zero(estimates):
    return estimates.used is None or not estimates.scores[~estimates.used].any()


@pytest.mark.parametrize("weights", ["none", "final"])
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_scores_sum_to_zero_and_unused_rows_have_none(estimate, unbalanced, estimator, weights):
    _, estimates = estimate(unbalanced, estimator=estimator, weights=weights)
    # Sums of some 230 rows of order one.
    np.testing.assert_allclose(estimates.scores.sum(axis=0), 0, atol=1e-9)
    assert unused_are_zero(estimates)


def test_random_effects_and_their_errors_are_those_of_linearmodels(estimate, unbalanced):
    sample, estimates = estimate(unbalanced, estimator="random_effects")
    other = RandomEffects(*as_panel(sample)).fit()
    np.testing.assert_allclose(estimates.params, other.params, **ROUNDING)
    np.testing.assert_allclose(errors(estimates, sample, type="classical"), other.std_errors, **ROUNDING)


def test_clustered_errors_of_random_effects_are_those_of_linearmodels(estimate, unbalanced):
    rule = {"type": "cluster", "by": ["firm_id"]}
    sample, estimates = estimate(unbalanced, estimator="random_effects", covariance=rule)
    other = RandomEffects(*as_panel(sample)).fit(cov_type="clustered", cluster_entity=True, group_debias=True)
    found = errors(estimates, sample, type="cluster", by=("firm_id",))
    np.testing.assert_allclose(found, other.std_errors, **ROUNDING)


def test_random_effects_are_generalised_least_squares(estimate, make_firms):
    """By the inverse of each firm's 3 × 3 covariance, with the variances of Swamy and Arora."""
    sample, estimates = estimate(make_firms(n=50), estimator="random_effects")
    columns, outcome = sample.exogenous.columns.reshape(50, 3, -1), sample.outcome.reshape(50, 3)
    within = columns[:, :, 1:] - columns[:, :, 1:].mean(axis=1, keepdims=True)
    change = outcome - outcome.mean(axis=1, keepdims=True)
    slopes = np.linalg.lstsq(within.reshape(150, -1), change.reshape(150), rcond=None)[0]
    error = ((change - within @ slopes) ** 2).sum() / (150 - 50 - 2)
    means, mean = columns.mean(axis=1), outcome.mean(axis=1)
    between = mean - means @ np.linalg.lstsq(means, mean, rcond=None)[0]
    particular = (between @ between) / (50 - 3) - error / 3
    inverse = np.linalg.inv(error * np.eye(3) + particular)
    information = sum(firm.T @ inverse @ firm for firm in columns)
    pull = sum(firm.T @ inverse @ values for firm, values in zip(columns, outcome, strict=True))
    np.testing.assert_allclose(estimates.params, np.linalg.solve(information, pull), **ROUNDING)


def test_random_effects_recover_an_effect_that_is_unrelated_to_firms(estimate, make_firms):
    firms = make_firms(n=1000)
    random = np.random.default_rng(3)
    firms["rd"] = random.normal(size=len(firms))
    firms["output"] = EFFECT * firms["rd"] + np.repeat(random.normal(size=1000), 3) + random.normal(size=len(firms))
    # Standard error about 1 / sqrt(2,400).
    assert abs(estimate(firms, estimator="random_effects", regressors=["rd"])[1].params[1] - EFFECT) < 0.08


def test_effects_without_variance_leave_pooled_least_squares_and_a_note(estimate, make_firms):
    firms = make_firms(n=50)
    # Errors that cancel within firms: the firms' means vary less than the errors explain.
    firms["output"] = firms["rd"] + np.tile([1.0, -1.0, 0.0], 50) * np.random.default_rng(1).normal(size=150) ** 0
    _, estimates = estimate(firms, estimator="random_effects", regressors=["rd"])
    pooled = estimate(firms, regressors=["rd"])[1]
    np.testing.assert_allclose(estimates.params, pooled.params, **ROUNDING)
    assert estimates.warnings == ("the firms' effects have no variance: pooled least squares",)


@pytest.mark.parametrize("effects", ["random", "pooled"])
def test_slopes_beside_firm_means_are_those_of_fixed_effects(estimate, unbalanced, effects):
    _, found = estimate(unbalanced, estimator="mundlak", effects=effects)
    fixed = estimate(unbalanced, estimator="fe", fixed_effects=["firm_id"])[1]
    assert found.terms == ("const", "rd", "cooperation", "mean(rd)", "mean(cooperation)")
    np.testing.assert_allclose(found.params[1:3], fixed.params, **ROUNDING)


def test_firm_means_of_waves_in_a_balanced_panel_are_dropped_and_said(estimate):
    _, found = estimate(estimator="mundlak", controls=["C(wave)"])
    assert "mean(wave[2016])" not in found.terms
    assert found.warnings == ("dropped mean(wave[2016]), mean(wave[2018]) (no information of their own)",)


def test_firm_means_tell_that_effects_are_related_to_regressors(run, make_model, make_firms):
    firms = make_firms(n=400)
    found = run(make_model(estimator="mundlak"), firms).diagnostics.set_index("name")
    assert found.loc["Mundlak: firm means", "p"] < 1e-6


def test_the_test_of_firm_means_is_walds_under_the_declared_covariance(run, make_model, make_firms):
    model = make_model(estimator="mundlak", covariance={"type": "cluster", "by": ["firm_id"]})
    results = run(model, make_firms())
    slope = results.coefficients.set_index("term").loc["mean(rd)"]
    test = results.diagnostics.set_index("name").loc["Mundlak: firm means"]
    assert test["statistic"] == pytest.approx(slope["statistic"] ** 2)
    assert (test["df"], test["df2"]) == (1, 199)


def test_a_test_of_firm_means_that_clusters_can_not_support_says_why(run, make_model, make_firms):
    firms = make_firms().assign(age=lambda rows: rows["rd"] ** 2, staff=lambda rows: rows["rd"] ** 3)
    rule = {"type": "cluster", "by": ["wave"]}
    results = run(make_model(estimator="mundlak", regressors=["rd", "age", "staff"], covariance=rule), firms)
    assert results.fits["status"].item() == "ok"
    note = results.diagnostics.set_index("name").loc["Mundlak: firm means", "note"]
    assert note == "not computed: too few clusters for its covariance"


def test_hausmans_test_is_the_distance_of_two_estimates(run, make_model, make_firms):
    firms = make_firms()
    found = run(make_model(estimator="random_effects"), firms).diagnostics.set_index("name")
    frame = firms.assign(const=1.0, wave=firms["wave"].astype(int)).set_index(["firm_id", "wave"])
    other = RandomEffects(frame["output"], frame[["const", "rd"]]).fit()
    within = frame[["output", "rd"]] - frame[["output", "rd"]].groupby("firm_id").transform("mean")
    square = (within["rd"] ** 2).sum()
    distance = (within["rd"] * within["output"]).sum() / square - other.params["rd"]
    expected = distance**2 / (float(other.s2) / square - other.std_errors["rd"] ** 2)
    test = found.loc["Hausman: random against fixed effects"]
    assert (test["statistic"], test["df"]) == (pytest.approx(expected, rel=1e-8), 1)


def test_hausmans_test_leaves_out_what_both_estimate_alike(run, make_model, make_firms):
    """Wave dummies of a balanced panel: orthogonal to what is the firm's own, so both estimates of them are one."""
    model = make_model(estimator="random_effects", regressors=["rd", "cooperation"], controls=["C(wave)"])
    test = run(model, make_firms()).diagnostics.set_index("name").loc["Hausman: random against fixed effects"]
    assert test["df"] == 2
    assert test["p"] < 1e-6


def test_between_is_least_squares_of_firm_means(estimate, unbalanced):
    sample, estimates = estimate(unbalanced, estimator="between")
    other = BetweenOLS(*as_panel(sample)).fit()
    np.testing.assert_allclose(estimates.params, other.params, **ROUNDING)
    np.testing.assert_allclose(errors(estimates, sample, type="classical"), other.std_errors, **ROUNDING)


def test_a_firm_weighs_as_the_mean_of_its_rows(estimate, unbalanced):
    sample, estimates = estimate(unbalanced, estimator="between", weights="final")
    frame = pd.DataFrame(sample.exogenous.columns).assign(y=sample.outcome, firm=sample.keys["firm_id"].to_numpy())
    shares = pd.Series(sample.weights)
    total = shares.groupby(frame["firm"]).sum()
    means = frame.drop(columns="firm").mul(shares, axis=0).groupby(frame["firm"]).sum().div(total, axis=0)
    weights = shares.groupby(frame["firm"]).mean().to_numpy()
    design = means[[0, 1, 2]].to_numpy()
    expected = np.linalg.solve(design.T @ (design * weights[:, None]), design.T @ (weights * means["y"].to_numpy()))
    np.testing.assert_allclose(estimates.params, expected, **ROUNDING)


def test_a_change_weighs_as_its_later_row(estimate, make_firms):
    firms = make_firms(n=50, waves=["2014", "2016"])
    _, estimates = estimate(firms, estimator="first_difference", weights="final")
    later, earlier = (firms[firms["wave"] == wave].reset_index(drop=True) for wave in ("2016", "2014"))
    names = ["rd", "cooperation", "output"]
    change = (later[names].astype(float) - earlier[names].astype(float)).to_numpy()
    design = np.column_stack([np.ones(50), change[:, :2]])
    weights = later["weight_final"].to_numpy()
    expected = np.linalg.solve(design.T @ (design * weights[:, None]), design.T @ (weights * change[:, 2]))
    np.testing.assert_allclose(estimates.params, expected, **ROUNDING)


def test_between_counts_firms_as_its_rows(run, make_model, make_firms):
    fit = run(make_model(estimator="between"), make_firms(n=40)).fits.iloc[0]
    assert (fit["n"], fit["n_firms"]) == (40, 40)


def test_robust_errors_between_firms_are_those_of_the_means(estimate, unbalanced):
    sample, estimates = estimate(unbalanced, estimator="between")
    other = BetweenOLS(*as_panel(sample)).fit(cov_type="robust")
    np.testing.assert_allclose(errors(estimates, sample, type="robust"), other.std_errors, **ROUNDING)


def test_first_differences_are_those_of_linearmodels(estimate, make_firms):
    sample, estimates = estimate(make_firms(n=50), estimator="first_difference", constant=False)
    outcome, columns = as_panel(sample)
    other = FirstDifferenceOLS(outcome, columns.drop(columns="const")).fit(cov_type="robust")
    np.testing.assert_allclose(estimates.params, other.params, **ROUNDING)
    np.testing.assert_allclose(errors(estimates, sample, type="robust"), other.std_errors, **ROUNDING)


def test_a_wave_that_a_firm_missed_is_no_difference(run, make_model, make_firms):
    """Of 40 firms with three waves one lacks the middle one: no change can be told for it."""
    firms = make_firms(n=40).query("firm_id != 'F0007' or wave != '2016'")
    fit = run(make_model(estimator="first_difference"), firms).fits.iloc[0]
    assert (fit["n"], fit["n_firms"]) == (39 * 2, 39)


def test_rows_that_an_estimator_leaves_out_are_a_step_of_the_waterfall(run, make_model, make_firms):
    results = run(make_model(estimator="first_difference"), make_firms(n=40))
    last = results.waterfall.iloc[-1]
    assert (last["reason"], last["rows"], last["firms"]) == ("not used by first differences", 80, 40)


def test_the_order_of_rows_does_not_change_a_difference(estimate, make_firms):
    firms = make_firms(n=50)
    shuffled = firms.sample(frac=1, random_state=1).reset_index(drop=True)
    one, other = (estimate(part, estimator="first_difference")[1] for part in (firms, shuffled))
    np.testing.assert_allclose(one.params, other.params, **ROUNDING)


def test_the_constant_of_differences_is_the_drift(estimate, make_firms):
    firms = make_firms(n=1000)
    firms["output"] += 0.7 * firms["wave"].map({"2014": 0, "2016": 1, "2018": 2})
    _, estimates = estimate(firms, estimator="first_difference", regressors=["rd"])
    # Standard error about sqrt(2 / 2,000).
    assert abs(estimates.params[0] - 0.7) < 0.1
    assert abs(estimates.params[1] - EFFECT) < 0.1


def test_wave_dummies_hold_the_drift_already(estimate):
    _, estimates = estimate(estimator="first_difference", controls=["C(wave)"])
    assert estimates.terms == ("rd", "cooperation", "wave[2016]", "wave[2018]")
    assert estimates.warnings[0].startswith("dropped const (explained by wave[2016], wave[2018]")


def test_two_way_clusters_of_differences_see_the_used_rows_alone(run, make_model, make_firms):
    model = make_model(estimator="first_difference", covariance={"type": "cluster", "by": ["firm_id", "wave"]})
    assert run(model, make_firms(n=40)).fits["n_clusters"].item() == 2


@pytest.mark.parametrize("estimator", ["random_effects", "mundlak"])
def test_one_period_per_firm_is_no_panel(estimate, make_firms, estimator):
    with pytest.raises(NotEstimated, match=r"one period per firm|varies within firms"):
        estimate(make_firms(waves=["2014"]), estimator=estimator)


def test_one_period_per_firm_has_no_difference(estimate, make_firms):
    with pytest.raises(NotEstimated, match="no firm was seen in two periods in a row"):
        estimate(make_firms(waves=["2014"]), estimator="first_difference")


def test_firms_without_change_are_named_with_the_regressor(estimate, make_firms):
    firms = make_firms().assign(foreign=lambda rows: rows["firm_id"] < "F0100")
    with pytest.raises(NotEstimated, match=r"collinear: foreign \(no variation from one period to the next\)"):
        estimate(firms, estimator="first_difference", regressors=["rd", "foreign"])


def test_a_control_without_change_is_dropped_and_said(estimate, make_firms):
    firms = make_firms().assign(foreign=lambda rows: rows["firm_id"] < "F0100")
    _, estimates = estimate(firms, estimator="first_difference", controls=["foreign"])
    assert estimates.warnings == ("dropped foreign (no variation from one period to the next)",)


def test_no_variation_within_firms_leaves_nothing_to_average(estimate, make_firms):
    firms = make_firms().assign(foreign=lambda rows: rows["firm_id"] < "F0100")
    with pytest.raises(NotEstimated, match="no regressor varies within firms"):
        estimate(firms, estimator="mundlak", regressors=["foreign"])


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_firm_twice_in_a_wave_is_refused(run, make_model, make_firms, estimator):
    firms = pd.concat([make_firms(), make_firms().head(1)], ignore_index=True)
    status = run(make_model(estimator=estimator), firms).fits["status"].item()
    assert status == "not estimated: a firm stands more than once in a wave"


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_hc3_is_there_for_least_squares_of_transformed_columns(estimate, unbalanced, estimator):
    sample, estimates = estimate(unbalanced, estimator=estimator)
    # HC3 divides by what is left of each row's leverage, so no variance is below HC0's.
    assert (errors(estimates, sample, type="hc3") > errors(estimates, sample, type="hc0")).all()
