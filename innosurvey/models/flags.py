"""Flags on numbers that are computed, but rest on little: on rounding, or on the weights of a few rows."""

from innosurvey.models.estimates import Estimates
from innosurvey.models.sample import Sample

_NEARLY_COLLINEAR = 1e6
"""A condition number of columns of length one from which coefficients have lost more than half of their digits."""
_FAR = 0.01
"""How far a Newton step may still go, in standard errors."""
_FEW_EFFECTIVE = 30
"""Evenly weighted rows that would tell as much as all do: below it, a few rows make the estimate."""


def numerical_flags(sample: Sample, estimates: Estimates, condition: float) -> tuple[str, ...]:
    """Return the flags of a fit; `condition` is the condition number of its design."""
    flags = []
    if condition > _NEARLY_COLLINEAR:
        flags.append(f"nearly collinear: condition number {condition:.0e}, coefficients rest on rounding")
    distance = estimates.distance
    if distance > _FAR:
        flags.append(f"not exact: a further step would move the estimate by {distance:.2g} standard errors")
    if sample.weights is not None:
        effective = float(sample.weights.sum() ** 2 / (sample.weights @ sample.weights))
        if effective < min(_FEW_EFFECTIVE, len(sample.weights) / 2):
            flags.append(
                f"a few rows have nearly all the weight: {effective:.1f} evenly weighted ones would do as well"
            )
    return tuple(flags)
