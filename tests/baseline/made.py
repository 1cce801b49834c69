"""Small tables and lists of statistics for the tests of releases."""

import pandas as pd

from innosurvey import yamlfile
from innosurvey.baseline.release import Basis, Release
from innosurvey.study import ROOT

CONTRACTS = yamlfile.read(ROOT / "workflow/schemas/tables.yaml").data
LEVEL = 0.05


def described(*rows: tuple[str, int, float]) -> pd.DataFrame:
    """Return a table `describe`: a share of one item per (group, firms, estimate)."""
    return pd.DataFrame(
        [
            {
                "cohort": "size",
                "group": group,
                "wave": "2022",
                "item": "product_innovation",
                "statistic": "share",
                "n": n,
                "estimate": estimate,
                "se": 1.5,
                "lower": estimate - 3,
                "upper": estimate + 3,
                "cv": 2.0,
                "deff": 1.1,
                "reliability": "good",
                "unit": "percent",
                "status": "ok",
            }
            for group, n, estimate in rows
        ]
    )


def listed(*rows: tuple[str, str, str], kind: str = "estimate") -> pd.DataFrame:
    """Return a list of statistics: (key, statistic, value), all of one class and of the table compare."""
    columns = {"key": 0, "statistic": 1, "value": 2}
    made = pd.DataFrame({name: pd.Series([row[at] for row in rows], dtype="str") for name, at in columns.items()})
    made.insert(0, "table", pd.Series(["compare"] * len(rows), dtype="str"))
    return made.assign(
        n=pd.Series([100] * len(rows), dtype="Int64"), **{"class": pd.Series([kind] * len(rows), dtype="str")}
    )


def release(name: str = "2023-06", number: int = 1, **said: object) -> Release:
    """Return a release of the study seoul that rests on one file of each kind."""
    basis = Basis(
        sources={"wave.csv": "a1"},
        configuration={"config.yaml": "b1"},
        code={"fit_models": "c1"},
        environment={"requirements.lock": "d1"},
        disclosure={"minimum_n": 10},
    )
    told = {
        "study": "seoul",
        "who": "Statistics unit",
        "why": "First release.",
        "data_release": "2023-06-30",
        "version": "0.1.0",
        "commit": "0" * 40,
        "statistics": "",
        "basis": basis,
    }
    return Release(name=name, number=number, **{**told, **said})  # type: ignore[arg-type]
