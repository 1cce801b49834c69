"""Nonlinear models against R: glm with sandwich, ordinal, nnet, MASS, car and quantreg, to six digits.

`choice.R` is run once on a made-up sample. Five digits where R's optimiser stops there. Skipped where R or one of its
packages is absent (`apt-get install r-cran-sandwich r-cran-mass r-cran-nnet r-cran-ordinal r-cran-quantreg r-cran-car
r-cran-numderiv`).
"""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innosurvey.models.fit import Results, fit_all
from innosurvey.models.kernels.quantile import fit_quantile
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import plan_fits
from tests.independent.r import has_packages, run

SCRIPT = Path(__file__).with_name("choice.R")
PACKAGES = ("sandwich", "MASS", "nnet", "ordinal", "quantreg", "car", "numDeriv")
SIX_DIGITS = 1e-6
FIVE_DIGITS = 1e-5
"""Where R stops iterating (multinom, theta.ml), or takes a second derivative numerically."""
SIZES = ["micro", "small", "large"]
LEVELS = ["none", "low", "medium", "high"]
PARTNERS = ["nobody", "university", "client"]
NAMES = {"(Intercept)": "const", "coop": "coop", "sizesmall": "size[small]", "sizelarge": "size[large]"}
NAMES |= {f"{low}|{high}": f"cut[{low}|{high}]" for low, high in itertools.pairwise(LEVELS)}
pytestmark = pytest.mark.independent


def sample() -> pd.DataFrame:
    rng = np.random.default_rng(21)
    n = 600
    rd, coop = rng.normal(size=n), rng.random(n) < 0.4
    size = rng.choice(SIZES, n, p=[0.5, 0.3, 0.2])
    index = 0.2 + 0.5 * rd + 0.4 * coop - 0.3 * (size == "large")
    chances = np.exp(np.column_stack([0 * index, index, -0.5 * index]))
    partner = (chances.cumsum(axis=1) / chances.sum(axis=1, keepdims=True) < rng.random((n, 1))).sum(axis=1)
    return pd.DataFrame(
        {
            "firm_id": [f"f{row:04d}" for row in range(n)],
            "wave": "2018",
            "group": "all",
            "branch": rng.integers(0, 40, n),
            "w": rng.uniform(1, 6, n).round(2),
            "rd": rd,
            "coop": coop.astype(int),
            "size": pd.Categorical(size, categories=SIZES),
            "yes": (index + rng.logistic(size=n) > 0).astype(int),
            "share": rng.binomial(12, 1 / (1 + np.exp(-index))) / 12,
            "count": rng.negative_binomial(1.5, 1.5 / (1.5 + np.exp(index))),
            "level": pd.Categorical.from_codes(np.digitize(index + rng.logistic(size=n), [-1, 0.5, 2]), LEVELS),
            "partner": pd.Categorical.from_codes(partner, PARTNERS),
            "y": 1 + index + rng.normal(size=n) * (1 + 0.3 * coop),
        }
    )


