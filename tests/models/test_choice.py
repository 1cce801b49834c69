"""Probit, shares, counts, levels and quantiles, declared and fitted: known truths and what is flagged."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from innosurvey.errors import StudyError
from innosurvey.models.engines import engine_of
from innosurvey.models.engines.negative_binomial import overdispersion_tests
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample

LEVELS = ["none", "low", "medium", "high"]
PARTNERS = ["client", "nobody", "university"]
EFFECT = 0.5
OUTCOMES = {
    "probit": "innovator",
    "fractional_logit": "share",
    "nb2": "patents",
    "ordered_logit": "importance",
    "ordered_probit": "importance",
    "multinomial_logit": "partner",
    "quantile": "output",
}
NONLINEAR = [name for name in OUTCOMES if name != "quantile"]


def simulated(firms, seed=12):
    """Return the firms with outcomes of each kind, all of which rise by EFFECT times rd in their index."""
    random = np.random.default_rng(seed)
    index = EFFECT * firms["rd"].to_numpy()
    chances = np.exp(np.column_stack([0 * index, index, 2 * index]))
    chosen = (chances.cumsum(axis=1) / chances.sum(axis=1, keepdims=True) < random.random((len(index), 1))).sum(axis=1)
    return firms.assign(
        innovator=index + random.normal(size=len(index)) > 0,
        share=random.binomial(20, 1 / (1 + np.exp(-index))) / 20,
        patents=random.negative_binomial(1 / 0.8, 1 / (1 + 0.8 * np.exp(index))),
        importance=pd.Categorical.from_codes(
            np.digitize(index + random.logistic(size=len(index)), [-1.0, 0.5, 2.0]), categories=LEVELS
        ),
        felt=pd.Categorical.from_codes(
            np.digitize(index + random.normal(size=len(index)), [-1.0, 0.5, 2.0]), categories=LEVELS
        ),
        partner=pd.Categorical.from_codes(chosen, categories=PARTNERS),
        output=1 + index + random.normal(size=len(index)),
    )


@pytest.fixture
def firms(make_firms):
    return simulated(make_firms(n=300))


@pytest.fixture
def estimate(make_model, firms):
    """Return the sample and the estimates of a model on simulated firms."""

    def estimated(estimator, data=None, **declared):
        declared = {"outcome": OUTCOMES.get(estimator, "output"), "regressors": ["rd", "cooperation"], **declared}
        spec = make_model(estimator=estimator, **declared)
        sample = build_sample(spec, select_rows(spec, firms if data is None else data))
        return sample, engine_of(estimator)(sample)

    return estimated


@pytest.fixture
def fitted(run, make_model, firms):
    """Return the tables of a model on simulated firms."""

    def fit(estimator, data=None, **declared):
        declared = {"outcome": OUTCOMES.get(estimator, "output"), "regressors": ["rd", "cooperation"], **declared}
        return run(make_model(estimator=estimator, **declared), firms if data is None else data)

    return fit


def status(results):
    return results.fits["status"].item()


def warnings(results):
    return results.fits["warnings"].item()


def slope(estimates, term="rd"):
    return estimates.params[estimates.terms.index(term)]


@pytest.mark.parametrize(
    ("estimator", "outcome", "term", "truth", "error"),
    [
        # Standard errors on 6,000 rows, from the information at the truth.
        ("probit", "innovator", "rd", 0.5, 0.016),
        ("fractional_logit", "share", "rd", 0.5, 0.006),
        ("nb2", "patents", "rd", 0.5, 0.013),
        ("nb2", "patents", "alpha", 0.8, 0.04),
        ("ordered_logit", "importance", "rd", 0.5, 0.018),
        ("ordered_logit", "importance", "cut[low|medium]", 0.5, 0.03),
        ("ordered_probit", "felt", "rd", 0.5, 0.012),
        ("ordered_probit", "felt", "cut[none|low]", -1.0, 0.022),
        ("multinomial_logit", "partner", "nobody/rd", 0.5, 0.03),
        ("multinomial_logit", "partner", "university/rd", 1.0, 0.035),
        ("quantile", "output", "rd", 0.5, 0.012),
    ],
)
def test_the_effect_that_made_the_outcome_is_recovered(estimate, make_firms, estimator, outcome, term, truth, error):
    _, estimates = estimate(estimator, simulated(make_firms(n=2000)), outcome=outcome)
    assert abs(slope(estimates, term) - truth) < 3.5 * error


@pytest.mark.parametrize("weights", ["none", "final"])
@pytest.mark.parametrize("estimator", OUTCOMES)
def test_scores_sum_to_zero_at_the_estimate(estimate, estimator, weights):
    _, estimates = estimate(estimator, weights=weights)
    # In standard errors, in which a Newton step would still go; the iterations end at 1e-7.
    assert estimates.gradient_norm < 1e-6


@pytest.mark.parametrize("estimator", OUTCOMES)
def test_a_weight_of_two_is_a_row_that_stands_twice(estimate, firms, estimator):
    doubled = firms.iloc[:90].assign(wave=lambda rows: rows["wave"] + "again")
    _, twice = estimate(estimator, pd.concat([firms, doubled], ignore_index=True))
    weights = np.where(np.arange(len(firms)) < 90, 2.0, 1.0)
    _, once = estimate(estimator, firms.assign(weight_final=weights), weights="final")
    np.testing.assert_allclose(once.params, twice.params, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("estimator", NONLINEAR)
def test_a_frequency_of_two_is_a_row_that_stands_twice_with_its_errors(fitted, firms, estimator):
    doubled = firms.iloc[:90].assign(wave=lambda rows: rows["wave"] + "again")
    twice = fitted(estimator, pd.concat([firms, doubled], ignore_index=True))
    counted = firms.assign(often=np.where(np.arange(len(firms)) < 90, 2, 1))
    once = fitted(estimator, counted, weights={"column": "often", "type": "frequency"})
    assert once.fits["n"].item() == twice.fits["n"].item() == 990
    np.testing.assert_allclose(once.coefficients["estimate"], twice.coefficients["estimate"], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(once.coefficients["se"], twice.coefficients["se"], rtol=1e-6)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
@pytest.mark.parametrize("estimator", OUTCOMES)
def test_the_unit_of_a_regressor_does_not_matter(estimate, firms, estimator, unit):
    terms = {"quantile": "rd", "multinomial_logit": "nobody/rd"}
    term = terms.get(estimator, "rd")
    _, plain = estimate(estimator, regressors=["rd"])
    _, scaled = estimate(estimator, firms.assign(scaled=firms["rd"] * unit), regressors=["scaled"])
    assert slope(scaled, term.replace("rd", "scaled")) * unit == pytest.approx(slope(plain, term), rel=1e-6)


def test_a_probit_is_that_of_statsmodels(estimate):
    sample, estimates = estimate("probit")
    other = sm.Probit(sample.outcome, sample.exogenous.columns).fit(disp=0, tol=1e-12)
    np.testing.assert_allclose(estimates.params, other.params, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(np.linalg.inv(estimates.information), other.cov_params(), rtol=1e-8)
    np.testing.assert_allclose([estimates.loglik, estimates.r2], [other.llf, other.prsquared], rtol=1e-9)


@pytest.mark.parametrize("estimator", ["logit", "probit", "poisson"])
def test_leverages_sum_to_the_number_of_parameters(estimate, estimator):
    outcome = {"logit": "innovator", "probit": "innovator", "poisson": "patents"}[estimator]
    _, estimates = estimate(estimator, outcome=outcome, weights="final")
    assert estimates.leverage.sum() == pytest.approx(3, rel=1e-10)


def test_a_quasi_likelihood_reports_no_likelihood(estimate):
    _, estimates = estimate("fractional_logit")
    assert np.isnan([estimates.loglik, estimates.r2]).all()


def test_several_quantiles_stand_side_by_side(estimate):
    _, both = estimate("quantile", quantiles=[0.25, 0.75])
    _, upper = estimate("quantile", quantiles=[0.75])
    assert both.terms[:2] == ("q25/const", "q25/rd")
    np.testing.assert_allclose(both.params[3:], upper.params, rtol=1e-12)
    np.testing.assert_allclose(both.scores[:, 3:], upper.scores, atol=1e-12)


def test_quantiles_can_be_compared_across_quantiles(fitted):
    results = fitted("quantile", quantiles=[0.25, 0.75], hypotheses={"same": "q25/rd - q75/rd = 0"})
    row = results.coefficients.set_index("term").loc["hypothesis:same"]
    parts = results.coefficients.set_index("term").loc[["q25/rd", "q75/rd"], "se"]
    # Two quantiles of the same rows go up and down together: the difference is surer than of two samples.
    assert 0 < row["se"] < np.hypot(*parts)


def test_the_median_is_as_sure_as_the_normal_says(fitted, make_firms):
    results = fitted("quantile", simulated(make_firms(n=2000)), covariance="classical", regressors=["rd"])
    error = results.coefficients.set_index("term").loc["rd", "se"]
    # sqrt(τ(1 - τ)) / φ(0) / sqrt(n var rd) = 1.2533 / sqrt(6000 × 2); the bandwidth biases it by some percent.
    assert error == pytest.approx(1.2533 / np.sqrt(12000), rel=0.1)


def test_robust_and_classical_errors_of_a_quantile_agree_where_errors_are_alike(fitted, make_firms):
    data = simulated(make_firms(n=2000))
    robust, classical = (
        fitted("quantile", data, covariance=kind).coefficients["se"].to_numpy() for kind in ("robust", "classical")
    )
    # The errors are normal with one variance: both estimate the same, to sampling error of about 5 %.
    np.testing.assert_allclose(robust, classical, rtol=0.1)


def test_intervals_of_a_median_hold_the_truth_as_often_as_they_say(fitted, make_firms):
    firms, random = make_firms(n=300, waves=["2014"]), np.random.default_rng(5)
    held, errors, found = [], [], []
    for _ in range(100):
        output = 1 + EFFECT * firms["rd"] + random.normal(size=300) * (1 + 0.5 * firms["rd"].abs())
        row = fitted("quantile", firms.assign(output=output), regressors=["rd"]).coefficients.iloc[1]
        held.append(row["lower"] <= EFFECT <= row["upper"])
        errors.append(row["se"])
        found.append(row["estimate"])
    # 100 samples: the share that holds it has an error of 2 points, the spread one of 7 %; the kernel adds some.
    assert np.mean(held) >= 0.89
    assert np.mean(errors) == pytest.approx(np.std(found), rel=0.2)


def test_brant_finds_slopes_that_differ_between_the_cuts(fitted, make_firms):
    firms = simulated(make_firms(n=1000))
    random = np.random.default_rng(1)
    noise = random.logistic(size=len(firms))
    # rd moves firms across the lower cut but not across the upper one.
    codes = (firms["rd"] + noise > -1).astype(int) + ((noise > 1) & (firms["rd"] + noise > -1)).astype(int)
    crossed = firms.assign(importance=pd.Categorical.from_codes(codes, categories=LEVELS[:3]))
    p = {
        name: fitted("ordered_logit", data, regressors=["rd"]).diagnostics["p"].item()
        for name, data in (("alike", firms), ("crossed", crossed))
    }
    assert p["alike"] > 0.01
    assert p["crossed"] < 1e-10


def test_brant_is_not_asked_where_a_regressor_foretells_one_cut(fitted, firms):
    # Firms that are told never say none, which foretells the first cut; above it they may be anywhere.
    told = firms.assign(told=np.arange(len(firms)) % 4 == 0)
    told.loc[told["told"] & (told["importance"] == "none"), "importance"] = "low"
    results = fitted("ordered_logit", told, regressors=["rd", "told"])
    assert status(results) == "ok"
    assert results.diagnostics.empty
    assert "proportional odds (Brant): not available" in warnings(results)


def test_overdispersion_is_found_in_counts_that_have_it(fitted):
    found = fitted("nb2").diagnostics.set_index("name")["p"]
    assert len(found) == 2
    assert (found < 1e-6).all()


def test_the_statistic_of_cameron_and_trivedi_by_hand():
    # Means 1: excess (y - 1)² - y is 1, -1, -1, 1 for y = 0, 1, 2, 3; mean 0, so t = 0 and p = 1/2.
    trivedi = overdispersion_tests(np.array([0.0, 1, 2, 3]), np.ones(4), loglik=-7.0)[1]
    assert trivedi.statistic == pytest.approx(0.0, abs=1e-12)
    assert trivedi.p == pytest.approx(0.5)


def test_the_ratio_against_poisson_by_hand():
    # Poisson with means 1: Σ -1 - ln y! = -4 - ln 2 - ln 6 = -6.48491; twice the distance from -5.
    ratio = overdispersion_tests(np.array([0.0, 1, 2, 3]), np.ones(4), loglik=-5.0)[0]
    assert ratio.statistic == pytest.approx(2 * (4 + np.log(12) - 5), rel=1e-12)


def test_counts_without_overdispersion_are_fitted_at_the_bound_and_say_so(fitted, make_firms):
    firms = make_firms(n=300)
    firms["patents"] = np.random.default_rng(2).binomial(6, 1 / (1 + np.exp(-0.5 * firms["rd"])))
    results = fitted("nb2", firms)
    poisson = fitted("poisson", firms, outcome="patents")
    assert "alpha is at its bound 0" in warnings(results)
    assert "alpha" not in set(results.coefficients["term"])
    np.testing.assert_array_equal(results.coefficients["estimate"], poisson.coefficients["estimate"])


@pytest.mark.parametrize("estimator", ["probit", "fractional_logit", "nb2", "ordered_logit", "multinomial_logit"])
def test_a_regressor_that_foretells_the_outcome_is_named(fitted, firms, estimator):
    outcome = OUTCOMES[estimator]
    lowest = {"share": 0.0, "patents": 0, "importance": "none", "partner": "client"}.get(outcome, False)
    told = firms.assign(told=np.arange(len(firms)) % 5 == 0)
    told.loc[told["told"], outcome] = lowest
    results = fitted(estimator, told, regressors=["rd", "told"])
    assert status(results) == "not estimated: separation by told"


def test_an_ordered_outcome_that_a_number_orders_fully_is_separated(fitted, firms):
    ordered = pd.cut(firms["rd"], [-np.inf, -1, 0, 1, np.inf], labels=LEVELS)
    results = fitted("ordered_probit", firms.assign(importance=ordered), regressors=["rd"])
    assert status(results) == "not estimated: separation by rd"


@pytest.mark.parametrize(
    ("estimator", "value", "reason"),
    [
        ("fractional_logit", 1.2, "the outcome of a fractional logit must be a share from 0 to 1"),
        ("nb2", -1, "the outcome of a negative binomial model must be a count: 0, 1, 2, …"),
        ("nb2", 0.5, "the outcome of a negative binomial model must be a count: 0, 1, 2, …"),
        ("probit", 2, "the outcome of a probit must be 0 or 1"),
    ],
)
def test_an_outcome_outside_its_support_is_reported(fitted, firms, estimator, value, reason):
    outcome = firms[OUTCOMES[estimator]].astype(float)
    outcome.iloc[0] = value
    assert status(fitted(estimator, firms.assign(**{OUTCOMES[estimator]: outcome}))) == f"not estimated: {reason}"


@pytest.mark.parametrize("estimator", OUTCOMES)
def test_a_constant_outcome_is_reported(fitted, firms, estimator):
    outcome = OUTCOMES[estimator]
    results = fitted(estimator, firms.assign(**{outcome: firms[outcome].iloc[0]}))
    assert status(results).startswith("not estimated: ")


def test_levels_without_an_order_are_not_ordered_by_the_alphabet(fitted, firms):
    results = fitted("ordered_logit", firms.assign(importance=firms["importance"].astype(str)))
    assert "the levels of importance have no order; list them as `levels`" in status(results)


def test_levels_take_the_order_that_the_model_lists(fitted, firms):
    asked = fitted("ordered_logit", firms.assign(importance=firms["importance"].astype(str)), levels=LEVELS)
    known = fitted("ordered_logit")
    pd.testing.assert_frame_equal(asked.coefficients, known.coefficients)


def test_a_level_that_the_model_does_not_list_is_named(fitted):
    results = fitted("ordered_logit", levels=LEVELS[:3])
    assert status(results) == "not estimated: `levels` does not list all levels of importance: high is missing"


def test_the_first_listed_level_is_the_base(fitted):
    results = fitted("multinomial_logit", levels=["nobody", "client", "university"])
    assert {term.split("/")[0] for term in results.coefficients["term"][:6]} == {"client", "university"}


def test_a_level_that_no_firm_of_the_cohort_has_is_told(fitted, firms):
    results = fitted("ordered_logit", firms[firms["importance"] != "low"])
    assert "no firm here has the outcome low: left out" in warnings(results)
    assert "cut[none|medium]" in set(results.coefficients["term"])


def test_a_level_that_few_firms_have_is_told(fitted, firms):
    few = firms["importance"].where((firms["importance"] != "high") | (firms.index < 60), "medium")
    assert "fewer than 10 firms with the outcome high" in warnings(
        fitted("multinomial_logit", firms.assign(partner=few), regressors=["rd"])
    )


def test_two_levels_are_a_case_for_a_logit(fitted, firms):
    results = fitted("ordered_logit", firms[firms["importance"].isin(["none", "high"])])
    assert (
        status(results) == "not estimated: the outcome of an ordered logit has 2 levels here; fit a logit or a probit"
    )


def test_an_amount_is_no_ordered_outcome(fitted):
    results = fitted("ordered_logit", outcome="rd", regressors=["cooperation"])
    assert status(results) == "not estimated: rd is a measured number; C() is for categories"


def test_no_convergence_is_reported(fitted, monkeypatch):
    monkeypatch.setattr("innosurvey.models.kernels.newton.ITERATIONS", 1)
    for estimator in ("ordered_logit", "multinomial_logit", "nb2"):
        assert "no convergence of the" in status(fitted(estimator))


def test_classical_errors_of_a_fractional_logit_are_refused(make_model):
    with pytest.raises(StudyError, match="classical standard errors are wrong for a fractional logit"):
        make_model(estimator="fractional_logit", outcome="share", covariance="classical")


def test_a_quantile_outside_zero_to_one_is_refused(make_model):
    with pytest.raises(StudyError, match=r"from 0\.01 up to 0\.99"):
        make_model(estimator="quantile", quantiles=[1.5])


@pytest.mark.parametrize("estimator", NONLINEAR)
def test_marginal_effects_stand_among_the_coefficients(fitted, estimator):
    terms = list(fitted(estimator).coefficients["term"])
    levels = {"multinomial_logit": PARTNERS}.get(estimator, LEVELS)
    name = f"ame[{levels[-1]}]:rd" if "ordered" in estimator or "multinomial" in estimator else "ame:rd"
    assert name in terms


def test_the_same_slice_gives_the_same_tables(fitted):
    for estimator in OUTCOMES:
        first, second = fitted(estimator), fitted(estimator)
        pd.testing.assert_frame_equal(first.coefficients, second.coefficients, check_exact=True)


def test_practices_that_add_to_each_other_are_found(fitted, make_firms):
    random = np.random.default_rng(4)
    firms = make_firms(n=400).assign(
        make=lambda rows: random.random(len(rows)) < 0.5, buy=lambda rows: random.random(len(rows)) < 0.5
    )
    both = firms["make"] & firms["buy"]
    for gain, verdict in ((0.6, "complements"), (-0.6, "substitutes"), (0.0, "undecided")):
        firms["output"] = 0.3 * firms["make"] + 0.2 * firms["buy"] + gain * both + random.normal(size=len(firms))
        results = fitted("ols", firms, regressors=["rd"], complementarity=["make", "buy"])
        assert list(results.coefficients["term"]) == ["const", "rd", "make_only", "buy_only", "make_and_buy"]
        # The standard error of the gain on 1,200 rows is 2 / sqrt(300) = 0.12.
        assert results.diagnostics["note"].str.startswith(verdict).all()
        assert list(results.diagnostics["df"]) == [1, 1]


def test_a_practice_that_is_a_regressor_too_is_refused(make_model):
    with pytest.raises(StudyError, match="cooperation stands in another part of the model too"):
        make_model(regressors=["cooperation"], complementarity=["cooperation", "innovator"])


def test_a_practice_that_is_an_amount_is_reported(fitted):
    results = fitted("ols", regressors=[], complementarity=["rd", "cooperation"])
    assert "complementarity is between practices, yes or no; rd has other values" in status(results)


def test_a_logit_has_effects_of_each_combination_against_none(fitted, firms):
    buyers = firms.assign(buy=np.arange(len(firms)) % 2 == 0)
    results = fitted("logit", buyers, outcome="innovator", regressors=["rd"], complementarity=["cooperation", "buy"])
    effects = [term for term in results.coefficients["term"] if term.startswith("ame:")]
    assert effects == ["ame:rd", "ame:cooperation_only", "ame:buy_only", "ame:cooperation_and_buy"]


def test_practices_may_add_up_in_the_index_and_not_in_the_probability(fitted, make_firms):
    # Where nearly all firms innovate anyway, the same step in the index is worth less to a firm that does the other.
    random = np.random.default_rng(6)
    firms = make_firms(n=2000).assign(
        make=lambda rows: random.random(len(rows)) < 0.5, buy=lambda rows: random.random(len(rows)) < 0.5
    )
    index = 0.5 + 1.5 * firms["make"] + 1.5 * firms["buy"]
    firms["innovator"] = index + random.logistic(size=len(firms)) > 0
    results = fitted("logit", firms, outcome="innovator", regressors=[], complementarity=["make", "buy"])
    verdicts = {row.name: row.note.split(";")[0] for row in results.diagnostics.itertuples()}
    assert verdicts["complementarity: make × buy (null complements)"] == "undecided"
    assert verdicts["complementarity: make × buy (null complements) (ame)"] == "substitutes"
    chance = results.coefficients.set_index("term")["estimate"]
    gap = chance["ame:make_and_buy"] - chance["ame:make_only"] - chance["ame:buy_only"]
    assert f"= {gap:.3g}" in results.diagnostics["note"].iloc[-1]


def test_a_combination_that_no_firm_of_the_cohort_has_leaves_the_rest(fitted, firms):
    never = firms.assign(make=firms.index % 3 == 0, buy=firms.index % 3 == 1)
    results = fitted("ols", never, regressors=["rd"], complementarity=["make", "buy"])
    assert list(results.coefficients["term"]) == ["const", "rd", "make_only", "buy_only"]
    assert "not tested: no firm has make_and_buy" in results.diagnostics["note"].item()


def test_levels_are_combined_over_imputations(fitted, firms):
    draws = pd.concat([firms.assign(draw=number, rd=firms["rd"] + 0.01 * number) for number in (1, 2)])
    results = fitted("multinomial_logit", draws)
    assert "combined over 2 imputations" in warnings(results)
    assert "ame[university]:rd" in set(results.coefficients["term"])


@pytest.mark.parametrize("estimator", ["nb2", "ordered_logit", "quantile"])
def test_leverage_corrections_are_refused_where_there_is_no_leverage(fitted, estimator):
    assert status(fitted(estimator, covariance="hc3")).startswith("not estimated: ")


@pytest.mark.parametrize(
    ("estimator", "outcome"),
    [
        ("logit", "innovator"),
        ("probit", "innovator"),
        ("ordered_logit", "importance"),
        ("multinomial_logit", "partner"),
    ],
)
def test_a_firm_far_out_is_no_separation_and_asks_for_no_programme(fitted, firms, monkeypatch, estimator, outcome):
    def programme(*_):
        raise AssertionError("a linear programme over all rows")

    for engine in ("likelihood", "choice"):
        monkeypatch.setattr(f"innosurvey.models.engines.{engine}.separating_columns", programme)
    far = firms.assign(rd=firms["rd"].where(firms.index > 0, 60.0))
    highest = {"innovator": True, "importance": "high", "partner": "university"}[outcome]
    far.loc[0, outcome] = highest
    assert status(fitted(estimator, far, outcome=outcome, regressors=["rd"])) == "ok"
