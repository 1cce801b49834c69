"""Intervals of parameters that have bounds."""

from math import inf

import numpy as np
import pytest

from innosurvey.models.bounded import on_its_scale
from innosurvey.models.coefficients import coefficient_rows

# Stata's manual, [R] heckman, example 1 (wages of women): rho .7035061 (.0512264), sigma 6.004797 (.1657202).
PRINTED = {"rho": (0.5885365, 0.7905862), "sigma": (5.68862, 6.338548)}


def test_an_interval_of_rho_is_statas():
    found = on_its_scale("atanh", 0.7035061, 0.0512264, inf, 0.95)
    assert (found["lower"], found["upper"]) == pytest.approx(PRINTED["rho"], abs=2e-7)  # inputs have seven digits
    assert found["statistic"] == pytest.approx(8.62, abs=0.005)


def test_an_interval_of_sigma_is_statas():
    found = on_its_scale("log", 6.004797, 0.1657202, inf, 0.95)
    assert (found["lower"], found["upper"]) == pytest.approx(PRINTED["sigma"], abs=2e-6)


def test_a_correlation_far_from_known_stays_within_its_bounds():
    found = on_its_scale("atanh", -0.95, 0.3, 12.0, 0.95)
    assert -1 < found["lower"] < -0.95 < found["upper"] < 1


@pytest.mark.parametrize("estimate", [0.19, 0.2, 0.9])
def test_p_and_interval_of_a_correlation_agree(estimate):
    found = on_its_scale("atanh", estimate, 0.0995, 20.0, 0.95)
    assert (found["p"] < 0.05) == (found["lower"] > 0)


def test_a_small_positive_parameter_has_an_interval_of_numbers():
    found = on_its_scale("log", 1e-7, 0.1, inf, 0.95)
    assert 0 < found["lower"] < found["upper"] < inf


def test_only_terms_with_a_scale_have_their_interval_on_it():
    slope, rho = coefficient_rows(("x", "rho"), np.array([0.9, 0.9]), np.eye(2) * 0.01, inf, scales={"rho": "atanh"})
    assert slope["upper"] == pytest.approx(0.9 + 1.96 * 0.1, abs=1e-4)
    assert (slope["se"], rho["se"]) == (0.1, 0.1)
    assert rho["upper"] < 1


@pytest.mark.parametrize(
    ("estimator", "declared", "bounded"),
    [
        ("heckman", {"selection": {"outcome": "innovator", "regressors": ["rd", "cooperation"]}}, ("sigma", "rho")),
        ("tobit", {}, ("sigma",)),
        ("nb2", {"outcome": "patents"}, ("alpha",)),
        ("two_part", {"outcome": "patents"}, ("smearing",)),
        ("biprobit", {"outcome": "innovator", "second": "cooperation"}, ("rho",)),
    ],
)
def test_engines_say_which_parameters_have_bounds(run, make_model, make_firms, estimator, declared, bounded):
    firms = make_firms(n=400).assign(patents=lambda rows: rows["patents"] + (rows["patents"] > 1) * 3)
    found = run(make_model(estimator=estimator, **declared), firms).coefficients.set_index("term")
    for term in bounded:
        row = found.loc[term]
        centre = row["estimate"] - row["lower"] - (row["upper"] - row["estimate"])
        assert abs(centre) > 1e-6, term
