"""One coefficient that a model is asked about: its numbers, and how much each firm (or other cluster) moves it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.distributions import t_quantile, t_test
from innosurvey.models.arrays import Array, Codes
from innosurvey.models.fit import OK, Work, fit_and_work
from innosurvey.models.kernels.levels import level_sums
from innosurvey.models.plan import PlanItem
from innosurvey.models.spec import ModelSpec

NUMBERS = ("estimate", "se", "df", "statistic", "p", "lower", "upper")
COUNTS = ("n", "n_firms", "n_clusters")
EVERY = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The estimate with its standard error, degrees of freedom and counts, and the influences of the clusters that a
    draw keeps together, in their order. `test` is p and the interval where they are not the t distribution's;
    `confidence` is the interval's level.
    """

    estimate: float
    se: float
    df: float
    n: int
    n_firms: int
    n_clusters: int | None = None
    warnings: tuple[str, ...] = ()
    test: tuple[float, float, float] | None = None
    influences: Array | None = None
    confidence: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a group, the cluster of each by its place in the sorted list of all, and how many there are."""

    firms: pd.DataFrame
    clusters: "pd.Series[int]"
    count: int


def rows_of(firms: pd.DataFrame, cluster: str) -> Rows:
    """Return the rows that lie in a cluster; sorted, so that draws do not depend on the order of the rows."""
    firms = firms.dropna(subset=[cluster]).reset_index(drop=True)
    codes, names = pd.factorize(firms[cluster], sort=True)
    return Rows(firms=firms, clusters=pd.Series(codes), count=len(names))


def ask(model: ModelSpec, term: str, rows: Rows, keep: bool = False) -> Found | str:
    """Return one coefficient as the models stage fits it, with the influences if they are to be kept, or why it can't
    be estimated.

    Of a model that has average marginal effects it is that of the term.
    """
    fit, work = fit_and_work(PlanItem(spec=model, cohort=EVERY, group=EVERY), rows.firms)
    if work is None:
        return str(fit.row["status"]).removeprefix("not estimated: ")
    by_term = {row["term"]: row for row in fit.coefficients}
    slope = by_term.get(term)
    if slope is None:
        return f"there is no coefficient of {term}"
    row = by_term.get(f"ame:{term}", slope)
    # A marginal effect moves as its coefficient does, in units of their standard errors.
    influences = _influences(work, term, rows) * (row["se"] / slope["se"]) if keep else None
    return Found(
        estimate=row["estimate"],
        se=row["se"],
        df=row["df"],
        n=fit.row["n"],
        n_firms=fit.row["n_firms"],
        n_clusters=fit.row.get("n_clusters"),
        warnings=tuple(filter(None, [fit.row["warnings"]])),
        test=(row["p"], row["lower"], row["upper"]) if model.covariance.type == "wild" else None,
        influences=influences,
        confidence=model.covariance.confidence,
    )


def _influences(work: Work, term: str, rows: Rows) -> Array:
    """Return the influences of all clusters on the coefficient, 0 where they have no row."""
    estimates = work.estimates
    direction = np.linalg.inv(estimates.information)[estimates.terms.index(term)]
    clusters = np.asarray(rows.clusters.loc[work.selection.firms.index], dtype=np.intp)
    sums = level_sums(estimates.scores @ direction, clusters)
    return spread(sums, np.arange(len(sums)), rows.count)


def spread(values: Array, places: Codes, count: int) -> Array:
    """Return the values at their places among `count`, 0 elsewhere."""
    everywhere = np.zeros(count)
    everywhere[places] = values
    return everywhere


def numbers(found: Found | str) -> dict[str, object]:
    """Return the columns of a table: the numbers with t test and interval, the counts, status and warnings."""
    if isinstance(found, str):
        return {"status": f"not estimated: {found}", "warnings": ""}
    statistic = found.estimate / found.se
    half = t_quantile(found.confidence, found.df) * found.se
    p = t_test(statistic, found.df)
    test = found.test or (p, found.estimate - half, found.estimate + half)
    return {
        **{name: getattr(found, name) for name in ("estimate", "se", "df", *COUNTS)},
        "statistic": statistic,
        **dict(zip(("p", "lower", "upper"), test, strict=True)),
        "status": OK,
        "warnings": "; ".join(found.warnings),
    }
