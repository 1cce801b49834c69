"""Panels and instruments against R's plm, AER and sandwich: coefficients to 1e-6, standard errors to 1e-5.

`panels.R` is run once on made-up panels, balanced and not, and on the British firms of Arellano and Bond that come with
plm. Skipped where R or one of the packages is absent (`apt-get install r-cran-plm r-cran-aer r-cran-sandwich`).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innosurvey.models.fit import Results, fit_all
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import plan_fits
from tests.independent.r import has_packages, run
from tests.models.conftest import _make_firms
from tests.models.test_difference_gmm import make_panel

SCRIPT = Path(__file__).with_name("panels.R")
COEFFICIENTS, ERRORS = 1e-6, 1e-5
"""Two programs solve the same equations in another order; R's iterations for counts stop at 1e-14 of the deviance."""
PANELS = ("balanced", "unbalanced")
FIRMS = {"type": "cluster", "by": ["firm_id"], "small_sample": "none"}
TWO_WAYS = {"type": "cluster", "by": ["firm_id", "wave"], "small_sample": "none"}
ROWS = {"type": "robust", "small_sample": "none"}
pytestmark = pytest.mark.independent


def panels() -> dict[str, pd.DataFrame]:
    """Return 80 firms in eight waves, and the same without some first and last waves: no gaps, which plm's differences
    would step over.
    """
    waves = tuple(str(year) for year in range(2010, 2018))
    firms = _make_firms(n=80, waves=waves)
    random = np.random.default_rng(7)
    support, distance = random.normal(size=(2, len(firms)))
    firms["rd"] = firms["rd"] + support + 0.5 * distance
    firms = firms.assign(support=support, distance=distance, cooperation=firms["cooperation"].astype(int))
    first, last = random.integers(0, 3, size=(2, 80)).repeat(8, axis=1)
    place = firms.groupby("firm_id").cumcount()
    return {"balanced": firms, "unbalanced": firms[(place >= first) & (place < 8 - last)].reset_index(drop=True)}