@pytest.fixture(scope="module")
def of_r(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """What R found, by case and term."""
    if not has_packages(*PACKAGES):
        pytest.skip(f"R with the packages {', '.join(PACKAGES)} is not installed")
    folder = tmp_path_factory.mktemp("choice")
    sample().to_csv(folder / "choice.csv", index=False, float_format="%.17g")
    run(SCRIPT, folder)
    return pd.read_csv(folder / "choice_results.csv").set_index(["case", "term"])


def fitted(estimator: str, outcome: str, **declared: object) -> Results:
    model = {"family": "test", "estimator": estimator, "outcome": outcome, "regressors": ["rd", "coop", "C(size)"]}
    firms = sample().assign(weight_final=lambda rows: rows["w"])
    results = fit_all(plan_fits(parse_models({"model": model | declared}), {}), firms)
    assert results.fits["status"].item() == "ok"
    return results


def renamed(term: str) -> str:
    level, slash, name = term.rpartition("/")
    return level + slash + NAMES.get(name, name)


def agree(results: Results, theirs: pd.DataFrame, digits: float, errors: float | None) -> None:
    ours = results.coefficients.set_index("term").loc[[renamed(term) for term in theirs.index]]
    np.testing.assert_allclose(ours["estimate"], theirs["estimate"], rtol=digits, atol=digits / 10)
    if errors is not None:
        np.testing.assert_allclose(ours["se"], theirs["se"], rtol=errors)


@pytest.mark.parametrize("kind", ["hc0", "hc1", "hc2", "hc3"])
def test_the_covariances_of_a_logit_are_those_of_sandwich(of_r, kind):
    # small_sample none: sandwich's HC0; its HC1 is n / (n - k), as here.
    results = fitted("logit", "yes", covariance={"type": kind, "small_sample": "none"})
    agree(results, of_r.loc[f"logit {kind}"], SIX_DIGITS, SIX_DIGITS)


def test_the_clustered_covariance_of_a_logit_is_that_of_sandwich(of_r):
    results = fitted("logit", "yes", covariance={"type": "cluster", "by": ["branch"]})
    agree(results, of_r.loc["logit cluster"], SIX_DIGITS, SIX_DIGITS)


def test_a_weighted_logit_is_that_of_glm(of_r):
    results = fitted("logit", "yes", weights="final", covariance={"type": "robust", "small_sample": "none"})
    agree(results, of_r.loc["logit weighted"], SIX_DIGITS, SIX_DIGITS)


def test_a_probit_is_that_of_glm(of_r):
    agree(fitted("probit", "yes", covariance="classical"), of_r.loc["probit"], SIX_DIGITS, SIX_DIGITS)


def test_a_fractional_logit_is_that_of_glm(of_r):
    results = fitted("fractional_logit", "share", covariance={"type": "robust", "small_sample": "none"})
    agree(results, of_r.loc["fractional"], SIX_DIGITS, SIX_DIGITS)


def test_a_negative_binomial_model_is_that_of_mass(of_r):
    agree(fitted("nb2", "count", covariance="classical"), of_r.loc["nb2"], SIX_DIGITS, FIVE_DIGITS)


def test_the_tests_of_overdispersion_are_those_of_r(of_r):
    ours = fitted("nb2", "count").diagnostics.sort_values("name", kind="stable")
    theirs = of_r.loc["nb2 tests"].loc[["Cameron-Trivedi", "likelihood ratio"]]
    np.testing.assert_allclose(ours["statistic"], theirs["estimate"], rtol=SIX_DIGITS)
    np.testing.assert_allclose(ours["p"], theirs["se"], rtol=FIVE_DIGITS)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_an_ordered_model_is_that_of_ordinal(of_r, link):
    results = fitted(f"ordered_{link}", "level", covariance="classical")
    agree(results, of_r.loc[f"ordered {link}"], SIX_DIGITS, SIX_DIGITS)


def test_the_test_of_proportional_odds_is_that_of_car(of_r):
    ours = fitted("ordered_logit", "level").diagnostics.iloc[0]
    # poTest fits each binary logit until its deviance moves by less than 1e-8.
    assert ours["statistic"] == pytest.approx(of_r.loc[("brant", "all"), "estimate"], rel=FIVE_DIGITS)
    assert ours["p"] == pytest.approx(of_r.loc[("brant", "all"), "se"], rel=FIVE_DIGITS)


def test_a_multinomial_logit_is_that_of_nnet(of_r):
    results = fitted("multinomial_logit", "partner", covariance="classical")
    agree(results, of_r.loc["multinomial"], FIVE_DIGITS, FIVE_DIGITS)


@pytest.mark.parametrize("tau", [0.27, 0.61])
def test_a_quantile_is_that_of_quantreg(of_r, tau):
    theirs = of_r.loc[f"quantile {tau}"]
    agree(fitted("quantile", "y", quantiles=[tau]), theirs, SIX_DIGITS, None)
    # quantreg's errors have τ(1 - τ)X'X in the middle, here they have the scores: what is compared is the bread, X'fX.
    design = np.column_stack([np.ones(600), *(sample()[name] for name in ("rd", "coop"))])
    design = np.column_stack([design, *(sample()["size"] == size for size in SIZES[1:])]).astype(float)
    found = fit_quantile(design, sample()["y"].to_numpy(), tau, np.ones(600))
    bread = np.sqrt(np.diag(np.linalg.inv(found.information)))
    np.testing.assert_allclose(bread, theirs["se"], rtol=SIX_DIGITS)


def test_a_median_that_is_not_unique_is_told():
    # Of 600 rows exactly half may lie below the plane: R finds another plane that is as good.
    assert "several planes fit the quantile equally well: 0.5" in fitted("quantile", "y").fits["warnings"].item()


def test_a_weighted_quantile_is_that_of_quantreg(of_r):
    agree(fitted("quantile", "y", weights="final"), of_r.loc["quantile weighted"], SIX_DIGITS, None)
