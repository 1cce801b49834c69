"""Intervals of parameters that have bounds: a standard deviation is positive, a correlation lies within -1 and 1.

Near a bound an estimate is skewed: an interval that reaches as far up as down leaves the truth out too often on one
side, and may hold values that cannot be. It is therefore made on a scale without bounds, where the estimate is closer
to normal, and mapped back: exp(ln σ ± t · se / σ), and Fisher's tanh(atanh ρ ± t · se / (1 - ρ²)). The standard error
stays that of the parameter itself. A correlation is tested on the same scale, so that p and interval agree; a logarithm
has no zero to test.
"""

from typing import Literal

import numpy as np

from innosurvey.distributions import t_quantile, t_test

Scale = Literal["log", "atanh"]

# Where the data say next to nothing of a small parameter, the upper end is any number; it must be one.
_FARTHEST = 300.0


def on_its_scale(scale: Scale, estimate: float, se: float, df: float, confidence: float) -> dict[str, float]:
    """Return what is said of a bounded parameter in the place of what its own scale says: `lower` and `upper`, and of a
    correlation `statistic` and `p`.
    """
    t = t_quantile(confidence, df)
    if scale == "log":
        reach = np.exp(min(t * se / estimate, _FARTHEST))
        return {"lower": float(estimate / reach), "upper": float(estimate * reach)}
    place, error = np.arctanh(estimate), se / (1 - estimate**2)
    statistic = float(place / error)
    return {
        "statistic": statistic,
        "p": t_test(statistic, df),
        "lower": float(np.tanh(place - t * error)),
        "upper": float(np.tanh(place + t * error)),
    }
