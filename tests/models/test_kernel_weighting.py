"""Weighting estimators of effects: the numbers of statsmodels, of least squares, and of a hand."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit
from statsmodels.treatment.treatment_effects import TreatmentEffect

from innosurvey.models.estimates import NotEstimated
from innosurvey.models.kernels import entropy, propensity, weighting
from innosurvey.models.kernels.moments import least_squares
from tests.models.treatment_cases import Made, standard_errors

# The same formula by other sums; statsmodels stops its probit where the gradient is 1e-8.
ROUNDING = {"rtol": 1e-9, "atol": 1e-10}
ITERATED = {"rtol": 2e-5, "atol": 1e-7}


@pytest.fixture(scope="module")
def made():
    return Made()


def fitted(made, link="logit"):
    return propensity.fit_propensity(made.treated, made.columns, made.weights, link)


@pytest.mark.parametrize(("link", "model"), [("logit", sm.Logit), ("probit", sm.Probit)])
def test_the_propensity_is_that_of_statsmodels(made, link, model):
    found, other = fitted(made, link), model(made.treated.astype(float), made.columns).fit(disp=0, tol=1e-12)
    np.testing.assert_allclose(found.moments.params, other.params, **ROUNDING)
    np.testing.assert_allclose(np.linalg.inv(found.moments.jacobian), other.cov_params(), **ROUNDING)
    np.testing.assert_allclose(found.probability, other.predict(), **ROUNDING)


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize(("effect", "group"), [("ate", "all"), ("att", 1)])
def test_inverse_probability_weighting_and_its_error_are_those_of_statsmodels(made, link, effect, group):
    other = reference(made, link).ipw(effect_group=group)
    arms = weighting.inverse_probability(made.treated, fitted(made, link), made.weights, effect)
    moments = weighting.difference(made.outcome, arms)
    errors = np.sqrt(np.diag(other.results_gmm.cov_params()))[:2]
    np.testing.assert_allclose(moments.params[0], np.ravel(other.effect)[0], **ROUNDING)
    np.testing.assert_allclose(standard_errors(moments)[:2], errors, **ITERATED)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_the_augmented_effect_on_all_and_its_error_are_those_of_statsmodels(made, link):
    other = reference(made, link).aipw()
    arms = weighting.inverse_probability(made.treated, fitted(made, link), made.weights, "ate")
    moments = weighting.augmented_on_all(made.outcome, made.columns, made.treated, arms, made.weights)
    np.testing.assert_allclose(moments.params[0], np.ravel(other.effect)[0], **ROUNDING)
    np.testing.assert_allclose(standard_errors(moments)[0], other.results_gmm.bse[0], **ITERATED)


def reference(made, link):
    model = {"logit": sm.Logit, "probit": sm.Probit}[link](made.treated.astype(float), made.columns)
    return TreatmentEffect(sm.OLS(made.outcome, made.columns), made.treated.astype(float), model.fit(disp=0))


def stack_on_the_treated(made, params):
    """Return the sums of all moments of the augmented effect on the treated, written out once more: effect, mean
    residual, propensity, outcome model.
    """
    effect, mean, slopes, model = params[0], params[1], params[2:6], params[6:]
    p, d = expit(made.columns @ slopes), made.treated
    residual = made.outcome - made.columns @ model
    rows = [
        d * (residual - effect - mean),
        ~d * p / (1 - p) * (residual - mean),
        *((d - p)[:, None] * made.columns).T,
        *(~d * residual * made.columns.T),
    ]
    return np.array(rows)


def test_the_augmented_effect_on_the_treated_has_the_error_of_its_whole_stack(made):
    arms = weighting.inverse_probability(made.treated, fitted(made), made.weights, "att")
    found = weighting.augmented_on_treated(made.outcome, made.columns, made.treated, arms, made.weights)
    model = least_squares(made.outcome, made.columns, np.where(made.treated, 0.0, 1.0)).params
    residual = made.outcome - made.columns @ model
    mean = arms.controls @ residual / arms.controls.sum()
    params = np.concatenate([[found.params[0], mean], found.params[1:], model])
    scores = stack_on_the_treated(made, params)
    step = 1e-5
    jacobian = -np.column_stack(
        [
            (stack_on_the_treated(made, params + move) - stack_on_the_treated(made, params - move)).sum(axis=1)
            / (2 * step)
            for move in step * np.eye(len(params))
        ]
    )
    covariance = np.linalg.inv(jacobian) @ scores @ scores.T @ np.linalg.inv(jacobian).T
    np.testing.assert_allclose(scores.sum(axis=1), 0, atol=1e-8)
    # Central differences are good to the square of the step.
    np.testing.assert_allclose(standard_errors(found)[0] ** 2, covariance[0, 0], rtol=1e-6)


def test_a_propensity_that_knows_two_groups_compares_within_them():
    """Group a: 2 treated of 4, b: 1 treated of 4. Effects within: a: 5 - 2 = 3, b: 8 - 4 = 4."""
    columns = np.column_stack([np.ones(8), np.repeat([0.0, 1.0], 4)])
    treated = np.array([1, 1, 0, 0, 1, 0, 0, 0]) == 1
    outcome = np.array([4, 6, 1, 3, 8, 3, 4, 5.0])
    found = propensity.fit_propensity(treated, columns, np.ones(8))
    for effect, expected in (("ate", (3 + 4) / 2), ("att", (2 * 3 + 4) / 3)):
        arms = weighting.inverse_probability(treated, found, np.ones(8), effect)
        assert weighting.difference(outcome, arms).params[0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("effect", ["att", "ate"])
def test_entropy_balancing_makes_the_means_exactly_alike(made, effect):
    arms = entropy.balanced(made.treated, made.columns, made.weights, effect, ("const", "a", "b", "c"))
    target = made.columns[made.treated].mean(axis=0) if effect == "att" else made.columns.mean(axis=0)
    for weights in (arms.treated, arms.controls):
        np.testing.assert_allclose(weights @ made.columns / weights.sum(), target, atol=1e-9)
        assert (weights >= 0).all()


def test_entropy_balancing_of_two_levels_is_worked_out_by_hand():
    """Of the treated 3 in 4 are large; of the 4 controls one: it gets 3/4 of the weight, the others 1/12 each."""
    large = np.array([1, 1, 1, 0, 1, 0, 0, 0.0])
    treated = np.arange(8) < 4
    arms = entropy.balanced(treated, np.column_stack([np.ones(8), large]), np.ones(8), "att", ("const", "large"))
    np.testing.assert_allclose(arms.controls[4:] / arms.controls.sum(), [3 / 4, 1 / 12, 1 / 12, 1 / 12], rtol=1e-8)


def test_the_effect_by_entropy_balancing_is_that_of_least_squares_where_the_outcome_is_linear(made):
    """Weights that balance x leave nothing of a line in x: the outcome x'β + 2 d gives 2 exactly."""
    outcome = made.columns @ [3, -1, 2, 0.5] + 2 * made.treated
    arms = entropy.balanced(made.treated, made.columns, made.weights, "att", ("const", "a", "b", "c"))
    assert weighting.difference(outcome, arms).params[0] == pytest.approx(2, abs=1e-8)