def dynamic() -> pd.DataFrame:
    """Return an unbalanced dynamic panel without gaps."""
    firms = make_panel(n=120, waves=tuple(str(year) for year in range(2010, 2017)))
    place = firms.groupby("firm_id").cumcount()
    late, early = firms["firm_id"].str[-1].isin(["1", "2"]), firms["firm_id"].str[-1].isin(["3"])
    return firms[~(late & (place < 1)) & ~(early & (place > 5))].reset_index(drop=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which R has written its results beside the panels."""
    if not has_packages("plm", "AER", "sandwich"):
        pytest.skip("R with plm, AER and sandwich is not installed: apt-get install r-cran-plm r-cran-aer")
    place = tmp_path_factory.mktemp("panels")
    for name, firms in {**panels(), "dynamic": dynamic()}.items():
        firms.to_csv(place / f"{name}.csv", index=False)
    run(SCRIPT, place)
    return place


def fitted(firms: pd.DataFrame, **declared: object) -> Results:
    model = {"family": "test", "outcome": "output", "covariance": "classical", **declared}
    results = fit_all(plan_fits(parse_models({"model": model}), {}), firms)
    assert results.fits["status"].item() == "ok", results.fits["status"].item()
    return results


def agree(results: Results, folder: Path, case: str, renamed: dict[str, str] | None = None) -> None:
    """Fail unless all of R's coefficients and standard errors of a case are ours."""
    table = pd.read_csv(folder / "results.csv")
    theirs = (
        table[table["case"] == case].replace({"term": {"(Intercept)": "const", **(renamed or {})}}).set_index("term")
    )
    ours = results.coefficients.set_index("term").loc[theirs.index]
    assert len(theirs) >= 2
    np.testing.assert_allclose(ours["estimate"], theirs["estimate"], rtol=COEFFICIENTS)
    np.testing.assert_allclose(ours["se"], theirs["se"], rtol=ERRORS)


def statistic(folder: Path, case: str, test: str) -> float:
    table = pd.read_csv(folder / "tests.csv").set_index(["case", "test"])
    return float(table.loc[(case, test), "statistic"])


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize(
    ("case", "covariance"), [("", "classical"), ("-firms", FIRMS), ("-two-ways", TWO_WAYS), ("-rows", ROWS)]
)
def test_random_effects(folder, panel, case, covariance):
    results = fitted(
        panels()[panel], estimator="random_effects", regressors=["rd", "cooperation"], covariance=covariance,
        components="baltagi_chang",
    )  # fmt: skip
    agree(results, folder, f"{panel}-random{case}")


@pytest.mark.parametrize("panel", PANELS)
def test_between(folder, panel):
    results = fitted(panels()[panel], estimator="between", regressors=["rd", "cooperation"])
    agree(results, folder, f"{panel}-between")


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize(("case", "covariance"), [("", "classical"), ("-firms", FIRMS)])
def test_first_differences(folder, panel, case, covariance):
    results = fitted(
        panels()[panel], estimator="first_difference", regressors=["rd", "cooperation"], covariance=covariance
    )
    agree(results, folder, f"{panel}-changes{case}")


@pytest.mark.parametrize("panel", PANELS)
def test_mundlaks_regression_and_its_test(folder, panel):
    results = fitted(
        panels()[panel], estimator="mundlak", effects="pooled", regressors=["rd", "cooperation"],
        covariance={"type": "cluster", "by": ["firm_id"]},
    )  # fmt: skip
    agree(results, folder, f"{panel}-means", {"mean_rd": "mean(rd)", "mean_cooperation": "mean(cooperation)"})
    test = results.diagnostics.set_index("name").loc["Mundlak: firm means", "statistic"]
    assert test == pytest.approx(statistic(folder, f"{panel}-means", "wald"), rel=ERRORS)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize(
    ("case", "covariance"), [("", "classical"), ("-firms", {"type": "cluster", "by": ["firm_id"]})]
)
def test_counts_with_effects_of_firms_and_waves(folder, panel, case, covariance):
    results = fitted(
        panels()[panel], estimator="fe_poisson", outcome="patents", regressors=["rd", "cooperation"],
        fixed_effects=["firm_id", "wave"], covariance=covariance,
    )  # fmt: skip
    agree(results, folder, f"{panel}-counts{case}")


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize(
    ("case", "covariance"),
    [
        ("", "classical"),
        ("-rows", "robust"),
        ("-firms", {"type": "cluster", "by": ["firm_id"]}),
        ("-two-ways", {"type": "cluster", "by": ["firm_id", "wave"]}),
    ],
)
def test_two_stage_least_squares(folder, panel, case, covariance):
    results = fitted(
        panels()[panel], estimator="iv2sls", regressors=["cooperation"], endogenous=["rd"],
        instruments=["support", "distance"], covariance=covariance,
    )  # fmt: skip
    agree(results, folder, f"{panel}-iv{case}")


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize(("case", "covariance"), [("", "classical"), ("-rows", "robust")])
def test_diagnostics_of_instruments(folder, panel, case, covariance):
    results = fitted(
        panels()[panel], estimator="iv2sls", regressors=["cooperation"], endogenous=["rd"],
        instruments=["support", "distance"], covariance=covariance,
    )  # fmt: skip
    found = results.diagnostics.set_index("name")["statistic"]
    theirs = {
        test: statistic(folder, f"{panel}-iv{case}", test) for test in ("Weak instruments", "Wu-Hausman", "Sargan")
    }
    assert found["first-stage F: rd"] == pytest.approx(theirs["Weak instruments"], rel=ERRORS)
    assert found["Durbin-Wu-Hausman"] == pytest.approx(theirs["Wu-Hausman"], rel=ERRORS)
    if covariance == "classical":
        assert found["overidentification: Sargan"] == pytest.approx(theirs["Sargan"], rel=ERRORS)


EMPLOYMENT = {
    "lag(log(emp), 1:2)1": "lag(log(emp))", "lag(log(emp), 1:2)2": "lag(log(emp), 2)",
    "lag(log(wage), 0:1)0": "log(wage)", "lag(log(wage), 0:1)1": "lag(log(wage))",
    "lag(log(capital), 0:2)0": "log(capital)", "lag(log(capital), 0:2)1": "lag(log(capital))",
    "lag(log(capital), 0:2)2": "lag(log(capital), 2)", "lag(log(output), 0:2)0": "log(output)",
    "lag(log(output), 0:2)1": "lag(log(output))", "lag(log(output), 0:2)2": "lag(log(output), 2)",
}  # fmt: skip
STEPS = [("onestep", "one", ROWS), ("twosteps", "two", ROWS), ("uncorrected", "two", "classical")]


def judged(results: Results, folder: Path, case: str, steps: str) -> None:
    """Fail unless the tests of serial correlation, and of two steps Hansen's, are R's."""
    found = results.diagnostics.set_index("name")["statistic"]
    for lag in (1, 2):
        theirs = statistic(folder, f"{case}-{steps}", f"m{lag}") ** 2
        assert found[f"serial correlation: AR({lag})"] == pytest.approx(theirs, rel=ERRORS)
    if steps == "twosteps":
        theirs = statistic(folder, f"{case}-{steps}", "hansen")
        assert found["overidentification: Hansen"] == pytest.approx(theirs, rel=ERRORS)


@pytest.mark.parametrize(("case", "steps", "covariance"), STEPS)
def test_employment_of_british_firms(folder, case, steps, covariance):
    table = pd.read_csv(folder / "employment.csv")
    firms = table.assign(firm_id=table["firm"].astype(str), wave=table["year"].astype(str), group="all")
    results = fitted(
        firms, estimator="difference_gmm", outcome="log(emp)", regressors=list(EMPLOYMENT.values()), steps=steps,
        covariance=covariance,
    )  # fmt: skip
    agree(results, folder, f"employment-{case}", EMPLOYMENT)
    if case != "uncorrected":
        judged(results, folder, "employment", case)


@pytest.mark.parametrize(("case", "steps", "covariance"), STEPS)
def test_employment_with_endogenous_wages_and_capital(folder, case, steps, covariance):
    """Instruments of Blundell and Bond (1998), in differences alone."""
    table = pd.read_csv(folder / "employment.csv")
    firms = table.assign(firm_id=table["firm"].astype(str), wave=table["year"].astype(str), group="all")
    moved = {
        "lag(log(wage), 0:1)0": "log(wage)", "lag(log(wage), 0:1)1": "lag(log(wage))",
        "lag(log(capital), 0:1)0": "log(capital)", "lag(log(capital), 0:1)1": "lag(log(capital))",
    }  # fmt: skip
    results = fitted(
        firms, estimator="difference_gmm", outcome="log(emp)", regressors=["lag(log(emp))"],
        endogenous=list(moved.values()), steps=steps, covariance=covariance,
    )  # fmt: skip
    agree(results, folder, f"endogenous-{case}", {"lag(log(emp), 1)": "lag(log(emp))", **moved})
    if case != "uncorrected":
        judged(results, folder, "endogenous", case)


@pytest.mark.parametrize(("name", "lags"), [("dynamic", [2, None]), ("window", [2, 3])])
@pytest.mark.parametrize(("case", "steps", "covariance"), STEPS)
def test_persistence_in_an_unbalanced_panel(folder, name, lags, case, steps, covariance):
    results = fitted(
        dynamic(), estimator="difference_gmm", regressors=["lag(output)", "rd"], steps=steps, instrument_lags=lags,
        covariance=covariance,
    )  # fmt: skip
    agree(results, folder, f"{name}-{case}", {"lag(output, 1)": "lag(output)"})
    if case != "uncorrected":
        judged(results, folder, name, case)
