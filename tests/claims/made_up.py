"""Gathered estimates made up for the tests: a row or two of each table."""

from math import nan

import pandas as pd

from innosurvey.claims.spec import parse_claims

ACTIVE = {"cohort": "activity", "group": "active", "reference": "dormant", "item": "patents"}


def comparison(difference=1.0, se=0.2, p=1e-6, wave="all", status="ok", **key):
    """One row of compare.csv, as far as claims read it."""
    return {
        **ACTIVE, "wave": wave, "statistic": "mean", "n_group": 300, "n_reference": 200, "difference": difference,
        "se": se, "df": 400.0, "p": p, "lower": difference - 2 * se, "upper": difference + 2 * se,
        "effect_size": difference / 2, "effect_kind": "hedges_g", "status": status, **key,
    }  # fmt: skip


def rank(other, difference=5.0, se=1.0, p=1e-6, **key):
    """One row of ranks.csv."""
    return {
        "ranking": "barriers", "cohort": "all", "group": "all", "wave": "all", "item": "funds", "other": other,
        "n": 500, "difference": difference, "se": se, "df": 400.0, "p": p, "lower": difference - 2 * se,
        "upper": difference + 2 * se, "status": "ok", **key,
    }  # fmt: skip


def omnibus(effect=0.2, p=1e-4, **key):
    """One row of omnibus.csv."""
    return {
        "cohort": "zone", "wave": "all", "item": "universities", "n": 900, "p": p, "effect_size": effect,
        "effect_kind": "cramers_v", "status": "ok", **key,
    }  # fmt: skip


def coefficient(estimate=0.1, se=0.02, p=1e-6, df=float("inf"), **key):
    """One row of coefficients.csv."""
    return {
        "model": "growth", "cohort": "all", "group": "all", "term": "size", "estimate": estimate, "se": se, "df": df,
        "p": p, "lower": estimate - 2 * se, "upper": estimate + 2 * se, **key,
    }  # fmt: skip


def fit(status="ok", **key):
    """One row of fits.csv."""
    return {
        "model": "growth", "cohort": "all", "group": "all", "estimator": "ols", "n_firms": 800, "status": status, **key
    }  # fmt: skip


def tables(
    compare=(), unweighted=(), adjusted=(), ranks=(), heterogeneity=(), coefficients=(), fits=(),
    plain_ranks=(), plain_heterogeneity=(),
):  # fmt: skip
    """The gathered tables that claims read, with the rows given."""
    given = {
        "compare": (comparison(), compare), "unweighted": (comparison(), unweighted),
        "ranks_unweighted": (rank("staff"), plain_ranks), "omnibus_unweighted": (omnibus(), plain_heterogeneity),
        "adjusted": (comparison(), adjusted), "ranks": (rank("staff"), ranks), "omnibus": (omnibus(), heterogeneity),
        "coefficients": (coefficient(), coefficients), "fits": (fit(), fits),
    }  # fmt: skip
    return {name: pd.DataFrame(list(rows), columns=list(like)) for name, (like, rows) in given.items()}


def claim(*hypotheses, name="C1", decide="all", family="performance"):
    """One parsed claim of the hypotheses given as entries of the configuration."""
    section = {
        name: {
            "title": "Active firms do better",
            "source": "a study",
            "family": family,
            "decide": decide,
            "hypotheses": {f"h{number}": {"title": "More", **one} for number, one in enumerate(hypotheses, start=1)},
        }
    }
    return parse_claims(section)[0]


MORE = {"comparison": dict(ACTIVE), "sign": "positive"}
EMPTY = nan
