"""The likelihoods on plain arrays: their derivatives are derivatives, and what is known of them by other means."""

import numpy as np
import pytest
from scipy import integrate, stats

from innosurvey.models.kernels import binary, biprobit, bivariate, counts, heckman, tobit, twostep
from innosurvey.models.kernels.index import Pieces, fit_indexes
from innosurvey.models.kernels.newton import maximise
from innosurvey.models.kernels.normal import log_cumulative

# Central differences with this step are off by its square, 1e-10, and by rounding, 1e-16 / STEP, both times what the
# derivative bends by; 1e-6 is beyond either.
STEP = 1e-5
DIFFERENCES = {"rtol": 1e-6, "atol": 1e-7}
# A search ends where the gradient is rounding; what is left are differences of summation.
ROUNDING = 1e-9
ROWS = 60


def random():
    return np.random.default_rng(3)


def yes_or_no(seed):
    return (np.random.default_rng(seed).random(ROWS) < 0.5).astype(float)


def likelihoods():
    """Return each likelihood on made-up outcomes, with the number of its indexes."""
    outcome = random().normal(size=ROWS)
    positive = random().poisson(3, ROWS) + 1.0
    return {
        "probit": (binary.probit_likelihood(yes_or_no(1)), 1),
        "fractional probit": (binary.fractional_probit_likelihood(random().random(ROWS)), 1),
        "fractional logit": (binary.logit_likelihood(random().random(ROWS)), 1),
        "tobit": (tobit.tobit_likelihood(outcome, tobit.Limits(lower=-0.3, upper=0.8)), 2),
        "heckman": (heckman.heckman_likelihood(outcome, yes_or_no(1) == 1), 4),
        "truncated NB2": (counts.truncated_nb2_likelihood(positive), 2),
        "truncated Poisson": (counts.truncated_poisson_likelihood(positive), 1),
        "biprobit": (biprobit.biprobit_likelihood(yes_or_no(1), yes_or_no(2)), 3),
    }


def differences(likelihood, index, number):
    """Return the numerical derivatives by one index of the value and of each first derivative."""
    above, below = ([part.copy() for part in index] for _ in range(2))
    above[number] += STEP
    below[number] -= STEP
    up, down = likelihood(tuple(above)), likelihood(tuple(below))
    return [
        (high - low) / (2 * STEP) for high, low in zip((up.value, *up.first), (down.value, *down.first), strict=True)
    ]


@pytest.mark.parametrize("name", likelihoods())
def test_the_derivatives_of_a_likelihood_are_those_of_its_value(name):
    likelihood, indexes = likelihoods()[name]
    index = list(0.7 * random().normal(size=(indexes, ROWS)))
    index[1:2] = [np.abs(part) + 0.5 for part in index[1:2]]  # tobit's θ is positive
    found = likelihood(tuple(index))
    for j in range(indexes):
        first, *seconds = differences(likelihood, index, j)
        np.testing.assert_allclose(found.first[j], first, **DIFFERENCES)
        for k, second in enumerate(seconds):
            analytic = found.second.get((min(j, k), max(j, k)), np.zeros(ROWS))
            np.testing.assert_allclose(analytic, second, **DIFFERENCES)


@pytest.mark.parametrize("name", likelihoods())
def test_a_stack_of_fits_is_worked_on_as_each_alone(name):
    likelihood, indexes = likelihoods()[name]
    stack = [0.5 + 0.1 * random().random((2, ROWS)) for _ in range(indexes)]
    together = likelihood(tuple(stack))
    alone = likelihood(tuple(part[1] for part in stack))
    np.testing.assert_allclose(together.value[1], alone.value, rtol=1e-13)
    np.testing.assert_allclose(together.second[0, 0][1], alone.second[0, 0], rtol=1e-12)


def test_the_hazard_far_in_the_tail_is_the_distance_to_it():
    value, hazard, slope = log_cumulative(np.array([-1e4, 0.0, 40.0]))
    # m(x) → -x - 1/x for x → -∞, to the order of x⁻³, which is 1e-16 of it here; and m(0) = √(2/π).
    np.testing.assert_allclose(hazard, [1e4 + 1e-4, np.sqrt(2 / np.pi), 0.0], rtol=1e-14, atol=1e-80)
    assert np.isfinite(value).all()
    assert ((slope >= 0) & (slope <= 1)).all()


@pytest.mark.parametrize("r", [0.0, 0.3, -0.7, 0.95, -0.99, 0.9999, -0.99999])
def test_the_bivariate_normal_distribution_is_that_of_scipy(r):
    a, b = 1.5 * random().normal(size=(2, 30))
    joint = stats.multivariate_normal(cov=[[1, r], [r, 1]])
    expected = [joint.cdf(np.array(point)) for point in zip(a, b, strict=True)]
    np.testing.assert_allclose(bivariate.cumulative(a, b, r), expected, rtol=0, atol=2e-15)


def test_far_tails_of_the_bivariate_normal_keep_their_digits():
    # With r = -1/2 the plain sum of two parts of 1e-13 would leave three digits of 1e-16; the integral over one
    # variable by adaptive quadrature knows eight at least.
    a, b, r = -4.0, -4.5, -0.5
    root = np.sqrt(1 - r * r)
    expected, _ = integrate.quad(
        lambda t: stats.norm.pdf(t) * stats.norm.cdf((b - r * t) / root), -12, a, epsabs=0, epsrel=1e-10
    )
    assert bivariate.cumulative(np.array([a]), np.array([b]), r).item() == pytest.approx(expected, rel=1e-9)


