"""Intervals of the effects of support hold the true effect about as often as they say."""

import numpy as np
import pytest

from innosurvey.models.covariance import cluster_sums
from innosurvey.models.kernels import entropy, propensity, staggered, weighting
from innosurvey.models.kernels.matching import Search, Units, mahalanobis_points, matching_effect
from tests.models.treatment_cases import EFFECT_ON_TREATED_SLOPE, Made

DRAWS = 400
UNITS = 500
# 95 % over 400 draws: three binomial errors are 0.033 wide; first-order errors of 500 rows may miss a little besides.
LEAST, MOST = 0.905, 0.985


def truth_on_treated():
    """Return the mean effect on the treated in the population that `Made` draws from."""
    many = Made(n=2_000_000, seed=99)
    return 1 + EFFECT_ON_TREATED_SLOPE * many.columns[many.treated, 1].mean()


def moments_error(moments):
    alone = moments.only(1)
    influence = alone.scores[:, 0] / alone.jacobian[0, 0]
    return moments.params[0], float(np.sqrt(influence @ influence))


def by_weighting(made, effect):
    found = propensity.fit_propensity(made.treated, made.columns, made.weights)
    arms = weighting.inverse_probability(made.treated, found, made.weights, effect)
    return moments_error(weighting.difference(made.outcome, arms))


def augmented(made, effect):
    found = propensity.fit_propensity(made.treated, made.columns, made.weights)
    arms = weighting.inverse_probability(made.treated, found, made.weights, effect)
    estimate = weighting.augmented_on_treated if effect == "att" else weighting.augmented_on_all
    return moments_error(estimate(made.outcome, made.columns, made.treated, arms, made.weights))


def by_entropy(made, effect):
    arms = entropy.balanced(made.treated, made.columns, made.weights, effect, ("const", "a", "b", "c"))
    return moments_error(weighting.difference(made.outcome, arms))


def matched(made, effect):
    units = Units(outcome=made.outcome, treated=made.treated, weights=made.weights, columns=made.columns)
    search = Search(points=mahalanobis_points(made.columns[:, 1:]), cells=np.zeros(made.n, dtype=int), neighbours=2)
    return matching_effect(units, search, effect, True)


def matched_classical(made, effect):
    found = matched(made, effect)
    return found.effect, np.sqrt(found.variance)


def matched_robust(made, effect):
    found = matched(made, effect)
    return found.effect, np.sqrt(found.scores @ found.scores) / found.information


def matched_on_propensity(made, effect):
    found = propensity.fit_propensity(made.treated, made.columns, made.weights)
    units = Units(outcome=made.outcome, treated=made.treated, weights=made.weights, columns=made.columns)
    search = Search(points=found.index[:, None], cells=np.zeros(made.n, dtype=int), neighbours=2)
    matched = matching_effect(units, search, effect, True)
    return matched.effect, np.sqrt(matched.scores @ matched.scores) / matched.information


METHODS = (by_weighting, augmented, by_entropy, matched_classical, matched_robust, matched_on_propensity)


@pytest.mark.slow
@pytest.mark.parametrize("effect", ["att", "ate"])
@pytest.mark.parametrize("method", METHODS)
def test_intervals_hold_the_truth_as_often_as_they_say(method, effect):
    truth = 1.0 if effect == "ate" else truth_on_treated()
    draws = [method(Made(n=UNITS, seed=seed), effect) for seed in range(DRAWS)]
    estimates, errors = np.array(draws).T
    covered = np.mean(np.abs(estimates - truth) < 1.96 * errors)
    assert LEAST < covered < MOST
    # The mean of 400 estimates lies within four of its own errors: no bias beyond a fifth of one estimate's error.
    assert abs(estimates.mean() - truth) < 4 * estimates.std() / np.sqrt(DRAWS)
    assert errors.mean() == pytest.approx(estimates.std(), rel=0.12)


def panel_of_two_waves(seed, firms=300):
    """Return covariates, treatment, outcome, wave and firm of rows whose errors a firm shares between its waves, as it
    shares its treatment mostly. The effect is one.
    """
    random = np.random.default_rng(seed)
    covariate = np.repeat(random.normal(size=firms), 2) + 0.3 * random.normal(size=2 * firms)
    likes = np.repeat(random.logistic(size=firms), 2)
    treated = 0.6 * covariate + likes > 0.5
    shared = np.repeat(random.normal(size=firms), 2)
    outcome = covariate + treated + shared + 0.5 * random.normal(size=2 * firms)
    columns = np.column_stack([np.ones(2 * firms), covariate])
    return columns, treated, outcome, np.tile([0, 1], firms), np.repeat(np.arange(firms), 2)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["augmented", "matched"])
def test_clusters_by_firm_hold_where_firms_are_seen_twice(kind):
    estimates, errors, naive = [], [], []
    for seed in range(DRAWS):
        columns, treated, outcome, wave, firm = panel_of_two_waves(seed)
        weights = np.ones(len(outcome))
        if kind == "augmented":
            arms = weighting.inverse_probability(
                treated, propensity.fit_propensity(treated, columns, weights), weights, "att"
            )
            moments = weighting.augmented_on_treated(outcome, columns, treated, arms, weights).only(1)
            effect, influence = moments.params[0], moments.scores[:, [0]] / moments.jacobian[0, 0]
        else:
            units = Units(outcome=outcome, treated=treated, weights=weights, columns=columns)
            search = Search(points=mahalanobis_points(columns[:, 1:]), cells=wave, neighbours=3)
            found = matching_effect(units, search, "att", True)
            effect, influence = found.effect, found.scores[:, None] / found.information
        estimates.append(effect)
        errors.append(np.linalg.norm(cluster_sums(influence, firm)))
        naive.append(np.linalg.norm(influence))
    covered = np.mean(np.abs(np.array(estimates) - 1) < 1.96 * np.array(errors))
    assert LEAST < covered < MOST
    assert np.mean(errors) == pytest.approx(np.std(estimates), rel=0.12)
    assert np.mean(naive) < 0.85 * np.std(estimates)  # errors by row miss what a firm's waves share


@pytest.mark.slow
def test_intervals_of_staggered_adoption_hold():
    estimates, errors = [], []
    for seed in range(DRAWS):
        random = np.random.default_rng(seed)
        first = random.integers(1, 4, 300)
        base = random.normal(size=(300, 1)) + random.normal(size=(300, 3)).cumsum(axis=1)
        outcome = base + (np.arange(3) >= first[:, None])
        panel = staggered.Panel(outcome=outcome, covariates=np.ones((300, 3, 1)), weights=np.ones(300), first=first)
        effect = staggered.average_over_groups(staggered.group_time_effects(panel, "not_yet")[0], panel)
        estimates.append(effect.size)
        errors.append(np.linalg.norm(effect.influence))
    covered = np.mean(np.abs(np.array(estimates) - 1) < 1.96 * np.array(errors))
    assert LEAST < covered < MOST
    assert np.mean(errors) == pytest.approx(np.std(estimates), rel=0.12)
