"""A model with a known truth: how it is declared, what is true of its coefficients, and what one sample says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from innosurvey.models.fit import OK, fit_all
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import plan_fits

BY_FIRM = {"type": "cluster", "by": ["firm_id"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A model as it is declared, and the true value of each coefficient that is judged."""

    declared: Mapping[str, Any]
    truth: Mapping[str, float]


def judged(cases: Mapping[str, Case], firms: pd.DataFrame) -> pd.DataFrame:
    """Return case, estimator, term, truth, whether the interval holds it, and the estimate's error and its standard
    error, of one sample; a model that can't be estimated on it has no rows.
    """
    declared = {name: {"family": "coverage", "covariance": BY_FIRM, **case.declared} for name, case in cases.items()}
    specs = parse_models(declared)
    columns = dict.fromkeys(("firm_id", "wave", "group", *(name for spec in specs for name in spec.variables)))
    columns |= dict.fromkeys(name for spec in specs for name in spec.slice_columns)
    results = fit_all(plan_fits(specs, {}), firms[[name for name in columns if name in firms]])
    estimated = set(results.fits.loc[results.fits["status"] == OK, "model"])
    found = results.coefficients.set_index(["model", "term"])
    rows = []
    for name, case in cases.items():
        for term, truth in case.truth.items() if name in estimated else ():
            row = found.loc[(name, term)]
            rows.append(
                {
                    "case": name,
                    "estimator": case.declared["estimator"],
                    "term": term,
                    "truth": truth,
                    "holds": bool(row["lower"] <= truth <= row["upper"]),
                    "error": row["estimate"] - truth,
                    "se": row["se"],
                }
            )
    return pd.DataFrame(rows)
