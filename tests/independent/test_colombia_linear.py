"""Least squares, panels, instruments, quantiles and weights on the real Colombian firms, against R.

Coefficients to 1e-6, standard errors to 1e-5: sandwich, plm, AER, quantreg and survey. `colombia_linear.R` is run once
and cuts the samples itself. Skipped where the survey's files, R or one of its packages are absent (`apt-get install
r-cran-plm r-cran-aer r-cran-sandwich r-cran-survey r-cran-quantreg`).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innosurvey import study
from innosurvey.models.fit import Results, fit_all
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import plan_fits
from tests.independent.r import case_of, said_of

SCRIPT = Path(__file__).with_name("colombia_linear.R")
PACKAGES = ("plm", "AER", "sandwich", "survey", "quantreg")
COEFFICIENTS, ERRORS = 1e-6, 1e-5
"""Two programs solve the same equations in another order."""
RD = "log1p(rd_per_employee)"
NAMES = {
    "(Intercept)": "const", "rd": RD, "mean_rd": f"mean({RD})", "mean_size": "mean(log_employees)",
    "lag(log_employees, 1)": "lag(log_employees)",
}  # fmt: skip
BY_FIRM = {"type": "cluster", "by": ["firm_id"]}
BY_FIRM_BARE = {**BY_FIRM, "small_sample": "none"}
BY_FIRM_AND_INDUSTRY = {"type": "cluster", "by": ["firm_id", "industry"]}
ROWS_BARE = {"type": "robust", "small_sample": "none"}
pytestmark = [pytest.mark.independent, pytest.mark.real_data]


@pytest.fixture(scope="module")
def folder(colombian: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which R has written its results."""
    return said_of(colombian, SCRIPT, PACKAGES, tmp_path_factory.mktemp("colombia_linear"))


def fitted(firms: pd.DataFrame, **declared: object) -> Results:
    model = {"family": "test", "outcome": "log_sales_per_employee", **declared}
    results = fit_all(plan_fits(parse_models({"model": model}), {}), firms)
    assert results.fits["status"].item() == "ok", results.fits["status"].item()
    return results


def agree(results: Results, folder: Path, case: str) -> None:
    """Fail unless all of R's coefficients and standard errors of a case are ours."""
    theirs = case_of(folder, case, NAMES)
    ours = results.coefficients.set_index("term").loc[theirs.index]
    np.testing.assert_allclose(ours["estimate"], theirs["estimate"], rtol=COEFFICIENTS)
    np.testing.assert_allclose(ours["se"], theirs["se"], rtol=ERRORS)


def statistic(folder: Path, case: str, test: str) -> float:
    table = pd.read_csv(folder / "tests.csv").set_index(["case", "test"])
    return float(table.loc[(case, test), "statistic"])


@pytest.mark.parametrize(
    ("case", "covariance"),
    [
        *((kind, kind) for kind in ("classical", "hc0", "hc1", "hc2", "hc3")),
        ("firms", BY_FIRM),
        ("two-ways", BY_FIRM_AND_INDUSTRY),
    ],
)
def test_productivity_on_innovation_by_least_squares(colombian, folder, case, covariance):
    results = fitted(
        colombian, estimator="ols", covariance=covariance,
        regressors=[
            "technical_innovation", "nontechnical_innovation", "technical_innovation:nontechnical_innovation",
            "log_employees", "C(industry_class)", "C(wave)",
        ],
    )  # fmt: skip
    agree(results, folder, f"ols-{case}")


def test_the_studys_own_model_holds_the_industries_of_both_revisions(root, colombian, folder):
    colombia = study.read(*study.BASE, root / "resources/studies/colombia_edits.yaml").programme
    declared = colombia["models"]["productivity_on_innovation"]
    spec = parse_models({"model": {**declared, "foreach": ["all"]}}, colombia["model_sets"])
    agree(fit_all(plan_fits(spec, {}), colombian), folder, "declared-firms")


@pytest.mark.parametrize(
    ("case", "covariance"), [("classical", "classical"), ("firms", BY_FIRM), ("firms-bare", BY_FIRM_BARE)]
)
def test_productivity_on_research_within_firms_and_waves(colombian, folder, case, covariance):
    # Firms and waves as declared in the study; plm's errors times the rule's factor, and without any.
    results = fitted(
        colombian, estimator="fe", regressors=[RD, "log_employees"], fixed_effects=["firm_id", "wave"],
        covariance=covariance,
    )  # fmt: skip
    agree(results, folder, f"within-{case}")


@pytest.mark.parametrize(
    ("case", "covariance"), [("classical", "classical"), ("firms", BY_FIRM_BARE), ("rows", ROWS_BARE)]
)
def test_productivity_on_research_with_random_effects(colombian, folder, case, covariance):
    results = fitted(
        colombian, estimator="random_effects", regressors=[RD, "log_employees", "C(wave)"],
        components="baltagi_chang", covariance=covariance,
    )  # fmt: skip
    agree(results, folder, f"random-{case}")


def test_productivity_on_research_between_firms(colombian, folder):
    results = fitted(colombian, estimator="between", regressors=[RD, "log_employees"], covariance="classical")
    agree(results, folder, "between-classical")


