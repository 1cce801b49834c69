"""Outcomes that are seen in part: selection, limits, two parts, two outcomes at once. Truths recovered, what is known
by other means, and each doubt that a fit must voice.
"""

import numpy as np
import pytest
from scipy import stats

from innosurvey.models.engines import engine_of
from innosurvey.models.kernels import counts
from innosurvey.models.kernels.binary import fit_binary
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample
from tests.made_innovators import FIRMS as N
from tests.made_innovators import make_survey

ROUNDING = 1e-9
SELECTED = {"outcome": "performs", "regressors": ["size", "market"]}


@pytest.fixture
def fit(run, make_model):
    """Fit a model; return its row, its coefficients by term, and its diagnostics by name."""

    def fitted(firms, **declared):
        results = run(make_model(**{"regressors": ["size", "cooperation"], **declared}), firms)
        coefficients = results.coefficients.set_index("term")[["estimate", "se"]]
        return results.fits.iloc[0], coefficients, results.diagnostics.set_index("name")

    return fitted


@pytest.fixture
def estimates(make_model):
    """Return sample and estimates of a model."""

    def estimated(firms, **declared):
        spec = make_model(**{"regressors": ["size", "cooperation"], **declared})
        sample = build_sample(spec, select_rows(spec, firms))
        return sample, engine_of(spec.estimator)(sample)

    return estimated


def assert_recovered(coefficients, truth):
    """Fail if a truth lies more than four standard errors off: one sound estimate in 16,000 does."""
    for term, value in truth.items():
        estimate, error = coefficients.loc[term]
        assert abs(estimate - value) < 4 * error, term
        assert error < 0.5, term


SELECTION_TRUTH = {
    "const": 1, "size": 0.6, "cooperation": 0.4, "selection/const": 0.3, "selection/size": 0.5, "selection/market": 0.8,
}  # fmt: skip


def heckman(**declared):
    return {"estimator": "heckman", "outcome": "intensity", "selection": SELECTED, **declared}


def two_step(**declared):
    return heckman(estimator="heckman_two_step", **declared)


@pytest.mark.parametrize("weights", ["none", "final"])
def test_maximum_likelihood_recovers_a_selection_model(fit, weights):
    row, coefficients, _ = fit(make_survey(), **heckman(weights=weights))
    assert row["status"] == "ok"
    assert row["gradient_norm"] < 1e-6  # a millionth of a standard error
    assert_recovered(coefficients, SELECTION_TRUTH | {"sigma": 1.5, "rho": 0.5})


@pytest.mark.parametrize("weights", ["none", "final"])
def test_two_steps_recover_a_selection_model(fit, weights):
    _, coefficients, tests = fit(make_survey(), **two_step(weights=weights))
    assert_recovered(coefficients, SELECTION_TRUTH | {"lambda": 0.75})
    # The errors of lambda and sigma are about 0.1: four of them.
    assert tests.loc["sigma", "statistic"] == pytest.approx(1.5, abs=0.2)
    assert tests.loc["rho", "statistic"] == pytest.approx(0.5, abs=0.2)


def test_least_squares_of_the_selected_alone_is_off(fit):
    firms = make_survey(rho=0.8, market=0.3)
    selected = firms[firms["performs"] == 1]
    _, coefficients, _ = fit(selected, estimator="ols", outcome="intensity")
    # Selected small firms have large errors: the slope of size is pulled down by many standard errors.
    assert coefficients.loc["size", "estimate"] < 0.6 - 5 * coefficients.loc["size", "se"]


def test_the_corrected_errors_of_two_steps_agree_with_the_robust_ones(fit):
    _, corrected, _ = fit(make_survey(n=20_000), **two_step(covariance="classical"))
    _, robust, _ = fit(make_survey(n=20_000), **two_step(covariance="robust"))
    # Both estimate the same thing here; their own sampling error at 20,000 firms is about 2 %.
    np.testing.assert_allclose(corrected["se"], robust["se"], rtol=0.06)


def test_errors_of_the_second_step_alone_are_too_small(estimates):
    _, found = estimates(make_survey(rho=0.9, n=5000), **two_step())
    own = [found.terms.index(term) for term in ("const", "size", "cooperation", "lambda")]
    alone = np.linalg.inv(found.information[np.ix_(own, own)])
    naive = np.sqrt(np.diag(alone @ found.scores[:, own].T @ found.scores[:, own] @ alone))
    whole = np.linalg.inv(found.information)
    stacked = np.sqrt(np.diag(whole @ found.scores.T @ found.scores @ whole.T))[own]
    assert stacked[0] > 1.05 * naive[0]
    assert stacked[3] > 1.05 * naive[3]


