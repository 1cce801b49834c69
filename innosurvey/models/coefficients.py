"""From estimates and their covariance to the rows of the table of coefficients."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from innosurvey.distributions import t_quantile, t_test
from innosurvey.models.arrays import Array
from innosurvey.models.bounded import Scale, on_its_scale
from innosurvey.models.draws import SCALE
from innosurvey.models.estimates import NotEstimated

_ROUNDING = 1e9
"""A t statistic beyond it: the standard error is what rounding left of zero."""


def coefficient_rows(
    terms: tuple[str, ...],
    params: Array,
    matrix: Array,
    df: float,
    confidence: float = 0.95,
    scales: Mapping[str, Scale] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """Return a row per term with t test and interval (normal where `df` is infinite), made on the term's scale where it
    has one; NotEstimated if a variance is not positive.
    """
    variances = np.diag(matrix)
    if not (np.isfinite(params).all() and np.isfinite(variances).all() and (variances > 0).all()):
        raise NotEstimated("a standard error could not be computed")
    errors = np.sqrt(variances)
    statistics = params / errors
    exact = [term for term, statistic in zip(terms, statistics, strict=True) if abs(statistic) > _ROUNDING]
    if exact:
        raise NotEstimated(f"the standard error of {', '.join(exact[:3])} is rounding: the model fits exactly")
    half = t_quantile(confidence, df) * errors
    values = zip(
        terms,
        params,
        errors,
        statistics,
        [t_test(statistic, df) for statistic in statistics],
        params - half,
        params + half,
        strict=True,
    )
    names = ("term", "estimate", "se", "statistic", "p", "lower", "upper")
    rows = [{**dict(zip(names, value, strict=True)), "df": df, SCALE: ""} for value in values]
    for row in rows:
        scale = scales.get(row["term"])
        if scale is not None:
            row |= {**on_its_scale(scale, row["estimate"], row["se"], df, confidence), SCALE: scale}
    return rows