@pytest.mark.parametrize(("case", "covariance"), [("classical", "classical"), ("firms", BY_FIRM_BARE)])
def test_productivity_on_research_in_changes(colombian, folder, case, covariance):
    # The two waves that follow each other: plm steps over a firm's missing waves, here they end its changes.
    results = fitted(
        colombian, estimator="first_difference", regressors=[RD, "log_employees"], covariance=covariance,
        sample="wave == '2013' or wave == '2015'",
    )  # fmt: skip
    agree(results, folder, f"changes-{case}")


def test_mundlaks_regression_and_its_test(colombian, folder):
    results = fitted(
        colombian, estimator="mundlak", effects="pooled", regressors=[RD, "log_employees"], covariance=BY_FIRM
    )
    agree(results, folder, "means-firms")
    found = results.diagnostics.set_index("name").loc["Mundlak: firm means", "statistic"]
    assert found == pytest.approx(statistic(folder, "means-firms", "wald"), rel=ERRORS)


def instrumented(firms: pd.DataFrame, covariance: object) -> Results:
    """Research moved by staff with higher education and by uncertain demand, as in the programme's model."""
    return fitted(
        firms, estimator="iv2sls", regressors=["log_employees", "C(industry_class)", "C(wave)"], endogenous=[RD],
        instruments=["tertiary_share", "barrier_demand"], covariance=covariance,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "covariance"),
    [("classical", "classical"), ("rows", "robust"), ("firms", BY_FIRM), ("two-ways", BY_FIRM_AND_INDUSTRY)],
)
def test_productivity_on_research_by_two_stage_least_squares(colombian, folder, case, covariance):
    agree(instrumented(colombian, covariance), folder, f"iv-{case}")


def test_diagnostics_of_instruments(colombian, folder):
    found = instrumented(colombian, "classical").diagnostics.set_index("name")["statistic"]
    for ours, theirs in (
        (f"first-stage F: {RD}", "Weak instruments"),
        ("Durbin-Wu-Hausman", "Wu-Hausman"),
        ("overidentification: Sargan", "Sargan"),
    ):
        assert found[ours] == pytest.approx(statistic(folder, "iv-classical", theirs), rel=ERRORS), ours


PERSISTENCE = {
    "estimator": "difference_gmm", "outcome": "log_employees", "regressors": ["lag(log_employees)", "innovator"],
    "covariance": ROWS_BARE,
}  # fmt: skip


@pytest.mark.parametrize("steps", ["one", "two"])
def test_persistence_of_size_by_difference_gmm(colombian, folder, steps):
    # R is given the firms seen in three or four waves in a row: no others have an equation.
    results = fitted(colombian, steps=steps, **PERSISTENCE)
    agree(results, folder, f"persistence-{steps}")
    found = results.diagnostics.set_index("name")["statistic"]
    theirs = statistic(folder, f"persistence-{steps}", "m1")
    assert found["serial correlation: AR(1)"] == pytest.approx(theirs**2, rel=ERRORS)


def test_hansens_test_of_persistence(colombian, folder):
    found = fitted(colombian, steps="two", **PERSISTENCE).diagnostics.set_index("name")["statistic"]
    theirs = statistic(folder, "persistence-two", "hansen")
    assert found["overidentification: Hansen"] == pytest.approx(theirs, rel=ERRORS)


@pytest.mark.parametrize("tau", [0.25, 0.75])
def test_quantiles_of_productivity(colombian, folder, tau):
    results = fitted(
        colombian, estimator="quantile", quantiles=[tau], covariance=ROWS_BARE, sample="wave == '2015'",
        regressors=["technical_innovation", "nontechnical_innovation", "log_employees", "tertiary_share"],
    )  # fmt: skip
    agree(results, folder, f"quantile-{tau}")


SURVEYED = {
    "ols": {
        "estimator": "ols", "outcome": "log_sales_per_employee",
        "regressors": ["innovator", "tertiary_share", "exporter"],
    },
    "logit": {
        "estimator": "logit", "outcome": "innovator",
        "regressors": ["log_employees", "tertiary_share", "exporter", "C(industry_class)"],
    },
    "poisson": {
        "estimator": "poisson", "outcome": "ip_trademark", "regressors": ["rnd_performer", "log_employees", "exporter"],
    },
}  # fmt: skip


@pytest.mark.parametrize("case", SURVEYED)
def test_weighted_firms_of_the_last_wave_in_strata(colombian, folder, case):
    results = fitted(colombian, weights="final", covariance="survey", sample="wave == '2015'", **SURVEYED[case])
    agree(results, folder, f"survey-{case}")


@pytest.mark.parametrize(
    ("case", "declared"),
    [
        ("ols", SURVEYED["ols"]),
        (
            "logit",
            SURVEYED["logit"] | {"regressors": ["log_employees", "tertiary_share", "C(industry_class)", "C(wave)"]},
        ),
    ],
)
def test_weighted_firms_of_all_waves_are_units_over_their_waves(colombian, folder, case, declared):
    agree(fitted(colombian, weights="final", covariance="survey", **declared), folder, f"pooled-{case}")
