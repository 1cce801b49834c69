"""Tests of hypotheses on coefficients."""

import numpy as np
import pytest


@pytest.fixture
def diagnostics(run, make_model, make_firms):
    def tested(hypotheses, **declared):
        model = make_model(regressors=["rd", "cooperation"], hypotheses=hypotheses, **declared)
        results = run(model, make_firms())
        assert results.fits["status"].item() == "ok"
        return results

    return tested


def test_one_coefficient_is_its_own_t_test_squared(diagnostics):
    results = diagnostics({"no_rd": "rd"})
    row, test = results.coefficients.set_index("term").loc["rd"], results.diagnostics.iloc[0]
    assert test["statistic"] == pytest.approx(row["statistic"] ** 2, rel=1e-10)
    assert test["p"] == pytest.approx(row["p"], rel=1e-8)
    assert test["df2"] == row["df"]


def test_a_joint_test_of_classical_errors_is_the_f_test_of_the_sums_of_squares(diagnostics, make_firms):
    """F = (RSS0 - RSS) / 2 over RSS / (n - 3)."""
    firms = make_firms()
    y = firms["output"].to_numpy()
    design = np.column_stack([np.ones(len(y)), firms["rd"], firms["cooperation"].astype(float)])
    rss = ((y - design @ np.linalg.lstsq(design, y, rcond=None)[0]) ** 2).sum()
    expected = ((y - y.mean()) @ (y - y.mean()) - rss) / 2 / (rss / (len(y) - 3))
    test = diagnostics({"nothing": ["rd", "cooperation"]}, covariance="classical").diagnostics.iloc[0]
    assert test["statistic"] == pytest.approx(expected, rel=1e-10)


def test_a_single_equation_has_an_estimate_and_an_interval(diagnostics):
    coefficients = diagnostics({"same": "rd - cooperation = 0.1"}).coefficients.set_index("term")
    found = coefficients.loc["hypothesis:same"]
    assert found["estimate"] == pytest.approx(
        coefficients.loc["rd", "estimate"] - coefficients.loc["cooperation", "estimate"] - 0.1
    )
    assert found["lower"] < found["estimate"] < found["upper"]


def test_a_likelihood_is_tested_by_chi_squared(diagnostics):
    test = diagnostics({"no_rd": "rd"}, estimator="logit", outcome="innovator").diagnostics.iloc[0]
    assert test["df2"] == np.inf


def test_a_term_that_the_fit_lacks_is_said_with_the_near_name(diagnostics):
    results = diagnostics({"no_rd": "rdd"})
    assert results.fits["warnings"].item() == "hypothesis no_rd: no term rdd. Did you mean rd?"
    assert results.diagnostics.empty


def test_equations_that_say_the_same_are_not_tested(diagnostics):
    results = diagnostics({"twice": ["rd", "2*rd"]})
    assert results.fits["warnings"].item() == "hypothesis twice: its equations can't be told apart"
