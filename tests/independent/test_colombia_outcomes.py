"""Innovations, counts, levels, shares and support of the real Colombian firms, against R.

Coefficients to 1e-6, standard errors to 1e-5: glm with sandwich, MASS, pscl, AER, VGAM and Matching.
`colombia_outcomes.R` is run once and cuts the samples itself. Skipped where the survey's files, R or one of its
packages are absent (`apt-get install r-cran-sandwich r-cran-aer r-cran-mass r-cran-pscl r-cran-vgam r-cran-matching`).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innosurvey.models.fit import Results, fit_all
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import plan_fits
from tests.independent.r import case_of, said_of

SCRIPT = Path(__file__).with_name("colombia_outcomes.R")
PACKAGES = ("sandwich", "AER", "MASS", "pscl", "VGAM", "Matching")
COEFFICIENTS, ERRORS = 1e-6, 1e-5
"""R's iterations end at 1e-14 of the deviance or of the likelihood: where a package stops by itself (`-package`: MASS,
pscl) seven digits of the coefficients are left, and steps of Newton's method bring the others.
"""
RD = "log1p(rd_per_employee)"
NAMES = {"(Intercept)": "const", "rd": RD, "size": "log_employees"}
BARE = {"type": "robust", "small_sample": "none"}
BY_FIRM = {"type": "cluster", "by": ["firm_id"]}
ACTIVE = "innovation_active_oslo4 == 1"
PRODUCTS = {
    "estimator": "logit", "outcome": "product_innovation", "sample": ACTIVE,
    "regressors": ["rnd_performer", RD, "cooperation", "support_any", "log_employees", "C(industry_class)", "C(wave)"],
}  # fmt: skip
PROBIT = {
    "estimator": "probit", "outcome": "innovator", "covariance": "classical",
    "regressors": ["log_employees", "tertiary_share", "C(industry_class)", "C(wave)"],
}  # fmt: skip
TRADEMARKS = {"outcome": "ip_trademark", "regressors": ["rnd_performer", RD, "log_employees", "C(wave)"]}
STAFF = {"regressors": ["log_employees", "tertiary_share", "C(wave)"], "covariance": "classical"}
HURDLE = {"estimator": "nb_hurdle", "outcome": "emp_rnd", **STAFF}
WITHIN = {
    "estimator": "fe_poisson", "outcome": "ip_trademark", "regressors": [RD, "log_employees"],
    "fixed_effects": ["firm_id", "wave"], "sample": "wave == '2013' or wave == '2015'",
}  # fmt: skip
SHARES = {
    "outcome": "new_product_fraction", "regressors": ["rnd_performer", RD, "log_employees", "C(wave)"],
    "sample": ACTIVE,
}  # fmt: skip
TOBIT = {**SHARES, "estimator": "tobit"}
BARRIERS = {"outcome": "barrier_own_funds", **STAFF}
BOTH = {
    "estimator": "biprobit", "outcome": "product_innovation", "second": "process_innovation",
    "regressors": ["log_employees", "rnd_performer", "exporter"], "sample": "wave == '2015'", "covariance": "classical",
}  # fmt: skip
MATCHING = {
    "estimator": "matching", "outcome": RD, "treatment": "support_any", "controls": ["log_employees", "tertiary_share"],
    "neighbours": 4, "covariance": "classical", "sample": f"wave == '2015' and {ACTIVE}",
}  # fmt: skip
CASES = {
    # sandwich's HC0; HC1 is n / (n - k) there and here
    **{f"logit-{kind}": {**PRODUCTS, "covariance": kind} for kind in ("hc0", "hc1", "hc2", "hc3")},
    "logit-firms": {**PRODUCTS, "covariance": BY_FIRM},
    "probit": PROBIT,
    "poisson-firms": {**TRADEMARKS, "estimator": "poisson", "covariance": BY_FIRM},
    "nb2-package": {**TRADEMARKS, "estimator": "nb2", "covariance": "classical"},
    "nb2": {**TRADEMARKS, "estimator": "nb2", "covariance": "classical"},
    "nb2-firms": {**TRADEMARKS, "estimator": "nb2", "covariance": BY_FIRM},
    "hurdle-package": HURDLE,
    "hurdle": HURDLE,
    "counts-within": {**WITHIN, "covariance": "classical"},
    "counts-within-firms": {**WITHIN, "covariance": BY_FIRM},
    "share": {**SHARES, "estimator": "fractional_logit", "covariance": BARE},
    "tobit-Inf": {**TOBIT, "covariance": "classical"},
    "tobit-robust": {**TOBIT, "covariance": "robust"},
    "tobit-1": {**TOBIT, "covariance": "classical", "upper": 1},
    "two-part": {"estimator": "two_part", "outcome": "rd_expenditure", **STAFF, "covariance": "robust"},
    "ordered-logistic-package": {**BARRIERS, "estimator": "ordered_logit"},
    "ordered-logistic": {**BARRIERS, "estimator": "ordered_logit"},
    "ordered-vgam": {**BARRIERS, "estimator": "ordered_logit"},
    "ordered-probit-package": {**BARRIERS, "estimator": "ordered_probit"},
    "ordered-probit": {**BARRIERS, "estimator": "ordered_probit"},
    "multinomial": {"estimator": "multinomial_logit", "outcome": "project_outcome", **STAFF},
    "biprobit-package": BOTH,
    "biprobit": BOTH,
    "matching-FALSE": {**MATCHING, "bias_adjustment": False},
    "matching-TRUE": MATCHING,
}
# VGAM's distribution of two normals has eight digits, the slope of its logarithm fewer.
LOOSE = {"biprobit-package": 2e-5}
pytestmark = [pytest.mark.independent, pytest.mark.real_data]


@pytest.fixture(scope="module")
def folder(colombian: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which R has written its results."""
    return said_of(colombian, SCRIPT, PACKAGES, tmp_path_factory.mktemp("colombia_outcomes"))


def fitted(firms: pd.DataFrame, **declared: object) -> Results:
    return fit_all(plan_fits(parse_models({"model": {"family": "test", **declared}}), {}), firms)


@pytest.mark.parametrize("case", CASES)
def test_r_says_the_same_of_the_colombian_firms(colombian, folder, case):
    theirs = case_of(folder, case, NAMES)
    ours = fitted(colombian, **CASES[case]).coefficients.set_index("term").loc[theirs.index]
    np.testing.assert_allclose(ours["estimate"], theirs["estimate"], rtol=LOOSE.get(case, COEFFICIENTS))
    told = theirs["se"].notna()
    np.testing.assert_allclose(ours.loc[told, "se"], theirs.loc[told, "se"], rtol=ERRORS)


def test_trademarks_have_no_largest_likelihood_beyond_the_first(colombian, folder):
    # pscl ends on the way, with an alpha of millions and no warning.
    assert case_of(folder, "hurdle-unbounded", NAMES).loc["alpha", "estimate"] > 1e6
    status = fitted(colombian, **TRADEMARKS, estimator="nb_hurdle").fits["status"].item()
    assert status.startswith("not estimated: alpha grows without end")
