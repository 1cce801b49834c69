"""The respondents of one wave, and how a respondent fills in a form: rounds money, ticks boxes, skips questions."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

WAVES_IN_THOUSAND = ("2018",)
"""Waves whose form asks for thousand KRW; the others ask for million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondents:
    """The panel's rows of one wave's respondents (index 0, 1, …), with the amounts of three years and a generator
    for what only the questionnaire asks.
    """

    wave: str
    rows: pd.DataFrame
    sales: pd.DataFrame
    employees: pd.DataFrame
    rng: np.random.Generator

    def __getitem__(self, name: str) -> np.ndarray:
        return self.rows[name].to_numpy()

    def __len__(self) -> int:
        return len(self.rows)

    def money(self, amounts: np.ndarray, at_least: float = 0.0) -> np.ndarray:
        """Return amounts rounded as the wave's form asks; positive amounts stay positive."""
        step = 0.001 if self.wave in WAVES_IN_THOUSAND else 1.0
        rounded = np.round(np.round(amounts / step) * step, 3)
        return np.where(amounts > at_least, np.maximum(rounded, step), rounded)

    def chosen(self, shares: dict[str, float], at_least_one: bool = True) -> np.ndarray:
        """Return levels joined by |, each drawn with its share; the first draw that came nearest when one is
        needed.
        """
        excess = np.array(list(shares.values()))[None, :] - self.rng.random((len(self), len(shares)))
        picked = excess > 0
        if at_least_one:
            picked[np.arange(len(self)), np.argmax(excess, axis=1)] = True
        return np.array(
            ["|".join(level for level, bit in zip(shares, row, strict=True) if bit) for row in picked], dtype=object
        )


def asked(values: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Return the values as objects, None for those who are not asked."""
    cells = np.asarray(values).astype(object)
    cells[~np.asarray(who, dtype=bool)] = None
    return cells