def test_two_tests_of_independence_say_the_same_of_a_large_sample(fit):
    _, _, tests = fit(make_survey(n=20_000, rho=0.1), **heckman())
    ratio, wald = tests.loc["rho = 0 (likelihood ratio)"], tests.loc["rho = 0 (Wald)"]
    assert ratio["df"] == 1
    # They differ by terms of the order of the third derivative over the root of n.
    assert wald["statistic"] == pytest.approx(ratio["statistic"], rel=0.1)
    assert ratio["p"] == pytest.approx(stats.chi2.sf(ratio["statistic"], 1))


def test_the_likelihood_ratio_rejects_as_often_as_it_says(fit):
    tests = [fit(make_survey(rho=0, n=400, seed=seed), **heckman())[2] for seed in range(100)]
    p = [found.loc["rho = 0 (likelihood ratio)", "p"] for found in tests]
    # 10 of 100 are expected below 0.1; beyond 3 to 19 lie less than 1 in 100 runs.
    assert 3 <= (np.array(p) < 0.1).sum() <= 19


@pytest.mark.parametrize("seed", [0, 1, 4, 5, 6])
def test_a_regressor_far_from_zero_is_found_as_one_close_to_it(fit, seed):
    # Few firms and a flat likelihood: the search crosses ground that is not concave.
    firms = make_survey(n=100, seed=seed)
    _, close, _ = fit(firms, **heckman())
    _, far, _ = fit(firms.assign(size=1e4 * (firms["size"] + 1e3)), **heckman())
    terms = [term for term in close.index if not term.endswith(("const", "size"))]
    # With a thousand standard deviations between its mean and zero, six digits of sixteen go to cancellation.
    np.testing.assert_allclose(far.loc[terms], close.loc[terms], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(1e4 * far.loc["size"], close.loc["size"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("declared", [heckman(), two_step()])
def test_a_selection_equation_without_a_column_of_its_own_is_flagged(fit, declared):
    row, _, _ = fit(make_survey(), **declared | {"selection": {"outcome": "performs", "regressors": ["size"]}})
    assert "no exclusion restriction" in row["warnings"]
    row, _, _ = fit(make_survey(), **declared)
    assert row["warnings"] == ""


def test_a_mills_ratio_that_the_regressors_explain_is_flagged(fit):
    # Few are not selected, and the index is that of the outcome: the Mills ratio bends hardly at all.
    firms = make_survey(market=0.0)
    row, _, _ = fit(firms, **two_step(regressors=["size"], selection={"outcome": "performs", "regressors": ["size"]}))
    assert "the Mills ratio is nearly collinear with the regressors (R² 0.9" in row["warnings"]
    assert "condition number" in row["warnings"]


def test_a_rho_of_two_steps_outside_its_bounds_is_flagged(fit):
    # Errors that are one and the same, and a skewed outcome: lambda then exceeds sigma in small samples.
    rows = [fit(make_survey(rho=0.99, n=200, seed=seed), **two_step()) for seed in range(10)]
    beyond = [(row["warnings"], tests.loc["rho", "statistic"]) for row, _, tests in rows]
    assert any(abs(rho) > 1 for _, rho in beyond)
    assert all((abs(rho) > 1) == ("is outside [-1, 1]" in warnings) for warnings, rho in beyond)


def test_a_rho_that_runs_to_its_bound_is_not_a_number_to_print(fit):
    row, coefficients, _ = fit(make_survey(rho=1.0, n=300), **heckman())
    at_the_bound = "is at its bound" in row["warnings"]
    assert row["status"].startswith("not estimated: rho runs to 1") or at_the_bound
    assert coefficients.empty or at_the_bound


def test_separation_of_the_selection_is_named(fit):
    firms = make_survey().assign(certified=lambda table: ((table["performs"] == 1) & (table["size"] > 0)).astype(float))
    selection = {"outcome": "performs", "regressors": ["market", "certified"]}
    for declared in (heckman(selection=selection), two_step(selection=selection)):
        row, _, _ = fit(firms, **declared)
        assert row["status"] == "not estimated: separation in the selection equation by certified"


@pytest.mark.parametrize(
    ("performs", "reason"),
    [(0.0, "no outcome is observed: intensity"), (1.0, "constant outcome of selection: performs")],
)
def test_a_selection_of_all_or_none_is_not_estimated(fit, performs, reason):
    firms = make_survey().assign(performs=performs, intensity=lambda table: table["spending"])
    assert fit(firms, **heckman())[0]["status"] == f"not estimated: {reason}"


def test_what_is_seen_is_counted_unless_it_is_nearly_all_or_none(fit):
    firms = make_survey()
    _, _, tests = fit(firms, **heckman())
    assert tests.loc["outcomes observed", "statistic"] == firms["performs"].sum()
    _, _, tests = fit(firms, estimator="tobit", outcome="spending")
    assert tests.loc["outcomes at the lower limit", "statistic"] == (firms["spending"] == 0).sum()
    assert "outcomes at the upper limit" not in tests.index
    nearly = firms.assign(spending=firms["spending"].where((firms["spending"] > 0) | (firms.index < 10), 0.1))
    assert 0 < (nearly["spending"] == 0).sum() < 10
    assert fit(nearly, estimator="tobit", outcome="spending")[2].empty


def test_a_handful_of_selected_firms_is_too_few(fit):
    firms = make_survey().assign(performs=lambda table: table["performs"].where(table.index < 12, 0.0))
    assert 4 < firms["performs"].sum() < 10
    row, _, _ = fit(firms, **two_step(regressors=["size"]))
    assert row["status"] == "not estimated: too few selected firms for the outcome equation"


def test_regressors_that_are_alike_among_the_selected_are_not_told_apart(fit):
    firms = make_survey()
    firms["grant"] = firms["cooperation"].where(firms["performs"] == 1, 1 - firms["cooperation"])
    row, _, _ = fit(firms, **heckman(regressors=["size", "cooperation", "grant"]))
    assert row["status"].startswith("not estimated: collinear")


def test_what_is_not_selected_needs_no_value_of_what_only_the_outcome_equation_has(fit):
    firms = make_survey()
    gaps = firms.assign(cooperation=firms["cooperation"].where(firms["performs"] == 1))
    whole, _, _ = fit(firms, **heckman())
    part, coefficients, _ = fit(gaps, **heckman())
    assert part["n"] == whole["n"] == N
    assert_recovered(coefficients, SELECTION_TRUTH)


# Tobit


def test_a_tobit_recovers_what_the_mass_at_zero_hides(fit):
    row, coefficients, _ = fit(make_survey(), estimator="tobit", outcome="spending")
    assert_recovered(coefficients, {"const": 1, "size": 0.6, "cooperation": 0.4, "sigma": 1.5})
    assert row["gradient_norm"] < 1e-6


@pytest.mark.parametrize("limits", [{"lower": 0.5, "upper": 2.0}, {"lower": float("-inf"), "upper": 1.5}])
def test_limits_on_either_side_are_taken(fit, limits):
    firms = make_survey(rho=0.0)
    firms["seen"] = (1 + 0.6 * firms["size"] + np.random.default_rng(4).normal(size=N)).clip(
        limits["lower"], limits["upper"]
    )
    _, coefficients, _ = fit(firms, estimator="tobit", outcome="seen", regressors=["size"], **limits)
    assert_recovered(coefficients, {"const": 1, "size": 0.6, "sigma": 1})


def test_a_tobit_says_when_nothing_is_at_the_limit(fit):
    firms = make_survey().assign(spending=lambda table: table["spending"] + 1)
    row, coefficients, _ = fit(firms, estimator="tobit", outcome="spending")
    _, least, _ = fit(firms, estimator="ols", outcome="spending")
    assert row["warnings"] == "no outcome is at a limit: this is least squares"
    np.testing.assert_allclose(coefficients["estimate"].iloc[: len(least)], least["estimate"], rtol=ROUNDING)


def test_a_tobit_of_outcomes_that_are_nearly_all_at_the_limit_is_not_estimated(fit):
    firms = make_survey().assign(spending=lambda table: table["spending"].where(table.index < 5, 0.0))
    row, _, _ = fit(firms, estimator="tobit", outcome="spending")
    assert row["status"] == "not estimated: fewer than 10 outcomes within the limits"


def test_outcomes_beyond_the_limit_are_counted_as_at_it_and_said_so(fit):
    firms = make_survey()
    beyond = firms.assign(spending=firms["spending"].where(firms["spending"] > 0, -3.0))
    row, coefficients, _ = fit(beyond, estimator="tobit", outcome="spending")
    _, at, _ = fit(firms, estimator="tobit", outcome="spending")
    assert row["warnings"] == "outcomes beyond a limit count as at it"
    np.testing.assert_array_equal(coefficients, at)


def test_limits_in_the_wrong_order_are_not_estimated(fit):
    row, _, _ = fit(make_survey(), estimator="tobit", outcome="spending", upper=0)
    assert row["status"] == "not estimated: the lower limit is not below the upper one"


def test_a_tobit_predicts_the_mean_and_the_share_that_are_seen(estimates):
    sample, found = estimates(make_survey(n=20_000), estimator="tobit", outcome="spending")
    seen, within = found.predict(found.params, {"": sample.exogenous.columns}).mean(axis=0)
    # Of 20,000 firms the mean has an error of 0.01 and the share of 0.003.
    assert seen == pytest.approx(sample.outcome.mean(), abs=0.03)
    assert within == pytest.approx((sample.outcome > 0).mean(), abs=0.01)


def test_the_effect_on_what_is_seen_is_the_latent_one_times_the_share_within(fit, estimates):
    firms = make_survey()
    _, coefficients, _ = fit(firms, estimator="tobit", outcome="spending")
    sample, found = estimates(firms, estimator="tobit", outcome="spending")
    within = found.predict(found.params, {"": sample.exogenous.columns})[:, 1].mean()
    # McDonald and Moffitt (1980); the derivatives of a prediction are by differences, right to 1e-8.
    expected = coefficients.loc["size", "estimate"] * within
    assert coefficients.loc["ame[seen]:size", "estimate"] == pytest.approx(expected, rel=1e-6)


def test_a_prediction_between_two_limits_is_the_integral_over_them(estimates):
    firms = make_survey().assign(seen=lambda table: table["spending"].clip(0.5, 2.0))
    sample, found = estimates(firms, estimator="tobit", outcome="seen", lower=0.5, upper=2.0)
    row = sample.exogenous.columns[:1]
    mean, sigma = float((row @ found.params[:-1])[0]), float(found.params[-1])
    draws = (mean + sigma * stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000)).clip(0.5, 2.0)
    # 200,000 equal slices of the distribution leave 1e-5.
    assert found.predict(found.params, {"": row})[0, 0] == pytest.approx(draws.mean(), abs=1e-4)


# Two parts


def two_part(**declared):
    return {
        "estimator": "two_part",
        "outcome": "amount",
        "participation": {"regressors": ["size", "market"]},
        **declared,
    }


@pytest.mark.parametrize("link", ["probit", "logit"])
def test_the_first_part_is_that_of_any_amount_alone(fit, link):
    firms = make_survey().assign(any=lambda table: (table["amount"] > 0).astype(float))
    _, coefficients, _ = fit(firms, **two_part(participation_link=link))
    if link == "logit":
        _, alone, _ = fit(firms, estimator="logit", outcome="any", regressors=["size", "market"])
        alone = alone[~alone.index.str.startswith("ame")]
        found = coefficients.loc[[f"participation/{term}" for term in alone.index]]
        np.testing.assert_allclose(found, alone, rtol=1e-6)  # statsmodels stops a little before
    else:
        assert_recovered(coefficients, {"participation/size": 0.5, "participation/market": 0.8})


def test_the_second_part_is_least_squares_of_the_logarithm(fit):
    firms = make_survey()
    _, coefficients, _ = fit(firms, **two_part(covariance={"type": "robust", "small_sample": "none"}))
    _, alone, _ = fit(
        firms[firms["amount"] > 0],
        estimator="ols",
        outcome="log(amount)",
        covariance={"type": "robust", "small_sample": "none"},
    )
    np.testing.assert_allclose(coefficients.loc[alone.index], alone, rtol=1e-8)


def test_the_scores_of_the_second_part_stand_on_the_rows_with_an_amount(estimates):
    sample, found = estimates(make_survey(), **two_part())
    own = [place for place, term in enumerate(found.terms) if not term.startswith("participation/")]
    assert ((found.scores[:, own] != 0).any(axis=1) == (sample.outcome > 0)).all()


def test_the_smearing_factor_is_the_mean_of_the_residuals_exponentials(estimates):
    sample, found = estimates(make_survey(), **two_part())
    positive = sample.outcome > 0
    residuals = np.log(sample.outcome[positive]) - sample.exogenous.columns[positive] @ found.params[:3]
    assert found.terms[-1] == "smearing"
    assert found.params[-1] == pytest.approx(np.exp(residuals).mean(), rel=ROUNDING)
    np.testing.assert_allclose(found.scores.sum(axis=0), 0, atol=1e-8)


@pytest.mark.parametrize("amounts", ["gamma", "poisson"])
def test_amounts_with_an_exponential_mean_recover_it(fit, amounts):
    random = np.random.default_rng(2)
    firms = make_survey(rho=0.0)
    mean = np.exp(1 + 0.6 * firms["size"] + 0.4 * firms["cooperation"])
    firms["amount"] = firms["performs"] * mean * random.gamma(2, 0.5, N)
    _, coefficients, _ = fit(firms, **two_part(amounts=amounts))
    assert_recovered(coefficients, {"const": 1, "size": 0.6, "cooperation": 0.4})


def test_a_two_part_model_predicts_the_mean_of_amounts(estimates):
    random = np.random.default_rng(2)
    firms = make_survey(rho=0.0, n=20_000)
    mean = np.exp(0.2 + 0.3 * firms["size"])
    firms["amount"] = firms["performs"] * mean * random.gamma(2, 0.5, len(firms))
    for amounts in ("log", "gamma"):
        sample, found = estimates(firms, **two_part(amounts=amounts, participation_link="probit"))
        designs = {"": sample.exogenous.columns, "participation": sample.equations["participation"].exogenous.columns}
        predicted = found.predict(found.params, designs).mean(axis=0)
        # The mean of 20,000 amounts has an error of about 0.01.
        assert predicted[0] == pytest.approx(sample.outcome.mean(), abs=0.03)
        assert predicted[1] == pytest.approx((sample.outcome > 0).mean(), abs=0.005)


def test_a_two_part_model_without_zeros_or_amounts_is_not_estimated(fit):
    firms = make_survey()
    row, _, _ = fit(firms.assign(amount=firms["amount"] + 1), **two_part())
    assert row["status"] == "not estimated: no outcome is zero: there is no first part"
    row, _, _ = fit(firms.assign(amount=firms["amount"].where(firms.index < 9, 0.0)), **two_part())
    assert row["status"] == "not estimated: too few positive outcomes for the second part"
    row, _, _ = fit(firms.assign(amount=firms["amount"] - 1), **two_part())
    assert row["status"] == "not estimated: the outcome of a two-part model must not be negative"


# Hurdle


def hurdle(**declared):
    return {
        "estimator": "nb_hurdle", "outcome": "patents", "regressors": ["size"],
        "participation": {"regressors": ["size", "market"]}, **declared,
    }  # fmt: skip


def test_a_hurdle_recovers_the_counts_behind_it(fit):
    random = np.random.default_rng(5)
    firms = make_survey(rho=0.0)
    count = np.zeros(N)
    while (count == 0).any():  # drawn until positive: the truncated distribution itself
        drawn = random.poisson(np.exp(0.5 + 0.4 * firms["size"]) * random.gamma(2, 0.5, N))
        count = np.where(count == 0, drawn, count)
    row, coefficients, tests = fit(firms.assign(patents=firms["performs"] * count), **hurdle())
    assert row["status"] == "ok"
    assert_recovered(coefficients, {"const": 0.5, "size": 0.4, "alpha": 0.5})
    assert tests.loc["alpha = 0 (likelihood ratio)", "p"] < 1e-6


def test_counts_that_vary_like_poisson_have_no_alpha(fit):
    random = np.random.default_rng(5)
    firms = make_survey()
    firms["patents"] = firms["performs"] * (1 + random.binomial(3, 0.5, N))  # vary less than Poisson
    row, _, _ = fit(firms, **hurdle())
    assert row["status"].startswith("not estimated: alpha runs to 0")
    row, coefficients, _ = fit(firms, **hurdle(counts="poisson"))
    assert row["status"] == "ok"
    assert "alpha" not in coefficients.index


def test_counts_that_vary_more_than_a_logarithmic_series_have_no_largest_alpha(fit):
    # The truncated NB2's limit; real trademarks are such, and R's pscl gives them an alpha of millions without a word.
    random = np.random.default_rng(5)
    firms = make_survey()
    firms["patents"] = firms["performs"] * random.zipf(2, N).clip(max=500)
    row, _, _ = fit(firms, **hurdle())
    assert row["status"].startswith("not estimated: alpha grows without end")


def test_a_hurdle_predicts_the_mean_of_counts(estimates):
    sample, found = estimates(make_survey(n=20_000), **hurdle())
    designs = {"": sample.exogenous.columns, "participation": sample.equations["participation"].exogenous.columns}
    mean, any_, _ = found.predict(found.params, designs).mean(axis=0)
    # A likelihood need not fit the mean; its model does, and the mean of 20,000 counts has an error of 0.01.
    assert mean == pytest.approx(sample.outcome.mean(), abs=0.05)
    assert any_ == pytest.approx((sample.outcome > 0).mean(), abs=0.005)


def test_the_chance_of_a_zero_is_that_of_the_distribution():
    assert counts.zero_chance(np.log(2.0), 0.5) == pytest.approx(stats.nbinom.pmf(0, 2, 2 / (2 + 2)), abs=1e-14)
    assert counts.zero_chance(np.log(2.0), 0.0) == pytest.approx(stats.poisson.pmf(0, 2), abs=1e-14)


@pytest.mark.parametrize(("change", "reason"), [(0.5, "must be a count"), (None, "no count is above 1")])
def test_what_is_no_count_has_no_hurdle(fit, change, reason):
    firms = make_survey()
    firms["patents"] = firms["performs"] if change is None else firms["patents"] + change
    assert reason in fit(firms, **hurdle())[0]["status"]


# Two outcomes


def both(**declared):
    return {
        "estimator": "biprobit", "outcome": "product", "regressors": ["size"], "second": {"outcome": "process"},
        **declared,
    }  # fmt: skip


def test_a_bivariate_probit_recovers_both_equations_and_their_correlation(fit):
    row, coefficients, tests = fit(make_survey(rho=0.6), **both())
    truth = {"const": 0.2, "size": 0.6, "second/const": -0.1, "second/size": 0.4, "rho": 0.6}
    assert row["gradient_norm"] < 1e-6
    assert_recovered(coefficients, truth)
    assert (tests["p"].dropna() < 1e-6).all()


def test_without_correlation_it_is_two_probits(estimates):
    sample, found = estimates(make_survey(rho=0.0, n=20_000), **both())
    outcomes = (sample.outcome, sample.equations["second"].outcome)
    alone = np.concatenate([fit_binary(outcome, sample.exogenous.columns).params for outcome in outcomes])
    # Estimates differ by rho times less than a standard error, 0.01.
    np.testing.assert_allclose(found.params[:-1], alone, atol=1e-3)


def test_a_bivariate_probit_predicts_the_shares_of_the_combinations(estimates):
    sample, found = estimates(make_survey(rho=0.6), **both())
    designs = {"": sample.exogenous.columns, "second": sample.equations["second"].exogenous.columns}
    predicted = dict(zip(found.predicted, found.predict(found.params, designs).mean(axis=0), strict=True))
    second = sample.equations["second"].outcome
    # The score of the constant makes the fitted shares nearly the observed ones.
    assert predicted["first"] == pytest.approx(sample.outcome.mean(), abs=0.005)
    assert predicted["both"] == pytest.approx((sample.outcome * second).mean(), abs=0.01)
    assert predicted["neither"] == pytest.approx(((1 - sample.outcome) * (1 - second)).mean(), abs=0.01)


def test_a_combination_that_does_not_occur_leaves_rho_unidentified(fit):
    firms = make_survey().assign(process=lambda table: table["process"] * table["product"])
    row, _, _ = fit(firms, **both())
    assert row["status"].startswith("not estimated: rho is not identified")


def test_separation_of_the_second_outcome_is_named(fit):
    firms = make_survey().assign(certified=lambda table: ((table["process"] == 1) & (table["size"] > 0)).astype(float))
    row, _, _ = fit(firms, **both(second={"outcome": "process", "regressors": ["certified"]}))
    assert row["status"] == "not estimated: separation in the second equation by certified"