def test_what_no_weights_can_balance_is_named(made):
    columns = made.columns.copy()
    columns[made.treated, 2] += 100
    with pytest.raises(NotEstimated, match=r"^no weights balance b$"):
        entropy.balanced(made.treated, columns, made.weights, "att", ("const", "a", "b", "c"))


def test_covariates_that_can_be_balanced_one_by_one_but_not_together_are_found():
    """The controls lie on the corners (0, 0), (1, 0), (0, 1), the treated at (0.9, 0.9)."""
    points = np.array([[0.9, 0.9]] * 4 + [[0, 0], [1, 0], [0, 1]] * 3)
    columns = np.column_stack([np.ones(len(points)), points])
    with pytest.raises(NotEstimated, match="no weights balance all covariates at once"):
        entropy.balanced(np.arange(len(points)) < 4, columns, np.ones(len(points)), "att", ("const", "a", "b"))


@pytest.mark.parametrize("effect", ["att", "ate"])
def test_a_unit_may_weigh_as_much_as_two(made, effect):
    def effects(treated, columns, outcome, weights):
        found = propensity.fit_propensity(treated, columns, weights)
        arms = weighting.inverse_probability(treated, found, weights, effect)
        augmented = weighting.augmented_on_all if effect == "ate" else weighting.augmented_on_treated
        balanced = entropy.balanced(treated, columns, weights, effect, ("const", "a", "b", "c"))
        return [
            weighting.difference(outcome, arms).params[0],
            augmented(outcome, columns, treated, arms, weights).params[0],
            weighting.difference(outcome, balanced).params[0],
        ]

    twice = np.r_[np.arange(made.n), np.arange(100)]
    doubled = effects(made.treated[twice], made.columns[twice], made.outcome[twice], np.ones(len(twice)))
    weighted = effects(made.treated, made.columns, made.outcome, np.where(np.arange(made.n) < 100, 2.0, 1.0))
    np.testing.assert_allclose(weighted, doubled, rtol=1e-8)


