"""What must hold of a firm's answers, in a form that stages can pass on: a name, the variables, and who fails it.

Cleaning makes conditions of its hard edits; imputation takes no value that would break one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that must hold. `fails` returns which rows of a frame with the variables fail it (bool); an open answer
    fails nothing.
    """

    id: str
    variables: tuple[str, ...]
    fails: Callable[[pd.DataFrame], np.ndarray]

    def applies(self, columns: Collection[str]) -> bool:
        """Return whether a wave has the variables for it."""
        return all(name in columns for name in self.variables)
