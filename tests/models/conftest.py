"""Models and firms for the tests: each test changes only what it is about."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from innosurvey.models.fit import Results, fit_all
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import plan_fits
from innosurvey.models.spec import ModelSpec

WAVES = ("2014", "2016", "2018")
EFFECT_OF_RD = 0.5


def _make_model(**declared: Any) -> ModelSpec:
    sets = declared.pop("sets", None)
    model = {"family": "test", "estimator": "ols", "outcome": "output", "regressors": ["rd"], **declared}
    return parse_models({"model": model}, sets)[0]


def _make_firms(n: int = 200, waves: Iterable[str] = WAVES, seed: int = 1) -> pd.DataFrame:
    """Return a panel in which output rises by EFFECT_OF_RD with rd; both rise with what is particular to the firm."""
    random = np.random.default_rng(seed)
    waves = tuple(waves)
    rows = n * len(waves)
    particular = np.repeat(random.normal(size=n), len(waves))
    rd = particular + random.normal(size=rows)
    cooperation = random.random(rows) < 0.4
    latent = EFFECT_OF_RD * rd + 0.3 * cooperation
    return pd.DataFrame(
        {
            "firm_id": np.repeat([f"F{number:04d}" for number in range(n)], len(waves)),
            "wave": np.tile(waves, n),
            "group": "all",
            "weight_final": random.uniform(1, 9, rows),
            "rd": rd,
            "cooperation": pd.array(cooperation, dtype="boolean"),
            "size_class": pd.Categorical(
                random.choice(["micro", "small", "large"], rows), categories=["micro", "small", "large", "giant"]
            ),
            "output": 1 + latent + particular + random.normal(size=rows),
            "innovator": pd.array(random.random(rows) < 1 / (1 + np.exp(-latent)), dtype="boolean"),
            "patents": pd.array(random.poisson(np.exp(latent)), dtype="Int64"),
        }
    )


def _run(model: ModelSpec, firms: pd.DataFrame) -> Results:
    return fit_all(plan_fits([model], {}), firms)


@pytest.fixture
def make_model() -> Callable[..., ModelSpec]:
    """A model of output on rd, with what the test declares instead."""
    return _make_model


@pytest.fixture
def make_firms() -> Callable[..., pd.DataFrame]:
    """A seeded panel slice of cohort `all`."""
    return _make_firms


@pytest.fixture
def run() -> Callable[[ModelSpec, pd.DataFrame], Results]:
    """Fit one model on the cohort `all`."""
    return _run
