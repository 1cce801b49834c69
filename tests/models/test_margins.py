"""Average marginal effects of nonlinear models."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from innosurvey.models.engines import engine_of
from innosurvey.models.margins import marginal_effects
from innosurvey.models.response import IndexMean, KnowsItsMoves
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample

OUTCOMES = {
    "logit": "innovator",
    "probit": "innovator",
    "fractional_logit": "share",
    "poisson": "patents",
    "nb2": "patents",
    "ordered_logit": "importance",
    "ordered_probit": "importance",
    "multinomial_logit": "importance",
}
BOTH = ["rd", "C(size_class)", "cooperation"]
SEVERAL = [
    ("tobit", {"outcome": "output", "regressors": BOTH}),
    ("two_part", {"outcome": "spent", "regressors": BOTH}),
    ("nb_hurdle", {"outcome": "patents", "regressors": BOTH, "participation": {"regressors": ["rd"]}}),
    ("biprobit", {"outcome": "innovator", "regressors": BOTH, "second": {"outcome": "exporter", "regressors": ["rd"]}}),
]
# A closed form and five points by which it is taken numerically: 1e-12 and rounding over the step.
NUMERICAL = {"rtol": 1e-9, "atol": 1e-10}


@pytest.fixture
def firms(make_firms):
    random = np.random.default_rng(11)
    return make_firms().assign(
        share=lambda rows: 1 / (1 + np.exp(-0.5 * rows["rd"] - random.normal(size=len(rows)))),
        patents=lambda rows: pd.array(random.negative_binomial(1, 1 / (1 + np.exp(0.4 * rows["rd"]))), dtype="Int64"),
        importance=lambda rows: np.digitize(0.6 * rows["rd"] + random.logistic(size=len(rows)), [-1, 0, 1.5]),
        sales=lambda rows: np.exp(rows["rd"] / 2 + random.normal(size=len(rows))),
        exporter=random.random(600) < 0.5,
        spent=lambda rows: np.exp(rows["rd"] / 2 + random.normal(size=len(rows))) * (random.random(len(rows)) < 0.7),
    )


@pytest.fixture
def effects(make_model, firms):
    """Return the sample, the estimates and their effects by name."""

    def computed(estimator="logit", **declared):
        spec = make_model(
            **{"estimator": estimator, "outcome": OUTCOMES.get(estimator), "regressors": ["rd"], **declared}
        )
        sample = build_sample(spec, select_rows(spec, firms))
        estimates = engine_of(estimator)(sample)
        return sample, estimates, effects_of(estimates, sample)

    return computed


def effects_of(estimates, sample):
    return marginal_effects(estimates, sample, np.linalg.inv(estimates.information))


def errors(found):
    return np.sqrt(np.diag(found.covariance))


def value(found, name):
    return found.values[found.names.index(f"ame:{name}")]


@pytest.mark.parametrize(("estimator", "other"), [("logit", sm.Logit), ("probit", sm.Probit), ("poisson", sm.Poisson)])
def test_effects_and_their_errors_are_those_of_statsmodels(effects, estimator, other):
    sample, _, found = effects(estimator, regressors=["rd", "cooperation"])
    margins = other(sample.outcome, sample.exogenous.columns).fit(disp=0, method="newton", tol=1e-12)
    margins = margins.get_margeff(dummy=True)
    assert found.names == ("ame:rd", "ame:cooperation")
    np.testing.assert_allclose(found.values, margins.margeff, rtol=1e-8)
    np.testing.assert_allclose(errors(found), margins.margeff_se, rtol=1e-8)


def test_effects_on_each_level_are_those_of_statsmodels(effects):
    # statsmodels' MNLogit has effects of numbers only: its errors of 0/1 columns do not run.
    sample, _, found = effects("multinomial_logit", regressors=["rd", "sales"])
    margins = sm.MNLogit(sample.outcome, sample.exogenous.columns).fit(disp=0, method="newton").get_margeff()
    assert found.names[:4] == ("ame[0]:rd", "ame[1]:rd", "ame[2]:rd", "ame[3]:rd")
    np.testing.assert_allclose(found.values, margins.margeff.ravel(), rtol=1e-8)
    np.testing.assert_allclose(errors(found), margins.margeff_se.ravel(), rtol=1e-8)


def test_the_effects_on_all_levels_sum_to_zero(effects):
    _, _, found = effects("ordered_probit", regressors=["rd", "C(size_class)"])
    np.testing.assert_allclose(found.values.reshape(-1, 4).sum(axis=1), 0, atol=1e-12)


def test_an_ordered_effect_is_by_hand_that_of_its_formula(effects):
    sample, estimates, found = effects("ordered_logit", regressors=["rd"])
    slope, cuts = estimates.params[0], estimates.params[1:]
    edges = cuts[None, :] - slope * sample.exogenous.columns[:, [1]]
    density = np.exp(-edges) / (1 + np.exp(-edges)) ** 2
    density = np.pad(density, ((0, 0), (1, 1)))
    np.testing.assert_allclose(found.values, -slope * np.diff(density, axis=1).mean(axis=0), rtol=1e-9)


def test_a_level_is_compared_with_the_base_level(effects):
    _, estimates, found = effects(regressors=["C(size_class)"])
    base, small, large = estimates.params
    probability = 1 / (1 + np.exp(-np.array([base, base + small, base + large])))
    assert found.names == ("ame:size_class[small]", "ame:size_class[large]")
    np.testing.assert_allclose(found.values, probability[1:] - probability[0], rtol=1e-10)


@pytest.mark.parametrize("weights", ["none", "final"])
@pytest.mark.parametrize("estimator", OUTCOMES)
def test_the_derivatives_are_those_of_small_steps(effects, estimator, weights):
    terms = ["rd", "C(size_class)", "rd:cooperation", "cooperation", "rd:rd"]
    sample, estimates, found = effects(estimator, regressors=terms, weights=weights)
    for index, curvature in enumerate(np.diag(estimates.information)):
        step = np.zeros(len(estimates.params))
        step[index] = 1e-4 * np.sqrt(600 / curvature)
        ahead, behind = (
            effects_of(replace(estimates, params=estimates.params + side * step), sample).values for side in (1, -1)
        )
        # Central differences leave the square of the step, 1e-8.
        np.testing.assert_allclose((ahead - behind) / (2 * step[index]), found.jacobian[:, index], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("estimator", "declared"), SEVERAL)
def test_effects_through_several_equations_are_those_of_moved_firms(effects, estimator, declared):
    sample, estimates, found = effects(estimator, **declared)
    blocks = {"": sample.exogenous} | {name: part.exogenous for name, part in sample.equations.items()}

    def predicted(step):
        moved = {name: block.columns + step * (np.array(block.names) == "rd") for name, block in blocks.items()}
        return estimates.predict(estimates.params, moved).mean(axis=0)

    effect = [value for name, value in zip(found.names, found.values, strict=True) if name.endswith(":rd")]
    # Central differences with a step of 1e-5: its square, and rounding over it.
    np.testing.assert_allclose(effect, (predicted(1e-5) - predicted(-1e-5)) / 2e-5, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("estimator", "declared"), SEVERAL)
def test_the_errors_through_several_equations_are_those_of_small_steps(effects, estimator, declared):
    sample, estimates, found = effects(estimator, **declared)
    for index, curvature in enumerate(np.diag(estimates.information)):
        step = np.zeros(len(estimates.params))
        step[index] = 1e-4 * np.sqrt(600 / abs(curvature))
        ahead, behind = (
            effects_of(replace(estimates, params=estimates.params + side * step), sample).values for side in (1, -1)
        )
        slope = (ahead - behind) / (2 * step[index])
        scale = np.abs(slope).max() + np.abs(found.jacobian[:, index]).max()
        # The step's square is 1e-8 of the third derivative.
        np.testing.assert_allclose(slope / scale, found.jacobian[:, index] / scale, atol=1e-6)


@pytest.mark.parametrize("estimator", OUTCOMES)
def test_closed_forms_are_those_of_five_points(effects, estimator):
    terms = ["rd", "C(size_class)", "rd:cooperation", "cooperation", "rd:rd", "cooperation:exporter", "exporter"]
    sample, estimates, closed = effects(estimator, regressors=terms)
    assert isinstance(estimates.predict, KnowsItsMoves)
    closely = replace(estimates, predict=lambda params, designs: estimates.predict(params, designs))
    numerical = effects_of(closely, sample)
    np.testing.assert_allclose(numerical.values, closed.values, **NUMERICAL)
    np.testing.assert_allclose(numerical.jacobian, closed.jacobian, **NUMERICAL)


def test_a_variable_in_a_product_moves_the_product(effects):
    sample, estimates, found = effects(regressors=["rd", "cooperation", "rd:cooperation"])
    rd, cooperation = sample.exogenous.columns[:, 1], sample.exogenous.columns[:, 2]
    const, of_rd, of_cooperation, of_both = estimates.params

    def chance(rd, cooperation):
        return 1 / (1 + np.exp(-(const + of_rd * rd + of_cooperation * cooperation + of_both * rd * cooperation)))

    steepness = chance(rd, cooperation) * (1 - chance(rd, cooperation))
    np.testing.assert_allclose(value(found, "rd"), np.mean(steepness * (of_rd + of_both * cooperation)), rtol=1e-12)
    np.testing.assert_allclose(value(found, "cooperation"), np.mean(chance(rd, 1) - chance(rd, 0)), rtol=1e-12)


def test_a_variable_in_a_square_moves_the_square(effects):
    sample, estimates, found = effects("poisson", regressors=["rd", "rd:rd"])
    _, linear, squared = estimates.params
    means = np.exp(sample.exogenous.columns @ estimates.params)
    slope = np.mean(means * (linear + 2 * squared * sample.exogenous.columns[:, 1]))
    assert found.names == ("ame:rd",)
    np.testing.assert_allclose(found.values, [slope], rtol=1e-12)


def test_a_variable_that_is_written_in_two_ways_moves_both(effects):
    sample, estimates, found = effects("poisson", regressors=["sales", "log(sales)"])
    _, plain, logged = estimates.params
    means = np.exp(sample.exogenous.columns @ estimates.params)
    assert found.names == ("ame:sales",)
    expected = np.mean(means * (plain + logged / sample.exogenous.columns[:, 1]))
    np.testing.assert_allclose(found.values, [expected], rtol=1e-12)


def test_an_interaction_of_two_switches_is_the_cross_difference(effects):
    sample, estimates, found = effects("probit", regressors=["cooperation", "exporter", "cooperation:exporter", "rd"])
    both, rest = estimates.params[:4], estimates.params[4] * sample.exogenous.columns[:, 4]
    chance = {
        (a, b): IndexMean(link="normal").at(both[0] + both[1] * a + both[2] * b + both[3] * a * b + rest)[0]
        for a in (0, 1)
        for b in (0, 1)
    }
    crossed = np.mean(chance[1, 1] - chance[1, 0] - chance[0, 1] + chance[0, 0])
    np.testing.assert_allclose(value(found, "cooperation:exporter"), crossed, rtol=1e-10)


def test_the_weights_of_the_firms_weigh_their_effects(effects):
    sample, estimates, found = effects(regressors=["rd"], weights="final")
    chance = 1 / (1 + np.exp(-sample.exogenous.columns @ estimates.params))
    expected = np.average(chance * (1 - chance) * estimates.params[1], weights=sample.weights)
    np.testing.assert_allclose(found.values, [expected], rtol=1e-12)


def test_grades_and_a_teaching_method(run, make_model):
    """Spector and Mazzeo's 32 students (Greene, Econometric Analysis): average effects, as statsmodels has them."""
    data = sm.datasets.spector.load_pandas().data
    keys = {"firm_id": [f"{n:02d}" for n in range(len(data))], "wave": "1", "group": "all"}
    for estimator, other in (("probit", sm.Probit), ("logit", sm.Logit)):
        model = make_model(
            estimator=estimator, outcome="GRADE", regressors=["GPA", "TUCE", "PSI"], covariance="classical"
        )
        found = run(model, data.assign(**keys)).coefficients.set_index("term")
        fitted = other(data["GRADE"], sm.add_constant(data[["GPA", "TUCE", "PSI"]])).fit(disp=0, tol=1e-12)
        margins = fitted.get_margeff(dummy=True)
        terms = ["ame:GPA", "ame:TUCE", "ame:PSI"]
        np.testing.assert_allclose(found.loc[terms, "estimate"], margins.margeff, rtol=1e-8)
        np.testing.assert_allclose(found.loc[terms, "se"], margins.margeff_se, rtol=1e-7)


def test_what_a_model_says_of_everybody_has_no_effect(effects):
    # So far below all outcomes nobody is at the limit, whatever the parameters.
    _, _, found = effects("tobit", outcome="output", lower=-1e6)
    assert found.names == ("ame[seen]:rd",)
