"""Made-up firms that do R&D or not, with outcomes that are seen in part."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr

FIRMS = 3000
# The model of R&D, innovation and productivity that `make_chain` makes firms by; `SECOND` adds process innovation.
CHAIN: dict[str, Any] = {
    "estimator": "cdm",
    "outcome": "productivity",
    "regressors": ["size", "capital"],
    "selection": {"outcome": "performs", "regressors": ["size", "competition", "market"]},
    "intensity": {"outcome": "rd", "regressors": ["size", "competition"]},
    "knowledge": {"outcome": "product", "regressors": ["size", "knowhow"]},
}
SECOND = {
    "outcome": "joint_productivity",
    "second_knowledge": {"outcome": "process", "regressors": ["size", "knowhow"]},
}


def make_survey(rho: float = 0.5, n: int = FIRMS, seed: int = 1, market: float = 0.8) -> pd.DataFrame:
    """Return firms that do R&D where 0.3 + 0.5 size + market + v > 0; intensity is 1 + 0.6 size + 0.4 cooperation +
    1.5 u, and u and v correlate by rho.
    """
    random = np.random.default_rng(seed)
    size, excluded = random.normal(size=(2, n))
    cooperation = (random.random(n) < 0.4).astype(float)
    v = random.normal(size=n)
    u = rho * v + np.sqrt(1 - rho**2) * random.normal(size=n)
    performs = 0.3 + 0.5 * size + market * excluded + v > 0
    latent = 1 + 0.6 * size + 0.4 * cooperation + 1.5 * u
    count = random.poisson(np.exp(0.5 + 0.4 * size) * random.gamma(2, 0.5, n))
    return pd.DataFrame(
        {
            "firm_id": [f"{number:05d}" for number in range(n)],
            "wave": "2020",
            "group": "all",
            "weight_final": random.uniform(0.5, 2, n),
            "size": size,
            "market": excluded,
            "cooperation": cooperation,
            "performs": performs.astype(float),
            "intensity": np.where(performs, latent, np.nan),
            "spending": np.maximum(latent, 0),
            "amount": np.where(performs, np.exp(latent), 0.0),
            "patents": np.where(performs, count, 0).astype(float),
            "product": (0.2 + 0.6 * size + v > 0).astype(float),
            "process": (-0.1 + 0.4 * size + u > 0).astype(float),
        }
    )


def make_chain(n: int = FIRMS, seed: int = 1) -> pd.DataFrame:
    """Return firms whose R&D makes them innovate, and whose chances of innovating make them productive.

    R&D where 0.2 + 0.5 size + 0.3 competition + 0.5 market + v > 0; latent R&D r = 1 + 0.4 size - 0.3 competition, and
    rd = r + u, with corr(u, v) = 0.5. Product innovation where η = -0.8 + 0.8 r + 0.2 size + 0.6 knowhow + e > 0,
    process innovation where -0.6 + 0.5 r + 0.1 size - 0.6 knowhow + f > 0, with corr(e, f) = 0.4. Productivity is
    1 + 0.5 P(product) + 0.1 size + 0.4 capital + 0.5 noise; `joint_productivity` has 0.3 P(process) more. `share` is a
    share with the logistic mean of η.
    """
    random = np.random.default_rng(seed)
    size, competition, market, knowhow, capital = random.normal(size=(5, n))
    v, own, e, other, noise = random.normal(size=(5, n))
    latent = 1 + 0.4 * size - 0.3 * competition
    performs = 0.2 + 0.5 * size + 0.3 * competition + 0.5 * market + v > 0
    product = -0.8 + 0.8 * latent + 0.2 * size + 0.6 * knowhow
    process = -0.6 + 0.5 * latent + 0.1 * size - 0.6 * knowhow
    productivity = 1 + 0.5 * ndtr(product) + 0.1 * size + 0.4 * capital + 0.5 * noise
    mean = expit(product)
    return pd.DataFrame(
        {
            "firm_id": [f"{number:05d}" for number in range(n)],
            "wave": "2020",
            "group": "all",
            "weight_final": random.uniform(0.5, 2, n),
            "size": size,
            "competition": competition,
            "market": market,
            "knowhow": knowhow,
            "capital": capital,
            "performs": performs.astype(float),
            "rd": np.where(performs, latent + 0.5 * v + np.sqrt(0.75) * own, np.nan),
            "product": (product + e > 0).astype(float),
            "process": (process + 0.4 * e + np.sqrt(0.84) * other > 0).astype(float),
            "share": random.beta(4 * mean, 4 * (1 - mean)),
            "productivity": productivity,
            "joint_productivity": productivity + 0.3 * ndtr(process),
        }
    )