def test_both_below_zero_has_a_known_probability():
    # Sheppard (1899): 1/4 + asin(r) / 2π.
    assert bivariate.cumulative(np.zeros(1), np.zeros(1), 0.5).item() == pytest.approx(1 / 3, abs=1e-15)


def test_a_probit_of_two_groups_gives_the_quantiles_of_their_shares():
    outcome = np.repeat([1.0, 0.0, 1.0, 0.0], [30, 70, 80, 20])
    group = np.repeat([0.0, 1.0], 100)
    fitted = binary.fit_binary(outcome, np.column_stack([1 - group, group]))
    np.testing.assert_allclose(fitted.params, stats.norm.ppf([0.3, 0.8]), atol=ROUNDING)


def test_weights_count_rows_as_often_as_they_say():
    design = np.column_stack([np.ones(ROWS), random().normal(size=ROWS)])
    times = np.tile([1, 2, 3], ROWS // 3)
    weighted = binary.fit_binary(yes_or_no(1), design, times.astype(float))
    repeated = binary.fit_binary(np.repeat(yes_or_no(1), times), np.repeat(design, times, axis=0))
    np.testing.assert_allclose(weighted.params, repeated.params, atol=ROUNDING)
    np.testing.assert_allclose(weighted.information, repeated.information, rtol=ROUNDING)


def test_a_tobit_without_limits_is_least_squares():
    design = np.column_stack([np.ones(ROWS), random().normal(size=ROWS)])
    outcome = 1e3 * np.random.default_rng(8).normal(size=ROWS)
    slopes = np.linalg.lstsq(design, outcome, rcond=None)[0]
    params, _ = tobit.natural(tobit.fit_tobit(outcome, design, tobit.Limits()))
    sigma = np.sqrt(np.mean((outcome - design @ slopes) ** 2))
    np.testing.assert_allclose(params, [*slopes, sigma], rtol=ROUNDING)


def test_an_upper_limit_is_a_lower_limit_in_the_mirror():
    design = np.column_stack([np.ones(ROWS), random().normal(size=ROWS)])
    outcome = design @ [0.5, 1] + np.random.default_rng(8).normal(size=ROWS)
    below, _ = tobit.natural(tobit.fit_tobit(outcome, design, tobit.Limits(lower=0.2)))
    above, _ = tobit.natural(tobit.fit_tobit(-outcome, design, tobit.Limits(upper=-0.2)))
    np.testing.assert_allclose(above, below * [-1, -1, 1], atol=ROUNDING)


def test_a_count_that_is_always_one_more_than_poisson_solves_its_mean():
    outcome = np.repeat([1.0, 2.0, 4.0], [50, 30, 20])
    rate = np.exp(counts.fit_truncated_poisson(outcome, np.ones((100, 1))).params[0])
    # The mean of a zero-truncated Poisson is μ / (1 - e^-μ); that of the sample, 1.9.
    assert rate / (1 - np.exp(-rate)) == pytest.approx(1.9, abs=ROUNDING)


def test_the_first_order_condition_of_two_steps_holds_and_their_jacobian_is_its_derivative():
    selected = yes_or_no(1) == 1
    z = np.column_stack([np.ones(ROWS), random().normal(size=(ROWS, 2))])
    outcome = 1 + z[:, 1] + np.random.default_rng(8).normal(size=ROWS)
    designs = (z, z[:, :2])
    found = twostep.fit_two_step(outcome, designs, selected, binary.fit_binary(selected.astype(float), z))

    def moments(params):
        _, mills, _ = log_cumulative(z @ params[:3])
        second = np.column_stack([designs[1], mills]) * selected[:, None]
        _, probit = log_cumulative((2 * selected - 1) * (z @ params[:3]))[:2]
        score = z.T @ ((2 * selected - 1) * probit)
        return np.concatenate([score, second.T @ (outcome - second @ params[3:])])

    shifts = np.eye(6) * 1e-6
    numeric = [(moments(found.params - shift) - moments(found.params + shift)) / 2e-6 for shift in shifts]
    np.testing.assert_allclose(found.scores.sum(axis=0), 0, atol=1e-8)
    np.testing.assert_allclose(found.jacobian, np.array(numeric).T, rtol=1e-6, atol=1e-6)


def test_a_search_that_can_not_arrive_says_so():
    # ln(1 - e^-x) rises for ever: there is no top.
    def evaluate(params):
        return float(-np.exp(-params[0])), np.exp(-params), np.array([[-np.exp(-params[0])]])

    assert not maximise(evaluate, np.zeros(1)).converged


def test_a_start_far_off_is_brought_back_by_halved_steps():
    # Full Newton steps for ln cosh run away from |x| > 1.1 on.
    def evaluate(params):
        x = params[0]
        return float(-np.logaddexp(x, -x)), -np.tanh(params), np.array([[1 / np.cosh(x) ** 2]])

    found = maximise(evaluate, np.array([3.0]))
    assert found.converged
    assert abs(found.params[0]) < ROUNDING


def test_two_parameters_that_can_not_be_told_apart_are_no_maximum():
    design = np.column_stack([np.ones(ROWS), np.ones(ROWS)])

    def likelihood(index):
        return Pieces(value=-(index[0] ** 2), first=(-2 * index[0],), second={(0, 0): np.full(ROWS, -2.0)})

    assert not fit_indexes(likelihood, [design], np.ones(2)).converged
