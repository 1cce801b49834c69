"""What a check found on one variable."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One check on one variable, in the firms' order: who was judged, whose answer lay outside what can be judged (not
    positive, or in no class that is large and varied enough), whose is suspicious (all bool), and what was expected
    (float, NaN where nothing was).
    """

    variable: str
    checked: np.ndarray
    outside: np.ndarray
    flagged: np.ndarray
    expected: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class NotChecked:
    """Why a check could not be carried out on a variable of this wave."""

    variable: str
    reason: str
