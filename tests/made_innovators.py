"""Made-up firms that do R&D or not, with outcomes that are seen in part."""

import numpy as np
import pandas as pd

FIRMS = 3000


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