@pytest.mark.parametrize("wrong", ["propensity", "outcome"])
@pytest.mark.parametrize("effect", ["att", "ate"])
def test_the_augmented_effect_bears_one_wrong_model(wrong, effect):
    """The wrong model leaves the first covariate out. Weighting, or regression, alone is then off by 0.2 and more."""
    made = Made(n=40_000)
    right, left_out = made.columns, made.columns[:, [0, 2, 3]]
    found = propensity.fit_propensity(made.treated, left_out if wrong == "propensity" else right, made.weights)
    arms = weighting.inverse_probability(made.treated, found, made.weights, effect)
    augmented = weighting.augmented_on_all if effect == "ate" else weighting.augmented_on_treated
    model = left_out if wrong == "outcome" else right
    moments = augmented(made.outcome, model, made.treated, arms, made.weights)
    truth = 1.0 if effect == "ate" else made.on_treated
    error = standard_errors(moments)[0]
    naive = made.outcome[made.treated].mean() - made.outcome[~made.treated].mean()
    assert abs(moments.params[0] - truth) < 4 * error  # the effect on all varies with the sample as well
    assert abs(naive - truth) > 10 * error


def test_trimmed_rows_keep_their_part_in_the_propensity_but_not_in_the_effect(made):
    found = fitted(made)
    kept = (found.probability > 0.2) & (found.probability < 0.8)
    arms = weighting.inverse_probability(made.treated, found, np.where(kept, 1.0, 0.0), "ate")
    moments = weighting.difference(made.outcome, arms)
    assert (~kept).sum() > 0
    assert (moments.scores[~kept, :2] == 0).all()
    np.testing.assert_allclose(moments.params[2:], found.moments.params)


def test_moments_that_are_not_shown_stay_in_the_errors(made):
    arms = weighting.inverse_probability(made.treated, fitted(made), made.weights, "att")
    moments = weighting.difference(made.outcome, arms)
    np.testing.assert_allclose(standard_errors(moments.only(2)), standard_errors(moments)[:2], **ROUNDING)
    np.testing.assert_allclose(moments.only(1).scores.sum(axis=0), 0, atol=1e-8)


def test_a_covariate_that_foretells_treatment_has_no_propensity():
    treated = np.arange(40) < 20
    with pytest.raises(NotEstimated, match="propensity"):
        propensity.fit_propensity(treated, np.column_stack([np.ones(40), treated]), np.ones(40))
