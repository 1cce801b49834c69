"""How strong the instruments are: the first stage of each endogenous term.

The F statistic of the instruments alone, with the standard errors that the model declares (Stock and Yogo 2005 for the
threshold; with several endogenous terms it is necessary but not sufficient).
"""

import numpy as np

from innosurvey.models.arrays import Array
from innosurvey.models.covariance import covariance_of
from innosurvey.models.estimates import Estimates
from innosurvey.models.sample import Sample
from innosurvey.models.spec import CovarianceSpec

WEAK = 10.0


def first_stage_notes(sample: Sample, rule: CovarianceSpec) -> tuple[str, ...]:
    """Return one note for each endogenous term, with its F and whether that is weak; nothing when there are no
    instruments.
    """
    strengths = [
        (name, first_stage_f(sample, sample.endogenous.columns[:, index], rule))
        for index, name in enumerate(sample.endogenous.names)
    ]
    return tuple(
        f"first-stage F of {name} {strength:.1f}" + (f" (weak, below {WEAK:.0f})" if strength < WEAK else "")
        for name, strength in strengths
    )


def first_stage_f(sample: Sample, endogenous: Array, rule: CovarianceSpec) -> float:
    """Return the Wald statistic of the instruments' coefficients, divided by their number."""
    design = np.column_stack([sample.exogenous.columns, sample.instruments.columns])
    stage = _first_stage(design, endogenous, np.ones(len(design)) if sample.weights is None else sample.weights)
    matrix = covariance_of(stage, rule, sample.grouping).matrix
    tested = slice(len(sample.exogenous.names), None)
    slopes = stage.params[tested]
    return float(slopes @ np.linalg.solve(matrix[tested, tested], slopes)) / len(slopes)


def _first_stage(design: Array, endogenous: Array, weights: Array) -> Estimates:
    root = np.sqrt(weights)
    params = np.linalg.lstsq(design * root[:, None], endogenous * root, rcond=None)[0]
    residuals = endogenous - design @ params
    return Estimates(
        terms=(),
        params=params,
        scores=design * (weights * residuals)[:, None],
        information=design.T @ (design * weights[:, None]),
        design=design,
        rss=float(weights @ residuals**2),
        linear=True,
        loglik=float("nan"),
        r2=float("nan"),
        engine="first stage",
    )
