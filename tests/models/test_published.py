"""Published tables whose data come with the libraries: nothing is downloaded.

Tolerances are half a unit of the last printed digit, and a little for the printed value being rounded itself.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.datasets import jobtraining, mroz

THREE_DIGITS = 0.0006
FOUR_DIGITS = 0.00006


@pytest.fixture
def coefficients(run, make_model):
    def fitted(firms, **declared):
        results = run(make_model(**{"covariance": "classical", **declared}), firms)
        assert results.fits["status"].item() == "ok"
        return results.coefficients.set_index("term")[["estimate", "se"]], results.fits.iloc[0]

    return fitted


def as_slice(frame, firm=None, wave=None):
    """Return the data with the key columns of a slice; a person is a firm here."""
    keys = {"firm_id": [f"{number:05d}" for number in range(len(frame))] if firm is None else frame[firm].astype(str)}
    keys["wave"] = "1" if wave is None else frame[wave].astype(str)
    return frame.assign(**keys, group="all").reset_index(drop=True)


def assert_published(found, published, tolerance):
    for term, (estimate, error) in published.items():
        assert found.loc[term, "estimate"] == pytest.approx(estimate, abs=tolerance), term
        assert found.loc[term, "se"] == pytest.approx(error, abs=tolerance), term


def test_training_grants_and_scrap_rates(coefficients):
    """Wooldridge, Introductory Econometrics, example 14.1: 54 firms, 1987-89, firm effects."""
    firms = as_slice(jobtraining.load(), firm="fcode", wave="year")
    found, fit = coefficients(
        firms,
        estimator="fe",
        fixed_effects=["firm_id"],
        outcome="lscrap",
        regressors=["d88", "d89", "grant", "grant_1"],
    )
    published = {"d88": (-0.080, 0.109), "d89": (-0.247, 0.133), "grant": (-0.252, 0.151), "grant_1": (-0.422, 0.210)}
    assert (fit["n"], fit["n_firms"]) == (162, 54)
    assert_published(found, published, THREE_DIGITS)


def test_investment_of_large_firms(run, make_model, coefficients):
    """Baltagi, Econometric Analysis of Panel Data, table 2.1: Grunfeld's 10 firms over 20 years, firm effects.

    Ten firms are fewer than the pipeline estimates with, so each firm stands under four names: the estimate stays, and
    the classical error shrinks by the root of the residual degrees of freedom, 4 × 200 - 2 - 40 against 200 - 2 - 10.
    """
    grunfeld = sm.datasets.grunfeld.load_pandas().data.query("firm != 'American Steel'")
    copies = pd.concat([grunfeld.assign(firm=grunfeld["firm"] + str(copy)) for copy in range(4)])
    found, _ = coefficients(
        as_slice(copies, firm="firm", wave="year"),
        estimator="fe", fixed_effects=["firm_id"], outcome="invest", regressors=["value", "capital"],
    )  # fmt: skip
    found["se"] *= np.sqrt((800 - 2 - 40) / (200 - 2 - 10))
    assert_published(found, {"value": (0.110, 0.012), "capital": (0.310, 0.017)}, THREE_DIGITS)


def test_wages_of_women_with_selection_in_two_steps(coefficients):
    """Wooldridge, Introductory Econometrics, example 17.5 (table 17.7): 753 women, 428 with a wage."""
    found, fit = coefficients(
        as_slice(mroz.load()),
        estimator="heckman_two_step", outcome="lwage", regressors=["educ", "exper", "expersq"],
        selection={
            "outcome": "inlf",
            "regressors": ["nwifeinc", "educ", "exper", "expersq", "age", "kidslt6", "kidsge6"],
        },
    )  # fmt: skip
    published = {
        "const": (-0.578, 0.305), "educ": (0.109, 0.016), "exper": (0.044, 0.016), "lambda": (0.032, 0.134),
        "selection/nwifeinc": (-0.012, 0.005), "selection/kidslt6": (-0.868, 0.119),
    }  # fmt: skip
    assert fit["n"] == 753
    assert_published(found, published, THREE_DIGITS)
    assert_published(found, {"expersq": (-0.00086, 0.00044)}, 0.000006)


def test_wages_of_women_with_selection_by_maximum_likelihood(coefficients):
    """Greene (2006), table 24.3, as in the vignette of sampleSelection (Toomet and Henningsen 2008), which prints more
    digits; R's Hessian is taken a little beside the maximum, hence its wider tolerance for errors.
    """
    women = mroz.load().assign(
        kids=lambda table: ((table["kidslt6"] + table["kidsge6"]) > 0).astype(float),
        age2=lambda table: table["age"] ** 2,
        exper2=lambda table: table["exper"] ** 2,
    )
    found, fit = coefficients(
        as_slice(women),
        estimator="heckman", outcome="wage", regressors=["exper", "exper2", "educ", "city"],
        selection={"outcome": "inlf", "regressors": ["age", "age2", "faminc", "kids", "educ"]},
    )  # fmt: skip
    published = {
        "const": (-1.9630242, 1.1982209), "exper": (0.0278683, 0.0615514), "exper2": (-0.0001039, 0.0018388),
        "educ": (0.4570051, 0.0732299), "city": (0.446529, 0.3159209), "sigma": (3.1084, 0.1138),
        "rho": (-0.132, 0.1651),
    }  # fmt: skip
    for term, (estimate, error) in published.items():
        assert found.loc[term, "estimate"] == pytest.approx(estimate, abs=0.0001), term
        assert found.loc[term, "se"] == pytest.approx(error, abs=0.002), term
    assert fit["loglik"] == pytest.approx(-1581.258, abs=0.0005)


def test_hours_of_women_are_censored_at_zero(coefficients):
    """Wooldridge, Introductory Econometrics, table 17.3: 753 women, 325 of whom did not work.

    One negative other income has lost its sign in this copy of the data; it is made anew from what it is made of.
    """
    women = mroz.load()
    women["nwifeinc"] = (women["faminc"] - women["wage"].fillna(0) * women["hours"]) / 1000
    found, fit = coefficients(
        as_slice(women),
        estimator="tobit", outcome="hours",
        regressors=["nwifeinc", "educ", "exper", "expersq", "age", "kidslt6", "kidsge6"],
    )  # fmt: skip
    published = {
        "const": (965.31, 446.44), "nwifeinc": (-8.81, 4.46), "educ": (80.65, 21.58), "exper": (131.56, 17.28),
        "expersq": (-1.86, 0.54), "age": (-54.41, 7.42), "kidslt6": (-894.02, 111.88), "kidsge6": (-16.22, 38.64),
        "sigma": (1122.02, 41.58),
    }  # fmt: skip
    assert_published(found, published, 0.006)
    assert fit["loglik"] == pytest.approx(-3819.09, abs=0.006)


def test_education_instrumented_by_the_parents(coefficients):
    """Wooldridge, Introductory Econometrics, example 15.5: 428 working women; first stage F = 55.40."""
    found, fit = coefficients(
        as_slice(mroz.load()),
        estimator="iv2sls", outcome="lwage", regressors=["exper", "expersq"], endogenous=["educ"],
        instruments=["motheduc", "fatheduc"],
    )  # fmt: skip
    published = {"const": (0.048, 0.400), "educ": (0.061, 0.031), "exper": (0.044, 0.013)}
    assert fit["n"] == 428
    assert fit["warnings"] == "first-stage F of educ 55.4"
    assert_published(found, published, THREE_DIGITS)
    assert found.loc["expersq", "estimate"] == pytest.approx(-0.0009, abs=FOUR_DIGITS)


def test_labour_force_participation(coefficients):
    """Wooldridge, Introductory Econometrics, table 17.1, logit: 753 women, log-likelihood -401.77."""
    found, fit = coefficients(
        as_slice(mroz.load()),
        estimator="logit", outcome="inlf",
        regressors=["nwifeinc", "educ", "exper", "expersq", "age", "kidslt6", "kidsge6"],
    )  # fmt: skip
    published = {
        "const": (0.425, 0.860), "nwifeinc": (-0.021, 0.008), "educ": (0.221, 0.043), "exper": (0.206, 0.032),
        "age": (-0.088, 0.015), "kidslt6": (-1.443, 0.204), "kidsge6": (0.060, 0.075),
    }  # fmt: skip
    assert_published(found, published, THREE_DIGITS)
    assert fit["loglik"] == pytest.approx(-401.77, abs=0.006)
    assert fit["r2"] == pytest.approx(0.220, abs=THREE_DIGITS)


def test_grades_after_a_new_method_of_teaching(coefficients):
    """Spector and Mazzeo's 32 students, as in Greene, Econometric Analysis: logit estimates and marginal effects."""
    found, _ = coefficients(
        as_slice(sm.datasets.spector.load_pandas().data),
        estimator="logit",
        outcome="GRADE",
        regressors=["GPA", "TUCE", "PSI"],
    )
    published = {"const": (-13.021, 4.931), "GPA": (2.826, 1.263), "TUCE": (0.095, 0.142), "PSI": (2.379, 1.065)}
    assert_published(found, published, THREE_DIGITS)
