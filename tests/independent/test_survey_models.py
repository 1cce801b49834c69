"""Models under the sample design against R's survey (Lumley): coefficients and standard errors to six digits.

`models.R` is run once on a made-up sample of two strata; it also hands over the published sample of schools.
Skipped where R or its package survey is absent (`apt-get install r-cran-survey`).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innosurvey.models.fit import fit_all
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import plan_fits
from tests.independent.r import has_packages, run
from tests.models.conftest import _make_firms

SCRIPT = Path(__file__).with_name("models.R")
SIX_DIGITS = 1e-6
"""Two programs that add the same numbers in another order; R's iterations stop at 1e-8 of the deviance."""
pytestmark = pytest.mark.independent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which R has written its results beside the sample."""
    if not has_packages("survey"):
        pytest.skip("R with its package survey is not installed: apt-get install r-cran-survey")
    place = tmp_path_factory.mktemp("models")
    sampled().to_csv(place / "sample.csv", index=False)
    run(SCRIPT, place)
    return place


def sampled() -> pd.DataFrame:
    """Return one wave of 200 firms from two strata of 400 and 250."""
    firms = _make_firms(waves=["2018"])
    large = np.arange(len(firms)) < 80
    firms["cooperation"] = firms["cooperation"].astype(int)
    firms["innovator"] = firms["innovator"].astype(int)
    return firms.assign(
        stratum_id=np.where(large, "L", "S"),
        sample_n_stratum=np.where(large, 80, 120),
        pop_n_stratum=np.where(large, 400, 250),
        weight_final=np.where(large, 5.0, 250 / 120) * np.linspace(0.8, 1.2, len(firms)),
    )


def fitted(firms: pd.DataFrame, **declared: object) -> pd.DataFrame:
    model = {"family": "test", "weights": "final", "covariance": "survey", **declared}
    results = fit_all(plan_fits(parse_models({"model": model}), {}), firms)
    assert results.fits["status"].item() == "ok"
    return results.coefficients.set_index("term")[["estimate", "se"]]


def by_r(folder: Path, case: str) -> pd.DataFrame:
    results = pd.read_csv(folder / "results.csv")
    found = results[results["case"] == case].replace({"term": {"(Intercept)": "const"}})
    return found.set_index("term")[["estimate", "se"]]


@pytest.mark.parametrize(
    ("case", "estimator", "outcome"),
    [
        ("svyglm-ols", "ols", "output"),
        ("svyglm-logit", "logit", "innovator"),
        ("svyglm-poisson", "poisson", "patents"),
    ],
)
def test_models_of_a_stratified_sample_are_those_of_svyglm(folder, case, estimator, outcome):
    found = fitted(sampled(), estimator=estimator, outcome=outcome, regressors=["rd", "cooperation"])
    expected = by_r(folder, case)
    np.testing.assert_allclose(found.loc[expected.index], expected, rtol=SIX_DIGITS)


@pytest.fixture
def schools(folder):
    """The 200 schools as firms of one wave."""
    table = pd.read_csv(folder / "apistrat.csv")
    sizes = table.groupby("stype")["stype"].transform("size")
    return table.assign(
        firm_id=table["cds"].astype(str), wave="2000", group="all",
        stratum_id=table["stype"], pop_n_stratum=table["fpc"].astype(int), sample_n_stratum=sizes,
        weight_final=table["pw"],
    )  # fmt: skip


def test_academic_performance_of_schools_as_published(schools, folder):
    found = fitted(schools, estimator="ols", outcome="api00", regressors=["ell", "meals", "mobility"])
    published = {
        "const": (820.8873, 10.0777),
        "ell": (-0.4806, 0.3920),
        "meals": (-3.1415, 0.2839),
        "mobility": (0.2257, 0.3932),
    }
    for term, (estimate, error) in published.items():
        assert tuple(found.loc[term]) == pytest.approx((estimate, error), abs=6e-5)
    np.testing.assert_allclose(found.loc[by_r(folder, "api").index], by_r(folder, "api"), rtol=SIX_DIGITS)


def test_a_constant_alone_is_the_weighted_mean(schools):
    found = fitted(schools, estimator="ols", outcome="api00", regressors=[])
    assert tuple(found.loc["const"]) == pytest.approx((662.2874, 9.4089), abs=6e-5)
