"""Made units for the tests of treatment effects: a confounded treatment whose effect is known."""

import numpy as np

EFFECT_ON_TREATED_SLOPE = 0.4


class Made:
    """`n` units with constant, two normal covariates and a 0/1 one. Treatment is a logit of them, and the outcome
    rises by 1 + 0.4 × the first covariate under treatment: by 1 on average over all.
    """

    def __init__(self, n: int = 600, seed: int = 5) -> None:
        random = np.random.default_rng(seed)
        self.columns = np.column_stack([np.ones(n), random.normal(size=(n, 2)), random.random(n) < 0.4])
        chance = 1 / (1 + np.exp(-(self.columns @ [-0.5, 0.6, -0.4, 0.3])))
        self.treated = random.random(n) < chance
        gain = 1 + EFFECT_ON_TREATED_SLOPE * self.columns[:, 1]
        self.on_treated = gain[self.treated].mean()
        self.outcome = self.columns @ [1, 0.5, 0.3, -0.2] + self.treated * gain + random.normal(size=n)
        self.weights = np.ones(n)
        self.n = n


def standard_errors(moments):
    """Return the root of the diagonal of J⁻¹ S J⁻ᵀ."""
    inverse = np.linalg.inv(moments.jacobian)
    return np.sqrt(np.diag(inverse @ moments.scores.T @ moments.scores @ inverse.T))
