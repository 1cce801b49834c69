"""Selection, Tobit, two-part, hurdle and bivariate probit beside R, on made-up firms.

Needs R with AER, pscl, VGAM, maxLik and sandwich (`apt-get install r-cran-aer r-cran-pscl r-cran-vgam r-cran-maxlik
r-cran-sandwich`).
"""

from pathlib import Path

import pandas as pd
import pytest

from innosurvey.models.fit import fit_all
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import plan_fits
from tests.independent.r import has_packages, run
from tests.made_innovators import make_survey

SCRIPT = Path(__file__).with_name("limited.R")
PACKAGES = ("AER", "pscl", "VGAM", "maxLik", "sandwich")
SELECTION = {
    "outcome": "intensity",
    "regressors": ["size", "cooperation"],
    "selection": {"outcome": "performs", "regressors": ["size", "market"]},
    "covariance": "classical",
}
TOBIT = {"estimator": "tobit", "regressors": ["size", "cooperation"], "covariance": "classical"}
HURDLE = {"estimator": "nb_hurdle", "outcome": "patents", "regressors": ["size"], "covariance": "classical"}
PARTICIPATION = {"regressors": ["size", "market"]}
BIPROBIT = {
    "estimator": "biprobit", "outcome": "product", "regressors": ["size"], "second": "process",
    "covariance": "classical",
}  # fmt: skip
CASES = {
    "tobit_classical": {**TOBIT, "outcome": "spending"},
    "tobit_robust": {**TOBIT, "outcome": "spending", "covariance": "robust"},
    "tobit_limits": {**TOBIT, "outcome": "spending_to_3", "upper": 3},
    "two_part": {
        "estimator": "two_part", "outcome": "amount", "regressors": ["size", "cooperation"], "amounts": "gamma",
        "participation_link": "probit", "participation": PARTICIPATION,
    },
    "hurdle": {**HURDLE, "participation": PARTICIPATION},
    "hurdle_errors": {**HURDLE, "participation": PARTICIPATION},
    "two_step": {**SELECTION, "estimator": "heckman_two_step"},
    "heckman": {**SELECTION, "estimator": "heckman"},
    "biprobit_vgam": BIPROBIT,
    "biprobit": BIPROBIT,
}  # fmt: skip
# Iterations that stop at 1e-8 of the likelihood, or Newton with numerical derivatives, leave six digits of a
# coefficient; second differences leave five of a standard error. Packages that stop by themselves leave fewer: pscl's
# BFGS and VGAM's scoring four.
COEFFICIENTS, ERRORS = 1e-6, 1e-5
LOOSE = {"hurdle": 2e-4, "biprobit_vgam": 1e-4}
pytestmark = pytest.mark.independent


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    made = make_survey(n=600, seed=7)
    return made.assign(spending_to_3=made["spending"].clip(upper=3))


@pytest.fixture(scope="module")
def from_r(firms, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Return what R has written: case, term, estimate, se."""
    if not has_packages(*PACKAGES):
        pytest.skip(f"R with the packages {', '.join(PACKAGES)} is not installed")
    folder = tmp_path_factory.mktemp("limited")
    firms.to_csv(folder / "firms.csv", index=False)
    run(SCRIPT, folder)
    return pd.read_csv(folder / "results.csv")


@pytest.mark.parametrize("case", CASES)
def test_r_says_the_same(firms, from_r, case):
    spec = parse_models({"model": {"family": "test", **CASES[case]}})[0]
    ours = fit_all(plan_fits([spec], {}), firms).coefficients.set_index("term")
    theirs = from_r[from_r["case"] == case].set_index("term")
    assert len(theirs) >= 3
    for term, row in theirs.iterrows():
        assert ours.loc[term, "estimate"] == pytest.approx(row["estimate"], rel=LOOSE.get(case, COEFFICIENTS)), term
        if pd.notna(row["se"]):
            assert ours.loc[term, "se"] == pytest.approx(row["se"], rel=ERRORS), term
