"""Chance that depends on the seed, the firm and what is drawn, never on the order of rows.

Each firm has a key, made from its id. Mixed with a stream (the seed with the names of step and draw) it gives a uniform
number, so that a firm draws the same number wherever it stands in the file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chance:
    """The keys of the firms (uint64, in their order), the seed, and which draw it is (0: the single imputation)."""

    keys: np.ndarray
    seed: int
    draw: int = 0

    @classmethod
    def of_firms(cls, ids: pd.Series, seed: int, draw: int = 0) -> Chance:
        """Return the chance of these firms."""
        return cls(keys=pd.util.hash_array(ids.astype("str").to_numpy(dtype=object)), seed=seed, draw=draw)

    def uniform(self, *stream: str) -> np.ndarray:
        """Return one number from [0, 1) per firm for a stream, such as a step and a purpose."""
        text = "\n".join([str(self.seed), str(self.draw), *stream])
        salt = np.frombuffer(hashlib.sha256(text.encode()).digest()[:8], dtype="<u8")[0]
        return (mixed(self.keys ^ salt) >> np.uint64(11)).astype("float64") * 2.0**-53


def mixed(keys: np.ndarray) -> np.ndarray:
    """Return the keys (uint64) scattered: the finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        z = keys + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))
