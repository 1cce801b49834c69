"""Answers in the wrong unit: about a thousand times what a reference says, where only about once is plausible.

An answer x with the reference r > 0 is plausible when x / r lies within a factor `band` of 1, and in the wrong unit
when it lies within that band of one of the `factors`; it is then divided by the factor. Bands may not overlap, so that
no answer is both.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from innosurvey.errors import StudyError

ROUNDING = 1e-9
"""Bands of 31.6 around 1 and 1,000 nearly touch; they may."""


def factors_of(factors: Any, band: Any, where: str) -> tuple[tuple[float, ...], float]:
    """Return the factors and the band as numbers.

    StudyError for a factor that changes nothing and for bands that overlap.
    """
    if not isinstance(factors, Sequence) or isinstance(factors, str) or not factors:
        raise StudyError(f"{where}.factors: expected a list of numbers, not `{factors}`.\nWrite `factors: [1000]`.")
    for factor in factors:
        if not _is_number(factor) or factor <= 0 or factor == 1:
            raise StudyError(
                f"{where}.factors: `{factor}` is no factor between two units.\n"
                "Write numbers above 0 other than 1: 1000 for answers in thousand where million was asked."
            )
    if not _is_number(band) or band <= 1:
        raise StudyError(f"{where}.band: expected a number above 1, not `{band}`.\nAn answer may be so many times off.")
    for lower, upper in pairwise(sorted({1.0, *map(float, factors)})):
        if upper / lower < band**2 * (1 - ROUNDING):
            raise StudyError(
                f"{where}: the bands around the factors {lower:g} and {upper:g} overlap, so that an answer between "
                f"them could be in either unit.\nWrite a band of at most {(upper / lower) ** 0.5:.4g}, or drop one."
            )
    return tuple(float(factor) for factor in factors), float(band)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def wrong_factors(answers: np.ndarray, reference: np.ndarray, factors: Sequence[float], band: float) -> np.ndarray:
    """Return by which factor each answer is wrong; NaN where it is plausible, or cannot be judged."""
    found = np.full(len(answers), np.nan)
    with np.errstate(all="ignore"):
        times = answers / np.where(reference > 0, reference, np.nan)
        for factor in factors:
            found[(times > factor / band) & (times < factor * band)] = factor
        found[(times >= 1 / band) & (times <= band)] = np.nan
    return found
