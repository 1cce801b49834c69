"""Small data sets and declarations that the tests of the certificate share."""

from typing import Any

import pandas as pd

from innosurvey.certificate.data import DataSpec, parse_data
from innosurvey.certificate.prepare import Prepared, prepare


def make_data(**declared: Any) -> DataSpec:
    """Return the specification of one data set, `mine`."""
    return parse_data({"mine": {"file": "mine.csv", **declared}})["mine"]


def prepared(raw: pd.DataFrame, needs: dict[str, tuple[str, ...]] | None = None, **declared: Any) -> Prepared:
    """Return the slice of a raw frame; all its columns are needed where nothing else is said."""
    wanted = needs if needs is not None else {"certificate.cases.mine": tuple(map(str, raw.columns))}
    return prepare(raw, make_data(**declared), "1", wanted)


def shifted_patents() -> pd.DataFrame:
    """Return a panel of 40 firms and 5 years whose columns of patents and log R&D have each other's names."""
    rows = [(firm, year) for firm in range(1, 41) for year in range(1, 6)]
    return pd.DataFrame(
        {
            "cusip": [firm for firm, _ in rows],
            "year": [year for _, year in rows],
            "logr": [(firm * 7 + year) % 60 for firm, year in rows],
            "pat": [((firm * 13 + year * 5) % 80) / 10 - 2.05 for firm, year in rows],
        }
    )


def wages() -> dict[str, Any]:
    """Return a case and its data set: Wooldridge's example 15.5 on the data that come with linearmodels."""
    return {
        "data": {"wages": {"package": "linearmodels", "name": "mroz", "expect": {"rows": 753}}},
        "cases": {
            "w-ex15.5": {
                "title": "Wages on schooling",
                "source": "Wooldridge, Introductory Econometrics, Example 15.5",
                "data": "wages",
                "model": {
                    "estimator": "iv2sls",
                    "outcome": "lwage",
                    "regressors": ["exper", "expersq"],
                    "endogenous": ["educ"],
                    "instruments": ["motheduc", "fatheduc"],
                    "covariance": "classical",
                },
                "published": {"educ": [0.061, 0.031], "exper": [0.044, 0.013]},
                "statistics": {"n": 428},
                "tolerance": {"estimate": 0.0006, "se": 0.0006},
            }
        },
    }
